//! From JSON to the tree: known keys become typed, unknown keys are kept, and what has a wrong shape
//! is kept whole as [`Unreadable`] with the reason.

use serde_json::{Map, Value};

use super::document::{Definition, DocumentError, FORMAT, Segment, Stamp, VERSION};
use super::node::*;
use super::place::{NodePath, Part, Place, Side};
use super::problem::Problem;
use super::value::TestValue;
use super::vocabulary::{Match, Status, Word};

impl Segment {
    /// Reads a document.
    ///
    /// # Errors
    /// The text is no JSON object, or a key that gives the document its identity is missing or has
    /// another type. Whatever is wrong further in stays in the tree as [`Node::Unreadable`].
    pub fn from_json(text: &str) -> Result<Self, DocumentError> {
        segment(text)
    }
}

fn segment(text: &str) -> Result<Segment, DocumentError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: Value = serde_json::from_str(text).map_err(|error| DocumentError::NotJson {
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
    })?;
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
    if let Some(fault) = keys.faults.first() {
        return Err(DocumentError::NotASegment { key: fault.key.to_owned(), message: fault.message.clone() });
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

fn refused(key: &str, message: &str) -> DocumentError {
    DocumentError::NotASegment { key: key.to_owned(), message: message.to_owned() }
}

fn definition(map: &mut Map<String, Value>) -> Definition {
    let sql = map.shift_remove("sql");
    let include = map.shift_remove("include");
    let exclude = map.shift_remove("exclude");
    let mut problems = Vec::new();
    let mut side = |side: Side, value: &Option<Value>, default: Match| match value {
        None => Some(Group::empty(default)),
        Some(value) => match node(value.clone()) {
            Node::Group(group) => Some(group),
            Node::Condition(_) => {
                let place = Place::Node(NodePath::root(side), Part::Whole);
                problems.push(
                    Problem::invalid(place, "a side of a segment is a group, not a condition")
                        .help(r#"write {"match": "all", "of": [...]}"#),
                );
                None
            }
            Node::Unreadable(unreadable) => {
                problems.extend(unreadable.faults.into_iter().map(|fault| {
                    Problem::invalid(Place::Node(NodePath::root(side), fault.part), fault.message)
                        .help(fault.help)
                }));
                None
            }
        },
    };
    let groups = (side(Side::Include, &include, Match::All), side(Side::Exclude, &exclude, Match::Any));
    match (sql, groups) {
        (None, (Some(include), Some(exclude))) => Definition::Visual { include, exclude },
        (Some(Value::String(sql)), _) if include.is_none() && exclude.is_none() => Definition::Sql(sql),
        (sql, _) => {
            if sql.is_some() {
                problems.push(
                    Problem::invalid(
                        Place::Sql,
                        "a segment has either a query as text or include and exclude",
                    )
                    .help("remove one of the two"),
                );
            }
            let raw = [("sql", sql), ("include", include), ("exclude", exclude)];
            let raw = raw.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
            Definition::Unreadable { raw, problems }
        }
    }
}

/// Reads one node and all below it.
fn node(raw: Value) -> Node {
    let Value::Object(map) = &raw else {
        let message = "a group or a condition is a JSON object".to_owned();
        let fault = Fault { part: Part::Whole, message, help: "remove it or write an object".to_owned() };
        return Node::Unreadable(Unreadable { raw, faults: vec![fault] });
    };
    let mut keys = Keys::new(map.clone());
    let node = if map.contains_key("of") || map.contains_key("match") {
        group(&mut keys).map(Node::Group)
    } else {
        condition(&mut keys).map(Node::Condition)
    };
    match (node, keys.faults.is_empty()) {
        (Some(node), true) => node,
        _ => {
            let faults = keys.faults.into_iter().map(KeyFault::into_fault).collect();
            Node::Unreadable(Unreadable { raw, faults })
        }
    }
}

fn group(keys: &mut Keys) -> Option<Group> {
    let matching = keys.word::<Match>("match");
    let title = keys.text("title");
    let off = keys.flag("off");
    let of = keys.array("of");
    if matching.is_none() {
        keys.missing("match", r#"a group says how its nodes combine: "all" or "any""#);
    }
    if of.is_none() {
        keys.missing("of", "a group has its nodes in an array");
    }
    Some(Group {
        matching: matching?,
        title,
        off,
        of: of?.into_iter().map(node).collect(),
        extra: keys.rest(),
    })
}

fn condition(keys: &mut Keys) -> Option<Condition> {
    let off = keys.flag("off");
    let present = ["attribute", "purchase", "aggregate", "list"].map(|key| (key, keys.map.contains_key(key)));
    let mut present = present.iter().filter(|(_, is_there)| *is_there).map(|(key, _)| *key);
    let kind = match (present.next(), present.next()) {
        (Some("attribute"), None) => attribute(keys).map(Kind::Attribute),
        (Some("purchase"), None) => purchase(keys).map(Kind::Purchase),
        (Some("aggregate"), None) => aggregate(keys).map(Kind::Aggregate),
        (Some("list"), None) => list(keys).map(Kind::List),
        (Some(_), Some(_)) => {
            keys.missing("attribute", "a condition is of one kind, this one names two");
            None
        }
        _ => {
            keys.missing("attribute", "this kind of condition is unknown");
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
    if table.is_none() || column.is_none() {
        target.missing("attribute", "an attribute names a table and a column");
    }
    keys.faults.append(&mut target.faults);
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
        keys.faults.extend(inner.faults.drain(..).map(|fault| KeyFault { part: Part::When, ..fault }));
        When { op, value, inclusive, extra: inner.rest() }
    });
    let filters = filters(keys);
    Some(PurchaseCondition { behaviour: behaviour?, op, value, inclusive, when, filters })
}

fn aggregate(keys: &mut Keys) -> Option<AggregateCondition> {
    let target = keys.object("aggregate");
    let test = test(keys);
    let filters = filters(keys);
    let mut target = Keys::new(target?);
    let (table, function, column) = (target.text("table"), target.word("fn"), target.text("column"));
    if table.is_none() || (function.is_none() && target.faults.is_empty()) {
        target.missing("aggregate", "an aggregate names a table and a function");
    }
    keys.faults.append(&mut target.faults);
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
    if source.is_none() || sources.next().is_some() {
        target.missing("list", "a list names one segment, one file or one query");
    }
    keys.faults.append(&mut target.faults);
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
        if column.is_none() && inner.faults.is_empty() {
            inner.missing("column", "a filter names a column of the condition's table");
        }
        keys.faults
            .extend(inner.faults.drain(..).map(|fault| KeyFault { part: Part::Where(index), ..fault }));
        filters.push(Filter { column: column.unwrap_or_default(), test, extra: inner.rest() });
    }
    Some(filters)
}

/// A key that does not have its shape.
struct KeyFault {
    key: &'static str,
    part: Part,
    message: String,
    help: String,
}

impl KeyFault {
    fn into_fault(self) -> Fault {
        Fault { part: self.part, message: self.message, help: self.help }
    }
}

/// Takes known keys out of an object and notes those of a wrong shape.
struct Keys {
    map: Map<String, Value>,
    faults: Vec<KeyFault>,
}

impl Keys {
    fn new(map: Map<String, Value>) -> Self {
        Self { map, faults: Vec::new() }
    }

    fn rest(&mut self) -> Extra {
        std::mem::take(&mut self.map)
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.map.shift_remove(key)
    }

    fn fault(&mut self, key: &'static str, message: String, help: String) {
        self.faults.push(KeyFault { key, part: Part::Whole, message, help });
    }

    fn missing(&mut self, key: &'static str, message: &str) {
        self.fault(key, message.to_owned(), "see the segment format in the documentation".to_owned());
    }

    fn wrong(&mut self, key: &'static str, value: &Value, wanted: &str) {
        self.fault(key, format!("{key:?} is {wanted}, not {value}"), format!("write {wanted}"));
    }

    fn text(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text),
            other => {
                self.wrong(key, &other, "a text");
                None
            }
        }
    }

    fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let values = self.array(key)?;
        let texts: Option<Vec<String>> =
            values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        if texts.is_none() {
            self.wrong(key, &Value::Array(values), "an array of texts");
        }
        texts
    }

    fn whole(&mut self, key: &'static str) -> Option<u64> {
        let value = self.take(key)?;
        if value.as_u64().is_none() {
            self.wrong(key, &value, "a whole number");
        }
        value.as_u64()
    }

    fn flag(&mut self, key: &'static str) -> Option<bool> {
        match self.take(key)? {
            Value::Bool(flag) => Some(flag),
            other => {
                self.wrong(key, &other, "true or false");
                None
            }
        }
    }

    fn array(&mut self, key: &'static str) -> Option<Vec<Value>> {
        match self.take(key)? {
            Value::Array(values) => Some(values),
            other => {
                self.wrong(key, &other, "an array");
                None
            }
        }
    }

    fn object(&mut self, key: &'static str) -> Option<Map<String, Value>> {
        match self.take(key)? {
            Value::Object(map) => Some(map),
            other => {
                self.wrong(key, &other, "an object");
                None
            }
        }
    }

    fn word<W: Word>(&mut self, key: &'static str) -> Option<W> {
        let text = self.text(key)?;
        let word = W::from_id(&text);
        if word.is_none() {
            let ids: Vec<&str> = W::ALL.iter().map(|word| word.id()).collect();
            let near = nearest(&text, ids.iter().copied());
            let help = match near {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("write one of {}", ids.join(", ")),
            };
            self.fault(key, format!("{text:?} is no known {key:?}"), help);
        }
        word
    }

    fn stamp(&mut self, key: &'static str) -> Option<Stamp> {
        let mut inner = Keys::new(self.object(key)?);
        let (at, by) = (inner.text("at").unwrap_or_default(), inner.text("by").unwrap_or_default());
        if !inner.faults.is_empty() {
            self.missing(key, "a stamp says when (at) and who (by), as texts");
        }
        Some(Stamp { at, by, extra: inner.rest() })
    }
}

/// The candidate that a misspelled word most likely meant.
pub(crate) fn nearest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = text.to_lowercase();
    let scored =
        candidates.map(|candidate| (strsim::jaro_winkler(&lower, &candidate.to_lowercase()), candidate));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.8).then_some(best.1)
}
