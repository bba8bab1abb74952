//! The tests of a document: what must hold of the members of a segment.

mod document_tests;
mod fraction;
mod kinds;
mod read;

pub use document_tests::SegmentTests;
pub use fraction::Fraction;
pub use kinds::SegmentTest;
