//! Advice on a segment that is right as it stands but probably means something else: lines that nobody
//! or everybody passes, lines that contradict each other, lines that change nothing.
//!
//! A condition becomes a `Fact` of sets of values; what follows from what is told from those
//! sets alone, without data. Where the data matters (several rows for a customer, customers without a row)
//! what is known of it comes in as [`Population`]. Nothing is claimed that is not certain.

mod advise;
mod analysis;
mod fact;
mod finding;
mod implication;
mod population;
mod ranges;
mod reason;
mod render;
mod rows;
mod text;
mod tree;
mod values;
mod verdict;

pub use advise::{advise, findings};
pub use finding::{Claim, Finding};
pub use population::{Population, RowsPerCustomer};
