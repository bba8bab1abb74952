//! Who has bought, by value of any column: against plain loops over the rows, and edge cases made by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use segtui::backend::{
    AttributeBreakdown, Available, Backend, BackendError, BreakDown, Cancel, ColumnName, DayRange,
    ListedValue, Money, Purchases, SegmentAndAll, Task, WrongConditions,
};
use segtui::local::Engine;
use segtui::segment::Segment;

use super::shop::{condition, of_city, segment, shop};
use crate::conformance::{folder, lists, open};
use crate::slow::engine_against_slow::runner;
use crate::slow::strategy::{AS_OF, Words, targets};
use crate::slow::{Cell, Slow, strategy};

type Lines = Vec<(ListedValue, SegmentAndAll<Purchases>)>;

fn break_down(
    engine: &Engine,
    segment: &Arc<Segment>,
    attributes: &[(&str, &str)],
    range: DayRange,
) -> Result<Vec<Available<AttributeBreakdown>>, BackendError> {
    let name = |(table, column): &(&str, &str)| ColumnName {
        table: (*table).to_owned(),
        column: (*column).to_owned(),
    };
    let attributes: Vec<ColumnName> = attributes.iter().map(name).collect();
    let question = BreakDown {
        segment: Arc::clone(segment),
        attributes: attributes.clone(),
        range,
        as_of: AS_OF(),
        wrong: WrongConditions::Refuse,
    };
    let found = Backend::break_down(engine, &question, Task::new(&Cancel::default()))?;
    assert_eq!((found.as_of, found.range), (AS_OF(), range));
    let (names, answers): (Vec<_>, Vec<_>) = found.attributes.into_iter().unzip();
    assert_eq!(names, attributes);
    Ok(answers)
}

fn lines(engine: &Engine, segment: &Arc<Segment>, table: &str, column: &str) -> Lines {
    let range = DayRange::past_year(AS_OF());
    let found = break_down(engine, segment, &[(table, column)], range).unwrap().remove(0).unwrap();
    assert_eq!(found.values.left_out, 0);
    found.values.values
}

/// What each customer has spent in a range: of amounts that are whole hundredths.
fn spent(slow: &Slow, range: DayRange) -> BTreeMap<&str, i64> {
    let mut spent = BTreeMap::new();
    let rows = &slow.tables["Unified_Transactions"];
    for row in 0..rows.len() {
        let Some(id) = rows.ids[row].as_deref().filter(|id| slow.universe.iter().any(|of| of == id)) else {
            continue;
        };
        let day = match rows.cell(row, "order_datetime") {
            Cell::Null => continue,
            cell => cell.day(),
        };
        if range.from <= day && day <= range.to {
            let cents = match rows.cell(row, "order_revenue") {
                Cell::Decimal(amount) => (amount * 100.0).round() as i64,
                Cell::Whole(amount) => amount * 100,
                _ => 0,
            };
            *spent.entry(id).or_default() += cents;
        }
    }
    spent
}

fn slow_lines(
    slow: &Slow,
    members: &BTreeSet<String>,
    spent: &BTreeMap<&str, i64>,
    (table, column): (&str, &str),
) -> Lines {
    let rows = &slow.tables[table];
    let mut ids_by_value: BTreeMap<ListedValue, BTreeSet<&str>> = BTreeMap::new();
    for row in 0..rows.len() {
        let Some(id) = rows.ids[row].as_deref().filter(|id| spent.contains_key(id)) else { continue };
        let cell = match rows.cell(row, column) {
            Cell::Time(time) => Cell::Day(time.date()),
            other => other.clone(),
        };
        let value = match cell.text() {
            None => ListedValue::Null,
            Some(text) if text.trim().is_empty() => ListedValue::Blank,
            Some(text) => ListedValue::Value(text),
        };
        ids_by_value.entry(value).or_default().insert(id);
    }
    let purchases = |ids: &BTreeSet<&str>, counts: &dyn Fn(&str) -> bool| {
        let counted: Vec<&&str> = ids.iter().filter(|id| counts(id)).collect();
        let cents = counted.iter().map(|id| spent[**id]).sum();
        Purchases { purchasers: counted.len() as u64, revenue: Some(Money(cents)) }
    };
    let mut lines: Lines = ids_by_value
        .into_iter()
        .map(|(value, ids)| {
            let segment = purchases(&ids, &|id| members.contains(id));
            (value, SegmentAndAll { segment, all: purchases(&ids, &|_| true) })
        })
        .collect();
    let most_first = |(_, figures): &(ListedValue, SegmentAndAll<Purchases>)| {
        std::cmp::Reverse((figures.segment.purchasers, figures.all.purchasers))
    };
    lines.sort_by_key(most_first);
    lines
}

