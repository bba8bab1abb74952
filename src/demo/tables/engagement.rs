//! Tables about what customers do besides buying: loyalty programme, email, surveys.

use fastrand::Rng;
use polars::prelude::{DataFrame, PolarsResult};

use super::chunk::Chunk;
use super::frame::Frame;
use crate::demo::calendar::{AS_OF_DAY, DAY, months_ago};
use crate::demo::customer::{Customer, Loyalty, TIERS};
use crate::demo::orders::Order;
use crate::demo::products::brand;
use crate::demo::random::{Stream, chance, pick, pick_weighted, rng};

struct Member<'c> {
    customer: &'c Customer<'c>,
    loyalty: &'c Loyalty,
    sign_up_channel: &'static str,
    sign_up_method: &'static str,
    /// Day on which the tier was reached.
    tier_start: i64,
    opted_out: Option<i64>,
    updated: i64,
}

impl<'c> Member<'c> {
    fn new(seed: u64, customer: &'c Customer<'c>) -> Option<Self> {
        let loyalty = customer.loyalty.as_ref()?;
        // Past the numbers that made the membership itself.
        let mut r = rng(!seed, Stream::Loyalty, customer.profile.index);
        let tier_start = r.i64(loyalty.joined.max(AS_OF_DAY - 364)..=AS_OF_DAY);
        let opted_out = (!loyalty.is_opted_in).then(|| r.i64(loyalty.joined..=AS_OF_DAY));
        Some(Self {
            customer,
            loyalty,
            sign_up_channel: pick_weighted(&mut r, &[("in-store", 45), ("online", 38), ("app", 17)]),
            sign_up_method: pick(&mut r, &["checkout", "email", "app", "cashier"]),
            tier_start,
            opted_out,
            updated: r.i64(opted_out.unwrap_or(tier_start)..=AS_OF_DAY),
        })
    }

    fn tier(&self, at: usize) -> Option<(&'static str, i64)> {
        TIERS.get(at).copied()
    }

    /// What is missing to a yearly revenue, in cents.
    fn missing(&self, revenue: i64) -> i64 {
        (revenue - self.loyalty.spend).max(0)
    }
}

/// Unified_Loyalty: one row for each membership.
pub(crate) fn loyalty(chunk: &Chunk) -> PolarsResult<DataFrame> {
    let members = chunk.customers.iter().filter_map(|customer| Member::new(chunk.seed, customer));
    let rows: Vec<Member> = members.collect();
    Frame::new(&rows)
        .text("amperity_id", |m| Some(&m.customer.profile.amperity_id))
        .text("loyalty_id", |m| Some(&m.loyalty.id))
        .text("email", |m| m.customer.profile.email.as_deref())
        .date("birthdate", |m| m.customer.profile.birthdate)
        .text("current_tier", |m| m.loyalty.tier_name())
        .text("next_tier", |m| m.tier(m.loyalty.tier + 1).map(|(name, _)| name))
        .int("current_balance", |m| Some(m.loyalty.balance))
        .int("lifetime_balance", |m| Some(m.loyalty.lifetime_balance))
        .midnight("current_balance_expiration_datetime", |m| Some(m.updated + 365))
        .midnight("current_tier_start_datetime", |m| Some(m.tier_start))
        .midnight("current_tier_expiration_datetime", |m| Some(m.tier_start + 365))
        .money("spend_to_keep_tier", |m| m.tier(m.loyalty.tier).map(|(_, revenue)| m.missing(revenue)))
        .money("spend_to_next_tier", |m| m.tier(m.loyalty.tier + 1).map(|(_, revenue)| m.missing(revenue)))
        .flag("is_opted_in", |m| Some(m.loyalty.is_opted_in))
        .midnight("latest_opted_in_datetime", |m| Some(m.loyalty.joined))
        .midnight("latest_opt_out_datetime", |m| m.opted_out)
        .midnight("latest_update_datetime", |m| Some(m.updated))
        .text("sign_up_channel", |m| Some(m.sign_up_channel))
        .text("sign_up_method", |m| Some(m.sign_up_method))
        .finish()
}

/// Names of the windows in which opens and clicks are counted.
const WINDOWS: [&str; 10] = [
    "1_day",
    "3_days",
    "5_days",
    "7_days",
    "14_days",
    "30_days",
    "3_months",
    "6_months",
    "9_months",
    "12_months",
];

/// Day before which each window begins, as days before the data's own day.
fn window_lengths() -> [i64; 10] {
    let months = |months| AS_OF_DAY - months_ago(months);
    [1, 3, 5, 7, 14, 30, months(3), months(6), months(9), months(12)]
}

