//! The segment document: one JSON object.

use serde_json::{Map, Value};

use super::node::{Extra, Group, Node};
use super::place::{NodePath, Side, TextPosition};
use super::problem::Problem;
use super::segment_tests::SegmentTests;
use super::vocabulary::{Match, Status};
use crate::diagnostic::Diagnostic;

/// What `format` says.
pub(crate) const FORMAT: &str = "segtui/segment";
/// The newest version that this program writes.
pub(crate) const VERSION: u64 = 1;

/// A segment as it was written: nothing lost, nothing judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// The version of the format it was read from.
    pub version: u64,
    /// Its identity, whatever its name or file.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// At most ten.
    pub labels: Vec<String>,
    /// Draft or active.
    pub status: Status,
    /// The name of the database that it was made for.
    pub database: String,
    /// The column that says whom a row is about; empty where the document names none, which means the
    /// database's default.
    pub activation_id: String,
    /// How often it was saved.
    pub revision: u64,
    /// When and by whom it was made.
    pub created: Option<Stamp>,
    /// When and by whom it was saved last.
    pub updated: Option<Stamp>,
    /// Who is in it.
    pub definition: Definition,
    /// What must hold of its members.
    pub tests: SegmentTests,
    /// Unknown keys.
    pub extra: Extra,
}

/// When, and who.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    /// RFC 3339, UTC, in seconds.
    pub at: String,
    /// A person's login.
    pub by: String,
    /// Unknown keys.
    pub extra: Extra,
}

/// Who is in a segment.
#[derive(Clone, Debug, PartialEq)]
pub enum Definition {
    /// Conditions on two sides.
    Visual {
        /// Who is in.
        include: Group,
        /// Who is taken out again.
        exclude: Group,
    },
    /// A query.
    Sql(String),
    /// `include`, `exclude` or `sql` of a shape that this version does not understand, kept as it is.
    Unreadable {
        /// The keys as they were.
        raw: Map<String, Value>,
        /// What was not understood.
        problems: Vec<Problem>,
        /// The groups as far as they were, so that all that is wrong in them can be told at once.
        rest: Vec<(Side, Group)>,
    },
}

/// Why a file is no segment document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Not JSON, or not all of it could be kept.
    #[error("{0}")]
    NotJson(Diagnostic<TextPosition>),
    /// JSON, but not a segment.
    #[error("key {key:?}: {message}")]
    NotASegment {
        /// Where the key stands; the start of the text for the document as a whole or a key that is missing.
        at: TextPosition,
        /// The key at fault; empty for the document as a whole.
        key: String,
        /// What is wrong with it.
        message: String,
    },
}

/// The name of a segment that has none yet.
pub const UNTITLED: &str = "Untitled";

impl Segment {
    /// A new segment of everybody, with one empty section to write in.
    pub fn new(id: impl Into<String>, database: impl Into<String>, activation_id: impl Into<String>) -> Self {
        let include = Group::new(Match::All, vec![Node::Group(Group::empty(Match::All))]);
        Self {
            version: VERSION,
            id: id.into(),
            name: UNTITLED.to_owned(),
            description: String::new(),
            labels: Vec::new(),
            status: Status::Draft,
            database: database.into(),
            activation_id: activation_id.into(),
            revision: 0,
            created: None,
            updated: None,
            definition: Definition::Visual { include, exclude: Group::empty(Match::Any) },
            tests: SegmentTests::default(),
            extra: Extra::new(),
        }
    }

    /// The activation ID in force: its own, else the one that is so by default.
    #[must_use]
    pub(crate) fn activation_id_or<'a>(&'a self, default: &'a str) -> &'a str {
        if self.activation_id.is_empty() { default } else { &self.activation_id }
    }

