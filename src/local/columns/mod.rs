//! Columns as the engine keeps them: in chunks of a [`ChunkSize`], each value a small number (its key) into
//! the chunk's own dictionary, in the narrowest type that holds it. A predicate is worked out once for each
//! different value, and rows are tested by their keys, many at a time.
//!
//! Nothing here knows tables, customers or the engine's errors. What no loop over rows checks again is checked
//! when a chunk is made ([`Chunk::new`]) and when bitmaps are combined ([`LengthMismatch`]).

mod bitmap;
mod chunk;
mod chunk_size;
mod dictionary;
mod encode;
mod ends;
mod keys;
mod string_index;
mod strings;

pub(crate) use bitmap::{Bitmap, LengthMismatch, same_length};
pub(crate) use chunk::Chunk;
pub(crate) use chunk_size::ChunkSize;
pub use dictionary::Value;
pub(crate) use dictionary::{Dictionary, LogicalType};
pub(crate) use encode::encode;
pub(crate) use keys::KeyType;
pub use keys::Keys;
pub(crate) use string_index::StringIndex;
pub(crate) use strings::StringArray;

pub(super) use keys::with_keys;
