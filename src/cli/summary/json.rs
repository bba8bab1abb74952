//! The summary for programs.

use serde_json::{Map, Value, json};

use super::parts::Parts;
use crate::backend::{
    Metric, MetricKind, MetricValue, MonthCount, Predicted, Reachability, RevenueTree, SegmentAndAll,
    SpendBand, Summary,
};
use crate::cli::insights;
use crate::cli::page::{self, money_json, number_json};
use crate::segment::Segment;

pub(super) fn answer(segment: &Segment, summary: &Summary, parts: &Parts<'_>) -> Value {
    let insights = |of| Value::Object(page::fields(insights::as_json(of)));
    let SegmentAndAll { segment: own, all } = &summary.insights;
    let mut answer = page::head(Some(segment), summary.as_of, &summary.activation_id);
    answer.extend(page::fields([
        ("insights", page::both(insights(own), insights(all))),
        ("revenue_tree", halves(parts.tree, tree)),
        ("predicted", halves(parts.predicted, predicted)),
        ("reachability", halves(parts.reachability, reachability)),
        ("channels", page::counts_json(parts.channels)),
    ]));
    page::add_left_out(&mut answer, parts.channels.map_or(0, |channels| channels.left_out));
    answer.extend(page::fields([
        ("lifetime_spend", parts.spend.map(|bands| spend(bands)).into()),
        ("new_purchasers", parts.new_purchasers.map(|months| new_purchasers(months)).into()),
        ("metrics", parts.metrics.iter().map(|(of, value)| metric(of, *value)).collect()),
    ]));
    Value::Object(answer)
}

/// Figures of the segment and of all; each is `null` where the data has none of them.
fn halves<T>(of: Option<&SegmentAndAll<T>>, write: impl Fn(Option<&T>) -> Value) -> Value {
    page::both(write(of.map(|of| &of.segment)), write(of.map(|of| &of.all)))
}

fn tree(of: Option<&RevenueTree>) -> Value {
    json!({
        "net_revenue": money_json(of.and_then(|of| of.net_revenue)),
        "customers": of.map(|of| of.customers),
        "revenue_per_customer": number_json(of.and_then(|of| of.revenue_per_customer)),
        "orders_per_customer": number_json(of.and_then(|of| of.orders_per_customer)),
        "average_order_value": number_json(of.and_then(|of| of.average_order_value)),
        "units_per_transaction": number_json(of.and_then(|of| of.units_per_transaction)),
        "average_unit_revenue": number_json(of.and_then(|of| of.average_unit_revenue)),
    })
}

fn predicted(of: Option<&Predicted>) -> Value {
    json!({
        "clv": number_json(of.and_then(|of| of.clv)),
        "average_order_revenue": number_json(of.and_then(|of| of.average_order_revenue)),
        "order_frequency": number_json(of.and_then(|of| of.order_frequency)),
    })
}

fn reachability(of: Option<&Reachability>) -> Value {
    json!({
        "email": of.and_then(|of| of.email),
        "phone": of.and_then(|of| of.phone),
        "address": of.and_then(|of| of.address),
        "paid_social": of.and_then(|of| of.paid_social),
    })
}

fn spend(bands: &[SegmentAndAll<SpendBand>]) -> Value {
    let half = |of: SpendBand| json!({"customers": of.customers, "revenue": money_json(of.revenue)});
    let bands = bands.iter().zip(1..);
    bands
        .map(|(of, band): (_, u64)| json!({"band": band, "segment": half(of.segment), "all": half(of.all)}))
        .collect()
}

fn new_purchasers(months: &[MonthCount]) -> Value {
    let line = |of: &MonthCount| {
        let month = of.month.format("%Y-%m").to_string();
        json!({"month": month, "segment": of.customers.segment, "all": of.customers.all})
    };
    months.iter().map(line).collect()
}

fn metric(metric: &Metric, value: Option<&MetricValue>) -> Value {
    let mut line: Map<String, Value> = page::fields([("name", metric.name.as_str().into())]);
    match value {
        Some(MetricValue::Number(of)) => {
            line.extend(page::fields([("segment", number_json(of.segment)), ("all", number_json(of.all))]));
        }
        Some(MetricValue::Bars(values)) => {
            line.insert("values".to_owned(), page::counts_json(Some(values)));
            page::add_left_out(&mut line, values.left_out);
        }
        None if metric.kind == MetricKind::Bars => {
            line.insert("values".to_owned(), Value::Null);
        }
        None => line.extend(page::fields([("segment", Value::Null), ("all", Value::Null)])),
    }
    Value::Object(line)
}
