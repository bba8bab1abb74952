//! The customers that a query returns.

use polars::prelude::DataType;

use super::{Plan, Stopped};
use crate::backend::Cancel;
use crate::local::files::id_texts;
use crate::local::index::universe::CustomerIds;
use crate::local::matched_ids::MatchedIds;
use crate::local::values::is_blank;
use crate::segment::{QueryError, nearest};

/// What is wrong with what a query returns.
///
/// # Errors
/// There is no column called like the activation ID, or what is in it is no id.
pub fn check(plan: &Plan, activation_id: &str) -> Result<(), QueryError> {
    let at = plan.query().select();
    let Some(data_type) = plan.schema().get(activation_id) else {
        let names = || plan.schema().iter_names().map(|name| name.as_str());
        let listed: Vec<String> = names().take(10).map(|name| format!("{name:?}")).collect();
        let message = format!(
            "the query does not return {activation_id:?}, the activation ID; it returns {}",
            listed.join(", ")
        );
        let help = match nearest(activation_id, names()) {
            Some(near) => format!("write {near} AS {activation_id}, if that is what it holds"),
            None => format!("add {activation_id} to what it selects"),
        };
        return Err(QueryError::new(at, message, help));
    };
    let is_id = match data_type {
        DataType::String | DataType::Boolean | DataType::Date | DataType::Datetime(..) | DataType::Null => {
            true
        }
        DataType::Categorical(..) | DataType::Enum(..) | DataType::Float32 | DataType::Float64 => true,
        other => other.is_integer() || matches!(other, DataType::Decimal(_, 0)),
    };
    if is_id {
        return Ok(());
    }
    let message = format!("{activation_id:?} is {data_type} here; ids are texts or whole numbers");
    Err(QueryError::new(at, message, format!("write CAST({activation_id} AS VARCHAR) AS {activation_id}")))
}

/// The distinct ids that a query returns, found in the universe. NULLs and blanks are none.
pub fn listed(
    plan: &Plan,
    activation_id: &str,
    all: &CustomerIds,
    cancel: &Cancel,
) -> Result<MatchedIds, Stopped> {
    check(plan, activation_id).map_err(Stopped::Fault)?;
    let frame = plan.rows(Some(&[activation_id]), cancel)?;
    let texts = frame.column(activation_id).and_then(|column| match column.dtype() {
        DataType::Float32 => Ok(id_texts(&column.cast(&DataType::Float64)?)?.into_owned()),
        _ => Ok(id_texts(column)?.into_owned()),
    });
    let texts = texts.map_err(|error| Stopped::Fault(super::message::failed(plan.query(), &error, &[])))?;
    Ok(MatchedIds::find(texts.iter().flatten().filter(|id| !is_blank(id)), all))
}
