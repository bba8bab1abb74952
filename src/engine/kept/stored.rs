//! The engine's own types as bytes.

use super::bytes::{Bytes, Stored, read_list, write_list};
use crate::engine::index::RowIndex;
use crate::engine::insights::Prepared;
use crate::engine::numbered::{Numbered, NumberedPiece};
use crate::engine::orders::OrderIndex;
use crate::engine::store::{Codes, Texts};
use crate::engine::totals::Totals;
use crate::engine::universe::Universe;
use crate::engine::{Insights, Money, TableCounts};

impl Stored for Universe {
    fn write(&self, to: &mut Vec<u8>) {
        let (letters, ends) = self.texts().parts();
        letters.to_owned().write(to);
        ends.iter().map(|end| *end as u64).collect::<Vec<u64>>().write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        let letters = String::read(from)?;
        let ends: Option<Vec<usize>> =
            Vec::<u64>::read(from)?.into_iter().map(|end| end.try_into().ok()).collect();
        Texts::of_parts(letters, ends?).map(Self::of)
    }
}

impl Stored for Codes {
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

impl Stored for NumberedPiece {
    fn write(&self, to: &mut Vec<u8>) {
        self.start.write(to);
        self.last.write(to);
        self.codes.write(to);
        self.without.write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        let (start, last) = (u32::read(from)?, u64::read(from)?);
        Some(Self { start, last, codes: Codes::read(from)?, without: Option::read(from)? })
    }
}

impl Stored for Numbered {
    fn write(&self, to: &mut Vec<u8>) {
        write_list(&self.pieces, to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        Some(Self { pieces: read_list(from)? })
    }
}

impl Stored for RowIndex {
    fn write(&self, to: &mut Vec<u8>) {
        let TableCounts { rows, customers, orphan_rows, is_multi_row } = self.counts();
        self.customers.write(to);
        vec![rows, customers, orphan_rows].write(to);
        is_multi_row.write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        let numbered = Numbered::read(from)?;
        let [rows, customers, orphan_rows] = Vec::<u64>::read(from)?.try_into().ok()?;
        let is_multi_row = bool::read(from)?;
        Some(Self::counted(numbered, TableCounts { rows, customers, orphan_rows, is_multi_row }))
    }
}

impl Stored for OrderIndex {
    fn write(&self, to: &mut Vec<u8>) {
        self.orders.write(to);
        self.starts.write(to);
        self.firsts.write(to);
    }

    fn read(from: &mut Bytes<'_>) -> Option<Self> {
        Some(Self { orders: Numbered::read(from)?, starts: Vec::read(from)?, firsts: Stored::read(from)? })
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
    use super::super::{read, write};
    use super::*;
    use crate::engine::truth::Customers;

    #[test]
    fn indexes_are_read_as_they_were_written() {
        let numbered =
            || Numbered { pieces: vec![NumberedPiece::of(&[7, 7, u32::MAX, 900]), NumberedPiece::of(&[])] };
        let index = RowIndex::of(numbered(), 3, 901);
        assert_eq!(read::<RowIndex>(&write(&index)), Some(index));
        let orders =
            OrderIndex { orders: numbered(), starts: vec![0, 2, 2], firsts: Customers::with_capacity(70) };
        assert_eq!(read::<OrderIndex>(&write(&orders)), Some(orders));
        let universe = Universe::of(["b", "é", ""].map(str::to_owned).into_iter().collect());
        let again: Universe = read(&write(&universe)).unwrap();
        assert_eq!((again.number("é"), again.number("x"), again.size()), (Some(1), None, 3));
        let mut revenue = Totals::new(2);
        let amounts = polars::prelude::Column::new("n".into(), [Some(1.25), None, Some(1e300)]);
        let amounts = crate::engine::store::encode(&amounts).unwrap();
        revenue.add(&amounts, &[0b111], &NumberedPiece::of(&[0, 0, 1]));
        let amounts = polars::prelude::Column::new("n".into(), [1.25, 2.5, 3.0]);
        revenue.add(
            &crate::engine::store::encode(&amounts).unwrap(),
            &[0b11],
            &NumberedPiece::of(&[0, 1, 1]),
        );
        let prepared = Prepared::new(2, (Some(Customers::with_capacity(2)), Some(revenue)), None);
        assert_eq!(read::<Prepared>(&write(&prepared)), Some(prepared));
    }
}
