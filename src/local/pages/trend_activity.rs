//! What the members of a segment at some days have bought in the year before each, in one pass over the orders.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::trend_days::DAYS;
use crate::backend::{BackendError, Cancel, DayRange, Money};
use crate::local::chunk_reader::ReadableTable;
use crate::local::columns::{Bitmap, Chunk, Dictionary, KeyType as _, LogicalType, with_keys};
use crate::local::consistency::{check_length, checked, checked_mut, inconsistent};
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::parallel::{parallel_fold, parallel_map};
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::predicate::date_predicate::DatePredicate;
use crate::local::predicate::row_mask::RowMask;
use crate::local::sets::block::Block;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::sets::insights::{OrderRows, cents, within};
use crate::local::sets::sum::Sum;
use crate::local::sets::totals::scaled_decimals;
use crate::local::values::{DAY, day_number};
use crate::local::view::View;

/// Some of the days of a trend, a bit for each: those whose year an order is in, or at which a customer is a member.
type DayMask = u16;

/// How many masks there are.
const MASKS: usize = 1 << DAYS;

/// What the members at each day have bought in the year that ends there.
pub(super) struct ActivityAtDays {
    customers: [u64; DAYS],
    /// `None` where the orders have no revenue.
    revenue: Option<[Sum; DAYS]>,
}

impl ActivityAtDays {
    /// `members` are those at each of the days, which ascend.
    pub fn new(
        days: &[NaiveDate],
        members: &[CustomerSet],
        rows: &OrderRows<'_>,
        view: &View<'_>,
    ) -> Result<Self, BackendError> {
        let (size, reader) = (view.size(), view.engine.chunk_reader(view.cancel));
        let members = masks(members, size, view.cancel)?;
        let years = Years::new(days);
        let in_any = within(years.whole());
        let predicate = ColumnPredicate::Date(DatePredicate::new(&in_any));
        let columns: Vec<&str> = std::iter::once(rows.day).chain(rows.revenue).collect();
        rows.index.customers.check_ids(size)?;
        let new = || FoundOrders { active: vec![0; size], sums: MaskSums::default() };
        let found = reader.fold_columns(
            ReadableTable::new(rows.table)?,
            &columns,
            new,
            |found, number, chunks| {
                let Some((of_day, amounts)) = chunks.split_first() else {
                    return Err(inconsistent("a column has no chunk"));
                };
                let mut counted = RowMask::new(&predicate, of_day)?.trues;
                if let Some(purchases) = &rows.purchases
                    && let Some(without) = purchases.orders.chunk(number, reader)?.without()
                {
                    counted.and_not(without)?;
                }
                let customers = rows.index.customers.chunk(number, reader)?;
                found.add((of_day, amounts.first()), &counted, &customers, (&years, &members))
            },
        )?;
        let found = found.into_iter().reduce(FoundOrders::merge).unwrap_or_else(new);
        let customers = customers(&found.active, view.cancel)?;
        Ok(Self { customers, revenue: rows.revenue.map(|_| found.sums.at_days()) })
    }

    /// How many members at the day in this place have bought something.
    pub fn customers(&self, at: usize) -> u64 {
        checked(&self.customers, at)
    }

    /// What they have paid.
    pub fn revenue(&self, at: usize) -> Option<Money> {
        self.revenue.as_ref().and_then(|sums| cents(checked(sums, at)))
    }
}

/// For each customer the days at which it is a member.
fn masks(members: &[CustomerSet], size: usize, cancel: &Cancel) -> Result<Vec<DayMask>, BackendError> {
    for members in members {
        check_length("the members at a day", members.len(), size)?;
    }
    let blocks = parallel_map(Block::count(size), cancel, |number| {
        let block = Block::new(number);
        let mut masks: Vec<DayMask> = Vec::new();
        for (at, members) in members.iter().enumerate() {
            let words = block.words(members);
            masks.resize(words.len() * 64, 0);
            for (word, masks) in words.iter().zip(masks.chunks_exact_mut(64)) {
                let bits = masks.iter_mut().enumerate();
                bits.for_each(|(bit, mask)| *mask |= DayMask::from(word >> bit & 1 == 1) << at);
            }
        }
        Ok(masks)
    })?;
    let mut masks = blocks.concat();
    masks.truncate(size);
    Ok(masks)
}

/// How many customers have each bit.
fn customers(active: &[DayMask], cancel: &Cancel) -> Result<[u64; DAYS], BackendError> {
    const CUSTOMERS: usize = 1 << 16;
    let none = || vec![0_u64; MASKS];
    let found = parallel_fold(active.len().div_ceil(CUSTOMERS), cancel, none, |counts, job| {
        let masks = active.chunks(CUSTOMERS).nth(job).unwrap_or_default();
        for mask in masks {
            checked_mut(counts, usize::from(*mask)).into_iter().for_each(|count| *count += 1);
        }
        Ok(())
    })?;
    let counts = found.iter().flatten().enumerate();
    Ok(by_day(counts.map(|(at, count)| (at % MASKS, *count))))
}

/// What stands under each mask, added up for each of its days.
fn by_day<T: Copy + Default + std::ops::AddAssign>(of_masks: impl Iterator<Item = (usize, T)>) -> [T; DAYS] {
    let mut by_day = [T::default(); DAYS];
    for (mask, value) in of_masks {
        let days = by_day.iter_mut().enumerate().filter(|(day, _)| mask >> day & 1 == 1);
        days.for_each(|(_, sum)| *sum += value);
    }
    by_day
}

