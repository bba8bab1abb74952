//! Random documents, random JSON, and what can be done to a document.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use segtui::segment::{AggregateFunction, AmountOperator, Behaviour, Keyword, Operator, WhenOperator};
use serde_json::{Map, Value, json};

/// Columns of the conformance database, and some that it does not have.
const COLUMNS: [(&str, &str); 9] = [
    ("Customer_360", "city"),
    ("Customer_360", "points"),
    ("Customer_360", "score"),
    ("Customer_360", "birthdate"),
    ("Customer_360", "is_loyalty_member"),
    ("Survey_Answers", "answer"),
    ("Survey_Answers", "answered_on"),
    ("Survey_Answers", "nothing"),
    ("Nowhere", "nothing"),
];

/// How keys begin that the language does not know.
pub const OWN: &str = "x ";

/// Texts that are awkward somewhere.
fn text() -> impl Strategy<Value = String> {
    let awkward = vec![
        "",
        " ",
        "\u{0}",
        "\u{202e}x",
        "\u{feff}",
        "é\u{301}",
        "語🍎",
        "\"",
        "\\",
        "'; --",
        "%_\\",
        "null",
        "1e999",
        "3 months ago",
        "2024-02-30",
        "2024-02-29 10:00:00Z",
        "amperity_id",
        "city",
        "is_exactly",
        "../../x",
        "vip.csv",
        "seg_loyal",
        "seg_loop_a",
        "\u{10ffff}",
        "\r\n",
    ];
    prop_oneof![3 => select(awkward).prop_map(str::to_owned), 1 => "\\PC{0,12}", 1 => any::<String>()]
}

fn number() -> impl Strategy<Value = Value> {
    let awkward = vec![
        "0",
        "-0",
        "-0.0",
        "1",
        "2.50",
        "1e2",
        "1E-7",
        "1e999",
        "-1e400",
        "12345678901234567890123.10",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "0.1",
        "1e-999",
    ];
    let awkward = select(awkward).prop_map(|digits| serde_json::from_str(digits).unwrap());
    prop_oneof![2 => awkward, 1 => any::<i64>().prop_map(Value::from), 1 => any::<f64>().prop_map(|n| json!(n))]
}

/// Any JSON.
pub fn json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        2 => any::<bool>().prop_map(Value::Bool),
        3 => number(),
        4 => text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let keys = prop_oneof![
            3 => text(),
            2 => select(vec!["match", "of", "op", "value", "where", "attribute", "list", "relative", "off", "were"])
                .prop_map(str::to_owned),
        ];
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::Array),
            vec((keys, inner), 0..5).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
    .boxed()
}

/// Keys that are somebody's own, with anything behind them.
fn own() -> impl Strategy<Value = Map<String, Value>> {
    let keys = text().prop_map(|text| format!("{OWN}{text}"));
    prop_oneof![2 => Just(Map::new()), 1 => vec((keys, json()), 1..3).prop_map(|own| own.into_iter().collect())]
}

fn with(own: Map<String, Value>, of: Value) -> Value {
    let Value::Object(mut map) = of else { return of };
    map.extend(own);
    Value::Object(map)
}

fn id<W: Keyword + std::fmt::Debug>() -> impl Strategy<Value = &'static str> {
    select(W::ALL).prop_map(W::id)
}

fn value() -> impl Strategy<Value = Value> {
    let relative = (select(vec!["3 months ago", "today", "start of year", "3 month ag"]), own());
    let relative = relative.prop_map(|(words, own)| with(own, json!({"relative": words}))).boxed();
    let one = prop_oneof![
        2 => text().prop_map(Value::String),
        2 => number(),
        2 => relative,
        1 => Just(json!("2024-02-29")),
    ];
    prop_oneof![4 => one.clone(), 2 => vec(one, 0..4).prop_map(Value::Array), 1 => json()]
}

/// Operator and value, with the keys of a test.
fn test() -> impl Strategy<Value = Map<String, Value>> {
    let op = prop::option::weighted(0.9, id::<Operator>());
    let flag = || prop::option::weighted(0.2, any::<bool>());
    (op, prop::option::weighted(0.9, value()), flag(), flag()).prop_map(
        |(op, value, match_case, inclusive)| {
            let mut map = Map::new();
            map.extend(op.map(|op| ("op".to_owned(), op.into())));
            map.extend(value.map(|value| ("value".to_owned(), value)));
            map.extend(match_case.map(|flag| ("match_case".to_owned(), flag.into())));
            map.extend(inclusive.map(|flag| ("inclusive".to_owned(), flag.into())));
            map
        },
    )
}

