//! Random segments over the columns of a database, and random databases.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use polars::prelude::*;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use segtui::database::{ActivationId, Column, Content, Database, ItemsColumns, Origin, Roles, Table};
use segtui::diagnostic::Diagnostic;
use segtui::local::files::{LocalDatabase, LocalTable};
use segtui::segment::{Ids, Keyword, Lists, Operator, Segment};
use serde_json::{Value, json};

use super::{Cell, Slow, compare_numbers, shifted};

type Type = segtui::segment::DataType;

/// A column that a condition may ask of, with values to ask for.
#[derive(Clone, Debug)]
pub struct Target {
    table: String,
    column: String,
    data_type: Type,
    values: Vec<Cell>,
}

impl Target {
    pub fn column(&self) -> &str {
        &self.column
    }

    /// The table.
    pub fn table(&self) -> &str {
        &self.table
    }
}

/// Every column of every table.
pub fn targets(slow: &Slow) -> Vec<Target> {
    let mut targets = Vec::new();
    for (table, rows) in &slow.tables {
        for (column, data_type) in rows.columns() {
            let cells = (0..rows.len()).map(|row| rows.cell(row, column).clone());
            let values = cells.filter(|cell| *cell != Cell::Null).collect();
            let (table, column, data_type) = (table.clone(), column.clone(), *data_type);
            targets.push(Target { table, column, data_type, values });
        }
    }
    targets
}

/// What random segments can speak of.
#[derive(Clone, Debug)]
pub struct Words {
    pub targets: Vec<Target>,
    /// The items table.
    pub items: Option<String>,
    /// Sources of lists, as conditions name them.
    pub lists: Vec<Value>,
}

/// A segment whose every condition is right.
pub fn segment(words: &Words) -> impl Strategy<Value = Segment> + use<> {
    let node = node(words.clone());
    (group(node.clone(), 0..4), group(node, 0..3)).prop_map(|(include, exclude)| {
        let document = json!({
            "format": "segtui/segment", "version": 1, "id": "seg_random", "name": "random",
            "activation_id": "id", "database": "random", "include": include, "exclude": exclude,
        });
        Segment::from_json(&document.to_string()).unwrap()
    })
}

/// Segments and files to refer to: each segment knows only those before it.
pub fn lists(words: &Words) -> impl Strategy<Value = KnownLists> + use<> {
    let ids = select(vec!["1", "01", "1 ", "a", "A", "é", "b", "nobody", "d "]);
    let files = prop::collection::vec(prop::collection::vec(ids.prop_map(str::to_owned), 0..6), 1..3);
    let words = words.clone();
    files.prop_flat_map(move |files| {
        let files: BTreeMap<String, Vec<String>> =
            (0..).zip(files).map(|(number, ids)| (format!("{number}.txt"), ids)).collect();
        let mut words = words.clone();
        words.lists = files.keys().map(|file| json!({"file": file})).collect();
        let first = segment(&words);
        words.lists.push(json!({"segment": "seg_0"}));
        let second = segment(&words);
        (first, second).prop_map(move |(first, second)| {
            let segments = [("seg_0", first), ("seg_1", second)];
            let segments = segments.map(|(id, segment)| (id.to_owned(), Arc::new(segment)));
            KnownLists { segments: segments.into_iter().collect(), files: files.clone() }
        })
    })
}

/// Lists in memory.
#[derive(Clone, Debug, Default)]
pub struct KnownLists {
    segments: BTreeMap<String, Arc<Segment>>,
    files: BTreeMap<String, Vec<String>>,
}

impl KnownLists {
    /// The sources, as conditions name them.
    pub fn sources(&self) -> Vec<Value> {
        let segments = self.segments.keys().map(|id| json!({"segment": id}));
        segments.chain(self.files.keys().map(|path| json!({"file": path}))).collect()
    }
}

impl Lists for KnownLists {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        let missing = || Diagnostic::new(id.to_owned());
        self.segments.get(id).cloned().ok_or_else(missing)
    }

    fn file(&self, path: &str, _: &str) -> Result<Ids, Diagnostic> {
        let missing = || Diagnostic::new(path.to_owned());
        self.files.get(path).cloned().map(Ids::from).ok_or_else(missing)
    }

    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        Err(Diagnostic::new(path.to_owned()))
    }
}

fn node(words: Words) -> BoxedStrategy<Value> {
    let off = prop::bool::weighted(0.1);
    let condition = (condition(words), off).prop_map(|(condition, off)| switched(condition, off));
    condition.prop_recursive(3, 16, 4, |inner| group(inner, 0..4)).boxed()
}

