//! What a dialect has to say, with the SQL that nearly all engines share as defaults.

use chrono::{NaiveDate, NaiveDateTime};

use super::like::LikePattern;
use super::lower_case::{DOTTED_CAPITAL_I, LowerCaseFixes, final_sigma_pattern};
use super::reserved::is_reserved;
use crate::segment::{DataType, DatePeriod, DateUnit, LikeToken};
use crate::sql::layout::{Fragment, sql, wrapped};
use crate::sql::unsupported::Unsupported;

/// How an engine writes SQL.
pub(crate) trait SqlDialect: Sync {
    /// The spelling on the command line.
    fn id(&self) -> &'static str;

    /// The spelling on screens.
    fn title(&self) -> &'static str;

    /// The types that the columns of tables are expected to have, for the head of a query.
    fn column_types(&self) -> &'static str;

    fn string_type(&self) -> &'static str {
        "VARCHAR"
    }

    /// The type of values that stand in a query; `None` where they cannot be cast to it.
    fn type_name(&self, data_type: DataType) -> Option<&'static str> {
        Some(match data_type {
            DataType::String => self.string_type(),
            DataType::Integer => "BIGINT",
            DataType::Decimal => "DOUBLE",
            DataType::Boolean => "BOOLEAN",
            DataType::Date => "DATE",
            DataType::Datetime => "TIMESTAMP",
        })
    }

    /// Whether a name with capitals may stand without quotes.
    fn keeps_capitals(&self) -> bool {
        true
    }

    /// A name of a table or column, in quotes where it needs them.
    fn identifier(&self, name: &str) -> String {
        let is_letter =
            |c: char| c == '_' || c.is_ascii_lowercase() || (self.keeps_capitals() && c.is_ascii_uppercase());
        let is_plain =
            name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit());
        if is_plain && !is_reserved(name) { name.to_owned() } else { self.quoted_identifier(name) }
    }

    fn quoted_identifier(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// Whether a backslash escapes in string literals that are read.
    fn has_backslash_escapes(&self) -> bool {
        false
    }

    /// # Errors
    /// The engine has no such string.
    fn string_literal(&self, text: &str) -> Result<String, Unsupported>;

    fn cast_to_string(&self, value: &Fragment) -> Fragment {
        sql!["CAST(", value, " AS ", self.string_type(), ")"]
    }

    /// A double that may be an id as a string: a whole number without `.0`.
    fn double_to_string(&self, value: &Fragment) -> Fragment {
        let whole = self.cast_to_string(&sql!["CAST(", value, " AS DECIMAL(38, 0))"]);
        let other = self.cast_to_string(value);
        sql!["CASE WHEN ", value, " = floor(", value, ") THEN ", whole, " ELSE ", other, " END"]
    }

    /// A string in lower case, exactly as Unicode has it, as far as `fixes` say that it matters.
    fn lower(&self, value: &Fragment, fixes: &LowerCaseFixes) -> Fragment {
        let mut value = value.clone();
        if fixes.has_final_sigma {
            value = self.lower_final_sigma(&value);
        }
        for (upper, lower) in &fixes.replaced {
            value = sql!["replace(", value, format!(", '{upper}', '{lower}')")];
            if *upper == DOTTED_CAPITAL_I {
                value = value.with_remark("İ is replaced before lower(), as its lower case has two letters");
            }
        }
        sql!["lower(", value, ")"]
    }

    /// A string with every capital sigma at the end of a word in its lower case, ς.
    fn lower_final_sigma(&self, value: &Fragment) -> Fragment {
        sql!["regexp_replace(", value, ", ", final_sigma_pattern(), ", '\\1ς\\2', 'g')"]
    }

    /// That a string matches a pattern as a whole, or does not.
    ///
    /// # Errors
    /// The engine has no such string.
    fn like(&self, value: &Fragment, negated: bool, tokens: &[LikeToken]) -> Result<Fragment, Unsupported> {
        let LikePattern { text, escape } = LikePattern::new(tokens);
        let operator = if negated { " NOT LIKE " } else { " LIKE " };
        Ok(sql![value, operator, self.string_literal(&text)?, escape])
    }

    /// Whether there is anything but white space, as Unicode has it, in a string.
    fn is_not_blank(&self, value: &Fragment) -> Fragment {
        sql!["regexp_matches(", value, ", '[^\\t-\\r\\x{85}\\p{Z}]')"]
    }

    /// A string such that it sorts by code point.
    fn by_code_point(&self, value: &Fragment) -> Fragment {
        value.clone()
    }

    /// Short ones as they are, others with an exponent, which makes them doubles.
    fn double_literal(&self, number: f64) -> String {
        let text = number.to_string();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if digits > 15 { format!("{number:e}") } else { text }
    }

    /// A number of decimal notation that sums are compared with.
    fn decimal_literal(&self, number: &str) -> String {
        number.to_owned()
    }

    /// Whether decimals are rounded half away from zero.
    fn rounds_half_away_from_zero(&self) -> bool {
        true
    }

    /// Whether groups can be ranked, and compared with dates that are computed, in the query that makes them.
    fn computes_within_groups(&self) -> bool {
        true
    }

    /// A number that adds up exactly: of nine decimals, as it says in decimal notation.
    fn exact_decimal(&self, value: &Fragment, data_type: DataType) -> Fragment;

    fn date_literal(&self, day: NaiveDate) -> Fragment {
        format!("DATE '{day}'").into()
    }

    /// An instant, in UTC.
    fn timestamp_literal(&self, instant: NaiveDateTime) -> Fragment {
        format!("TIMESTAMP '{instant}'").into()
    }

    /// The day on which the query runs.
    fn today(&self) -> &'static str {
        "CURRENT_DATE"
    }

    /// So many units from today on, backwards where negative. It may be the midnight of the day.
    fn today_plus(&self, n: i32, unit: DateUnit) -> Fragment {
        let (size, unit) = match unit {
            DateUnit::Day => (1, "DAY"),
            DateUnit::Week => (7, "DAY"),
            DateUnit::Month => (1, "MONTH"),
            DateUnit::Quarter => (3, "MONTH"),
            DateUnit::Year => (1, "YEAR"),
        };
        let sign = match n {
            0 => return self.today().into(),
            ..0 => '-',
            1.. => '+',
        };
        format!("{} {sign} INTERVAL '{}' {unit}", self.today(), n.unsigned_abs() * size).into()
    }

    /// The first day of the period that a day is in.
    fn start_of(&self, period: DatePeriod, day: &Fragment) -> Fragment {
        let period = match period {
            DatePeriod::Week => "week",
            DatePeriod::Month => "month",
            DatePeriod::Quarter => "quarter",
            DatePeriod::Year => "year",
        };
        sql!["CAST(date_trunc('", period, "', ", day, ") AS DATE)"]
    }

    /// The day of an instant.
    fn date_of(&self, instant: &Fragment) -> Fragment {
        sql!["CAST(", instant, " AS DATE)"]
    }

    /// The day in a year that begins on `new_year` which has the month and day of `date`: so many months
    /// later, then so many days, which makes a 29 February a 1 March in other years.
    fn anniversary(&self, date: &Fragment, new_year: &Fragment) -> Fragment;

    /// A number of rows by which a decimal is multiplied.
    fn row_count_as_factor(&self, count: Fragment) -> Fragment {
        count
    }

    /// A query that returns strings in a column of this name. There is at least one.
    fn select_strings(&self, column: &str, literals: &[String]) -> Fragment {
        let rows: Vec<String> = literals.iter().map(|text| format!("({text})")).collect();
        let rows = sql![Fragment::LineBreak, Fragment::lines_of(&wrapped(&rows))].indented(4);
        let values = sql!["VALUES", rows].in_parentheses();
        let column = column.to_owned();
        sql!["SELECT ", &column, Fragment::LineBreak, "FROM ", values, " AS listed (", &column, ")"]
    }
}
