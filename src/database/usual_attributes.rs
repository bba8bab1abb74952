//! The attributes by which most people look at a segment first.

use super::database::Database;
use super::table::Table;
use crate::segment::DataType;

/// Columns of standard names, in the order in which they are offered, each with the role of the tables that are looked
/// into before the others.
const USUAL: [(&str, Part); 6] = [
    ("predicted_customer_lifecycle_status", Part::Predicted),
    ("predicted_customer_lifetime_value_tier", Part::Predicted),
    ("state", Part::Customers),
    ("city", Part::Customers),
    ("purchase_channel", Part::Orders),
    ("loyalty_tier", Part::Customers),
];

#[derive(Clone, Copy)]
enum Part {
    Customers,
    Orders,
    Predicted,
}

impl Database {
    /// Tables and columns to break a segment down by at first: lifecycle status, value tier, state, city, channel and
    /// loyalty tier, as far as they are there for the activation ID.
    #[must_use]
    pub fn usual_attributes(&self, activation_id: &str) -> Vec<(String, String)> {
        let offered = |table: &&Table| !table.hidden && table.id_column(activation_id).is_some();
        let found = USUAL.iter().filter_map(|(column, part)| {
            let roles = &self.roles;
            let own = match part {
                Part::Customers => [&roles.customers, &None],
                Part::Orders => [&roles.orders, &roles.items],
                Part::Predicted => [&roles.predicted, &None],
            };
            let own = own.into_iter().flatten().filter_map(|name| self.table(name)).filter(offered);
            let mut tables = own.chain(self.own_tables().filter(offered));
            let is_there = |table: &&Table| {
                table.column(column).is_some_and(|column| column.data_type == DataType::String)
            };
            let table = tables.find(is_there)?;
            Some((table.name.clone(), (*column).to_owned()))
        });
        found.collect()
    }
}
