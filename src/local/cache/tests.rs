mod faults;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::file_names::EntryKey;
use super::{CacheFolder, DatabaseCache, WriteError};

const GO_ON: &dyn Fn() -> bool = &|| false;

/// A cache in a folder of its own.
struct Place {
    root: TempDir,
    cache: Arc<CacheFolder>,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let cache = Arc::new(CacheFolder::new(root.path().join("cache"), false));
        Self { root, cache }
    }

    fn shop(&self) -> DatabaseCache {
        self.of("shop")
    }

    fn of(&self, database: &str) -> DatabaseCache {
        self.cache.of(&self.root.path().join(database))
    }

    fn read_only(&self) -> DatabaseCache {
        let cache = Arc::new(CacheFolder::new(self.root.path().join("cache"), true));
        cache.of(&self.root.path().join("shop"))
    }

    /// All files of the cache.
    fn files(&self) -> Vec<PathBuf> {
        let folders = fs::read_dir(self.cache.path()).into_iter().flatten();
        let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
        files.map(|file| file.unwrap().path()).collect()
    }

    fn file(&self, end: &str) -> PathBuf {
        let ends = |path: &PathBuf| path.extension().is_some_and(|found| found == end);
        self.files().into_iter().find(ends).unwrap()
    }

    fn put(&self, kind: &str, fingerprint: &str, bytes: &[u8]) {
        let bytes = bytes.to_vec();
        self.shop().put(kind, fingerprint, move || Ok(bytes));
        self.cache.finish();
    }

    fn put_large_file(&self, fingerprint: &str, bytes: &[u8]) -> Option<PathBuf> {
        self.shop().put_large_file("copy", fingerprint, |to| Ok(to.write_all(bytes)?))
    }
}

#[test]
fn what_is_put_is_there_for_the_same_fingerprint_only() {
    let place = Place::new();
    assert_eq!(place.shop().get("index", "f"), None);
    place.put("index", "f", b"one");
    place.put("insights", "f", b"two");
    assert_eq!(place.shop().get("index", "f").as_deref(), Some(&b"one"[..]));
    assert_eq!(place.shop().get("insights", "f").as_deref(), Some(&b"two"[..]));
    assert_eq!(place.of("other").get("index", "f"), None, "another database");
    place.put("index", "f", b"three");
    assert_eq!(place.shop().get("index", "f").as_deref(), Some(&b"three"[..]));
    assert_eq!(place.shop().get("index", "g"), None);
    assert_eq!(place.shop().get("index", "f"), None, "what is of no use is removed");
    assert_eq!(place.files().len(), 1);
    assert_eq!(place.cache.take_error(), None);
}

#[test]
fn parts_are_persisted_each_by_itself() {
    let place = Place::new();
    let part = |part| EntryKey { kind: "index", part: Some(part) };
    place.put("index", "f", b"all");
    assert!(
        place.shop().put_now(part(0), "f", || Ok(b"zero".to_vec()))
            && place.shop().put_now(part(1), "f", || Ok(b"one".to_vec()))
    );
    assert!(!place.read_only().put_now(part(2), "f", || Ok(b"two".to_vec())));
    let get = |number| place.shop().get(part(number), "f");
    assert_eq!([get(0), get(1), get(2)], [Some(b"zero".to_vec()), Some(b"one".to_vec()), None]);
    assert_eq!(place.shop().get("index", "f").as_deref(), Some(&b"all"[..]));
    fs::rename(place.shop().entry(part(1)), place.shop().entry(part(0))).unwrap();
    assert_eq!(get(0), None, "another part");
    let usage = place.cache.usage().unwrap();
    assert_eq!(usage[0].kinds.iter().map(|kind| kind.kind.as_str()).collect::<Vec<_>>(), ["index"]);
    place.shop().remove_entry("index");
    assert_eq!(place.files(), Vec::<PathBuf>::new());
}

