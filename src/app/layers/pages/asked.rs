//! A question of a page, asked again when it changes, and its answer.

use std::sync::Arc;

use crate::app::event::{Event, SegmentFailure};
use crate::app::session::Session;
use crate::backend::{PageAnswer, PageQuestion};

/// A question of a page, and its answer. While the next answer is worked out the last one stays, and is shown as old.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What was asked last, and of which definition.
    question: Option<(u64, PageQuestion)>,
    /// The request that is under way.
    request: Option<u64>,
    /// The last answer, and what was asked then.
    answer: Option<(PageQuestion, Arc<PageAnswer>)>,
    /// Why there is no answer to what was asked last.
    failure: Option<SegmentFailure>,
    /// How much is done of what takes long.
    percent: Option<u64>,
}

impl Asked {
    /// Asks, unless the same has been asked of the same definition.
    pub(crate) fn ask(&mut self, definition: u64, question: PageQuestion, session: &mut Session) {
        let wanted = Some((definition, question));
        if self.question == wanted {
            return;
        }
        // Without a database it is asked once there is one.
        let Some((_, question)) = &wanted else { return };
        let Some(request) = session.ask_page(question.clone()) else { return };
        self.question = wanted;
        (self.request, self.failure, self.percent) = (Some(request), None, None);
    }

    /// Takes what is about its request; whether it was.
    pub(crate) fn receive(&mut self, event: &Event) -> bool {
        match event {
            Event::PageProgress { request, percent } if self.request == Some(*request) => {
                self.percent = Some(*percent);
            }
            Event::PageAnswered { request, result } if self.request == Some(*request) => {
                (self.request, self.percent) = (None, None);
                match result {
                    Ok(answer) => {
                        let asked = self.question.as_ref().map(|(_, question)| question.clone());
                        self.answer = asked.map(|question| (question, Arc::clone(answer)));
                    }
                    Err(failure) => self.failure = Some(failure.clone()),
                }
            }
            _ => return false,
        }
        true
    }

    /// The last answer.
    #[must_use]
    pub fn answer(&self) -> Option<&PageAnswer> {
        self.answer.as_ref().map(|(_, answer)| &**answer)
    }

    /// What was asked for the last answer.
    #[must_use]
    pub fn answered(&self) -> Option<&PageQuestion> {
        self.answer.as_ref().map(|(question, _)| question)
    }

    /// Whether something was asked.
    #[must_use]
    pub(crate) fn has_asked(&self) -> bool {
        self.question.is_some()
    }

    /// What lies behind the question has changed: it is asked again.
    pub(crate) fn invalidate(&mut self) {
        self.question = None;
    }

    /// Whether the last answer is the one to what was asked last.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.request.is_none() && self.failure.is_none() && self.answer.is_some()
    }

    /// Why there is no answer to what was asked last.
    #[must_use]
    pub fn failure(&self) -> Option<&SegmentFailure> {
        self.failure.as_ref()
    }

    /// How much is done of what takes long.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        self.percent
    }
}