fn group(node: impl Strategy<Value = Value>, size: std::ops::Range<usize>) -> impl Strategy<Value = Value> {
    let parts = (select(vec!["all", "any"]), prop::collection::vec(node, size), prop::bool::weighted(0.07));
    parts.prop_map(|(matching, of, off)| switched(json!({"match": matching, "of": of}), off))
}

fn switched(mut node: Value, off: bool) -> Value {
    if off {
        node["off"] = true.into();
    }
    node
}

fn condition(words: Words) -> BoxedStrategy<Value> {
    let Words { targets, items, lists } = words;
    let of_items: Vec<Target> =
        targets.iter().filter(|target| Some(&target.table) == items.as_ref()).cloned().collect();
    let mut kinds = vec![(3, attribute(targets.clone()).boxed()), (2, aggregate(targets).boxed())];
    if !of_items.is_empty() {
        kinds.push((3, purchase(of_items).boxed()));
    }
    if !lists.is_empty() {
        let list = (select(lists), select(vec!["is_member", "is_not_member"]));
        kinds.push((1, list.prop_map(|(source, op)| json!({"list": source, "op": op})).boxed()));
    }
    prop::strategy::Union::new_weighted(kinds).boxed()
}

fn attribute(targets: Vec<Target>) -> impl Strategy<Value = Value> {
    select(targets.clone()).prop_flat_map(move |target| {
        let (table, column) = (target.table.clone(), target.column.clone());
        let rows = prop::option::of(select(vec!["any", "none", "every"]));
        (test(target), rows, filters(&targets, &table, 0..3)).prop_map(move |(mut test, rows, filters)| {
            test["attribute"] = json!({"table": table, "column": column});
            if let Some(rows) = rows {
                test["rows"] = rows.into();
            }
            test["where"] = filters.into();
            test
        })
    })
}

fn aggregate(targets: Vec<Target>) -> impl Strategy<Value = Value> {
    (select(targets.clone()), any::<Index>()).prop_flat_map(move |(target, index)| {
        let mut functions = vec!["rows", "count", "count_distinct"];
        if matches!(target.data_type, Type::Integer | Type::Decimal) {
            functions.extend(["sum", "avg", "sum", "avg"]);
        }
        if target.data_type != Type::Boolean {
            functions.extend(["min", "max"]);
        }
        let function = functions[index.index(functions.len())];
        let asked = match function {
            "rows" | "count" | "count_distinct" => {
                let values = (0..4).map(Cell::Whole).collect();
                Target { data_type: Type::Integer, values, ..target.clone() }
            }
            "sum" | "avg" => Target { data_type: Type::Decimal, ..target.clone() },
            _ => target.clone(),
        };
        let of = match function {
            "rows" => json!({"table": target.table, "fn": "count"}),
            _ => json!({"table": target.table, "fn": function, "column": target.column}),
        };
        (test(asked), filters(&targets, &target.table, 0..3)).prop_map(move |(mut test, filters)| {
            test["aggregate"] = of.clone();
            test["where"] = filters.into();
            test
        })
    })
}

