//! All customers (`docs/reference/database.md`, The universe).

use super::table::TableSource;
use super::writer::QueryWriter;
use crate::database::Origin;
use crate::sql::layout::{Fragment, Select, combined};
use crate::sql::unsupported::Unsupported;

impl QueryWriter<'_> {
    pub(crate) fn add_universe(&mut self) -> Result<(), Unsupported> {
        let query = self.all_customers()?;
        let people = self.request.view.database.words(self.request.view.activation_id).plural;
        let comment = format!("All {people}: the ids that are not blank");
        self.universe = self.with.add("universe", &comment, &query);
        Ok(())
    }

    /// The ids of the customers table, where that has the activation ID; otherwise those of all tables that
    /// have it.
    fn all_customers(&self) -> Result<Fragment, Unsupported> {
        let view = self.request.view;
        let source = |table| TableSource::new(table, &[], view.activation_id, self.dialect);
        let customers = view.database.roles.customers.as_deref().and_then(|name| view.database.table(name));
        if let Some(customers) = customers.and_then(source) {
            return Ok(Select { distinct: true, ..ids(&customers?)? }.into());
        }
        let tables =
            view.database.tables.iter().filter(|table| table.origin == Origin::Database).filter_map(source);
        let queries: Vec<Fragment> =
            tables.map(|table| Ok(ids(&table?)?.into())).collect::<Result<_, Unsupported>>()?;
        if queries.is_empty() {
            let message = format!("no table has a column {:?}, the activation ID", view.activation_id);
            return Err(Unsupported::new(message, "use a column of a table"));
        }
        Ok(combined("UNION", queries))
    }
}

fn ids(table: &TableSource) -> Result<Select, Unsupported> {
    Ok(Select { filters: vec![table.has_id()], ..Select::new(vec![table.aliased_id()?], table.from()) })
}
