//! Sums for each customer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::block::Block;
use super::customer_set::CustomerSet;
use super::sum::Sum;
use super::whole_sums::WholeSums;
use crate::backend::BackendError;
use crate::local::cache::persisted::packed;
use crate::local::columns::{Bitmap, Chunk, Dictionary, LogicalType, same_length};
use crate::local::consistency::{check_length, checked, checked_mut, inconsistent};
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::index::set_writer::{IdOrder, SetWriter, insert};
use crate::local::predicate::interval::Interval;
use crate::segment::Number;

/// What all rows of one customer come to: exact, and quick for whole numbers and for decimals such as money.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(into = "StoredTotals", try_from = "StoredTotals")]
pub(crate) struct Totals {
    /// By how many decimals: sums of whole numbers, each so many parts of one.
    scaled: BTreeMap<u32, WholeSums>,
    /// How much more any of `scaled` can take without overflow.
    headroom: u64,
    /// Of all other numbers.
    others: Vec<Sum>,
    universe_size: usize,
}

#[derive(Deserialize, Serialize)]
struct StoredTotals {
    scaled: Vec<ScaledSums>,
    /// The parts of the other sums.
    #[serde(with = "packed")]
    billionths: Vec<i128>,
    #[serde(with = "packed")]
    beyond: Vec<f64>,
    universe_size: usize,
}

/// Sums of whole numbers, each so many parts of one.
#[derive(Deserialize, Serialize)]
struct ScaledSums {
    decimals: u32,
    sums: WholeSums,
}

impl From<Totals> for StoredTotals {
    fn from(totals: Totals) -> Self {
        let scaled = totals.scaled.into_iter().map(|(decimals, sums)| ScaledSums { decimals, sums });
        let (billionths, beyond) = totals.others.iter().map(|sum| sum.parts()).unzip();
        Self { scaled: scaled.collect(), billionths, beyond, universe_size: totals.universe_size }
    }
}

/// They take no more amounts. What is in a file need not fit together.
impl TryFrom<StoredTotals> for Totals {
    type Error = &'static str;

    fn try_from(stored: StoredTotals) -> Result<Self, Self::Error> {
        let StoredTotals { scaled, billionths, beyond, universe_size } = stored;
        let others = [billionths.len(), beyond.len()];
        let fit = (others == [0; 2] || others == [universe_size; 2])
            && scaled.iter().all(|ScaledSums { decimals, sums }| {
                *decimals <= LogicalType::MOST_DECIMALS && sums.len() == universe_size
            });
        if !fit {
            return Err("there are not as many sums as customers");
        }
        let scaled = scaled.into_iter().map(|ScaledSums { decimals, sums }| (decimals, sums)).collect();
        let others = billionths.into_iter().zip(beyond);
        let others = others.map(|(billionths, beyond)| Sum::new(billionths, beyond)).collect();
        Ok(Self { scaled, headroom: 0, others, universe_size })
    }
}

impl PartialEq for Totals {
    fn eq(&self, other: &Self) -> bool {
        (&self.scaled, &self.others, self.universe_size)
            == (&other.scaled, &other.others, other.universe_size)
    }
}

impl Totals {
    /// Nothing yet.
    pub fn new(universe_size: usize) -> Self {
        // Those of several cores are added up.
        let headroom = i64::MAX.unsigned_abs() / 256;
        Self { scaled: BTreeMap::new(), headroom, others: Vec::new(), universe_size }
    }

    /// Adds the amounts of some rows, and to `seen` the customers who have one of them; NULL adds nothing.
    /// Rows without a number in `customers` are left out.
    ///
    /// # Errors
    /// They are rows of different chunks, or other customers; the amounts are no numbers.
    pub fn add(
        &mut self,
        amounts: &Chunk,
        rows: &Bitmap,
        customers: &RowMapChunk,
        seen: &mut CustomerSet,
    ) -> Result<(), BackendError> {
        same_length(amounts.rows(), rows.len())?;
        check_length("a set of customers", seen.len(), self.universe_size)?;
        if !customers.fits(self.universe_size) {
            return Err(inconsistent("an index has customers that do not exist"));
        }
        let decimals = scaled_decimals(amounts.dictionary());
        match (decimals.filter(|_| self.has_headroom(amounts)), amounts.nulls()) {
            // Both in one go, as most columns allow.
            (Some(decimals), None) => self.add_scaled_and_see((amounts, decimals), rows, customers, seen),
            (decimals, nulls) => {
                customers.add_to(rows, seen)?;
                let mut rows = rows.clone();
                if let Some(nulls) = nulls {
                    rows.and_not(nulls)?;
                }
                match decimals {
                    Some(decimals) => Ok(self.scaled(decimals).add(amounts, &rows, customers, |_| {})?),
                    None => self.add_others(amounts, &rows, customers),
                }
            }
        }
    }

