//! Values of Parquet files are what is stored: decimals against plain whole numbers, parts of other types, IDs.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{
    ChunkedArray, Column, DataFrame, Int128Chunked, Int128Type, IntoColumn, IntoSeries, NamedFrom,
    ParquetWriter, Series,
};
use proptest::prelude::*;
use segtui::backend::Cancel;
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::Segment;
use serde_json::{Value, json};
use tempfile::TempDir;

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
const CUSTOMERS: i64 = 6;

/// Rows of customers with decimals, as whole numbers of their last decimal.
type Rows = Vec<(i64, Option<i128>)>;

fn decimals(name: &str, parts: impl Iterator<Item = Option<i128>>, scale: usize) -> Column {
    let parts: Int128Chunked = parts.collect::<ChunkedArray<Int128Type>>();
    parts.with_name(name.into()).into_decimal(38, scale).unwrap().into_series().into_column()
}

fn write(file: &Path, columns: Vec<Column>) {
    let height = columns.first().map_or(0, Column::len);
    let mut frame = DataFrame::new(height, columns).unwrap();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    ParquetWriter::new(File::create(file).unwrap()).finish(&mut frame).unwrap();
}

fn ids(ids: impl Iterator<Item = i64>) -> Column {
    Series::new("customer_id".into(), ids.collect::<Vec<_>>()).into_column()
}

fn customers(folder: &Path) {
    write(&folder.join("Customers.parquet"), vec![ids(0..CUSTOMERS)]);
}

fn open(folder: &TempDir) -> (Arc<LocalDatabase>, Engine) {
    let database = crate::conformance::open(folder.path());
    (Arc::clone(&database), Engine::new(database))
}

fn count(engine: &Engine, condition: &Value) -> u64 {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": "customer_id",
        "include": {"match": "all", "of": [condition]},
    });
    let segment = Segment::from_json(&document.to_string()).unwrap();
    engine.evaluate_strictly(&segment, AS_OF, &Cancel::default()).unwrap().insights.unique_customers
}

/// A number of so many decimals as JSON has it.
fn number(parts: i128, scale: usize) -> Value {
    let digits = format!("{:0>1$}", parts.unsigned_abs(), scale + 1);
    let (whole, behind) = digits.split_at(digits.len() - scale);
    let point = if scale == 0 { "" } else { "." };
    serde_json::from_str(&format!("{}{whole}{point}{behind}", if parts < 0 { "-" } else { "" })).unwrap()
}

fn rows() -> impl Strategy<Value = Rows> {
    let parts = prop_oneof![
        -3_i128..3,
        (0_i128..3).prop_map(|near| 10_i128.pow(19) - near),
        (0_i128..3).prop_map(|near| near - 12_345_678_901_234_567_890),
    ];
    prop::collection::vec((0..CUSTOMERS, prop::option::weighted(0.9, parts)), 0..12)
}

type Holds = fn(Ordering) -> bool;

const COMPARISONS: [(&str, Holds); 6] = [
    ("is", Ordering::is_eq),
    ("is_not", Ordering::is_ne),
    ("is_greater_than", Ordering::is_gt),
    ("is_greater_than_or_equal_to", Ordering::is_ge),
    ("is_less_than", Ordering::is_lt),
    ("is_less_than_or_equal_to", Ordering::is_le),
];

