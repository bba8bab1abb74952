//! The language as SQL: any checked segment as one query, in the dialect of the engine that is to run it.
//!
//! [`write()`] makes a query of common table expressions: the universe, one for each condition, named by its
//! words, and groups as intersections and unions of those. It returns exactly the members. What an engine
//! says in its own way is behind the trait `SqlDialect`, one file for each dialect; everything else is the
//! same for all of them. The query is put together as a tree of fragments, which are laid out as text once.
//!
//! The tables are expected under their names, with the columns and types that the database gives them.
//! Nothing here runs a query: the ids and rows that no other engine has come in with the request.

mod cards;
mod dialect;
mod export;
mod layout;
pub mod lexer;
mod predicate;
mod query;
mod request;
mod script;
mod unsupported;

pub use cards::{Card, write_card};
pub use dialect::Dialect;
pub use export::write;
pub use request::{DateStyle, ExportRequest};
pub(crate) use script::Script;
