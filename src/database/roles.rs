//! Which table and column plays which part (`docs/reference/database.md`, Roles and their standard table names).

/// The standard names of the items table, the first that exists counts.
pub(crate) const STANDARD_ITEMS: &[&str] = &["Unified_Itemized_Transactions"];

/// Which table plays which part; names of tables that exist.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// One row for each customer.
    pub customers: Option<String>,
    /// One row for each order.
    pub orders: Option<String>,
    /// One row for each item of an order.
    pub items: Option<String>,
    /// Numbers worked out for each customer.
    pub attributes: Option<String>,
    /// Predictions for each customer.
    pub predicted: Option<String>,
    /// How each customer can be reached.
    pub contact: Option<String>,
    /// The items table's columns by part, by default the standard names.
    pub items_columns: ItemsColumns,
}

/// The names of the items table's columns, whether or not they exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemsColumns {
    /// Which order.
    pub order_id: String,
    /// When.
    pub order_datetime: String,
    /// How much.
    pub item_revenue: String,
    /// How many.
    pub item_quantity: String,
    /// True drops the row.
    pub is_return: String,
    /// True drops the row.
    pub is_cancellation: String,
}

impl Roles {
    /// The tables by part, as manifests name the parts.
    pub(crate) fn named(&self) -> [(&'static str, Option<&String>); 6] {
        [
            ("customers", self.customers.as_ref()),
            ("orders", self.orders.as_ref()),
            ("items", self.items.as_ref()),
            ("attributes", self.attributes.as_ref()),
            ("predicted", self.predicted.as_ref()),
            ("contact", self.contact.as_ref()),
        ]
    }
}

impl ItemsColumns {
    /// The columns by part, as manifests name the parts.
    pub(crate) fn named(&self) -> [(&'static str, &String); 6] {
        [
            ("order_id", &self.order_id),
            ("order_datetime", &self.order_datetime),
            ("item_revenue", &self.item_revenue),
            ("item_quantity", &self.item_quantity),
            ("is_return", &self.is_return),
            ("is_cancellation", &self.is_cancellation),
        ]
    }
}

impl Default for ItemsColumns {
    fn default() -> Self {
        Self {
            order_id: "order_id".to_owned(),
            order_datetime: "order_datetime".to_owned(),
            item_revenue: "item_revenue".to_owned(),
            item_quantity: "item_quantity".to_owned(),
            is_return: "is_return".to_owned(),
            is_cancellation: "is_cancellation".to_owned(),
        }
    }
}
