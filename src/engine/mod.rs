//! Numbers: universe, conditions to sets, insights, waterfall, value counts.
//!
//! One evaluator answers everything. This module knows nothing of terminal or workspace files.

mod results;

pub use results::*;
