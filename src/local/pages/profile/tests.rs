//! Profiles of random columns against plain loops.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::{
    Column as Rows, DataFrame, DataType as PolarsType, IntoLazy, IntoSeries, NamedFrom, Series, TimeUnit,
};
use proptest::prelude::*;

use super::*;
use crate::backend::{Cancel, ColumnProfile};
use crate::database::{Database, Origin, Roles};
use crate::local::files::{LocalContent, LocalDatabase, LocalTable};
use crate::segment::{DataType, Number};

/// A row: an id, and values of several types.
type Row =
    (Option<String>, Option<String>, Option<i64>, Option<f64>, Option<i64>, Option<bool>, Option<i128>);

fn table(name: &str, columns: Vec<(Rows, DataType)>) -> LocalTable {
    let types = columns.iter().map(|(rows, of)| (rows.name().to_string(), *of)).collect();
    let rows: Vec<Rows> = columns.into_iter().map(|(rows, _)| rows).collect();
    let height = rows.first().map_or(0, Rows::len);
    let frame = DataFrame::new(height, rows).unwrap().lazy();
    let content = LocalContent::new(height as u64, types, frame.into(), &[]);
    let table = Table {
        name: name.to_owned(),
        label: name.to_owned(),
        hidden: true,
        id_columns: Vec::new(),
        origin: Origin::Database,
        notes: Vec::new(),
        content: Ok(Default::default()),
    };
    LocalTable::new(table, Ok(content))
}

/// A database of customers a to e and of rows.
fn engine(rows: &[Row], chunk_rows: usize) -> Engine {
    let series = |name: &str, values: Series| Rows::from(values.with_name(name.into()));
    let of = |get: &dyn Fn(&Row) -> Option<String>| {
        Series::new("t".into(), rows.iter().map(get).collect::<Vec<Option<String>>>())
    };
    let wholes = |get: &dyn Fn(&Row) -> Option<i64>| {
        Series::new("w".into(), rows.iter().map(get).collect::<Vec<Option<i64>>>())
    };
    let doubles = Series::new("x".into(), rows.iter().map(|row| row.3).collect::<Vec<Option<f64>>>());
    let booleans = Series::new("b".into(), rows.iter().map(|row| row.5).collect::<Vec<Option<bool>>>());
    let exact: polars::prelude::Int128Chunked = rows.iter().map(|row| row.6).collect();
    let exact = exact.into_decimal_unchecked(38, 3).into_series();
    let instants = wholes(&|row| row.4).cast(&PolarsType::Datetime(TimeUnit::Microseconds, None)).unwrap();
    let days = wholes(&|row| row.2.map(|whole| whole % 20_000)).cast(&PolarsType::Int32).unwrap();
    let days = days.cast(&PolarsType::Date).unwrap();
    let customers = Series::new("id".into(), ["a", "b", "c", "d", "e"]);
    let tables = vec![
        table("Customers", vec![(series("id", customers), DataType::String)]),
        table(
            "Rows",
            vec![
                (series("id", of(&|row| row.0.clone())), DataType::String),
                (series("text", of(&|row| row.1.clone())), DataType::String),
                (series("whole", wholes(&|row| row.2)), DataType::Integer),
                (series("double", doubles), DataType::Decimal),
                (series("instant", instants), DataType::Datetime),
                (series("day", days), DataType::Date),
                (series("flag", booleans), DataType::Boolean),
                (series("exact", exact), DataType::Decimal),
            ],
        ),
        table("Other", vec![(series("whole", wholes(&|row| row.2)), DataType::Integer)]),
    ];
    let database = Database {
        folder: "none".into(),
        name: "none".to_owned(),
        as_of: None,
        currency: "USD".to_owned(),
        default_id: "id".to_owned(),
        ids: Vec::new(),
        tables: Vec::new(),
        roles: Roles { customers: Some("Customers".to_owned()), ..Roles::default() },
        notes: Vec::new(),
    };
    Engine::new(Arc::new(LocalDatabase::new(database, tables))).with_chunk_rows(chunk_rows)
}

fn question(table: &str, columns: Option<&[&str]>, top: usize) -> ProfileTable {
    let columns = columns.map(|columns| columns.iter().map(|column| (*column).to_owned()).collect());
    let as_of = NaiveDate::default();
    ProfileTable { table: table.to_owned(), columns, activation_id: "id".to_owned(), as_of, top }
}

fn ask(engine: &Engine, question: &ProfileTable) -> Result<TableProfile, BackendError> {
    engine.profile_table(question, Task::new(&Cancel::default()))
}

