//! From JSON to the tree: known keys become typed, unknown keys are kept, and what has a wrong shape
//! is kept whole as [`Unreadable`](super::Unreadable) with the reason.

mod document;
mod node;
mod object;
