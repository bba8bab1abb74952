//! The embedded engine's own dialect, for conversion to a SQL segment.
//!
//! What it may count on: `lower` is Unicode's, `strftime`, `regexp_like`, `extract`, `INTERVAL` of days and
//! months, and decimals of 38 digits that are rounded half to even. String literals have no escapes, LIKE
//! has no ESCAPE, strings are not cast to every type, and a group is not ranked where it is made.

use super::like::{LikePattern, needs_escape};
use super::lower_case::LowerCaseFixes;
use super::sql_dialect::SqlDialect;
use super::string_literal::without_nul;
use crate::segment::{DataType, DatePeriod, DateUnit, LikeToken};
use crate::sql::layout::{Fragment, sql};
use crate::sql::unsupported::Unsupported;

pub struct Embedded;

impl SqlDialect for Embedded {
    fn id(&self) -> &'static str {
        "embedded"
    }

    fn title(&self) -> &'static str {
        "segtui"
    }

    fn column_types(&self) -> &'static str {
        "the types of the database"
    }

    fn type_name(&self, _: DataType) -> Option<&'static str> {
        None
    }

    fn string_literal(&self, text: &str) -> Result<String, Unsupported> {
        Ok(format!("'{}'", without_nul(text, "a SQL segment")?.replace('\'', "''")))
    }

    fn double_to_string(&self, value: &Fragment) -> Fragment {
        let whole = self.cast_to_string(&sql!["CAST(", value, " AS BIGINT)"]);
        let other = self.cast_to_string(value);
        sql!["CASE WHEN ", value, " = floor(", value, ") THEN ", whole, " ELSE ", other, " END"]
    }

    fn lower(&self, value: &Fragment, _: &LowerCaseFixes) -> Fragment {
        sql!["lower(", value, ")"]
    }

    fn like(&self, value: &Fragment, negated: bool, tokens: &[LikeToken]) -> Result<Fragment, Unsupported> {
        if !needs_escape(tokens) {
            let pattern = self.string_literal(&LikePattern::new(tokens).text)?;
            return Ok(sql![value, if negated { " NOT LIKE " } else { " LIKE " }, pattern]);
        }
        let tokens = tokens.iter().map(|token| match token {
            LikeToken::Literal(text) => text.chars().map(escaped_for_regex).collect(),
            LikeToken::AnyText => ".*".to_owned(),
            LikeToken::AnyCharacter => ".".to_owned(),
        });
        let pattern = self.string_literal(&format!("(?s)^{}$", tokens.collect::<String>()))?;
        Ok(sql![if negated { "NOT " } else { "" }, "regexp_like(", value, ", ", pattern, ")"])
    }

    fn is_not_blank(&self, value: &Fragment) -> Fragment {
        sql!["regexp_like(", value, ", '[^\\t-\\r\\x{85}\\p{Z}]')"]
    }

    fn double_literal(&self, number: f64) -> String {
        let text = number.to_string();
        if text.contains('.') { text } else { format!("{text}.0") }
    }

    fn decimal_literal(&self, number: &str) -> String {
        format!("CAST('{number}' AS DECIMAL(38, 9))")
    }

    fn rounds_half_away_from_zero(&self) -> bool {
        false
    }

    fn computes_within_groups(&self) -> bool {
        false
    }

    fn exact_decimal(&self, value: &Fragment, data_type: DataType) -> Fragment {
        let decimals = if data_type == DataType::Decimal { "9" } else { "0" };
        sql!["CAST(", value, " AS DECIMAL(38, ", decimals, "))"]
    }

    fn today(&self) -> &'static str {
        ":as_of"
    }

    fn today_plus(&self, n: i32, unit: DateUnit) -> Fragment {
        let (size, unit) = match unit {
            DateUnit::Day => (1, "days"),
            DateUnit::Week => (7, "days"),
            DateUnit::Month => (1, "months"),
            DateUnit::Quarter => (3, "months"),
            DateUnit::Year => (12, "months"),
        };
        let sign = match n {
            0 => return self.today().into(),
            ..0 => '-',
            1.. => '+',
        };
        format!("{} {sign} INTERVAL '{} {unit}'", self.today(), n.unsigned_abs() * size).into()
    }

    fn start_of(&self, period: DatePeriod, day: &Fragment) -> Fragment {
        let formatted = |format: &'static str| sql!["CAST(strftime(", day, ", '", format, "') AS DATE)"];
        match period {
            DatePeriod::Year => formatted("%Y-01-01"),
            DatePeriod::Month => formatted("%Y-%m-01"),
            DatePeriod::Quarter => {
                let starts = [("1", "%Y-01-01"), ("2", "%Y-04-01"), ("3", "%Y-07-01"), ("4", "%Y-10-01")];
                let whens = starts.map(|(quarter, start)| sql!["WHEN ", quarter, " THEN ", formatted(start)]);
                case(sql![" extract(quarter FROM ", day, ")"], whens)
            }
            DatePeriod::Week => {
                let whens = (1..7).map(|gone: u32| {
                    sql![format!("WHEN {} THEN ", gone + 1), day, format!(" - INTERVAL '{gone} days'")]
                });
                let whens = whens.chain([sql!["ELSE ", day]]);
                case(sql![" extract(isodow FROM ", day, ")"], whens)
            }
        }
    }

    /// The day with the same name, but for 29 February, which is the day after the 28th.
    fn anniversary(&self, date: &Fragment, new_year: &Fragment) -> Fragment {
        let name = sql!["strftime(", date, ", '%m-%d')"];
        let year = sql!["strftime(", new_year, ", '%Y-')"];
        let day = sql!["CAST(", year, " || replace(", &name, ", '02-29', '02-28') AS DATE)"];
        let leap_day = sql!["WHEN ", name, " = '02-29' THEN ", &day, " + INTERVAL '1 days'"];
        case("".into(), [leap_day, sql!["ELSE ", day]])
    }
}

/// `CASE operand WHEN ... END`, each arm on a line.
fn case(operand: Fragment, arms: impl IntoIterator<Item = Fragment>) -> Fragment {
    let arms = Fragment::join(arms, &Fragment::LineBreak);
    sql!["CASE", operand, sql![Fragment::LineBreak, arms].indented(4), Fragment::LineBreak, "END"]
}

/// A letter of a text in a regular expression.
fn escaped_for_regex(letter: char) -> String {
    if letter.is_alphanumeric() || letter.is_whitespace() {
        letter.to_string()
    } else {
        format!("\\x{{{:x}}}", u32::from(letter))
    }
}