/// What is expected of a column whose values are `values`, each with a key that orders it and a key under which it is
/// listed among the most frequent.
fn check<K: Ord + Clone, T: Ord + Clone>(
    found: &ColumnProfile,
    rows: &[Row],
    value: impl Fn(&Row) -> Option<(K, T)>,
    text: impl Fn(&K) -> String,
    text_of_top: impl Fn(&T) -> String,
) -> Result<(), TestCaseError> {
    let values: Vec<(K, T)> = rows.iter().filter_map(&value).collect();
    prop_assert_eq!(found.rows, rows.len() as u64);
    prop_assert_eq!(found.non_null, values.len() as u64, "{}", found.name);
    let distinct: BTreeSet<&K> = values.iter().map(|(key, _)| key).collect();
    prop_assert_eq!(found.distinct, distinct.len() as u64, "{}", found.name);
    let has_range = found.data_type != DataType::Boolean;
    prop_assert_eq!(found.min.clone(), distinct.first().map(|key| text(key)).filter(|_| has_range));
    prop_assert_eq!(found.max.clone(), distinct.last().map(|key| text(key)).filter(|_| has_range));
    let mut counts: BTreeMap<T, (u64, BTreeSet<&str>)> = BTreeMap::new();
    for row in rows {
        let Some((_, top)) = value(row) else { continue };
        let (rows, customers) = counts.entry(top).or_default();
        *rows += 1;
        customers.extend(row.0.as_deref().filter(|id| ["a", "b", "c", "d", "e"].contains(id)));
    }
    let mut expected: Vec<(T, u64, u64)> =
        counts.into_iter().map(|(key, (rows, customers))| (key, rows, customers.len() as u64)).collect();
    expected.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let expected: Vec<(String, u64, Option<u64>)> = expected
        .iter()
        .take(3)
        .map(|(key, rows, customers)| (text_of_top(key), *rows, Some(*customers)))
        .collect();
    let top: Vec<_> = found.top.iter().map(|top| (top.value.clone(), top.rows, top.customers)).collect();
    prop_assert_eq!(top, expected, "{}", found.name);
    let mut seen = BTreeSet::new();
    let mut examples = values.iter().filter(|(key, _)| seen.insert(key)).map(|(key, _)| text(key));
    let examples: Vec<String> = examples.by_ref().filter(|text| !text.trim().is_empty()).take(5).collect();
    prop_assert_eq!(&found.examples, &examples, "{}", found.name);
    Ok(())
}

