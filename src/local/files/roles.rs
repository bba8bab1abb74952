//! Which table plays which part (`docs/reference/database.md`, Roles and their standard table names).

use super::manifest::Manifest;
use crate::database::{DatabaseError, ItemsColumns, Roles, STANDARD_ITEMS, Table, did_you_mean};

/// The standard names of each part, the first that exists counts.
pub const CUSTOMERS: &[&str] = &["Customer_360", "Merged_Customers", "Customers"];
pub(crate) const ORDERS: &[&str] = &["Unified_Transactions"];
pub(crate) const ATTRIBUTES: &[&str] = &["Transaction_Attributes_Extended"];
pub(crate) const PREDICTED: &[&str] = &["Predicted_CLV_Attributes", "Predicted_CLV"];
pub(crate) const CONTACT: &[&str] = &["Customer_Attributes"];

/// The parts that the tables of a database play.
///
/// # Errors
/// The manifest gives a part to a table or column that does not exist.
pub(crate) fn assign(manifest: &Manifest, tables: &[Table]) -> Result<Roles, DatabaseError> {
    let say = &manifest.values.roles;
    let assign = |role: &str, stated: &Option<String>, standard: &[&str]| match stated {
        None => Ok(standard.iter().find_map(|name| by_standard_name(tables, name))),
        Some(name) if tables.iter().any(|table| table.name == *name) => Ok(Some(name.clone())),
        Some(name) => {
            let near = did_you_mean(name, tables.iter().map(|table| table.name.as_str()));
            let help = near.unwrap_or_else(|| "name a table of this database, or remove this".to_owned());
            Err(manifest.fault(&["roles", role], format!("there is no table {name:?}"), help))
        }
    };
    let roles = Roles {
        customers: assign("customers", &say.customers, CUSTOMERS)?,
        orders: assign("orders", &say.orders, ORDERS)?,
        items: assign("items", &say.items, STANDARD_ITEMS)?,
        attributes: assign("attributes", &say.attributes, ATTRIBUTES)?,
        predicted: assign("predicted", &say.predicted, PREDICTED)?,
        contact: assign("contact", &say.contact, CONTACT)?,
        items_columns: ItemsColumns::default(),
    };
    let items = tables.iter().find(|table| Some(&table.name) == roles.items.as_ref());
    Ok(Roles { items_columns: items_columns(manifest, items)?, ..roles })
}

/// The table of a standard name: without regard to case; `-`, blank and `_` are the same.
fn by_standard_name(tables: &[Table], standard: &str) -> Option<String> {
    let plain = |name: &str| name.to_lowercase().replace(['-', ' '], "_");
    let exact = tables.iter().find(|table| table.name == standard);
    let table = exact.or_else(|| tables.iter().find(|table| plain(&table.name) == plain(standard)));
    table.map(|table| table.name.clone())
}

fn items_columns(manifest: &Manifest, items: Option<&Table>) -> Result<ItemsColumns, DatabaseError> {
    let say = &manifest.values.roles.items_columns;
    let standard = ItemsColumns::default();
    let content = items.and_then(|items| items.content.as_ref().ok());
    let choose = |part: &str, stated: &Option<String>, standard: String| {
        let Some(name) = stated else {
            return Ok(standard);
        };
        match content {
            Some(content) if !content.columns.iter().any(|column| column.name == *name) => {
                let near = did_you_mean(name, content.columns.iter().map(|column| column.name.as_str()));
                let help = near.unwrap_or_else(|| "name a column of the items table".to_owned());
                let message = format!("the items table has no column {name:?}");
                Err(manifest.fault(&["roles", "items_columns", part], message, help))
            }
            _ => Ok(name.clone()),
        }
    };
    Ok(ItemsColumns {
        order_id: choose("order_id", &say.order_id, standard.order_id)?,
        order_datetime: choose("order_datetime", &say.order_datetime, standard.order_datetime)?,
        item_revenue: choose("item_revenue", &say.item_revenue, standard.item_revenue)?,
        item_quantity: choose("item_quantity", &say.item_quantity, standard.item_quantity)?,
        is_return: choose("is_return", &say.is_return, standard.is_return)?,
        is_cancellation: choose("is_cancellation", &say.is_cancellation, standard.is_cancellation)?,
    })
}
