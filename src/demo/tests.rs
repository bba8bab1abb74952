use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::*;

use super::generate::{generate, generate_in_chunks};
use super::options::{DemoOptions, RowOrder, TableFormat};
use super::profile;
use super::segments::write_workspace;
use super::tables::TABLES;

/// Chunks small enough that even a small population has many.
const SMALL_CHUNK: u32 = profile::BLOCK;
const ORDERS: [RowOrder; 3] = [RowOrder::Customer, RowOrder::Time, RowOrder::Random];

fn database(folder: &Path, name: &str, threads: usize, format: TableFormat) -> PathBuf {
    let order = RowOrder::default();
    database_of(DemoOptions { out: folder.join(name), customers: 300, seed: 7, format, order }, threads)
}

fn database_of(options: DemoOptions, threads: usize) -> PathBuf {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| generate_in_chunks(&options, SMALL_CHUNK, &|_| ())).unwrap();
    options.out
}

fn read(folder: &Path, table: &str) -> DataFrame {
    let path = folder.join(format!("{table}.parquet"));
    ParquetReader::new(fs::File::open(path).unwrap()).finish().unwrap()
}

fn texts<'f>(frame: &'f DataFrame, column: &str) -> Vec<Option<&'f str>> {
    frame.column(column).unwrap().str().unwrap().iter().collect()
}

/// Decimals as whole cents: a value with more than two decimals fails.
fn cents(frame: &DataFrame, column: &str) -> Vec<Option<i64>> {
    let values = frame.column(column).unwrap().f64().unwrap();
    let exact = |value: f64| {
        let cents = (value * 100.0).round();
        assert_eq!(cents / 100.0, value, "{column} has more than two decimals");
        cents as i64
    };
    values.iter().map(|value| value.map(exact)).collect()
}

fn ints(frame: &DataFrame, column: &str) -> Vec<Option<i64>> {
    frame.column(column).unwrap().i64().unwrap().iter().collect()
}

fn flags(frame: &DataFrame, column: &str) -> Vec<bool> {
    let values = frame.column(column).unwrap().bool().unwrap();
    values.iter().map(|value| value.unwrap_or(false)).collect()
}

fn days(frame: &DataFrame, column: &str) -> Vec<i64> {
    let times = frame.column(column).unwrap().datetime().unwrap().physical();
    times.iter().map(|micros| micros.unwrap().div_euclid(86_400_000_000)).collect()
}

#[test]
fn same_seed_gives_same_bytes_with_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let in_orders = ORDERS.map(|order| (TableFormat::default(), order));
    for (format, order) in in_orders.into_iter().chain([(TableFormat::Csv, RowOrder::Time)]) {
        let made = |threads| {
            let out = folder.path().join(format!("{threads} {format:?} {order:?}"));
            database_of(DemoOptions { out, customers: 300, seed: 7, format, order }, threads)
        };
        let (one, three) = (made(1), made(3));
        let files: Vec<_> = fs::read_dir(&one).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files.len(), TABLES.len() + 1);
        for file in files {
            assert!(fs::read(one.join(&file)).unwrap() == fs::read(three.join(&file)).unwrap(), "{file:?}");
        }
    }
}

#[test]
fn in_every_order_there_are_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let databases = ORDERS.map(|order| {
        let out = folder.path().join(format!("{order:?}"));
        let format = TableFormat::default();
        database_of(DemoOptions { out, customers: 300, seed: 7, format, order }, 2)
    });
    for (name, _) in TABLES {
        let tables = databases.each_ref().map(|database| read(database, name));
        let columns: Vec<_> = tables[0].get_column_names_owned();
        let sorted = tables.each_ref().map(|table| {
            table.sort(columns.clone(), SortMultipleOptions::default().with_multithreaded(false)).unwrap()
        });
        assert!(sorted[1].equals_missing(&sorted[0]) && sorted[2].equals_missing(&sorted[0]), "{name}");
        assert!(!tables[2].equals_missing(&tables[0]), "{name} is shuffled");
        let has_orders = name.ends_with("Transactions");
        assert_eq!(tables[1].equals_missing(&tables[0]), !has_orders, "{name}");
        if has_orders {
            let times = tables[1].column("order_datetime").unwrap().datetime().unwrap().physical().clone();
            assert!(times.iter().is_sorted(), "{name}");
        }
    }
}

