//! Edits of the tree. Each answers with the path of the node it acted on, or `None` where the edit
//! does not apply; then nothing has changed.

pub mod filters;
pub mod nulls;
mod reword;
mod tree;

pub use reword::reword;
pub(crate) use tree::{Direction, insert_condition, to_other_side, toggle_match, toggle_off, unnest};
pub use tree::{append, duplicate, insert, nest, remove, shift};
