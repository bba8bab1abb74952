//! How near a condition comes that does not hold: that nothing nearer passes is found by trying.

use chrono::{Days, NaiveDate};
use segtui::backend::{Distance, NearestMiss};
use segtui::segment::{
    AggregateCondition, AggregateFunction, AttributeCondition, Behaviour, DataType, PurchaseCondition,
    RowQuantifier, Test,
};
use serde_json::Value;

use super::rows::{Judged, purchases, says};
use super::{Checked, ensure, same};
use crate::slow::purchase::{amount_passes, when_operator};
use crate::slow::{Cell, Slow, passes, time_point};

/// Within so many days every day is tried: an anniversary of 29 February may be eight years away.
const MOST_DAYS: i64 = 8 * 366 + 1;

/// A test of a column that a row fails.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    table: &'a str,
    column: &'a str,
    test: Test,
    /// Of the window, to which a day is its midnight.
    is_window: bool,
}

impl Candidate<'_> {
    fn cell(&self, slow: &Slow, row: usize) -> Cell {
        let cell = slow.tables[self.table].cell(row, self.column);
        if self.is_window { cell.at_midnight() } else { cell.clone() }
    }

    /// Whether it holds on a row.
    pub fn holds(&self, slow: &Slow, row: usize) -> Option<bool> {
        passes(&self.cell(slow, row), &self.test, slow.as_of)
    }

    fn miss(&self, slow: &Slow, row: usize) -> Miss {
        let holds = |cell: &Cell| passes(cell, &self.test, slow.as_of) == Some(true);
        miss(&self.cell(slow, row), &ends(&self.test), slow.as_of, &holds)
    }
}

/// How far a value is from passing.
#[derive(Clone, Debug, PartialEq)]
enum Miss {
    Null,
    /// There is no telling how far.
    Other,
    /// So many parts, of one with so many decimals; without sign.
    Number(u128, u32),
    Days(u64),
}

impl Miss {
    /// As doubles have it.
    fn as_double(&self) -> Option<f64> {
        let Self::Number(parts, decimals) = self else { return None };
        format!("{parts}e-{decimals}").parse().ok()
    }

    /// For telling which is nearer; what cannot be told is last.
    fn order(&self) -> (bool, u128, String) {
        match self {
            Self::Null | Self::Other => (true, 0, String::new()),
            Self::Number(parts, decimals) => {
                let one = 10_u128.pow(*decimals);
                let rest = format!("{:0width$}", parts % one, width = *decimals as usize);
                let rest = if *decimals == 0 { String::new() } else { rest };
                (false, parts / one, rest.trim_end_matches('0').to_owned())
            }
            Self::Days(days) => (false, u128::from(*days), String::new()),
        }
    }
}

/// The numbers and dates that a test compares with.
fn ends(test: &Test) -> Vec<Value> {
    test.value.as_ref().map(|value| listed(value)).unwrap_or_default()
}

fn listed(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    }
}

/// The digits of a number, as parts and decimals; `None` with too many to count with.
fn digits(text: &str) -> Option<(i128, u32)> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let fits = whole.len() + decimals.len() <= 30;
    let parts = fits.then(|| format!("{whole}{decimals}").parse().ok())?;
    Some((parts?, decimals.len() as u32))
}

fn number_text(parts: i128, decimals: u32) -> String {
    let sign = if parts < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", parts.unsigned_abs(), width = decimals as usize + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals as usize);
    match rest.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}.{rest}"),
    }
}

/// A number as a value of a column of such, or as one that was worked out.
#[derive(Clone, Copy)]
enum Kind {
    Whole,
    Double,
    WorkedOut,
}

impl Kind {
    fn number(self, parts: i128, decimals: u32) -> Option<Cell> {
        let text = number_text(parts, decimals);
        let double = || Some(Cell::Decimal(text.parse().ok()?));
        match self {
            Self::Whole => Some(Cell::Whole(text.parse().ok()?)),
            Self::Double => double(),
            Self::WorkedOut => {
                let units =
                    12_u32.checked_sub(decimals).and_then(|more| parts.checked_mul(10_i128.pow(more)));
                units.map(Cell::Exact).or_else(double)
            }
        }
    }

