//! From JSON to the tree: known keys become typed, unknown keys are kept, and what has a wrong shape
//! is kept whole as [`Unreadable`] with the reason.

mod keys;

use serde_json::{Map, Value};

use super::document::{Definition, DocumentError, FORMAT, Segment, VERSION};
use super::json;
use super::node::*;
use super::place::{ConditionPart, NodePath, Place, Side, TextPosition};
use super::problem::Problem;
use super::suggest;
use super::value::TestValue;
use super::vocabulary::{Behaviour, Match, Status};
use crate::diagnostic::Diagnostic;
use keys::{Keys, instead};

impl Segment {
    /// Reads a document.
    ///
    /// # Errors
    /// The text is no JSON object, an object in it names a key twice, or a key that gives the document its
    /// identity is missing or has another type. Whatever is wrong further in stays in the tree as
    /// [`Node::Unreadable`].
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        segment(text)
    }
}

fn segment(text: &str) -> Result<Segment, DocumentError> {
    let value = json::parse(text).map_err(DocumentError::NotJson)?;
    let refused = |key: &str, message: &str| {
        let at = json::position_of(text, key).unwrap_or(TextPosition { line: 1, column: 1 });
        DocumentError::NotASegment { at, key: key.to_owned(), message: message.to_owned() }
    };
    let Value::Object(map) = value else {
        return Err(refused("", "a segment is a JSON object"));
    };
    let mut keys = Keys::new(map);
    let format: Option<String> = keys.text("format");
    if format.as_deref() != Some(FORMAT) {
        return Err(refused("format", &format!("a segment document says {FORMAT:?} here")));
    }
    let version = keys.whole("version");
    let id = keys.text("id").filter(|id| !id.is_empty());
    let name = keys.text("name");
    let description = keys.text("description").unwrap_or_default();
    let labels = keys.texts("labels").unwrap_or_default();
    let status = keys.word::<Status>("status").unwrap_or(Status::Draft);
    let database = keys.text("database").unwrap_or_default();
    let activation_id = keys.text("activation_id").unwrap_or_default();
    let revision = keys.whole("revision").unwrap_or(0);
    let created = keys.stamp("created");
    let updated = keys.stamp("updated");
    if let Some(error) = keys.errors.first() {
        return Err(refused(
            error.key,
            &format!("{}; {}", error.diagnostic.message, error.diagnostic.help_text()),
        ));
    }
    let definition = definition(&mut keys.map);
    Ok(Segment {
        version: version.unwrap_or(VERSION),
        id: id.ok_or_else(|| refused("id", "every segment has an id"))?,
        name: name.ok_or_else(|| refused("name", "every segment has a name"))?,
        description,
        labels,
        status,
        database,
        activation_id,
        revision,
        created,
        updated,
        definition,
        extra: keys.map,
    })
}

