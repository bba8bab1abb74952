//! Where the orders of customers stand (`docs/reference/insights.md`, Pages of a saved segment).

use std::sync::Arc;

use crate::backend::{Available, BackendError};
use crate::database::Table;
use crate::diagnostic::Diagnostic;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::orders::OrderIndex;
use crate::local::sets::insights::{InsightTables as _, is_dated, is_numeric};
use crate::local::view::View;

/// The orders table, or where there is none the items table, whose purchases then make up the orders.
pub(crate) struct OrderSource<'a> {
    pub table: &'a Table,
    pub index: Arc<CustomerIndex>,
    /// The column that says when.
    pub datetime: &'a str,
    /// The column that says which order; `None`: every row is an order of its own.
    pub order_id: Option<&'a str>,
    /// The column that says how much; `None` if there is none with numbers.
    pub revenue: Option<&'a str>,
    /// The column that says how many units; `None` if there is none with numbers.
    pub quantity: Option<&'a str>,
    /// Of the items table: which rows are purchases, and of which orders.
    pub purchases: Option<Arc<OrderIndex>>,
}

const DATETIME: &str = "order_datetime";
const ORDER_ID: &str = "order_id";
const REVENUE: &str = "order_revenue";
const QUANTITY: &str = "order_quantity";

impl View<'_> {
    /// Where the orders stand, or what the data lacks for them.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read.
    pub(crate) fn order_source(&self) -> Result<Available<OrderSource<'_>>, BackendError> {
        let roles = &self.engine.database.roles;
        let no_orders = self.lack("orders", roles.orders.as_ref(), DATETIME, None);
        if no_orders.is_none()
            && let Some(found) = roles.orders.as_ref().and_then(|name| self.table(name))
        {
            let (table, index) = found?;
            return Ok(Ok(OrderSource {
                table,
                index,
                datetime: DATETIME,
                order_id: table.column(ORDER_ID).map(|_| ORDER_ID),
                revenue: is_numeric(table, REVENUE).then_some(REVENUE),
                quantity: is_numeric(table, QUANTITY).then_some(QUANTITY),
                purchases: None,
            }));
        }
        let columns = &roles.items_columns;
        let (datetime, order_id) = (columns.order_datetime.as_str(), columns.order_id.as_str());
        let no_items = self.lack("items", roles.items.as_ref(), datetime, Some(order_id));
        if no_items.is_none()
            && let Some(found) = roles.items.as_ref().and_then(|name| self.table(name))
        {
            let (table, index) = found?;
            let amount = |column: &'_ str| is_numeric(table, column);
            return Ok(Ok(OrderSource {
                table,
                index,
                datetime,
                order_id: Some(order_id),
                revenue: Some(columns.item_revenue.as_str()).filter(|column| amount(column)),
                quantity: Some(columns.item_quantity.as_str()).filter(|column| amount(column)),
                purchases: Some(self.orders(table)?),
            }));
        }
        let lacks = [no_orders, no_items].into_iter().flatten().collect::<Vec<_>>().join(", and ");
        Ok(Err(Diagnostic::new(format!("the data has no orders by day: {lacks}")).with_help(format!(
            "add a table of orders with {:?} and the column {DATETIME:?}, or name it under [roles] in database.toml",
            self.activation_id
        ))))
    }

    /// What keeps the table of a role from being the source; `None` if nothing does.
    fn lack(
        &self,
        role: &str,
        name: Option<&String>,
        datetime: &str,
        order_id: Option<&str>,
    ) -> Option<String> {
        let table = name.and_then(|name| self.engine.database.table(name));
        let Some(table) = table else { return Some(format!("there is no table of {role}")) };
        let name = &table.name;
        if table.content.is_err() {
            return Some(format!("table {name:?} cannot be used"));
        }
        if table.id_column(self.activation_id).is_none() {
            return Some(format!("table {name:?} has no column {:?}", self.activation_id));
        }
        if !is_dated(table, datetime) {
            return Some(format!("table {name:?} has no dates in a column {datetime:?}"));
        }
        let missing = order_id.filter(|column| table.column(column).is_none())?;
        Some(format!("table {name:?} has no column {missing:?}"))
    }
}