fn filters() -> impl Strategy<Value = Map<String, Value>> {
    let filter = (select(&COLUMNS[..]), test(), own())
        .prop_map(|((_, column), test, own)| with(own, with(test, json!({"column": column}))));
    prop::option::weighted(0.3, vec(filter, 0..3))
        .prop_map(|filters| filters.map(|filters| ("where".to_owned(), filters.into())).into_iter().collect())
}

fn condition() -> impl Strategy<Value = Value> {
    let rows = prop::option::weighted(0.2, select(vec!["any", "none", "every"]));
    let attribute = (select(&COLUMNS[..]), own(), test(), rows, filters()).prop_map(
        |((table, column), own, test, rows, filters)| {
            let target = with(own, json!({"table": table, "column": column}));
            let mut map = Map::from_iter([("attribute".to_owned(), target)]);
            map.extend(test);
            map.extend(rows.map(|rows| ("rows".to_owned(), rows.into())));
            map.extend(filters);
            Value::Object(map)
        },
    );
    let window = (id::<WhenOperator>(), value(), own())
        .prop_map(|(op, value, own)| with(own, json!({"op": op, "value": value})));
    let window = prop::option::weighted(0.4, window);
    let amount = prop_oneof![number(), vec(number(), 2).prop_map(Value::Array)];
    let purchase = (id::<Behaviour>(), id::<AmountOperator>(), amount, window, filters()).prop_map(
        |(behaviour, op, value, when, filters)| {
            let mut map = Map::from_iter([
                ("purchase".to_owned(), behaviour.into()),
                ("op".to_owned(), op.into()),
                ("value".to_owned(), value),
            ]);
            map.extend(when.map(|when| ("when".to_owned(), when)));
            map.extend(filters);
            Value::Object(map)
        },
    );
    let aggregate = (select(&COLUMNS[..]), id::<AggregateFunction>(), own(), test(), filters()).prop_map(
        |((table, column), function, own, test, filters)| {
            let target = with(own, json!({"table": table, "fn": function, "column": column}));
            let mut map = Map::from_iter([("aggregate".to_owned(), target)]);
            map.extend(test);
            map.extend(filters);
            Value::Object(map)
        },
    );
    let sources = vec![
        json!({"segment": "seg_loyal"}),
        json!({"segment": "seg_nested"}),
        json!({"segment": "gone"}),
        json!({"file": "vip.csv"}),
        json!({"file": "../vip.csv"}),
        json!({"query": "gone.sql"}),
    ];
    let list =
        (select(sources), own(), prop::option::weighted(0.9, select(vec!["is_member", "is_not_member"])))
            .prop_map(|(source, own, op)| {
                let mut map = Map::from_iter([("list".to_owned(), with(own, source))]);
                map.extend(op.map(|op| ("op".to_owned(), op.into())));
                Value::Object(map)
            });
    let kinds = prop_oneof![4 => attribute, 2 => purchase, 2 => aggregate, 1 => list];
    (kinds, off(), own()).prop_map(|(condition, off, own)| with(own, with(off, condition)))
}

fn off() -> impl Strategy<Value = Map<String, Value>> {
    let off = prop::option::weighted(0.1, any::<bool>());
    off.prop_map(|off| off.map(|off| ("off".to_owned(), off.into())).into_iter().collect())
}

fn group(node: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let title = prop::option::weighted(0.2, text());
    (select(vec!["all", "any"]), vec(node, 0..4), title, off(), own()).prop_map(
        |(matching, of, title, off, own)| {
            let mut map = Map::new();
            map.extend(title.map(|title| ("title".to_owned(), title.into())));
            map.extend([("match".to_owned(), matching.into()), ("of".to_owned(), of.into())]);
            with(own, with(off, Value::Object(map)))
        },
    )
}

/// The tests of a document: right, wrong, and of kinds that nobody knows.
fn tests() -> impl Strategy<Value = Map<String, Value>> {
    let ends = || prop_oneof![number(), Just(Value::Null)];
    let of = prop_oneof![
        2 => (select(vec!["in", "out"]), vec(text(), 0..4)).prop_map(|(kind, ids)| json!({(kind): ids})),
        2 => (select(vec!["size", "share"]), ends(), ends()).prop_map(|(kind, low, high)| json!({(kind): [low, high]})),
        2 => (number(), ends(), own())
            .prop_map(|(percent, from, own)| json!({"change": with(own, json!({"from": from, "percent": percent}))})),
        1 => (select(vec!["disjoint", "within"]), select(vec!["seg_loyal", "gone", ""]))
            .prop_map(|(kind, id)| json!({(kind): id})),
        1 => any::<bool>().prop_map(|flag| json!({"every_line_counts": flag})),
        1 => json(),
    ];
    let test = (of, own()).prop_map(|(of, own)| with(own, of));
    let tests = prop_oneof![8 => vec(test, 0..4).prop_map(Value::Array), 1 => json()];
    prop::option::weighted(0.5, tests)
        .prop_map(|tests| tests.map(|tests| ("tests".to_owned(), tests)).into_iter().collect())
}

