//! Tests on dates in SQL.

use chrono::{Datelike, NaiveDate};

use super::dialect::DateStyle;
use super::piece::{all, any};
use super::tongue::{SqlDialect, Unsupported};
use crate::segment::{Comparison, DatePeriod, DateTest, RelativeDate, ResolvedDate, TimePoint};

/// A date or an instant, as SQL.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// What it is called.
    pub value: &'a str,
    /// Whether it has a time of day.
    pub has_time: bool,
}

/// A test as a condition that is true where the test holds.
pub fn date_test(
    point: Point,
    test: &DateTest,
    dates: DateStyle,
    tongue: &dyn SqlDialect,
) -> Result<String, Unsupported> {
    let writer = Writer { dates, tongue };
    match test {
        DateTest::Compare(comparison, date) => writer.compare(point, *comparison, date),
        DateTest::Between { low, high, inclusive: true } => {
            let (low_side, high_side) = (writer.side(point, low), writer.side(point, high));
            if low_side == high_side {
                let (low, high) = (writer.moment(low)?, writer.moment(high)?);
                return Ok(format!("{low_side} BETWEEN {low} AND {high}"));
            }
            Ok(all([
                writer.compare(point, Comparison::GreaterOrEqual, low)?,
                writer.compare(point, Comparison::LessOrEqual, high)?,
            ]))
        }
        DateTest::Between { low, high, inclusive: false } => Ok(all([
            writer.compare(point, Comparison::Greater, low)?,
            writer.compare(point, Comparison::Less, high)?,
        ])),
        DateTest::NotBetween { low, high } => Ok(any([
            writer.compare(point, Comparison::Less, low)?,
            writer.compare(point, Comparison::Greater, high)?,
        ])),
        DateTest::Anniversary { first, last } => writer.anniversary(point.value, first, last),
    }
}

struct Writer<'a> {
    dates: DateStyle,
    tongue: &'a dyn SqlDialect,
}

impl Writer<'_> {
    fn compare(
        &self,
        point: Point,
        comparison: Comparison,
        date: &ResolvedDate<TimePoint>,
    ) -> Result<String, Unsupported> {
        let operator = match comparison {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        };
        Ok(format!("{} {operator} {}", self.side(point, date), self.moment(date)?))
    }

    /// What is compared with a moment: with a day the calendar day, with an instant the instant.
    fn side(&self, point: Point, date: &ResolvedDate<TimePoint>) -> String {
        match date.at {
            TimePoint::Day(_) if point.has_time => self.tongue.day_of(point.value),
            TimePoint::Day(_) | TimePoint::Instant(_) => point.value.to_owned(),
        }
    }

    fn moment(&self, date: &ResolvedDate<TimePoint>) -> Result<String, Unsupported> {
        match date.at {
            TimePoint::Day(day) => self.day(ResolvedDate { at: day, relative: date.relative }),
            TimePoint::Instant(instant) => {
                within_calendars(instant.date())?;
                Ok(self.tongue.instant(instant))
            }
        }
    }

    fn day(&self, date: ResolvedDate<NaiveDate>) -> Result<String, Unsupported> {
        within_calendars(date.at)?;
        Ok(match (date.relative, self.dates) {
            (None, _) => self.tongue.day(date.at),
            (Some(words), DateStyle::Resolved) => format!("{} /* {words} */", self.tongue.day(date.at)),
            (Some(RelativeDate::Shift(n, unit)), DateStyle::Relative) => self.tongue.shifted_today(n, unit),
            (Some(RelativeDate::StartOf(period)), DateStyle::Relative) => {
                self.tongue.start_of(period, self.tongue.today())
            }
        })
    }

    /// The anniversary in the first day's year, or in the last day's, is between them.
    fn anniversary(
        &self,
        value: &str,
        first: &ResolvedDate<NaiveDate>,
        last: &ResolvedDate<NaiveDate>,
    ) -> Result<String, Unsupported> {
        let (low, high) = (self.day(*first)?, self.day(*last)?);
        let is_relative = self.dates == DateStyle::Relative;
        let new_year = |date: &ResolvedDate<NaiveDate>, written: &str| match date.relative {
            Some(_) if is_relative => self.tongue.start_of(DatePeriod::Year, written),
            _ => self.tongue.day(date.at.with_ordinal(1).unwrap_or(date.at)),
        };
        let mut years = vec![new_year(first, &low), new_year(last, &high)];
        years.dedup();
        let years = years.iter().map(|year| {
            let anniversary = self.tongue.anniversary(value, year);
            format!("{anniversary}\n    BETWEEN {low} AND {high}")
        });
        Ok(any(years))
    }
}

/// Engines agree on the years from 1 to 9999.
fn within_calendars(day: NaiveDate) -> Result<(), Unsupported> {
    if (1..=9999).contains(&day.year()) {
        return Ok(());
    }
    Err(Unsupported {
        message: format!("{day} is beyond the calendars of SQL, which have the years from 1 to 9999"),
        help: "choose a day that is closer".to_owned(),
    })
}