    /// Of a value of a column.
    fn of(cell: &Cell) -> Self {
        if matches!(cell, Cell::Whole(_)) { Self::Whole } else { Self::Double }
    }
}

/// The least change after which a value passes.
fn miss(cell: &Cell, ends: &[Value], as_of: NaiveDate, holds: &dyn Fn(&Cell) -> bool) -> Miss {
    match cell {
        Cell::Null => Miss::Null,
        Cell::Text(_) | Cell::Flag(_) => Miss::Other,
        Cell::Whole(_) => number_miss((cell, Kind::Whole), ends, Some(0), holds),
        Cell::Decimal(_) | Cell::Exact(_) => number_miss((cell, Kind::Double), ends, None, holds),
        Cell::Day(_) | Cell::Time(_) => days_miss(cell, ends, as_of, holds),
    }
}

/// Whole numbers step by one, sums of purchases by cents, others by their last decimal, at most by a hundredth.
fn number_miss(
    (cell, kind): (&Cell, Kind),
    ends: &[Value],
    fixed: Option<u32>,
    holds: &dyn Fn(&Cell) -> bool,
) -> Miss {
    let text = match cell {
        Cell::Exact(units) => number_text(*units, 12),
        other => other.text().unwrap(),
    };
    let Some(start) = digits(&text) else { return Miss::Other };
    let ends: Vec<(i128, u32)> =
        ends.iter().filter_map(|end| digits(&Cell::number(end).text().unwrap())).collect();
    let decimals =
        fixed.unwrap_or_else(|| ends.iter().chain([&start]).map(|(_, decimals)| *decimals).fold(2, u32::max));
    let scaled = |(parts, of): (i128, u32)| match decimals.checked_sub(of) {
        Some(more) => parts.checked_mul(10_i128.pow(more)),
        None => Some(parts.div_euclid(10_i128.pow(of - decimals))),
    };
    let Some(start) = scaled(start) else { return Miss::Other };
    // Between two neighbouring ends a test is true of all or of none.
    let turns = ends.into_iter().filter_map(scaled).chain([start]);
    let tried = turns.flat_map(|end| (-2..=2).map(move |step| end + step));
    let passing = tried.filter(|parts| kind.number(*parts, decimals).is_some_and(|cell| holds(&cell)));
    let least = passing.map(|parts| (parts - start).unsigned_abs()).min();
    least.map_or(Miss::Other, |least| Miss::Number(least, decimals))
}

fn later(cell: &Cell, days: i64) -> Option<Cell> {
    let moved = |day: NaiveDate| match days < 0 {
        true => day.checked_sub_days(Days::new(days.unsigned_abs())),
        false => day.checked_add_days(Days::new(days.unsigned_abs())),
    };
    Some(match cell {
        Cell::Day(day) => Cell::Day(moved(*day)?),
        Cell::Time(time) => Cell::Time(moved(time.date())?.and_time(time.time())),
        other => panic!("{other:?} is no date"),
    })
}

fn days_miss(cell: &Cell, ends: &[Value], as_of: NaiveDate, holds: &dyn Fn(&Cell) -> bool) -> Miss {
    let passes = |days: i64| later(cell, days).is_some_and(|cell| holds(&cell));
    let near = (1..=MOST_DAYS).find(|days| passes(*days) || passes(-days));
    let days_to = |end: &Value| (time_point(end, as_of).start().date() - cell.day()).num_days();
    let at_ends = ends.iter().flat_map(|end| (-1..=1).map(move |step| days_to(end) + step));
    let least = near.into_iter().chain(at_ends.filter(|days| passes(*days)).map(i64::abs)).min();
    least.map_or(Miss::Other, |days| Miss::Days(days.unsigned_abs()))
}

