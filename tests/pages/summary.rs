//! The summary, on shops made by hand.

use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{
    Available, Backend, BackendError, Cancel, ListedValue, ListedValues, Metric, MetricFunction, MetricKind,
    MetricValue, Money, Predicted, Reachability, SegmentAndAll, SpendBand, Summarize, Summary, Task,
    WrongConditions,
};
use segtui::local::Engine;
use segtui::segment::{Number, Segment};
use serde_json::json;

use super::shop::{condition, of_city, segment, shop};

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
const CUSTOMERS: (&str, &str) = (
    "Customers.csv",
    "id,city,email,phone,address,state,postal\na,Rome,a@x,,,,\nb,Rome,,1,,,\nc,Rome,\" \",,s 1,TX,1\nd,Oslo,d@x,2,s 2,,1\ne,Oslo,,,,,\n",
);

fn ask(engine: &Engine, segment: &Arc<Segment>, metrics: Vec<Metric>) -> Summary {
    let wrong = WrongConditions::Refuse;
    let question = Summarize { segment: Arc::clone(segment), as_of: AS_OF, metrics, wrong };
    Backend::summarize(engine, &question, Task::new(&Cancel::default())).unwrap()
}

fn number(text: &str) -> Option<Number> {
    Some(text.parse().map_or_else(|_| Number::Decimal(text.parse().unwrap()), Number::Integer))
}

fn orders(rows: &str) -> (&'static str, String) {
    (
        "Unified_Transactions.csv",
        format!("id,order_id,order_datetime,order_revenue,order_quantity,purchase_channel\n{rows}"),
    )
}

fn counts(found: &Available<ListedValues<u64>>) -> Vec<(&str, u64, u64)> {
    let name = |value: &ListedValue| match value {
        ListedValue::Value(text) => text.clone().leak() as &str,
        ListedValue::Blank => "(blank)",
        ListedValue::Null => "(null)",
    };
    let values = &found.as_ref().unwrap().values;
    values.iter().map(|(value, counts)| (name(value), counts.segment, counts.all)).collect()
}

fn message<T: std::fmt::Debug>(found: &Available<T>) -> String {
    found.as_ref().unwrap_err().to_string()
}

const ROWS: &str = "\
a,1,2023-03-01T00:00:00,10.10,1,web
a,1,2024-01-01T00:00:00,,,\" \"
a,1,2023-02-28T23:59:59,99,9,fax
b,1,2024-02-29T23:59:59,20.20,2,web
b,1,2024-03-01T00:00:00,77,7,web
b,,2024-02-01T00:00:00,0.70,0,
b,,2024-02-01T00:00:00,-1,1,web
zz,1,2024-02-01T00:00:00,1000,10,web
,1,2024-02-01T00:00:00,1000,10,web
d,2,,50,5,web
e,2,2020-01-01T00:00:00,5,1,web
e,2,2023-06-15T00:00:00,5,1,web
";

#[test]
fn the_revenue_tree_counts_distinct_orders_of_the_past_year() {
    let rows = orders(ROWS);
    let (_folder, engine) = shop(&[CUSTOMERS, (rows.0, &rows.1)]);
    let summary = ask(&engine, &of_city("Rome"), Vec::new());
    let tree = summary.revenue_tree.unwrap();
    // Of a one order with two rows, of b one with an id and two without; not what is older, later, or of nobody.
    let rome = tree.segment;
    assert_eq!((rome.net_revenue, rome.customers), (Some(Money(3_000)), 2));
    assert_eq!(rome.revenue_per_customer, number("15"));
    assert_eq!(rome.orders_per_customer, number("2"));
    assert_eq!(rome.average_order_value, number("7.5"));
    assert_eq!(rome.units_per_transaction, number("1"));
    assert_eq!(rome.average_unit_revenue, number("7.5"));
    assert_eq!((tree.all.net_revenue, tree.all.customers), (Some(Money(3_500)), 3));
    assert_eq!(tree.all.orders_per_customer, number("1.666667"));
    assert_eq!(tree.all.average_unit_revenue, number("7"));
    assert_eq!(summary.insights.segment.revenue_1y, Some(Money(3_000)));
    // Nobody has nothing, and divides by nothing.
    let nobody = ask(&engine, &of_city("Paris"), Vec::new()).revenue_tree.unwrap().segment;
    assert_eq!((nobody.net_revenue, nobody.customers, nobody.average_order_value), (Some(Money(0)), 0, None));
    assert_eq!((nobody.revenue_per_customer, nobody.average_unit_revenue), (None, None));
}

