//! Which tables and columns tell who is a member.

use std::collections::{BTreeMap, BTreeSet};

use crate::database::{Database, Origin, Table};
use crate::local::view::View;
use crate::segment::{CheckedNode, CheckedSegment, ColumnTest, Criterion, PurchaseTest};

/// What of a database is wanted for some customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutColumns {
    /// The columns that the segment looks at: enough to tell who is a member.
    Used,
    /// All columns of the tables that the segment and the insights look at.
    All,
}

/// The columns that are looked at, in the order of the table, by the key of the table.
pub(crate) type UsedColumns = BTreeMap<String, Vec<String>>;

/// What a segment looks at, and who the customers are read from.
pub(crate) fn used_columns(
    view: &View<'_>,
    checked: &CheckedSegment,
    columns: CutColumns,
    has_others: bool,
) -> UsedColumns {
    let mut used =
        Used { database: &view.database, activation_id: view.activation_id, names: BTreeMap::new() };
    used.universe();
    used.segment(checked);
    if columns == CutColumns::All {
        let tables = view.database.roles.named().into_iter().filter_map(|(_, table)| table);
        tables.for_each(|name| used.add(name, []));
        if has_others {
            // Ids that are no customers are looked for in all tables.
            view.database.own_tables().for_each(|table| used.add(&table.name, []));
        }
    }
    used.in_order(columns)
}

struct Used<'a> {
    database: &'a Database,
    activation_id: &'a str,
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Used<'_> {
    /// A table that has the activation ID, with that and some columns, of which it need not have all.
    fn add<'c>(&mut self, key: &str, columns: impl IntoIterator<Item = &'c str>) {
        let Some(table) = self.database.table_by_key(key) else { return };
        let Some(id) = table.id_column(self.activation_id) else { return };
        let names = self.names.entry(key.to_owned()).or_default();
        names.insert(id.to_owned());
        names.extend(columns.into_iter().filter(|column| table.column(column).is_some()).map(str::to_owned));
    }

    /// The tables whose ids make up the universe.
    fn universe(&mut self) {
        let has_id = |table: &&Table| table.id_column(self.activation_id).is_some();
        let customers = self.database.roles.customers.as_deref().and_then(|name| self.database.table(name));
        let tables: Vec<String> = match customers.filter(has_id) {
            Some(customers) => vec![customers.name.clone()],
            None => {
                let own = self.database.tables.iter().filter(|table| table.origin == Origin::Database);
                own.filter(has_id).map(|table| table.name.clone()).collect()
            }
        };
        tables.iter().for_each(|table| self.add(table, []));
    }

    fn segment(&mut self, checked: &CheckedSegment) {
        for leaf in checked.with_nested().into_iter().flat_map(CheckedSegment::leaves) {
            if let CheckedNode::Condition(_, criterion) = leaf {
                self.criterion(criterion);
            }
        }
    }

    fn criterion(&mut self, criterion: &Criterion) {
        fn columns(tests: &[ColumnTest]) -> impl Iterator<Item = &str> {
            tests.iter().map(|test| test.column.as_str())
        }
        match criterion {
            Criterion::Attribute { table, test, filters, .. } => {
                self.add(table, columns(filters).chain([test.column.as_str()]));
            }
            Criterion::Purchase { table, test, filters, .. } => {
                let items = &self.database.roles.items_columns;
                let own = [&items.order_id, &items.order_datetime, &items.is_return, &items.is_cancellation];
                let total = match test {
                    PurchaseTest::Total { column, .. } => Some(column.as_str()),
                    _ => None,
                };
                self.add(table, columns(filters).chain(own.map(String::as_str)).chain(total));
            }
            Criterion::Aggregate { table, aggregate, filters, .. } => {
                self.add(table, columns(filters).chain(aggregate.column()));
            }
        }
    }

    fn in_order(self, columns: CutColumns) -> UsedColumns {
        let of_table = |(key, names): (String, BTreeSet<String>)| {
            let all = self.database.table_by_key(&key)?.columns().map(|column| column.name.clone());
            let wanted = all.filter(|name| columns == CutColumns::All || names.contains(name)).collect();
            Some((key, wanted))
        };
        self.names.into_iter().filter_map(of_table).collect()
    }
}
