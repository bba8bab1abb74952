//! The tables of the database, one function each.

mod attributes;
mod chunk;
mod engagement;
mod frame;
mod list;
mod people;
mod transactions;

pub(crate) use chunk::Chunk;
pub(crate) use list::TABLES;
