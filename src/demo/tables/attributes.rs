//! Tables of attributes that are computed from orders, predictions and consent.

use polars::prelude::{DataFrame, PolarsResult};

use super::chunk::Chunk;
use super::frame::Frame;
use crate::demo::activity::{Activity, Interval, spans};
use crate::demo::calendar::{AS_OF_DAY, DAY};
use crate::demo::customer::Customer;
use crate::demo::orders::Order;
use crate::demo::prediction::Prediction;

struct Buyer<'c> {
    customer: &'c Customer<'c>,
    activity: &'c Activity,
    prediction: &'c Prediction,
}

fn buyers<'c>(chunk: &'c Chunk) -> Vec<Buyer<'c>> {
    let rows = chunk.customers.iter().filter_map(|customer| {
        let (activity, prediction) = customer.activity.as_ref().zip(customer.prediction.as_ref())?;
        Some(Buyer { customer, activity, prediction })
    });
    rows.collect()
}

type OrderAt = for<'a> fn(&'a Buyer<'a>) -> Option<&'a Order<'a>>;

const POSITIONS: [(&str, OrderAt); 3] = [
    ("first", |b| b.customer.orders.first()),
    ("second", |b| b.customer.orders.get(1)),
    ("latest", |b| b.customer.orders.last()),
];

/// Transaction_Attributes_Extended: one row for each customer with an order.
pub(crate) fn transaction_attributes(chunk: &Chunk) -> PolarsResult<DataFrame> {
    let rows = buyers(chunk);
    let mut frame = Frame::new(&rows)
        .text("amperity_id", |b| Some(&b.customer.profile.amperity_id))
        .flag("early_repeat_purchaser", |b| b.activity.early_repeat())
        .flag("one_and_done", |b| Some(b.activity.lifetime().frequency == 1))
        .flag("multi_purchase_brand", |b| Some(b.activity.lifetime().brands > 1))
        .flag("multi_purchase_channel", |b| Some(b.activity.lifetime().channels > 1))
        .flag("first_order_is_retained", |b| Some(b.activity.first_is_retained()))
        .flag("second_order_is_retained", |b| b.activity.second_is_retained())
        .int("days_since_latest_order", |b| Some(b.activity.days_since_latest))
        .int("first_to_latest_order_days", |b| Some(b.activity.first_to_latest))
        .int("first_to_second_order_days", |b| b.activity.first_to_second);
    for (name, order) in POSITIONS {
        frame = frame
            .timestamp(format!("{name}_order_datetime"), |b| order(b).map(|order| order.at))
            .text(format!("{name}_order_id"), |b| order(b).map(|order| order.id.as_str()))
            .money(format!("{name}_order_revenue"), |b| order(b).map(|order| order.totals.revenue))
            .int(format!("{name}_order_total_items"), |b| order(b).map(|order| order.totals.quantity))
            .text(format!("{name}_order_purchase_brand"), |b| order(b).map(|order| order.brand))
            .text(format!("{name}_order_purchase_channel"), |b| order(b).map(|order| order.channel))
            .text(format!("{name}_order_store_id"), |b| order(b).and_then(|order| order.store.as_deref()));
    }
    for (at, span) in spans().into_iter().enumerate() {
        frame = interval_columns(frame, span.name, at);
    }
    frame
        .int("l12m_recency", |b| b.customer.rank.rfm.map(|[recency, _, _]| i64::from(recency)))
        .int("l12m_frequency", |b| b.customer.rank.rfm.map(|[_, frequency, _]| i64::from(frequency)))
        .int("l12m_monetary", |b| b.customer.rank.rfm.map(|[_, _, monetary]| i64::from(monetary)))
        .int("l12m_rfm_score", |b| b.customer.rank.rfm_score())
        .finish()
}

fn interval_columns<'r>(frame: Frame<'r, Buyer<'r>>, name: &str, at: usize) -> Frame<'r, Buyer<'r>> {
    let interval = move |b: &'r Buyer<'r>| -> Option<&'r Interval> { b.activity.intervals.get(at) };
    frame
        .money(format!("{name}_order_revenue"), |b| Some(interval(b)?.revenue))
        .int(format!("{name}_order_frequency"), |b| Some(interval(b)?.frequency))
        .int(format!("{name}_total_items"), |b| Some(interval(b)?.items))
        .money(format!("{name}_average_order_value"), |b| interval(b)?.average_order_value())
        .money(format!("{name}_average_item_price"), |b| interval(b)?.average_item_price())
        .decimal(format!("{name}_average_num_items"), 2, |b| interval(b)?.average_num_items())
        .money(format!("{name}_largest_order_value"), |b| interval(b)?.largest)
        .text(format!("{name}_preferred_purchase_brand"), |b| interval(b)?.brand)
        .text(format!("{name}_preferred_purchase_channel"), |b| interval(b)?.channel)
        .text(format!("{name}_preferred_store_id"), |b| interval(b)?.store.as_deref())
        .int(format!("{name}_purchase_brands"), |b| Some(interval(b)?.brands))
        .int(format!("{name}_purchase_channels"), |b| Some(interval(b)?.channels))
        .int(format!("{name}_stores"), |b| Some(interval(b)?.stores))
}