#[test]
fn channels_have_lines_for_blank_and_null_and_count_customers_once() {
    let rows = orders(ROWS);
    let (_folder, engine) = shop(&[CUSTOMERS, (rows.0, &rows.1)]);
    let summary = ask(&engine, &of_city("Rome"), Vec::new());
    assert_eq!(counts(&summary.channels), [("web", 2, 3), ("(blank)", 1, 1), ("(null)", 1, 1)]);
    let nobody = ask(&engine, &of_city("Paris"), Vec::new());
    assert_eq!(counts(&nobody.channels), [("web", 0, 3), ("(blank)", 0, 1), ("(null)", 0, 1)]);
}

#[test]
fn new_purchasers_are_of_the_month_of_their_first_order_ever() {
    let rows = orders(
        "a,1,2023-03-01,1,1,x\nb,1,2023-02-28,1,1,x\nb,2,2023-04-01,1,1,x\nc,1,2024-02-29,1,1,x\n\
         d,1,2024-03-01,1,1,x\ne,1,2023-12-31,1,1,x\ne,2,2024-01-01,1,1,x\n",
    );
    let (_folder, engine) = shop(&[CUSTOMERS, (rows.0, &rows.1)]);
    let months = ask(&engine, &of_city("Rome"), Vec::new()).new_purchasers.unwrap();
    assert_eq!(months.len(), 12);
    let some: Vec<_> = months.iter().filter(|month| month.customers.all > 0).collect();
    let found: Vec<_> =
        some.iter().map(|m| (m.month.to_string(), m.customers.segment, m.customers.all)).collect();
    let expected = [("2023-03-01", 1, 1), ("2023-12-01", 0, 1), ("2024-02-01", 1, 1)]
        .map(|(m, s, a)| (m.to_owned(), s, a));
    assert_eq!(found, expected);
    assert_eq!(months[11].month, NaiveDate::from_ymd_opt(2024, 2, 1).unwrap());
}

fn bands(summary: &Summary) -> Vec<(u64, i64, u64, i64)> {
    let of = |band: &SpendBand| (band.customers, band.revenue.unwrap().0);
    let bands = summary.lifetime_spend.as_ref().unwrap();
    bands
        .iter()
        .map(|both| (of(&both.segment).0, of(&both.segment).1, of(&both.all).0, of(&both.all).1))
        .collect()
}

#[test]
fn spend_bands_are_five_and_ties_are_cut_by_id() {
    // Out of order, so that numbers of customers are not the order of ids; "B" stands before "a".
    let customers = "id,city\nc,Rome\nB,Rome\na,Oslo\nd,Oslo\ne,Oslo\nf,Rome\ng,Rome\nh,Rome\n";
    let rows = orders(
        "a,1,2020-01-01,5,1,x\nB,1,2020-01-01,5,1,x\nc,1,2020-01-01,5,1,x\nd,1,2020-01-01,5,1,x\n\
         e,1,2020-01-01,7,1,x\nf,1,2024-02-29,,1,x\ng,1,2024-02-28,-3,1,x\nh,1,2024-03-01,1000,1,x\n",
    );
    let (_folder, engine) = shop(&[("Customers.csv", customers), (rows.0, &rows.1)]);
    let summary = ask(&engine, &of_city("Rome"), Vec::new());
    // e B | a c | d | f | g
    assert_eq!(
        bands(&summary),
        [(1, 500, 2, 1_200), (1, 500, 2, 1_000), (0, 0, 1, 500), (1, 0, 1, 0), (1, -300, 1, -300)]
    );
    let rows = orders("a,1,2020-01-01,5,1,x\n");
    let (_folder, engine) = shop(&[("Customers.csv", customers), (rows.0, &rows.1)]);
    let summary = ask(&engine, &of_city("Rome"), Vec::new());
    assert_eq!(bands(&summary), [(0, 0, 1, 500), (0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)]);
}

