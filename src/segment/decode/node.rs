//! Groups, conditions and their parts.

use serde_json::{Map, Value};

use super::object::{ObjectDecoder, instead};
use crate::diagnostic::Diagnostic;
use crate::segment::node::*;
use crate::segment::place::ConditionPart;
use crate::segment::suggest;
use crate::segment::value::TestValue;
use crate::segment::vocabulary::{Behaviour, Match};

/// Reads one node and all below it.
pub fn node(raw: &Value) -> Node {
    let Value::Object(map) = raw else {
        let message = "a group or a condition is a JSON object";
        let error =
            Diagnostic::new(message).with_help("remove it or write an object").at(ConditionPart::Whole);
        return Node::Unreadable(Unreadable { raw: raw.clone(), errors: vec![error], rest: None });
    };
    let mut keys = ObjectDecoder::new(map);
    let node = if map.contains_key("of") || map.contains_key("match") {
        group(&mut keys).map(Node::Group)
    } else {
        condition(&mut keys).map(Node::Condition)
    };
    match (node, keys.errors.is_empty()) {
        (Some(node), true) => node,
        (rest, _) => {
            let errors = keys.errors.into_iter().map(|error| error.diagnostic).collect();
            Node::Unreadable(Unreadable { raw: raw.clone(), errors, rest: rest.map(Box::new) })
        }
    }
}

