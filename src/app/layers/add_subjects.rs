//! What the picker of three columns offers: sources, what to look at, and how to compare.

use crate::app::available_lists::ListKind;
use crate::app::pick::Item;
use crate::app::prompt::Measure;
use crate::app::subject_search::{BEHAVIOURS, FoundSubject, LISTS, NO_ITEMS};
use crate::database::{Column, Database, Table, shown_name};
use crate::segment::{AmountOperator, Behaviour, DataType, Keyword, ListOperator, ListSource, Operator};

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectSource {
    /// A table, by name.
    Table(String),
    /// The purchase behaviours.
    Behaviours,
    /// The customer lists.
    Lists,
}

/// What to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Something of a table.
    Measure {
        /// The table's name.
        table: String,
        /// What it is.
        measure: Measure,
        /// Its type.
        data_type: DataType,
    },
    /// A purchase behaviour.
    Behaviour(Behaviour),
    /// A kind of customer lists.
    List(ListKind),
    /// All that a source has, which was found by its name.
    Source(SubjectSource),
    /// A customer list, which was found by its name.
    Listed(ListSource),
}

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectOperator {
    /// A column's value.
    Test(Operator),
    /// A number of orders or an amount.
    Amount(AmountOperator),
    /// Being on a list, or not.
    Member(ListOperator),
}

/// What a source can be asked.
pub(super) fn subjects(source: &SubjectSource, database: &Database) -> Vec<Item<Subject>> {
    match source {
        SubjectSource::Table(name) => {
            let table = database.table(name);
            let columns = table.and_then(|table| table.content.as_ref().ok()).map(|content| &content.columns);
            columns.into_iter().flatten().map(|column| attribute(name, column)).collect()
        }
        SubjectSource::Behaviours => {
            Behaviour::ALL.iter().map(|behaviour| self::behaviour(*behaviour)).collect()
        }
        SubjectSource::Lists => {
            ListKind::ALL.iter().map(|kind| Item::new(Subject::List(*kind), kind.label())).collect()
        }
    }
}

/// Something that was found in all sources, with where it is.
pub(super) fn found_item(found: FoundSubject<'_>, database: &Database, activation_id: &str) -> Item<Subject> {
    let behaviours_disabled = database.roles.items.is_none().then(|| NO_ITEMS.to_owned());
    match found {
        FoundSubject::Attribute(table, column) => attribute(&table.name, column).detail(table.title()),
        FoundSubject::Behaviour(behaviour) => {
            Item { disabled: behaviours_disabled, ..self::behaviour(behaviour).detail(BEHAVIOURS) }
        }
        FoundSubject::List(kind) => Item::new(Subject::List(kind), kind.label()).detail(LISTS),
        FoundSubject::Table(table) => {
            let Item { value, label, disabled, .. } = source(table, activation_id);
            Item { disabled, ..whole(value, &label).detail("table") }
        }
        FoundSubject::Behaviours => {
            Item { disabled: behaviours_disabled, ..whole(SubjectSource::Behaviours, BEHAVIOURS) }
        }
        // A list by name is an item already.
        FoundSubject::Lists | FoundSubject::Listed(_) => whole(SubjectSource::Lists, LISTS),
    }
}

pub(super) fn whole(source: SubjectSource, label: &str) -> Item<Subject> {
    Item::new(Subject::Source(source), label)
}

pub(super) fn source_of(subject: &Subject) -> SubjectSource {
    match subject {
        Subject::Measure { table, .. } => SubjectSource::Table(table.clone()),
        Subject::Behaviour(_) => SubjectSource::Behaviours,
        Subject::List(_) | Subject::Listed(_) => SubjectSource::Lists,
        Subject::Source(source) => source.clone(),
    }
}

/// The sign of an operator, as it is typed.
pub(super) fn sign(op: AmountOperator) -> &'static str {
    match op {
        AmountOperator::Exactly => "=",
        AmountOperator::MoreThan => ">",
        AmountOperator::LessThan => "<",
        AmountOperator::AtLeast => ">=",
        AmountOperator::AtMost => "<=",
        AmountOperator::Between => "..",
    }
}

pub(super) fn source(table: &Table, activation_id: &str) -> Item<SubjectSource> {
    let item = Item::new(SubjectSource::Table(table.name.clone()), table.title());
    match &table.content {
        Err(error) => Item { disabled: Some(error.to_string()), ..item },
        Ok(_) if table.id_column(activation_id).is_none() => {
            Item { disabled: Some(format!("has no {activation_id}")), ..item }
        }
        Ok(_) => item,
    }
}

pub(super) fn attribute(table: &str, column: &Column) -> Item<Subject> {
    let subject = Subject::Measure {
        table: table.to_owned(),
        measure: Measure::Column(column.name.clone()),
        data_type: column.data_type,
    };
    Item::new(subject, shown_name(&column.label))
}

pub(super) fn behaviour(behaviour: Behaviour) -> Item<Subject> {
    Item::new(Subject::Behaviour(behaviour), behaviour.label())
}
