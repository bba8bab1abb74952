//! How the values of a CSV table are written, as far as the manifest says (`docs/files.md`).

use std::borrow::Cow;

use super::date_format::DateFormat;
use super::number_marks::{MarkedNumber, NumberMarks, is_same};
use super::records::CsvField;
use super::settings::{OneOrMore, ValueSettings};
use crate::local::files::value_parser::{self, DAY};

/// What is declared of the values of a table.
#[derive(Clone, Debug)]
pub(crate) struct ValueRules {
    nulls: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
    /// `None` where numbers are written as nobody needs to be told.
    pub marks: Option<NumberMarks>,
    /// Those of dates, then those of datetimes, each in their order.
    pub formats: Vec<DateFormat>,
    trims: bool,
    /// Neither words for NULL nor blanks are to be looked for.
    is_as_it_stands: bool,
    is_plain: bool,
}

/// The most formats of a table.
const MOST_FORMATS: usize = 32;

/// How the dates of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateReading {
    /// As nobody needs to be told.
    Plain,
    /// By the format at this place.
    By(usize),
    /// By any format, or as nobody needs to be told: what two of them read differently is no date.
    Any,
}

impl Default for ValueRules {
    fn default() -> Self {
        Self::new(&ValueSettings::default())
    }
}

impl ValueRules {
    /// What these settings say. Of settings that [`Self::check`] refuses, only what makes sense.
    pub fn new(settings: &ValueSettings) -> Self {
        let words = |words: &Option<OneOrMore>| words.clone().map_or_else(Vec::new, |words| words.0);
        let ValueSettings { decimal, thousands, .. } = *settings;
        // Where a point stands between thousands, no fraction has one.
        let point = Some('.').filter(|point| thousands.is_none_or(|mark| !is_same(mark, *point)));
        let declared = decimal.is_some() || thousands.is_some();
        let formats = |texts: &Option<OneOrMore>, is_datetime| {
            words(texts).into_iter().filter_map(move |text| DateFormat::new(&text, is_datetime).ok())
        };
        let formats = formats(&settings.date, false).chain(formats(&settings.datetime, true));
        let formats: Vec<_> = formats.take(MOST_FORMATS).collect();
        let (nulls, yes, no) = (words(&settings.null), words(&settings.yes), words(&settings.no));
        let trims = settings.trim.unwrap_or_default();
        Self {
            marks: declared.then_some(NumberMarks { decimal: decimal.or(point), thousands }),
            is_as_it_stands: !trims && nulls.is_empty(),
            is_plain: !declared && formats.is_empty() && yes.is_empty() && no.is_empty(),
            nulls,
            yes,
            no,
            formats,
            trims,
        }
    }

    /// What in these settings contradicts itself, and what to do.
    pub fn check(settings: &ValueSettings) -> Result<(), (String, &'static str)> {
        let marks = settings.decimal.zip(settings.thousands);
        if let Some((mark, _)) = marks.filter(|(decimal, thousands)| is_same(*decimal, *thousands)) {
            return Err((
                format!("{:?} stands both for decimal and for thousands", mark.to_string()),
                "declare two different marks",
            ));
        }
        let words = |words: &Option<OneOrMore>| words.clone().map_or_else(Vec::new, |words| words.0);
        let (null, yes, no) = (words(&settings.null), words(&settings.yes), words(&settings.no));
        let twice = yes.iter().find(|word| no.contains(word) || null.contains(word));
        if let Some(word) = twice.or_else(|| no.iter().find(|word| null.contains(word))) {
            let word = crate::diagnostic::shortened(word);
            return Err((format!("{word:?} means two of null, yes and no"), "let every word mean one thing"));
        }
        if words(&settings.date).len() + words(&settings.datetime).len() > MOST_FORMATS {
            return Err((
                format!("there are more than {MOST_FORMATS} formats of dates"),
                "declare those that the table has",
            ));
        }
        Ok(())
    }

