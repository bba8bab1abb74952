//! Which columns a table has, by the footers of its files: under which names and in which types, what is left out of
//! it, and why.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use super::convert::HeldType;
use super::footer::Footer;
use super::schema::FieldKind;
use super::types::{ColumnType, nesting_words};
use crate::database::{Note, TableError};
use crate::diagnostic::{Diagnostic, shortened};
use crate::local::files::manifest;
use crate::segment::{DataType as Type, Keyword as _};

/// What columns are whose values cannot be used, whatever their type.
const ENCRYPTED: &str = "encrypted";
pub(super) const NO_TEXT: &str = "bytes that are no UTF-8 text";

/// The columns of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PartColumns {
    /// Those of types that segments know, in the order of the file.
    pub usable: Vec<PartColumn>,
    /// The others.
    pub left_out: Vec<LeftOut>,
    /// Names that were there before, and what their columns are called instead.
    renamed: Vec<(String, String)>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartColumn {
    /// No other has the same.
    pub name: String,
    /// Which of [`Footer::columns`] it is.
    pub number: usize,
    pub column_type: ColumnType,
}

/// A column that segments cannot use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub name: String,
    /// What it is instead, as `a list`.
    pub what: String,
}

/// The columns of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TableColumns {
    /// In the order of the first file.
    pub columns: Vec<TableColumn>,
    /// Those that segments cannot use.
    pub left_out: Vec<LeftOut>,
    pub notes: Vec<Note>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableColumn {
    pub name: String,
    pub held: HeldType,
}

impl PartColumns {
    /// The columns of a file by its footer alone: what nothing is said of still has to be looked into.
    pub fn new(footer: &Footer) -> Self {
        let mut part = Self::default();
        let taken: BTreeSet<&str> = footer.fields.iter().map(|field| field.name.as_str()).collect();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for field in &footer.fields {
            let is_new = seen.insert(field.name.clone());
            let name = if is_new { field.name.clone() } else { next_name(&field.name, &taken, &mut seen) };
            let found = match &field.kind {
                FieldKind::Nested(nesting, _) => Err(nesting_words(*nesting)),
                FieldKind::Column(number) => {
                    footer.columns.get(*number).map_or(Err("of no type"), |column| {
                        match (column.is_encrypted, column.is_duration) {
                            (true, _) => Err(ENCRYPTED),
                            (_, true) => Err("a duration"),
                            _ => ColumnType::new(&column.label).map(|column_type| (*number, column_type)),
                        }
                    })
                }
            };
            match found {
                Ok((number, column_type)) => {
                    if !is_new {
                        part.renamed.push((field.name.clone(), name.clone()));
                    }
                    part.usable.push(PartColumn { name, number, column_type });
                }
                Err(what) => part.left_out.push(LeftOut { name, what: what.to_owned() }),
            }
        }
        part
    }

    /// The columns whose bytes are texts only if they are UTF-8.
    pub fn unmarked(&self) -> impl Iterator<Item = &PartColumn> {
        self.usable.iter().filter(|column| column.column_type.is_unmarked())
    }

    /// Leaves a column out after all.
    pub fn leave_out(&mut self, name: &str, what: &str) {
        self.usable.retain(|column| column.name != name);
        self.left_out.push(LeftOut { name: name.to_owned(), what: what.to_owned() });
    }

    fn find(&self, name: &str) -> Option<&PartColumn> {
        self.usable.iter().find(|column| column.name == name)
    }
}

/// `n_2` for a second `n`, or the next such name that is free.
fn next_name(name: &str, taken: &BTreeSet<&str>, seen: &mut BTreeSet<String>) -> String {
    let mut number = 2_u64;
    loop {
        let next = format!("{name}_{number}");
        if !taken.contains(next.as_str()) && seen.insert(next.clone()) {
            return next;
        }
        number += 1;
    }
}

/// How the files of a table become one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Union<'a> {
    /// The name by which the manifest knows the table, if it does.
    pub table: Option<&'a str>,
    /// Whether columns that a file lacks are NULL there.
    pub is_declared: bool,
}