/// Filters on the columns of a table.
fn filters(
    targets: &[Target],
    table: &str,
    size: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Value>> + use<> {
    let of_table: Vec<Target> = targets.iter().filter(|target| target.table == table).cloned().collect();
    let filter = select(of_table).prop_flat_map(|target| {
        let column = target.column.clone();
        test(target).prop_map(move |mut test| {
            test["column"] = json!(column);
            test
        })
    });
    prop::collection::vec(filter, size)
}

fn purchase(items: Vec<Target>) -> impl Strategy<Value = Value> {
    let times = items.iter().find(|target| target.column == "order_datetime").unwrap().clone();
    let behaviours = vec![
        "has_purchased",
        "has_not_purchased",
        "first_purchase",
        "repeat_purchase",
        "most_frequent_order",
        "total_value_of_orders",
        "total_quantity_of_items",
    ];
    select(behaviours).prop_flat_map(move |behaviour| {
        let least = usize::from(behaviour == "most_frequent_order");
        let filters = filters(&items, &times.table, least..3);
        (amount(behaviour), any::<bool>(), prop::option::of(when(times.clone())), filters).prop_map(
            move |((op, value), inclusive, when, filters)| {
                let mut condition = json!({"purchase": behaviour});
                if behaviour.starts_with("total") || behaviour == "has_purchased" {
                    condition["op"] = op.into();
                    condition["value"] = value;
                    condition["inclusive"] = inclusive.into();
                }
                if let Some(when) = when {
                    condition["when"] = when;
                }
                if !filters.is_empty() {
                    condition["where"] = json!(filters);
                }
                condition
            },
        )
    })
}

fn amount(behaviour: &str) -> impl Strategy<Value = (&'static str, Value)> + use<> {
    let (ones, twos) = match behaviour {
        "total_value_of_orders" => (
            vec![json!(0), json!(0.1), json!(0.3), json!(2.5), json!(2.6), json!(-1), json!(25), json!(40.5)],
            vec![json!([0, 0.1]), json!([0.1, 0.4]), json!([-1, 50]), json!([20, 1e300])],
        ),
        _ => (
            vec![json!(0), json!(1), json!(2), json!(1.5), json!(3.0)],
            vec![json!([0, 2]), json!([1, 1]), json!([0.5, 2.5])],
        ),
    };
    let ops = vec!["more_than", "less_than", "exactly", "at_least", "at_most"];
    prop_oneof![3 => (select(ops), select(ones)), 1 => (Just("between"), select(twos))]
}

fn when(times: Target) -> impl Strategy<Value = Value> {
    // A window takes times on a column of days too.
    let times = Target { data_type: Type::Datetime, ..times };
    let one = (
        select(vec!["on", "not_on", "before", "after", "on_or_before", "on_or_after"]),
        value(times.clone()),
    );
    let two = (select(vec!["between", "not_between"]), range(times), any::<bool>());
    prop_oneof![
        one.prop_map(|(op, value)| json!({"op": op, "value": value})),
        two.prop_map(|(op, value, inclusive)| json!({"op": op, "value": value, "inclusive": inclusive})),
        Just(json!({"op": "any_time"})),
    ]
}

/// Operator and value, as conditions and filters have them.
fn test(target: Target) -> impl Strategy<Value = Value> {
    select(Operator::for_type(target.data_type).to_vec()).prop_flat_map(move |op| {
        let value = match op {
            Operator::AnniversaryIsBetween => anniversaries(target.clone()).boxed(),
            Operator::IsBetween | Operator::IsNotBetween => range(target.clone()).boxed(),
            Operator::IsInList | Operator::IsNotInList => {
                prop::collection::vec(value(target.clone()), 1..5).prop_map(Value::from).boxed()
            }
            _ if op.arity() == segtui::segment::Arity::None => Just(Value::Null).boxed(),
            _ => value(target.clone()).boxed(),
        };
        (Just(op), value, any::<bool>(), any::<bool>())
    })
    .prop_map(|(op, value, inclusive, match_case)| {
        json!({"op": op.id(), "value": value, "inclusive": inclusive, "match_case": match_case})
    })
}

/// Two values in order.
fn range(target: Target) -> impl Strategy<Value = Value> {
    (value(target.clone()), value(target)).prop_map(|(a, b)| {
        let is_reversed = match a.is_number() {
            true => compare_numbers(&Cell::number(&a), &b).is_gt(),
            false => start(&a) > start(&b),
        };
        if is_reversed { json!([b, a]) } else { json!([a, b]) }
    })
}

/// For telling reversed ends.
fn start(value: &Value) -> NaiveDateTime {
    super::time_point(value, AS_OF()).start()
}

/// The day of all random segments.
#[allow(non_snake_case)] // a constant that chrono cannot make one
pub fn AS_OF() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()
}

fn anniversaries(target: Target) -> impl Strategy<Value = Value> {
    (day(target), 0..367_i64)
        .prop_map(|(first, length)| json!([first.to_string(), shifted(first, length).to_string()]))
}

fn day(target: Target) -> impl Strategy<Value = NaiveDate> {
    (any::<Index>(), -2..3_i64, prop::bool::weighted(0.2)).prop_map(move |(index, shift, leap)| {
        let days: Vec<NaiveDate> =
            target.values.iter().map(Cell::day).filter(|day| day.year() < 9999 && day.year() > 0).collect();
        let day = if days.is_empty() || leap { AS_OF() } else { days[index.index(days.len())] };
        shifted(day, shift)
    })
}

