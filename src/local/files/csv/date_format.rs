//! Dates and datetimes as the manifest says that they are written, in the letters of `strftime`.

use std::fmt::Write as _;

use chrono::format::{Fixed, Item, Numeric, Parsed, StrftimeItems, parse_and_remainder};
use chrono::{NaiveDate, Timelike};

use crate::diagnostic::shortened;
use crate::local::files::value_parser::DAY;

/// One way of writing dates, or datetimes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DateFormat {
    /// As the manifest has it.
    pub text: String,
    pub is_datetime: bool,
    items: Vec<Item<'static>>,
    /// For each item, how many digits it must have: a year has four, and numbers that touch have all of theirs, or
    /// nobody could tell where one ends.
    widths: Vec<Option<usize>>,
}

impl DateFormat {
    /// A format, or why it is none.
    pub fn new(text: &str, is_datetime: bool) -> Result<Self, String> {
        let no_format = || {
            let (what, example) =
                if is_datetime { ("datetimes", "%d/%m/%Y %H:%M") } else { ("dates", "%d/%m/%Y") };
            format!("{:?} is no format of {what}; write one such as {example:?}", shortened(text))
        };
        let items = StrftimeItems::new(text).parse_to_owned().map_err(|_| no_format())?;
        if items.iter().any(|item| matches!(item, Item::Fixed(Fixed::TimezoneName))) {
            return Err(format!("{:?} has %Z, which names no zone for certain; write %z", shortened(text)));
        }
        if !is_datetime && items.iter().any(is_of_time) {
            return Err(format!("{:?} has a time; write it as datetime = …", shortened(text)));
        }
        let widths = (0..items.len()).map(|at| width(&items, at)).collect();
        let this = Self { text: text.to_owned(), is_datetime, items, widths };
        // What is written by it must be read by it: one without a year or without hours is none.
        let sample = NaiveDate::from_ymd_opt(2024, 11, 23).and_then(|day| day.and_hms_opt(17, 45, 56));
        let is_read = sample.is_some_and(|sample| {
            let mut written = String::new();
            let done = write!(written, "{}", sample.and_utc().format_with_items(this.items.iter()));
            let minute = |micros: i64| if is_datetime { micros / 60_000_000 } else { micros / DAY };
            let read = this.read(&written).map(minute);
            done.is_ok() && read == Some(minute(sample.and_utc().timestamp_micros()))
        });
        if is_read { Ok(this) } else { Err(no_format()) }
    }

    /// Whether it writes nothing but a count of seconds, as any whole number is one.
    pub fn is_count(&self) -> bool {
        matches!(self.items.as_slice(), [Item::Numeric(Numeric::Timestamp, _)])
    }

    /// A text that is written so, as microseconds since 1970-01-01 UTC; of dates their midnight. One blank may stand
    /// at either end, and zeros before days, months and hours may lack.
    pub fn read(&self, text: &str) -> Option<i64> {
        let text = text.strip_prefix(' ').unwrap_or(text);
        let mut rest = text.strip_suffix(' ').unwrap_or(text);
        let mut parsed = Parsed::new();
        for (item, width) in self.items.iter().zip(&self.widths) {
            let before = rest.trim_ascii_start();
            rest = parse_and_remainder(&mut parsed, rest, std::iter::once(item)).ok()?;
            if width.is_some_and(|width| before.len() != rest.len() + width) {
                return None;
            }
        }
        if !rest.is_empty() {
            return None;
        }
        if !self.is_datetime {
            return Some(parsed.to_naive_date().ok()?.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros());
        }
        let offset = parsed.offset().unwrap_or_default();
        let local = parsed.to_naive_datetime_with_offset(offset).ok()?;
        // No leap seconds, as in dates that need no format.
        (local.nanosecond() < 1_000_000_000)
            .then(|| local.and_utc().timestamp_micros() - i64::from(offset) * 1_000_000)
    }
}

