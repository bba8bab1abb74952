//! Dates as documents write them: absolute, or relative to the day of evaluation.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::date_error::DateError;
use super::json::brief;

/// The largest N of "N days ago".
const MOST_UNITS: i32 = 10_000;

/// A date as written in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateValue {
    /// A day or an instant.
    Absolute(TimePoint),
    /// Words such as "3 months ago", as they were written.
    Relative(String),
}

/// A point on the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimePoint {
    /// A whole day.
    Day(NaiveDate),
    /// A second.
    Instant(NaiveDateTime),
}

impl TimePoint {
    /// For telling reversed ends: a day counts as its midnight.
    #[must_use]
    pub fn start(self) -> NaiveDateTime {
        match self {
            Self::Day(day) => day.into(),
            Self::Instant(instant) => instant,
        }
    }
}

impl std::fmt::Display for TimePoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Instant(instant) => write!(f, "{instant}"),
        }
    }
}

/// A date of a condition with its origin. Two are equal if they mean the same, whatever their origin.
#[derive(Clone, Copy, Debug)]
pub struct ResolvedDate<T> {
    /// What it means on the day of evaluation.
    pub at: T,
    /// What it was written as, if that depends on the day.
    pub relative: Option<RelativeDate>,
}

impl<T: PartialEq> PartialEq for ResolvedDate<T> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl<T: Eq> Eq for ResolvedDate<T> {}

impl<T: std::hash::Hash> std::hash::Hash for ResolvedDate<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.at.hash(state);
    }
}

impl DateValue {
    /// Reads what a person types: a calendar date, else relative words, which may be short: `3m` and `last 3 months`
    /// are 3 months ago.
    ///
    /// # Errors
    /// The text is neither.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        match parse_absolute(text) {
            Err(DateError::NotADate(_)) => {
                let probe = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
                match (resolve_relative(text, probe), short_words(text)) {
                    (Err(DateError::NotADate(_)), Some(words)) => {
                        resolve_relative(&words, probe).map(|_| Self::Relative(words))
                    }
                    (resolved, _) => resolved.map(|_| Self::Relative(text.to_owned())),
                }
            }
            other => other.map(Self::Absolute),
        }
    }

    /// Reads a value of a document: a string, or `{"relative": "..."}`.
    ///
    /// # Errors
    /// The value is neither, or its text is no date. Relative words are judged when resolved.
    pub fn from_json(value: &Value) -> Result<Self, DateError> {
        match value {
            Value::String(text) => parse_absolute(text).map(Self::Absolute),
            Value::Object(map) => match map.get("relative") {
                Some(Value::String(words)) => Ok(Self::Relative(words.clone())),
                _ => Err(DateError::NotRelative(value.clone())),
            },
            other => Err(DateError::NotADate(brief(other))),
        }
    }

    /// The value as documents write it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Absolute(time_point) => Value::String(time_point.to_string()),
            Self::Relative(words) => serde_json::json!({ "relative": words }),
        }
    }

    /// What is meant on the day `as_of`.
    ///
    /// # Errors
    /// The relative words are none that the language knows.
    pub fn resolve(&self, as_of: NaiveDate) -> Result<ResolvedDate<TimePoint>, DateError> {
        Ok(match self {
            Self::Absolute(time_point) => ResolvedDate { at: *time_point, relative: None },
            Self::Relative(words) => ResolvedDate {
                at: TimePoint::Day(resolve_relative(words, as_of)?),
                relative: Some(RelativeDate::parse(words)?),
            },
        })
    }
}

