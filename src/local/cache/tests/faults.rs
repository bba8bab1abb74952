//! Every operation on files of the cache fails, before and after its effect, alone and as the last one: what is found
//! then is whole, the old or the new, and never something else.

use super::*;
use crate::file_system::faults::{Fault, each_fault};
use crate::local::cache::entry;

/// What an entry holds, without removing what does not fit.
fn content(place: &Place, kind: &str, fingerprint: &str) -> Option<Vec<u8>> {
    let shop = place.shop();
    let mut file = fs::File::open(shop.entry(kind)).ok()?;
    entry::read(&mut file, &shop.metadata(kind, fingerprint))
}

fn is_no_space(place: &Place, fault: Fault) {
    if let Some(error) = place.cache.take_error() {
        assert!(error.starts_with("no storage space: "), "{fault:?}: {error}");
    }
}

#[test]
fn an_entry_whose_write_fails_is_the_old_one_or_the_new_one() {
    let prepare = || {
        let place = Place::new();
        assert!(place.shop().put_now("index", "f", || Ok(b"old".to_vec())));
        place
    };
    let write = |place: &Place| place.shop().put_now("index", "g", || Ok(b"new".to_vec()));
    each_fault(prepare, write, |place, fault, is_written| {
        let (old, new) = (content(place, "index", "f"), content(place, "index", "g"));
        let is_new = new.as_deref() == Some(b"new");
        assert!(is_new || (!is_written && old.as_deref() == Some(b"old")), "{fault:?}: {old:?}, {new:?}");
        is_no_space(place, fault);
    });
}

#[test]
fn a_large_file_whose_write_fails_is_whole_or_not_there() {
    let prepare = || {
        let place = Place::new();
        place.put_large_file("f", b"old").unwrap();
        place
    };
    let write = |place: &Place| place.put_large_file("g", b"new");
    each_fault(prepare, write, |place, fault, written| {
        if let Some(path) = written {
            assert_eq!(fs::read(path).unwrap(), b"new", "{fault:?}");
        }
        // As another program finds it. The old one was of use to nobody any more.
        let cache = Arc::new(CacheFolder::new(place.cache.path(), false));
        let shop = cache.of(&place.root.path().join("shop"));
        if let Some(path) = shop.large_file("copy", "g", GO_ON) {
            assert_eq!(fs::read(path).unwrap(), b"new", "{fault:?}");
        }
        assert_eq!(
            fs::read(shop.put_large_file("copy", "g", |to| Ok(to.write_all(b"new")?)).unwrap()).unwrap(),
            b"new"
        );
        is_no_space(place, fault);
    });
}

#[test]
fn what_eviction_leaves_is_whole() {
    let prepare = || {
        let root = tempfile::tempdir().unwrap();
        let cache = Arc::new(CacheFolder::new(root.path().join("cache"), false).with_limit(10_000));
        let place = Place { root, cache };
        place.put_large_file("f", &[1; 4000]).unwrap();
        assert!(place.shop().put_now("index", "f", || Ok(vec![2; 4000])));
        // Nobody has the large file open any more.
        let cache = Arc::new(CacheFolder::new(place.cache.path(), false).with_limit(10_000));
        Place { cache, ..place }
    };
    let write = |place: &Place| place.shop().put_now("insights", "f", || Ok(vec![3; 8000]));
    each_fault(prepare, write, |place, fault, is_written| {
        let found = [place.shop().get("index", "f"), place.shop().get("insights", "f")];
        assert!(found[0].as_ref().is_none_or(|bytes| *bytes == [2; 4000]), "{fault:?}");
        assert!(found[1].as_ref().map_or(!is_written, |bytes| *bytes == [3; 8000]), "{fault:?}");
        if let Some(path) = place.shop().large_file("copy", "f", GO_ON) {
            assert_eq!(fs::read(path).unwrap(), [1; 4000], "{fault:?}");
        }
        is_no_space(place, fault);
    });
}
