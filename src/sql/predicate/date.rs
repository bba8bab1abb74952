//! Tests on dates.

use chrono::{Datelike, NaiveDate};

use super::operators::comparison_operator;
use crate::segment::{Comparison, DatePeriod, DateTest, RelativeDate, ResolvedDate, TimePoint};
use crate::sql::dialect::SqlDialect;
use crate::sql::layout::{Fragment, sql};
use crate::sql::request::DateStyle;
use crate::sql::unsupported::Unsupported;

/// A date or an instant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DateOperand<'a> {
    pub value: &'a Fragment,
    /// Whether it has a time of day.
    pub has_time: bool,
}

/// A test as a condition that is true where the test holds.
pub(crate) fn date_test(
    operand: DateOperand,
    test: &DateTest,
    dates: DateStyle,
    dialect: &dyn SqlDialect,
) -> Result<Fragment, Unsupported> {
    let writer = DateWriter { dates, dialect };
    match test {
        DateTest::Compare(comparison, date) => writer.compare(operand, *comparison, date),
        DateTest::Between { low, high, inclusive: true } => {
            let (low_side, high_side) = (writer.side(operand, low), writer.side(operand, high));
            if low_side == high_side {
                let (low, high) = (writer.time_point(low)?, writer.time_point(high)?);
                return Ok(sql![low_side, " BETWEEN ", low, " AND ", high]);
            }
            Ok(Fragment::all([
                writer.compare(operand, Comparison::GreaterOrEqual, low)?,
                writer.compare(operand, Comparison::LessOrEqual, high)?,
            ]))
        }
        DateTest::Between { low, high, inclusive: false } => Ok(Fragment::all([
            writer.compare(operand, Comparison::Greater, low)?,
            writer.compare(operand, Comparison::Less, high)?,
        ])),
        DateTest::NotBetween { low, high } => Ok(Fragment::any([
            writer.compare(operand, Comparison::Less, low)?,
            writer.compare(operand, Comparison::Greater, high)?,
        ])),
        DateTest::Anniversary { first, last } => writer.anniversary(operand.value, first, last),
    }
}

struct DateWriter<'a> {
    dates: DateStyle,
    dialect: &'a dyn SqlDialect,
}

impl DateWriter<'_> {
    fn compare(
        &self,
        operand: DateOperand,
        comparison: Comparison,
        date: &ResolvedDate<TimePoint>,
    ) -> Result<Fragment, Unsupported> {
        let operator = comparison_operator(comparison);
        Ok(sql![self.side(operand, date), " ", operator, " ", self.time_point(date)?])
    }

    /// What is compared with a time point: with a day the calendar day, with an instant the instant.
    fn side(&self, operand: DateOperand, date: &ResolvedDate<TimePoint>) -> Fragment {
        match date.at {
            TimePoint::Day(_) if operand.has_time => self.dialect.date_of(operand.value),
            TimePoint::Day(_) | TimePoint::Instant(_) => operand.value.clone(),
        }
    }

    fn time_point(&self, date: &ResolvedDate<TimePoint>) -> Result<Fragment, Unsupported> {
        match date.at {
            TimePoint::Day(day) => self.day(ResolvedDate { at: day, relative: date.relative }),
            TimePoint::Instant(instant) => {
                within_calendars(instant.date())?;
                Ok(self.dialect.timestamp_literal(instant))
            }
        }
    }

    fn day(&self, date: ResolvedDate<NaiveDate>) -> Result<Fragment, Unsupported> {
        within_calendars(date.at)?;
        Ok(match (date.relative, self.dates) {
            (None, _) => self.dialect.date_literal(date.at),
            (Some(words), DateStyle::Resolved) => {
                sql![self.dialect.date_literal(date.at), format!(" /* {words} */")]
            }
            (Some(RelativeDate::Shift(n, unit)), DateStyle::Relative) => self.dialect.today_plus(n, unit),
            (Some(RelativeDate::StartOf(period)), DateStyle::Relative) => {
                self.dialect.start_of(period, &self.dialect.today().into())
            }
        })
    }

    /// The anniversary in the first day's year, or in the last day's, is between them.
    fn anniversary(
        &self,
        value: &Fragment,
        first: &ResolvedDate<NaiveDate>,
        last: &ResolvedDate<NaiveDate>,
    ) -> Result<Fragment, Unsupported> {
        let (low, high) = (self.day(*first)?, self.day(*last)?);
        let is_relative = self.dates == DateStyle::Relative;
        let new_year = |date: &ResolvedDate<NaiveDate>, written: &Fragment| match date.relative {
            Some(_) if is_relative => self.dialect.start_of(DatePeriod::Year, written),
            _ => self.dialect.date_literal(date.at.with_ordinal(1).unwrap_or(date.at)),
        };
        let mut years = vec![new_year(first, &low), new_year(last, &high)];
        years.dedup();
        let years = years.iter().map(|year| {
            let anniversary = self.dialect.anniversary(value, year);
            let between = sql![Fragment::LineBreak, "BETWEEN ", &low, " AND ", &high];
            sql![anniversary, between.indented(4)]
        });
        Ok(Fragment::any(years))
    }
}

/// Engines agree on the years from 1 to 9999.
fn within_calendars(day: NaiveDate) -> Result<(), Unsupported> {
    if (1..=9999).contains(&day.year()) {
        return Ok(());
    }
    let message = format!("{day} is beyond the calendars of SQL, which have the years from 1 to 9999");
    Err(Unsupported::new(message, "choose a day that is closer"))
}
