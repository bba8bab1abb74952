//! The tables that a query reads.

use crate::database::{Lookup, Table};
use crate::segment::DataType;
use crate::sql::dialect::SqlDialect;
use crate::sql::layout::{Fragment, UniqueNames, is_hidden, sql};
use crate::sql::unsupported::Unsupported;

/// A table seen through the activation ID.
pub(crate) struct TableSource<'a> {
    table: &'a Table,
    /// The column that holds the activation ID.
    id: &'a str,
    activation_id: &'a str,
    dialect: &'a dyn SqlDialect,
    /// Where the columns in use join in from, and what the other table is called here.
    joins: Vec<(&'a Lookup, String)>,
    /// The common table expression that stands for the table, where its rows are part of the query.
    common_table: Option<String>,
}

impl<'a> TableSource<'a> {
    /// The table with these of its columns in use, beside the activation ID; `None` if it has none.
    ///
    /// # Errors
    /// A name cannot be written.
    pub fn new(
        table: &'a Table,
        columns: &[&str],
        activation_id: &'a str,
        dialect: &'a dyn SqlDialect,
    ) -> Option<Result<Self, Unsupported>> {
        let id = table.id_column(activation_id)?;
        let in_use = || columns.iter().copied().chain([id]);
        let names = in_use().chain([activation_id, &table.name]);
        if let Some(name) = names.into_iter().find(|name| name.contains(is_hidden)) {
            let message = format!("the name {name:?} has characters in it that cannot be seen");
            return Some(Err(Unsupported::new(message, "give the column or table another name")));
        }
        let lookups = table.content.iter().flat_map(|content| &content.lookups);
        let lookups =
            lookups.filter(|lookup| in_use().any(|name| lookup.columns.iter().any(|own| own == name)));
        let mut names = UniqueNames::reserving([table.name.as_str()]);
        let joins = lookups.map(|lookup| {
            let name = if names.reserve(&lookup.table) {
                lookup.table.clone()
            } else {
                names.allocate(&lookup.table)
            };
            (lookup, dialect.identifier(&name))
        });
        let joins = joins.collect();
        Some(Ok(Self { table, id, activation_id, dialect, joins, common_table: None }))
    }

    /// The same, where a common table expression holds the rows.
    pub(crate) fn with_rows_of(self, common_table: Option<&String>) -> Self {
        Self { common_table: common_table.cloned(), ..self }
    }

    /// What stands after FROM.
    pub fn from(&self) -> Fragment {
        let own = self.dialect.identifier(self.common_table.as_ref().unwrap_or(&self.table.name));
        let joins = self.joins.iter().map(|(lookup, name)| {
            let (other, on) = (self.dialect.identifier(&lookup.table), self.dialect.identifier(&lookup.on));
            let alias = if other == *name { String::new() } else { format!(" AS {name}") };
            sql![Fragment::LineBreak, format!("LEFT JOIN {other}{alias} ON {name}.{on} = {own}.{on}")]
        });
        Fragment::Sequence(std::iter::once(own.clone().into()).chain(joins).collect())
    }

    pub fn column(&self, column: &str) -> Fragment {
        let name = self.dialect.identifier(column);
        if self.joins.is_empty() {
            return name.into();
        }
        let joined = self.joins.iter().find(|(lookup, _)| lookup.columns.iter().any(|own| own == column));
        match joined {
            Some((_, table)) => format!("{table}.{name}").into(),
            None => format!("{}.{name}", self.dialect.identifier(&self.table.name)).into(),
        }
    }

    pub fn data_type(&self, column: &str) -> DataType {
        self.table.column(column).map_or(DataType::String, |column| column.data_type)
    }

    pub fn has(&self, column: &str) -> bool {
        self.table.column(column).is_some()
    }

    /// The column of the ids, as it is stored, for grouping.
    pub(crate) fn raw_id(&self) -> Fragment {
        self.column(self.id)
    }

    /// The ids as text (`docs/reference/database.md`, The universe) under the name of the activation ID.
    pub(crate) fn aliased_id(&self) -> Result<Fragment, Unsupported> {
        let name = self.dialect.identifier(self.activation_id);
        let id = id_text(&self.raw_id(), self.data_type(self.id), self.dialect).ok_or_else(|| {
            let message = format!(
                "column {:?} of {:?} holds times, which have no text that engines agree on",
                self.id, self.table.name
            );
            Unsupported::new(message, "choose an activation ID of texts or whole numbers")
        })?;
        Ok(if id == Fragment::from(&name) { id } else { sql![id, " AS ", name] })
    }

    /// That a row is somebody's: the id is neither NULL nor blank.
    pub(crate) fn has_id(&self) -> Fragment {
        match self.data_type(self.id) {
            DataType::String => self.dialect.is_not_blank(&self.raw_id()),
            _ => sql![self.raw_id(), " IS NOT NULL"],
        }
    }
}

/// A value as the text by which ids and orders compare; `None` for times.
pub(crate) fn id_text(value: &Fragment, data_type: DataType, dialect: &dyn SqlDialect) -> Option<Fragment> {
    match data_type {
        DataType::String => Some(value.clone()),
        DataType::Integer | DataType::Boolean | DataType::Date => Some(dialect.cast_to_string(value)),
        DataType::Decimal => Some(dialect.double_to_string(value)),
        DataType::Datetime => None,
    }
}
