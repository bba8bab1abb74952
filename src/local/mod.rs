//! The embedded backend: universe, conditions to sets, insights, waterfall, value counts.
//!
//! One evaluator answers everything: [`Engine`]. Customers of a universe are numbered once as they appear
//! first, each table gets an index from row to customer, and a condition becomes the set of customers with a
//! row where it holds. All the rest are operations on sets, without touching data.
//!
//! `files` opens a database. `columns` has its columns as dictionary keys and `index` the customer and order of each
//! row; `predicate` finds the rows on which a test holds, `condition` the customers for whom a criterion does, and
//! `sets` computes groups, insights and overlaps. `cache` has what lasts from run to run, `memory` what lasts from
//! answer to answer. The workspace is known as the traits `Lists` and
//! `WorkspaceFiles` alone.

mod advice;
mod backend;
pub mod cache;
mod cache_key;
mod case;
mod chunk_reader;
mod columns;
mod condition;
mod consistency;
mod cut;
mod data_steps;
mod engine;
mod error;
mod evaluate;
mod explain;
pub mod files;
mod frozen_queries;
mod index;
mod known_lists;
mod listing;
mod matched_ids;
mod members;
mod membership;
mod memory;
mod pages;
mod parallel;
mod predicate;
mod query;
mod query_rows;
mod query_scope;
mod read_ahead;
mod refuse;
mod sets;
mod staleness;
mod text_search;
mod unmatched_ids;
mod value_counts;
mod values;
mod values_by_customer;
mod view;
mod workspace_lists;
mod write_parquet;

pub use case::FrozenFileError;
pub use cut::{Cut, CutColumns};
pub(crate) use data_steps::LocalDataSteps;
pub use engine::Engine;
pub use workspace_lists::WorkspaceLists;
pub use write_parquet::write_parquet;