/// The amounts of each customer, NULLs left out.
fn of_customers(rows: &Rows) -> BTreeMap<i64, Vec<i128>> {
    let mut amounts: BTreeMap<i64, Vec<i128>> =
        (0..CUSTOMERS).map(|customer| (customer, Vec::new())).collect();
    for (customer, parts) in rows {
        amounts.get_mut(customer).unwrap().extend(parts);
    }
    amounts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn decimals_compare_and_add_up_as_whole_numbers_do(
        rows in rows(), scale in prop::sample::select(vec![0_usize, 2, 6, 12]), other in 0_usize..12,
    ) {
        let folder = TempDir::new().unwrap();
        customers(folder.path());
        let amounts = decimals("amount", rows.iter().map(|(_, parts)| *parts), scale);
        write(&folder.path().join("orders.parquet"), vec![ids(rows.iter().map(|(id, _)| *id)), amounts]);
        let (_, engine) = open(&folder);
        let of_customers = of_customers(&rows);
        let other = rows.get(other).and_then(|(_, parts)| *parts).unwrap_or(1);
        let column = json!({"table": "orders", "column": "amount"});
        let counted = |passes: &dyn Fn(&[i128]) -> bool| {
            of_customers.values().filter(|amounts| passes(amounts)).count() as u64
        };
        for (op, holds) in COMPARISONS {
            let value = number(other, scale);
            let found = count(&engine, &json!({"attribute": column, "op": op, "value": value}));
            let expected = counted(&|amounts| amounts.iter().any(|amount| holds(amount.cmp(&other))));
            prop_assert_eq!(found, expected, "{} {}", op, value);
            type Best = fn(&[i128]) -> Option<i128>;
            let least: Best = |amounts| amounts.iter().min().copied();
            let most: Best = |amounts| amounts.iter().max().copied();
            for (function, best) in [("min", least), ("max", most)] {
                let aggregate = json!({"table": "orders", "fn": function, "column": "amount"});
                let found = count(&engine, &json!({"aggregate": aggregate, "op": op, "value": value}));
                let expected = counted(&|amounts| best(amounts).is_some_and(|best| holds(best.cmp(&other))));
                prop_assert_eq!(found, expected, "{} {} {}", function, op, value);
            }
            // Sums are rounded to six decimals, which these have at most.
            if scale <= 6 {
                let sum = of_customers.values().map(|amounts| amounts.iter().sum::<i128>()).max().unwrap();
                let aggregate = json!({"table": "orders", "fn": "sum", "column": "amount"});
                let value = number(sum, scale);
                let found = count(&engine, &json!({"aggregate": aggregate, "op": op, "value": value}));
                let expected = counted(&|amounts| holds(amounts.iter().sum::<i128>().cmp(&sum)));
                prop_assert_eq!(found, expected, "sum {} {}", op, value);
            }
        }
        let listed = json!({"attribute": column, "op": "is_in_list", "value": [number(other, scale), 7]});
        let expected = counted(&|amounts| amounts.contains(&other) || amounts.contains(&(7 * 10_i128.pow(scale as u32))));
        prop_assert_eq!(count(&engine, &listed), expected);
        let distinct = json!({"table": "orders", "fn": "count_distinct", "column": "amount"});
        let several = count(&engine, &json!({"aggregate": distinct, "op": "is_greater_than", "value": 1}));
        prop_assert_eq!(several, counted(&|amounts| amounts.iter().any(|amount| *amount != amounts[0])));
    }
}

#[test]
fn parts_may_have_decimals_of_other_lengths_and_nothing_but_nulls() {
    let folder = TempDir::new().unwrap();
    customers(folder.path());
    let part = |name: &str| folder.path().join("orders").join(name);
    let two = decimals("amount", [Some(10), Some(9_999_999_999_999_999_999)].into_iter(), 2);
    write(&part("a.parquet"), vec![ids(0..2), two]);
    write(&part("b.parquet"), vec![decimals("amount", [Some(1000), Some(1001)].into_iter(), 4), ids(2..4)]);
    let (database, engine) = open(&folder);
    assert_eq!(database.table("orders").unwrap().notes, []);
    let is = |value: Value| json!({"attribute": {"table": "orders", "column": "amount"}, "op": "is", "value": value});
    assert_eq!(count(&engine, &is(number(10, 2))), 2);
    assert_eq!(count(&engine, &is(number(1001, 4))), 1);
    assert_eq!(count(&engine, &is(number(9_999_999_999_999_999_999, 2))), 1);
    assert_eq!(count(&engine, &is(number(100_000_000_000_000_000, 0))), 0);
}