/// The columns of a table of these files. `too_great` are columns with whole numbers that 64 bits with a sign do not
/// hold: they are strings, by their decimal text: exact as ids, and nobody reckons with them.
///
/// # Errors
/// The files have other columns, or a column is of other types.
pub(crate) fn table_columns(
    parts: &[(&Path, PartColumns)],
    too_great: &BTreeSet<String>,
    union: Union<'_>,
) -> Result<TableColumns, TableError> {
    let Some(((first_file, first), others)) = parts.split_first() else {
        return Ok(TableColumns::default());
    };
    let left_out = all_left_out(parts);
    let used = |part: &PartColumns| -> Vec<String> {
        let names = part.usable.iter().map(|column| &column.name);
        names.filter(|name| !left_out.iter().any(|column| column.name == **name)).cloned().collect()
    };
    let mut names = used(first);
    for (file, other) in others {
        let theirs = used(other);
        if !union.is_declared {
            let same = TableError::check_same_columns(first_file, &used(first), file, &theirs);
            let line = union.table.map(|table| manifest::setting(table, "parts", "\"union\""));
            same.map_err(|error| line.iter().fold(error, |error, line| error.with_help(line)))?;
        }
        let added = theirs.into_iter().filter(|name| !names.contains(name));
        names.extend(added.collect::<Vec<_>>());
    }
    let column = |name: String| {
        let held = held_type(parts, &name, too_great.contains(&name))?;
        Ok(TableColumn { name, held })
    };
    let columns: Vec<TableColumn> = names.into_iter().map(column).collect::<Result<_, TableError>>()?;
    let nothing = (columns.is_empty() && !left_out.is_empty()).then(nothing_left);
    let renamed = first.renamed.iter().filter(|(_, new)| columns.iter().any(|column| column.name == *new));
    let renamed = renamed.map(|(name, new)| {
        let message = format!("a second column {:?} is {:?} here", shortened(name), shortened(new));
        Diagnostic::new(message).at(Some(new.clone()))
    });
    let notes = nothing.into_iter().chain(left_out.iter().map(LeftOut::note)).chain(renamed).collect();
    Ok(TableColumns { columns, left_out, notes })
}

/// The columns that any file has to leave out, each once.
fn all_left_out(parts: &[(&Path, PartColumns)]) -> Vec<LeftOut> {
    let mut names = BTreeSet::new();
    let all = parts.iter().flat_map(|(_, part)| &part.left_out);
    all.filter(|column| names.insert(&column.name)).cloned().collect()
}

/// Says of a table without columns why it has none.
fn nothing_left() -> Note {
    Diagnostic::new("none of its columns can be used")
        .with_help("write numbers, strings, dates or booleans, each in a column of its own")
        .at(None)
}

/// The type of a column that may be stored in several ways. Where a file has nothing but NULLs it has the type that
/// the others have.
fn held_type(parts: &[(&Path, PartColumns)], name: &str, is_too_great: bool) -> Result<HeldType, TableError> {
    let of_part = |(file, part): &(_, PartColumns)| Some((*file, part.find(name)?.column_type));
    let known: Vec<(&Path, ColumnType)> = parts
        .iter()
        .filter_map(of_part)
        .filter(|(_, column_type)| !matches!(column_type, ColumnType::Null(_)))
        .collect();
    let Some(((first_file, first), others)) = known.split_first() else {
        return Ok(HeldType { data_type: Type::String, scale: None });
    };
    let data_type = first.segment_type();
    if let Some((file, other)) = others.iter().find(|(_, other)| other.segment_type() != data_type) {
        let first = first_file.file_name().unwrap_or_default().to_string_lossy();
        let (ours, theirs) = (other.segment_type().id(), data_type.id());
        let message = format!("column {:?} is {ours}, but {theirs} in {first}", shortened(name));
        let help = "write the parts of one table with the same types";
        return Err(Diagnostic::new(message).with_help(help).in_file(*file));
    }
    let data_type = if is_too_great && data_type == Type::Integer { Type::String } else { data_type };
    Ok(HeldType { data_type, scale: common_scale(known.iter().map(|(_, column_type)| *column_type)) })
}

/// The decimals with which all these can be held exactly, as far as their values have no more than 38 digits then;
/// `None` if some are no decimals.
fn common_scale(mut types: impl Iterator<Item = ColumnType>) -> Option<u32> {
    types.try_fold(0, |most, column_type| match column_type {
        ColumnType::Decimal { scale, .. } => Some(scale.max(most)),
        _ => None,
    })
}

