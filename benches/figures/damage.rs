//! Parquet and CSV files with random changes: whatever they hold, a database of them opens, and each column is read or says
//! why not, in bounded time; the other table is not touched. See `benches/README.md`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use polars::prelude::*;
use segtui::local::files;

/// The longest that one file may take.
const MOST: Duration = Duration::from_secs(5);

/// Opens files with so many changes.
pub fn changes(count: usize) {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    // What is caught within is counted; what is not ends this.
    std::panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::Relaxed);
    }));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("customers.csv"), "customer_id\n1\n2\n3\n").unwrap();
    fs::write(folder.path().join("database.toml"), "id = \"customer_id\"\n").unwrap();
    let originals = originals();
    let mut random = Random(1);
    let (mut refused, mut faulty, mut whole, mut longest) = (0, 0, 0, Duration::ZERO);
    for number in 0..count {
        let original = &originals[number % originals.len()];
        let bytes = changed(&original.bytes, &mut random);
        let file = folder.path().join(format!("orders.{}", original.ending));
        fs::write(&file, &bytes).unwrap();
        let begun = Instant::now();
        match read(folder.path()) {
            None => refused += 1,
            Some(0) => whole += 1,
            Some(_) => faulty += 1,
        }
        let took = begun.elapsed();
        fs::remove_file(&file).unwrap();
        longest = longest.max(took);
        if took > MOST {
            drop(std::panic::take_hook());
        }
        assert!(took < MOST, "change {number} took {took:?}");
    }
    drop(std::panic::take_hook());
    println!(
        "{count} changes of {} files: {refused} tables disabled, {faulty} with damaged columns, {whole} read; \
         {} panics caught; the longest took {longest:?}; {}",
        originals.len(),
        PANICS.load(Ordering::Relaxed),
        peak(),
    );
}

/// How many columns of the changed table cannot be read; `None` if it cannot be used.
fn read(folder: &Path) -> Option<usize> {
    let database = files::open(folder, &|_| {}).unwrap();
    let customers = database.table("customers").unwrap();
    assert_eq!(database.read(customers, &["customer_id"]).unwrap().height(), 3);
    let orders = database.table("orders").unwrap();
    let content = orders.content.as_ref().ok()?;
    // More rows than are ever read at once.
    let rows = content.rows.filter(|rows| *rows < 1 << 22)?;
    let failed = content.columns.iter().filter(|column| match database.read(orders, &[&column.name]) {
        Ok(frame) => {
            assert_eq!(frame.height() as u64, rows);
            false
        }
        Err(error) => {
            assert!(error.to_string().contains("orders."), "{error}");
            true
        }
    });
    Some(failed.count())
}

/// The same with something else in it.
fn changed(original: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = original.to_vec();
    let length = bytes.len();
    let tail = bytes[length - 8..length - 4].try_into().map_or(0, u32::from_le_bytes) as usize;
    let footer = length.saturating_sub(tail + 8);
    // The footer, and what is before it, about as often.
    let place = |random: &mut Random| match random.below(2) {
        0 => random.below(footer.max(1)),
        _ => footer + random.below(length - footer),
    };
    match random.below(10) {
        0..5 => {
            for _ in 0..=random.below(4) {
                let at = place(random);
                bytes[at] = random.byte();
            }
        }
        5 => {
            let at = place(random);
            bytes[at] ^= 1 << random.below(8);
        }
        6 => {
            // A length or the like.
            const LENGTHS: [u32; 8] = [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
            let at = place(random).min(length - 4);
            bytes[at..at + 4].copy_from_slice(&LENGTHS[random.below(8)].to_le_bytes());
        }
        7 => bytes.truncate(random.below(length)),
        8 => {
            let start = place(random);
            let end = (start + random.below(16)).min(length);
            bytes.drain(start..end);
        }
        _ => {
            let at = place(random);
            let more: Vec<u8> = (0..random.below(8)).map(|_| random.byte()).collect();
            bytes.splice(at..at, more);
        }
    }
    bytes
}

/// A file to be changed.
struct Original {
    bytes: Vec<u8>,
    ending: &'static str,
}

/// Small files of this writer in several ways, and those of others that are at hand.
fn originals() -> Vec<Original> {
    let mut originals = Vec::new();
    let packed = [
        ParquetCompression::Uncompressed,
        ParquetCompression::Snappy,
        ParquetCompression::Gzip(None),
        ParquetCompression::Zstd(None),
        ParquetCompression::Lz4Raw,
        ParquetCompression::Brotli(None),
    ];
    for compression in packed {
        for rows in [3_usize, 400] {
            let mut bytes = Vec::new();
            ParquetWriter::new(&mut bytes)
                .with_compression(compression)
                .with_row_group_size(Some(150))
                .with_data_page_size(Some(512))
                .finish(&mut frame(rows))
                .unwrap();
            originals.push(Original { bytes, ending: "parquet" });
        }
    }
    let faults = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    for ending in ["parquet", "csv"] {
        let mut files: Vec<PathBuf> = Vec::new();
        collect(&faults, ending, &mut files);
        files.sort();
        originals.extend(files.iter().map(|file| Original { bytes: fs::read(file).unwrap(), ending }));
    }
    originals.retain(|original| (13..100_000).contains(&original.bytes.len()));
    originals
}

fn collect(folder: &Path, wanted: &str, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, wanted, files);
        } else if path.extension().is_some_and(|ending| ending == wanted) {
            files.push(path);
        }
    }
}

fn frame(rows: usize) -> DataFrame {
    let numbers = || (0..rows as i64).map(|row| row * 7919 % 1000);
    let some = |row: i64| (row % 3 > 0).then_some(row);
    let texts = || numbers().map(|row| some(row).map(|row| format!("a text of some length {}", row % 40)));
    let instants = Int64Chunked::from_iter(numbers().map(|row| some(row).map(|row| row * 1_000_000)));
    let columns = vec![
        Column::new("customer_id".into(), numbers().map(|row| row.to_string()).collect::<Vec<_>>()),
        Column::new("points".into(), numbers().collect::<Vec<_>>()),
        Column::new("some".into(), numbers().map(some).collect::<Vec<_>>()),
        Column::new("amount".into(), numbers().map(|row| row as f64 / 8.0).collect::<Vec<_>>()),
        Column::new("text".into(), texts().collect::<Vec<_>>()),
        Column::new(
            "flag".into(),
            numbers().map(|row| some(row).map(|row| row % 2 == 0)).collect::<Vec<_>>(),
        ),
        Column::new("day".into(), numbers().map(|row| row as i32).collect::<Vec<_>>())
            .cast(&DataType::Date)
            .unwrap(),
        instants
            .into_datetime(TimeUnit::Microseconds, None)
            .into_series()
            .with_name("seen".into())
            .into_column(),
    ];
    DataFrame::new(rows, columns).unwrap()
}

/// The most memory that was in use, where the system tells.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().split_whitespace().collect()
}

/// The same numbers every time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.next() as u8
    }
}
