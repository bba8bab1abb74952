//! What is predicted of the customers, on average.

use super::both::{Both, Members};
use super::column_sums::CountAndSum;
use crate::backend::{Available, BackendError, Predicted, SegmentAndAll};
use crate::diagnostic::Diagnostic;
use crate::local::sets::insights::{is_numeric, role};
use crate::local::view::View;
use crate::segment::Number;

const CLV: &str = "predicted_clv_next_365d";
const ORDER_REVENUE: &str = "predicted_average_order_revenue_next_365d";
const FREQUENCY: &str = "predicted_order_frequency_next_365d";
/// Decimals to which averages are rounded.
pub(super) const DECIMALS: u32 = 6;

impl View<'_> {
    /// Averages over the values: of a customer with several rows every value counts.
    pub(super) fn predicted(
        &self,
        members: &Members<'_>,
    ) -> Result<Available<SegmentAndAll<Predicted>>, BackendError> {
        let predicted = role(self, self.engine.database.roles.predicted.as_ref())?;
        let columns = [CLV, ORDER_REVENUE, FREQUENCY];
        let told = predicted.filter(|(table, _)| columns.iter().any(|column| is_numeric(table, column)));
        let Some((table, index)) = told else {
            return Ok(Err(Diagnostic::new(format!(
                "the data has no predictions: there is no table of them with {:?} and numbers in {CLV:?}",
                self.activation_id
            ))
            .with_help("add a table of predictions, or name yours under [roles] in database.toml")));
        };
        let average = |column: &str| -> Result<Both<Option<Number>>, BackendError> {
            if !is_numeric(table, column) {
                return Ok(Both::default());
            }
            Ok(averages(self.column_sums((table, &index), Some(column))?.of(members)?))
        };
        let [clv, order_revenue, frequency] = [average(CLV)?, average(ORDER_REVENUE)?, average(FREQUENCY)?];
        let of = |pick: fn(Both<Option<Number>>) -> Option<Number>| Predicted {
            clv: pick(clv),
            average_order_revenue: pick(order_revenue),
            order_frequency: pick(frequency),
        };
        Ok(Ok(SegmentAndAll { segment: of(|both| both.segment), all: of(|both| both.all) }))
    }
}

/// The averages of both; `None` of nothing.
pub(super) fn averages(of: Both<CountAndSum>) -> Both<Option<Number>> {
    let average = |of: CountAndSum| if of.count == 0 { None } else { of.sum.average(of.count, DECIMALS) };
    Both { segment: average(of.segment), all: average(of.all) }
}