impl LeftOut {
    fn note(&self) -> Note {
        let (reason, help) = match self.what.as_str() {
            ENCRYPTED => ("", "write it without encryption"),
            NO_TEXT => ("", ""),
            _ => (", which segments do not know", ""),
        };
        let message = format!("left out: {self}{reason}");
        Diagnostic::new(message).with_help(help).at(Some(self.name.clone()))
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is {}", shortened(&self.name), self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::parquet::schema::{Field, Label, Logical, Nesting, Physical, StoredColumn};

    const TEXT: Label = Label { physical: Physical::Bytes, logical: Some(Logical::String) };
    const WHOLE: Label = Label { physical: Physical::Int64, logical: None };

    fn decimal(precision: u32, scale: u32) -> Label {
        Label { physical: Physical::Fixed(16), logical: Some(Logical::Decimal(precision, scale)) }
    }

    /// A file of columns of these names; without a label, lists.
    fn part(columns: &[(&str, Option<Label>)]) -> (&'static Path, PartColumns) {
        let stored = |(name, label): &(&str, Option<Label>)| StoredColumn {
            name: (*name).to_owned(),
            label: label.clone().unwrap_or(WHOLE),
            max_definition: 1,
            max_repetition: 0,
            is_encrypted: name.starts_with("secret"),
            is_duration: false,
        };
        let field = |(number, (name, label)): (usize, &(&str, Option<Label>))| Field {
            name: (*name).to_owned(),
            kind: match label {
                Some(_) => FieldKind::Column(number),
                None => FieldKind::Nested(Nesting::List, number..number + 1),
            },
        };
        let fields = columns.iter().enumerate().map(field).collect();
        let columns = columns.iter().map(stored).collect();
        (
            Path::new("orders/b.parquet"),
            PartColumns::new(&Footer { fields, columns, groups: Vec::new(), rows: 0 }),
        )
    }

    fn names(columns: &TableColumns) -> Vec<&str> {
        columns.columns.iter().map(|column| column.name.as_str()).collect()
    }

    fn alone(parts: &[(&Path, PartColumns)]) -> Result<TableColumns, TableError> {
        table_columns(parts, &BTreeSet::new(), Union::default())
    }

    fn messages(columns: &TableColumns) -> Vec<(Option<&str>, &str)> {
        columns.notes.iter().map(|note| (note.place.as_deref(), note.message.as_str())).collect()
    }

    #[test]
    fn what_segments_do_not_know_is_left_out_by_name() {
        let secret = Some(TEXT);
        let columns = alone(&[part(&[("id", Some(TEXT)), ("tags", None), ("secret", secret)])]).unwrap();
        assert_eq!(names(&columns), ["id"]);
        let expected = [
            (Some("tags"), "left out: \"tags\" is a list, which segments do not know"),
            (Some("secret"), "left out: \"secret\" is encrypted"),
        ];
        assert_eq!(messages(&columns), expected);
        let columns = alone(&[part(&[("tags", None), ("secret", Some(TEXT))])]).unwrap();
        assert_eq!((names(&columns).len(), columns.notes.len()), (0, 3));
        assert_eq!(messages(&columns)[0], (None, "none of its columns can be used"));
        assert_eq!(alone(&[part(&[])]).unwrap(), TableColumns::default());
    }

    #[test]
    fn a_second_column_gets_a_name_of_its_own() {
        let whole = Some(WHOLE);
        let columns = alone(&[part(&[
            ("n", whole.clone()),
            ("n", whole.clone()),
            ("n_2", whole.clone()),
            ("n", whole),
        ])]);
        let columns = columns.unwrap();
        assert_eq!(names(&columns), ["n", "n_3", "n_2", "n_4"]);
        assert_eq!(messages(&columns)[0], (Some("n_3"), "a second column \"n\" is \"n_3\" here"));
        let columns = alone(&[part(&[("", Some(WHOLE)), ("", Some(TEXT))])]).unwrap();
        assert_eq!(names(&columns), ["", "_2"]);
    }

    #[test]
    fn parts_with_other_columns_are_one_table_only_if_it_is_declared() {
        let parts = [
            part(&[("id", Some(TEXT)), ("n", Some(WHOLE))]),
            part(&[("email", Some(TEXT)), ("id", Some(TEXT)), ("tags", None)]),
        ];
        let union = Union { table: Some("orders"), is_declared: false };
        let error = table_columns(&parts, &BTreeSet::new(), union).unwrap_err();
        assert!(error.message.contains("lacks \"n\" and adds \"email\""), "{error}");
        assert_eq!(error.help_text(), "[tables.orders]\nparts = \"union\"");
        let declared = Union { is_declared: true, ..union };
        assert_eq!(names(&table_columns(&parts, &BTreeSet::new(), declared).unwrap()), ["id", "n", "email"]);
    }

    #[test]
    fn a_column_is_of_one_type_in_all_files() {
        let held = |labels: &[Label]| {
            let parts: Vec<_> = labels.iter().map(|label| part(&[("x", Some(label.clone()))])).collect();
            alone(&parts).map(|columns| columns.columns[0].held)
        };
        let of = |data_type, scale| HeldType { data_type, scale };
        let null = Label { physical: Physical::Int32, logical: Some(Logical::Null) };
        let float = Label { physical: Physical::Float, logical: None };
        assert_eq!(held(std::slice::from_ref(&null)), Ok(of(Type::String, None)));
        assert_eq!(held(&[null, WHOLE]), Ok(of(Type::Integer, None)));
        assert_eq!(held(&[decimal(10, 2), decimal(12, 4)]), Ok(of(Type::Decimal, Some(4))));
        assert_eq!(held(&[decimal(38, 0), decimal(38, 10)]), Ok(of(Type::Decimal, Some(10))));
        assert_eq!(held(&[decimal(10, 2), float]), Ok(of(Type::Decimal, None)));
        let error = held(&[WHOLE, TEXT]).unwrap_err();
        assert_eq!(error.message, "column \"x\" is string, but integer in b.parquet");
        let great = BTreeSet::from(["x".to_owned()]);
        let columns = table_columns(&[part(&[("x", Some(WHOLE))])], &great, Union::default()).unwrap();
        assert_eq!(columns.columns[0].held, of(Type::String, None));
    }
}