#[test]
fn a_part_without_a_column_says_which_line_makes_one_table_of_them() {
    let folder = TempDir::new().unwrap();
    customers(folder.path());
    let emails = |texts: &[&str]| Series::new("email".into(), texts).into_column();
    write(&folder.path().join("orders/a.parquet"), vec![ids(0..2)]);
    write(&folder.path().join("orders/b.parquet"), vec![emails(&["x", "y"]), ids(2..4)]);
    let (database, _) = open(&folder);
    let error = database.table("orders").unwrap().content.clone().unwrap_err();
    assert!(error.to_string().contains("b.parquet") && error.message.contains("adds \"email\""), "{error}");
    let line = "[tables.orders]\nparts = \"union\"";
    assert_eq!(error.help_text(), line);
    fs::write(folder.path().join("database.toml"), line).unwrap();
    let (database, engine) = open(&folder);
    let names: Vec<&str> =
        database.table("orders").unwrap().columns().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["customer_id", "email"]);
    let null = json!({"attribute": {"table": "orders", "column": "email"}, "op": "is_null"});
    assert_eq!(count(&engine, &null), 2);
}

#[test]
fn ids_of_decimals_are_their_digits() {
    let folder = TempDir::new().unwrap();
    let great = 12_345_678_901_234_567_890_i128;
    let ids = |parts: &[i128]| decimals("customer_id", parts.iter().copied().map(Some), 0);
    write(&folder.path().join("Customers.parquet"), vec![ids(&[great, great + 1, -7])]);
    let orders = format!("customer_id,n\n{great},1\n{},2\n-7,3\n{}.0,4\n", great + 1, great);
    fs::write(folder.path().join("orders.csv"), orders).unwrap();
    let (_, engine) = open(&folder);
    let n = |n: i64| json!({"attribute": {"table": "orders", "column": "n"}, "op": "is", "value": n});
    assert_eq!([1, 2, 3, 4].map(|number| count(&engine, &n(number))), [1, 1, 1, 0]);
    let everybody = json!({"attribute": {"table": "Customers", "column": "customer_id"}, "op": "is", "value": number(great, 0)});
    assert_eq!(count(&engine, &everybody), 1);
}

#[test]
fn an_id_that_cannot_be_one_is_replaced_by_no_other() {
    let folder = TempDir::new().unwrap();
    let photos: Vec<&[u8]> = vec![&[0xFF, 0xD8], &[0xFF]];
    let photos = Series::new("customer_id".into(), photos).into_column();
    write(
        &folder.path().join("customers.parquet"),
        vec![photos, Series::new("n".into(), [1_i64, 2]).into_column()],
    );
    let (database, _) = open(&folder);
    assert_eq!(database.default_id, "customer_id");
    let error = database.table("customers").unwrap().content.clone().unwrap_err();
    assert!(error.message.starts_with("the ID \"customer_id\" is bytes that are no UTF-8 text"), "{error}");
}

#[test]
fn columns_may_be_called_anything() {
    let folder = TempDir::new().unwrap();
    let names = ["", "^.*$", "*", "é \"x\""];
    let column =
        |(number, name): (usize, &&str)| Series::new((*name).into(), [number as i64, -1]).into_column();
    let columns = names.iter().enumerate().map(column);
    write(&folder.path().join("Customers.parquet"), std::iter::once(ids(0..2)).chain(columns).collect());
    let (_, engine) = open(&folder);
    for (number, name) in names.into_iter().enumerate() {
        let is = |value: i64| json!({"attribute": {"table": "Customers", "column": name}, "op": "is", "value": value});
        assert_eq!([number as i64, -1, 9].map(|value| count(&engine, &is(value))), [1, 1, 0], "{name:?}");
    }
}