    /// Whether the whole amounts of a chunk can be added without overflow; they take the headroom.
    fn has_headroom(&mut self, amounts: &Chunk) -> bool {
        let dictionary = amounts.dictionary();
        // Without a key there is nothing to add.
        let Some(last) = dictionary.last() else { return true };
        let greatest = dictionary.whole(0).unsigned_abs().max(dictionary.whole(last).unsigned_abs());
        let most = greatest.checked_mul(amounts.rows() as u64);
        match most.and_then(|most| self.headroom.checked_sub(most)) {
            Some(headroom) => {
                self.headroom = headroom;
                true
            }
            None => false,
        }
    }

    fn scaled(&mut self, decimals: u32) -> &mut WholeSums {
        self.scaled.entry(decimals).or_insert_with(|| WholeSums::new(self.universe_size))
    }

    fn add_scaled_and_see(
        &mut self,
        (amounts, decimals): (&Chunk, u32),
        rows: &Bitmap,
        customers: &RowMapChunk,
        seen: &mut CustomerSet,
    ) -> Result<(), BackendError> {
        let sums = self.scaled(decimals);
        match customers.order() {
            IdOrder::Scattered => {
                let words = seen.as_mut_slice();
                sums.add(amounts, rows, customers, move |customer| insert(words, customer))?;
            }
            IdOrder::Neighbours => {
                let mut seen = SetWriter::new(seen);
                sums.add(amounts, rows, customers, |customer| seen.insert(customer))?;
                seen.flush();
            }
        }
        Ok(())
    }

    fn add_others(
        &mut self,
        amounts: &Chunk,
        rows: &Bitmap,
        customers: &RowMapChunk,
    ) -> Result<(), BackendError> {
        self.others.resize(self.universe_size, Sum::default());
        let mut are_numbers = true;
        customers.for_each(rows, |row, customer| {
            let Some(amount) = Sum::of_value(amounts.value(row)) else {
                are_numbers = false;
                return;
            };
            if let Some(sum) = checked_mut(&mut self.others, customer) {
                *sum += amount;
            }
        })?;
        if are_numbers { Ok(()) } else { Err(inconsistent("only numbers can be added up")) }
    }

    /// Both together. They are of the same customers.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        debug_assert_eq!(self.universe_size, other.universe_size);
        for (decimals, more) in other.scaled {
            let sums = match self.scaled.remove(&decimals) {
                Some(sums) => sums.merge(more),
                None => more,
            };
            self.scaled.insert(decimals, sums);
        }
        if self.others.is_empty() {
            self.others = other.others;
        } else {
            // The other one may have none.
            self.others.iter_mut().zip(other.others).for_each(|(sum, more)| *sum += more);
        }
        self
    }

    /// Whether every sum is a number: no infinite ones among the amounts.
    pub fn is_whole(&self) -> bool {
        self.others.is_empty()
    }

    /// Where they are whole numbers of one kind: how many decimals these have, and the sum of each customer. Those of
    /// any customers can be added up without overflow. `None` where there are others, or none at all.
    pub fn as_whole(&self) -> Option<(u32, &WholeSums)> {
        let mut scaled = self.scaled.iter();
        let only = scaled.next().filter(|_| self.others.is_empty() && scaled.next().is_none());
        only.map(|(decimals, sums)| (*decimals, sums))
    }

    /// Those of some customers whose sum, rounded to so many decimals, lies in an interval.
    ///
    /// # Errors
    /// They are customers of another universe.
    pub(crate) fn passing(
        &self,
        of: &CustomerSet,
        decimals: u32,
        interval: &Interval<'_, Number>,
    ) -> Result<CustomerSet, BackendError> {
        check_length("a set of customers", of.len(), self.universe_size)?;
        let mut scaled = self.scaled.iter();
        Ok(match (scaled.next(), scaled.next()) {
            // Nothing to round: then the sums are in the order of their parts, and two ends are enough.
            (Some((own, sums)), None) if self.others.is_empty() && *own <= decimals => {
                let above = |sum: i64| sum.wrapping_sub(i64::MIN).cast_unsigned();
                let keys = interval.keys(u64::MAX, |key, other| {
                    let sum = i64::MIN.wrapping_add(key.cast_signed());
                    Number::from_parts(sum.into(), *own).cmp(other)
                });
                sums.passing(of, |sum| keys.contains(above(sum)))
            }
            _ => {
                let passes = |customer: &usize| {
                    // What is no number lies in no interval.
                    self.sum(*customer).rounded(decimals).is_some_and(|sum| interval.contains(&sum))
                };
                let mut passing = CustomerSet::with_capacity(self.universe_size);
                passing.extend(of.ones().filter(passes));
                passing
            }
        })
    }

    /// What the rows of some customers of a block come to.
    pub fn total(&self, of: &[usize], block: Block) -> Sum {
        let mut total = Sum::default();
        for (decimals, sums) in &self.scaled {
            total += Sum::from_scaled(sums.total(of, block), *decimals);
        }
        let others = of.iter().zip(block.items(&self.others).chunks(usize::BITS as usize));
        for (word, sums) in others {
            let is_in = |at: &usize| word >> at & 1 == 1;
            (0..).zip(sums).filter(|(at, _)| is_in(at)).for_each(|(_, sum)| total += *sum);
        }
        total
    }

    /// How many bytes they take.
    pub(crate) fn memory_size(&self) -> usize {
        self.scaled.values().map(WholeSums::memory_size).sum::<usize>() + size_of_val(self.others.as_slice())
    }

    /// How many customers there are.
    pub fn customers(&self) -> usize {
        self.universe_size
    }

    /// What the rows of a customer come to.
    pub fn sum(&self, customer: usize) -> Sum {
        // Nobody has others where there are none at all.
        let mut sum = if self.others.is_empty() { Sum::default() } else { checked(&self.others, customer) };
        for (decimals, sums) in &self.scaled {
            sum += Sum::from_scaled(sums.get(customer).into(), *decimals);
        }
        sum
    }
}

