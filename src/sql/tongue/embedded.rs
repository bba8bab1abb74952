//! The embedded engine's own dialect, polars SQL, for conversion to a SQL segment.

use super::duckdb::without_nul;
use super::like::{like, needs_escape};
use super::{Letters, SqlDialect, Unsupported};
use crate::segment::{DataType, DatePeriod, DateUnit, LikeToken};

/// The ways of the embedded engine.
pub struct Embedded;

/// Stands for a line break in texts while lines are moved to the right; nobody writes it.
const LINE_BREAK: char = '\u{f8ff}';

impl SqlDialect for Embedded {
    fn column_types(&self) -> &'static str {
        "the types of the catalog"
    }

    /// Texts do not become values of every type.
    fn type_of(&self, _: DataType) -> Option<&'static str> {
        None
    }

    /// There are no escapes.
    fn text(&self, text: &str) -> Result<String, Unsupported> {
        if text.contains(LINE_BREAK) {
            return Err(Unsupported {
                message: "a text of a SQL segment cannot hold the character U+F8FF".to_owned(),
                help: "take it out of the value".to_owned(),
            });
        }
        let quoted = without_nul(text, "a SQL segment")?.replace('\'', "''");
        Ok(format!("'{}'", quoted.replace('\n', &LINE_BREAK.to_string())))
    }

    fn finished(&self, sql: String) -> String {
        sql.replace(LINE_BREAK, "\n")
    }

    fn double_as_text(&self, value: &str) -> String {
        let whole = self.as_text(&format!("CAST({value} AS BIGINT)"));
        format!("CASE WHEN {value} = floor({value}) THEN {whole} ELSE {} END", self.as_text(value))
    }

    /// It is Unicode's.
    fn lower(&self, value: &str, _: &Letters) -> String {
        format!("lower({value})")
    }

    /// LIKE takes no ESCAPE.
    fn like(&self, value: &str, negated: bool, pieces: &[LikeToken]) -> Result<String, Unsupported> {
        if !needs_escape(pieces) {
            return like(value, negated, pieces, self);
        }
        let pieces = pieces.iter().map(|piece| match piece {
            LikeToken::Literal(text) => text.chars().map(plain).collect(),
            LikeToken::AnyText => ".*".to_owned(),
            LikeToken::AnyCharacter => ".".to_owned(),
        });
        let pattern = self.text(&format!("(?s)^{}$", pieces.collect::<String>()))?;
        let not = if negated { "NOT " } else { "" };
        Ok(format!("{not}regexp_like({value}, {pattern})"))
    }

    fn has_text(&self, value: &str) -> String {
        format!("regexp_like({value}, '[^\\t-\\r\\x{{85}}\\p{{Z}}]')")
    }

    fn double(&self, number: f64) -> String {
        let text = number.to_string();
        if text.contains('.') { text } else { format!("{text}.0") }
    }

    fn decimal(&self, number: &str) -> String {
        format!("CAST('{number}' AS DECIMAL(38, 9))")
    }

    /// They are rounded half to even.
    fn rounds_half_away(&self) -> bool {
        false
    }

    fn reckons_in_groups(&self) -> bool {
        false
    }

    fn exact(&self, value: &str, data_type: DataType) -> String {
        let decimals = if data_type == DataType::Decimal { 9 } else { 0 };
        format!("CAST({value} AS DECIMAL(38, {decimals}))")
    }

    fn today(&self) -> &'static str {
        ":as_of"
    }

    fn shifted_today(&self, n: i32, unit: DateUnit) -> String {
        let (size, unit) = match unit {
            DateUnit::Day => (1, "days"),
            DateUnit::Week => (7, "days"),
            DateUnit::Month => (1, "months"),
            DateUnit::Quarter => (3, "months"),
            DateUnit::Year => (12, "months"),
        };
        let sign = match n {
            0 => return self.today().to_owned(),
            ..0 => '-',
            1.. => '+',
        };
        format!("{} {sign} INTERVAL '{} {unit}'", self.today(), n.unsigned_abs() * size)
    }

    fn start_of(&self, period: DatePeriod, day: &str) -> String {
        let formatted = |format: &str| format!("CAST(strftime({day}, '{format}') AS DATE)");
        match period {
            DatePeriod::Year => formatted("%Y-01-01"),
            DatePeriod::Month => formatted("%Y-%m-01"),
            DatePeriod::Quarter => {
                let starts = [(1, "%Y-01-01"), (2, "%Y-04-01"), (3, "%Y-07-01"), (4, "%Y-10-01")];
                let cases =
                    starts.map(|(quarter, start)| format!("\n    WHEN {quarter} THEN {}", formatted(start)));
                format!("CASE extract(quarter FROM {day}){}\nEND", cases.concat())
            }
            DatePeriod::Week => {
                let cases =
                    (1..7).map(|gone| format!("\n    WHEN {} THEN {day} - INTERVAL '{gone} days'", gone + 1));
                format!("CASE extract(isodow FROM {day}){}\n    ELSE {day}\nEND", cases.collect::<String>())
            }
        }
    }

    /// The day with the same name, but for 29 February, which is the day after the 28th.
    fn anniversary(&self, date: &str, new_year: &str) -> String {
        let name = format!("strftime({date}, '%m-%d')");
        let year = format!("strftime({new_year}, '%Y-')");
        let day = format!("CAST({year} || replace({name}, '02-29', '02-28') AS DATE)");
        format!("CASE\n    WHEN {name} = '02-29' THEN {day} + INTERVAL '1 days'\n    ELSE {day}\nEND")
    }
}

/// A letter of a text in a regular expression.
fn plain(letter: char) -> String {
    if letter.is_alphanumeric() || letter.is_whitespace() {
        letter.to_string()
    } else {
        format!("\\x{{{:x}}}", u32::from(letter))
    }
}
