//! Usual ways of writing dates that do not begin with the year: which of them a text fits. They are never read by
//! themselves, but told to whoever may declare one.

use chrono::NaiveDate;

/// Which usual ways are open: those of the date, of what stands before the time, and of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UsualDates {
    dates: u32,
    marks: u8,
    times: u8,
}

/// The formats of dates, in the order in which they are told.
const DATES: [&str; 24] = [
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%y/%m/%d",
    "%d.%m.%y",
    "%d-%m-%y",
    "%m-%d-%y",
    "%y-%m-%d",
    "%Y.%m.%d",
    "%d-%b-%Y",
    "%d-%B-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d/%b/%Y",
    "%d-%b-%y",
    "%d %b %y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%B %d %Y",
];
/// What may stand between date and time.
const MARKS: [&str; 3] = [" ", ", ", "T"];
/// The formats of times; the first is none at all.
const TIMES: [&str; 6] = ["", "%H:%M", "%H:%M:%S", "%H:%M:%S%.f", "%I:%M %p", "%I:%M:%S %p"];

impl UsualDates {
    /// All are open.
    pub const ALL: Self = Self { dates: (1 << DATES.len()) - 1, marks: 7, times: 63 };
    /// None is.
    pub const NONE: Self = Self { dates: 0, marks: 0, times: 0 };

    pub fn is_none(self) -> bool {
        self.dates == 0 || self.marks == 0 || self.times == 0
    }

    /// What both have open.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            dates: self.dates & other.dates,
            marks: self.marks & other.marks,
            times: self.times & other.times,
        }
    }

    /// The formats that are open, with whether they are of datetimes. Of two ways to write the same time, or the
    /// same name of a month, it is the simpler.
    pub fn formats(self) -> Vec<(String, bool)> {
        let is_open = |bits: u32, at: usize| bits >> at & 1 == 1;
        let first = |bits: u8, words: &[&'static str]| {
            words.iter().enumerate().find(|(at, _)| is_open(u32::from(bits), *at)).map(|(_, word)| *word)
        };
        let (Some(mark), Some(time)) = (first(self.marks, &MARKS), first(self.times, &TIMES)) else {
            return Vec::new();
        };
        let mut formats = Vec::new();
        for (at, date) in DATES.iter().enumerate().filter(|(at, _)| is_open(self.dates, *at)) {
            let is_long_month = date.contains("%B") && at > 0 && is_open(self.dates, at - 1);
            if !is_long_month {
                let mark = if time.is_empty() { "" } else { mark };
                formats.push((format!("{date}{mark}{time}"), !time.is_empty()));
            }
        }
        formats
    }

    /// The ways that a text fits.
    pub fn of(text: &str) -> Self {
        let text = text.strip_prefix(' ').unwrap_or(text);
        let text = text.strip_suffix(' ').unwrap_or(text);
        let Some((dates, rest)) = date(text) else {
            return Self::NONE;
        };
        if rest.is_empty() {
            return Self { dates, marks: Self::ALL.marks, times: 1 };
        }
        // The longer mark first, which begins with none of the others.
        for (at, mark) in MARKS.iter().enumerate() {
            if let Some(times) = rest.strip_prefix(mark).and_then(time) {
                return Self { dates, marks: 1 << at, times };
            }
        }
        Self::NONE
    }
}

/// The formats that a text begins with, and what follows them.
fn date(text: &str) -> Option<(u32, &str)> {
    let (first, rest) = run(text, u8::is_ascii_digit);
    if first.is_empty() {
        return month_first(text);
    }
    let mark = rest.chars().next().filter(|mark| matches!(mark, '/' | '.' | '-' | ' '))?;
    let rest = rest.strip_prefix(mark)?;
    let (name, after) = run(rest, u8::is_ascii_alphabetic);
    if !name.is_empty() {
        let (year, rest) = run(after.strip_prefix(mark)?, u8::is_ascii_digit);
        let (month, is_short) = month(name)?;
        let known = known_year(year)?;
        valid(known, month, day(first)?)?;
        let (short, long) = match (mark, year.len()) {
            ('-', 4) => const { (bit("%d-%b-%Y"), bit("%d-%B-%Y")) },
            (' ', 4) => const { (bit("%d %b %Y"), bit("%d %B %Y")) },
            ('/', 4) => const { (bit("%d/%b/%Y"), 0) },
            ('-', _) => const { (bit("%d-%b-%y"), 0) },
            (' ', _) => const { (bit("%d %b %y"), 0) },
            _ => return None,
        };
        return some(if is_short { short | long } else { long }, rest);
    }
    let (second, rest) = run(rest, u8::is_ascii_digit);
    let (third, rest) = run(rest.strip_prefix(mark)?, u8::is_ascii_digit);
    let fits = |year: &str, month: &str, day_of: &str| {
        Some(()).and_then(|()| valid(known_year(year)?, day(month)?, day(day_of)?)).is_some()
    };
    let fits = [fits(third, second, first), fits(third, first, second), fits(first, second, third)];
    // So short they are versions as well.
    let is_short = third.len() == 2 && [first, second].iter().any(|part| part.len() != 2);
    let formats: [u32; 3] = match (mark, third.len(), first.len()) {
        ('.', 2, 4) => const { [0, 0, bit("%Y.%m.%d")] },
        ('/', 4, _) => const { [bit("%d/%m/%Y"), bit("%m/%d/%Y"), 0] },
        ('-', 4, _) => const { [bit("%d-%m-%Y"), bit("%m-%d-%Y"), 0] },
        ('.', 4, _) => const { [bit("%d.%m.%Y"), 0, 0] },
        ('/', 2, _) => const { [bit("%d/%m/%y"), bit("%m/%d/%y"), bit("%y/%m/%d")] },
        ('-', 2, _) if !is_short => const { [bit("%d-%m-%y"), bit("%m-%d-%y"), bit("%y-%m-%d")] },
        ('.', 2, _) if !is_short => const { [bit("%d.%m.%y"), 0, 0] },
        _ => return None,
    };
    let open = formats.iter().zip(fits).map(|(format, fits)| if fits { *format } else { 0 });
    some(open.sum(), rest)
}

