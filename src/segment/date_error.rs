//! Why a text is no date.

use serde_json::Value;

use super::json::brief;

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Looks like a calendar date but there is no such day or time.
    #[error("there is no such date as {0:?}")]
    NoSuchDate(String),
    /// Neither a date nor words that this language knows.
    #[error("{0:?} is no date")]
    NotADate(String),
    /// More than 10,000 units.
    #[error("{0:?} goes too far: a relative date takes at most 10,000 units")]
    TooFar(String),
    /// An object that is no relative date.
    #[error("{} is no date", brief(.0))]
    NotRelative(Value),
}
