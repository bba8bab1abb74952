//! All customers (`database.md`, The universe).

use super::select::{Select, combined};
use super::table::Source;
use super::tongue::Unsupported;
use super::writer::Writer;
use crate::local::files::Origin;

/// The ids of the customers table, where that has the activation ID; otherwise those of all tables that
/// have it.
pub fn query(writer: &Writer) -> Result<String, Unsupported> {
    let view = writer.asked.view;
    let source = |table| Source::of(table, &[], view.activation_id, writer.tongue);
    let customers = view.database.roles.customers.as_deref().and_then(|name| view.database.table(name));
    if let Some(customers) = customers.and_then(source) {
        return Ok(Select { distinct: true, ..ids(&customers?)? }.to_string());
    }
    let tables =
        view.database.tables.iter().filter(|table| table.origin == Origin::Database).filter_map(source);
    let queries: Vec<String> = tables.map(|table| Ok(ids(&table?)?.to_string())).collect::<Result<_, _>>()?;
    if queries.is_empty() {
        return Err(Unsupported {
            message: format!("no table has a column {:?}, the activation ID", view.activation_id),
            help: "use a column of a table".to_owned(),
        });
    }
    Ok(combined("UNION", &queries))
}

fn ids(table: &Source) -> Result<Select, Unsupported> {
    Ok(Select {
        columns: vec![table.named_id()?],
        from: table.from(),
        filters: vec![table.is_of_somebody()],
        ..Select::default()
    })
}
