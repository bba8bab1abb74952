//! The engine's own types as bytes.

use super::bytes::{Bytes, Stored, read_list, write_list, write_text};
use crate::local::columns::{Chunk, Dictionary, Keys, LogicalType, StringArray};
use crate::local::index::customer_index::IndexSummary;
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::index::universe::Universe;
use crate::local::sets::insights::Prepared;
use crate::local::sets::totals::Totals;
use crate::local::{Insights, Money, TableCounts};

impl Stored for Universe {
    fn write(&self, to: &mut Vec<u8>) {
        self.size.write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        Some(Self { size: usize::read(from)? })
    }
}

impl Stored for StringArray {
    fn write(&self, to: &mut Vec<u8>) {
        let (letters, ends) = self.parts();
        write_text(letters, to);
        ends.iter().map(|end| *end as u64).collect::<Vec<u64>>().write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        let letters = String::read(from)?;
        let ends: Option<Vec<usize>> =
            Vec::<u64>::read(from)?.into_iter().map(|end| end.try_into().ok()).collect();
        Self::of_parts(letters, ends?)
    }
}

impl Stored for LogicalType {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Integer => (0_u8, 0_u32).write(to),
            Self::Decimal(decimals) => (1_u8, *decimals).write(to),
            Self::Boolean => (2_u8, 0_u32).write(to),
            Self::Date => (3_u8, 0_u32).write(to),
            Self::Datetime => (4_u8, 0_u32).write(to),
        }
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        Some(match <(u8, u32)>::read(from)? {
            (0, 0) => Self::Integer,
            (1, decimals) => Self::Decimal(decimals),
            (2, 0) => Self::Boolean,
            (3, 0) => Self::Date,
            (4, 0) => Self::Datetime,
            _ => return None,
        })
    }
}

impl Stored for Dictionary {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Strings(texts) => {
                0_u8.write(to);
                texts.write(to);
            }
            Self::Range { kind, start, step, last } => {
                (1_u8, *kind).write(to);
                ((*start, *step), *last).write(to);
            }
            Self::Doubles(numbers) => {
                2_u8.write(to);
                numbers.iter().map(|number| number.to_bits()).collect::<Vec<u64>>().write(to);
            }
        }
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Strings(StringArray::read(from)?),
            1 => {
                let kind = LogicalType::read(from)?;
                let ((start, step), last) = Stored::read(from)?;
                Self::Range { kind, start, step, last }
            }
            2 => Self::Doubles(Vec::<u64>::read(from)?.into_iter().map(f64::from_bits).collect()),
            _ => return None,
        })
    }
}

impl Stored for Chunk {
    fn write(&self, to: &mut Vec<u8>) {
        self.domain.write(to);
        self.codes.write(to);
        self.nulls.write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        Some(Self { domain: Dictionary::read(from)?, codes: Keys::read(from)?, nulls: Option::read(from)? })
    }
}

impl Stored for Keys {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::U8(codes) => (1_u8, codes.clone()).write(to),
            Self::U16(codes) => (2_u8, codes.clone()).write(to),
            Self::U32(codes) => (4_u8, codes.clone()).write(to),
            Self::U64(codes) => (8_u8, codes.clone()).write(to),
        }
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        match u8::read(from)? {
            1 => Vec::read(from).map(Self::U8),
            2 => Vec::read(from).map(Self::U16),
            4 => Vec::read(from).map(Self::U32),
            8 => Vec::read(from).map(Self::U64),
            _ => None,
        }
    }
}

impl Stored for RowMapChunk {
    fn write(&self, to: &mut Vec<u8>) {
        self.start.write(to);
        self.last.write(to);
        self.codes.write(to);
        self.without.write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        let (start, last) = (u32::read(from)?, u64::read(from)?);
        Some(Self { start, last, codes: Keys::read(from)?, without: Option::read(from)? })
    }
}

impl Stored for IndexSummary {
    fn write(&self, to: &mut Vec<u8>) {
        let TableCounts { rows, customers, orphan_rows, is_multi_row } = self.counts;
        ((rows, customers), orphan_rows).write(to);
        (is_multi_row, self.ascends).write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        let ((rows, customers), orphan_rows) = Stored::read(from)?;
        let (is_multi_row, ascends) = Stored::read(from)?;
        Some(Self { counts: TableCounts { rows, customers, orphan_rows, is_multi_row }, ascends })
    }
}

impl Stored for Prepared {
    fn write(&self, to: &mut Vec<u8>) {
        self.active.write(to);
        self.revenue.write(to);
        self.reachable.write(to);
        let Insights { unique_customers, active_customers_1y, revenue_1y, reachable_customers } = self.all;
        unique_customers.write(to);
        active_customers_1y.write(to);
        revenue_1y.map(|Money(cents)| cents).write(to);
        reachable_customers.write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        Some(Self {
            active: Option::read(from)?,
            revenue: Option::read(from)?,
            reachable: Option::read(from)?,
            all: Insights {
                unique_customers: u64::read(from)?,
                active_customers_1y: Option::read(from)?,
                revenue_1y: Option::<i64>::read(from)?.map(Money),
                reachable_customers: Option::read(from)?,
            },
        })
    }
}

impl Stored for Totals {
    fn write(&self, to: &mut Vec<u8>) {
        let (wholes, others, universe_size) = self.parts();
        write_list(&wholes, to);
        others.iter().map(|(billionths, _)| *billionths).collect::<Vec<i128>>().write(to);
        others.iter().map(|(_, beyond)| beyond.to_bits()).collect::<Vec<u64>>().write(to);
        universe_size.write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        let wholes = read_list(from)?;
        let (billionths, beyond) = (Vec::<i128>::read(from)?, Vec::<u64>::read(from)?);
        let others = billionths.into_iter().zip(beyond.into_iter().map(f64::from_bits)).collect();
        Some(Self::of_parts(wholes, others, usize::read(from)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::kept::{read, write};
    use crate::local::sets::customer_set::CustomerSet;

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
            assert_eq!(read::<Chunk>(&write(&piece)), Some(piece));
        }
    }

    #[test]
    fn indexes_are_read_as_they_were_written() {
        for numbers in [&[7, 7, u32::MAX, 900][..], &[]] {
            let piece = RowMapChunk::of(numbers);
            assert_eq!(read::<RowMapChunk>(&write(&piece)), Some(piece));
        }
        let counts = TableCounts { rows: 7, customers: 3, orphan_rows: 2, is_multi_row: true };
        let summary = IndexSummary { counts, ascends: false };
        assert_eq!(read::<IndexSummary>(&write(&summary)), Some(summary));
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
        assert_eq!(read::<Prepared>(&write(&prepared)), Some(prepared));
    }
}