/// A value that fits the column, in it or next to one that is.
fn value(target: Target) -> BoxedStrategy<Value> {
    let pick = |cells: Vec<Cell>| {
        any::<Index>().prop_map(move |index| cells.get(index.index(cells.len().max(1))).cloned())
    };
    match target.data_type {
        Type::String => {
            let nasty = select(vec![
                "a", " ", "%", "_", "\\", "%a%", "_%", "%\\%%", "ẞ", "İ", "σ", "NULL", "O'", "a\\",
            ]);
            let own = (pick(target.values), 0..9_u8).prop_map(|(cell, change)| {
                let text = cell.and_then(|cell| cell.text()).filter(|text| !text.is_empty());
                changed(&text.unwrap_or_else(|| "x".to_owned()), change)
            });
            prop_oneof![4 => own.prop_map(Value::from), 1 => nasty.prop_map(Value::from)].boxed()
        }
        Type::Integer | Type::Decimal => {
            let nasty = select(vec![
                json!(0),
                json!(-0.0),
                json!(2.5),
                json!(0.1),
                json!(i64::MAX),
                json!(i64::MIN),
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992.0),
                json!(9.3e18),
                json!(1e300),
                json!(1.0),
            ]);
            let own = (pick(target.values), select(vec![json!(0), json!(1), json!(-1), json!(0.5)]))
                .prop_map(|(cell, shift)| match cell {
                    Some(Cell::Whole(whole)) => match shift.as_i64() {
                        Some(shift) => json!(whole.saturating_add(shift)),
                        None => json!(whole as f64 + 0.5),
                    },
                    Some(Cell::Decimal(decimal)) if decimal.is_finite() => {
                        json!(decimal + shift.as_f64().unwrap())
                    }
                    _ => shift,
                });
            prop_oneof![3 => own, 1 => nasty].boxed()
        }
        Type::Date | Type::Datetime => {
            let words = select(vec![
                "today",
                "1 month ago",
                "3 months ago",
                "1 year ago",
                "start of month",
                "2 weeks from now",
            ]);
            let is_datetime = target.data_type == Type::Datetime;
            let time = (pick(target.values.clone()), -1..2_i64).prop_map(|(cell, shift)| {
                let instant = cell.map_or(super::midnight(AS_OF()), |cell| cell.instant());
                let instant = instant + chrono::Duration::seconds(shift);
                json!(instant.format("%Y-%m-%d %H:%M:%S").to_string())
            });
            let days = day(target).prop_map(|day| json!(day.to_string()));
            let words = words.prop_map(|words| json!({"relative": words}));
            if is_datetime {
                prop_oneof![days, words, time].boxed()
            } else {
                prop_oneof![days, words].boxed()
            }
        }
        Type::Boolean => Just(Value::Null).boxed(),
    }
}

/// A text that is like another one.
fn changed(text: &str, change: u8) -> String {
    let letters: Vec<char> = text.chars().collect();
    let half = letters.len().div_ceil(2);
    let (head, tail): (String, String) = (letters[..half].iter().collect(), letters[half..].iter().collect());
    match change {
        0 => text.to_owned(),
        1 => text.to_uppercase(),
        2 => text.to_lowercase(),
        3 => head,
        4 => format!("{tail} "),
        5 => format!("{head}%"),
        6 => format!("%{}", if tail.is_empty() { &head } else { &tail }),
        7 => format!("_{}", letters[1..].iter().collect::<String>()),
        _ => format!("{head}\\%"),
    }
}