#[test]
fn orders_are_the_sums_of_their_items() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path(), "db", 2, TableFormat::default());
    let items = read(&database, "Unified_Itemized_Transactions");
    let orders = read(&database, "Unified_Transactions");
    let mut sums: BTreeMap<&str, [i64; 6]> = BTreeMap::new();
    let (returned, canceled) = (flags(&items, "is_return"), flags(&items, "is_cancellation"));
    let (revenue, quantity) = (cents(&items, "item_revenue"), ints(&items, "item_quantity"));
    for (row, order) in texts(&items, "order_id").into_iter().enumerate() {
        let sum = sums.entry(order.unwrap()).or_default();
        let at = if returned[row] {
            2
        } else if canceled[row] {
            4
        } else {
            0
        };
        sum[at] += revenue[row].unwrap();
        sum[at + 1] += quantity[row].unwrap();
    }
    assert_eq!(sums.len(), orders.height(), "order ids are unique, and every order has items");
    let columns = [
        cents(&orders, "order_revenue"),
        ints(&orders, "order_quantity"),
        cents(&orders, "order_returned_revenue"),
        ints(&orders, "order_returned_quantity"),
        cents(&orders, "order_canceled_revenue"),
        ints(&orders, "order_canceled_quantity"),
    ];
    for (row, order) in texts(&orders, "order_id").into_iter().enumerate() {
        let totals = [0, 1, 2, 3, 4, 5].map(|at: usize| columns[at][row].unwrap());
        assert_eq!(totals, sums[order.unwrap()]);
        assert!(totals[0] > 0 && totals[2..].iter().all(|event| *event <= 0));
    }
}

#[test]
fn attributes_are_computed_from_the_orders() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path(), "db", 2, TableFormat::default());
    let orders = read(&database, "Unified_Transactions");
    let attributes = read(&database, "Transaction_Attributes_Extended");
    let (ids, order_days) = (texts(&orders, "amperity_id"), days(&orders, "order_datetime"));
    let (revenue, channels) = (cents(&orders, "order_revenue"), texts(&orders, "purchase_channel"));
    let customers: Vec<_> = read(&database, "Customer_360")
        .column("amperity_id")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .map(|id| id.unwrap().to_owned())
        .collect();
    assert_eq!(customers.len(), 300);
    // 2024-12-31, 2025-12-01 and 2023-12-31 are the days before the first ones of the windows.
    let windows = [
        ("l30d", 20_423, 20_453),
        ("l12m", 20_088, 20_453),
        ("ly12m", 19_722, 20_088),
        ("lifetime", 0, 20_453),
    ];
    for (name, after, until) in windows {
        let frequency = ints(&attributes, &format!("{name}_order_frequency"));
        let sums = cents(&attributes, &format!("{name}_order_revenue"));
        let averages = cents(&attributes, &format!("{name}_average_order_value"));
        let largest = cents(&attributes, &format!("{name}_largest_order_value"));
        let channel_counts = ints(&attributes, &format!("{name}_purchase_channels"));
        for (row, id) in texts(&attributes, "amperity_id").into_iter().enumerate() {
            let mine: Vec<usize> = (0..ids.len())
                .filter(|at| ids[*at] == id && after < order_days[*at] && order_days[*at] <= until)
                .collect();
            let amounts: Vec<i64> = mine.iter().map(|at| revenue[*at].unwrap()).collect();
            let sum: i64 = amounts.iter().sum();
            assert_eq!(frequency[row], Some(mine.len() as i64));
            assert_eq!(sums[row], Some(sum));
            assert_eq!(largest[row], amounts.iter().max().copied());
            match averages[row] {
                Some(average) => assert!((average as f64 - sum as f64 / mine.len() as f64).abs() <= 0.5),
                None => assert!(mine.is_empty()),
            }
            let distinct: std::collections::BTreeSet<_> = mine.iter().map(|at| channels[*at]).collect();
            assert_eq!(channel_counts[row], Some(distinct.len() as i64));
        }
    }
    let buyers: std::collections::BTreeSet<_> = ids.iter().flatten().copied().collect();
    let known = customers.iter().filter(|id| buyers.contains(id.as_str())).count();
    assert_eq!(attributes.height(), known, "one row for each customer with an order");
    assert!(buyers.len() > known, "a few orders are of nobody");
}

#[test]
fn an_existing_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.txt"), "").unwrap();
    let options = DemoOptions {
        out: folder.path().to_owned(),
        customers: 1,
        seed: 1,
        format: TableFormat::Csv,
        order: RowOrder::Time,
    };
    let error = generate(&options, &|_| ()).unwrap_err();
    assert!(error.to_string().contains("not an empty folder"), "{error}");
    assert!(folder.path().join("mine.txt").exists());
}

#[test]
fn the_workspace_has_unique_names_and_ids() {
    let folder = tempfile::tempdir().unwrap();
    write_workspace(folder.path()).unwrap();
    let mut seen = BTreeMap::new();
    let mut folders = vec![folder.path().join("segments")];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let record: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
                let text = |key: &str| record[key].as_str().unwrap().to_owned();
                let id = text("id");
                let (_, ulid) = id.split_once('_').unwrap();
                assert!(ulid::Ulid::from_string(ulid).is_ok());
                seen.insert(text("id"), path.clone());
                seen.insert(text("name"), path);
            }
        }
    }
    assert_eq!(seen.len(), 2 * (7 + 20));
}
