//! The document as a whole.

use serde_json::Value;

use super::node::node;
use super::object::ObjectDecoder;
use crate::segment::document::{Definition, DocumentError, FORMAT, Segment, VERSION};
use crate::segment::json;
use crate::segment::node::{Group, Node};
use crate::segment::place::{ConditionPart, NodePath, Place, Side, TextPosition};
use crate::segment::problem::Problem;
use crate::segment::segment_tests::SegmentTests;
use crate::segment::vocabulary::{Match, Status};

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
    let Value::Object(map) = &value else {
        return Err(refused("", "a segment is a JSON object"));
    };
    let mut keys = ObjectDecoder::new(map);
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
    let definition = definition(&mut keys);
    let tests = keys.take("tests").cloned().map(SegmentTests::from).unwrap_or_default();
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
        tests,
        extra: keys.rest(),
    })
}

fn definition(keys: &mut ObjectDecoder) -> Definition {
    let sql = keys.take("sql");
    let include = keys.take("include");
    let exclude = keys.take("exclude");
    let mut problems = Vec::new();
    let mut rest = Vec::new();
    let mut side = |side: Side, value: Option<&Value>, default: Match| match value {
        None => Some(Group::empty(default)),
        Some(value) => match node(value) {
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
    let groups = (side(Side::Include, include, Match::All), side(Side::Exclude, exclude, Match::Any));
    match (sql, groups) {
        (None, (Some(include), Some(exclude))) => Definition::Visual { include, exclude },
        (Some(Value::String(sql)), _) if include.is_none() && exclude.is_none() => {
            Definition::Sql(sql.clone())
        }
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
            let raw =
                raw.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.clone()))).collect();
            Definition::Unreadable { raw, problems, rest }
        }
    }
}