/// `Feb 3, 2025`.
fn month_first(text: &str) -> Option<(u32, &str)> {
    let (name, rest) = run(text, u8::is_ascii_alphabetic);
    let (month, is_short) = month(name)?;
    let (day_of, rest) = run(rest.strip_prefix(' ')?, u8::is_ascii_digit);
    let (rest, (short, long)) = match rest.strip_prefix(',') {
        Some(rest) => (rest, const { (bit("%b %d, %Y"), bit("%B %d, %Y")) }),
        None => (rest, const { (bit("%b %d %Y"), bit("%B %d %Y")) }),
    };
    let (year, rest) = run(rest.strip_prefix(' ')?, u8::is_ascii_digit);
    valid(known_year(year).filter(|_| year.len() == 4)?, month, day(day_of)?)?;
    some(if is_short { short | long } else { long }, rest)
}

/// The set of these formats, if there are any.
fn some(formats: u32, rest: &str) -> Option<(u32, &str)> {
    (formats != 0).then_some((formats, rest))
}

/// A format as a bit, found when the program is built.
const fn bit(format: &str) -> u32 {
    let (mut bit, mut known): (u32, &[&str]) = (1, &DATES);
    while let [first, others @ ..] = known {
        let (mut one, mut other) = (first.as_bytes(), format.as_bytes());
        while let ([letter, rest @ ..], [same, others @ ..]) = (one, other)
            && *letter == *same
        {
            (one, other) = (rest, others);
        }
        if one.is_empty() && other.is_empty() {
            return bit;
        }
        (bit, known) = (bit << 1, others);
    }
    0
}

/// The formats of times that a text fits.
fn time(text: &str) -> Option<u8> {
    let (hours, rest) = run(text, u8::is_ascii_digit);
    let (minutes, rest) = run(rest.strip_prefix(':')?, u8::is_ascii_digit);
    let hour: u8 = hours.parse().ok().filter(|_| hours.len() <= 2)?;
    let is_sixty = |text: &str| text.len() == 2 && text < "60";
    let (has_seconds, rest) = match rest.strip_prefix(':') {
        None => (false, rest),
        Some(rest) => {
            let (seconds, rest) = run(rest, u8::is_ascii_digit);
            is_sixty(seconds).then_some((true, rest))?
        }
    };
    if !is_sixty(minutes) {
        return None;
    }
    let half = rest.strip_prefix(' ').unwrap_or(rest);
    if half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm") {
        return (1..=12).contains(&hour).then_some(if has_seconds { 1 << 5 } else { 1 << 4 });
    }
    let fraction = rest.strip_prefix('.').map(|rest| run(rest, u8::is_ascii_digit));
    match fraction {
        _ if hour > 23 => None,
        None if rest.is_empty() => Some(if has_seconds { 1 << 2 | 1 << 3 } else { 1 << 1 }),
        Some((digits, "")) if has_seconds && matches!(digits.len(), 1..=9) => Some(1 << 3),
        _ => None,
    }
}

