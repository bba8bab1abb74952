//! What a column holds, worked out chunk by chunk.

use std::sync::Arc;

use hashbrown::DefaultHashBuilder;

use super::customers::ValueCustomers;
use super::frequent::Frequent;
use super::histogram::{Histogram, is_finite};
use super::key_counts::key_counts;
use super::plain::{OwnPlain, Plain, PlainType, day_of};
use super::stored::StoredColumn;
use super::tally::{Part, Tally};
use crate::backend::{BackendError, HistogramBin};
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Chunk, Dictionary, LogicalType};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::sets::sum::Sum;
use crate::local::values::is_blank;

/// Room for the values that are told apart at a time, in bytes.
const TALLY_ROOM: usize = 96 << 20;
/// Room for chunks that are kept until they are wanted again.
const CHUNK_ROOM: usize = 48 << 20;
/// Room for the sets of customers that are worked out at a time.
const SET_ROOM: usize = 16 << 20;
/// How many examples there are.
const EXAMPLES: usize = 5;

/// A column that is looked into.
pub(super) struct ColumnSource<'a> {
    pub table: ReadableTable<'a>,
    pub column: &'a str,
    /// The customers of its rows, of so many in all; `None` where the table has no ids.
    pub customers: Option<(&'a CustomerIndex, usize)>,
    pub reader: ChunkReader<'a>,
    /// How many columns are looked into at the same time.
    pub at_once: usize,
}

/// Chunks of a column, of which the first stay as long as there is room.
struct Chunks<'a> {
    source: &'a ColumnSource<'a>,
    kept: Vec<Arc<Chunk>>,
    room: usize,
}

impl Chunks<'_> {
    fn get(&mut self, number: usize) -> Result<Arc<Chunk>, BackendError> {
        self.source.reader.cancel.check()?;
        if let Some(kept) = self.kept.get(number) {
            return Ok(Arc::clone(kept));
        }
        let ColumnSource { table, column, reader, .. } = self.source;
        let chunk = reader.passing_chunk(*table, column, number)?;
        if self.kept.len() == number
            && let Some(room) = self.room.checked_sub(chunk.memory_size())
        {
            self.room = room;
            self.kept.push(Arc::clone(&chunk));
        }
        Ok(chunk)
    }

    fn count(&self) -> usize {
        self.source.reader.chunk_count(self.source.table)
    }
}

/// Looks into a column. `done` is told of the rows that were read, once of each.
pub(super) fn look_into(
    source: &ColumnSource<'_>,
    top: usize,
    done: &dyn Fn(u64),
) -> Result<StoredColumn, BackendError> {
    let mut chunks = Chunks { source, kept: Vec::new(), room: CHUNK_ROOM / source.at_once };
    let (room, hasher) = (TALLY_ROOM / source.at_once, DefaultHashBuilder::default());
    let mut figures = Figures::default();
    let mut tally = Tally::new(Part::default(), room, hasher.clone());
    let mut later = Vec::new();
    for number in 0..chunks.count() {
        let chunk = chunks.get(number)?;
        figures.add(&chunk, &mut tally);
        later.extend(tally.shrink());
        done(chunk.rows() as u64);
    }
    let plain = figures.plain.unwrap_or(PlainType::Text);
    let mut values = Values::new(plain, &figures, top);
    values.take(&tally);
    while let Some(part) = later.pop() {
        drop(tally);
        tally = Tally::new(part, room, hasher.clone());
        for number in 0..chunks.count() {
            let chunk = chunks.get(number)?;
            for (key, rows) in key_counts(&chunk) {
                tally.add(Plain::new(chunk.dictionary().value(key)), rows);
            }
            later.extend(tally.shrink());
        }
        values.take(&tally);
    }
    drop(tally);
    let (distinct, top, histogram) = values.finish();
    let customers = customers(&mut chunks, plain, &top, figures.non_null)?;
    let examples = examples(&mut chunks, plain, distinct)?;
    let range = figures.range().filter(|_| plain.has_range());
    let text = |value: &OwnPlain| plain.text(value.as_plain());
    Ok(StoredColumn {
        non_null: figures.non_null,
        blank: figures.blank,
        distinct,
        range: range.map(|(least, greatest)| (text(least), text(greatest))),
        sum: figures.sum.map(Sum::parts),
        top: top
            .iter()
            .enumerate()
            .map(|(at, (value, rows))| {
                (text_of_day(plain, value), *rows, customers.as_ref().and_then(|all| all.get(at)).copied())
            })
            .collect(),
        histogram: histogram.into_iter().map(|bin| (bin.from, bin.to, bin.rows)).collect(),
        examples,
    })
}

