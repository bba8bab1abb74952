//! The lines of a segment, and of those it refers to, in words.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::backend::counted_by;
use crate::cli::session::Opened;
use crate::database::Table;
use crate::segment::{
    Condition, ConditionKind, DataType, DateValue, ListSource, NamedSchema, Node, NodePath, Segment, Side,
    words,
};

/// The words of a segment, and of all that it refers to.
pub(super) struct Descriptions<'a> {
    pub(super) opened: &'a Opened,
    pub(super) own: Description,
    nested: BTreeMap<String, Description>,
}

/// The words of one segment.
pub(super) struct Description {
    pub(super) segment: Arc<Segment>,
    lines: BTreeMap<NodePath, Line>,
}

/// A line in words.
pub(super) struct Line {
    pub(super) text: String,
    /// The days that its relative dates stand for, by their words.
    pub(super) days: Vec<(String, NaiveDate)>,
}

impl<'a> Descriptions<'a> {
    pub(super) fn new(segment: &Arc<Segment>, opened: &'a Opened) -> Self {
        let own = Description::new(Arc::clone(segment), opened);
        let mut nested = BTreeMap::new();
        let mut wanted = own.segments();
        while let Some(id) = wanted.pop() {
            // One that is not there has no explanation to be put into words.
            if !nested.contains_key(&id)
                && let Ok(found) = opened.backend.lists().segment(&id)
            {
                let description = Description::new(found, opened);
                wanted.extend(description.segments());
                nested.insert(id, description);
            }
        }
        Self { opened, own, nested }
    }

    /// A segment that is referred to.
    pub(super) fn nested(&self, id: &str) -> Option<&Description> {
        self.nested.get(id)
    }

    /// A table of the database, or of the workspace.
    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        self.opened.database.table(name).or_else(|| self.opened.with_workspace().table(name))
    }

    pub(super) fn data_type(&self, table: &str, column: &str) -> Option<DataType> {
        Some(self.table(table)?.column(column)?.data_type)
    }

    /// What people call a column.
    pub(super) fn label<'b>(&'b self, table: &str, column: &'b str) -> &'b str {
        let found = self.table(table).and_then(|table| table.column(column));
        found.map_or(column, |column| &column.label)
    }
}

impl Description {
    fn new(segment: Arc<Segment>, opened: &Opened) -> Self {
        let view = opened.view(&segment);
        let name = |id: &str| opened.segment_name(id);
        let schema = NamedSchema { schema: &view, names: name };
        let mut lines: BTreeMap<NodePath, Line> = segment
            .walk()
            .into_iter()
            .map(|(path, node)| {
                let days = match node {
                    Node::Condition(condition) => days(condition, opened.as_of),
                    Node::Group(_) | Node::Unreadable(_) => Vec::new(),
                };
                (path, Line { text: words::sentence(node, &schema), days })
            })
            .collect();
        for side in Side::BOTH {
            let text = side_words(&segment, side);
            lines.insert(NodePath::root(side), Line { text, days: Vec::new() });
        }
        Self { segment, lines }
    }

    /// The segments that lines refer to.
    fn segments(&self) -> Vec<String> {
        let nodes = self.segment.walk().into_iter().map(|(path, _)| path);
        let sources = nodes.filter_map(|path| match self.source(&path)? {
            ListSource::Segment(id) => Some(id.clone()),
            ListSource::File(_) | ListSource::Query(_) => None,
        });
        sources.collect()
    }

    /// What a line lists, if it is a list.
    pub(super) fn source(&self, path: &NodePath) -> Option<&ListSource> {
        match self.segment.node(path)? {
            Node::Condition(Condition { kind: ConditionKind::List(list), .. }) => Some(&list.source),
            _ => None,
        }
    }

    /// What a line counts, in the plural, if it does.
    pub(super) fn counted(&self, path: &NodePath) -> &'static str {
        match self.segment.node(path) {
            Some(Node::Condition(condition)) => counted_by(condition),
            _ => "",
        }
    }

    /// The column of a line's filter, by its position.
    pub(super) fn filtered(&self, path: &NodePath, at: usize) -> Option<&str> {
        match self.segment.node(path)? {
            Node::Condition(condition) => Some(&condition.filters().get(at)?.column),
            _ => None,
        }
    }

    pub(super) fn line(&self, path: &NodePath) -> Option<&Line> {
        self.lines.get(path)
    }
}

impl Line {
    /// The words, and what its relative dates stand for.
    pub(super) fn dated(&self) -> String {
        let days = self.days.iter().map(|(words, day)| format!("{words} is {day}"));
        match days.collect::<Vec<_>>().join(", ") {
            days if days.is_empty() => self.text.clone(),
            days => format!("{} ({days})", self.text),
        }
    }
}

/// A side in words; it is a group without a node.
fn side_words(segment: &Segment, side: Side) -> String {
    let verb = match side {
        Side::Include => "Include",
        Side::Exclude => "Exclude",
    };
    let group = segment.side(side).map(|group| words::matching(group.matching)).unwrap_or_default();
    format!("{verb} {group} of the following")
}

fn days(condition: &Condition, as_of: NaiveDate) -> Vec<(String, NaiveDate)> {
    let dates = words::relative_dates(condition).into_iter();
    let day = |words: &String| {
        let resolved = DateValue::Relative(words.clone()).resolve(as_of).ok()?;
        Some(resolved.at.start().date())
    };
    dates.filter_map(|words| day(&words).map(|day| (words, day))).collect()
}
