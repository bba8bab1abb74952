//! What lies over a screen: pickers, forms, questions. Esc goes one step back everywhere.

pub mod add;
pub mod browse;
pub mod commands;
pub mod confirm;
pub mod lists;
pub mod paste;
pub mod pick;
pub mod prompt;
pub mod purchase;
pub mod quick_add;
pub mod save_as;
pub mod sql;
pub mod value_entry;
pub mod values;

use super::action::Context;
use crate::segment::{ListOperator, NodePath, Operator};

/// What lies over a screen.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// Source, attribute, operator.
    Add(add::Add),
    /// The values of a column.
    Values(values::Values),
    /// Typed values.
    ValueEntry(value_entry::ValueEntry),
    /// Segments, files and queries as customer lists.
    Lists(lists::Lists),
    /// A file on this machine.
    Browse(browse::Browse),
    /// A pasted list.
    Paste(paste::Paste),
    /// A purchase behaviour.
    Purchase(purchase::Purchase),
    /// A condition typed on one line.
    QuickAdd(quick_add::QuickAdd),
    /// Name and folder.
    SaveAs(save_as::SaveAs),
    /// A list to choose from.
    Choose(Choose),
    /// A question.
    Confirm(confirm::Confirm),
    /// Help and palette.
    Commands(commands::Commands),
    /// Every notice, scrolled so far up.
    Messages(usize),
    /// The segment as SQL.
    Sql(sql::SqlView),
}

impl Overlay {
    /// Where keys are pressed while it lies on top.
    #[must_use]
    pub fn context(&self) -> Context {
        match self {
            Self::Add(_) => Context::Add,
            Self::Values(_) => Context::Values,
            Self::ValueEntry(_) => Context::Entry,
            Self::Lists(_) => Context::Lists,
            Self::Browse(_) => Context::Browse,
            Self::Paste(_) => Context::Paste,
            Self::Purchase(_) => Context::Purchase,
            Self::QuickAdd(_) => Context::QuickAdd,
            Self::SaveAs(_) => Context::SaveAs,
            Self::Choose(_) => Context::Choose,
            Self::Confirm(_) => Context::Confirm,
            Self::Commands(_) => Context::Commands,
            Self::Messages(_) => Context::Messages,
            Self::Sql(_) => Context::SqlView,
        }
    }
}

/// A list to choose one thing from.
#[derive(Clone, Debug)]
pub struct Choose {
    /// What is chosen.
    pub title: String,
    /// The list.
    pub pick: pick::Pick<Choice>,
}

/// A thing to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Another operator for a condition or filter.
    Operator(prompt::EditTarget, Operator),
    /// Another operator for the customer list at this path.
    ListOperator(NodePath, ListOperator),
    /// The database at this position.
    Database(usize),
    /// Another activation ID.
    Id(String),
    /// The kept edits of the segment with this id.
    Draft(String),
    /// A word of SQL, in place of the one that is being typed.
    Word(String),
}