/// Exact numbers of up to three decimals on average, to six decimals, half away from zero.
fn mean(thousandths: &[i128]) -> Option<String> {
    let count = i128::try_from(thousandths.len()).unwrap();
    let sum: i128 = thousandths.iter().sum::<i128>() * 1_000;
    let half = sum.abs() * 2 + count;
    (count > 0).then(|| {
        let millionths = half / (2 * count) * sum.signum();
        Number::from_parts(millionths, 6).to_string()
    })
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let id = prop::option::of("[a-g ]");
    let text = prop::option::of("[xyz ]{0,2}");
    let whole = prop::option::of(prop_oneof![0_i64..4, -50_i64..900_000]);
    let cents = |cents: i32| f64::from(cents) / 1_000.0;
    let double = prop::option::of(prop_oneof![(0..5).prop_map(cents), (-90_000..90_000).prop_map(cents)]);
    let instant = prop::option::of(-200_000_000_000_i64..900_000_000_000);
    let flag = prop::option::of(any::<bool>());
    let exact = prop::option::of(prop_oneof![-4_i128..4, -(1_i128 << 70)..(1 << 70)]);
    prop::collection::vec((id, text, whole, double, instant, flag, exact), 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn profiles_are_what_plain_loops_find(rows in rows(), chunk_rows in 1_usize..50) {
        let found = ask(&engine(&rows, chunk_rows), &question("Rows", None, 3)).unwrap();
        let is_known = |id: &str| ["a", "b", "c", "d", "e"].contains(&id);
        let mut of_ids: BTreeMap<&str, u64> = BTreeMap::new();
        rows.iter().filter_map(|row| row.0.as_deref()).for_each(|id| *of_ids.entry(id).or_default() += 1);
        let without = rows.iter().filter(|row| row.0.as_deref().is_none_or(|id| id == " ")).count() as u64;
        let matched = || of_ids.iter().filter(|(id, _)| is_known(id));
        prop_assert_eq!((found.rows, found.columns), (rows.len() as u64, 8));
        prop_assert_eq!(found.customers, Some(matched().count() as u64));
        prop_assert_eq!(found.rows_without_id, Some(without));
        let orphans = rows.len() as u64 - without - matched().map(|(_, rows)| rows).sum::<u64>();
        prop_assert_eq!(found.orphan_rows, Some(orphans));
        prop_assert_eq!(found.most_rows, Some(matched().map(|(_, rows)| *rows).max().unwrap_or(0)));
        let [id, text, whole, double, instant, day, flag, exact] = found.profile.try_into().unwrap();
        let twice = |value: Option<String>| value.map(|value| (value.clone(), value));
        check(&id, &rows, |row| twice(row.0.clone()), String::clone, String::clone)?;
        check(&text, &rows, |row| twice(row.1.clone()), String::clone, String::clone)?;
        let blank = rows.iter().filter(|row| row.1.as_ref().is_some_and(|text| text.trim().is_empty()));
        prop_assert_eq!(text.blank, blank.count() as u64);
        check(&whole, &rows, |row| row.2.map(|value| (value, value)), i64::to_string, i64::to_string)?;
        let thousandths: Vec<i128> =
            rows.iter().filter_map(|row| row.2).map(|whole| i128::from(whole) * 1_000).collect();
        prop_assert_eq!(whole.mean.map(|mean| mean.to_string()), mean(&thousandths));
        let thousandth = |value: f64| (value * 1_000.0).round() as i64;
        let say = |value: &i64| (*value as f64 / 1_000.0).to_string();
        check(&double, &rows, |row| row.3.map(thousandth).map(|value| (value, value)), say, say)?;
        let thousandths: Vec<i128> = rows.iter().filter_map(|row| row.3).map(|x| thousandth(x).into()).collect();
        prop_assert_eq!(double.mean.map(|mean| mean.to_string()), mean(&thousandths));
        let of_day = |micros: i64| micros.div_euclid(86_400_000_000);
        let say_day = |day: &i64| crate::local::values::day_text(*day);
        let say = |micros: &i64| chrono::DateTime::from_timestamp_micros(*micros).unwrap().naive_utc().to_string();
        check(&instant, &rows, |row| row.4.map(|value| (value, of_day(value))), say, say_day)?;
        let days = |row: &Row| row.2.map(|whole| whole % 20_000).map(|day| (day, day));
        check(&day, &rows, days, say_day, say_day)?;
        let newest = rows.iter().flat_map(|row| [row.4.map(of_day), days(row).map(|(day, _)| day)]).max().flatten();
        prop_assert_eq!(found.newest_day, newest.and_then(crate::local::values::date));
        check(&flag, &rows, |row| row.5.map(|value| (value, value)), bool::to_string, bool::to_string)?;
        let say = |parts: &i128| Number::text_of_parts(*parts, 3);
        check(&exact, &rows, |row| row.6.map(|value| (value, value)), say, say)?;
        let thousandths: Vec<i128> = rows.iter().filter_map(|row| row.6).collect();
        prop_assert_eq!(exact.mean.map(|mean| mean.to_string()), mean(&thousandths));
        for column in [&whole, &double, &instant, &day, &exact] {
            let binned: u64 = column.histogram.iter().map(|bin| bin.rows).sum();
            prop_assert_eq!(binned, column.non_null, "{}", &column.name);
            prop_assert!(column.histogram.len() <= 20, "{}", column.name);
        }
        prop_assert!(text.histogram.is_empty() && flag.histogram.is_empty());
    }
}

fn some_rows() -> Vec<Row> {
    let row = |n: i64| -> Row {
        let id = ["a", "b", "zz", "c"][usize::try_from(n % 4).unwrap()].to_owned();
        (Some(id), Some(format!("t{}", n % 7)), Some(n % 3), Some(n as f64), Some(n), Some(n % 2 == 0), None)
    };
    (0..50).map(row).collect()
}

#[test]
fn some_columns_few_values_and_tables_without_ids() {
    let engine = engine(&some_rows(), 8);
    let found = ask(&engine, &question("Rows", Some(&["text", "exact"]), 2)).unwrap();
    let names: Vec<&str> = found.profile.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((names, found.columns), (vec!["text", "exact"], 8));
    let [text, exact] = found.profile.try_into().unwrap();
    assert_eq!((text.top.len(), text.distinct, text.mean), (2, 7, None));
    assert_eq!((exact.non_null, exact.distinct, exact.min, exact.mean), (0, 0, None, None));
    let found = ask(&engine, &question("Rows", Some(&[]), 2)).unwrap();
    assert_eq!((found.profile.len(), found.customers), (0, Some(3)));
    let found = ask(&engine, &question("Other", None, 1)).unwrap();
    assert_eq!((found.customers, found.most_rows, found.rows), (None, None, 50));
    let [whole] = found.profile.try_into().unwrap();
    assert_eq!((whole.top[0].value.as_str(), whole.top[0].rows, whole.top[0].customers), ("0", 17, None));
    let bins: Vec<(&str, &str, u64)> =
        whole.histogram.iter().map(|bin| (bin.from.as_str(), bin.to.as_str(), bin.rows)).collect();
    assert_eq!(bins, [("0", "1", 17), ("1", "2", 17), ("2", "2", 16)]);
}

#[test]
fn what_is_not_there_is_told_with_what_is_like_it() {
    let engine = engine(&some_rows(), 8);
    let help = |question: &ProfileTable| match ask(&engine, question) {
        Err(BackendError::Missing(diagnostic)) => diagnostic.help,
        other => panic!("{other:?}"),
    };
    assert_eq!(help(&question("Row", None, 1)).as_deref(), Some("did you mean \"Rows\"?"));
    assert_eq!(help(&question("Rows", Some(&["flagg"]), 1)).as_deref(), Some("did you mean \"flag\"?"));
}

#[test]
fn it_tells_how_far_it_is_and_stops() {
    let engine = engine(&some_rows(), 8);
    let (cancel, told) = (Cancel::default(), std::sync::Mutex::new(Vec::new()));
    let tell = |progress: Progress<'_>| told.lock().unwrap().push(progress.percent());
    let task = Task { cancel: &cancel, progress: &tell };
    engine.profile_table(&question("Rows", None, 1), task).unwrap();
    let told = told.into_inner().unwrap();
    assert!(told.len() > 10 && told.last() == Some(&100), "{told:?}");
    let stop = |_: Progress<'_>| cancel.cancel();
    let task = Task { cancel: &cancel, progress: &stop };
    assert_eq!(engine.profile_table(&question("Rows", None, 9), task), Err(BackendError::Cancelled));
}

#[test]
fn infinite_numbers_are_the_least_and_the_greatest_and_in_no_step() {
    let row = |number: f64| (None, None, None, Some(number), None, None, None);
    let rows = [f64::NEG_INFINITY, 1.0, 3.0, f64::INFINITY].map(row);
    let [found] =
        ask(&engine(&rows, 8), &question("Rows", Some(&["double"]), 1)).unwrap().profile.try_into().unwrap();
    assert_eq!((found.min.as_deref(), found.max.as_deref(), found.mean), (Some("-inf"), Some("inf"), None));
    let bins = &found.histogram;
    assert_eq!((bins[0].from.as_str(), bins.last().unwrap().to.as_str()), ("1", "3"));
    assert_eq!(bins.iter().map(|bin| bin.rows).sum::<u64>(), 2);
}

#[test]
fn sampled_rows_are_rows_of_the_table() {
    let engine = engine(&some_rows(), 8);
    let question = |seed| SampleRows { table: "Rows".to_owned(), rows: 5, seed, as_of: NaiveDate::default() };
    let ask = |seed| engine.sample_rows(&question(seed), Task::new(&Cancel::default())).unwrap();
    let sampled = ask(7);
    assert_eq!(sampled, ask(7));
    assert_eq!((sampled.rows.len(), sampled.columns.len()), (5, 8));
    for (row, values) in &sampled.rows {
        assert_eq!(values[3].as_deref(), Some(row.to_string().as_str()));
        assert_eq!(values[1].clone(), Some(format!("t{}", row % 7)));
        assert_eq!(values[7], None);
    }
}

#[test]
fn ids_that_are_mostly_written_otherwise_are_told() {
    let row = |id: &str| (Some(id.to_owned()), None, None, None, None, None, None);
    let rows = ["A", "B", "C", "d"].map(row);
    let found = ask(&engine(&rows, 8), &question("Rows", Some(&[]), 1)).unwrap();
    let note = found.would_match.unwrap().message;
    assert!(
        note.starts_with("most of its rows") && note.contains("in small letters 3 of 3 would meet"),
        "{note}"
    );
    let found = ask(&engine(&["a", "B", "c", "d"].map(row), 8), &question("Rows", Some(&[]), 1)).unwrap();
    assert_eq!(found.would_match, None);
}