/// A document whose every key has its shape, with unknown keys at every level.
pub fn document() -> impl Strategy<Value = Value> {
    let node = condition().prop_recursive(3, 10, 3, group);
    let stamp =
        (text(), own()).prop_map(|(by, own)| with(own, json!({"at": "2026-01-02T03:04:05Z", "by": by})));
    let sides = prop_oneof![
        5 => (group(node.clone()), group(node)).prop_map(|(include, exclude)| json!({"include": include, "exclude": exclude})),
        1 => text().prop_map(|sql| json!({"sql": sql})),
    ];
    let rest = (own(), tests()).prop_map(|(own, mut tests)| {
        tests.extend(own);
        tests
    });
    (text(), stamp, sides, rest, 0..1000_u32).prop_map(|(description, stamp, sides, rest, revision)| {
        let document = json!({
            "format": "segtui/segment", "version": 1, "id": "seg_random", "name": "Random",
            "description": description, "labels": ["a"], "status": "draft", "database": "nasty",
            "activation_id": "amperity_id", "revision": revision, "created": stamp, "updated": stamp,
        });
        let sides = sides.as_object().cloned().unwrap_or_default();
        with(rest, with(sides, document))
    })
}

/// Something that is done to one place in a document.
#[derive(Clone, Debug)]
pub enum Change {
    Replace(Value),
    Remove,
    /// Takes the place of another.
    Copy(Index),
    Wrap(usize),
    /// Stands in a text where it was none, or is none where it was.
    Retype,
    Rename(String),
}

pub fn change() -> impl Strategy<Value = (Index, Change)> {
    let names = vec![
        "were", "Match", "off", "of", "op", "value", "list", "query", "sql", "relative", "table", "title",
        "when",
    ];
    let names = prop_oneof![2 => select(names).prop_map(str::to_owned), 1 => text()];
    let change = prop_oneof![
        3 => json().prop_map(Change::Replace),
        2 => Just(Change::Remove),
        2 => any::<Index>().prop_map(Change::Copy),
        1 => (1..130_usize).prop_map(Change::Wrap),
        2 => Just(Change::Retype),
        2 => names.prop_map(Change::Rename),
    ];
    (any::<Index>(), change)
}

/// Every place in a value, as a JSON pointer.
fn places(value: &Value) -> Vec<String> {
    fn visit(value: &Value, path: String, places: &mut Vec<String>) {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| visit(item, format!("{path}/{at}"), places));
            }
            Value::Object(map) => map.iter().for_each(|(key, inner)| {
                let key = key.replace('~', "~0").replace('/', "~1");
                visit(inner, format!("{path}/{key}"), places);
            }),
            _ => {}
        }
        places.push(path);
    }
    let mut places_of = Vec::new();
    visit(value, String::new(), &mut places_of);
    places_of
}

/// Makes a change to a document.
pub fn changed(mut document: Value, at: Index, change: Change) -> Value {
    let all = places(&document);
    let place = at.get(&all).clone();
    if let Change::Remove | Change::Rename(_) = change {
        let Some((parent, key)) = place.rsplit_once('/') else { return document };
        let key = key.replace("~1", "/").replace("~0", "~");
        match (document.pointer_mut(parent), change) {
            (Some(Value::Object(map)), Change::Rename(name)) => {
                let entries = std::mem::take(map).into_iter();
                let rename = |own: String| if own == key { name.clone() } else { own };
                map.extend(entries.map(|(own, inner)| (rename(own), inner)));
            }
            (Some(Value::Object(map)), _) => drop(map.shift_remove(&key)),
            (Some(Value::Array(items)), Change::Remove) => drop(items.remove(key.parse().unwrap())),
            _ => {}
        }
        return document;
    }
    let other = match &change {
        Change::Copy(from) => document.pointer(from.get(&all).as_str()).cloned(),
        _ => None,
    };
    let Some(target) = document.pointer_mut(&place) else { return document };
    *target = match (change, target.take()) {
        (Change::Replace(value), _) => value,
        (Change::Copy(_), was) => other.unwrap_or(was),
        (Change::Wrap(times), was) => (0..times).fold(was, |inner, at| match at % 2 {
            0 => json!([inner]),
            _ => json!({"match": "all", "of": inner}),
        }),
        (_, Value::String(text)) => serde_json::from_str(&text).unwrap_or_else(|_| json!([text])),
        (_, Value::Array(items)) => items.into_iter().next().unwrap_or(Value::Null),
        (_, other) => Value::String(other.to_string()),
    };
    document
}
