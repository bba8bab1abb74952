//! Numbers as people read them.

/// `512,330`
pub use crate::segment::words::count as whole;
