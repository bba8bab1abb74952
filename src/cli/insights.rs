//! The four insights, for programs and for people.

use serde_json::Value;

use super::numbers;
use super::session::Opened;
use super::sheet::{self, Align};
use crate::backend::{Insights, WantedNumbers};

/// By the keys that they have in JSON.
pub(super) fn as_json(of: &Insights) -> [(&'static str, Value); 4] {
    [
        ("unique_customers", of.unique_customers.into()),
        ("active_customers_1y", of.active_customers_1y.into()),
        ("revenue_1y", of.revenue_1y.map(numbers::json_money).into()),
        ("reachable_customers", of.reachable_customers.into()),
    ]
}

/// How many insights are wanted: the first is that of the members.
pub(super) fn count(wanted: WantedNumbers) -> usize {
    match wanted {
        WantedNumbers::All => 4,
        WantedNumbers::Members => 1,
    }
}

/// As cells of a table.
pub(super) fn cells(insights: &Insights, opened: &Opened) -> [String; 4] {
    let number = |number: Option<u64>| number.map_or_else(|| "–".to_owned(), numbers::count);
    let revenue = insights.revenue_1y.map(|revenue| numbers::money(revenue, &opened.database.currency));
    [
        number(Some(insights.unique_customers)),
        number(insights.active_customers_1y),
        revenue.unwrap_or_else(|| "–".to_owned()),
        number(insights.reachable_customers),
    ]
}

/// Those of a segment beside those of all customers.
pub(super) fn table(
    (own, all): (&Insights, &Insights),
    wanted: WantedNumbers,
    people: &str,
    opened: &Opened,
) -> String {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let numbers = |of: &Insights| {
        [
            Some(signed(of.unique_customers)),
            of.active_customers_1y.map(signed),
            of.revenue_1y.map(|revenue| revenue.0),
            of.reachable_customers.map(signed),
        ]
    };
    let titles = [
        format!("Unique {people}"),
        format!("Active {people}, 1 year"),
        "Segment revenue, 1 year".to_owned(),
        format!("Reachable {people}"),
    ];
    let mut rows = Vec::new();
    let texts = cells(own, opened).into_iter().zip(cells(all, opened));
    let numbers = numbers(own).into_iter().zip(numbers(all));
    for ((title, (own, all)), numbers) in titles.into_iter().zip(texts).zip(numbers).take(count(wanted)) {
        let share = match numbers {
            (Some(own), Some(all)) => numbers::share(own, all),
            _ => String::new(),
        };
        rows.push(vec![title, own, share, format!("of {all}")]);
    }
    sheet::set(&rows, &[Align::Left, Align::Right, Align::Right, Align::Right])
}
