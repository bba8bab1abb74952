//! Sums for each customer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::block::Block;
use super::customer_set::CustomerSet;
use super::sum::Sum;
use crate::local::cache::persisted::packed;
use crate::local::columns::{Chunk, Code as _, Dictionary, LogicalType, Value, remove, with_keys};
use crate::local::index::row_map_chunk::{Marks, RowMapChunk};
use crate::local::predicate::interval::Interval;
use crate::segment::Number;

/// What all rows of one customer come to: exact, and quick for whole numbers and for decimals such as money.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(into = "StoredTotals", try_from = "StoredTotals")]
pub struct Totals {
    /// By how many decimals: sums of whole numbers, each so many parts of one.
    wholes: BTreeMap<u32, Vec<i64>>,
    /// How much more any of `wholes` can take without overflow.
    room: u64,
    /// Of all other numbers.
    others: Vec<Sum>,
    universe_size: usize,
}

/// Totals as they are stored.
#[derive(Deserialize, Serialize)]
struct StoredTotals {
    wholes: Vec<StoredWholes>,
    /// The parts of the other sums.
    #[serde(with = "packed")]
    billionths: Vec<i128>,
    #[serde(with = "packed")]
    beyond: Vec<f64>,
    universe_size: usize,
}

/// Sums of whole numbers, each so many parts of one.
#[derive(Deserialize, Serialize)]
struct StoredWholes {
    decimals: u32,
    #[serde(with = "packed")]
    sums: Vec<i64>,
}

impl From<Totals> for StoredTotals {
    fn from(totals: Totals) -> Self {
        let wholes = totals.wholes.into_iter().map(|(decimals, sums)| StoredWholes { decimals, sums });
        let (billionths, beyond) = totals.others.iter().map(|sum| sum.parts()).unzip();
        Self { wholes: wholes.collect(), billionths, beyond, universe_size: totals.universe_size }
    }
}

/// They take no more amounts.
impl TryFrom<StoredTotals> for Totals {
    type Error = &'static str;

    fn try_from(stored: StoredTotals) -> Result<Self, Self::Error> {
        let StoredTotals { wholes, billionths, beyond, universe_size } = stored;
        let others = [billionths.len(), beyond.len()];
        let fit = (others == [0; 2] || others == [universe_size; 2])
            && wholes.iter().all(|wholes| wholes.sums.len() == universe_size);
        if !fit {
            return Err("there are not as many sums as customers");
        }
        let wholes = wholes.into_iter().map(|StoredWholes { decimals, sums }| (decimals, sums)).collect();
        let others = billionths.into_iter().zip(beyond);
        let others = others.map(|(billionths, beyond)| Sum::of(billionths, beyond)).collect();
        Ok(Self { wholes, room: 0, others, universe_size })
    }
}

impl PartialEq for Totals {
    fn eq(&self, other: &Self) -> bool {
        (&self.wholes, &self.others, self.universe_size)
            == (&other.wholes, &other.others, other.universe_size)
    }
}

impl Totals {
    /// Nothing yet.
    pub fn new(universe_size: usize) -> Self {
        // Those of several cores are added up.
        let room = i64::MAX.unsigned_abs() / 256;
        Self { wholes: BTreeMap::new(), room, others: Vec::new(), universe_size }
    }

    /// How many customers there are.
    pub fn universe_size(&self) -> usize {
        self.universe_size
    }

    /// Adds the amounts of some rows, and to `seen` the customers who have one of them; NULL adds nothing.
    /// Rows without a number in `customers` are left out.
    pub fn add(&mut self, amounts: &Chunk, rows: &[u64], customers: &RowMapChunk, seen: &mut CustomerSet) {
        let decimals = match &amounts.domain {
            Dictionary::Range { kind: LogicalType::Integer, .. } => Some(0),
            Dictionary::Range { kind: LogicalType::Decimal(decimals), .. } => Some(*decimals),
            _ => None,
        };
        let mut marks = Marks::new(seen);
        match (decimals.filter(|_| self.has_room(amounts)), &amounts.nulls) {
            // Both in one go, as most columns allow.
            (Some(decimals), None) => {
                self.add_wholes(amounts, decimals, rows, customers, |customer| marks.add(customer));
            }
            (decimals, nulls) => {
                customers.each(rows, |_, customer| marks.add(customer));
                let mut rows = rows.to_vec();
                nulls.iter().for_each(|nulls| remove(&mut rows, nulls));
                match decimals {
                    Some(decimals) => self.add_wholes(amounts, decimals, &rows, customers, |_| {}),
                    None => self.add_others(amounts, &rows, customers),
                }
            }
        }
        marks.write();
    }

    /// Whether the whole amounts of a piece can be added without overflow; they take the room.
    fn has_room(&mut self, amounts: &Chunk) -> bool {
        let domain = &amounts.domain;
        let greatest = domain.whole(0).unsigned_abs().max(domain.whole(domain.last()).unsigned_abs());
        let room = greatest.checked_mul(amounts.rows() as u64).and_then(|most| self.room.checked_sub(most));
        self.room = room.unwrap_or(self.room);
        room.is_some()
    }

