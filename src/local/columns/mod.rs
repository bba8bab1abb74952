//! Columns as the engine keeps them: in pieces of a [`ChunkSize`], each value a small number (its code) into
//! the piece's own domain, in the smallest type that holds it. A predicate is worked out once for each
//! different value, and rows are tested by their codes, many at a time.

mod bitmap;
mod chunk;
mod chunk_size;
mod dictionary;
mod encode;
mod keys;
mod strings;

pub use bitmap::{Bitmap, add, all, bits, each_row, is_bitmap_of, is_set, keep, remove, zeros};
pub use chunk::Chunk;
pub use chunk_size::ChunkSize;
pub use dictionary::{Dictionary, LogicalType, Value};
pub use encode::encode;
pub use keys::{Code, Keys};
pub use strings::{StringArray, StringIndex};

pub(super) use keys::with_keys;
