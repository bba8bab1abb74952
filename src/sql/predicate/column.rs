//! Tests on columns.

use super::date::{DateOperand, date_test};
use super::number::NumericOperand;
use super::string::string_test;
use crate::segment::{DataType, Predicate};
use crate::sql::dialect::SqlDialect;
use crate::sql::layout::{Fragment, sql};
use crate::sql::request::DateStyle;
use crate::sql::unsupported::Unsupported;

/// An expression of a known type.
#[derive(Clone, Debug)]
pub(crate) struct TypedExpr {
    pub sql: Fragment,
    pub data_type: DataType,
}

/// A predicate as a condition that is true where it holds, and elsewhere false or unknown. It may stand
/// beside others with AND.
pub(crate) fn predicate(
    value: &TypedExpr,
    predicate: &Predicate,
    dates: DateStyle,
    dialect: &dyn SqlDialect,
) -> Result<Fragment, Unsupported> {
    let TypedExpr { sql: value, data_type } = value;
    Ok(match predicate {
        Predicate::Null => sql![value, " IS NULL"],
        Predicate::NotNull => sql![value, " IS NOT NULL"],
        Predicate::Empty => {
            Fragment::any([sql![value, " IS NULL"], sql!["NOT ", dialect.is_not_blank(value)]])
        }
        Predicate::NotEmpty => dialect.is_not_blank(value),
        Predicate::Boolean(true) => value.clone(),
        Predicate::Boolean(false) => sql!["NOT ", value],
        Predicate::Number(test) => match data_type {
            DataType::Integer => NumericOperand::Integer(value.clone()).test(test, dialect),
            _ => NumericOperand::Double(value.clone()).test(test, dialect),
        },
        Predicate::Text(test) => string_test(value, test, dialect)?,
        Predicate::Date(test) => {
            let operand = DateOperand { value, has_time: *data_type == DataType::Datetime };
            date_test(operand, test, dates, dialect)?
        }
    })
}