    /// The value of a field; `None` for NULL.
    pub fn value<'a>(&self, field: &CsvField<'a>) -> Option<Cow<'a, str>> {
        let value = field.value()?;
        if self.is_as_it_stands || field.is_quoted() { Some(value) } else { self.bare(value) }
    }

    fn bare<'a>(&self, value: Cow<'a, str>) -> Option<Cow<'a, str>> {
        let is_null = |text: &str| self.nulls.iter().any(|null| null == text);
        if is_null(&value) {
            return None;
        }
        if !self.trims {
            return Some(value);
        }
        let value = match value {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        Some(value).filter(|value| !value.is_empty() && !is_null(value))
    }

    /// Whether values are as nobody needs to be told, but for words that mean NULL.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// `true` and `false`, and the words for them.
    pub fn boolean(&self, text: &str) -> Option<bool> {
        let is_one = |words: &[String]| words.iter().any(|word| word == text);
        match text {
            _ if is_one(&self.yes) => Some(true),
            _ if is_one(&self.no) => Some(false),
            _ => value_parser::parse_boolean(text),
        }
    }

    pub fn integer(&self, text: &str) -> Option<i64> {
        match self.marks {
            None => value_parser::parse_integer(text),
            Some(marks) => marks.read(text).filter(MarkedNumber::is_whole)?.integer(),
        }
    }

    pub fn decimal(&self, text: &str) -> Option<f64> {
        match self.marks {
            None => value_parser::parse_decimal(text),
            Some(marks) => marks.read(text)?.decimal(),
        }
    }

    /// Days since 1970-01-01, of a midnight too.
    pub fn date(&self, text: &str, reading: DateReading) -> Option<i32> {
        if reading == DateReading::Plain {
            return value_parser::parse_date(text);
        }
        let micros = self.datetime(text, reading)?;
        (micros.rem_euclid(DAY) == 0).then(|| i32::try_from(micros.div_euclid(DAY)).ok())?
    }

    /// Microseconds since 1970-01-01 UTC, of a date its midnight.
    pub fn datetime(&self, text: &str, reading: DateReading) -> Option<i64> {
        match reading {
            DateReading::Plain => value_parser::parse_datetime(text),
            DateReading::By(at) => self.formats.get(at)?.read(text),
            DateReading::Any => {
                let declared = self.formats.iter().filter_map(|format| format.read(text));
                let mut read = declared.chain(value_parser::parse_datetime(text));
                let first = read.next()?;
                read.all(|other| other == first).then_some(first)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::csv::CsvSettings;
    use crate::local::files::csv::dialect::Dialect;
    use crate::local::files::csv::shape::{RecordRules, for_each_row};

    fn rules(toml: &str) -> ValueRules {
        ValueRules::new(&toml::from_str::<CsvSettings>(toml).unwrap().values)
    }

    fn values(rules: &ValueRules, line: &str) -> Vec<Option<String>> {
        let mut values = Vec::new();
        let width = line.matches(',').count() + 1;
        let shape = RecordRules { width, may_be_short: false };
        for_each_row(line, 1, &Dialect::default(), shape, |_, fields| {
            values.extend(fields.iter().map(|field| rules.value(field).map(Cow::into_owned)));
            Ok(())
        })
        .unwrap();
        values
    }

    #[test]
    fn words_are_null_where_they_are_not_quoted() {
        let rules = rules("null = [\"NA\", \" \"]");
        let line = "NA,\"NA\",na,NA ,, ,\" \"";
        let some = |text: &str| Some(text.to_owned());
        let expected = [None, some("NA"), some("na"), some("NA "), None, None, some(" ")];
        assert_eq!(values(&rules, line), expected);
    }

    #[test]
    fn blanks_around_bare_values_are_trimmed_where_it_is_declared() {
        let some = |text: &str| Some(text.to_owned());
        let line = " a b ,\" a\",\t, NA,\u{a0}x";
        let trims = rules("trim = true\nnull = \"NA\"");
        assert_eq!(values(&trims, line), [some("a b"), some(" a"), None, None, some("x")]);
        let plain = rules("");
        let as_it_stands = [some(" a b "), some(" a"), some("\t"), some(" NA"), some("\u{a0}x")];
        assert_eq!(values(&plain, line), as_it_stands);
    }

    #[test]
    fn numbers_are_as_declared() {
        let comma = rules("decimal = \",\"");
        assert_eq!(
            (comma.decimal("1,5"), comma.decimal("1.5"), comma.integer("1,5")),
            (Some(1.5), None, None)
        );
        let point = rules("thousands = \".\"");
        assert_eq!((point.decimal("1.234"), point.decimal("1.5")), (Some(1234.0), None));
        assert_eq!((point.integer("1.234"), point.decimal("1,5")), (Some(1234), None));
        let plain = rules("");
        assert_eq!(
            (plain.decimal("1.5"), plain.decimal("$1"), plain.decimal("+1")),
            (Some(1.5), None, Some(1.0))
        );
    }

    #[test]
    fn what_two_formats_read_differently_is_read_by_none() {
        let rules = rules("date = [\"%d/%m/%Y\", \"%m/%d/%Y\"]\ndatetime = \"%d/%m/%Y %H:%M\"");
        let (all, plain) = (DateReading::Any, DateReading::Plain);
        assert_eq!(rules.date("01/02/2025", all), None);
        assert_eq!(rules.date("01/02/2025", DateReading::By(1)), rules.date("2025-01-02", all));
        assert_eq!(rules.date("28/01/2025", all), rules.date("01/28/2025", all));
        assert_eq!(rules.date("28/01/2025 00:00", all), rules.date("2025-01-28", plain));
        assert_eq!(rules.date("28/01/2025 00:01", all), None);
        assert_eq!(rules.datetime("28/01/2025", all), rules.datetime("2025-01-28", plain));
        assert_eq!(rules.datetime("2025-01-28", DateReading::By(0)), None);
    }

    #[test]
    fn settings_that_contradict_themselves_are_refused() {
        let check =
            |toml: &str| ValueRules::check(&toml::from_str::<CsvSettings>(toml).unwrap().values).is_ok();
        for toml in [
            "decimal = \",\"\nthousands = \",\"",
            "yes = \"x\"\nno = [\"y\", \"x\"]",
            "null = \"x\"\nno = \"x\"",
        ] {
            assert!(!check(toml), "{toml}");
        }
        assert!(check("decimal = \",\"\nthousands = \".\"\nyes = \"x\"\nno = \"y\"\nnull = \"z\""));
    }
}