/// Whether a distance is the least, and leads to what passes.
fn distance_is(
    (cell, kind): (&Cell, Kind),
    found: &Distance,
    least: &Miss,
    holds: &dyn Fn(&Cell) -> bool,
) -> Checked {
    let is_right = match (found, least) {
        (Distance::Null, Miss::Null) | (Distance::Value, Miss::Other) => true,
        (Distance::Number(by), Miss::Number(..)) => {
            let (parts, decimals) = digits(by).ok_or("no number")?;
            let size = Miss::Number(parts.unsigned_abs(), decimals);
            // Several texts mean the same double: which of them is named says nothing.
            let is_least = match (cell, size.as_double(), least.as_double()) {
                (Cell::Decimal(_), Some(size), Some(least)) => (size - least).abs() <= least * 1e-15,
                _ => size.order() == least.order(),
            };
            is_least && sum_passes((cell, kind), (parts, decimals), holds)
        }
        (Distance::Days(by), Miss::Days(days)) => {
            by.unsigned_abs() == *days && later(cell, *by).is_some_and(|cell| holds(&cell))
        }
        _ => false,
    };
    ensure(is_right, || format!("the distance of {cell:?} is {found:?}, not {least:?}"))
}

fn sum_passes(
    (cell, kind): (&Cell, Kind),
    (parts, decimals): (i128, u32),
    holds: &dyn Fn(&Cell) -> bool,
) -> bool {
    let text = match cell {
        Cell::Exact(units) => number_text(*units, 12),
        other => other.text().unwrap(),
    };
    let Some((start, of)) = digits(&text) else { return false };
    let most = of.max(decimals);
    let sum = start * 10_i128.pow(most - of) + parts * 10_i128.pow(most - decimals);
    kind.number(sum, most).is_some_and(|cell| holds(&cell))
}

