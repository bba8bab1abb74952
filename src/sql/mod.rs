//! The language as SQL: any checked segment as one query, in the dialect of the engine that is to run it.
//!
//! [`write()`] makes a query of common table expressions: the universe, one for each condition, named by its
//! words, and groups as intersections and unions of those. It returns exactly the members. What an engine
//! says in its own way is behind the trait `SqlDialect`, one file for each dialect; everything else is the
//! same for all of them. The query is put together as a tree of fragments, which are laid out as text once.
//!
//! The tables are expected under their names, with the columns and types that the database gives them.
//! Nothing here runs a query: the ids and rows that no other engine has come in with the request.

mod aggregate;
mod attribute;
mod comment;
mod date;
mod dialect;
mod export;
mod fragment;
pub mod lexer;
mod lists;
mod lower_case;
mod names;
mod nodes;
mod number;
mod operators;
mod predicate;
mod purchase;
mod purchases;
mod purchases_table;
mod request;
mod script;
mod select;
mod string;
mod table;
mod universe;
mod unsupported;
mod visual;
mod with_clause;
mod workspace_table;
mod writer;
mod written;

pub use dialect::Dialect;
pub use export::write;
pub use request::{DateStyle, ExportRequest};
pub use script::Script;
