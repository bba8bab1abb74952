//! Random databases with everything that pages are made of, or parts of it.

use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::*;
use proptest::prelude::*;
use proptest::sample::select;
use segtui::database::{Database, ItemsColumns, Roles};
use segtui::local::files::{LocalDatabase, LocalTable};

use crate::slow::strategy::{AS_OF, typed};

const IDS: [&str; 10] = ["1", "01", "1 ", "a", "A", "é", "b", "c", "d", "e"];
const TEXTS: [&str; 8] = ["", " ", "x", "X", "x ", "\u{a0}", "ü", "y"];
/// Around the ends of the years, months, quarters and weeks before 2024-02-29.
const DAYS: [i64; 16] = [
    19_782, 19_781, 19_783, 19_778, 19_753, 19_752, 19_722, 19_700, 19_600, 19_417, 19_416, 19_415, 19_300,
    19_000, 0, -1,
];
const AMOUNTS: [f64; 12] = [
    0.0,
    0.1,
    0.2,
    0.005,
    -0.005,
    19.99,
    -3.5,
    1e14,
    90_071_992_547_409.93,
    0.300_000_000_000_000_04,
    2.675,
    100.0,
];

fn text() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.8, select(TEXTS.to_vec()))
}

fn amount() -> impl Strategy<Value = Option<f64>> {
    prop::option::weighted(0.85, select(AMOUNTS.to_vec()))
}

fn day() -> impl Strategy<Value = Option<i64>> {
    prop::option::weighted(0.9, select(DAYS.to_vec()))
}

fn flag() -> impl Strategy<Value = Option<bool>> {
    prop::option::of(any::<bool>())
}

/// Some are nobody's.
fn id() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.95, select([&IDS[..], &["nobody", " "]].concat()))
}

/// At most one row of each, some of them missing.
fn once<T: std::fmt::Debug>(row: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<(&'static str, T)>> {
    let rows = prop::collection::vec((any::<bool>(), row), IDS.len());
    rows.prop_map(|rows| {
        IDS.into_iter()
            .zip(rows)
            .filter(|(_, (is_there, _))| *is_there)
            .map(|(id, (_, row))| (id, row))
            .collect()
    })
}

fn frame(frame: PolarsResult<DataFrame>, casts: &[(&str, DataType)], without: &[&str]) -> DataFrame {
    let mut frame = frame.unwrap().lazy();
    for (column, data_type) in casts {
        frame = frame.with_column(col(*column).cast(data_type.clone()));
    }
    let frame = frame.collect().unwrap();
    let kept = frame.get_column_names().into_iter().filter(|name| !without.contains(&name.as_str()));
    frame.select(kept.cloned().collect::<Vec<_>>()).unwrap()
}

fn datetime() -> DataType {
    DataType::Datetime(TimeUnit::Microseconds, None)
}

fn people() -> impl Strategy<Value = DataFrame> {
    let reach = (text(), text(), text(), text(), text(), text());
    let values = (prop::option::of(-2..3_i64), amount(), flag(), day());
    let row = (id(), reach, values);
    let without = prop::option::weighted(0.2, select(vec!["email", "phone", "postal"]));
    (prop::collection::vec(row, 0..16), without).prop_map(|(rows, without)| {
        let reach = |pick: fn(&(_, _, _, _, _, _)) -> Option<&'static str>| {
            rows.iter().map(|row| pick(&row.1)).collect::<Vec<Option<&str>>>()
        };
        let rows = df!(
            "id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            "email" => reach(|of| of.0), "phone" => reach(|of| of.1), "address" => reach(|of| of.2),
            "city" => reach(|of| of.3), "state" => reach(|of| of.4), "postal" => reach(|of| of.5),
            "points" => rows.iter().map(|row| row.2.0).collect::<Vec<_>>(),
            "score" => rows.iter().map(|row| row.2.1).collect::<Vec<_>>(),
            "loyal" => rows.iter().map(|row| row.2.2).collect::<Vec<_>>(),
            "born" => rows.iter().map(|row| row.2.3).collect::<Vec<_>>(),
        );
        frame(rows, &[("born", DataType::Date)], without.as_slice())
    })
}

fn time() -> impl Strategy<Value = Option<i64>> {
    let of_day = select(vec![0, 1, 43_200_000_000, 86_399_999_999]);
    (day(), of_day).prop_map(|(day, of_day)| Some(day? * 86_400_000_000 + of_day))
}

fn orders() -> impl Strategy<Value = DataFrame> {
    let order = prop::option::weighted(0.8, select(vec!["", "o1", "o2", "o3"]));
    let row = (id(), order, time(), amount(), prop::option::of(-1..4_i64), text());
    let optional = vec!["order_revenue", "order_quantity", "purchase_channel", "order_id"];
    let without = prop::option::weighted(0.2, select(optional));
    (prop::collection::vec(row, 0..40), any::<bool>(), without).prop_map(|(rows, is_date, without)| {
        let rows = df!(
            "id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            "order_id" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
            "order_datetime" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
            "order_revenue" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
            "order_quantity" => rows.iter().map(|row| row.4).collect::<Vec<_>>(),
            "purchase_channel" => rows.iter().map(|row| row.5).collect::<Vec<_>>(),
        );
        let casts = [("order_datetime", datetime()), ("order_datetime", DataType::Date)];
        frame(rows, &casts[..1 + usize::from(is_date)], without.as_slice())
    })
}

