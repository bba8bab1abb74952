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
mod keys;
mod strings;

pub use bitmap::{Bitmap, LengthMismatch, same_length};
pub use chunk::Chunk;
pub use chunk_size::ChunkSize;
pub use dictionary::{Dictionary, LogicalType, Value};
pub use encode::encode;
pub use keys::{KeyType, Keys};
pub use strings::{StringArray, StringIndex};

pub(super) use keys::with_keys;