/// The leading bytes of a kind, all of them ASCII, and what follows.
fn run(text: &str, is_of: impl Fn(&u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !is_of(&byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or(("", text))
}

/// A day or month of one or two digits.
fn day(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.len() <= 2)
}

/// A year of four digits such as tables have, also as "never" and "for ever"; or of two, as `strftime` has them.
fn known_year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        4 => matches!(year, 1 | 1753..=2199 | 9999).then_some(year),
        2 => Some(if year < 70 { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}

fn valid(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The number of a month by its English name, and whether it is a short one.
fn month(name: &str) -> Option<(u32, bool)> {
    const LONG: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let found = LONG.iter().zip(1..).find(|(long, _)| {
        let short = long.get(..3).unwrap_or(long);
        name.eq_ignore_ascii_case(long) || name.eq_ignore_ascii_case(short)
    });
    found.map(|(_, month)| (month, name.len() == 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::csv::date_format::DateFormat;
    use chrono::DateTime;
    use proptest::prelude::*;

    fn formats(texts: &[&str]) -> Vec<String> {
        let all = texts.iter().fold(UsualDates::ALL, |all, text| all.and(UsualDates::of(text)));
        all.formats().into_iter().map(|(format, _)| format).collect()
    }

    #[test]
    fn what_all_values_fit_is_found() {
        assert_eq!(formats(&["28/01/2025", "3/2/2025"]), ["%d/%m/%Y"]);
        assert_eq!(formats(&["01/02/2025", "03/04/2025"]), ["%d/%m/%Y", "%m/%d/%Y"]);
        assert_eq!(formats(&["01/02/2025", "28/01/2025", "01/28/2025"]), [""; 0]);
        assert_eq!(formats(&["03.02.2025 17:05", "3.2.2025 8:00"]), ["%d.%m.%Y %H:%M"]);
        assert_eq!(formats(&["03.02.2025 17:05:00", "03.02.2025 17:05:00.5"]), ["%d.%m.%Y %H:%M:%S%.f"]);
        assert_eq!(formats(&["1/31/2025, 3:04:05 PM", "2/1/2025, 12:00:00 am"]), ["%m/%d/%Y, %I:%M:%S %p"]);
        assert_eq!(formats(&["04-FEB-25"]), ["%d-%b-%y"]);
        assert_eq!(formats(&["4 May 2025"]), ["%d %b %Y"]);
        assert_eq!(formats(&["4 May 2025", "4 March 2025"]), ["%d %B %Y"]);
        assert_eq!(formats(&["February 4, 2025"]), ["%B %d, %Y"]);
        assert_eq!(formats(&["31.12.9999", "01.01.0001"]), ["%d.%m.%Y"]);
        assert_eq!(formats(&["28/01/25"]), ["%d/%m/%y", "%y/%m/%d"]);
        assert_eq!(formats(&["2025.01.28"]), ["%Y.%m.%d"]);
        assert_eq!(formats(&["03.02.2025", "03.02.2025 17:05"]), [""; 0]);
    }

    #[test]
    fn codes_and_versions_are_no_dates() {
        for text in [
            "2024/13",
            "12/24",
            "2024-31-12",
            "2024-30-02",
            "1.2.3",
            "10.0.1",
            "555-0101",
            "",
            "31/02/2025",
            "10-20-3040",
            "1/2/3",
            "01/02/2025 x",
            "01/02/2025 25:00",
            "01/02/2025 13:00 PM",
            "Feb",
            "May 2025",
            "4 Foo 2025",
            "é",
            "01-02/2025",
            "12:30",
            "1-2-25",
            "192.168.1.1",
            "01/02/2025 1:2",
        ] {
            assert_eq!(formats(&[text]), [""; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_told_of_a_text_reads_it(text in "[0-3]?[0-9][/. -]([01]?[0-9]|[a-z]{3}|May)[/. -][0-9]{2,4}([ T,]{0,2}[0-9]{1,2}:[0-5][0-9](:[0-5][0-9])?([.]5)?( ?[ap]m)?)?") {
            for (format, is_datetime) in UsualDates::of(&text).formats() {
                prop_assert!(DateFormat::new(&format, is_datetime).unwrap().read(&text).is_some(), "{text} {format}");
            }
        }

        #[test]
        fn every_usual_format_is_recognized(
            seconds in -2_000_000_000_i64..6_000_000_000,
            date in prop::sample::select(DATES.to_vec()),
            mark in prop::sample::select(MARKS.to_vec()),
            time in prop::sample::select(TIMES.to_vec()),
        ) {
            let mark = if time.is_empty() { "" } else { mark };
            let format = DateFormat::new(&format!("{date}{mark}{time}"), !time.is_empty()).unwrap();
            let text = DateTime::from_timestamp(seconds, 0).unwrap().format(&format.text).to_string();
            let told = UsualDates::of(&text).formats();
            let read = |(told, is_datetime): &(String, bool)| {
                DateFormat::new(told, *is_datetime).unwrap().read(&text) == format.read(&text)
            };
            prop_assert!(told.iter().any(read), "{text} {told:?}");
        }
    }
}
