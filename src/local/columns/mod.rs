//! Columns as the engine keeps them: in pieces of a [`PieceSize`], each value a small number (its code) into
//! the piece's own domain, in the smallest type that holds it. A predicate is worked out once for each
//! different value, and rows are tested by their codes, many at a time.

mod bits;
mod codes;
mod domain;
mod encode;
mod piece;
mod piece_size;
mod texts;

pub use bits::{Words, add, all, bits, each_row, is_set, keep, no_words, remove};
pub use codes::{Code, Codes};
pub use domain::{Domain, Kind, Value};
pub use encode::encode;
pub use piece::Piece;
pub use piece_size::PieceSize;
pub use texts::{TextNumbers, Texts};

pub(super) use codes::with_codes;