const ITEMS: &str = "\
id,order_id,order_datetime,item_revenue,item_quantity,purchase_channel,is_return,is_cancellation
a,1,2023-02-28,10,1,web,,
a,1,2023-03-01,20,1,app,,
a,2,2024-01-01,5,2,web,,
a,2,2024-01-02,2.5,1,,,false
a,2,2024-01-02,100,9,fax,true,
b,1,2024-02-01,4,1,shop,,true
b,3,2024-02-29,,,shop,,
b,,2024-02-29,8,1,none,,
c,4,2024-02-29,3,3,\" \",,
";

#[test]
fn purchases_stand_in_for_orders() {
    let (_folder, engine) = shop(&[CUSTOMERS, ("Unified_Itemized_Transactions.csv", ITEMS)]);
    let summary = ask(&engine, &of_city("Rome"), Vec::new());
    // The order 1 of a is of its earliest row, a day before the year; 2 is of a day within it with all its purchases.
    let tree = summary.revenue_tree.as_ref().unwrap().segment;
    assert_eq!((tree.net_revenue, tree.customers), (Some(Money(1_050)), 3));
    assert_eq!((tree.orders_per_customer, tree.average_order_value), (number("1"), number("3.5")));
    assert_eq!(tree.average_unit_revenue, number("1.75"));
    // The insights go by the day of each row.
    assert_eq!(summary.insights.segment.revenue_1y, Some(Money(3_050)));
    let expected = [("shop", 1, 1), ("web", 1, 1), ("(blank)", 1, 1), ("(null)", 1, 1)];
    assert_eq!(counts(&summary.channels), expected);
    let months = summary.new_purchasers.as_ref().unwrap();
    let new: Vec<u64> = months.iter().map(|month| month.customers.segment).collect();
    assert_eq!(new, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    assert_eq!(bands(&summary)[0], (1, 3_750, 1, 3_750));
}

#[test]
fn what_the_data_lacks_is_said_and_the_rest_is_shown() {
    let (_folder, engine) = shop(&[("Customers.csv", "id,city\na,Rome\n")]);
    let summary = ask(&engine, &of_city("Rome"), Vec::new());
    assert_eq!(summary.insights.segment.unique_customers, 1);
    let lacks = "the data has no orders by day: there is no table of orders, and there is no table of items";
    assert_eq!(message(&summary.revenue_tree), lacks);
    assert_eq!(message(&summary.channels), lacks);
    assert_eq!(
        (message(&summary.lifetime_spend), message(&summary.new_purchasers)),
        (lacks.into(), lacks.into())
    );
    assert!(message(&summary.predicted).starts_with("the data has no predictions"));
    assert!(message(&summary.reachability).starts_with("who can be contacted is not known"));
    // Of orders without amounts and channels there are their number and days.
    let rows = "id,order_datetime,order_revenue\na,2024-01-01,dear\na,2024-01-01,\n";
    let (_folder, engine) = shop(&[CUSTOMERS, ("Unified_Transactions.csv", rows)]);
    let summary = ask(&engine, &of_city("Rome"), Vec::new());
    let tree = summary.revenue_tree.as_ref().unwrap().segment;
    assert_eq!((tree.customers, tree.orders_per_customer), (1, number("2")));
    assert_eq!((tree.net_revenue, tree.units_per_transaction, tree.average_unit_revenue), (None, None, None));
    assert_eq!(
        message(&summary.channels),
        "table \"Unified_Transactions\" has no column \"purchase_channel\""
    );
    assert!(message(&summary.lifetime_spend).contains("does not say how much was spent"));
    assert!(summary.new_purchasers.is_ok());
    let undated = [CUSTOMERS, ("Unified_Transactions.csv", "id,order_datetime\na,soon\n")];
    let (_folder, engine) = shop(&undated);
    let message = message(&ask(&engine, &of_city("Rome"), Vec::new()).revenue_tree);
    assert!(
        message.contains("\"Unified_Transactions\" has no dates in column \"order_datetime\""),
        "{message}"
    );
}

#[test]
fn contacts_come_from_their_table_or_from_what_is_filled() {
    let (_folder, engine) = shop(&[CUSTOMERS]);
    let found = ask(&engine, &of_city("Rome"), Vec::new()).reachability.unwrap();
    let reachability =
        |email, phone, address, paid_social| Reachability { email, phone, address, paid_social };
    assert_eq!(found.segment, reachability(Some(1), Some(1), Some(1), None));
    assert_eq!(found.all, reachability(Some(2), Some(2), Some(1), None));
    let contacts = "id,contactable_email,contactable_phone,contactable_paid_social\na,true,yes,true\na,false,no,\nd,true,,false\nzz,true,,true\n";
    let (_folder, engine) = shop(&[CUSTOMERS, ("Customer_Attributes.csv", contacts)]);
    let found = ask(&engine, &of_city("Rome"), Vec::new()).reachability.unwrap();
    let phone = found.all.phone;
    assert_eq!(found.segment, reachability(Some(1), phone.map(|_| 1), None, Some(1)));
    assert_eq!((found.all.email, found.all.paid_social), (Some(2), Some(1)));
}

#[test]
fn predictions_are_averages_of_the_values_there_are() {
    let predictions = "id,predicted_clv_next_365d,predicted_order_frequency_next_365d\n\
                       a,10,0.5\na,20.5,\nb,,\nd,1,1\nzz,1000,9\n";
    let (_folder, engine) = shop(&[CUSTOMERS, ("Predicted_CLV_Attributes.csv", predictions)]);
    let found = ask(&engine, &of_city("Rome"), Vec::new()).predicted.unwrap();
    let predicted = |clv: &str, frequency: &str| Predicted {
        clv: number(clv),
        average_order_revenue: None,
        order_frequency: number(frequency),
    };
    assert_eq!(found.segment, predicted("15.25", "0.5"));
    assert_eq!(found.all, predicted("10.5", "0.75"));
    let nobody = ask(&engine, &of_city("Paris"), Vec::new()).predicted.unwrap();
    assert_eq!(nobody.segment, Predicted::default());
}

fn metric(table: &str, column: Option<&str>, function: MetricFunction) -> Metric {
    let metric = json!({
        "database": "d", "activation_id": "id", "name": "m", "kind": "number", "table": table,
        "column": column, "fn": "rows", "format": "integer", "unit": "",
    });
    Metric { function, ..serde_json::from_value(metric).unwrap() }
}

#[test]
fn custom_metrics_are_of_the_rows_of_the_members() {
    use MetricFunction::{Avg, Count, Distinct, Max, Min, Rows, Sum};
    let visits = "id,pages,place,at\na,1.5,home,2024-01-01\na,-2,,2024-01-02\nb,,\" \",\nb,1.5,home,\nd,100,office,\nzz,1000,moon,\n,1000,moon,\n";
    let (_folder, engine) = shop(&[CUSTOMERS, ("Visits.csv", visits)]);
    let figures = [
        (None, Rows, "4", "5"),
        (Some("pages"), Count, "3", "4"),
        (Some("place"), Count, "3", "4"),
        (Some("place"), Distinct, "2", "3"),
        (Some("pages"), Distinct, "2", "3"),
        (Some("pages"), Sum, "1", "101"),
        (Some("pages"), Avg, "0.333333", "25.25"),
        (Some("pages"), Min, "-2", "-2"),
        (Some("pages"), Max, "1.5", "100"),
    ];
    let metrics = figures.map(|(column, function, ..)| metric("Visits", column, function));
    let found = ask(&engine, &of_city("Rome"), metrics.to_vec()).metrics;
    for ((_, found), (column, function, segment, all)) in found.into_iter().zip(figures) {
        let expected = SegmentAndAll { segment: number(segment), all: number(all) };
        assert_eq!(found, Ok(MetricValue::Number(expected)), "{function:?} {column:?}");
    }
    let nobody = ask(&engine, &of_city("Paris"), metrics.to_vec()).metrics;
    let of_nobody = nobody.into_iter().map(|(_, found)| match found.unwrap() {
        MetricValue::Number(both) => both.segment,
        MetricValue::Bars(_) => panic!("bars"),
    });
    let zero = number("0");
    assert_eq!(of_nobody.collect::<Vec<_>>(), [zero, zero, zero, zero, zero, None, None, None, None]);
    let bars = Metric { kind: MetricKind::Bars, ..metric("Visits", Some("place"), Rows) };
    let found = ask(&engine, &of_city("Rome"), vec![bars]).metrics;
    let Ok(MetricValue::Bars(values)) = &found[0].1 else { panic!("{found:?}") };
    let expected = [("home", 2, 2), ("(blank)", 1, 1), ("(null)", 1, 1), ("office", 0, 1)];
    assert_eq!(counts(&Ok(values.clone())), expected);
}

#[test]
fn what_is_wrong_with_a_metric_is_said_in_its_place() {
    use MetricFunction::{Avg, Count, Max, Rows};
    let visits = ("Visits.csv", "id,place,at\na,home,2024-01-01\n");
    let (_folder, engine) = shop(&[CUSTOMERS, visits, ("Other.csv", "n\n1\n")]);
    let metrics = [
        (metric("Visitors", None, Rows), "there is no table \"Visitors\""),
        (metric("Other", None, Rows), "table \"Other\" has no column \"id\""),
        (metric("Visits", Some("pages"), Count), "table \"Visits\" has no column \"pages\""),
        (metric("Visits", None, Count), "no column is named"),
        (metric("Visits", Some("place"), Avg), "column \"place\" of table \"Visits\" has no numbers"),
        (metric("Visits", Some("at"), Max), "column \"at\" of table \"Visits\" has no numbers"),
    ];
    let asked = metrics.iter().map(|(metric, _)| metric.clone()).chain([metric("Visits", None, Rows)]);
    let found = ask(&engine, &of_city("Rome"), asked.collect()).metrics;
    for ((_, found), (metric, expected)) in found.iter().zip(&metrics) {
        assert_eq!(found.as_ref().unwrap_err().message, *expected, "{metric:?}");
        assert!(found.as_ref().unwrap_err().help.is_some());
    }
    assert!(found[6].1.is_ok());
}

#[test]
fn conditions_that_are_wrong_are_left_out_or_refused() {
    let (_folder, engine) = shop(&[CUSTOMERS]);
    let half = segment(
        "id",
        &[
            condition("Customers", "city", "is_exactly", "Rome"),
            condition("Customers", "town", "is_exactly", "x"),
        ],
    );
    let ask = |wrong| {
        let question = Summarize { segment: Arc::clone(&half), as_of: AS_OF, metrics: Vec::new(), wrong };
        Backend::summarize(&engine, &question, Task::new(&Cancel::default()))
    };
    assert_eq!(ask(WrongConditions::LeaveOut).unwrap().insights.segment.unique_customers, 3);
    assert!(matches!(ask(WrongConditions::Refuse), Err(BackendError::Refused(_))));
}

#[test]
fn a_segment_of_sql_has_a_summary() {
    let rows = orders(ROWS);
    let (_folder, engine) = shop(&[CUSTOMERS, (rows.0, &rows.1)]);
    let query = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": "id",
        "sql": "SELECT id FROM Customers WHERE city = 'Rome'",
    });
    let query = Arc::new(Segment::from_json(&query.to_string()).unwrap());
    assert_eq!(ask(&engine, &query, Vec::new()), ask(&engine, &of_city("Rome"), Vec::new()));
}