/// The years that end at some days.
struct Years {
    first: NaiveDate,
    last: NaiveDate,
    /// For each day from the first to the last those years that it is in.
    masks: Vec<DayMask>,
}

impl Years {
    fn new(days: &[NaiveDate]) -> Self {
        let years: Vec<DayRange> = days.iter().map(|day| DayRange::past_year(*day)).collect();
        let first = years.iter().map(|year| year.from).min().unwrap_or_default();
        let last = years.iter().map(|year| year.to).max().unwrap_or_default();
        let mask = |day: i64| {
            let is_in = |year: &DayRange| (day_number(year.from)..=day_number(year.to)).contains(&day);
            let years = years.iter().enumerate().filter(|(_, year)| is_in(year));
            years.fold(0, |mask, (at, _)| mask | 1 << at)
        };
        Self { first, last, masks: (day_number(first)..=day_number(last)).map(mask).collect() }
    }

    /// From the first to the last day of all of them.
    fn whole(&self) -> DayRange {
        DayRange { from: self.first, to: self.last }
    }

    /// The years that a day since 1970 is in.
    #[inline]
    fn of_day(&self, day: i64) -> DayMask {
        let at = day - day_number(self.first);
        usize::try_from(at).ok().and_then(|at| self.masks.get(at)).copied().unwrap_or_default()
    }
}

/// What one core has found.
struct FoundOrders {
    /// For each customer the days at which it is a member who has bought something.
    active: Vec<DayMask>,
    sums: MaskSums,
}

impl FoundOrders {
    /// Adds some rows of a chunk: those of a day and amount.
    fn add(
        &mut self,
        (days, amounts): (&Chunk, Option<&Arc<Chunk>>),
        rows: &Bitmap,
        customers: &RowMapChunk,
        (years, members): (&Years, &[DayMask]),
    ) -> Result<(), BackendError> {
        let mut masks = vec![0; rows.len()];
        let is_date = matches!(days.dictionary(), Dictionary::Range { logical_type: LogicalType::Date, .. });
        let active = &mut self.active;
        with_keys!(days.keys(), keys => customers.for_each(rows, |row, customer| {
            let whole = days.dictionary().whole(checked(keys, row).widen());
            let day = if is_date { whole } else { whole.div_euclid(DAY) };
            let mask = years.of_day(day) & checked(members, customer);
            if let Some(active) = checked_mut(active, customer) {
                *active |= mask;
            }
            if let Some(place) = checked_mut(&mut masks, row) {
                *place = mask;
            }
        })?);
        match amounts {
            Some(amounts) => self.sums.add(amounts, &masks),
            None => Ok(()),
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.active.iter_mut().zip(other.active).for_each(|(mask, more)| *mask |= more);
        self.sums.merge(other.sums);
        self
    }
}

/// Exact sums of amounts for each mask.
#[derive(Default)]
struct MaskSums {
    /// By how many decimals: whole numbers, each so many parts of one.
    scaled: BTreeMap<u32, Vec<i128>>,
    /// Of all other numbers.
    others: Vec<Sum>,
}

impl MaskSums {
    /// Adds the amounts of a chunk, each to the sum of its row's mask; NULL adds nothing.
    fn add(&mut self, amounts: &Chunk, masks: &[DayMask]) -> Result<(), BackendError> {
        check_length("amounts of orders", amounts.rows(), masks.len())?;
        let dictionary = amounts.dictionary();
        // Without a key there is nothing but NULL.
        if dictionary.last().is_none() {
            return Ok(());
        }
        let counts = |row: usize, mask: DayMask| mask != 0 && !amounts.is_null(row);
        if let Some(decimals) = scaled_decimals(dictionary) {
            let sums = self.scaled.entry(decimals).or_insert_with(|| vec![0; MASKS]);
            with_keys!(amounts.keys(), keys => for (row, (key, mask)) in keys.iter().zip(masks).enumerate() {
                if counts(row, *mask) && let Some(sum) = checked_mut(sums, usize::from(*mask)) {
                    *sum += i128::from(dictionary.whole(key.widen()));
                }
            });
            return Ok(());
        }
        self.others.resize(MASKS, Sum::default());
        for (row, mask) in masks.iter().enumerate().filter(|(row, mask)| counts(*row, **mask)) {
            let amount = Sum::of_value(amounts.value(row));
            let amount = amount.ok_or_else(|| inconsistent("only numbers can be added up"))?;
            checked_mut(&mut self.others, usize::from(*mask)).into_iter().for_each(|sum| *sum += amount);
        }
        Ok(())
    }

    fn merge(&mut self, other: Self) {
        for (decimals, more) in other.scaled {
            let sums = self.scaled.entry(decimals).or_insert_with(|| vec![0; MASKS]);
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        if self.others.is_empty() {
            self.others = other.others;
        } else {
            self.others.iter_mut().zip(other.others).for_each(|(sum, more)| *sum += more);
        }
    }

    /// The sum of each day.
    fn at_days(&self) -> [Sum; DAYS] {
        let mut at_days = by_day((0..).zip(self.others.iter().copied()));
        for (decimals, sums) in &self.scaled {
            let parts: [i128; DAYS] = by_day((0..).zip(sums.iter().copied()));
            let of_days = at_days.iter_mut().zip(parts);
            of_days.for_each(|(sum, parts)| *sum += Sum::from_scaled(parts, *decimals));
        }
        at_days
    }
}