    /// Whether a newer program wrote it: then it is read, never written.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.version > VERSION
    }

    /// One of the two sides; `None` for a query.
    #[must_use]
    pub fn side(&self, side: Side) -> Option<&Group> {
        match &self.definition {
            Definition::Visual { include, exclude } => Some(match side {
                Side::Include => include,
                Side::Exclude => exclude,
            }),
            Definition::Sql(_) | Definition::Unreadable { .. } => None,
        }
    }

    /// One of the two sides, to change it.
    pub fn side_mut(&mut self, side: Side) -> Option<&mut Group> {
        match &mut self.definition {
            Definition::Visual { include, exclude } => Some(match side {
                Side::Include => include,
                Side::Exclude => exclude,
            }),
            Definition::Sql(_) | Definition::Unreadable { .. } => None,
        }
    }

    /// The group at a path.
    #[must_use]
    pub fn group(&self, path: &NodePath) -> Option<&Group> {
        let mut group = self.side(path.side)?;
        for step in &path.steps {
            group = group.nodes.get(*step)?.as_group()?;
        }
        Some(group)
    }

    /// The group at a path, to change it.
    pub(crate) fn group_mut(&mut self, path: &NodePath) -> Option<&mut Group> {
        let mut group = self.side_mut(path.side)?;
        for step in &path.steps {
            match group.nodes.get_mut(*step)? {
                Node::Group(inner) => group = inner,
                Node::Condition(_) | Node::Unreadable(_) => return None,
            }
        }
        Some(group)
    }

    /// The node at a path; a side is a group and no node.
    #[must_use]
    pub fn node(&self, path: &NodePath) -> Option<&Node> {
        let (parent, index) = path.parent()?;
        self.group(&parent)?.nodes.get(index)
    }

    /// The node at a path, to change it.
    pub fn node_mut(&mut self, path: &NodePath) -> Option<&mut Node> {
        let (parent, index) = path.parent()?;
        self.group_mut(&parent)?.nodes.get_mut(index)
    }

    /// Every node with its path, in document order.
    #[must_use]
    pub fn walk(&self) -> Vec<(NodePath, &Node)> {
        fn visit<'a>(group: &'a Group, path: &NodePath, out: &mut Vec<(NodePath, &'a Node)>) {
            for (index, node) in group.nodes.iter().enumerate() {
                let path = path.child(index);
                out.push((path.clone(), node));
                if let Node::Group(inner) = node {
                    visit(inner, &path, out);
                }
            }
        }
        let mut out = Vec::new();
        for side in Side::BOTH {
            if let Some(group) = self.side(side) {
                visit(group, &NodePath::root(side), &mut out);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOCKS: &str = r#"{
  "format": "segtui/segment",
  "version": 1,
  "id": "seg_1",
  "name": "Socks",
  "description": "",
  "labels": ["Q4-churn"],
  "status": "draft",
  "database": "Customer_360",
  "activation_id": "amperity_id",
  "revision": 3,
  "created": {"at": "2025-11-02T09:30:00Z", "by": "ana", "with": "care"},
  "include": {"match": "all", "of": [
    {"match": "all", "note": 1.50, "of": [
      {"attribute": {"table": "T", "column": "c", "x": 1}, "op": "is_in_list", "value": ["a", "b"], "colour": "red"}
    ]},
    {"purchase": "has_purchased", "op": "exactly", "value": 1, "when": {"op": "after", "value": {"relative": "3 months ago"}, "y": 2},
     "where": [{"column": "product_category", "op": "is_exactly", "value": "socks", "z": [3]}]},
    {"aggregate": {"table": "T", "fn": "sum", "column": "n"}, "op": "is", "value": 12345678901234567890.10, "off": true},
    {"list": {"segment": "seg_2"}, "op": "is_member"},
    {"weather": "fine"},
    17
  ]},
  "exclude": {"match": "any", "of": []},
  "unknown": {"deep": [1, {"er": null}]}
}"#;

    #[test]
    fn nothing_is_lost() {
        let before: Value = serde_json::from_str(SOCKS).unwrap();
        let segment = Segment::from_json(SOCKS).unwrap();
        let written = segment.to_json();
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), before);
        assert!(
            written.contains("12345678901234567890.10") && written.contains("1.50"),
            "digits stay as they were"
        );
        assert_eq!(Segment::from_json(&written).unwrap().to_json(), written);
    }

    #[test]
    fn what_is_not_understood_is_kept_with_the_reason() {
        let segment = Segment::from_json(SOCKS).unwrap();
        let unreadable = segment.walk().into_iter().filter_map(|(path, node)| match node {
            Node::Unreadable(unreadable) => Some((path.to_string(), unreadable.errors[0].message.clone())),
            _ => None,
        });
        assert_eq!(
            unreadable.collect::<Vec<_>>(),
            [
                ("include.4".to_owned(), "this kind of condition is unknown".to_owned()),
                ("include.5".to_owned(), "a group or a condition is a JSON object".to_owned())
            ]
        );
    }

    #[test]
    fn a_document_that_is_none_is_refused_with_its_place() {
        let error = |text: &str| Segment::from_json(text).unwrap_err().to_string();
        assert!(error("{\n  oops").starts_with("line 2, column 3: this is not JSON"));
        assert!(error("[]").contains("a segment is a JSON object"));
        assert!(
            error("{\n \"a\": 1, \"a\": 2}").starts_with("line 2, column 10: the key \"a\" stands twice")
        );
        assert!(error("{}").starts_with("key \"format\""));
        assert!(error(r#"{"format": "segtui/segment", "id": "a", "name": 3}"#).starts_with("key \"name\""));
    }

    #[test]
    fn paths_lead_to_nodes() {
        let mut segment = Segment::from_json(SOCKS).unwrap();
        let path = NodePath { side: Side::Include, steps: vec![0, 0] };
        assert!(matches!(segment.node(&path), Some(Node::Condition(_))));
        assert!(segment.node_mut(&path).is_some());
        assert!(segment.node(&path.child(0)).is_none());
        assert!(segment.group(&NodePath::root(Side::Exclude)).is_some());
        assert!(segment.node(&NodePath::root(Side::Exclude)).is_none());
    }
}