/// What is wrong in a group is noted; the rest of it is read all the same.
fn group(keys: &mut ObjectDecoder) -> Option<Group> {
    let matching: Option<Match> = keys.word("match");
    let title = keys.text("title");
    let off = keys.flag("off");
    let of = keys.array("of");
    if matching.is_none() && !keys.has_error("match") {
        keys.missing("match", "a group says how its nodes combine", r#"write "match": "all" or "any""#);
    }
    if of.is_none() && !keys.has_error("of") {
        keys.missing("of", "a group has its nodes in an array", r#"write "of": [...]"#);
    }
    Some(Group {
        matching: matching.unwrap_or(Match::All),
        title,
        off,
        nodes: of.unwrap_or_default().iter().map(node).collect(),
        extra: keys.rest(),
    })
}

/// The keys that say of what kind a condition is.
const KINDS: [&str; 4] = ["attribute", "purchase", "aggregate", "list"];

fn condition(keys: &mut ObjectDecoder) -> Option<Condition> {
    let off = keys.flag("off");
    let mut present = KINDS.into_iter().filter(|kind| keys.keys().any(|key| key == *kind));
    let kinds = (present.next(), present.next());
    let kind = match kinds {
        (Some("attribute"), None) => attribute(keys).map(ConditionKind::Attribute),
        (Some("purchase"), None) => purchase(keys).map(ConditionKind::Purchase),
        (Some("aggregate"), None) => aggregate(keys).map(ConditionKind::Aggregate),
        (Some("list"), None) => list(keys).map(ConditionKind::List),
        (Some(one), Some(other)) => {
            let message = format!("a condition is of one kind, this one names {one:?} and {other:?}");
            keys.error("attribute", message, "make two conditions of it".to_owned());
            None
        }
        _ => {
            let kinds = KINDS.into_iter().chain(["match", "of"]);
            let near = keys.keys().find_map(|own| Some((own, suggest::key(own, kinds.clone())?)));
            let help = near.map(|(own, near)| instead(own, near));
            let help = help.unwrap_or_else(|| {
                r#"a condition has "attribute", "purchase", "aggregate" or "list", a group "match" and "of""#
                    .to_owned()
            });
            keys.error("attribute", "this kind of condition is unknown".to_owned(), help);
            None
        }
    };
    Some(Condition { kind: kind?, off, extra: keys.rest() })
}

fn attribute(keys: &mut ObjectDecoder) -> Option<AttributeCondition> {
    let target = keys.object("attribute");
    let test = test(keys);
    let rows = keys.word("rows");
    let filters = filters(keys);
    let mut target = ObjectDecoder::new(target?);
    let (table, column) = (target.text("table"), target.text("column"));
    let help = r#"write {"table": "...", "column": "..."}"#;
    for (key, part) in [("table", &table), ("column", &column)] {
        if part.is_none() && !target.has_error(key) {
            target.missing(key, "an attribute names a table and a column", help);
        }
    }
    keys.errors.append(&mut target.errors);
    Some(AttributeCondition { table: table?, column: column?, extra: target.rest(), test, rows, filters })
}

fn purchase(keys: &mut ObjectDecoder) -> Option<PurchaseCondition> {
    let behaviour = keys.word("purchase");
    let op = keys.word("op");
    let value = keys.take("value").cloned();
    let inclusive = keys.flag("inclusive");
    let when = keys.object("when").map(|map| {
        let mut inner = ObjectDecoder::new(map);
        let op = inner.word("op");
        let (value, inclusive) = (inner.take("value").cloned(), inner.flag("inclusive"));
        keys.errors.extend(inner.errors.drain(..).map(|error| error.at(ConditionPart::When)));
        When { op, value, inclusive, extra: inner.rest() }
    });
    let filters = filters(keys);
    // An unknown behaviour is an error; the window and the filters are looked at all the same.
    let behaviour = behaviour.unwrap_or(Behaviour::HasNotPurchased);
    Some(PurchaseCondition { behaviour, op, value, inclusive, when, filters })
}

fn aggregate(keys: &mut ObjectDecoder) -> Option<AggregateCondition> {
    let target = keys.object("aggregate");
    let test = test(keys);
    let filters = filters(keys);
    let mut target = ObjectDecoder::new(target?);
    let (table, function, column) = (target.text("table"), target.word("fn"), target.text("column"));
    let help = r#"write {"table": "...", "fn": "count"}"#;
    for (key, is_there) in [("table", table.is_some()), ("fn", function.is_some())] {
        if !is_there && !target.has_error(key) {
            target.missing(key, "an aggregate names a table and a function", help);
        }
    }
    keys.errors.append(&mut target.errors);
    Some(AggregateCondition {
        table: table?,
        function: function?,
        column,
        extra: target.rest(),
        test,
        filters,
    })
}

fn list(keys: &mut ObjectDecoder) -> Option<ListCondition> {
    let target = keys.object("list");
    let op = keys.word("op");
    let mut target = ObjectDecoder::new(target?);
    let sources = [
        target.text("segment").map(ListSource::Segment),
        target.text("file").map(ListSource::File),
        target.text("query").map(ListSource::Query),
    ];
    let mut sources = sources.into_iter().flatten();
    let source = sources.next();
    if (source.is_none() && target.errors.is_empty()) || sources.next().is_some() {
        let help = r#"write {"segment": "..."}, {"file": "..."} or {"query": "..."}"#;
        let near = ["segment", "file", "query"].into_iter().find(|key| target.misspelled(key).is_some());
        let key = near.unwrap_or("list");
        target.missing(key, "a list names one segment, one file or one query", help);
    }
    keys.errors.append(&mut target.errors);
    Some(ListCondition { source: source?, extra: target.rest(), op })
}

fn test(keys: &mut ObjectDecoder) -> Test {
    Test {
        op: keys.word("op"),
        value: keys.take("value").cloned().map(TestValue::from),
        match_case: keys.flag("match_case"),
        inclusive: keys.flag("inclusive"),
    }
}

fn filters(keys: &mut ObjectDecoder) -> Option<Vec<Filter>> {
    let raw = keys.array("where")?;
    let mut filters = Vec::with_capacity(raw.len());
    let no_object = Map::new();
    for (index, value) in raw.iter().enumerate() {
        let mut inner = ObjectDecoder::new(value.as_object().unwrap_or(&no_object));
        let column = inner.text("column");
        let test = test(&mut inner);
        if column.is_none() && !inner.has_error("column") {
            let help = r#"write "column": "...""#;
            inner.missing("column", "a filter names a column of the condition's table", help);
        }
        keys.errors.extend(inner.errors.drain(..).map(|error| error.at(ConditionPart::Where(index))));
        filters.push(Filter { column: column.unwrap_or_default(), test, extra: inner.rest() });
    }
    Some(filters)
}
