//! Lines that can be typed as conditions on the open database.

use super::view::View;
use crate::database::{Database, Table};
use crate::segment::{DataType, parser};

/// Lines that can be typed on the open database: only those that are understood.
pub(super) fn examples(view: View<'_>) -> Vec<String> {
    let lists = view.session.workspace();
    let list = lists.and_then(|listing| listing.segments.first()).map(|entry| entry.name.clone());
    let candidates =
        view.database().map(|database| example_lines(database, list.as_deref())).unwrap_or_default();
    let is_understood = |line: &String| {
        let said = view.with_schema(|schema| parser::parse(line, schema));
        said.is_ok_and(|condition| view.complaint(condition).is_none())
    };
    candidates.into_iter().filter(is_understood).collect()
}

/// Lines that may be understood on a database, by the types of the customers table's columns.
fn example_lines(database: &Database, list: Option<&str>) -> Vec<String> {
    let customers = database.roles.customers.as_deref().and_then(|name| database.table(name));
    let columns = || customers.into_iter().flat_map(Table::columns);
    let of_type = |wanted: &[DataType]| {
        columns().find(|column| wanted.contains(&column.data_type)).map(|column| column.label.to_lowercase())
    };
    let is_id = |name: &str| name.to_lowercase().ends_with("id");
    let texts = || columns().filter(|column| column.data_type == DataType::String && !is_id(&column.name));
    // A place says more than a name.
    let place = texts().find(|column| matches!(column.name.as_str(), "state" | "city" | "country"));
    let text = place.or_else(|| texts().next()).map(|column| column.label.to_lowercase());
    let lines = [
        text.map(|label| format!("{label} is not null")),
        of_type(&[DataType::Integer, DataType::Decimal]).map(|label| format!("{label} > 5")),
        of_type(&[DataType::Date, DataType::Datetime]).map(|label| format!("{label} before 1y")),
        of_type(&[DataType::Boolean]).map(|label| format!("not {label}")),
        Some("bought >= 2 in the last 3 months".to_owned()),
        list.map(|name| format!("member of {name}")),
    ];
    lines.into_iter().flatten().collect()
}
