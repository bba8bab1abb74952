//! What the app asks of an open database, and the events that answer it. `None`: nobody waits any more.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use super::failures::from_backend;
use super::list_preview::ListPreviewer;
use super::open_backends::EventSink;
use super::sql_export::export_sql;
use crate::app::effect::{Previewed, Variant, WantedSql};
use crate::app::event::{Event, SegmentFailure, VariantCounts};
use crate::backend::{
    Advise, Backend, BackendError, Cancel, CountValues, Evaluate, Evaluation, PageQuestion, Progress, Task,
    WantedNumbers, WrongConditions,
};
use crate::diagnostic::Diagnostic;
use crate::segment::{Node, NodePath, Segment};
use crate::sql::Card;
use crate::workspace::Workspace;

/// A database that may have been closed meanwhile.
pub struct Asked<'a> {
    pub folder: PathBuf,
    /// Its backend, while it is open.
    pub backend: Option<Arc<dyn Backend>>,
    /// Stops the work.
    pub cancel: &'a Cancel,
}

impl Asked<'_> {
    pub(super) fn open(&self) -> Result<&dyn Backend, Diagnostic> {
        self.backend.as_deref().ok_or_else(|| closed(&self.folder))
    }

    /// The numbers of a definition. Where some take longer, those that are there first are told before.
    pub(super) fn evaluate(
        &self,
        definition: u64,
        segment: Arc<Segment>,
        as_of: NaiveDate,
        sink: EventSink<'_>,
    ) -> Option<Event> {
        let backend = match self.open() {
            Ok(backend) => backend,
            Err(closed) => {
                return Some(Event::Evaluated { definition, result: Err(SegmentFailure::Other(closed)) });
            }
        };
        let evaluate = |wanted| {
            let (segment, wrong) = (Arc::clone(&segment), WrongConditions::LeaveOut);
            let question = Evaluate { segment, as_of, wrong, wanted };
            let result = unless_cancelled(backend.evaluate(&question, Task::new(self.cancel)))?;
            Some(result.map(Arc::new).map_err(SegmentFailure::from))
        };
        let first = evaluate(WantedNumbers::Members)?;
        let is_part = first.as_ref().is_ok_and(|numbers| !numbers.has_all_insights);
        if !is_part {
            return Some(Event::Evaluated { definition, result: first });
        }
        sink(Event::Evaluated { definition, result: first });
        Some(Event::Evaluated { definition, result: evaluate(WantedNumbers::All)? })
    }

    /// Advice on a definition. Of a database that is closed nobody asks for advice any more.
    pub fn advise(&self, definition: u64, segment: Arc<Segment>, as_of: NaiveDate) -> Option<Event> {
        let result = self.backend.as_ref()?.advise(&Advise { segment, as_of }, Task::new(self.cancel));
        let result = unless_cancelled(result)?.map(Arc::new).map_err(from_backend);
        Some(Event::Advised { definition, result })
    }

    /// A segment as SQL.
    pub(crate) fn write_sql(
        &self,
        segment: Arc<Segment>,
        as_of: NaiveDate,
        wanted: WantedSql,
        card: Option<Arc<Card>>,
    ) -> Option<Event> {
        let result = match self.open() {
            Ok(backend) => export_sql(backend, &segment, as_of, (wanted, card.as_deref()), self.cancel),
            Err(closed) => Err(SegmentFailure::Other(closed)),
        };
        // What nobody waits for any more is not worth an answer.
        let event = Event::SqlWritten { segment, wanted, card, result: result.map(Arc::new) };
        (!self.cancel.is_cancelled()).then_some(event)
    }

    /// The values of a column.
    pub fn count_values(&self, question: CountValues) -> Option<Event> {
        let result = match self.open() {
            Ok(backend) => {
                let counted = backend.count_values(&question, Task::new(self.cancel));
                unless_cancelled(counted)?.map(Arc::new).map_err(from_backend)
            }
            Err(closed) => Err(closed),
        };
        Some(Event::Counted { table: question.table, column: question.column, result })
    }

    /// The open segment as it would be, variant by variant.
    pub fn count_variants(
        &self,
        request: u64,
        variants: Vec<Variant>,
        as_of: NaiveDate,
        sink: EventSink<'_>,
    ) -> Option<Event> {
        for Variant { at, segment, line } in variants {
            let counted = self.open().and_then(|backend| {
                let (wrong, wanted) = (WrongConditions::LeaveOut, WantedNumbers::Members);
                let question = Evaluate { segment: Arc::clone(&segment), as_of, wrong, wanted };
                let evaluated = unless_cancelled(backend.evaluate(&question, Task::new(self.cancel)));
                evaluated.transpose().map_err(from_backend)
            });
            let result = match counted {
                // Nobody waits any more.
                Ok(None) => return None,
                Ok(Some(numbers)) => variant_counts(&numbers, &segment, &line),
                Err(failure) => Err(failure),
            };
            sink(Event::VariantCounted { request, at, result });
        }
        None
    }

    /// What a page asks; how far it is goes to `sink`.
    pub(crate) fn page(
        &self,
        request: u64,
        question: &PageQuestion,
        sink: &(dyn Fn(Event) + Sync),
    ) -> Option<Event> {
        let progress = |progress: Progress<'_>| {
            sink(Event::PageProgress { request, percent: progress.percent() });
        };
        let result = match self.open() {
            Ok(backend) => {
                let task = Task { cancel: self.cancel, progress: &progress };
                let answered = question.ask(backend, task);
                unless_cancelled(answered)?.map(Arc::new).map_err(SegmentFailure::from)
            }
            Err(closed) => Err(SegmentFailure::Other(closed)),
        };
        Some(Event::PageAnswered { request, result })
    }

    /// What a customer list comes to.
    pub(crate) fn preview_list(
        &self,
        of: Previewed,
        activation_id: &str,
        as_of: NaiveDate,
        workspace: &Workspace,
    ) -> Option<Event> {
        let result = match self.open() {
            Ok(backend) => {
                let previewer = ListPreviewer { workspace, backend, cancel: self.cancel };
                previewer.preview(&of, activation_id, as_of).transpose()?
            }
            Err(closed) => Err(closed),
        };
        Some(Event::ListPreviewed { of, result: result.map(Arc::new) })
    }
}

fn unless_cancelled<T>(result: Result<T, BackendError>) -> Option<Result<T, BackendError>> {
    match result {
        Err(BackendError::Cancelled) => None,
        result => Some(result),
    }
}

fn closed(folder: &Path) -> Diagnostic {
    Diagnostic::new(format!("the database {} is closed", folder.display())).with_help("open it again (D)")
}

/// What a variant comes to; there is no count of a line that was left out because something is wrong with it.
fn variant_counts(
    numbers: &Evaluation,
    segment: &Segment,
    line: &NodePath,
) -> Result<VariantCounts, Diagnostic> {
    let members = numbers.insights.unique_customers;
    if let Some(counts) = numbers.waterfall.iter().find(|counts| counts.path == *line) {
        return Ok(VariantCounts { alone: Some(counts.alone), members });
    }
    let around = std::iter::successors(Some(line.clone()), |path| path.parent().map(|(parent, _)| parent));
    if around.into_iter().any(|path| segment.node(&path).is_some_and(Node::is_off)) {
        return Ok(VariantCounts { alone: None, members });
    }
    let problem = numbers.problems.iter().find(|problem| problem.diagnostic.place.node() == Some(line));
    let message = problem.map(|problem| problem.diagnostic.message.clone());
    Err(Diagnostic::new(message.unwrap_or_else(|| "the line takes no part".to_owned())))
}
