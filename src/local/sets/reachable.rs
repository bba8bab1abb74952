//! Who can be contacted, and how (`docs/reference/insights.md`, Insights).

use std::sync::Arc;

use super::customer_set::{CustomerSet, union};
use super::insight_tables::{InsightTables, role};
use crate::backend::BackendError;
use crate::database::{Database, Table};
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::Bitmap;
use crate::local::error::unreadable;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::predicate::row_mask::RowMask;
use crate::local::values::is_blank;
use crate::segment::DataType;

/// A way to contact somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Email,
    Phone,
    Address,
    PaidSocial,
}

impl Way {
    /// The column of the contact table that says it.
    fn column(self) -> &'static str {
        match self {
            Self::Email => "contactable_email",
            Self::Phone => "contactable_phone",
            Self::Address => "contactable_address",
            Self::PaidSocial => "contactable_paid_social",
        }
    }

    /// The columns of the customers table that say it if they are all filled; none if no columns do.
    fn filled(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["email"],
            Self::Phone => &["phone"],
            Self::Address => &["address", "city", "state", "postal"],
            Self::PaidSocial => &[],
        }
    }
}

/// Who can be contacted by each of some ways of which the data can tell: by the contact table, or where that tells of
/// neither email, phone nor address, by the customers table.
pub(crate) fn reachable(
    database: &Database,
    tables: &dyn InsightTables,
    ways: &[Way],
    universe_size: usize,
) -> Result<Vec<(Way, CustomerSet)>, BackendError> {
    let mut found = Vec::new();
    if let Some(contact) = role(tables, database.roles.contact.as_ref())? {
        let is_flag =
            |name| contact.0.column(name).is_some_and(|column| column.data_type == DataType::Boolean);
        let told = ways.iter().filter(|way| is_flag(way.column()));
        let told: Vec<(Way, Vec<&str>)> = told.map(|way| (*way, vec![way.column()])).collect();
        found = customers(tables, contact, told, &ColumnPredicate::Boolean(true), universe_size)?;
    }
    if found.iter().all(|(way, _)| way.filled().is_empty())
        && let Some(of_customers) = role(tables, database.roles.customers.as_ref())?
    {
        let has = |way: &&Way| {
            let columns = way.filled();
            !columns.is_empty() && columns.iter().all(|name| of_customers.0.column(name).is_some())
        };
        let told: Vec<_> = ways.iter().filter(has).map(|way| (*way, way.filled().to_vec())).collect();
        let filled = ColumnPredicate::Empty(false);
        found.extend(customers(tables, of_customers, told, &filled, universe_size)?);
    }
    Ok(found)
}

/// For each way the customers with a row where all of its columns pass.
fn customers(
    tables: &dyn InsightTables,
    (table, index): (&Table, Arc<CustomerIndex>),
    ways: Vec<(Way, Vec<&str>)>,
    predicate: &ColumnPredicate<'_>,
    universe_size: usize,
) -> Result<Vec<(Way, CustomerSet)>, BackendError> {
    if ways.is_empty() {
        return Ok(Vec::new());
    }
    index.customers.check_ids(universe_size)?;
    let (source, reader) = (ReadableTable::new(table)?, tables.reader());
    let none = || vec![CustomerSet::with_capacity(universe_size); ways.len()];
    let found = reader.fold(source, [], none, |found, number, []| {
        let customers = index.customers.chunk(number, reader)?;
        for ((_, columns), found) in ways.iter().zip(found) {
            let mut rows = Bitmap::ones(customers.rows());
            for column in columns {
                rows.and(&passing(predicate, (source, column), number, reader)?)?;
            }
            customers.add_to(&rows, found)?;
        }
        Ok(())
    })?;
    let both = |one: Vec<CustomerSet>, other: Vec<CustomerSet>| {
        one.into_iter().zip(&other).map(|(one, other)| union(one, other)).collect::<Vec<_>>()
    };
    let found = found.into_iter().reduce(both).unwrap_or_else(none);
    Ok(ways.into_iter().map(|(way, _)| way).zip(found).collect())
}

/// The rows of a chunk where a predicate holds on a column.
fn passing(
    predicate: &ColumnPredicate<'_>,
    (source, column): (ReadableTable<'_>, &str),
    number: usize,
    reader: ChunkReader<'_>,
) -> Result<Bitmap, BackendError> {
    if let ColumnPredicate::Empty(false) = predicate
        && reader.known_chunk(source, column, number).is_none()
        && let Some(rows) = filled_texts(source, column, number, reader)?
    {
        return Ok(rows);
    }
    Ok(RowMask::new(predicate, &*reader.chunk(source, column, number)?)?.trues)
}

/// The rows with a text that is not blank, seen without a dictionary, which takes longer to make where hardly two texts are
/// the same. `None` for a column of another type.
fn filled_texts(
    source: ReadableTable<'_>,
    column: &str,
    number: usize,
    reader: ChunkReader<'_>,
) -> Result<Option<Bitmap>, BackendError> {
    let mut filled = Vec::with_capacity(reader.chunk_rows(source, number));
    for frame in reader.frames(source, &[column], number) {
        let frame = frame?;
        let texts = frame.column(column).map_err(unreadable(&source.table.name))?;
        let Ok(texts) = texts.str() else { return Ok(None) };
        filled.extend(texts.iter().map(|text| text.is_some_and(|text| !is_blank(text))));
    }
    Ok(Some(Bitmap::from_values(&filled, |is_filled| is_filled)))
}