/// The words of the language for those that are only typed: `90d`, `3m`, `1y`, `last 30 days`, `past 2w`, `past year`.
fn short_words(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let (words, is_span) = match words.as_slice() {
        ["last" | "past", rest @ ..] => (rest, true),
        rest => (rest, false),
    };
    let (number, unit) = match *words {
        [unit] if is_span && unit.starts_with(|letter: char| letter.is_alphabetic()) => {
            return (lower.starts_with("past") && self::unit(unit).is_some() && !unit.ends_with('s'))
                .then(|| format!("1 {unit} ago"));
        }
        [short] => short.split_at(short.find(|letter: char| !letter.is_ascii_digit())?),
        [number, unit] if is_span => (number, unit),
        _ => return None,
    };
    let unit = match unit {
        "d" => "days",
        "w" => "weeks",
        "m" => "months",
        "q" => "quarters",
        "y" => "years",
        unit if is_span && self::unit(unit).is_some() => unit,
        _ => return None,
    };
    let has_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    let unit = if number == "1" { unit.trim_end_matches('s') } else { unit };
    has_number.then(|| format!("{number} {unit} ago"))
}

fn parse_absolute(text: &str) -> Result<TimePoint, DateError> {
    let shaped = |shape: &str| {
        text.len() == shape.len()
            && text
                .bytes()
                .zip(shape.bytes())
                .all(|(b, s)| if s == b'0' { b.is_ascii_digit() } else { b == s })
    };
    let missing = || DateError::NoSuchDate(text.to_owned());
    if shaped("0000-00-00") {
        return NaiveDate::parse_from_str(text, "%Y-%m-%d").map(TimePoint::Day).map_err(|_| missing());
    }
    let formats = [
        ("0000-00-00 00:00:00", "%Y-%m-%d %H:%M:%S"),
        ("0000-00-00T00:00:00", "%Y-%m-%dT%H:%M:%S"),
        ("0000-00-00 00:00:00Z", "%Y-%m-%d %H:%M:%SZ"),
        ("0000-00-00T00:00:00Z", "%Y-%m-%dT%H:%M:%SZ"),
    ];
    for (shape, format) in formats {
        if shaped(shape) {
            // chrono reads second 60 as a leap second; a document's day has none.
            let leap = text.get(17..19) == Some("60");
            let instant = NaiveDateTime::parse_from_str(text, format).ok().filter(|_| !leap);
            return instant.map(TimePoint::Instant).ok_or_else(missing);
        }
    }
    Err(DateError::NotADate(text.to_owned()))
}

/// Words such as "3 months ago", understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelativeDate {
    /// So many units from the day of evaluation, backwards where negative, at most 10,000; 0 is the day itself.
    Shift(i32, DateUnit),
    /// The first day of the period that the day of evaluation is in.
    StartOf(DatePeriod),
}

/// What relative dates count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateUnit {
    Day,
    /// Seven days.
    Week,
    /// By the calendar, clamped to the last day of the month.
    Month,
    /// Three months.
    Quarter,
    /// Twelve months.
    Year,
}

/// What has a first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DatePeriod {
    /// From Monday on.
    Week,
    /// The calendar's month.
    Month,
    /// From January, April, July or October on.
    Quarter,
    /// From January on.
    Year,
}

impl RelativeDate {
    /// Reads relative words. Case and repeated blanks do not matter.
    ///
    /// # Errors
    /// The words are none of the language, or take more than 10,000 units.
    pub fn parse(words: &str) -> Result<Self, DateError> {
        let unknown = || DateError::NotADate(words.to_owned());
        let lower = words.to_lowercase().replace('-', " - ").replace('+', " + ");
        let tokens: Vec<&str> = lower.split_whitespace().collect();
        let shift = |n: &str, unit_word: &str, sign: i32| {
            let unit = unit(unit_word).ok_or_else(unknown)?;
            if n.is_empty() || !n.bytes().all(|b| b.is_ascii_digit()) {
                return Err(unknown());
            }
            let n = n.parse::<i32>().ok().filter(|n| *n <= MOST_UNITS);
            n.map(|n| Self::Shift(sign * n, unit)).ok_or_else(|| DateError::TooFar(words.to_owned()))
        };
        match *tokens.as_slice() {
            ["today" | "now"] => Ok(Self::Shift(0, DateUnit::Day)),
            ["yesterday"] => Ok(Self::Shift(-1, DateUnit::Day)),
            ["tomorrow"] => Ok(Self::Shift(1, DateUnit::Day)),
            [n, unit, "ago"] | ["today" | "now", "-", n, unit] => shift(n, unit, -1),
            [n, unit, "from", "now"] | ["in", n, unit] | ["today" | "now", "+", n, unit] => shift(n, unit, 1),
            ["start", "of", "week"] => Ok(Self::StartOf(DatePeriod::Week)),
            ["start", "of", "month"] => Ok(Self::StartOf(DatePeriod::Month)),
            ["start", "of", "quarter"] => Ok(Self::StartOf(DatePeriod::Quarter)),
            ["start", "of", "year"] => Ok(Self::StartOf(DatePeriod::Year)),
            _ => Err(unknown()),
        }
    }

