//! Where something stands in a segment: `include.0.2`, `include.0.2.where.1`, `sql`.

use std::fmt;

use crate::diagnostic::PlaceName;

/// The two sides of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Who is in.
    Include,
    /// Who is taken out again.
    Exclude,
}

impl Side {
    /// Both, in document order.
    pub const BOTH: [Side; 2] = [Side::Include, Side::Exclude];

    /// The key in documents.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Include => "include",
            Self::Exclude => "exclude",
        }
    }
}

/// The path of positions to a node; no steps means the side itself. Ordered as in the document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodePath {
    /// Include or exclude.
    pub side: Side,
    /// Position in each group on the way down.
    pub steps: Vec<usize>,
}

impl NodePath {
    /// The side's own group.
    #[must_use]
    pub fn root(side: Side) -> Self {
        Self { side, steps: Vec::new() }
    }

    /// The node at `index` in the group that this path names.
    #[must_use]
    pub fn child(&self, index: usize) -> Self {
        let mut steps = self.steps.clone();
        steps.push(index);
        Self { side: self.side, steps }
    }

    /// The group around this node and its position there; `None` for a side.
    #[must_use]
    pub fn parent(&self) -> Option<(Self, usize)> {
        let (last, rest) = self.steps.split_last()?;
        Some((Self { side: self.side, steps: rest.to_vec() }, *last))
    }

    /// Whether `other` is this node or stands inside it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.side == other.side && other.steps.starts_with(&self.steps)
    }
}

impl fmt::Display for NodePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.side.id())?;
        self.steps.iter().try_for_each(|step| write!(f, ".{step}"))
    }
}

/// A part of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConditionPart {
    /// The condition itself.
    Whole,
    /// Its window of order dates.
    When,
    /// One of its filters.
    Where(usize),
}

/// Where a problem is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The document as a whole.
    Document,
    /// `database`
    Database,
    /// `activation_id`
    ActivationId,
    /// A node, or a part of it.
    Node(NodePath, ConditionPart),
    /// `sql`
    Sql,
    /// `tests`, or the one at this position.
    Tests(Option<usize>),
}

impl Place {
    /// The node that the place is in, if it is in one.
    #[must_use]
    pub fn node(&self) -> Option<&NodePath> {
        match self {
            Self::Node(path, _) => Some(path),
            Self::Document | Self::Database | Self::ActivationId | Self::Sql | Self::Tests(_) => None,
        }
    }
}

impl PlaceName for Place {
    fn place_name(&self) -> Option<String> {
        Some(self.to_string())
    }
}

/// A character in a text of several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextPosition {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}

impl fmt::Display for TextPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl PlaceName for TextPosition {
    fn place_name(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => f.write_str("document"),
            Self::Database => f.write_str("database"),
            Self::ActivationId => f.write_str("activation_id"),
            Self::Sql => f.write_str("sql"),
            Self::Tests(None) => f.write_str("tests"),
            Self::Tests(Some(index)) => write!(f, "tests.{index}"),
            Self::Node(path, ConditionPart::Whole) => write!(f, "{path}"),
            Self::Node(path, ConditionPart::When) => write!(f, "{path}.when"),
            Self::Node(path, ConditionPart::Where(index)) => write!(f, "{path}.where.{index}"),
        }
    }
}
