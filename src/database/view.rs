//! A database as the language sees it: through one activation ID.

use std::sync::Arc;

use super::columns::Column;
use super::database::Database;
use super::error::{did_you_mean, quoted_list};
use super::roles::STANDARD_ITEMS;
use super::table::{Content, Origin, Table};
use crate::diagnostic::Diagnostic;
use crate::segment::{ColumnNames, DataType, Keyword, Schema, nearest, title_case};

/// A database seen through an activation ID. Hidden tables take part: they are only not offered.
#[derive(Clone, Copy, Debug)]
pub struct DatabaseView<'a> {
    /// What is looked at.
    pub database: &'a Database,
    /// The column that says whom a row is about.
    pub activation_id: &'a str,
}

impl<'a> DatabaseView<'a> {
    /// A table that can be used with the activation ID.
    fn usable(&self, name: &str) -> Result<(&'a Table, &'a Content), Diagnostic> {
        let Some(table) = self.database.table(name) else {
            let tables = self.database.tables.iter().filter(|table| !table.is_refused());
            let names = tables.clone().map(|table| table.name.as_str());
            let near = named(name, tables.map(|table| (table.name.as_str(), table.label.as_str())));
            return Err(missing(
                format!("there is no table {name:?}"),
                near.unwrap_or_else(|| format!("the tables are {}", quoted_list(names))),
            ));
        };
        let content = table.content.as_ref().map_err(|error| {
            let message = match table.is_refused() {
                true => error.to_string(),
                false => format!("table {name:?} cannot be used: {error}"),
            };
            missing(message, error.help_text().to_owned())
        })?;
        if table.id_column(self.activation_id).is_none() {
            let id = self.activation_id;
            let help = match table.origin {
                Origin::Database => format!(
                    "choose another activation ID, or say in database.toml which column of {name:?} holds it"
                ),
                Origin::List(_) => format!("name its column of ids {id:?}"),
                Origin::Query(_) => format!("add {id} to what it selects"),
            };
            return Err(missing(format!("table {name:?} has no column {id:?}, the activation ID"), help));
        }
        Ok((table, content))
    }

    fn items(&self) -> Result<&'a str, Diagnostic> {
        self.database.roles.items.as_deref().ok_or_else(|| {
            let standard = STANDARD_ITEMS.join(" or ");
            missing(
                "there is no table of items, which purchases need".to_owned(),
                format!("add {standard}, or name the table as items under [roles] in database.toml"),
            )
        })
    }

    /// The column `wanted` of the items table, which plays `part` there.
    fn items_column(&self, part: &str, wanted: &str) -> Result<&'a Column, Diagnostic> {
        let name = self.items()?;
        let (_, content) = self.usable(name)?;
        content.columns.named(wanted).ok_or_else(|| {
            missing(
                format!("table {name:?} has no column {wanted:?}, which purchases need"),
                format!("add it, or name the column as {part} under [roles.items_columns] in database.toml"),
            )
        })
    }

    fn items_amount(&self, part: &str, wanted: &str) -> Result<String, Diagnostic> {
        let Column { name, data_type, .. } = self.items_column(part, wanted)?;
        if matches!(data_type, DataType::Integer | DataType::Decimal) {
            return Ok(name.clone());
        }
        let table = self.items()?;
        Err(missing(
            format!("column {name:?} of {table:?} is {}; sums need numbers", data_type.id()),
            format!(
                "correct its values, or name another column as {part} under [roles.items_columns] in \
                 database.toml"
            ),
        ))
    }
}

