//! What all parts of a query share while it is written.

use std::collections::HashMap;

use super::purchases::Purchases;
use super::table::TableSource;
use crate::sql::dialect::SqlDialect;
use crate::sql::layout::{Fragment, Select, WithClause, combined};
use crate::sql::request::{DateStyle, ExportRequest};
use crate::sql::unsupported::Unsupported;

/// A query in the making.
pub(crate) struct QueryWriter<'a> {
    pub request: &'a ExportRequest<'a>,
    pub dialect: &'static dyn SqlDialect,
    pub dates: DateStyle,
    pub with: WithClause,
    /// The name of all customers.
    pub universe: String,
    /// The rows that are purchases, where a condition asks for them.
    pub purchases: Option<Purchases>,
    /// The names of the members of segments that lists refer to, by id.
    pub segments: HashMap<String, String>,
    /// The names of the rows of the workspace's tables, by key.
    pub workspace_tables: HashMap<String, String>,
}

impl<'a> QueryWriter<'a> {
    pub fn new(request: &'a ExportRequest<'a>, dialect: &'static dyn SqlDialect, dates: DateStyle) -> Self {
        let tables = request.view.database.tables.iter().map(|table| table.name.as_str());
        Self {
            request,
            dialect,
            dates,
            with: WithClause::new(tables),
            universe: String::new(),
            purchases: None,
            segments: HashMap::new(),
            workspace_tables: HashMap::new(),
        }
    }

    /// The column of the activation ID.
    pub fn id_column(&self) -> Fragment {
        self.dialect.identifier(self.request.view.activation_id).into()
    }

    /// The ids of a common table expression.
    pub(crate) fn select_ids(&self, name: &str) -> Select {
        Select::new(vec![self.id_column()], self.dialect.identifier(name))
    }

    /// All customers but the ids of a query.
    pub(crate) fn all_except(&self, ids: Select) -> Fragment {
        combined("EXCEPT", [self.select_ids(&self.universe).into(), ids.into()])
    }

    /// A table, by key, of which a condition uses these columns.
    pub fn table(&self, key: &str, columns: &[&str]) -> Result<TableSource<'a>, Unsupported> {
        let view = self.request.view;
        let table = view.database.table_by_key(key);
        let source =
            table.and_then(|table| TableSource::new(table, columns, view.activation_id, self.dialect));
        let Some(source) = source else {
            let message = format!("there is no table {key:?} with the activation ID");
            return Err(Unsupported::new(message, "open the database again"));
        };
        Ok(source?.with_rows_of(self.workspace_tables.get(key)))
    }
}
