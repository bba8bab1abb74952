//! Numbers: universe, conditions to sets, insights, waterfall, value counts.
//!
//! One evaluator answers everything: [`Engine`]. Customers of a universe are numbered once in the order
//! of their ids, each table gets an index from row to customer, and a condition becomes the set of
//! customers with a row where it holds. All the rest are operations on sets, without touching data.
//! This module knows nothing of terminal or workspace files; what it needs of those comes in as the trait
//! [`Lists`](crate::segment::Lists).

mod advice;
mod aggregate;
mod attribute;
mod beside;
mod by_customer;
mod cancel;
mod column_test;
mod date_test;
mod dense;
mod error;
mod evaluate;
mod frequent;
mod grouped;
mod index;
mod insights;
mod interval;
mod jobs;
mod kept;
mod keys;
mod listed;
mod memory;
mod numbered;
mod numbered_piece;
mod orders;
mod overlaps;
mod passing;
mod pieces;
mod purchase;
mod query;
mod query_rows;
mod read_orders;
mod refuse;
mod results;
mod row_test;
mod store;
mod stretch;
mod sum;
mod text_test;
mod totals;
mod tree;
mod truth;
mod unchanged;
mod universe;
mod value_counts;
mod values;
mod view;
mod warm_up;
mod waterfall;

pub use cancel::Cancel;
pub use error::EngineError;
pub use evaluate::Engine;
pub use overlaps::MOST_COMPARED;
pub use query::{Plan, Stopped};
pub use results::*;
pub use warm_up::Step;
