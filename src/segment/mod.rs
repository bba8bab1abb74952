//! The language of segments.
