//! Checks at the borders of loops over rows and customers. What was compared here once, loops only assert in
//! debug builds: a check for every row would cost more than the work itself.

use super::columns::{LengthMismatch, same_length};
use crate::backend::BackendError;
use crate::diagnostic::Diagnostic;

/// Two parts of what was worked out do not fit together. No number can be trusted that comes of them.
pub(crate) fn inconsistent(what: impl Into<String>) -> BackendError {
    BackendError::Data(Diagnostic::new(what).with_help("open the database again"))
}

pub(crate) fn missing_chunk(of: &str, number: usize) -> BackendError {
    inconsistent(format!("chunk {number} of {of} is missing"))
}

/// Checks that two sequences have one length; `what` names them.
pub(crate) fn check_length(what: &str, left: usize, right: usize) -> Result<(), BackendError> {
    same_length(left, right).map_err(|mismatch| inconsistent(format!("{what}: {mismatch}")))
}

impl From<LengthMismatch> for BackendError {
    fn from(mismatch: LengthMismatch) -> Self {
        inconsistent(mismatch.to_string())
    }
}

/// The place of an index that was checked before the loop.
#[inline(always)]
pub(crate) fn checked_mut<T>(items: &mut [T], index: usize) -> Option<&mut T> {
    debug_assert!(index < items.len(), "{index} of {}", items.len());
    items.get_mut(index)
}

/// The value at an index that was checked before the loop.
#[inline(always)]
pub fn checked<T: Copy + Default>(items: &[T], index: usize) -> T {
    debug_assert!(index < items.len(), "{index} of {}", items.len());
    items.get(index).copied().unwrap_or_default()
}
