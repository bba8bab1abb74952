//! Where the orders of customers stand (`docs/reference/insights.md`, Pages of a saved segment).

use crate::backend::{Available, BackendError};
use crate::diagnostic::Diagnostic;
use crate::local::sets::insights::{OrderRows, is_dated, is_numeric, order_rows};
use crate::local::view::View;

/// The orders table, or where there is none the items table, whose purchases then make up the orders.
pub(crate) struct OrderSource<'a> {
    pub rows: OrderRows<'a>,
    /// The column that says which order; `None`: every row is an order of its own.
    pub order_id: Option<&'a str>,
    /// The column that says how many units; `None` where there is none, or it has no numbers.
    pub quantity: Option<&'a str>,
}

impl View<'_> {
    /// Where the orders stand, or what the data lacks for them.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read.
    pub(crate) fn order_source(&self) -> Result<Available<OrderSource<'_>>, BackendError> {
        let columns = &self.engine.database.roles.items_columns;
        let Some(rows) = order_rows(&self.engine.database, self)? else { return Ok(Err(self.no_orders())) };
        let (order_id, quantity) = match rows.purchases {
            None => ("order_id", "order_quantity"),
            Some(_) => (columns.order_id.as_str(), columns.item_quantity.as_str()),
        };
        let order_id = rows.table.column(order_id).map(|_| order_id);
        let quantity = is_numeric(rows.table, quantity).then_some(quantity);
        Ok(Ok(OrderSource { rows, order_id, quantity }))
    }

    /// What both tables lack that could have the orders.
    fn no_orders(&self) -> Diagnostic {
        let (id, roles) = (self.activation_id, &self.engine.database.roles);
        let columns = &roles.items_columns;
        let orders = self.lack(("orders", roles.orders.as_ref()), "order_datetime", None);
        let items =
            self.lack(("items", roles.items.as_ref()), &columns.order_datetime, Some(&columns.order_id));
        Diagnostic::new(format!("the data has no orders by day: {orders}, and {items}")).with_help(format!(
            "add a table of orders with {id:?} and \"order_datetime\", or name yours under [roles] in database.toml"
        ))
    }

    fn lack(&self, (role, name): (&str, Option<&String>), datetime: &str, order_id: Option<&str>) -> String {
        let Some(table) = name.and_then(|name| self.engine.database.table(name)) else {
            return format!("there is no table of {role}");
        };
        let name = &table.name;
        if table.content.is_err() {
            return format!("table {name:?} cannot be used");
        }
        let missing = |column: &&str| table.column(column).is_none();
        let id = Some(self.activation_id).filter(|id| table.id_column(id).is_none());
        match id.or_else(|| Some(datetime).filter(missing)).or_else(|| order_id.filter(missing)) {
            Some(column) => format!("table {name:?} has no column {column:?}"),
            None => {
                debug_assert!(!is_dated(table, datetime));
                format!("table {name:?} has no dates in column {datetime:?}")
            }
        }
    }
}