/// Predicted_CLV_Attributes: one row for each customer with an order.
pub fn predicted(chunk: &Chunk) -> PolarsResult<DataFrame> {
    Frame::new(&buyers(chunk))
        .text("amperity_id", |b| Some(&b.customer.profile.amperity_id))
        .int("days_since_last_order", |b| Some(b.activity.days_since_latest))
        .int("historical_order_frequency_lifetime", |b| Some(b.activity.lifetime().frequency))
        .decimal("predicted_probability_of_transaction_next_365d", 4, |b| Some(b.prediction.probability))
        .decimal("predicted_order_frequency_next_365d", 2, |b| Some(b.prediction.frequency))
        .money("predicted_average_order_revenue_next_365d", |b| Some(b.prediction.order_revenue))
        .money("predicted_clv_next_365d", |b| Some(b.prediction.clv))
        .text("predicted_customer_lifecycle_status", |b| Some(b.prediction.status))
        .text("predicted_customer_lifetime_value_tier", |b| b.customer.rank.tier)
        .finish()
}

/// Customer_Attributes: one row for each customer.
pub(crate) fn customer_attributes(chunk: &Chunk) -> PolarsResult<DataFrame> {
    Frame::new(&chunk.customers)
        .text("amperity_id", |c| Some(&c.profile.amperity_id))
        .flag("contactable_email", contactable_email)
        .flag("contactable_phone", contactable_phone)
        .flag("contactable_address", |c| Some(c.profile.address.completion() == 4))
        .flag("contactable_paid_social", |c| Some(c.profile.email.is_some() || c.profile.phone.is_some()))
        .flag("contactable_global", |c| Some(!is_no_pii(c)))
        .flag("contactable_sms", contactable_phone)
        .flag("is_no_pii_amperity_id", |c| Some(is_no_pii(c)))
        .flag("is_opted_into_email", |c| c.status.email_consent)
        .flag("is_opted_into_sms", |c| c.status.sms_consent)
        .flag("is_purchaser", |c| Some(!c.orders.is_empty()))
        .flag("is_prospect", |c| Some(c.orders.is_empty()))
        .text("historical_purchaser_lifecycle_status", |c| Some(purchaser_status(c)))
        .text("churn_trigger", |c| churn(c).map(|(status, _)| status))
        .timestamp("churn_trigger_start_datetime", |c| churn(c).map(|(_, start)| start))
        .flag("is_business", |c| c.status.is_business)
        .flag("is_employee", |c| Some(c.status.is_employee))
        .flag("is_gift_giver", |c| c.status.is_gift_giver)
        .flag("is_outlier", |c| Some(c.lifetime_revenue() > 1_000_000))
        .flag("is_reseller", |c| Some(is_reseller(c)))
        .flag("is_test_account", |c| Some(c.status.is_test_account))
        .flag("is_primary_buyer_household", |c| Some(c.is_primary_buyer))
        .finish()
}

/// Without a mail address nobody can be written to, whatever the consent.
fn contactable_email(c: &Customer) -> Option<bool> {
    if c.profile.email.is_some() { c.status.email_consent } else { Some(false) }
}

fn contactable_phone(c: &Customer) -> Option<bool> {
    if c.profile.phone.is_some() { c.status.sms_consent } else { Some(false) }
}

/// Completions of name, address, email and phone are all zero.
fn is_no_pii(c: &Customer) -> bool {
    let profile = &c.profile;
    let named = profile.given_name.is_some() && profile.surname.is_some();
    !named && profile.address.completion() == 0 && profile.email.is_none() && profile.phone.is_none()
}

fn is_reseller(c: &Customer) -> bool {
    let frequent = |activity: &Activity| activity.lifetime().frequency > 50;
    c.activity.as_ref().is_some_and(|activity| frequent(activity) && activity.early_repeat() == Some(true))
}

fn purchaser_status(c: &Customer) -> &'static str {
    let age = |order: Option<&Order>| order.map(|order| AS_OF_DAY - order.day());
    match (age(c.orders.first()), age(c.orders.last())) {
        (Some(..=30), _) => "New",
        (_, Some(..=365)) => "Active",
        (_, Some(..=730)) => "Lapsed",
        (_, Some(_)) => "Dormant",
        _ => "Prospect",
    }
}

/// Churn status by the days since the latest order and when it began; none after two years.
fn churn(c: &Customer) -> Option<(&'static str, i64)> {
    let latest = c.orders.last()?;
    let (status, from) = match AS_OF_DAY - latest.day() {
        ..=60 => ("Active", 0),
        61..=120 => ("Cooling down", 61),
        121..=240 => ("At risk", 121),
        241..=365 => ("Highly at risk", 241),
        366..=730 => ("Lost", 366),
        _ => return None,
    };
    Some((status, (latest.day() + from) * DAY))
}