#[test]
fn every_column_is_as_counted_by_hand() {
    let engine = |format| Engine::new(open(&folder(None, format))).with_lists(lists());
    let engines = [engine("parquet").with_chunk_rows(16), engine("csv")];
    let slow = Slow::new(engines[0].database(), "amperity_id", AS_OF());
    let targets = targets(&slow);
    let columns: Vec<(String, String)> =
        targets.iter().map(|of| (of.table().to_owned(), of.column().to_owned())).collect();
    let items = engines[0].database().roles.items.clone();
    let segments = strategy::segment(&Words { targets, items, lists: Vec::new() });
    let days = (0..900_u64, 0..900_u64);
    runner(25)
        .run(&(segments, days), |(mut segment, (to, length))| {
            segment.activation_id = "amperity_id".to_owned();
            let to = AS_OF() - chrono::Days::new(to / 3);
            let range = DayRange { from: to - chrono::Days::new(length), to };
            let spent = spent(&slow, range);
            let members: BTreeSet<String> = slow.members(&segment).into_iter().collect();
            let segment = Arc::new(segment);
            for columns in columns.chunks(6) {
                let names: Vec<(&str, &str)> =
                    columns.iter().map(|(t, c)| (t.as_str(), c.as_str())).collect();
                for engine in &engines {
                    let found = break_down(engine, &segment, &names, range).unwrap();
                    for (name, found) in names.iter().zip(found) {
                        let found = found.unwrap();
                        prop_assert_eq!(found.values.left_out, 0);
                        let expected = slow_lines(&slow, &members, &spent, *name);
                        prop_assert_eq!(found.values.values, expected, "{:?}", name);
                        let of_members = spent.iter().filter(|(id, _)| members.contains(**id));
                        let total = Purchases {
                            purchasers: of_members.clone().count() as u64,
                            revenue: Some(Money(of_members.map(|(_, cents)| cents).sum())),
                        };
                        prop_assert_eq!(found.total.segment, total);
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_past_year_of_everybody_is_that_of_the_insights() {
    // Where the items stand in, an order is of the day of its earliest row, but insights look at each row: two orders
    // of the day before the year have a row of 10 cents within it.
    for (variant, earlier) in [(None, 0), (Some("variants/no-customers"), 20)] {
        let engine = Engine::new(open(&folder(variant, "parquet")));
        let everybody = segment("amperity_id", &[]);
        let any = engine.database().tables.iter().find(|table| table.id_column("amperity_id").is_some());
        let attributes = [(any.unwrap().name.as_str(), "amperity_id")];
        let found = break_down(&engine, &everybody, &attributes, DayRange::past_year(AS_OF())).unwrap();
        let SegmentAndAll { segment, all } = found[0].as_ref().unwrap().total;
        let insights = engine.evaluate(&everybody, AS_OF(), &Cancel::default()).unwrap().all;
        assert_eq!(segment, all);
        let revenue = insights.revenue_1y.map(|money| Money(money.0 - earlier));
        assert_eq!((Some(all.purchasers), all.revenue), (insights.active_customers_1y, revenue));
    }
}

const CUSTOMERS: (&str, &str) =
    ("Customers.csv", "id,city\na,Rome\nb,Rome\nc,Oslo\nd,Oslo\ne,\nf,\" \"\ng,\"\"\n");
const ORDERS: (&str, &str) = (
    "Unified_Transactions.csv",
    "id,order_id,order_datetime,order_revenue,order_quantity,purchase_channel\n\
     a,1,2024-01-01,10.005,1,online\na,2,2023-03-01,0.005,1,store\nb,3,2024-02-29,,1,\n\
     c,4,2023-02-28,99,9,store\ne,5,2024-01-01,1,1,\" \"\nf,6,2024-01-01,2,1,online\nz,7,2024-01-01,1000,1,online\n",
);

fn purchases(purchasers: u64, cents: i64) -> Purchases {
    Purchases { purchasers, revenue: Some(Money(cents)) }
}

fn line(value: &str, segment: Purchases, all: Purchases) -> (ListedValue, SegmentAndAll<Purchases>) {
    let value = match value {
        "NULL" => ListedValue::Null,
        "" => ListedValue::Blank,
        value => ListedValue::Value(value.to_owned()),
    };
    (value, SegmentAndAll { segment, all })
}

#[test]
fn blank_values_and_null_are_lines_of_their_own() {
    let (_folder, engine) = shop(&[CUSTOMERS, ORDERS]);
    let none = purchases(0, 0);
    let rome = purchases(2, 1001);
    let expected =
        [line("Rome", rome, rome), line("", none, purchases(1, 200)), line("NULL", none, purchases(1, 100))];
    // c has bought a day too early: with it nobody in Oslo has.
    assert_eq!(lines(&engine, &of_city("Rome"), "Customers", "city"), expected);
}

#[test]
fn someone_with_several_values_counts_at_each_once() {
    let (_folder, engine) = shop(&[CUSTOMERS, ORDERS]);
    let (none, a, b) = (purchases(0, 0), purchases(1, 1001), purchases(1, 0));
    let expected = [
        line("online", a, purchases(2, 1201)),
        // c is no purchaser, but a has been in the store.
        line("store", a, a),
        line("NULL", b, b),
        line("", none, purchases(1, 100)),
    ];
    assert_eq!(lines(&engine, &of_city("Rome"), "Unified_Transactions", "purchase_channel"), expected);
}

#[test]
fn who_has_no_row_has_no_value_and_datetimes_count_by_day() {
    let visits = "id,at\na,2024-01-01 10:00:00\na,2024-01-01 23:59:59\nb,2024-01-01 00:00:00\nz,2024-01-01 00:00:00\n\
                  f,\nc,2024-01-02 00:00:00\n";
    let (_folder, engine) = shop(&[CUSTOMERS, ORDERS, ("Visits.csv", visits)]);
    let rome = purchases(2, 1001);
    let expected = [line("2024-01-01", rome, rome), line("NULL", purchases(0, 0), purchases(1, 200))];
    assert_eq!(lines(&engine, &of_city("Rome"), "Visits", "at"), expected);
}

#[test]
fn what_is_missing_leaves_the_rest() {
    let (_folder, engine) = shop(&[CUSTOMERS, ORDERS, ("Other.csv", "key,n\n1,1\n")]);
    let range = DayRange::past_year(AS_OF());
    let attributes = [("Customers", "town"), ("Nowhere", "city"), ("Other", "n"), ("Customers", "city")];
    let found = break_down(&engine, &of_city("Rome"), &attributes, range).unwrap();
    let messages: Vec<_> = found.iter().map(|found| found.as_ref().map_err(|e| e.message.as_str())).collect();
    assert_eq!(messages[0].unwrap_err(), "table \"Customers\" has no column \"town\"");
    assert_eq!(messages[1].unwrap_err(), "there is no table \"Nowhere\"");
    assert_eq!(messages[2].unwrap_err(), "table \"Other\" has no column \"id\"");
    assert_eq!(messages[3].unwrap().values.values.len(), 3);
    assert_eq!(break_down(&engine, &of_city("Rome"), &[], range), Ok(Vec::new()));
    let many = break_down(&engine, &of_city("Rome"), &[("Customers", "city"); 7], range);
    assert!(matches!(many, Err(BackendError::Missing(_))));
}

#[test]
fn without_orders_every_attribute_says_what_is_missing() {
    let (_folder, engine) = shop(&[CUSTOMERS]);
    let range = DayRange::past_year(AS_OF());
    let found = break_down(&engine, &of_city("Rome"), &[("Customers", "city"); 2], range).unwrap();
    for found in found {
        let missing = found.unwrap_err();
        assert!(missing.message.contains("orders") && missing.help.is_some(), "{missing:?}");
    }
}

#[test]
fn a_column_of_very_many_values_is_cut_off_after_the_most() {
    let (mut customers, mut orders) = ("id\n".to_owned(), "id,order_datetime,order_revenue\n".to_owned());
    for number in 0..100_003 {
        customers.push_str(&format!("c{number:06}\n"));
        orders.push_str(&format!("c{number:06},2024-01-01,1\n"));
    }
    let (_folder, engine) = shop(&[("Customers.csv", &customers), ("Unified_Transactions.csv", &orders)]);
    let one = segment("id", &[condition("Customers", "id", "is_exactly", "c100001")]);
    let range = DayRange::past_year(AS_OF());
    let found = break_down(&engine, &one, &[("Customers", "id")], range).unwrap().remove(0).unwrap();
    assert_eq!((found.values.values.len(), found.values.left_out), (100_000, 3));
    let first: Vec<_> = found.values.values.iter().take(2).cloned().collect();
    let (one, none) = (purchases(1, 100), purchases(0, 0));
    assert_eq!(first, [line("c100001", one, one), line("c000000", none, one)]);
    assert_eq!(found.values.values[99_999], line("c099998", none, one));
    assert_eq!(found.total, SegmentAndAll { segment: one, all: purchases(100_003, 10_000_300) });
}
