//! The parts of the summary that the data can give.

use crate::backend::{
    ListedValues, Metric, MetricValue, MonthCount, Predicted, Reachability, RevenueTree, SegmentAndAll,
    SpendBand, Summary,
};
use crate::cli::page::Gaps;

/// What there is of the summary.
pub(super) struct Parts<'a> {
    pub tree: Option<&'a SegmentAndAll<RevenueTree>>,
    pub predicted: Option<&'a SegmentAndAll<Predicted>>,
    pub reachability: Option<&'a SegmentAndAll<Reachability>>,
    pub channels: Option<&'a ListedValues<u64>>,
    pub spend: Option<&'a Vec<SegmentAndAll<SpendBand>>>,
    pub new_purchasers: Option<&'a Vec<MonthCount>>,
    pub metrics: Vec<(&'a Metric, Option<&'a MetricValue>)>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(summary: &'a Summary, metrics: &'a [Metric], gaps: &mut Gaps) -> Self {
        Self {
            tree: gaps.open("revenue tree", &summary.revenue_tree),
            predicted: gaps.open("predicted revenue", &summary.predicted),
            reachability: gaps.open("reachability", &summary.reachability),
            channels: gaps.open("purchasers by channel", &summary.channels),
            spend: gaps.open("revenue by lifetime spend", &summary.lifetime_spend),
            new_purchasers: gaps.open("new purchasers", &summary.new_purchasers),
            metrics: metrics
                .iter()
                .zip(&summary.metrics)
                .map(|(metric, (name, value))| (metric, gaps.open(name, value)))
                .collect(),
        }
    }
}