fn items() -> impl Strategy<Value = DataFrame> {
    let order = prop::option::weighted(0.9, 1..4_i64);
    let row =
        ((id(), order, time()), (flag(), flag()), (text(), text(), amount(), prop::option::of(-1..4_i64)));
    let optional = vec!["item_revenue", "item_quantity", "purchase_channel", "is_return"];
    let without = prop::option::weighted(0.15, select(optional));
    (prop::collection::vec(row, 0..40), without).prop_map(|(rows, without)| {
        let rows = df!(
            "id" => rows.iter().map(|row| row.0.0).collect::<Vec<_>>(),
            "order_id" => rows.iter().map(|row| row.0.1).collect::<Vec<_>>(),
            "order_datetime" => rows.iter().map(|row| row.0.2).collect::<Vec<_>>(),
            "is_return" => rows.iter().map(|row| row.1.0).collect::<Vec<_>>(),
            "is_cancellation" => rows.iter().map(|row| row.1.1).collect::<Vec<_>>(),
            "category" => rows.iter().map(|row| row.2.0).collect::<Vec<_>>(),
            "purchase_channel" => rows.iter().map(|row| row.2.1).collect::<Vec<_>>(),
            "item_revenue" => rows.iter().map(|row| row.2.2).collect::<Vec<_>>(),
            "item_quantity" => rows.iter().map(|row| row.2.3).collect::<Vec<_>>(),
        );
        frame(rows, &[("order_datetime", datetime())], without.as_slice())
    })
}

fn contact() -> impl Strategy<Value = DataFrame> {
    let row = (id(), flag(), flag(), flag(), flag());
    let without = prop::option::weighted(0.2, select(vec!["contactable_phone", "contactable_paid_social"]));
    (prop::collection::vec(row, 0..16), without).prop_map(|(rows, without)| {
        let rows = df!(
            "id" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            "contactable_email" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
            "contactable_phone" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
            "contactable_address" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
            "contactable_paid_social" => rows.iter().map(|row| row.4).collect::<Vec<_>>(),
        );
        frame(rows, &[], without.as_slice())
    })
}

fn predicted() -> impl Strategy<Value = DataFrame> {
    let frequency = prop::option::of(select(vec![0.0, 0.225, 3.591, -1.0]));
    once((amount(), amount(), frequency)).prop_map(|rows| {
        let rows = df!(
            "id" => rows.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
            "predicted_clv_next_365d" => rows.iter().map(|(_, row)| row.0).collect::<Vec<_>>(),
            "predicted_average_order_revenue_next_365d" => rows.iter().map(|(_, row)| row.1).collect::<Vec<_>>(),
            "predicted_order_frequency_next_365d" => rows.iter().map(|(_, row)| row.2).collect::<Vec<_>>(),
        );
        frame(rows, &[], &[])
    })
}

fn attributes() -> impl Strategy<Value = DataFrame> {
    once((prop::option::of(0..3_i64), amount())).prop_map(|rows| {
        let rows = df!(
            "id" => rows.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
            "l12m_order_frequency" => rows.iter().map(|(_, row)| row.0).collect::<Vec<_>>(),
            "l12m_order_revenue" => rows.iter().map(|(_, row)| row.1).collect::<Vec<_>>(),
        );
        frame(rows, &[], &[])
    })
}

/// The customers, and most of the other tables.
pub fn database() -> impl Strategy<Value = Arc<LocalDatabase>> {
    let some = |table: BoxedStrategy<DataFrame>| prop::option::weighted(0.75, table);
    let others = (some(orders().boxed()), some(items().boxed()), some(contact().boxed()));
    let more = (some(predicted().boxed()), some(attributes().boxed()));
    (people(), others, more).prop_map(|(people, (orders, items, contact), (predicted, attributes))| {
        let tables = [
            ("attributes", attributes),
            ("contact", contact),
            ("items", items),
            ("orders", orders),
            ("people", Some(people)),
            ("predicted", predicted),
        ];
        let tables = tables.into_iter().filter_map(|(name, frame)| Some(typed(name, frame?)));
        let tables: Vec<LocalTable> = tables.collect();
        let named = |name: &str| tables.iter().any(|table| table.table.name == name).then(|| name.to_owned());
        let roles = Roles {
            customers: Some("people".to_owned()),
            orders: named("orders"),
            items: named("items"),
            attributes: named("attributes"),
            predicted: named("predicted"),
            contact: named("contact"),
            items_columns: ItemsColumns::default(),
        };
        let database = Database {
            folder: "random".into(),
            name: "random".to_owned(),
            as_of: Some(AS_OF()),
            currency: "USD".to_owned(),
            default_id: "id".to_owned(),
            ids: Vec::new(),
            tables: Vec::new(),
            roles,
            notes: Vec::new(),
        };
        Arc::new(LocalDatabase::new(database, tables))
    })
}

/// The day that the random databases stand at.
pub fn data_day() -> NaiveDate {
    AS_OF()
}
