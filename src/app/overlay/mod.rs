//! What lies over a screen: pickers, forms, questions. Esc goes one step back everywhere.

pub mod add;
pub mod commands;
pub mod confirm;
pub mod entry;
pub mod pick;
pub mod purchase;
pub mod purpose;
pub mod save_as;
pub mod values;

use super::action::Context;
use crate::segment::Operator;

/// What lies over a screen.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// Source, attribute, operator.
    Add(add::Add),
    /// The values of a column.
    Values(values::Values),
    /// Typed values.
    Entry(entry::Entry),
    /// A purchase behaviour.
    Purchase(purchase::Purchase),
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
}

impl Overlay {
    /// Where keys are pressed while it lies on top.
    #[must_use]
    pub fn context(&self) -> Context {
        match self {
            Self::Add(_) => Context::Add,
            Self::Values(_) => Context::Values,
            Self::Entry(_) => Context::Entry,
            Self::Purchase(_) => Context::Purchase,
            Self::SaveAs(_) => Context::SaveAs,
            Self::Choose(_) => Context::Choose,
            Self::Confirm(_) => Context::Confirm,
            Self::Commands(_) => Context::Commands,
            Self::Messages(_) => Context::Messages,
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
    Operator(purpose::Purpose, Operator),
    /// The database at this position.
    Database(usize),
    /// Another activation ID.
    Id(String),
    /// The kept edits of the segment with this id.
    Draft(String),
}