fn definition(map: &mut Map<String, Value>) -> Definition {
    let sql = map.shift_remove("sql");
    let include = map.shift_remove("include");
    let exclude = map.shift_remove("exclude");
    let mut problems = Vec::new();
    let mut rest = Vec::new();
    let mut side = |side: Side, value: &Option<Value>, default: Match| match value {
        None => Some(Group::empty(default)),
        Some(value) => match node(value.clone()) {
            Node::Group(group) => Some(group),
            Node::Condition(_) => {
                let place = Place::Node(NodePath::root(side), ConditionPart::Whole);
                problems.push(
                    Problem::invalid(place, "a side of a segment is a group, not a condition")
                        .with_help(r#"write {"match": "all", "of": [...]}"#),
                );
                None
            }
            Node::Unreadable(unreadable) => {
                let root = NodePath::root(side);
                problems.extend(unreadable.errors.into_iter().map(|error| Problem::in_node(&root, error)));
                if let Some(Node::Group(group)) = unreadable.rest.map(|rest| *rest) {
                    rest.push((side, group));
                }
                None
            }
        },
    };
    let groups = (side(Side::Include, &include, Match::All), side(Side::Exclude, &exclude, Match::Any));
    match (sql, groups) {
        (None, (Some(include), Some(exclude))) => Definition::Visual { include, exclude },
        (Some(Value::String(sql)), _) if include.is_none() && exclude.is_none() => Definition::Sql(sql),
        (sql, (readable_include, readable_exclude)) => {
            let readable = [(Side::Include, readable_include), (Side::Exclude, readable_exclude)];
            rest.extend(readable.into_iter().filter_map(|(side, group)| Some((side, group?))));
            rest.sort_by_key(|(side, _)| *side);
            if sql.is_some() {
                problems.push(
                    Problem::invalid(
                        Place::Sql,
                        "a segment has either a query as text or include and exclude",
                    )
                    .with_help("remove one of the two"),
                );
            }
            let raw = [("sql", sql), ("include", include), ("exclude", exclude)];
            let raw = raw.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
            Definition::Unreadable { raw, problems, rest }
        }
    }
}

/// Reads one node and all below it.
fn node(raw: Value) -> Node {
    let Value::Object(map) = &raw else {
        let message = "a group or a condition is a JSON object";
        let error =
            Diagnostic::new(message).with_help("remove it or write an object").at(ConditionPart::Whole);
        return Node::Unreadable(Unreadable { raw, errors: vec![error], rest: None });
    };
    let mut keys = Keys::new(map.clone());
    let node = if map.contains_key("of") || map.contains_key("match") {
        group(&mut keys).map(Node::Group)
    } else {
        condition(&mut keys).map(Node::Condition)
    };
    match (node, keys.errors.is_empty()) {
        (Some(node), true) => node,
        (rest, _) => {
            let errors = keys.errors.into_iter().map(|error| error.diagnostic).collect();
            Node::Unreadable(Unreadable { raw, errors, rest: rest.map(Box::new) })
        }
    }
}

/// What is wrong in a group is noted; the rest of it is read all the same.
fn group(keys: &mut Keys) -> Option<Group> {
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
        nodes: of.unwrap_or_default().into_iter().map(node).collect(),
        extra: keys.rest(),
    })
}

/// The keys that say of what kind a condition is.
const KINDS: [&str; 4] = ["attribute", "purchase", "aggregate", "list"];

fn condition(keys: &mut Keys) -> Option<Condition> {
    let off = keys.flag("off");
    let mut present = KINDS.into_iter().filter(|kind| keys.map.contains_key(*kind));
    let kind = match (present.next(), present.next()) {
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
            let near = keys.map.keys().find_map(|own| Some((own, suggest::key(own, kinds.clone())?)));
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

fn attribute(keys: &mut Keys) -> Option<AttributeCondition> {
    let target = keys.object("attribute");
    let test = test(keys);
    let rows = keys.word("rows");
    let filters = filters(keys);
    let mut target = Keys::new(target?);
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

fn purchase(keys: &mut Keys) -> Option<PurchaseCondition> {
    let behaviour = keys.word("purchase");
    let op = keys.word("op");
    let value = keys.take("value");
    let inclusive = keys.flag("inclusive");
    let when = keys.object("when").map(|map| {
        let mut inner = Keys::new(map);
        let op = inner.word("op");
        let (value, inclusive) = (inner.take("value"), inner.flag("inclusive"));
        keys.errors.extend(inner.errors.drain(..).map(|error| error.at(ConditionPart::When)));
        When { op, value, inclusive, extra: inner.rest() }
    });
    let filters = filters(keys);
    // An unknown behaviour is an error; the window and the filters are looked at all the same.
    let behaviour = behaviour.unwrap_or(Behaviour::HasNotPurchased);
    Some(PurchaseCondition { behaviour, op, value, inclusive, when, filters })
}

fn aggregate(keys: &mut Keys) -> Option<AggregateCondition> {
    let target = keys.object("aggregate");
    let test = test(keys);
    let filters = filters(keys);
    let mut target = Keys::new(target?);
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

fn list(keys: &mut Keys) -> Option<ListCondition> {
    let target = keys.object("list");
    let op = keys.word("op");
    let mut target = Keys::new(target?);
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

fn test(keys: &mut Keys) -> Test {
    Test {
        op: keys.word("op"),
        value: keys.take("value").map(TestValue::from),
        match_case: keys.flag("match_case"),
        inclusive: keys.flag("inclusive"),
    }
}

fn filters(keys: &mut Keys) -> Option<Vec<Filter>> {
    let raw = keys.array("where")?;
    let mut filters = Vec::with_capacity(raw.len());
    for (index, value) in raw.into_iter().enumerate() {
        let mut inner = match value {
            Value::Object(map) => Keys::new(map),
            _ => Keys::new(Map::new()),
        };
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
