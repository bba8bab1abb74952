//! Answers are of the files that the database was opened on, as a whole, or there are none.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::cache_key::CacheKey;
use super::engine::Engine;
use crate::backend::BackendError;
use crate::database::Change;

impl Engine {
    /// The file that was found to have changed since the database was opened. Nothing more is answered.
    #[must_use]
    pub fn change(&self) -> Option<&Change> {
        self.changed.get()
    }

    /// Looks whether the files are still those that the database was opened on.
    ///
    /// # Errors
    /// [`BackendError::Changed`] if they are not.
    pub fn check_unchanged(&self) -> Result<(), BackendError> {
        if self.changed.get().is_none()
            && let Some(change) = self.database.changed()
        {
            // Whoever is first tells; both are true.
            let _ = self.changed.set(change);
        }
        match self.changed.get() {
            None => Ok(()),
            Some(change) => {
                self.memory.forget(|_| true);
                Err(BackendError::Changed(change.clone()))
            }
        }
    }

    /// An answer, if the files are the same before and after: it is of what was opened as a whole, or none.
    pub(super) fn answer<T>(
        &self,
        answer: impl FnMut() -> Result<T, BackendError>,
    ) -> Result<T, BackendError> {
        let _waited_for = AnswerInProgress::new(&self.answers_in_progress);
        self.answer_meanwhile(answer)
    }

    /// The same for what nobody waits for.
    pub(super) fn answer_meanwhile<T>(
        &self,
        mut answer: impl FnMut() -> Result<T, BackendError>,
    ) -> Result<T, BackendError> {
        self.check_unchanged()?;
        self.memory.begin();
        let answered = loop {
            let misses = self.disk_cache.misses();
            match answer() {
                // Once more, without what was kept.
                Err(BackendError::Unreadable { .. }) if self.disk_cache.misses() > misses => {
                    self.memory.forget(CacheKey::is_stored_on_disk);
                }
                answered => break answered,
            }
        };
        match answered {
            // Nobody waits for it.
            Err(BackendError::Cancelled) => Err(BackendError::Cancelled),
            // What went wrong may have gone wrong for that reason.
            answer => self.check_unchanged().and(answer),
        }
    }
}

/// Counts an answer that somebody waits for, until it is dropped.
struct AnswerInProgress<'a>(&'a AtomicUsize);

impl<'a> AnswerInProgress<'a> {
    fn new(answers: &'a AtomicUsize) -> Self {
        answers.fetch_add(1, Ordering::Relaxed);
        Self(answers)
    }
}

impl Drop for AnswerInProgress<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
