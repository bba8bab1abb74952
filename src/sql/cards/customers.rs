//! How customers can be contacted.

use super::audiences::CardWriter;
use super::orders::missing;
use crate::segment::DataType;
use crate::sql::layout::{Fragment, Select, sql};
use crate::sql::unsupported::Unsupported;

/// The rows that say how customers can be contacted.
pub(super) struct Contacts {
    pub table: Fragment,
    /// By email, phone, mail and paid social media, where the data can say.
    pub ways: [Option<Fragment>; 4],
}

impl CardWriter<'_> {
    /// The contact table; without it what the customers table holds.
    pub fn contacts(&mut self) -> Result<Contacts, Unsupported> {
        let database = self.query.request.view.database;
        let usable = |name: &Option<String>| {
            let table = name.as_deref().and_then(|name| database.table(name))?;
            let has_id = table.id_column(self.query.request.view.activation_id).is_some();
            has_id.then(|| table.name.clone())
        };
        if let Some(table) = usable(&database.roles.contact) {
            return self.contact_table(&table);
        }
        match usable(&database.roles.customers) {
            Some(table) => self.customers_table(&table),
            None => Err(missing("the database has no contact table and no customers table")),
        }
    }

    fn contact_table(&mut self, table: &str) -> Result<Contacts, Unsupported> {
        let columns =
            ["contactable_email", "contactable_phone", "contactable_address", "contactable_paid_social"];
        let source = self.source(table, &columns)?;
        let is_flag = |column: &str| source.has(column) && source.data_type(column) == DataType::Boolean;
        let known = columns.map(|column| is_flag(column).then_some(column));
        let mut selected = vec![source.aliased_id()?];
        selected.extend(known.iter().flatten().map(|column| source.column(column)));
        let from = source.from();
        let contacts =
            self.add("contacts", "How each customer can be contacted", Select::new(selected, from));
        let dialect = self.query.dialect;
        let flag = |column: &str| Self::column(&contacts, &dialect.identifier(column).into());
        let ways = known.map(|column| column.map(flag));
        Ok(Contacts { table: contacts, ways })
    }

    fn customers_table(&mut self, table: &str) -> Result<Contacts, Unsupported> {
        let ways: [&[&str]; 3] = [&["email"], &["phone"], &["address", "city", "state", "postal"]];
        let columns: Vec<&str> = ways.concat();
        let source = self.source(table, &columns)?;
        let dialect = self.query.dialect;
        let is_there = |column: &str| match source.data_type(column) {
            DataType::String => dialect.is_not_blank(&source.column(column)),
            _ => sql![source.column(column), " IS NOT NULL"],
        };
        let names = ["by_email", "by_phone", "by_mail"];
        let mut selected = vec![source.aliased_id()?];
        let mut known = [None, None, None, None];
        for ((way, name), place) in ways.iter().zip(names).zip(known.iter_mut()) {
            if way.iter().all(|column| source.has(column)) {
                selected.push(sql![
                    "(",
                    Fragment::all(way.iter().map(|column| is_there(column))),
                    ") AS ",
                    name
                ]);
                *place = Some(name);
            }
        }
        let from = source.from();
        let contacts =
            self.add("contacts", "How each customer can be contacted", Select::new(selected, from));
        let ways = known.map(|name| name.map(|name| Self::column(&contacts, &name.into())));
        Ok(Contacts { table: contacts, ways })
    }
}