    /// The day that is meant on the day `as_of`; `None` beyond the calendar.
    #[must_use]
    pub fn on(self, as_of: NaiveDate) -> Option<NaiveDate> {
        let (n, days, months) = match self {
            Self::StartOf(period) => return start_of(period, as_of),
            Self::Shift(n, DateUnit::Day) => (n, 1, 0),
            Self::Shift(n, DateUnit::Week) => (n, 7, 0),
            Self::Shift(n, DateUnit::Month) => (n, 0, 1),
            Self::Shift(n, DateUnit::Quarter) => (n, 0, 3),
            Self::Shift(n, DateUnit::Year) => (n, 0, 12),
        };
        let size = n.unsigned_abs();
        let (days, months) = (Days::new(u64::from(size * days)), Months::new(size * months));
        match n {
            ..0 => as_of.checked_sub_days(days)?.checked_sub_months(months),
            0.. => as_of.checked_add_days(days)?.checked_add_months(months),
        }
    }
}

/// In canonical words: "3 months ago", whatever was written.
impl std::fmt::Display for RelativeDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (n, unit) = match self {
            Self::StartOf(DatePeriod::Week) => return f.write_str("start of week"),
            Self::StartOf(DatePeriod::Month) => return f.write_str("start of month"),
            Self::StartOf(DatePeriod::Quarter) => return f.write_str("start of quarter"),
            Self::StartOf(DatePeriod::Year) => return f.write_str("start of year"),
            Self::Shift(0, _) => return f.write_str("today"),
            Self::Shift(-1, DateUnit::Day) => return f.write_str("yesterday"),
            Self::Shift(1, DateUnit::Day) => return f.write_str("tomorrow"),
            Self::Shift(n, DateUnit::Day) => (n, "day"),
            Self::Shift(n, DateUnit::Week) => (n, "week"),
            Self::Shift(n, DateUnit::Month) => (n, "month"),
            Self::Shift(n, DateUnit::Quarter) => (n, "quarter"),
            Self::Shift(n, DateUnit::Year) => (n, "year"),
        };
        let size = n.unsigned_abs();
        let plural = if size == 1 { "" } else { "s" };
        let direction = if *n < 0 { "ago" } else { "from now" };
        write!(f, "{size} {unit}{plural} {direction}")
    }
}

fn unit(word: &str) -> Option<DateUnit> {
    Some(match word {
        "day" | "days" => DateUnit::Day,
        "week" | "weeks" => DateUnit::Week,
        "month" | "months" => DateUnit::Month,
        "quarter" | "quarters" => DateUnit::Quarter,
        "year" | "years" => DateUnit::Year,
        _ => return None,
    })
}

/// The day that relative words mean on `as_of`: months move by the calendar and clamp to the last
/// day of the month, weeks start on Monday. Case and repeated blanks do not matter.
///
/// # Errors
/// The words are none of the language, or take more than 10,000 units.
pub(crate) fn resolve_relative(words: &str, as_of: NaiveDate) -> Result<NaiveDate, DateError> {
    RelativeDate::parse(words)?.on(as_of).ok_or_else(|| DateError::TooFar(words.to_owned()))
}