#[test]
fn a_file_that_is_damaged_anywhere_is_not_there() {
    let place = Place::new();
    place.put("k", "f", b"content");
    let path = place.file("segtui-cache");
    let bytes = fs::read(&path).unwrap();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        for damaged in [&bytes[..at], &flipped] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(place.read_only().get("k", "f"), None, "at {at}");
            assert!(path.exists(), "nothing is removed that is read-only");
            assert_eq!(place.shop().get("k", "f"), None, "at {at}");
            assert!(!path.exists(), "at {at}");
        }
    }
    fs::write(&path, &bytes).unwrap();
    assert_eq!(place.shop().get("k", "f").as_deref(), Some(&b"content"[..]));
}

#[test]
fn two_writers_never_mix() {
    let place = Place::new();
    let contents: Vec<Vec<u8>> = (0..8).map(|number| vec![number; 100_000]).collect();
    std::thread::scope(|scope| {
        for content in &contents {
            scope.spawn(|| {
                let cache = Arc::new(CacheFolder::new(place.cache.path(), false));
                let shop = cache.of(&place.root.path().join("shop"));
                for _ in 0..5 {
                    let content = content.clone();
                    shop.put("k", "f", move || Ok(content));
                    let found = shop.get("k", "f");
                    assert!(found.is_none_or(|found| contents.contains(&found)));
                }
            });
        }
    });
    assert!(contents.contains(&place.shop().get("k", "f").unwrap()));
    assert_eq!(place.files().len(), 1, "no temporary file stays");
}

#[test]
fn a_folder_that_cannot_be_written_is_said_once_and_is_no_error() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "mine").unwrap();
    let cache = Arc::new(CacheFolder::new(&file, false));
    let shop = cache.of(root.path());
    assert_eq!(shop.get("k", "f"), None);
    shop.put("k", "f", || Ok(vec![1]));
    shop.put("k", "f", || Ok(vec![2]));
    assert_eq!(shop.put_large_file("copy", "f", |to| Ok(to.write_all(b"x")?)), None);
    cache.finish();
    let said = cache.take_error().unwrap();
    assert!(said.contains("cannot be written") && said.contains(file.to_str().unwrap()), "{said}");
    assert_eq!(cache.take_error(), None);
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn nothing_is_written_where_it_is_read_only() {
    let place = Place::new();
    place.read_only().put("k", "f", || Ok(vec![1]));
    assert_eq!(place.read_only().put_large_file("copy", "f", |to| Ok(to.write_all(b"x")?)), None);
    assert!(!place.cache.path().exists());
}

#[test]
fn a_large_file_is_read_in_place_once_it_is_seen_to_be_whole() {
    let place = Place::new();
    let content: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
    let path = place.put_large_file("f", &content).unwrap();
    assert_eq!(fs::read(&path).unwrap(), content);
    assert_eq!(place.shop().large_file("copy", "f", GO_ON), Some(path.clone()));
    assert_eq!(place.shop().large_file("copy", "f", &|| true), None, "stopped");
    assert!(path.exists());
    assert_eq!(place.put_large_file("f", b"the same again"), Some(path.clone()), "the first one stays");
    let next = place.put_large_file("g", b"other").unwrap();
    assert!(!path.exists() && next.exists(), "of a file that has changed there is one copy");
    assert_eq!(place.shop().large_file("copy", "f", GO_ON), None);
}

#[test]
fn a_large_file_that_is_damaged_is_not_there() {
    let content = b"many rows";
    for at in 0..content.len() {
        let place = Place::new();
        let path = place.put_large_file("f", content).unwrap();
        let mut flipped = content.to_vec();
        flipped[at] ^= 1;
        let damaged = if at % 2 == 0 { &content[..at] } else { &flipped };
        fs::write(&path, damaged).unwrap();
        assert_eq!(place.read_only().large_file("copy", "f", GO_ON), None);
        assert!(path.exists());
        assert_eq!(place.shop().large_file("copy", "f", GO_ON), None);
        assert!(!path.exists());
        let again = place.put_large_file("f", content).unwrap();
        assert_eq!(fs::read(again).unwrap(), content);
    }
}

