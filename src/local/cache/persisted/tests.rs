use crate::backend::TableCounts;
use crate::local::cache::codec::{decode, encode};
use crate::local::columns::{Bitmap, Chunk, Dictionary, Keys};
use crate::local::index::customer_index::IndexSummary;
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::sets::insights::Prepared;
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
        let piece = crate::local::columns::encode(&column).unwrap();
        assert_eq!(decode::<Chunk>(&encode(&piece).unwrap()), Ok(piece));
    }
}

#[test]
fn indexes_are_read_as_they_were_written() {
    for numbers in [&[7, 7, u32::MAX, 900][..], &[]] {
        let piece = RowMapChunk::of(numbers);
        assert_eq!(decode::<RowMapChunk>(&encode(&piece).unwrap()), Ok(piece));
    }
    let counts = TableCounts { rows: 7, customers: 3, orphan_rows: 2, is_multi_row: true };
    let summary = IndexSummary { counts, ascends: false };
    assert_eq!(decode::<IndexSummary>(&encode(&summary).unwrap()), Ok(summary));
    let mut revenue = Totals::new(2);
    let amounts = polars::prelude::Column::new("n".into(), [Some(1.25), None, Some(1e300)]);
    let amounts = crate::local::columns::encode(&amounts).unwrap();
    let mut seen = CustomerSet::with_capacity(2);
    revenue.add(&amounts, &[0b111], &RowMapChunk::of(&[0, 0, 1]), &mut seen);
    let amounts = polars::prelude::Column::new("n".into(), [1.25, 2.5, 3.0]);
    revenue.add(
        &crate::local::columns::encode(&amounts).unwrap(),
        &[0b11],
        &RowMapChunk::of(&[0, 1, 1]),
        &mut seen,
    );
    assert_eq!(seen.count_ones(..), 2);
    let prepared = Prepared::new(2, (Some(CustomerSet::with_capacity(2)), Some(revenue)), None);
    assert_eq!(decode::<Prepared>(&encode(&prepared).unwrap()), Ok(prepared));
}

#[test]
fn what_does_not_fit_together_is_damage() {
    let strings = |count: usize| (0..count).map(|number| number.to_string()).collect();
    let chunk = |count, keys: &[u8], nulls: Option<Bitmap>| Chunk {
        domain: Dictionary::Strings(strings(count)),
        codes: Keys::U8(keys.to_vec()),
        nulls,
    };
    let is_whole = |chunk: Chunk| decode::<Chunk>(&encode(&chunk).unwrap()).is_ok();
    assert!(is_whole(chunk(2, &[0, 1, 1], None)) && is_whole(chunk(0, &[0, 0], Some(vec![0b11]))));
    assert!(is_whole(chunk(0, &[], None)));
    assert!(!is_whole(chunk(2, &[0, 2], None)), "a key beyond the dictionary");
    assert!(!is_whole(chunk(0, &[0, 0], Some(vec![0b01]))), "a value of a dictionary that has none");
    assert!(!is_whole(chunk(2, &[0, 1], Some(vec![0b100]))), "a NULL beyond the rows");
    assert!(!is_whole(chunk(2, &[0, 1], Some(vec![1, 0]))), "more words than rows");
    let rows =
        |start, last, keys: &[u8]| RowMapChunk { start, last, codes: Keys::U8(keys.to_vec()), without: None };
    let is_whole = |chunk: RowMapChunk| decode::<RowMapChunk>(&encode(&chunk).unwrap()).is_ok();
    assert!(is_whole(rows(7, 2, &[0, 2])));
    assert!(!is_whole(rows(7, 2, &[0, 3])) && !is_whole(rows(u32::MAX - 2, 2, &[0, 2])));
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
