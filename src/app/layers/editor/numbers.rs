//! The live numbers of the open segment: asked for after every edit, taken when they are of the document as it
//! is now.

use std::sync::Arc;

use super::live::{Advice, Numbers};
use super::state::{Editor, Pane};
use crate::app::effect::Effect;
use crate::app::event::SegmentFailure;
use crate::app::session::Session;
use crate::app::view::View;
use crate::backend::Evaluation;
use crate::diagnostic::Diagnostic;
use crate::segment::{self, Problem};

impl Editor {
    /// Asks what the attribute at the cursor of the tables holds.
    pub(crate) fn follow_column(&mut self, session: &mut Session) {
        let Some(name) = self.tables.column().filter(|_| self.pane == Pane::Tables) else { return };
        let activation_id = self.view(session).activation_id();
        self.tables.profiles.want_column(&name.table, &name.column, &activation_id, session);
    }

    /// The session and this segment, to be looked at.
    pub(super) fn view<'a>(&'a self, session: &'a Session) -> View<'a> {
        View::new(session, Some(self.segment()))
    }

    /// Asks for the numbers of the definition as it is now, and keeps it as a draft.
    pub(crate) fn definition_changed(&mut self, session: &mut Session) {
        self.recount(session);
        self.keep_draft(session);
    }

    /// Keeps what would be lost as a draft; a draft of nothing goes.
    pub(crate) fn keep_draft(&self, session: &mut Session) {
        session.request(match self.is_edited() {
            true => Effect::KeepDraft(self.edits()),
            false => Effect::DropDraft { id: self.segment().id.clone() },
        });
    }

    /// Checks the segment and asks for its numbers.
    pub(crate) fn recount(&mut self, session: &mut Session) {
        let (segment, definition, as_of) = (Arc::clone(self.segment()), self.definition(), session.as_of());
        self.problems = self.view(session).with_schema(|schema| segment::problems(&segment, schema, as_of));
        self.live.failure = None;
        if let Some(database) = session.database_folder() {
            session.request(Effect::Evaluate { database, definition, segment, as_of });
        }
    }

    /// Asks for the numbers again although nothing has changed.
    pub(super) fn count_again(&mut self, session: &mut Session) {
        self.invalidate();
        if session.retry_reload() {
            self.live.failure = None;
        } else {
            self.recount(session);
        }
    }

    /// Numbers were worked out, or not.
    pub(super) fn evaluated(
        &mut self,
        definition: u64,
        result: &Result<Arc<Evaluation>, SegmentFailure>,
        session: &mut Session,
    ) {
        if self.definition() != definition {
            return;
        }
        match result {
            Ok(evaluation) => {
                // The engine has looked into the lists too.
                self.problems.clone_from(&evaluation.problems);
                let segment = Arc::clone(self.segment());
                let (evaluation, is_whole) = (Arc::clone(evaluation), evaluation.has_all_insights);
                self.live.evaluation = Some(Numbers { definition, segment, evaluation });
                self.live.failure = None;
                // The engine has more to do before.
                if is_whole {
                    self.request_advice(session);
                }
            }
            Err(SegmentFailure::Other(failure)) => self.live.failure = Some(failure.message.clone()),
            Err(SegmentFailure::Refused(problem)) => {
                self.live.failure = Some(problem.to_string());
                // The engine sees what cannot be told without data.
                if !self.problems.contains(problem) {
                    self.problems.push((**problem).clone());
                }
            }
        }
    }

    /// Asks for advice on the definition as it is now.
    fn request_advice(&self, session: &mut Session) {
        let Some(database) = session.database_folder() else { return };
        let (definition, segment) = (self.definition(), Arc::clone(self.segment()));
        let as_of = session.as_of();
        session.request(Effect::Advise { database, definition, segment, as_of });
    }

    /// Advice was found, or not.
    pub(super) fn advised(
        &mut self,
        definition: u64,
        result: &Result<Arc<Vec<Problem>>, Diagnostic>,
        session: &mut Session,
    ) {
        if self.definition() != definition {
            return;
        }
        match result {
            Ok(problems) => {
                let (segment, problems) = (Arc::clone(self.segment()), Arc::clone(problems));
                self.live.advice = Some(Advice { definition, segment, problems });
            }
            Err(failure) => session.notify(failure.clone().into()),
        }
    }
}
