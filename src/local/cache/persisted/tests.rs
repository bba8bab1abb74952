use crate::backend::TableCounts;
use crate::local::cache::codec::{decode, encode};
use crate::local::columns::{Bitmap, Chunk, Dictionary, Keys};
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::sets::insights::PreparedInsights;
use crate::local::sets::totals::Totals;

#[test]
fn columns_are_read_as_they_were_written() {
    use polars::prelude::{Column, DataType, TimeUnit};
    let instants = Column::new("i".into(), [Some(5_i64), None, Some(1 << 40)]);
    let columns = [
        instants.clone(),
        instants.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap(),
        Column::new("d".into(), [1_i32, 400]).cast(&DataType::Date).unwrap(),
        Column::new("t".into(), [Some("b"), None, Some("é"), Some("")]),
        Column::new("b".into(), [Some(true), None, Some(false)]),
        Column::new("m".into(), [Some(1.25), None, Some(-3.0)]),
        Column::new("f".into(), [Some(1.0 / 3.0), None, Some(1e300)]),
    ];
    for column in columns {
        let chunk = crate::local::columns::encode(&column).unwrap();
        assert_eq!(decode::<Chunk>(&encode(&chunk).unwrap()), Ok(chunk));
    }
}

#[test]
fn indexes_are_read_as_they_were_written() {
    for ids in [&[7, 7, u32::MAX, 900][..], &[]] {
        let chunk = RowMapChunk::from_ids(ids);
        assert_eq!(decode::<RowMapChunk>(&encode(&chunk).unwrap()), Ok(chunk));
    }
    let counts = TableCounts { rows: 7, customers: 3, orphan_rows: 2, is_multi_row: true };
    assert_eq!(decode::<TableCounts>(&encode(&counts).unwrap()), Ok(counts));
    let mut revenue = Totals::new(2);
    let amounts = polars::prelude::Column::new("n".into(), [Some(1.25), None, Some(1e300)]);
    let amounts = crate::local::columns::encode(&amounts).unwrap();
    let mut seen = CustomerSet::with_capacity(2);
    revenue.add(&amounts, &Bitmap::ones(3), &RowMapChunk::from_ids(&[0, 0, 1]), &mut seen).unwrap();
    let amounts = polars::prelude::Column::new("n".into(), [1.25, 2.5, 3.0]);
    let amounts = crate::local::columns::encode(&amounts).unwrap();
    let rows = Bitmap::from_values(&[true, true, false], |is_in| is_in);
    revenue.add(&amounts, &rows, &RowMapChunk::from_ids(&[0, 1, 1]), &mut seen).unwrap();
    assert_eq!(seen.count_ones(..), 2);
    let activity = (Some(CustomerSet::with_capacity(2)), Some(revenue));
    let prepared = PreparedInsights::new(2, activity, None).unwrap();
    assert_eq!(decode::<PreparedInsights>(&encode(&prepared).unwrap()), Ok(prepared));
}

/// A chunk as it is stored, whether it fits together or not.
#[derive(serde::Serialize)]
struct ChunkInFile {
    dictionary: Dictionary,
    keys: Keys,
    nulls: Option<BitmapInFile>,
}

#[derive(serde::Serialize)]
struct BitmapInFile {
    #[serde(with = "super::packed")]
    words: Vec<u64>,
    len: usize,
}

#[test]
fn what_does_not_fit_together_is_damage() {
    let strings = |count: usize| (0..count).map(|number| number.to_string()).collect();
    let is_whole = |count, keys: &[u8], nulls: Option<(&[u64], usize)>| {
        let dictionary = Dictionary::Strings(strings(count));
        let nulls = nulls.map(|(words, len)| BitmapInFile { words: words.to_vec(), len });
        let chunk = ChunkInFile { dictionary, keys: Keys::U8(keys.to_vec()), nulls };
        decode::<Chunk>(&encode(&chunk).unwrap()).is_ok()
    };
    assert!(is_whole(2, &[0, 1, 1], None) && is_whole(0, &[0, 0], Some((&[0b11], 2))));
    assert!(is_whole(0, &[], None));
    assert!(!is_whole(2, &[0, 2], None), "a key beyond the dictionary");
    assert!(!is_whole(0, &[0, 0], Some((&[0b01], 2))), "a value of a dictionary that has none");
    assert!(!is_whole(2, &[0, 1], Some((&[0b100], 2))), "a NULL beyond the rows");
    assert!(!is_whole(2, &[0, 1], Some((&[1, 0], 2))), "more words than rows");
    assert!(!is_whole(2, &[0, 1], Some((&[1], 3))), "NULLs of more rows than there are");
}

#[test]
fn no_other_bytes_pass_for_a_chunk() {
    let column = polars::prelude::Column::new("t".into(), [Some("b"), None, Some("é")]);
    let bytes = encode(&crate::local::columns::encode(&column).unwrap()).unwrap();
    for at in 0..bytes.len() {
        assert!(decode::<Chunk>(&bytes[..at]).is_err(), "cut at {at}");
        for flip in [1, 0x10, 0xff] {
            let mut bytes = bytes.clone();
            bytes[at] ^= flip;
            // Whatever it is, it fits together.
            if let Ok(chunk) = decode::<Chunk>(&bytes) {
                for row in 0..chunk.rows() {
                    let _ = chunk.value(row);
                }
            }
        }
    }
}