impl Schema for DatabaseView<'_> {
    fn activation_id(&self) -> Result<(), Diagnostic> {
        let own = self.database.tables.iter().filter(|table| table.origin == Origin::Database);
        let tables: Vec<&Table> = own.collect();
        if tables.iter().any(|table| table.id_column(self.activation_id).is_some()) {
            return Ok(());
        }
        let message = format!("no table has a column {:?}, the activation ID", self.activation_id);
        let columns = tables.iter().copied().flat_map(Table::columns).map(|column| column.name.as_str());
        let known = self.database.activation_ids();
        // An ID that would still find no table is no advice.
        let known = known.iter().map(|id| id.column.as_str()).filter(|id| *id != self.activation_id);
        let help = did_you_mean(self.activation_id, columns);
        let damaged = tables.iter().find_map(|table| table.content.as_ref().err());
        let help = help.unwrap_or_else(|| match (known.clone().next(), damaged) {
            (Some(_), _) => format!("use one of {}", quoted_list(known)),
            (None, Some(error)) => error.to_string(),
            (None, None) => "use a column of a table".to_owned(),
        });
        Err(missing(message, help))
    }

    fn default_activation_id(&self) -> String {
        self.database.default_id.clone()
    }

    fn table(&self, table: &str) -> Result<(), Diagnostic> {
        self.usable(table).map(drop)
    }

    fn table_key(&self, table: &str) -> String {
        self.database.table(table).map_or_else(|| table.to_owned(), |table| table.key().into_owned())
    }

    fn column_type(&self, table: &str, column: &str) -> Result<DataType, Diagnostic> {
        let (_, content) = self.usable(table)?;
        let found = content.columns.named(column);
        found.map(|known| known.data_type).ok_or_else(|| {
            let columns = content.columns.iter();
            let names = columns.clone().map(|known| known.name.as_str());
            let near = named(column, columns.map(|known| (known.name.as_str(), known.label.as_str())));
            let elsewhere = || {
                let mut tables = self.database.tables.iter();
                let other = tables.find(|table| {
                    table.id_column(self.activation_id).is_some() && table.column(column).is_some()
                })?;
                Some(format!("did you mean that of table {:?}?", other.name))
            };
            missing(
                format!("table {table:?} has no column {column:?}"),
                near.or_else(elsewhere).unwrap_or_else(|| format!("its columns are {}", quoted_list(names))),
            )
        })
    }

    fn customers_table(&self) -> Option<&str> {
        self.database.roles.customers.as_deref()
    }

    fn items_table(&self) -> Result<String, Diagnostic> {
        let name = self.items()?;
        let parts = &self.database.roles.items_columns;
        self.items_column("order_id", &parts.order_id)?;
        let order_datetime = self.items_column("order_datetime", &parts.order_datetime)?;
        if !matches!(order_datetime.data_type, DataType::Date | DataType::Datetime) {
            let (wanted, is) = (&order_datetime.name, order_datetime.data_type.id());
            return Err(missing(
                format!("column {wanted:?} of {name:?} is {is}; purchases need a date or datetime"),
                "write its days as YYYY-MM-DD, or name another column as order_datetime under \
                 [roles.items_columns] in database.toml"
                    .to_owned(),
            ));
        }
        Ok(name.to_owned())
    }

    fn item_revenue(&self) -> Result<String, Diagnostic> {
        self.items_amount("item_revenue", &self.database.roles.items_columns.item_revenue)
    }

    fn item_quantity(&self) -> Result<String, Diagnostic> {
        self.items_amount("item_quantity", &self.database.roles.items_columns.item_quantity)
    }

    fn tables(&self) -> Vec<&str> {
        let is_usable = |table: &&Table| table.id_column(self.activation_id).is_some();
        self.database.tables.iter().filter(is_usable).map(|table| table.name.as_str()).collect()
    }

    fn is_offered(&self, table: &str) -> bool {
        self.database.table(table).is_some_and(|table| !table.hidden)
    }

    fn columns(&self, table: &str) -> Vec<&str> {
        let content = self.usable(table).map(|(_, content)| content);
        content.into_iter().flat_map(|content| &content.columns).map(|column| column.name.as_str()).collect()
    }

    fn column_names(&self, table: &str) -> Arc<ColumnNames> {
        self.usable(table).map(|(_, content)| content.columns.names()).unwrap_or_default()
    }

    fn table_label(&self, table: &str) -> String {
        self.database.table(table).map_or_else(|| table.replace('_', " "), |table| table.label.clone())
    }

    fn column_label(&self, table: &str, column: &str) -> String {
        let known = self.database.table(table).and_then(|table| table.column(column));
        known.map_or_else(|| title_case(column), |known| known.label.clone())
    }

    fn currency(&self) -> String {
        self.database.currency.clone()
    }
}

/// Advice for a name that is not there: it may be misspelled, or be what screens call one that is. Each
/// candidate has a name and a label.
fn named<'a>(name: &str, known: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> Option<String> {
    let lower = name.to_lowercase();
    let labelled = known.clone().find(|(_, label)| label.to_lowercase() == lower);
    let near = labelled.map(|(name, _)| format!("did you mean {name:?}?"));
    near.or_else(|| did_you_mean(name, known.clone().map(|(name, _)| name))).or_else(|| {
        let label = nearest(name, known.clone().map(|(_, label)| label))?;
        let (name, _) = known.clone().find(|(_, known)| *known == label)?;
        Some(format!("did you mean {name:?}?"))
    })
}

fn missing(message: String, help: String) -> Diagnostic {
    Diagnostic::new(message).with_help(help)
}
