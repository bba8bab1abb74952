//! The figures of a segment's cards and charts as SQL, in the dialect of the engine that is to run it.

mod card;

pub use card::Card;

use super::dialect::Dialect;
use super::request::{DateStyle, ExportRequest};
use crate::segment::{Place, Problem};

/// The figures of a card as one query.
///
/// # Errors
/// As [`super::write()`]; the database lacks what the card shows.
pub fn write_card(_: &ExportRequest, _: &Card, _: Dialect, _: DateStyle) -> Result<String, Problem> {
    Err(Problem::unsupported(Place::Document, "this card is not written as SQL yet"))
}