    fn add_wholes(
        &mut self,
        amounts: &Chunk,
        decimals: u32,
        rows: &[u64],
        customers: &RowMapChunk,
        mut see: impl FnMut(usize),
    ) {
        let sums = self.wholes.entry(decimals).or_insert_with(|| vec![0; self.universe_size]);
        let mut add = |customer: usize, amount: i64| {
            if let Some(sum) = sums.get_mut(customer) {
                *sum += amount;
            }
        };
        // Whole numbers are one apart, so a code is what is beyond the least one.
        let start = amounts.domain.whole(0);
        with_keys!(&amounts.codes, codes => customers.each(rows, |row, customer| {
            see(customer);
            let code = codes.get(row).map_or(0, |code| code.wide());
            add(customer, start.wrapping_add(code.cast_signed()));
        }));
    }

    fn add_others(&mut self, amounts: &Chunk, rows: &[u64], customers: &RowMapChunk) {
        self.others.resize(self.universe_size, Sum::default());
        customers.each(rows, |row, customer| {
            let amount = match amounts.value(row) {
                Value::Integer(amount) => Sum::from(amount),
                Value::Decimal(amount) => Sum::from(amount),
                // Checking lets only numbers be summed.
                Value::Text(_) | Value::Boolean(_) | Value::Date(_) | Value::Datetime(_) => Sum::default(),
            };
            if let Some(sum) = self.others.get_mut(customer) {
                *sum += amount;
            }
        });
    }

    /// Both together.
    pub fn and(mut self, other: Self) -> Self {
        for (decimals, more) in other.wholes {
            match self.wholes.get_mut(&decimals) {
                Some(sums) => sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more),
                None => drop(self.wholes.insert(decimals, more)),
            }
        }
        if self.others.is_empty() {
            self.others = other.others;
        } else {
            self.others.iter_mut().zip(other.others).for_each(|(sum, more)| *sum += more);
        }
        self
    }

    /// Whether every sum is a number: no infinite ones among the amounts.
    pub fn is_whole(&self) -> bool {
        self.others.is_empty()
    }

    /// Those of some customers whose sum, rounded to so many decimals, lies in an interval.
    pub fn passing(&self, of: &CustomerSet, decimals: u32, interval: &Interval<'_, Number>) -> CustomerSet {
        let mut passing = CustomerSet::with_capacity(self.universe_size);
        let mut wholes = self.wholes.iter();
        match (wholes.next(), wholes.next()) {
            // Nothing to round: then the sums are in the order of their parts, and two ends are enough.
            (Some((own, sums)), None) if self.others.is_empty() && *own <= decimals => {
                let above = |sum: i64| sum.wrapping_sub(i64::MIN).cast_unsigned();
                let codes = interval.codes(u64::MAX, |code, other| {
                    let sum = i64::MIN.wrapping_add(code.cast_signed());
                    Number::from_parts(sum.into(), *own).cmp(other)
                });
                // Both in blocks of customers.
                let blocks = of.as_slice().iter().zip(sums.chunks(usize::BITS as usize));
                for (passing, (of, sums)) in passing.as_mut_slice().iter_mut().zip(blocks) {
                    let bits = sums.iter().enumerate();
                    *passing = *of
                        & bits.fold(0, |bits, (at, sum)| bits | usize::from(codes.has(above(*sum))) << at);
                }
            }
            _ => {
                let passes = |customer: &usize| {
                    self.sum(*customer).rounded(decimals).is_some_and(|sum| interval.has(&sum))
                };
                passing.extend(of.ones().filter(passes));
            }
        }
        passing
    }

    /// What the rows of some customers of a stretch come to.
    pub fn total(&self, of: &[usize], stretch: Block) -> Sum {
        let mut total = Sum::default();
        for (decimals, sums) in &self.wholes {
            let blocks = of.iter().zip(stretch.items(sums).chunks(usize::BITS as usize));
            let parts: i128 = blocks.map(|(block, sums)| i128::from(sum_of(*block, sums))).sum();
            total += Sum::of(parts * 10_i128.pow(9_u32.saturating_sub(*decimals)), 0.0);
        }
        let others = of.iter().zip(stretch.items(&self.others).chunks(usize::BITS as usize));
        for (block, sums) in others {
            let is_in = |at: &usize| block >> at & 1 == 1;
            (0..).zip(sums).filter(|(at, _)| is_in(at)).for_each(|(_, sum)| total += *sum);
        }
        total
    }

    /// How many bytes they take.
    pub fn memory_size(&self) -> usize {
        self.wholes.values().map(|sums| size_of_val(sums.as_slice())).sum::<usize>()
            + size_of_val(self.others.as_slice())
    }

    /// What the rows of a customer come to.
    pub fn sum(&self, customer: usize) -> Sum {
        let mut sum = self.others.get(customer).copied().unwrap_or_default();
        for (decimals, sums) in &self.wholes {
            sum += Sum::of_parts(sums.get(customer).copied().unwrap_or_default(), *decimals);
        }
        sum
    }
}

/// The sum of those whose bit is set.
fn sum_of(block: usize, sums: &[i64]) -> i64 {
    if block == usize::MAX {
        return sums.iter().sum();
    }
    let (mut left, mut sum) = (block, 0);
    while left != 0 {
        sum += sums.get(left.trailing_zeros() as usize).copied().unwrap_or_default();
        left &= left - 1;
    }
    sum
}