#[test]
fn amounts_beyond_doubles_stay_exact() {
    let rows = orders("a,1,2024-01-01,45035996273704.96,1,x\nb,1,2024-01-01,45035996273704.97,1,x\n");
    let (_folder, engine) = shop(&[CUSTOMERS, (rows.0, &rows.1)]);
    let tree = ask(&engine, &of_city("Rome"), Vec::new()).revenue_tree.unwrap().segment;
    assert_eq!(tree.net_revenue, Some(Money(9_007_199_254_740_993)));
}

#[test]
fn a_channel_of_very_many_values_lists_the_most_frequent_ones() {
    let count = 100_010;
    let ids: Vec<String> = (0..count).map(|n| format!("{n:06}")).collect();
    let customers = ids.iter().fold("id,city\n".to_owned(), |text, id| text + id + ",Rome\n");
    let mut rows = String::new();
    ids.iter().for_each(|id| rows.push_str(&format!("{id},1,2024-01-01,1,1,c{id}\n")));
    // This one has two.
    rows.push_str("000000,2,2024-01-01,1,1,c000001\n");
    let rows = orders(&rows);
    let (_folder, engine) = shop(&[("Customers.csv", &customers), (rows.0, &rows.1)]);
    let channels = ask(&engine, &of_city("Rome"), Vec::new()).channels.unwrap();
    assert_eq!((channels.values.len(), channels.left_out), (100_000, 10));
    let both = |segment, all| SegmentAndAll { segment, all };
    assert_eq!(channels.values[0], (ListedValue::Value("c000001".to_owned()), both(2, 2)));
    assert_eq!(channels.values[1], (ListedValue::Value("c000000".to_owned()), both(1, 1)));
}

