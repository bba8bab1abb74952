//! Walks a document and collects every problem on the way.

use std::sync::Arc;

use chrono::NaiveDate;

use super::keys;
use super::resolution::ListResolution;
use crate::segment::checked::*;
use crate::segment::document::{Definition, Segment};
use crate::segment::lists::Lists;
use crate::segment::node::*;
use crate::segment::place::{ConditionPart, NodePath, Place, Side};
use crate::segment::problem::{Problem, ProblemKind};
use crate::segment::query::{Query, QueryError};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::*;

/// Checks a segment, and what it refers to, against a database on the day `as_of`.
///
/// What has a problem is left out of the tree and named in `problems`, so that an editor can go on
/// with the rest; a headless command refuses the segment if any of them is an error.
pub fn check(segment: &Segment, schema: &dyn Schema, lists: &dyn Lists, as_of: NaiveDate) -> CheckedSegment {
    let mut resolution = ListResolution::new(segment, schema, lists);
    Checker { schema, as_of, lists: Some(&mut resolution), problems: Vec::new() }.check(segment)
}

/// The problems that can be told without looking into lists.
pub fn problems(segment: &Segment, schema: &dyn Schema, as_of: NaiveDate) -> Vec<Problem> {
    Checker { schema, as_of, lists: None, problems: Vec::new() }.check(segment).problems
}

pub(super) struct Checker<'a, 'l> {
    pub schema: &'a dyn Schema,
    pub as_of: NaiveDate,
    /// `None` where lists are not looked into.
    pub lists: Option<&'a mut ListResolution<'l>>,
    pub problems: Vec<Problem>,
}

impl Checker<'_, '_> {
    pub fn check(mut self, segment: &Segment) -> CheckedSegment {
        keys::of_document(segment, &mut self.problems);
        if let Err(missing) = self.schema.activation_id() {
            self.problems.push(Problem::error(ProblemKind::Invalid, missing.at(Place::ActivationId)));
        }
        let [include, exclude] = Side::BOTH.map(|side| {
            let path = NodePath::root(side);
            match segment.side(side) {
                Some(group) if group.off != Some(true) => self.group(group, path),
                _ => CheckedGroup { path, matching: Match::All, nodes: Vec::new() },
            }
        });
        let meaning = match &segment.definition {
            Definition::Visual { .. } => CheckedDefinition::Visual { include, exclude },
            Definition::Sql(text) => match self.query(text) {
                Ok(query) => {
                    self.problems.extend(query.ambiguities().iter().cloned().map(QueryError::advice));
                    CheckedDefinition::Query(query)
                }
                Err(error) => {
                    self.problems.push(error.in_segment());
                    CheckedDefinition::Unknown
                }
            },
            Definition::Unreadable { problems, rest, .. } => {
                let before = std::mem::replace(&mut self.problems, problems.clone());
                for (side, group) in rest.iter().filter(|(_, group)| group.off != Some(true)) {
                    self.group(group, NodePath::root(*side));
                }
                self.append_sorted(before);
                CheckedDefinition::Unknown
            }
        };
        CheckedSegment { meaning, problems: self.problems }
    }

    pub fn query(&self, text: &str) -> Result<Arc<Query>, QueryError> {
        let query = Query::parse(text, self.as_of)?;
        // Without an activation ID there is no telling what it ought to return.
        if self.schema.activation_id().is_ok() {
            self.schema.query(&query)?;
        }
        Ok(Arc::new(query))
    }

    fn group(&mut self, group: &Group, path: NodePath) -> CheckedGroup {
        if path.steps.len() > MAX_GROUP_DEPTH {
            let place = Place::Node(path.clone(), ConditionPart::Whole);
            let problem =
                Problem::invalid(place, format!("groups nest at most {MAX_GROUP_DEPTH} levels deep"));
            self.problems.push(problem.with_help("move its conditions one level up"));
            return CheckedGroup { path, matching: group.matching, nodes: Vec::new() };
        }
        keys::of_group(group, &path, &mut self.problems);
        let nodes = group.nodes.iter().enumerate().filter(|(_, node)| !node.is_off());
        let nodes = nodes.filter_map(|(index, node)| self.node(node, path.child(index))).collect();
        CheckedGroup { path, matching: group.matching, nodes }
    }

    /// `None` for a node that is empty, has a problem, or is a list that is not looked into.
    fn node(&mut self, node: &Node, path: NodePath) -> Option<CheckedNode> {
        match node {
            Node::Group(inner) => {
                let inner = self.group(inner, path);
                (!inner.nodes.is_empty()).then_some(CheckedNode::Group(inner))
            }
            Node::Condition(condition) => {
                let before = std::mem::take(&mut self.problems);
                let checked = self.condition(condition, &path);
                keys::of_condition(condition, &path, &mut self.problems);
                let checked = checked.unwrap_or_else(|problems| {
                    self.problems.splice(0..0, problems);
                    None
                });
                self.append_sorted(before);
                checked
            }
            Node::Unreadable(unreadable) => {
                self.unreadable(unreadable, path);
                None
            }
        }
    }

    /// What was not understood of a node, and all that is wrong in the rest of it.
    fn unreadable(&mut self, unreadable: &Unreadable, path: NodePath) {
        let errors = unreadable.errors.iter().map(|error| Problem::in_node(&path, error.clone()));
        let before = std::mem::replace(&mut self.problems, errors.collect());
        if let Some(rest) = &unreadable.rest {
            let known = self.problems.len();
            self.node(rest, path.clone());
            let found = self.problems.split_off(known);
            // A part that could not be understood is not missing.
            let is_of_rest = |problem: &Problem| match &problem.diagnostic.place {
                Place::Node(at, _) if *at != path => true,
                Place::Node(_, ConditionPart::Where(index)) if !is_named(rest, *index) => false,
                _ => problem.kind != ProblemKind::Incomplete,
            };
            self.problems.extend(found.into_iter().filter(is_of_rest));
        }
        self.append_sorted(before);
    }

    /// Puts the problems of one part, in document order, behind those of what stands before it.
    fn append_sorted(&mut self, mut before: Vec<Problem>) {
        self.problems.sort_by(|one, other| one.diagnostic.place.cmp(&other.diagnostic.place));
        before.append(&mut self.problems);
        self.problems = before;
    }

    /// `Ok(None)` for a list that is not looked into.
    fn condition(
        &mut self,
        condition: &Condition,
        path: &NodePath,
    ) -> Result<Option<CheckedNode>, Vec<Problem>> {
        let criterion = match &condition.kind {
            ConditionKind::Attribute(attribute) => self.attribute(attribute, path)?,
            ConditionKind::Purchase(purchase) => self.purchase(purchase, path)?,
            ConditionKind::Aggregate(aggregate) => self.aggregate(aggregate, path)?,
            ConditionKind::List(list) => {
                let list = self.list(list, &Place::Node(path.clone(), ConditionPart::Whole))?;
                return Ok(list.map(|list| CheckedNode::List(path.clone(), list)));
            }
        };
        Ok(Some(CheckedNode::Condition(path.clone(), Arc::new(criterion))))
    }
}

/// Whether the filter at `index` of a condition names a column.
fn is_named(node: &Node, index: usize) -> bool {
    match node {
        Node::Condition(condition) => {
            condition.filters().get(index).is_some_and(|filter| !filter.column.is_empty())
        }
        Node::Group(_) | Node::Unreadable(_) => false,
    }
}