/// How a customer answers the emails of one brand.
struct Mailing<'c> {
    customer: &'c Customer<'c>,
    email: &'c str,
    brand: &'static str,
    clicks: [i64; 10],
    opens: [i64; 10],
    frequency: &'static str,
    status: &'static str,
    signed_up: i64,
    first_open: Option<i64>,
    first_click: Option<i64>,
    last_open: Option<i64>,
    last_click: Option<i64>,
    last_send: Option<i64>,
    bounced: Option<i64>,
    opted_out: Option<i64>,
}

impl<'c> Mailing<'c> {
    fn new(r: &mut Rng, customer: &'c Customer<'c>, email: &'c str, brand: &'static str) -> Self {
        let signed_up = (customer.first_seen() + r.i64(-60..60)).min(AS_OF_DAY - 1);
        // Opens in a thousand days; many never open anything.
        let rate = pick_weighted(r, &[(0, 34), (15, 20), (45, 22), (110, 16), (260, 8)]);
        let mut opens = [0; 10];
        let mut clicks = [0; 10];
        let (mut opened, mut clicked, mut from) = (0, 0, 0);
        let lengths = window_lengths();
        for ((open, click), length) in opens.iter_mut().zip(&mut clicks).zip(lengths) {
            let days = length.min(AS_OF_DAY - signed_up) - from;
            let more = if days > 0 { (rate * days + r.i64(0..1000)) / 1000 } else { 0 };
            opened += if rate > 0 { more } else { 0 };
            clicked += (0..more).filter(|_| chance(r, 18)).count() as i64;
            clicked = clicked.min(opened);
            (*open, *click) = (opened, clicked);
            from = length.max(from);
        }
        let last_open = latest(r, &opens, lengths);
        let last_click = latest(r, &clicks, lengths).zip(last_open).map(|(click, open)| click.min(open));
        let first = |r: &mut Rng, last: Option<i64>| last.map(|last| r.i64(signed_up.min(last)..=last));
        let first_open = first(r, last_open);
        let opted_out = (customer.status.email_consent == Some(false))
            .then(|| r.i64(last_open.unwrap_or(signed_up).max(signed_up)..=AS_OF_DAY));
        Self {
            customer,
            email,
            brand,
            clicks,
            opens,
            frequency: match rate {
                _ if AS_OF_DAY - signed_up < 30 => "New",
                0 => "Low",
                1..50 => "Medium",
                _ => "High",
            },
            status: match last_open {
                _ if AS_OF_DAY - signed_up < 30 => "New",
                Some(_) => "Active",
                None => "Inactive",
            },
            signed_up,
            first_click: last_click.zip(first_open).map(|(last, open)| r.i64(open.min(last)..=last)),
            first_open,
            last_open,
            last_click,
            last_send: Some(opted_out.unwrap_or(AS_OF_DAY - r.i64(0..7)).max(last_open.unwrap_or(signed_up))),
            bounced: chance(r, 6).then(|| r.i64(signed_up..=AS_OF_DAY)),
            opted_out,
        }
    }

    fn days_to_purchase(&self) -> Option<i64> {
        let mut days = self.customer.orders.iter().map(Order::day);
        days.find(|day| *day >= self.signed_up).map(|day| day - self.signed_up)
    }
}

/// A day in the smallest window that counts anything.
fn latest(r: &mut Rng, counts: &[i64; 10], lengths: [i64; 10]) -> Option<i64> {
    let at = counts.iter().position(|count| *count > 0)?;
    let length = lengths.get(at).copied()?;
    let shorter = at.checked_sub(1).and_then(|at| lengths.get(at)).copied().unwrap_or_default();
    Some(AS_OF_DAY - r.i64(shorter..length))
}

