//! The columns of a table, shared by all that look at it, with their names indexed once.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::segment::{ColumnNames, DataType, Named, title_case};

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What segments call it.
    pub name: String,
    /// What screens call it.
    pub label: String,
    /// Its type.
    pub data_type: DataType,
}

impl Column {
    /// A column whose label is made from its name.
    #[must_use]
    pub(crate) fn new(name: String, data_type: DataType) -> Self {
        let label = match name.as_str() {
            "" => shown_name("").to_owned(),
            name => title_case(name),
        };
        Self { name, label, data_type }
    }
}

/// A column's name on screens: one that is empty can be seen too.
#[must_use]
pub(crate) fn shown_name(name: &str) -> &str {
    if name.is_empty() { "\"\"" } else { name }
}

/// The columns of a table, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Columns(Arc<Shared>);

#[derive(Clone, Debug, Default)]
struct Shared {
    columns: Vec<Column>,
    places: OnceLock<HashMap<String, usize>>,
    names: OnceLock<Arc<ColumnNames>>,
}

impl Columns {
    /// The column of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Column> {
        self.places().get(name).and_then(|at| self.get(*at))
    }

    fn places(&self) -> &HashMap<String, usize> {
        self.0.places.get_or_init(|| {
            // Of two of a name the first.
            let places = self.iter().enumerate().rev();
            places.map(|(at, column)| (column.name.clone(), at)).collect()
        })
    }

    /// Indexes everything now, so that whoever asks first does not wait.
    pub fn index(&self) {
        drop((self.places(), self.names()));
    }

    /// The columns to be changed: what was indexed of them is forgotten.
    pub fn to_mut(&mut self) -> &mut Vec<Column> {
        let columns = Arc::make_mut(&mut self.0);
        (columns.places, columns.names) = (OnceLock::new(), OnceLock::new());
        &mut columns.columns
    }

    /// Their names, indexed when they are asked for first.
    #[must_use]
    pub fn names(&self) -> Arc<ColumnNames> {
        let names = self.0.names.get_or_init(|| {
            let column = |column: &Column| {
                let named = Named { name: column.name.clone(), label: column.label.clone() };
                (named, Some(column.data_type))
            };
            Arc::new(ColumnNames::new(self.iter().map(column)))
        });
        Arc::clone(names)
    }
}

impl Deref for Columns {
    type Target = [Column];

    fn deref(&self) -> &[Column] {
        &self.0.columns
    }
}

impl PartialEq for Columns {
    fn eq(&self, other: &Self) -> bool {
        self.0.columns == other.0.columns
    }
}

impl Eq for Columns {}

impl From<Vec<Column>> for Columns {
    fn from(columns: Vec<Column>) -> Self {
        Self(Arc::new(Shared { columns, ..Shared::default() }))
    }
}

impl FromIterator<Column> for Columns {
    fn from_iter<I: IntoIterator<Item = Column>>(columns: I) -> Self {
        columns.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'a> IntoIterator for &'a Columns {
    type Item = &'a Column;
    type IntoIter = std::slice::Iter<'a, Column>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