/// The text of a value among the most frequent ones, where points in time are days.
fn text_of_day(plain: PlainType, value: &OwnPlain) -> String {
    let plain = if plain == PlainType::Datetime { PlainType::Date } else { plain };
    plain.text(value.as_plain())
}

/// What is found on the first way through a column.
#[derive(Default)]
struct Figures {
    plain: Option<PlainType>,
    non_null: u64,
    blank: u64,
    sum: Option<Sum>,
    least: Option<OwnPlain>,
    greatest: Option<OwnPlain>,
    /// The ends of the values that are finite.
    finite: Option<(OwnPlain, OwnPlain)>,
}

impl Figures {
    fn add(&mut self, chunk: &Chunk, tally: &mut Tally) {
        let dictionary = chunk.dictionary();
        let counts = key_counts(chunk);
        if counts.is_empty() {
            return;
        }
        let plain = *self.plain.get_or_insert(PlainType::of(dictionary));
        let mut wholes = 0_i128;
        for (key, rows) in &counts {
            let value = dictionary.value(*key);
            tally.add(Plain::new(value), *rows);
            self.non_null += u64::from(*rows);
            match dictionary {
                Dictionary::Range { .. } => {
                    wholes += i128::from(dictionary.whole(*key)) * i128::from(*rows);
                }
                Dictionary::Strings(_) => {
                    let Plain::Text(text) = Plain::new(value) else { continue };
                    self.blank += if is_blank(text) { u64::from(*rows) } else { 0 };
                }
                Dictionary::Doubles(_) | Dictionary::Exact { .. } => self.add_up(amount(value, *rows)),
            }
        }
        if let Some(decimals) = decimals(dictionary) {
            self.add_up(Sum::from_scaled(wholes, decimals));
        }
        let values = || counts.iter().map(|(key, _)| Plain::new(dictionary.value(*key)));
        match dictionary {
            Dictionary::Strings(_) => values().for_each(|value| self.widen(value, plain)),
            // In their order.
            _ => {
                let mut values = values().filter(|value| is_finite(*value, plain));
                let ends = values.next().map(|first| (first, values.next_back().unwrap_or(first)));
                let ends = ends.into_iter().flat_map(|(first, last)| [first, last]);
                let all = [counts.first(), counts.last()].into_iter().flatten();
                let all = all.map(|(key, _)| Plain::new(dictionary.value(*key)));
                ends.chain(all).for_each(|value| self.widen(value, plain));
            }
        }
    }

    fn add_up(&mut self, more: Sum) {
        *self.sum.get_or_insert_default() += more;
    }

    fn widen(&mut self, value: Plain<'_>, plain: PlainType) {
        if self.least.as_ref().is_none_or(|least| value < least.as_plain()) {
            self.least = Some(value.into());
        }
        if self.greatest.as_ref().is_none_or(|greatest| value > greatest.as_plain()) {
            self.greatest = Some(value.into());
        }
        if plain == PlainType::Text || !is_finite(value, plain) {
            return;
        }
        match &mut self.finite {
            None => self.finite = Some((value.into(), value.into())),
            Some((least, greatest)) => {
                if value < least.as_plain() {
                    *least = value.into();
                }
                if value > greatest.as_plain() {
                    *greatest = value.into();
                }
            }
        }
    }

    fn range(&self) -> Option<(&OwnPlain, &OwnPlain)> {
        self.least.as_ref().zip(self.greatest.as_ref())
    }
}

/// The decimals of numbers that are added up as whole ones.
fn decimals(dictionary: &Dictionary) -> Option<u32> {
    match dictionary {
        Dictionary::Range { logical_type, .. } => match logical_type {
            LogicalType::Integer => Some(0),
            LogicalType::Decimal(decimals) | LogicalType::Exact(decimals) => Some(*decimals),
            LogicalType::Boolean | LogicalType::Date | LogicalType::Datetime => None,
        },
        Dictionary::Strings(_) | Dictionary::Doubles(_) | Dictionary::Exact { .. } => None,
    }
}