/// Email_Engagement_Attributes: one row for each customer, email address and brand.
pub fn email(chunk: &Chunk) -> PolarsResult<DataFrame> {
    let mut rows = Vec::new();
    for customer in &chunk.customers {
        let mut r = rng(chunk.seed, Stream::Engagement, customer.profile.index);
        let Some(email) = customer.profile.email.as_deref().filter(|_| chance(&mut r, 55)) else { continue };
        let favourite = customer.profile.taste.brand;
        rows.push(Mailing::new(&mut r, customer, email, favourite));
        let other = brand(&mut r);
        if other != favourite && chance(&mut r, 25) {
            rows.push(Mailing::new(&mut r, customer, email, other));
        }
    }
    // Campaigns go out at ten, and are read at any hour of the afternoon.
    let (sent, read) = (|day: i64| day * DAY + 36_000, |day: i64| day * DAY + 43_200 + day % 600 * 60);
    let mut frame = Frame::new(&rows)
        .text("amperity_id", |m| Some(&m.customer.profile.amperity_id))
        .text("brand", |m| Some(m.brand))
        .text("email", |m| Some(m.email));
    for (at, window) in WINDOWS.into_iter().enumerate() {
        frame = frame.int(format!("email_clicks_last_{window}"), |m| m.clicks.get(at).copied());
    }
    for (at, window) in WINDOWS.into_iter().enumerate() {
        frame = frame.int(format!("email_opens_last_{window}"), |m| m.opens.get(at).copied());
    }
    frame
        .text("engagement_frequency_last_15_months", |m| Some(m.frequency))
        .text("engagement_status_last_15_months", |m| Some(m.status))
        .timestamp("first_email_send_datetime", |m| Some(sent(m.signed_up)))
        .timestamp("first_email_open_datetime", |m| m.first_open.map(read))
        .timestamp("first_email_click_datetime", |m| m.first_click.map(read))
        .timestamp("most_recent_email_send_datetime", |m| m.last_send.map(sent))
        .timestamp("most_recent_email_open_datetime", |m| m.last_open.map(read))
        .timestamp("most_recent_email_click_datetime", |m| m.last_click.map(read))
        .timestamp("most_recent_email_bounce_datetime", |m| m.bounced.map(sent))
        .midnight("most_recent_email_optin_datetime", |m| Some(m.signed_up))
        .midnight("most_recent_email_optout_datetime", |m| m.opted_out)
        .flag("purchase_before_signup", |m| {
            Some(m.customer.orders.first().is_some_and(|o| o.day() < m.signed_up))
        })
        .int("signup_to_purchase_days", Mailing::days_to_purchase)
        .finish()
}

struct Answer<'c> {
    customer: &'c Customer<'c>,
    survey: &'static str,
    question: &'static str,
    answer: Option<&'static str>,
    rating: Option<i64>,
    day: i64,
}

/// Surveys with the day they opened and their questions.
const SURVEYS: &[(&str, i64, &[Question])] = &[
    (
        "Post-purchase 2025",
        AS_OF_DAY - 340,
        &[
            ("How did you hear about us?", &["friends", "search", "social media", "store", "email"], false),
            (
                "How satisfied are you with your order?",
                &["very satisfied", "satisfied", "neutral", "unsatisfied"],
                true,
            ),
            ("Would you buy again?", &["yes", "maybe", "no"], false),
        ],
    ),
    (
        "Style profile",
        AS_OF_DAY - 700,
        &[
            ("Favourite colour?", &["black", "blue", "grey", "green", "red"], false),
            ("Favourite fabric?", &["wool", "cotton", "linen", "denim"], false),
            ("How important is sustainability?", &["very", "somewhat", "not at all"], true),
        ],
    ),
    (
        "Service feedback",
        AS_OF_DAY - 500,
        &[
            ("How easy was your return?", &["easy", "fine", "hard"], true),
            ("Which channel do you prefer?", &["online", "in-store", "app"], false),
        ],
    ),
];

/// Text, choices, and whether it is rated from 1 to 10.
type Question = (&'static str, &'static [&'static str], bool);

/// Survey_Answers: several rows for each customer who took part.
pub(crate) fn surveys(chunk: &Chunk) -> PolarsResult<DataFrame> {
    let mut rows = Vec::new();
    for customer in &chunk.customers {
        let mut r = rng(chunk.seed, Stream::Survey, customer.profile.index);
        if !chance(&mut r, 20) {
            continue;
        }
        let always = r.usize(..SURVEYS.len());
        for (at, (survey, opened, questions)) in SURVEYS.iter().enumerate() {
            if at != always && !chance(&mut r, 25) {
                continue;
            }
            let day = r.i64(*opened..=AS_OF_DAY);
            for (question, choices, rated) in *questions {
                // People skip questions, and some rate without a word.
                if chance(&mut r, 12) {
                    continue;
                }
                let rating = if *rated && chance(&mut r, 95) {
                    Some(10 - r.i64(0..10) * r.i64(0..10) / 9)
                } else {
                    None
                };
                let answer = Some(pick(&mut r, choices)).filter(|_| rating.is_none() || chance(&mut r, 85));
                rows.push(Answer { customer, survey, question, answer, rating, day });
            }
        }
    }
    Frame::new(&rows)
        .text("amperity_id", |a| Some(&a.customer.profile.amperity_id))
        .text("survey", |a| Some(a.survey))
        .text("question", |a| Some(a.question))
        .text("answer", |a| a.answer)
        .int("rating", |a| a.rating)
        .date("answered_on", |a| Some(a.day))
        .finish()
}