fn width(items: &[Item<'_>], at: usize) -> Option<usize> {
    let Some(Item::Numeric(numeric, _)) = items.get(at) else {
        return None;
    };
    let is_number = |at: Option<usize>| {
        at.and_then(|at| items.get(at)).is_some_and(|item| matches!(item, Item::Numeric(..)))
    };
    let touches = is_number(at.checked_sub(1)) || is_number(at.checked_add(1));
    match numeric {
        Numeric::Year | Numeric::IsoYear => Some(4),
        Numeric::YearMod100 | Numeric::IsoYearMod100 | Numeric::YearDiv100 | Numeric::IsoYearDiv100 => {
            Some(2)
        }
        Numeric::Ordinal => touches.then_some(3),
        Numeric::Month | Numeric::Day | Numeric::IsoWeek => touches.then_some(2),
        Numeric::Hour | Numeric::Hour12 | Numeric::Minute | Numeric::Second => touches.then_some(2),
        _ => None,
    }
}

fn is_of_time(item: &Item<'_>) -> bool {
    match item {
        Item::Numeric(numeric, _) => matches!(
            numeric,
            Numeric::Hour
                | Numeric::Hour12
                | Numeric::Minute
                | Numeric::Second
                | Numeric::Nanosecond
                | Numeric::Timestamp
        ),
        Item::Fixed(fixed) => !matches!(
            fixed,
            Fixed::ShortMonthName | Fixed::LongMonthName | Fixed::ShortWeekdayName | Fixed::LongWeekdayName
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    fn date(format: &str, text: &str) -> Option<String> {
        let micros = DateFormat::new(format, false).unwrap().read(text)?;
        Some(DateTime::from_timestamp_micros(micros).unwrap().format("%Y-%m-%d").to_string())
    }

    fn datetime(format: &str, text: &str) -> Option<String> {
        let micros = DateFormat::new(format, true).unwrap().read(text)?;
        Some(DateTime::from_timestamp_micros(micros).unwrap().format("%Y-%m-%d %H:%M:%S%.f").to_string())
    }

    #[test]
    fn dates_are_read_as_they_are_declared() {
        let second = Some("2025-02-01".to_owned());
        for (format, text) in [
            ("%d/%m/%Y", "01/02/2025"),
            ("%d/%m/%Y", "1/2/2025"),
            ("%m/%d/%Y", "2/1/2025"),
            ("%d.%m.%Y", " 01.02.2025 "),
            ("%d-%b-%Y", "01-FEB-2025"),
            ("%d %B %Y", "1 february 2025"),
            ("%d.%m.%y", "01.02.25"),
            ("%Y%m%d", "20250201"),
            ("%a, %d %b %Y", "Sat, 01 Feb 2025"),
        ] {
            assert_eq!(date(format, text), second, "{format} {text}");
        }
        for (format, text) in [
            ("%d/%m/%Y", "01/02/25"),
            ("%d/%m/%Y", "31/02/2025"),
            ("%d/%m/%Y", "01/13/2025"),
            ("%d/%m/%Y", "01/02/2025x"),
            ("%d/%m/%Y", "01/02/+2025"),
            ("%d/%m/%y", "01/02/2025"),
            ("%d/%m/%y", "01/02/5"),
            ("%Y%m%d", "2025021"),
            ("%Y%m%d", "202502011"),
            ("%a, %d %b %Y", "Sun, 01 Feb 2025"),
            ("%d/%m/%Y", ""),
            ("%d/%m/%Y", "é1/02/2025"),
        ] {
            assert_eq!(date(format, text), None, "{format} {text}");
        }
    }

    #[test]
    fn datetimes_are_utc() {
        let noon = Some("2025-02-01 12:05:00".to_owned());
        for (format, text) in [
            ("%d.%m.%Y %H:%M", "01.02.2025 12:05"),
            ("%d.%m.%Y %H:%M:%S", "1.2.2025 12:05:00"),
            ("%m/%d/%Y %I:%M %p", "2/1/2025 12:05 pm"),
            ("%d.%m.%Y %H:%M %z", "01.02.2025 14:05 +0200"),
            ("%d.%m.%Y %H:%M:%S%.f", "01.02.2025 12:05:00.0000001"),
            ("%s", "1738411500"),
        ] {
            assert_eq!(datetime(format, text), noon, "{format} {text}");
        }
        assert_eq!(datetime("%d.%m.%Y %H:%M:%S", "01.02.2025 12:05:60"), None);
        assert_eq!(datetime("%d.%m.%Y %H:%M", "01.02.2025 24:05"), None);
        assert!(DateFormat::new("%s", true).unwrap().is_count());
    }

    #[test]
    fn what_does_not_say_the_day_or_the_time_is_no_format() {
        for text in ["", "date", "%d/%m", "%Y", "%Q", "%", "dd.mm.yyyy", "%m %Y", "%y-%q"] {
            assert!(DateFormat::new(text, false).unwrap_err().contains("%d/%m/%Y"), "{text}");
        }
        for text in ["%d/%m/%Y", "%H:%M", "%d/%m/%Y %I:%M", "%d/%m/%Y %M"] {
            assert!(DateFormat::new(text, true).unwrap_err().contains("%d/%m/%Y %H:%M"), "{text}");
        }
        for text in ["%d/%m/%Y %H:%M", "%d/%m/%Y %p", "%F %T", "%s", "%+"] {
            assert!(DateFormat::new(text, false).unwrap_err().contains("datetime ="), "{text}");
        }
        assert!(DateFormat::new("%d/%m/%Y %H:%M %Z", true).unwrap_err().contains("%z"));
        assert!(DateFormat::new(&"x".repeat(1000), false).unwrap_err().len() < 200);
    }

    proptest! {
        #[test]
        fn a_date_is_read_back_in_any_format(
            days in -80_000_i64..200_000,
            format in prop::sample::select(vec!["%d/%m/%Y", "%-m/%-d/%Y", "%d.%m.%Y", "%e-%b-%Y", "%B %d, %Y", "%Y%m%d", "%j %Y", "%G-W%V-%u"]),
        ) {
            let text = DateTime::from_timestamp(days * 86_400, 0).unwrap().format(format).to_string();
            prop_assert_eq!(DateFormat::new(format, false).unwrap().read(&text), Some(days * DAY), "{}", text);
        }

        #[test]
        fn a_datetime_is_read_back_in_any_format(
            seconds in -2_000_000_000_i64..6_000_000_000,
            format in prop::sample::select(vec!["%d/%m/%Y %H:%M:%S", "%m/%d/%Y, %I:%M:%S %p", "%Y%m%d%H%M%S", "%d.%m.%Y %T %z"]),
        ) {
            let text = DateTime::from_timestamp(seconds, 0).unwrap().format(format).to_string();
            prop_assert_eq!(DateFormat::new(format, true).unwrap().read(&text), Some(seconds * 1_000_000), "{}", text);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}", format in "[%a-zA-Z/. ]{0,8}", is_datetime: bool) {
            if let Ok(format) = DateFormat::new(&format, is_datetime) {
                let _ = format.read(&text);
            }
        }
    }
}
