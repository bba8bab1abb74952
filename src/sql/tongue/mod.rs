//! How an engine says things: one file for each dialect, which says only what differs.
//!
//! What the trait has as defaults is the SQL that all engines share, or nearly all; a dialect overrides
//! what its engine says otherwise. Everything takes and gives pieces of SQL as text. Pieces hold no line
//! break but those that may be indented, so [`SqlDialect::text`] writes the characters of values that
//! [`is_hidden`] names as escapes.

mod duckdb;
mod embedded;
mod like;
mod postgres;
mod spark;
mod trino;
mod words;

use chrono::{NaiveDate, NaiveDateTime};

pub use duckdb::DuckDb;
pub use embedded::Embedded;
pub use postgres::Postgres;
pub use spark::Spark;
pub use trino::Trino;

use super::letters::{CASED, IGNORABLE};
use super::piece::filled;
use crate::segment::{DataType, DatePeriod, DateUnit, LikeToken};

/// What an engine cannot say: what it is, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// What cannot be said.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// The ways of an engine.
pub trait SqlDialect: Sync {
    /// The types that the columns of tables are expected to have, for the head of a query.
    fn column_types(&self) -> &'static str;

    /// The type of texts.
    fn text_type(&self) -> &'static str {
        "VARCHAR"
    }

    /// The type of values, for those that are part of a query; `None` where there are none.
    fn type_of(&self, data_type: DataType) -> Option<&'static str> {
        Some(match data_type {
            DataType::String => self.text_type(),
            DataType::Integer => "BIGINT",
            DataType::Decimal => "DOUBLE",
            DataType::Boolean => "BOOLEAN",
            DataType::Date => "DATE",
            DataType::Datetime => "TIMESTAMP",
        })
    }

    /// Whether a name that consists of letters, digits and `_` and is no word of SQL stands without quotes.
    fn keeps_capitals(&self) -> bool {
        true
    }

    /// A name of a table or column, in quotes where it needs them.
    fn name(&self, name: &str) -> String {
        let is_letter =
            |c: char| c == '_' || c.is_ascii_lowercase() || (self.keeps_capitals() && c.is_ascii_uppercase());
        let is_plain =
            name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit());
        if is_plain && !words::is_reserved(name) { name.to_owned() } else { self.quoted(name) }
    }

    /// A name in quotes.
    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// A text.
    ///
    /// # Errors
    /// The engine has no such text.
    fn text(&self, text: &str) -> Result<String, Unsupported>;

    /// Any value as text.
    fn as_text(&self, value: &str) -> String {
        format!("CAST({value} AS {})", self.text_type())
    }

    /// A double that may be an id as text: a whole number without `.0`.
    fn double_as_text(&self, value: &str) -> String {
        let whole = self.as_text(&format!("CAST({value} AS DECIMAL(38, 0))"));
        format!("CASE WHEN {value} = floor({value}) THEN {whole} ELSE {} END", self.as_text(value))
    }

    /// A text in lower case, exactly as Unicode has it, as far as it matters for a comparison with texts
    /// that `asked` describes.
    fn lower(&self, value: &str, asked: &Letters) -> String {
        let mut value = value.to_owned();
        if asked.has_final_sigma {
            value = self.final_sigma(&value);
        }
        for (upper, lower) in &asked.replaced {
            value = format!("replace({value}, '{upper}', '{lower}')");
        }
        format!("lower({value})")
    }

    /// A text with every capital sigma at the end of a word in its lower case, ς.
    fn final_sigma(&self, value: &str) -> String {
        format!("regexp_replace({value}, {}, '\\1ς\\2', 'g')", final_sigma_pattern())
    }

    /// That a text matches a pattern as a whole, or does not.
    ///
    /// # Errors
    /// The engine has no such text.
    fn like(&self, value: &str, negated: bool, pieces: &[LikeToken]) -> Result<String, Unsupported> {
        like::like(value, negated, pieces, self)
    }

    /// Whether there is anything but white space, as Unicode has it, in a text.
    fn has_text(&self, value: &str) -> String {
        format!("regexp_matches({value}, '[^\\t-\\r\\x{{85}}\\p{{Z}}]')")
    }

    /// A text such that it sorts by code point.
    fn by_code_point(&self, value: &str) -> String {
        value.to_owned()
    }

    /// A double: short ones as they are, others with an exponent, which makes them doubles.
    fn double(&self, number: f64) -> String {
        let text = number.to_string();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if digits > 15 { format!("{number:e}") } else { text }
    }

    /// A number of decimal notation that sums are compared with.
    fn decimal(&self, number: &str) -> String {
        number.to_owned()
    }

    /// Whether decimals are rounded half away from zero.
    fn rounds_half_away(&self) -> bool {
        true
    }

    /// Whether groups can be ranked, and compared with dates that are worked out, where they are made.
    fn reckons_in_groups(&self) -> bool {
        true
    }

    /// The whole query, from its pieces.
    fn finished(&self, sql: String) -> String {
        sql
    }

    /// A number that adds up exactly: of nine decimals, as it says in decimal notation.
    fn exact(&self, value: &str, data_type: DataType) -> String;

    /// A day.
    fn day(&self, day: NaiveDate) -> String {
        format!("DATE '{day}'")
    }

    /// An instant, in UTC.
    fn instant(&self, instant: NaiveDateTime) -> String {
        format!("TIMESTAMP '{instant}'")
    }

    /// The day on which the query runs.
    fn today(&self) -> &'static str {
        "CURRENT_DATE"
    }

    /// So many units from today on, backwards where negative. It may be the midnight of the day.
    fn shifted_today(&self, n: i32, unit: DateUnit) -> String {
        let (size, unit) = match unit {
            DateUnit::Day => (1, "DAY"),
            DateUnit::Week => (7, "DAY"),
            DateUnit::Month => (1, "MONTH"),
            DateUnit::Quarter => (3, "MONTH"),
            DateUnit::Year => (1, "YEAR"),
        };
        let sign = match n {
            0 => return self.today().to_owned(),
            ..0 => '-',
            1.. => '+',
        };
        format!("{} {sign} INTERVAL '{}' {unit}", self.today(), n.unsigned_abs() * size)
    }

    /// The first day of the period that a day is in.
    fn start_of(&self, period: DatePeriod, day: &str) -> String {
        let period = match period {
            DatePeriod::Week => "week",
            DatePeriod::Month => "month",
            DatePeriod::Quarter => "quarter",
            DatePeriod::Year => "year",
        };
        format!("CAST(date_trunc('{period}', {day}) AS DATE)")
    }

    /// The day of an instant.
    fn day_of(&self, instant: &str) -> String {
        format!("CAST({instant} AS DATE)")
    }

    /// The day in a year that begins on `new_year` which has the month and day of `date`: so many months
    /// later, then so many days, which makes a 29 February a 1 March in other years.
    fn anniversary(&self, date: &str, new_year: &str) -> String;

    /// A number of rows by which a decimal is multiplied.
    fn factor(&self, count: &str) -> String {
        count.to_owned()
    }

    /// A query that returns texts in a column of this name. There is at least one.
    fn listed(&self, column: &str, texts: &[String]) -> String {
        let rows: Vec<String> = texts.iter().map(|text| format!("({text})")).collect();
        let rows = filled(&rows).join("\n        ");
        format!("SELECT {column}\nFROM (\n    VALUES\n        {rows}\n) AS listed ({column})")
    }
}

/// A capital sigma at the end of a word, with what stands before and after it.
fn final_sigma_pattern() -> String {
    format!("'([{CASED}][{IGNORABLE}]*)Σ([{IGNORABLE}]*([^{CASED}{IGNORABLE}]|$))'")
}

/// Whether a character is to be written as an escape in texts: those that control a terminal, or turn the
/// direction of writing.
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What matters of the letters that a text in lower case is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    /// A sigma is among them.
    pub has_final_sigma: bool,
    /// Letters that engines are known to lower otherwise, with their lower case, which is among them.
    pub replaced: Vec<(char, String)>,
}
