//! The attributes that a breakdown shows at first, and those that it can show.

use crate::app::command::Command;
use crate::app::pick::Item;
use crate::app::view::View;
use crate::backend::{ColumnName, MOST_ATTRIBUTES};
use crate::database::{Database, Table, shown_name};

/// The columns that are shown at first: of each line the first that there is.
const FIRST: [&[&str]; MOST_ATTRIBUTES] = [
    &["predicted_customer_lifecycle_status", "historical_purchaser_lifecycle_status"],
    &["predicted_customer_lifetime_value_tier"],
    &["state"],
    &["city"],
    &["l12m_preferred_purchase_channel", "lifetime_preferred_purchase_channel", "purchase_channel"],
    &["loyalty_tier", "current_tier"],
];

/// The attributes that are shown at first.
pub(super) fn first_attributes(database: &Database, activation_id: &str) -> Vec<ColumnName> {
    let roles = &database.roles;
    let known = [&roles.customers, &roles.predicted, &roles.attributes, &roles.contact];
    let known: Vec<&str> = known.into_iter().filter_map(Option::as_deref).collect();
    let mut tables: Vec<&Table> =
        database.tables.iter().filter(|table| !table.hidden && table.id_column(activation_id).is_some()).collect();
    // Those with one row for each customer go before.
    tables.sort_by_key(|table| known.iter().position(|name| *name == table.name).unwrap_or(known.len()));
    let find = |names: &&[&str]| names.iter().find_map(|name| with_column(&tables, name));
    FIRST.iter().filter_map(find).collect()
}

fn with_column(tables: &[&Table], name: &str) -> Option<ColumnName> {
    let table = tables.iter().find(|table| table.column(name).is_some())?;
    Some(ColumnName { table: table.name.clone(), column: name.to_owned() })
}

/// All attributes to choose from, each with what takes it. Those that are shown already cannot be chosen again.
pub(super) fn choices(shown: &[ColumnName], view: View<'_>) -> Vec<Item<Command>> {
    let Some(database) = view.database() else { return Vec::new() };
    let activation_id = view.activation_id();
    let offered = database.tables.iter().filter(|table| table.is_offered(&activation_id));
    let mut items = Vec::new();
    for table in offered {
        let no_id = table.id_column(&activation_id).is_none();
        for column in table.columns() {
            let name = ColumnName { table: table.name.clone(), column: column.name.clone() };
            let disabled = match () {
                () if no_id => Some(format!("{} has no {activation_id}", table.title())),
                () if shown.contains(&name) => Some("is shown already".to_owned()),
                () => None,
            };
            let label = shown_name(&column.label).to_owned();
            let search = format!("{label} {}", table.title());
            let item = Item::new(Command::TakeAttribute(name), label).detail(table.title());
            items.push(Item { search, disabled, ..item });
        }
    }
    items
}
