//! The generator of demo databases: a retail customer-360 whose world hangs together.
//!
//! A customer is made from the seed and the position in the population alone, so the data does not
//! depend on who makes it when. A first pass ranks everybody, a second one makes them again and
//! writes them chunk by chunk: memory does not grow with the population.

mod activity;
mod calendar;
mod customer;
mod generate;
mod names;
mod options;
mod orders;
mod places;
mod population;
mod prediction;
mod products;
mod profile;
mod random;
mod ranks;
mod reorder;
mod segments;
mod table_in_order;
mod tables;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use generate::{generate, generate_bundled};
pub(crate) use options::{DemoOptions, RowOrder, TableFormat};
pub(crate) use segments::write_workspace;
