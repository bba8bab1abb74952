//! Sides, groups and conditions: each as a common table expression.

use super::writer::QueryWriter;
use crate::segment::words::{self, matching};
use crate::segment::{
    Aggregate, CheckedGroup, CheckedNode, Criterion, Match, NamedSchema, Node, NodePath, Place, Problem,
    Schema, Segment,
};
use crate::sql::layout::{Fragment, combined};
use crate::sql::unsupported::{Unsupported, UnsupportedPart};

impl QueryWriter<'_> {
    /// Include without exclude, of `segment`: the universe, and what narrows it.
    pub fn members(
        &mut self,
        segment: &Segment,
        include: &CheckedGroup,
        exclude: &CheckedGroup,
    ) -> Result<Fragment, Problem> {
        let included = self.side(segment, include, Match::All)?;
        let excluded = self.side(segment, exclude, Match::Any)?;
        let included = std::iter::once(self.universe.clone()).chain(included);
        if excluded.is_empty() {
            return Ok(self.combined_ids("INTERSECT", included));
        }
        let mut included: Vec<String> = included.collect();
        if included.len() > 1 {
            // Each operation by itself: no engine is asked which of them comes first.
            let both = self.combined_ids("INTERSECT", included);
            included = vec![self.with.add("included", "Include", &both)];
        }
        Ok(self.combined_ids("EXCEPT", included.into_iter().chain(excluded)))
    }

    /// The ids of common table expressions, combined by a set operation.
    fn combined_ids(&self, operation: &'static str, names: impl IntoIterator<Item = String>) -> Fragment {
        combined(operation, names.into_iter().map(|name| self.select_ids(&name).into()))
    }

    /// The names of the nodes of a side, where each of them narrows the members; otherwise that of the side.
    fn side(
        &mut self,
        segment: &Segment,
        side: &CheckedGroup,
        narrowing: Match,
    ) -> Result<Vec<String>, Problem> {
        if side.nodes.is_empty() {
            return Ok(Vec::new());
        }
        if side.matching == narrowing {
            return side.nodes.iter().map(|node| self.node(segment, node)).collect();
        }
        Ok(vec![self.group(segment, side)?])
    }

    /// The name of the ids for which a node holds. They may be more than the universe.
    fn node(&mut self, segment: &Segment, node: &CheckedNode) -> Result<String, Problem> {
        match node {
            CheckedNode::Group(group) => self.group(segment, group),
            CheckedNode::Condition(path, criterion) => self.condition(segment, path, criterion),
            CheckedNode::List(path, list) => self.list(segment, path, list),
        }
    }

    fn group(&mut self, segment: &Segment, group: &CheckedGroup) -> Result<String, Problem> {
        let names = group.nodes.iter().map(|node| self.node(segment, node)).collect::<Result<Vec<_>, _>>()?;
        if let [only] = names.as_slice() {
            return Ok(only.clone());
        }
        let operation = match group.matching {
            Match::All => "INTERSECT",
            Match::Any => "UNION",
        };
        let title = segment.group(&group.path).and_then(|group| group.title.clone());
        let words = format!("{} of the conditions in {}", matching(group.matching), group.path);
        let (name, comment) = match title {
            Some(title) => (title.clone(), format!("{title}: {words}")),
            // Both sides are words of SQL in some engines.
            None if group.path.steps.is_empty() => {
                (format!("{} {}d", matching(group.matching), group.path.side.id()), words)
            }
            None => (group.path.to_string(), words),
        };
        let body = self.combined_ids(operation, names);
        Ok(self.with.add(&name, &comment, &body))
    }

    fn condition(
        &mut self,
        segment: &Segment,
        path: &NodePath,
        criterion: &Criterion,
    ) -> Result<String, Problem> {
        let body = self.add_workspace_table(criterion).and_then(|()| self.criterion(criterion));
        let body =
            body.map_err(|UnsupportedPart { part, reason }| reason.at(Place::Node(path.clone(), part)))?;
        let (name, mut comment) = self.describe(segment, path);
        if let Criterion::Aggregate { aggregate: Aggregate::Average(_), .. } = criterion {
            comment
                .push_str(" (compared as a sum, rounded to six decimals, as engines round when they divide)");
        }
        Ok(self.with.add(&name, &comment, &body))
    }

    fn criterion(&self, criterion: &Criterion) -> Result<Fragment, UnsupportedPart> {
        match criterion {
            Criterion::Attribute { table, test, rows, filters } => {
                self.attribute(table, test, *rows, filters)
            }
            Criterion::Purchase { test, when, filters, .. } => match &self.purchases {
                Some(purchases) => self.purchase(purchases, test, when.as_ref(), filters),
                None => {
                    let message = "the items table could not be found";
                    Err(Unsupported::new(message, "open the database again").into())
                }
            },
            Criterion::Aggregate { table, aggregate, predicate, filters } => {
                self.aggregate(table, aggregate, predicate, filters)
            }
        }
    }

    /// A line in words: for its name, and in full.
    pub fn describe(&self, segment: &Segment, path: &NodePath) -> (String, String) {
        let Some(node) = segment.node(path) else { return (path.to_string(), path.to_string()) };
        let name =
            |id: &str| self.request.backend.lists().segment(id).ok().map(|segment| segment.name.clone());
        let schema = NamedSchema { schema: &self.request.view as &dyn Schema, names: name };
        let short = match node {
            Node::Condition(condition) => words::condition(condition, &schema).sentence(),
            Node::Group(_) | Node::Unreadable(_) => path.to_string(),
        };
        (short, words::sentence(node, &schema))
    }
}
