//! Panics of libraries. What is caught where it happens has become an error there, so a panic says nothing by itself;
//! one that nobody has caught ends the command with an error.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::failure::Failure;

/// What the last one said, and where it was.
static LAST: Mutex<String> = Mutex::new(String::new());

/// Does the work of a command.
pub(super) fn guarded(work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    panic::set_hook(Box::new(|info| *last() = info.to_string()));
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let failure = Failure::data(format!("an internal error: {}", last().replace('\n', " ")));
        Err(failure.help("this is a defect of segtui; please report it"))
    })
}

fn last() -> MutexGuard<'static, String> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        let failure = guarded(|| panic!("in a\nlibrary")).unwrap_err();
        // Other tests may go on without the usual words.
        drop(panic::take_hook());
        let message = &failure.diagnostic.message;
        assert!(message.starts_with("an internal error: ") && message.ends_with("in a library"), "{message}");
    }
}
