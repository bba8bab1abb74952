//! What is kept between runs: how many customers there are and their ids, indexes, columns, the prepared
//! insights. Each under all that it depends on, in its database's part of the cache folder; what does not
//! fit any more is made anew.

mod bytes;
mod shelf;
mod shelves;
mod stored;

pub use bytes::Stored;
pub use shelf::Shelf;
pub use shelves::Shelves;

use bytes::{read, write};
