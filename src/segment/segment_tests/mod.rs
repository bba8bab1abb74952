//! The tests of a document: what must hold of the members of a segment.

mod document_tests;
mod fraction;
mod read;
mod segment_test;

pub use document_tests::SegmentTests;
pub use fraction::Fraction;
pub use segment_test::SegmentTest;
