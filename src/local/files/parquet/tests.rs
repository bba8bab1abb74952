//! Files as polars writes them are read as they are, whatever is wanted of them; changed ones are read or refused.

use std::fs;
use std::path::Path;

use polars::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::columns::Union;
use super::scan::{Scan, scan};
use crate::local::files::key_columns::KeyColumns;

fn frame(rows: usize) -> DataFrame {
    let numbers =
        || (0..i64::try_from(rows).unwrap()).map(|row| row.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64));
    let some = |number: i64| (number % 3 != 0).then_some(number);
    let columns = vec![
        Column::new("number".into(), numbers().collect::<Vec<_>>()),
        Column::new("some".into(), numbers().map(some).collect::<Vec<_>>()),
        Column::new(
            "text".into(),
            numbers().map(|n| some(n).map(|n| format!("text {n}"))).collect::<Vec<_>>(),
        ),
        Column::new("word".into(), numbers().map(|n| format!("word {}", n % 50)).collect::<Vec<_>>()),
        Column::new("flag".into(), numbers().map(|n| n % 2 == 0).collect::<Vec<_>>()),
    ];
    DataFrame::new(rows, columns).unwrap()
}

fn written(frame: &DataFrame, compression: ParquetCompression, group: usize, page: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let writer = ParquetWriter::new(&mut bytes).with_compression(compression);
    let writer = writer.with_row_group_size(Some(group)).with_data_page_size(Some(page));
    writer.finish(&mut frame.clone()).unwrap();
    bytes
}

fn opened(file: &Path) -> Result<Scan, String> {
    scan(&[file.to_owned()], Union::default(), &KeyColumns::default()).map_err(|error| error.to_string())
}

#[test]
fn any_rows_of_any_columns_are_those_that_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.parquet");
    let rows = 300_000;
    let frame = frame(rows);
    // One group, of which chunks are larger than what is read whole; then several.
    for (compression, group) in [
        (ParquetCompression::Uncompressed, rows),
        (ParquetCompression::Zstd(None), rows),
        (ParquetCompression::Snappy, 70_000),
    ] {
        fs::write(&file, written(&frame, compression, group, 1 << 16)).unwrap();
        let Scan { frame: found, rows: height, .. } = opened(&file).unwrap();
        assert_eq!(height, rows as u64);
        let names: Vec<&str> = frame.get_column_names().into_iter().map(PlSmallStr::as_str).collect();
        assert!(found.read(&names).unwrap().equals_missing(&frame));
        for (first, count) in
            [(0, 1), (0, 70_000), (69_999, 2), (123_456, 100_000), (299_999, 1), (299_999, 5), (rows, 9)]
        {
            let expected = frame.slice(i64::try_from(first).unwrap(), count);
            assert!(
                found.read_rows(&names, first, count).unwrap().equals_missing(&expected),
                "{first} {count}"
            );
        }
        let lazy =
            found.lazy().clone().filter(col("word").eq(lit("word 7"))).select([col("number"), col("text")]);
        let expected =
            frame.clone().lazy().filter(col("word").eq(lit("word 7"))).select([col("number"), col("text")]);
        assert!(lazy.collect().unwrap().equals_missing(&expected.collect().unwrap()));
        let count = found.lazy().clone().select([len()]).collect().unwrap();
        assert_eq!(count.columns()[0].u32().unwrap().get(0), Some(u32::try_from(rows).unwrap()));
        let first = found.lazy().clone().select([col("flag"), col("number")]).limit(3).collect().unwrap();
        assert!(first.equals(&frame.select(["flag", "number"]).unwrap().head(Some(3))));
    }
}

#[test]
fn a_file_cut_short_in_place_is_an_error_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.parquet");
    let bytes = written(&frame(1000), ParquetCompression::Snappy, 300, 1 << 12);
    fs::write(&file, &bytes).unwrap();
    let Scan { frame, .. } = opened(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let error = frame.read(&["text"]).unwrap_err().to_string();
    assert!(
        error.contains("t.parquet") && error.contains("\"text\"") && error.contains("cut short"),
        "{error}"
    );
    let error = frame.lazy().clone().select([col("some").sum()]).collect().unwrap_err().to_string();
    assert!(error.contains("cut short"), "{error}");
    assert!(opened(&file).err().unwrap().contains("cut short"));
}

#[test]
fn a_damaged_column_takes_no_other_along() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.parquet");
    let frame = frame(500);
    let mut bytes = written(&frame, ParquetCompression::Uncompressed, 500, 1 << 20);
    // The header of the first page of the first column.
    bytes[4..12].fill(0xff);
    fs::write(&file, &bytes).unwrap();
    let Scan { frame: found, .. } = opened(&file).unwrap();
    let error = found.read(&["number"]).unwrap_err().to_string();
    assert!(error.contains("column \"number\" cannot be read: page 1: "), "{error}");
    assert!(found.read(&["number", "text"]).is_err());
    assert!(
        found
            .read(&["some", "text", "flag"])
            .unwrap()
            .equals_missing(&frame.select(["some", "text", "flag"]).unwrap())
    );
}

/// What is done to a file.
#[derive(Clone, Debug)]
enum Damage {
    Bytes(Vec<(prop::sample::Index, u8)>),
    Cut(prop::sample::Index),
    Removed(prop::sample::Index, usize),
    Length(prop::sample::Index, u32),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        prop::collection::vec((place(), any::<u8>()), 1..4).prop_map(Damage::Bytes),
        place().prop_map(Damage::Cut),
        (place(), 1..20_usize).prop_map(|(at, count)| Damage::Removed(at, count)),
        (place(), prop::sample::select(vec![0, 1, 0x7fff_ffff, 0x8000_0000, u32::MAX]))
            .prop_map(|(at, length)| Damage::Length(at, length)),
    ]
}

fn damaged(mut bytes: Vec<u8>, damage: &Damage) -> Vec<u8> {
    let length = bytes.len();
    match damage {
        Damage::Bytes(changes) => changes.iter().for_each(|(at, byte)| bytes[at.index(length)] = *byte),
        Damage::Cut(at) => bytes.truncate(at.index(length)),
        Damage::Removed(at, count) => {
            let at = at.index(length);
            bytes.drain(at..(at + count).min(length));
        }
        Damage::Length(at, number) => {
            let at = at.index(length - 4);
            bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn changed_files_are_read_or_refused(
        damage in damage(),
        compression in prop::sample::select(vec![
            ParquetCompression::Uncompressed, ParquetCompression::Snappy, ParquetCompression::Zstd(None),
        ]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.parquet");
        fs::write(&file, damaged(written(&frame(40), compression, 25, 128), &damage)).unwrap();
        if let Ok(Scan { frame, columns, rows, .. }) = opened(&file) {
            for (name, _) in columns {
                match frame.read(&[name.as_str()]) {
                    Ok(frame) => prop_assert_eq!(frame.height() as u64, rows),
                    Err(error) => prop_assert!(error.to_string().contains("t.parquet")),
                }
            }
        }
    }
}
