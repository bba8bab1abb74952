//! From the tree to JSON, with known keys in a fixed order and unknown ones after them. Values are written from where
//! they are, never copied: a list may have a million.

use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::document::{Definition, FORMAT, Segment, Stamp};
use super::node::*;
use super::vocabulary::Keyword;

impl Segment {
    /// The document as it is saved: stable key order, two blanks of indentation, a line break at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        // The alternate form of JSON is indented by two blanks, and nothing in a document fails to be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Writes what [`Self::to_json`] returns.
    ///
    /// # Errors
    /// Those of the writer.
    pub(crate) fn write_json(&self, to: impl Write) -> io::Result<()> {
        let mut to = BufWriter::new(to);
        serde_json::to_writer_pretty(&mut to, self)?;
        to.write_all(b"\n")?;
        to.flush()
    }
}

impl Serialize for Segment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        segment(self).serialize(serializer)
    }
}

fn segment(segment: &Segment) -> Json<'_> {
    let mut map = Object::default();
    map.text("format", FORMAT).put("version", segment.version.into());
    map.text("id", &segment.id).text("name", &segment.name).text("description", &segment.description);
    map.put("labels", Json::Array(segment.labels.iter().map(|label| label.as_str().into()).collect()));
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
    map.maybe("tests", segment.tests.json().map(Json::Value));
    map.rest(&segment.extra).take()
}

fn stamp(stamp: &Stamp) -> Json<'_> {
    Object::default().text("at", &stamp.at).text("by", &stamp.by).rest(&stamp.extra).take()
}

fn group(group: &Group) -> Json<'_> {
    let mut map = Object::default();
    map.maybe("title", group.title.as_deref().map(Json::Text));
    map.text("match", group.matching.id());
    map.put("of", Json::Array(group.nodes.iter().map(node).collect()));
    map.maybe("off", group.off.map(Json::Flag)).rest(&group.extra).take()
}

/// A node as documents write it.
fn node(node: &Node) -> Json<'_> {
    match node {
        Node::Group(inner) => group(inner),
        Node::Condition(inner) => condition(inner),
        Node::Unreadable(unreadable) => Json::Value(&unreadable.raw),
    }
}

fn condition(condition: &Condition) -> Json<'_> {
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
            map.maybe("op", purchase.op.map(|op| op.id().into()))
                .maybe("value", purchase.value.as_ref().map(Json::Value));
            map.maybe("inclusive", purchase.inclusive.map(Json::Flag));
            map.maybe("when", purchase.when.as_ref().map(when));
            map.maybe("where", purchase.filters.as_deref().map(filters));
        }
        ConditionKind::Aggregate(aggregate) => {
            let mut target = Object::default();
            target.text("table", &aggregate.table).text("fn", aggregate.function.id());
            target.maybe("column", aggregate.column.as_deref().map(Json::Text)).rest(&aggregate.extra);
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
    map.maybe("off", condition.off.map(Json::Flag)).rest(&condition.extra).take()
}

fn test<'a>(map: &mut Object<'a>, test: &'a Test) {
    map.maybe("op", test.op.map(|op| op.id().into())).maybe("value", test.value.as_deref().map(Json::Value));
    map.maybe("match_case", test.match_case.map(Json::Flag));
    map.maybe("inclusive", test.inclusive.map(Json::Flag));
}

fn when(when: &When) -> Json<'_> {
    let mut map = Object::default();
    map.maybe("op", when.op.map(|op| op.id().into())).maybe("value", when.value.as_ref().map(Json::Value));
    map.maybe("inclusive", when.inclusive.map(Json::Flag)).rest(&when.extra).take()
}

fn filters(filters: &[Filter]) -> Json<'_> {
    let written = filters.iter().map(|filter| {
        let mut map = Object::default();
        map.text("column", &filter.column);
        test(&mut map, &filter.test);
        map.rest(&filter.extra).take()
    });
    Json::Array(written.collect())
}

/// What is written, most of it borrowed from the document.
enum Json<'a> {
    Text(&'a str),
    Whole(u64),
    Flag(bool),
    Value(&'a Value),
    Array(Vec<Json<'a>>),
    Object(Vec<(&'a str, Json<'a>)>),
}

impl<'a> From<&'a str> for Json<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Json<'_> {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Whole(number) => number.serialize(serializer),
            Self::Flag(flag) => flag.serialize(serializer),
            Self::Value(value) => value.serialize(serializer),
            Self::Array(items) => items.serialize(serializer),
            Self::Object(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

/// Builds a JSON object key by key.
#[derive(Default)]
struct Object<'a>(Vec<(&'a str, Json<'a>)>);

impl<'a> Object<'a> {
    fn put(&mut self, key: &'a str, value: Json<'a>) -> &mut Self {
        self.0.push((key, value));
        self
    }

    fn text(&mut self, key: &'a str, value: &'a str) -> &mut Self {
        self.put(key, value.into())
    }

    fn maybe(&mut self, key: &'a str, value: Option<Json<'a>>) -> &mut Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    /// The keys that are not of the format: what has a known key stands there already.
    fn rest(&mut self, extra: &'a Extra) -> &mut Self {
        let known = self.0.len();
        for (key, value) in extra {
            match self.0.iter_mut().take(known).find(|(known, _)| known == key) {
                Some((_, written)) => *written = Json::Value(value),
                None => drop(self.put(key, Json::Value(value))),
            }
        }
        self
    }

    fn take(&mut self) -> Json<'a> {
        Json::Object(std::mem::take(&mut self.0))
    }
}