/// Of a dictionary of whole numbers that are so many parts of one: how many decimals that makes.
pub(crate) fn scaled_decimals(dictionary: &Dictionary) -> Option<u32> {
    match dictionary {
        Dictionary::Range { logical_type: LogicalType::Integer, .. } => Some(0),
        Dictionary::Range {
            logical_type: LogicalType::Decimal(decimals) | LogicalType::Exact(decimals),
            ..
        } => Some(*decimals),
        Dictionary::Range { .. } | Dictionary::Doubles(_) | Dictionary::Strings(_) => None,
        Dictionary::Exact { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::columns::Keys;

    #[test]
    fn rows_and_customers_that_do_not_fit_are_an_error() {
        let amounts = |logical_type| {
            let dictionary = Dictionary::Range { logical_type, start: 1, step: 1, last: 2 };
            Chunk::new(dictionary, Keys::U8(vec![0, 1, 2]), None).unwrap()
        };
        let add = |amounts: &Chunk, rows: usize, universe_size: usize, seen: usize| {
            let mut totals = Totals::new(universe_size);
            let customers = RowMapChunk::from_ids(&[0, 1, 1]);
            let mut seen = CustomerSet::with_capacity(seen);
            totals.add(amounts, &Bitmap::ones(rows), &customers, &mut seen).map(|()| totals)
        };
        let numbers = amounts(LogicalType::Integer);
        let totals = add(&numbers, 3, 2, 2).unwrap();
        assert_eq!(totals.sum(1), Sum::from(5));
        assert!(add(&numbers, 2, 2, 2).is_err());
        assert!(add(&numbers, 3, 1, 1).is_err());
        assert!(add(&numbers, 3, 2, 1).is_err());
        assert!(add(&amounts(LogicalType::Date), 3, 2, 2).is_err());
        let interval =
            crate::segment::NumberTest::Compare(crate::segment::Comparison::Greater, Number::Integer(1));
        let interval = Interval::from_number_test(&interval).unwrap();
        assert!(totals.passing(&CustomerSet::with_capacity(2), 2, &interval).is_ok());
        assert!(totals.passing(&CustomerSet::with_capacity(3), 2, &interval).is_err());
    }

    #[test]
    fn stored_totals_that_do_not_fit_together_are_damage() {
        let is_whole = |decimals, sums: &[i64], others: usize, universe_size| {
            let scaled = vec![ScaledSums { decimals, sums: WholeSums::Wide(sums.to_vec()) }];
            let (billionths, beyond) = (vec![1; others], vec![0.0; others]);
            Totals::try_from(StoredTotals { scaled, billionths, beyond, universe_size }).is_ok()
        };
        assert!(is_whole(2, &[1, 2], 0, 2) && is_whole(2, &[1, 2], 2, 2));
        assert!(!is_whole(2, &[1], 0, 2) && !is_whole(2, &[1, 2], 1, 2));
        assert!(!is_whole(LogicalType::MOST_DECIMALS + 1, &[1, 2], 0, 2));
    }
}
