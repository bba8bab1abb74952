//! Changes in words.

use std::collections::HashSet;

use serde_json::Value;

use crate::segment::document::{Definition, Segment};
use crate::segment::node::{ConditionKind, Node};
use crate::segment::place::{NodePath, Side};
use crate::segment::schema::Schema;
use crate::segment::words::{canonical, condition, count, matching, plain, sentence};

/// Lists longer than this are told by what they have more and less.
const LONG_LIST: usize = 30;
/// How many values of a list are said.
const MOST_VALUES: usize = 5;

/// Says changes of nodes.
pub(super) struct Words<'a> {
    /// What tables and columns are called.
    pub(super) schema: &'a dyn Schema,
}

impl Words<'_> {
    /// A node with all inside it.
    pub(super) fn whole(&self, node: &Node) -> String {
        let said = sentence(node, self.schema);
        match node {
            Node::Group(group) if !group.nodes.is_empty() => format!("{said}: {}", self.list(&group.nodes)),
            _ => said,
        }
    }

    fn list(&self, nodes: &[Node]) -> String {
        let said = nodes.iter().map(|node| match node {
            Node::Group(_) => format!("({})", self.whole(node)),
            Node::Condition(_) | Node::Unreadable(_) => sentence(node, self.schema),
        });
        said.collect::<Vec<_>>().join("; ")
    }

    /// A group that goes while some of its lines stay.
    pub(super) fn dissolved(&self, node: &Node) -> String {
        format!("{}: the group, not its lines", sentence(node, self.schema))
    }

    /// A group that comes around lines that were there.
    pub(super) fn around(&self, node: &Node) -> String {
        match node {
            Node::Group(group) if !group.nodes.is_empty() => {
                format!("{}, around {}", sentence(node, self.schema), self.list(&group.nodes))
            }
            _ => sentence(node, self.schema),
        }
    }

    /// A node by itself; a side by what it does.
    pub(super) fn named(&self, node: &Node, path: &NodePath) -> String {
        match node {
            Node::Group(group) if path.steps.is_empty() => {
                let does = match path.side {
                    Side::Include => "Include",
                    Side::Exclude => "Exclude",
                };
                let title = group.title.as_ref().map(|title| format!("{title}: ")).unwrap_or_default();
                format!("{title}{does} customers with {} of the following", matching(group.matching))
            }
            _ => sentence(node, self.schema),
        }
    }

    pub(super) fn moved(&self, node: &Node, from: &NodePath, to: &NodePath) -> String {
        format!("{}: {} → {}", sentence(node, self.schema), position(from), position(to))
    }

    pub(super) fn changed(&self, (a, path_a): (&Node, &NodePath), (b, path_b): (&Node, &NodePath)) -> String {
        if let Some(text) = self.changed_list(a, b) {
            return text;
        }
        let (before, after) = (self.named(a, path_a), self.named(b, path_b));
        if before != after {
            return format!("{before} → {after}");
        }
        let in_full = |node: &Node| match node {
            Node::Condition(condition) => canonical(condition, self.schema),
            Node::Group(_) | Node::Unreadable(_) => None,
        };
        match (in_full(a), in_full(b)) {
            (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
            _ => format!("{after}: what its sentence does not say"),
        }
    }

    /// `City is in list`
    fn beginning(&self, node: &Node) -> String {
        match node {
            Node::Condition(inner) => {
                let parts = condition(inner, self.schema);
                format!("{} {}", parts.subject, parts.operator)
            }
            Node::Group(_) | Node::Unreadable(_) => sentence(node, self.schema),
        }
    }

    /// What a long list of values has more and less.
    fn changed_list(&self, a: &Node, b: &Node) -> Option<String> {
        let (before, after) = (values(a)?, values(b)?);
        if before.len().max(after.len()) <= LONG_LIST {
            return None;
        }
        let [known, wanted] = [before, after].map(|list| list.iter().map(plain).collect::<HashSet<String>>());
        let more = said(after.iter().map(plain).filter(|value| !known.contains(value)), "more");
        let fewer = said(before.iter().map(plain).filter(|value| !wanted.contains(value)), "fewer");
        let [one, other] = [a, b].map(|node| self.beginning(node));
        let named = if one == other { one } else { format!("{one} → {other}") };
        let changes: Vec<String> = [more, fewer].into_iter().flatten().collect();
        (!changes.is_empty()).then(|| format!("{named}: {}", changes.join(", ")))
    }
}

/// `2 values more (Boston, Chicago)`
fn said(values: impl Iterator<Item = String>, direction: &str) -> Option<String> {
    let values: Vec<String> = values.collect();
    let examples = values.iter().take(MOST_VALUES).map(String::as_str).collect::<Vec<_>>().join(", ");
    let dots = if values.len() > MOST_VALUES { ", …" } else { "" };
    let plural = if values.len() == 1 { "" } else { "s" };
    (!values.is_empty())
        .then(|| format!("{} value{plural} {direction} ({examples}{dots})", count(values.len() as u64)))
}

/// The values of a condition that has a list of them.
fn values(node: &Node) -> Option<&Vec<Value>> {
    let Node::Condition(condition) = node else { return None };
    match &condition.kind {
        ConditionKind::Attribute(attribute) => attribute.test.value.as_deref()?.as_array(),
        ConditionKind::Aggregate(aggregate) => aggregate.test.value.as_deref()?.as_array(),
        ConditionKind::Purchase(_) | ConditionKind::List(_) => None,
    }
}

/// `include 1.2`: a place as the screen counts.
fn position(path: &NodePath) -> String {
    let steps: Vec<String> = path.steps.iter().map(|step| (step + 1).to_string()).collect();
    format!("{} {}", path.side.id(), steps.join("."))
}

/// Of definitions that are not both trees.
pub(super) fn whole(a: &Segment, b: &Segment) -> String {
    let (Definition::Sql(before), Definition::Sql(after)) = (&a.definition, &b.definition) else {
        return format!("{} → {}", kind(a), kind(b));
    };
    let (mut old, mut new) = (before.lines(), after.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (old.next(), new.next()) {
            (None, None) => return "the query: the ends of its lines".to_owned(),
            (one, other) if one == other => {}
            (Some(one), Some(other)) => return format!("line {number}: {} → {}", one.trim(), other.trim()),
            (Some(one), None) => return format!("line {number} is gone: {}", one.trim()),
            (None, Some(other)) => return format!("line {number} is new: {}", other.trim()),
        }
    }
}

fn kind(segment: &Segment) -> &'static str {
    match &segment.definition {
        Definition::Sql(_) => "a query",
        Definition::Visual { .. } => "conditions",
        Definition::Unreadable { .. } => "what cannot be read",
    }
}
