//! Columns as the engine keeps them: in pieces of [`ROWS`] rows, each value a small number (its code) into
//! the piece's own domain, in the smallest type that holds it. A predicate is worked out once for each
//! different value, and rows are tested by their codes, many at a time.

mod bits;
mod codes;
mod domain;
mod encode;
mod piece;
mod texts;

pub use bits::{Words, add, all, bits, each_row, is_set, keep, no_words, remove};
pub use codes::{Code, Codes};
pub use domain::{Domain, Kind, Value};
pub use encode::encode;
pub use piece::Piece;
pub use texts::{TextNumbers, Texts};

pub(super) use codes::with_codes;

/// How many rows a piece has; the last piece of a table has fewer. Work can be cancelled between two.
pub const ROWS: usize = 1 << 19;
