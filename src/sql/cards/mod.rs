//! The figures of a segment's cards and charts as SQL, in the dialect of the engine that is to run it.

mod audiences;
mod card;
mod customers;
mod figures;
mod orders;
mod trend;
mod values;

pub use card::Card;

use super::dialect::Dialect;
use super::layout::Fragment;
use super::request::{DateStyle, ExportRequest};
use crate::segment::{Place, Problem};
use audiences::CardWriter;

/// The figures of a card as one query: a row for the segment and one for all customers, or a row for each value, band
/// or month with the figures of both beside each other. Sums are exact; ratios are doubles.
///
/// # Errors
/// As [`super::write()`]; the database lacks what the card shows.
pub fn write_card(
    request: &ExportRequest,
    card: &Card,
    dialect: Dialect,
    dates: DateStyle,
) -> Result<String, Problem> {
    if dialect == Dialect::Embedded {
        let message = "figures are written for other engines only";
        return Err(Problem::unsupported(Place::Document, message).with_help("choose another engine"));
    }
    if let Card::Trend(days) = card {
        return trend::write(request, days, dialect, dates);
    }
    let mut writer = CardWriter::new(request, card, dialect, dates)?;
    let figures = writer.figures(card)?;
    Ok(writer.finish(&card.title(), &figures))
}

impl CardWriter<'_> {
    /// The query that returns the figures of a card.
    fn figures(&mut self, card: &Card) -> Result<Fragment, Problem> {
        let figures = match card {
            Card::Insights | Card::Trend(_) => self.insights(),
            Card::RevenueTree => self.past_year().and_then(|year| self.revenue_tree(&year)),
            Card::Predicted => self.predicted(),
            Card::Reachability => self.reachability(),
            Card::Channels => self.channels(),
            Card::LifetimeSpend => self.lifetime_spend(),
            Card::NewPurchasers => self.new_purchasers(),
            Card::Metric(metric) => self.metric(metric),
            Card::Breakdown(attribute, range) => self.breakdown(attribute, *range),
            Card::Compare(_, range) => self.within(*range).and_then(|days| self.revenue_tree(&days)),
        };
        figures.map_err(|unsupported| unsupported.at(Place::Document))
    }
}