#[test]
fn orders_that_repeat_far_apart_are_one() {
    // The same pairs of customer and order id in every chunk, once in any order and once customer by customer.
    let mut rows: Vec<String> =
        (0..40).map(|n| format!("{},{},2024-01-01,1,1,x\n", ["a", "b"][n % 2], n % 5)).collect();
    for _ in 0..2 {
        let text = orders(&rows.concat());
        let (_folder, engine) = shop(&[CUSTOMERS, (text.0, &text.1)]);
        let whole = ask(&engine, &of_city("Rome"), Vec::new());
        assert_eq!(whole.revenue_tree.as_ref().unwrap().segment.orders_per_customer, number("5"));
        let in_chunks = engine.with_chunk_rows(4);
        assert_eq!(ask(&in_chunks, &of_city("Rome"), Vec::new()), whole);
        rows.sort();
    }
}

#[test]
fn what_is_kept_answers_as_what_is_new() {
    let rows = orders(ROWS);
    let (folder, engine) = shop(&[CUSTOMERS, (rows.0, &rows.1)]);
    let first = ask(&engine, &of_city("Oslo"), Vec::new());
    assert_eq!(ask(&engine, &of_city("Oslo"), Vec::new()), first);
    let kept = tempfile::tempdir().unwrap();
    let folder_of_cache = segtui::local::cache::CacheFolder::new(kept.path(), false);
    let cache = Arc::new(folder_of_cache);
    for _ in 0..2 {
        let engine = Engine::new(crate::conformance::open(folder.path())).with_cache(cache.of(folder.path()));
        assert_eq!(ask(&engine, &of_city("Oslo"), Vec::new()), first);
        let little = engine.with_budget(1 << 10);
        assert_eq!(ask(&little, &of_city("Oslo"), Vec::new()), first);
    }
}