fn start_of(period: DatePeriod, day: NaiveDate) -> Option<NaiveDate> {
    match period {
        DatePeriod::Month => day.with_day(1),
        DatePeriod::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
        DatePeriod::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        DatePeriod::Week => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn words_resolve_by_the_calendar() {
        let on = |words: &str, as_of: &str| resolve_relative(words, day(as_of)).unwrap().to_string();
        assert_eq!(on("1 month ago", "2024-03-31"), "2024-02-29");
        assert_eq!(on("1 month ago", "2025-03-31"), "2025-02-28");
        assert_eq!(on("Now  - 1  YEAR", "2024-02-29"), "2023-02-28");
        assert_eq!(on("today-3 months", "2025-12-31"), "2025-09-30");
        assert_eq!(on("in 2 quarters", "2025-08-31"), "2026-02-28");
        assert_eq!(on("2 weeks from now", "2025-12-31"), "2026-01-14");
        assert_eq!(on("start of week", "2024-03-03"), "2024-02-26");
        assert_eq!(on("START of Quarter", "2024-12-31"), "2024-10-01");
        assert_eq!(on("10000 years ago", "2025-01-01"), "-7975-01-01");
    }

    #[test]
    fn nonsense_is_refused() {
        for words in [
            "",
            "soon",
            "3 months",
            "x days ago",
            "-3 days ago",
            "+3 days ago",
            "1.5 days ago",
            "start of day",
        ] {
            assert!(
                matches!(resolve_relative(words, day("2024-01-01")), Err(DateError::NotADate(_))),
                "{words}"
            );
        }
        assert!(matches!(resolve_relative("10001 days ago", day("2024-01-01")), Err(DateError::TooFar(_))));
        assert!(matches!(
            resolve_relative("99999999999 days ago", day("2024-01-01")),
            Err(DateError::TooFar(_))
        ));
    }

    #[test]
    fn short_words_are_understood_where_they_are_typed_and_nowhere_else() {
        for (typed, words) in [
            ("3m", "3 months ago"),
            (" 90D ", "90 days ago"),
            ("1y", "1 year ago"),
            ("2w", "2 weeks ago"),
            ("1q", "1 quarter ago"),
            ("last 30 days", "30 days ago"),
            ("Past  3 months", "3 months ago"),
            ("last 3m", "3 months ago"),
            ("past year", "1 year ago"),
        ] {
            assert_eq!(DateValue::parse(typed), Ok(DateValue::Relative(words.to_owned())), "{typed}");
            assert!(RelativeDate::parse(typed).is_err(), "{typed}");
        }
        for typed in
            ["3", "m", "3x", "3mm", "last", "last days", "last 3", "last year", "-3m", "3.5m", "past months"]
        {
            assert!(matches!(DateValue::parse(typed), Err(DateError::NotADate(_))), "{typed}");
        }
        assert!(matches!(DateValue::parse("99999d"), Err(DateError::TooFar(_))));
    }

    #[test]
    fn what_was_understood_has_words() {
        let said = |words: &str| {
            let relative = RelativeDate::parse(words).unwrap();
            assert_eq!(RelativeDate::parse(&relative.to_string()), Ok(relative));
            relative.to_string()
        };
        assert_eq!(said("today-3 MONTH"), "3 months ago");
        assert_eq!(said("in 1 week"), "1 week from now");
        assert_eq!(said("1 days ago"), "yesterday");
        assert_eq!(said("now + 0 days"), "today");
        assert_eq!(said("start  of quarter"), "start of quarter");
    }

    #[test]
    fn absolute_dates() {
        assert_eq!(
            DateValue::parse("2024-02-29"),
            Ok(DateValue::Absolute(TimePoint::Day(day("2024-02-29"))))
        );
        assert_eq!(DateValue::parse("2024-02-30"), Err(DateError::NoSuchDate("2024-02-30".into())));
        for text in ["2024-02-29 10:00:00", "2024-02-29T10:00:00", "2024-02-29T10:00:00Z"] {
            assert!(
                matches!(DateValue::parse(text), Ok(DateValue::Absolute(TimePoint::Instant(_)))),
                "{text}"
            );
        }
        for text in ["2024-02-29 24:00:00", "2024-02-29 10:00:60"] {
            assert!(matches!(DateValue::parse(text), Err(DateError::NoSuchDate(_))), "{text}");
        }
    }
}
