//! From the tree to JSON, with known keys in a fixed order and unknown ones after them.

use serde_json::{Map, Value};

use super::document::{Definition, FORMAT, Segment, Stamp};
use super::node::*;
use super::vocabulary::Keyword;

impl Segment {
    /// The document as it is saved: stable key order, two blanks of indentation, a line break at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        // The alternate form of a JSON value is indented by two blanks.
        format!("{:#}\n", self.to_value())
    }

    /// The same document as a JSON value.
    #[must_use]
    pub(crate) fn to_value(&self) -> Value {
        segment(self)
    }
}

fn segment(segment: &Segment) -> Value {
    let mut map = Object::default();
    map.text("format", FORMAT).put("version", segment.version.into());
    map.text("id", &segment.id).text("name", &segment.name).text("description", &segment.description);
    map.put("labels", segment.labels.iter().cloned().collect());
    map.text("status", segment.status.id()).text("database", &segment.database);
    map.text("activation_id", &segment.activation_id).put("revision", segment.revision.into());
    map.maybe("created", segment.created.as_ref().map(stamp));
    map.maybe("updated", segment.updated.as_ref().map(stamp));
    match &segment.definition {
        Definition::Visual { include, exclude } => {
            map.put("include", group(include)).put("exclude", group(exclude));
        }
        Definition::Sql(sql) => drop(map.text("sql", sql)),
        Definition::Unreadable { raw, .. } => drop(map.rest(raw)),
    }
    map.rest(&segment.extra).take()
}

fn stamp(stamp: &Stamp) -> Value {
    Object::default().text("at", &stamp.at).text("by", &stamp.by).rest(&stamp.extra).take()
}

fn group(group: &Group) -> Value {
    let mut map = Object::default();
    map.maybe("title", group.title.clone().map(Value::String));
    map.text("match", group.matching.id());
    map.put("of", group.nodes.iter().map(node).collect());
    map.maybe("off", group.off.map(Value::Bool)).rest(&group.extra).take()
}

/// A node as documents write it.
fn node(node: &Node) -> Value {
    match node {
        Node::Group(inner) => group(inner),
        Node::Condition(inner) => condition(inner),
        Node::Unreadable(unreadable) => unreadable.raw.clone(),
    }
}

fn condition(condition: &Condition) -> Value {
    let mut map = Object::default();
    match &condition.kind {
        ConditionKind::Attribute(attribute) => {
            let mut target = Object::default();
            target.text("table", &attribute.table).text("column", &attribute.column).rest(&attribute.extra);
            map.put("attribute", target.take());
            test(&mut map, &attribute.test);
            map.maybe("rows", attribute.rows.map(|rows| rows.id().into()));
            map.maybe("where", attribute.filters.as_deref().map(filters));
        }
        ConditionKind::Purchase(purchase) => {
            map.text("purchase", purchase.behaviour.id());
            map.maybe("op", purchase.op.map(|op| op.id().into())).maybe("value", purchase.value.clone());
            map.maybe("inclusive", purchase.inclusive.map(Value::Bool));
            map.maybe("when", purchase.when.as_ref().map(when));
            map.maybe("where", purchase.filters.as_deref().map(filters));
        }
        ConditionKind::Aggregate(aggregate) => {
            let mut target = Object::default();
            target.text("table", &aggregate.table).text("fn", aggregate.function.id());
            target.maybe("column", aggregate.column.clone().map(Value::String)).rest(&aggregate.extra);
            map.put("aggregate", target.take());
            test(&mut map, &aggregate.test);
            map.maybe("where", aggregate.filters.as_deref().map(filters));
        }
        ConditionKind::List(list) => {
            let (key, target) = match &list.source {
                ListSource::Segment(id) => ("segment", id),
                ListSource::File(path) => ("file", path),
                ListSource::Query(path) => ("query", path),
            };
            map.put("list", Object::default().text(key, target).rest(&list.extra).take());
            map.maybe("op", list.op.map(|op| op.id().into()));
        }
    }
    map.maybe("off", condition.off.map(Value::Bool)).rest(&condition.extra).take()
}

fn test(map: &mut Object, test: &Test) {
    map.maybe("op", test.op.map(|op| op.id().into())).maybe("value", test.value.as_deref().cloned());
    map.maybe("match_case", test.match_case.map(Value::Bool));
    map.maybe("inclusive", test.inclusive.map(Value::Bool));
}

fn when(when: &When) -> Value {
    let mut map = Object::default();
    map.maybe("op", when.op.map(|op| op.id().into())).maybe("value", when.value.clone());
    map.maybe("inclusive", when.inclusive.map(Value::Bool)).rest(&when.extra).take()
}

fn filters(filters: &[Filter]) -> Value {
    let written = filters.iter().map(|filter| {
        let mut map = Object::default();
        map.text("column", &filter.column);
        test(&mut map, &filter.test);
        map.rest(&filter.extra).take()
    });
    written.collect()
}

/// Builds a JSON object key by key.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn put(&mut self, key: &str, value: Value) -> &mut Self {
        self.0.insert(key.to_owned(), value);
        self
    }

    fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.put(key, value.into())
    }

    fn maybe(&mut self, key: &str, value: Option<Value>) -> &mut Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    fn rest(&mut self, extra: &Extra) -> &mut Self {
        for (key, value) in extra {
            self.put(key, value.clone());
        }
        self
    }

    fn take(&mut self) -> Value {
        Value::Object(std::mem::take(&mut self.0))
    }
}