#[test]
fn what_is_not_written_to_its_end_leaves_nothing() {
    let place = Place::new();
    for (end, is_reported) in [
        (WriteError::Cancelled, false),
        (WriteError::Failed(io::Error::new(io::ErrorKind::StorageFull, "no space left")), true),
    ] {
        let kept = place.shop().put_large_file("copy", "f", |to| {
            to.write_all(b"a beginning")?;
            Err(end)
        });
        assert_eq!((kept, place.files().len()), (None, 0));
        assert_eq!(place.cache.take_error().is_some_and(|said| said.contains("no space left")), is_reported);
    }
}

#[test]
fn several_programs_agree_on_one_large_file() {
    let place = Place::new();
    let found: Vec<PathBuf> = std::thread::scope(|scope| {
        let put = || {
            scope.spawn(|| {
                let cache = Arc::new(CacheFolder::new(place.cache.path(), false));
                let shop = cache.of(&place.root.path().join("shop"));
                shop.put_large_file("copy", "f", |to| Ok(to.write_all(&[7; 100_000])?)).unwrap()
            })
        };
        let threads: Vec<_> = (0..8).map(|_| put()).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(found.iter().all(|path| *path == found[0]), "{found:?}");
    assert_eq!(place.shop().large_file("copy", "f", GO_ON).as_ref(), found.first());
}

#[test]
fn usage_says_what_is_kept_and_for_which_database() {
    let place = Place::new();
    assert_eq!(place.cache.usage().unwrap(), []);
    place.put("index Customers", "f", &[1; 1000]);
    place.put_large_file("f", &[2; 5000]).unwrap();
    place.of("other").put("k", "f", || Ok(vec![3; 10]));
    place.cache.finish();
    fs::create_dir(place.cache.path().join("target")).unwrap();
    let usage = place.cache.usage().unwrap();
    let databases: Vec<&Path> = usage.iter().map(|usage| usage.database.as_path()).collect();
    assert_eq!(databases, [place.root.path().join("other"), place.root.path().join("shop")]);
    let kinds: Vec<&str> = usage[1].kinds.iter().map(|kind| kind.kind.as_str()).collect();
    assert_eq!(kinds, ["copy", "index Customers"]);
    assert!((5000..7000).contains(&usage[1].kinds[0].bytes), "{usage:?}");
    assert_eq!(usage[1].bytes(), usage[1].kinds.iter().map(|kind| kind.bytes).sum::<u64>());
    assert!(usage[1].last_used().is_some());
    // What is used is used last.
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    let file = fs::File::options()
        .write(true)
        .open(place.files().iter().find(|path| path.to_string_lossy().contains("index")).unwrap())
        .unwrap();
    file.set_modified(long_ago).unwrap();
    let used = |place: &Place| place.cache.usage().unwrap()[1].kinds[1].last_used.unwrap();
    assert_eq!(used(&place), long_ago);
    assert!(place.read_only().get("index Customers", "f").is_some());
    assert_eq!(used(&place), long_ago);
    assert!(place.shop().get("index Customers", "f").is_some());
    assert!(used(&place) > long_ago);
}

#[test]
fn clearing_removes_what_is_the_caches_own_and_nothing_else() {
    let place = Place::new();
    let fill = || {
        place.put("index", "f", &[1; 1000]);
        place.put_large_file("f", &[2; 5000]).unwrap();
        place.of("other").put("k", "f", || Ok(vec![3; 10]));
        place.cache.finish();
    };
    fill();
    let shop = place.file("segtui-copy").parent().unwrap().to_owned();
    let foreign =
        [place.cache.path().join("target/x.segtui-cache"), shop.join("notes.txt"), shop.join("b.parquet")];
    for path in &foreign {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    }
    let read_only = CacheFolder::new(place.cache.path(), true);
    assert_eq!(read_only.clear(None).unwrap().files, 0);
    let removed = place.cache.clear(Some(&place.root.path().join("other"))).unwrap();
    assert_eq!(removed.files, 1);
    assert!(place.of("other").get("k", "f").is_none() && place.shop().get("index", "f").is_some());
    let removed = place.cache.clear(Some(&place.root.path().join("nothing"))).unwrap();
    assert_eq!(removed.files, 0);
    let removed = place.cache.clear(None).unwrap();
    assert!(removed.files == 3 && removed.bytes > 6000, "{removed:?}");
    assert!(foreign.iter().all(|path| path.exists()));
    assert_eq!(place.cache.usage().unwrap(), []);
    fill();
    assert!(place.shop().large_file("copy", "f", GO_ON).is_some(), "and it can be filled again");
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.put("k", "f", b"x");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let file = place.file("segtui-cache");
    assert_eq!([mode(&file), mode(file.parent().unwrap()), mode(place.cache.path())], [0o600, 0o700, 0o700]);
}

/// As if it had been used at this second.
fn used_at(path: &Path, second: u64) {
    let file = fs::File::options().append(true).open(path).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(second)).unwrap();
}

#[test]
fn beyond_the_limit_what_was_used_least_recently_goes() {
    let root = tempfile::tempdir().unwrap();
    let limited = || Arc::new(CacheFolder::new(root.path().join("cache"), false).with_limit(35_000));
    let cache = limited();
    let of = |database: &str| cache.of(&root.path().join(database));
    let put = |database: &str, kind: &str| assert!(of(database).put_now(kind, "f", || Ok(vec![0; 10_000])));
    let has = |database: &str, kind: &str| of(database).entry(kind).exists();
    for (second, (database, kind)) in [("shop", "a"), ("other", "b"), ("shop", "c")].into_iter().enumerate() {
        put(database, kind);
        used_at(&of(database).entry(kind), second as u64);
    }
    assert!(has("shop", "a") && has("other", "b") && has("shop", "c"));
    fs::write(of("shop").entry("a").with_file_name("notes.txt"), [0; 90_000]).unwrap();
    // Reading is a use.
    assert!(of("shop").get("a", "f").is_some());
    put("shop", "d");
    assert!(has("shop", "a") && !has("other", "b") && has("shop", "c") && has("shop", "d"));
    // What is written soon is no different; and the one that was just written stays, however large it is.
    of("other").put("e", "f", || Ok(vec![0; 50_000]));
    cache.finish();
    assert_eq!(
        [has("other", "e"), has("shop", "a"), has("shop", "c"), has("shop", "d")],
        [true, false, false, false]
    );
    assert!(of("shop").entry("a").with_file_name("notes.txt").exists(), "it is not ours");
    assert_eq!(cache.take_error(), None);
}

#[test]
fn large_files_that_a_program_uses_stay() {
    let root = tempfile::tempdir().unwrap();
    let program = || Arc::new(CacheFolder::new(root.path().join("cache"), false).with_limit(1000));
    let (one, two) = (program(), program());
    let shop = |cache: &Arc<CacheFolder>| cache.of(&root.path().join("shop"));
    let copy = shop(&one).put_large_file("copy", "f", |to| Ok(to.write_all(&[0; 5000])?)).unwrap();
    assert_eq!(shop(&two).large_file("copy", "f", GO_ON).as_ref(), Some(&copy));
    let put =
        |cache: &Arc<CacheFolder>, kind: &str| assert!(shop(cache).put_now(kind, "f", || Ok(vec![0; 500])));
    for (cache, kind) in [(&one, "a"), (&two, "b")] {
        put(cache, kind);
        assert!(copy.exists());
    }
    drop(one);
    put(&two, "c");
    assert!(copy.exists(), "the other one uses it still");
    drop(two);
    let three = program();
    put(&three, "d");
    assert!(!copy.exists() && !shop(&three).entry("copy").exists(), "both go together");
    assert!(shop(&three).entry("d").exists());
}
