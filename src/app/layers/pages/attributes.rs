//! The attributes that a breakdown shows at first, and those that it can show.

use crate::app::command::Command;
use crate::app::pick::Item;
use crate::app::view::View;
use crate::backend::{ColumnName, MOST_ATTRIBUTES};
use crate::database::{Database, shown_name};

/// The attributes that are shown at first.
pub(super) fn first_attributes(database: &Database, activation_id: &str) -> Vec<ColumnName> {
    let usual = database.usual_attributes(activation_id).into_iter().take(MOST_ATTRIBUTES);
    usual.map(|(table, column)| ColumnName { table, column }).collect()
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