/// A small database of nasty values: a customers table with a column of each type, and items.
pub fn database() -> impl Strategy<Value = Arc<LocalDatabase>> {
    let text = || {
        prop::option::of(select(vec![
            "", " ", "a", "A", "ab", "aB%", "İ", "i\u{307}", "ẞ", "ß", "Σ", "ς", "a\nb", "\u{a0}", "é", "_",
        ]))
    };
    let whole = || {
        prop::option::of(select(vec![
            0,
            1,
            -1,
            2,
            3,
            i64::MAX,
            i64::MIN,
            9_007_199_254_740_993,
            9_007_199_254_740_992,
        ]))
    };
    let decimal = || {
        prop::option::of(select(vec![
            0.0,
            -0.0,
            0.1,
            0.30000000000000004,
            2.5,
            -1.0,
            9_007_199_254_740_992.0,
            9.3e18,
            1e300,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ]))
    };
    let flag = || prop::option::of(any::<bool>());
    // 2024-02-28 and the days around; before 1970; leap days.
    let date = || prop::option::of(select(vec![19_781, 19_782, 19_783, 19_417, 19_418, -1, 0, -672, 11_016]));
    let time = || {
        prop::option::of(
            (
                select(vec![19_781_i64, 19_782, 19_783, 19_417, -1, 0]),
                select(vec![0, 1, 1_000_000, 43_200_000_000, 86_399_999_999]),
            )
                .prop_map(|(day, micros)| day * 86_400_000_000 + micros),
        )
    };
    let id =
        || prop::option::weighted(0.95, select(vec!["1", "01", "1 ", "a", "A", "é", " ", "", "b", "c", "d"]));
    let customer = (id(), text(), whole(), decimal(), flag(), date(), time());
    let order = || prop::option::weighted(0.9, 1..4_i64);
    let amount = || prop::option::of(-1..4_i64);
    let item = (
        id(),
        order(),
        prop::option::weighted(0.9, 19_775..19_784),
        flag(),
        flag(),
        text(),
        decimal(),
        amount(),
    );
    (prop::collection::vec(customer, 0..20), prop::collection::vec(item, 0..40), any::<bool>()).prop_map(
        |(customers, items, has_role)| {
            let people = df!(
                "id" => customers.iter().map(|row| row.0).collect::<Vec<_>>(),
                "text" => customers.iter().map(|row| row.1).collect::<Vec<_>>(),
                "whole" => customers.iter().map(|row| row.2).collect::<Vec<_>>(),
                "decimal" => customers.iter().map(|row| row.3).collect::<Vec<_>>(),
                "flag" => customers.iter().map(|row| row.4).collect::<Vec<_>>(),
                "date" => customers.iter().map(|row| row.5).collect::<Vec<Option<i32>>>(),
                "time" => customers.iter().map(|row| row.6).collect::<Vec<_>>(),
            );
            let bought = df!(
                "id" => items.iter().map(|row| row.0).collect::<Vec<_>>(),
                "order_id" => items.iter().map(|row| row.1).collect::<Vec<_>>(),
                "order_datetime" => items.iter().map(|row| row.2).collect::<Vec<Option<i32>>>(),
                "is_return" => items.iter().map(|row| row.3).collect::<Vec<_>>(),
                "is_cancellation" => items.iter().map(|row| row.4).collect::<Vec<_>>(),
                "category" => items.iter().map(|row| row.5).collect::<Vec<_>>(),
                "item_revenue" => items.iter().map(|row| row.6).collect::<Vec<_>>(),
                "item_quantity" => items.iter().map(|row| row.7).collect::<Vec<_>>(),
            );
            let roles = Roles {
                customers: has_role.then(|| "people".to_owned()),
                items: Some("items".to_owned()),
                items_columns: ItemsColumns::default(),
                ..Roles::default()
            };
            let tables = vec![table("items", bought.unwrap()), table("people", people.unwrap())];
            let database = Database {
                folder: "random".into(),
                name: "random".to_owned(),
                as_of: Some(AS_OF()),
                currency: "USD".to_owned(),
                default_id: "id".to_owned(),
                ids: Vec::<ActivationId>::new(),
                tables: Vec::new(),
                roles,
                notes: Vec::new(),
            };
            Arc::new(LocalDatabase::new(database, tables))
        },
    )
}

/// A table whose dates are numbers yet.
pub fn table(name: &str, frame: DataFrame) -> LocalTable {
    let dates = DataType::Datetime(TimeUnit::Microseconds, None);
    let casts = [("date", DataType::Date), ("order_datetime", DataType::Date), ("time", dates)];
    let mut frame = frame.lazy();
    let schema = frame.collect_schema().unwrap();
    for (column, data_type) in casts {
        if schema.contains(column) {
            frame = frame.with_column(col(column).cast(data_type));
        }
    }
    typed(name, frame.collect().unwrap())
}

/// A table of typed columns.
pub fn typed(name: &str, frame: DataFrame) -> LocalTable {
    let columns = frame.columns().iter().map(|column| Column {
        name: column.name().to_string(),
        label: column.name().to_string(),
        data_type: match column.dtype() {
            DataType::String => Type::String,
            DataType::Int64 => Type::Integer,
            DataType::Float64 => Type::Decimal,
            DataType::Boolean => Type::Boolean,
            DataType::Date => Type::Date,
            _ => Type::Datetime,
        },
    });
    let (columns, rows) = (columns.collect(), Some(frame.height() as u64));
    let table = Table {
        name: name.to_owned(),
        label: name.to_owned(),
        hidden: false,
        id_columns: Vec::new(),
        origin: Origin::Database,
        notes: Vec::new(),
        content: Ok(Content { rows, columns, files: Vec::new(), lookups: Vec::new() }),
    };
    LocalTable { table, frame: Some(frame.lazy().into()) }
}
