//! The pages of the open segment, over its editor: tabs of its overview.

mod asked;
pub mod breakdown;
pub mod compare;
pub mod customers;
mod page;
mod shared;
pub mod summary;

pub use asked::Asked;
pub use page::{PageKind, Pages};