/// A number, so many times.
#[allow(clippy::cast_precision_loss)] // of amounts that are beyond exact sums
fn amount(value: crate::local::columns::Value<'_>, rows: u32) -> Sum {
    use crate::local::columns::Value;
    let (billionths, beyond) = match value {
        Value::Decimal(number) => Sum::from(number).parts(),
        Value::Exact { parts, decimals } => Sum::from_exact(parts, decimals).parts(),
        _ => (0, 0.0),
    };
    Sum::new(billionths.saturating_mul(rows.into()), beyond * f64::from(rows))
}

/// What is found of the values, a part of them after the other.
struct Values {
    plain: PlainType,
    distinct: u64,
    top: Frequent,
    most: usize,
    histogram: Option<Histogram>,
    /// Of points in time their days.
    days: std::collections::BTreeMap<u64, u64>,
}

impl Values {
    fn new(plain: PlainType, figures: &Figures, top: usize) -> Self {
        let ends = figures.finite.as_ref();
        let histogram =
            ends.and_then(|(least, greatest)| Histogram::new(plain, least.as_plain(), greatest.as_plain()));
        Self {
            plain,
            distinct: 0,
            top: Frequent::new(top),
            most: top,
            histogram,
            days: std::collections::BTreeMap::new(),
        }
    }

    fn take(&mut self, tally: &Tally) {
        self.distinct += tally.len() as u64;
        tally.for_each(|value, rows| {
            let rows = u64::from(rows);
            self.histogram.iter_mut().for_each(|histogram| histogram.add(self.plain, value, rows));
            match (self.plain, value) {
                (PlainType::Datetime, Plain::Short(bits)) => {
                    *self.days.entry(day_of(bits)).or_default() += rows;
                }
                (_, value) => self.top.add(value, rows),
            }
        });
    }

    fn finish(self) -> (u64, Vec<(OwnPlain, u64)>, Vec<HistogramBin>) {
        let mut top = self.top;
        debug_assert!(self.days.is_empty() || self.plain == PlainType::Datetime);
        if self.plain == PlainType::Datetime {
            top = Frequent::new(self.most);
            self.days.iter().for_each(|(day, rows)| top.add(Plain::Short(*day), *rows));
        }
        (self.distinct, top.finish(), self.histogram.map(Histogram::finish).unwrap_or_default())
    }
}

/// How many customers have each of some values; `None` where the table has no ids.
fn customers(
    chunks: &mut Chunks<'_>,
    plain: PlainType,
    top: &[(OwnPlain, u64)],
    non_null: u64,
) -> Result<Option<Vec<u64>>, BackendError> {
    let (source, count) = (chunks.source, chunks.count());
    let Some((index, size)) = source.customers else { return Ok(None) };
    let counts = index.counts(source.reader)?;
    // A value on every row is one of everybody who has a row.
    if let [(_, rows)] = top
        && *rows == counts.rows
        && non_null == counts.rows
    {
        return Ok(Some(vec![counts.customers]));
    }
    let at_once = (SET_ROOM / source.at_once / (size / 8 + 64)).max(1);
    let mut found = Vec::with_capacity(top.len());
    for values in top.chunks(at_once) {
        let mut customers = ValueCustomers::new(plain, values, size);
        for number in 0..count {
            let chunk = chunks.get(number)?;
            customers.add(&chunk, &*index.customers.chunk(number, source.reader)?)?;
        }
        found.extend(customers.finish());
    }
    Ok(Some(found))
}

/// The first different values that are no blank texts.
fn examples(chunks: &mut Chunks<'_>, plain: PlainType, distinct: u64) -> Result<Vec<String>, BackendError> {
    let wanted = usize::try_from(distinct).unwrap_or(EXAMPLES).min(EXAMPLES);
    let mut found: Vec<OwnPlain> = Vec::new();
    'chunks: for number in 0..chunks.count() {
        let chunk = chunks.get(number)?;
        let mut before = None;
        for row in 0..chunk.rows() {
            if found.len() >= wanted {
                break 'chunks;
            }
            let key = chunk.keys().get(row);
            if before == Some(key) || chunk.is_null(row) {
                continue;
            }
            before = Some(key);
            let value = Plain::new(chunk.dictionary().value(key));
            let is_seen = found.iter().any(|known| known.as_plain() == value);
            if !is_seen && !matches!(value, Plain::Text(text) if is_blank(text)) {
                found.push(value.into());
            }
        }
    }
    Ok(found.iter().map(|value| plain.text(value.as_plain())).collect())
}