/// Whether the miss is of one of some rows, none of which is nearer.
fn is_nearest(slow: &Slow, found: &NearestMiss, candidates: &[(usize, Candidate<'_>)]) -> Checked {
    let is_it = |(row, candidate): &&(usize, Candidate<'_>)| {
        found.row == Some(*row as u64) && found.column.as_deref() == Some(candidate.column)
    };
    let of = candidates.iter().filter(is_it);
    let mut reasons = Vec::new();
    for (row, candidate) in of {
        let cell = slow.tables[candidate.table].cell(*row, candidate.column);
        ensure(says(found.value.as_deref(), cell), || format!("{found:?} is not of {cell:?}"))?;
        let holds = |cell: &Cell| passes(cell, &candidate.test, slow.as_of) == Some(true);
        let least = candidate.miss(slow, *row);
        let nearer = candidates.iter().find(|(row, of)| of.miss(slow, *row).order() < least.order());
        let cell = candidate.cell(slow, *row);
        let checked = distance_is((&cell, Kind::of(&cell)), &found.distance, &least, &holds)
            .and_then(|()| ensure(nearer.is_none(), || format!("{nearer:?} is nearer than {found:?}")));
        match checked {
            Ok(()) => return Ok(()),
            Err(reason) => reasons.push(reason),
        }
    }
    Err(format!("{found:?} is none of the nearest of {candidates:?}: {reasons:?}"))
}

fn is_no_row(found: &NearestMiss) -> Checked {
    let expected = NearestMiss { row: None, column: None, value: None, distance: Distance::NoRow };
    same("nearest miss", found, &expected)
}

/// Whether a miss is of what was worked out, and so far from passing.
fn is_computed(
    found: &NearestMiss,
    (computed, kind): (&Cell, Kind),
    least: &Miss,
    holds: &dyn Fn(&Cell) -> bool,
) -> Checked {
    same("row of a miss that was worked out", (&found.row, &found.column), (&None, &None))?;
    ensure(says(found.value.as_deref(), computed), || format!("{found:?} is not {computed:?}"))?;
    distance_is((computed, kind), &found.distance, least, holds)
}

/// Whether a miss says that so many are too many.
fn is_too_many(found: &NearestMiss, count: i64) -> Checked {
    let expected = NearestMiss {
        row: None,
        column: None,
        value: Some(count.to_string()),
        distance: Distance::Number((-count).to_string()),
    };
    same("nearest miss", found, &expected)
}

/// The miss, which there is exactly where the condition is not true.
fn wanted(result: Option<bool>, nearest: &Option<NearestMiss>) -> Result<Option<&NearestMiss>, String> {
    let is_there = nearest.is_some() == (result != Some(true));
    ensure(is_there, || format!("{nearest:?} stands by what is {result:?}"))?;
    Ok(nearest.as_ref())
}

pub fn of_attribute(
    slow: &Slow,
    attribute: &AttributeCondition,
    id: &str,
    result: Option<bool>,
    judged: &[Judged],
    nearest: &Option<NearestMiss>,
) -> Checked {
    let Some(found) = wanted(result, nearest)? else { return Ok(()) };
    let deciding: Vec<usize> =
        judged.iter().filter(|row| row.counts() && row.decides).map(|row| row.row).collect();
    if attribute.rows == Some(RowQuantifier::None) {
        return is_too_many(found, deciding.len() as i64);
    }
    let test = |column, test: &Test| Candidate {
        table: &attribute.table,
        column,
        test: test.clone(),
        is_window: false,
    };
    let own = test(&attribute.column, &attribute.test);
    let candidates = if deciding.is_empty() {
        let filters = attribute.filters.as_deref().unwrap_or_default();
        let filters = filters.iter().map(|filter| test(&filter.column, &filter.test));
        let tests: Vec<Candidate> = filters.chain([own]).collect();
        slow.only_failing(&slow.rows_of(&attribute.table, id, None), &tests)
    } else {
        deciding.into_iter().map(|row| (row, own.clone())).collect()
    };
    if candidates.is_empty() { is_no_row(found) } else { is_nearest(slow, found, &candidates) }
}

pub fn of_aggregate(
    slow: &Slow,
    aggregate: &AggregateCondition,
    result: Option<bool>,
    (judged, computed): (&[Judged], &Cell),
    nearest: &Option<NearestMiss>,
) -> Checked {
    let Some(found) = wanted(result, nearest)? else { return Ok(()) };
    if *computed == Cell::Null && !judged.iter().any(Judged::counts) {
        return is_no_row(found);
    }
    let holds = |cell: &Cell| passes(cell, &aggregate.test, slow.as_of) == Some(true);
    let ends = ends(&aggregate.test);
    let type_of = |column: &String| slow.tables[&aggregate.table].type_of(column);
    let is_whole = match aggregate.function {
        AggregateFunction::Count | AggregateFunction::CountDistinct => true,
        AggregateFunction::Sum => aggregate.column.as_ref().and_then(type_of) == Some(DataType::Integer),
        AggregateFunction::Average => false,
        AggregateFunction::Minimum | AggregateFunction::Maximum => matches!(computed, Cell::Whole(_)),
    };
    let is_value = matches!(aggregate.function, AggregateFunction::Minimum | AggregateFunction::Maximum);
    let is_number = matches!(computed, Cell::Whole(_) | Cell::Decimal(_) | Cell::Exact(_));
    let kind = if is_value { Kind::of(computed) } else { Kind::WorkedOut };
    let least = match is_number {
        true => number_miss((computed, kind), &ends, is_whole.then_some(0), &holds),
        false => miss(computed, &ends, slow.as_of, &holds),
    };
    is_computed(found, (computed, kind), &least, &holds)
}

pub fn of_purchase(
    slow: &Slow,
    purchase: &PurchaseCondition,
    result: Option<bool>,
    (judged, computed): (&[Judged], &Cell),
    nearest: &Option<NearestMiss>,
) -> Checked {
    let Some(found) = wanted(result, nearest)? else { return Ok(()) };
    let near = |is_wanted: &dyn Fn(&Judged) -> bool| {
        let rows: Vec<usize> = purchases(judged).filter(|row| is_wanted(row)).map(|row| row.row).collect();
        slow.only_failing(&rows, &slow.tests_of(purchase))
    };
    let near_all = || near(&|_| true);
    let value = purchase.value.clone().unwrap_or_default();
    let is_enough = |cell: &Cell| match purchase.behaviour {
        Behaviour::HasPurchased => compare(cell, 1).is_ge() && amount_passes(cell, purchase),
        _ => amount_passes(cell, purchase),
    };
    let counted = |found: &NearestMiss| {
        let ends = [listed(&value), vec![Value::from(1)]].concat();
        let of = (computed, Kind::WorkedOut);
        is_computed(found, of, &number_miss(of, &ends, Some(0), &is_enough), &is_enough)
    };
    let nearest_of = |candidates: &[(usize, Candidate<'_>)]| match candidates.is_empty() {
        true => is_no_row(found),
        false => is_nearest(slow, found, candidates),
    };
    match (purchase.behaviour, computed) {
        (Behaviour::HasPurchased | Behaviour::HasNotPurchased | Behaviour::MostFrequentOrder, _)
            if judged.is_empty() =>
        {
            is_no_row(found)
        }
        (Behaviour::HasPurchased, Cell::Whole(0))
            if amount_passes(&Cell::Whole(1), purchase) && !near_all().is_empty() =>
        {
            is_nearest(slow, found, &near_all())
        }
        (Behaviour::HasPurchased, _) => counted(found),
        (Behaviour::HasNotPurchased, Cell::Whole(count)) => is_too_many(found, *count),
        (Behaviour::MostFrequentOrder, Cell::Whole(best)) => match slow.frequencies(purchase, judged).0 {
            0 if !near_all().is_empty() => is_nearest(slow, found, &near_all()),
            most => {
                let missing = (most.max(1) - best).to_string();
                same("row of the miss", (&found.row, &found.column), (&None, &None))?;
                same("distance", &found.distance, &Distance::Number(missing))
            }
        },
        (Behaviour::TotalValueOfOrders | Behaviour::TotalQuantityOfItems, Cell::Null) => {
            nearest_of(&near_all())
        }
        (Behaviour::TotalValueOfOrders | Behaviour::TotalQuantityOfItems, _) => {
            let of = (computed, Kind::WorkedOut);
            let least = number_miss(of, &listed(&value), Some(2), &is_enough);
            is_computed(found, of, &least, &is_enough)
        }
        (Behaviour::FirstPurchase, first) => match near(&|row| row.result == Some(true)) {
            near if !near.is_empty() => is_nearest(slow, found, &near),
            _ if *first == Cell::Null => is_no_row(found),
            _ => {
                same("value of the miss", &found.value, &first.text())?;
                same("distance", &found.distance, &Distance::Value)
            }
        },
        (Behaviour::RepeatPurchase, _) => nearest_of(&near(&|row| row.result == Some(true))),
        (_, other) => Err(format!("{other:?} was worked out")),
    }
}

fn compare(cell: &Cell, number: i64) -> std::cmp::Ordering {
    crate::slow::compare_numbers(cell, &Value::from(number))
}

impl Slow {
    /// The window and the filters of a purchase condition.
    fn tests_of<'a>(&'a self, purchase: &'a PurchaseCondition) -> Vec<Candidate<'a>> {
        let table = self.items.as_deref().unwrap();
        let window = purchase.when.as_ref().and_then(|when| {
            let op = when_operator(when.op.unwrap())?;
            let test = Test { inclusive: when.inclusive, ..Test::new(op, when.value.clone()) };
            Some(Candidate { table, column: &self.items_columns.order_datetime, test, is_window: true })
        });
        let filters = purchase.filters.as_deref().unwrap_or_default().iter();
        let filters = filters.map(|filter| Candidate {
            table,
            column: &filter.column,
            test: filter.test.clone(),
            is_window: false,
        });
        window.into_iter().chain(filters).collect()
    }
}
