//! A saved segment that is compared with the open one.

use std::sync::Arc;

use crate::app::view::View;
use crate::diagnostic::Diagnostic;
use crate::segment::{Segment, Severity, problems};
use crate::workspace::Entry;

/// A saved segment beside the open one.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its identity.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is saved of it, once it is read.
    pub document: Option<Result<Arc<Segment>, Diagnostic>>,
    /// Why it cannot be compared with the open segment.
    pub unfit: Option<String>,
    /// Whether some of its conditions cannot be evaluated, so that they are left out.
    pub has_fault: bool,
}

impl Other {
    /// Why it has no figures.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        let failure = self.document.as_ref().and_then(|document| document.as_ref().err());
        self.unfit.as_deref().or(failure.map(|failure| failure.message.as_str()))
    }

    /// What is saved of it, where it can be compared.
    pub(super) fn fitting(&self) -> Option<&Arc<Segment>> {
        self.document.as_ref()?.as_ref().ok().filter(|_| self.unfit.is_none())
    }
}

/// Why a saved segment cannot be compared with the open one.
pub(super) fn unfit(entry: &Entry, view: View<'_>) -> Option<String> {
    let open = view.segment?;
    if entry.id == open.id {
        return Some("this segment itself".to_owned());
    }
    let database = view.database()?;
    let is_here = |name: &str| name.is_empty() || name == database.name || name == open.database;
    if !is_here(&entry.database) {
        return Some(format!("is made for {}", entry.database));
    }
    let id = if entry.activation_id.is_empty() { &database.default_id } else { &entry.activation_id };
    let own = view.activation_id();
    (*id != own).then(|| format!("is made of {id}, this segment of {own}"))
}

/// Whether a segment has something that keeps others from referring to it.
pub(super) fn has_fault(segment: &Segment, view: View<'_>) -> bool {
    let as_of = view.session.as_of();
    let found = view.with_schema(|schema| problems(segment, schema, as_of));
    found.iter().any(|problem| problem.severity == Severity::Error)
}
