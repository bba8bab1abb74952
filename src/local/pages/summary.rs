//! The summary of a segment (`docs/reference/insights.md`, Pages of a saved segment).
//!
//! What a customer adds to a part of it is prepared once for a day and activation ID, and kept. So another segment
//! takes a sum over its members.

mod both;
mod column_sums;
mod first_orders;
mod lifetime_spend;
mod metrics;
mod predicted;
mod reachability;
mod revenue_tree;
mod rows_of_members;
mod values_of_orders;

use both::Members;

use super::order_source::OrderSource;
use crate::backend::{
    Available, BackendError, DayRange, ListedValues, Metric, SegmentAndAll, Summarize, Summary, Task,
};
use crate::diagnostic::Diagnostic;
use crate::local::engine::Engine;
use crate::local::refuse::refuse;
use crate::local::view::View;

impl Engine {
    /// The summary of a segment.
    ///
    /// # Errors
    /// As [`Engine::evaluate`], or as [`Engine::evaluate_strictly`] where no condition may be wrong.
    pub(crate) fn summarize(&self, question: &Summarize, task: Task<'_>) -> Result<Summary, BackendError> {
        let Summarize { segment, as_of, metrics, wrong } = question;
        self.answer(|| {
            let refuse = |problems: &[_]| refuse(segment, problems, *wrong);
            let (checked, view) = self.prepare(segment, *as_of, refuse, task.cancel)?;
            let members = Members::new(view.sides(&checked)?.members(task.cancel)?, task.cancel);
            let prepared = view.prepared(*as_of)?;
            let insights = SegmentAndAll { segment: prepared.insights(&members.segment)?, all: prepared.all };
            let source = view.order_source()?;
            let year = DayRange::past_year(*as_of);
            let metric =
                |metric: &Metric| Ok((metric.name.clone(), self.metric(metric, &view, *as_of, &members)?));
            Ok(Summary {
                as_of: *as_of,
                activation_id: view.activation_id.to_owned(),
                insights,
                revenue_tree: view.revenue_tree(year, &members)?,
                predicted: view.predicted(&members)?,
                reachability: view.reachability(&members)?,
                channels: of_orders(&source, |source| view.channels(source, year, &members))?,
                lifetime_spend: of_orders(&source, |source| view.lifetime_spend(source, *as_of, &members))?,
                new_purchasers: of_orders(&source, |source| {
                    view.new_purchasers(source, *as_of, &members).map(Ok)
                })?,
                metrics: metrics.iter().map(metric).collect::<Result<_, BackendError>>()?,
            })
        })
    }
}

/// A part that needs orders, or what the data lacks for them.
fn of_orders<T>(
    source: &Available<OrderSource<'_>>,
    part: impl FnOnce(&OrderSource<'_>) -> Result<Available<T>, BackendError>,
) -> Result<Available<T>, BackendError> {
    source.as_ref().map_or_else(|missing| Ok(Err(missing.clone())), part)
}

impl View<'_> {
    /// The members with an order of each channel in a range of days.
    fn channels(
        &self,
        source: &OrderSource<'_>,
        range: DayRange,
        members: &Members<'_>,
    ) -> Result<Available<ListedValues<u64>>, BackendError> {
        const CHANNEL: &str = "purchase_channel";
        let table = source.rows.table;
        if table.column(CHANNEL).is_none() {
            let message = format!("table {:?} has no column {CHANNEL:?}", table.name);
            return Ok(Err(Diagnostic::new(message).with_help("add it to see who buys where")));
        }
        let rows = self.rows_within(source, range)?;
        self.values_of_orders(&rows, CHANNEL)?.listed(&members.segment, members.cancel).map(Ok)
    }
}
