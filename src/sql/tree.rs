//! Groups, conditions and lists: each as a common table expression.

use super::attribute::{Refusal, whole};
use super::select::{Select, combined};
use super::tongue::Unsupported;
use super::writer::Writer;
use crate::diagnostic::Diagnostic;
use crate::segment::words::{self, matching};
use crate::segment::{
    Aggregate, CheckedDefinition, CheckedGroup, CheckedList, CheckedNode, ConditionPart, Criterion,
    ListMembers, Match, NamedSchema, Node, NodePath, Place, Problem, ProblemKind, Query, Schema, Segment,
};

impl Writer<'_> {
    /// Include without exclude, of `segment`: the universe, and what narrows it.
    pub fn members(
        &mut self,
        segment: &Segment,
        include: &CheckedGroup,
        exclude: &CheckedGroup,
    ) -> Result<String, Problem> {
        let included = self.side(segment, include, Match::All)?;
        let excluded = self.side(segment, exclude, Match::Any)?;
        let everybody = self.universe.clone();
        let ids = |names: Vec<String>| -> Vec<String> {
            std::iter::once(everybody).chain(names).map(|name| self.ids_of(&name).to_string()).collect()
        };
        if excluded.is_empty() || included.is_empty() {
            let (operation, names) =
                if excluded.is_empty() { ("INTERSECT", included) } else { ("EXCEPT", excluded) };
            return Ok(combined(operation, &ids(names)));
        }
        // Each operation by itself: no engine is asked which of them comes first.
        let included = combined("INTERSECT", &ids(included));
        let included = self.with.add("included", "Include", included);
        let queries = std::iter::once(included).chain(excluded).map(|name| self.ids_of(&name).to_string());
        Ok(combined("EXCEPT", &queries.collect::<Vec<_>>()))
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
            CheckedNode::Condition(path, criterion) => {
                let body = self.inline_table(criterion).and_then(|()| self.criterion(criterion));
                let body = body.map_err(|(part, unsupported)| {
                    let place = Place::Node(path.clone(), part);
                    Problem::unsupported(place, unsupported.message).with_help(unsupported.help)
                })?;
                let (name, mut comment) = self.words(segment, path);
                if let Criterion::Aggregate { aggregate: Aggregate::Average(_), .. } = &**criterion {
                    comment.push_str(
                        " (compared as a sum, rounded to six decimals, as engines round when they divide)",
                    );
                }
                Ok(self.with.add(&name, &comment, body))
            }
            CheckedNode::List(path, list) => self.list(segment, path, list),
        }
    }

    fn group(&mut self, segment: &Segment, group: &CheckedGroup) -> Result<String, Problem> {
        let names = group.nodes.iter().map(|node| self.node(segment, node)).collect::<Result<Vec<_>, _>>()?;
        if let [only] = names.as_slice() {
            return Ok(only.clone());
        }
        let queries: Vec<String> = names.iter().map(|name| self.ids_of(name).to_string()).collect();
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
        Ok(self.with.add(&name, &comment, combined(operation, &queries)))
    }

    fn criterion(&self, criterion: &Criterion) -> Result<String, Refusal> {
        match criterion {
            Criterion::Attribute { table, test, rows, filters } => {
                self.attribute(table, test, *rows, filters)
            }
            Criterion::Purchase { test, when, filters, .. } => match &self.purchases {
                Some(purchases) => self.purchase(purchases, test, when.as_ref(), filters),
                None => Err(whole(Unsupported {
                    message: "the items table could not be found".to_owned(),
                    help: "open the database again".to_owned(),
                })),
            },
            Criterion::Aggregate { table, aggregate, predicate, filters } => {
                self.aggregate(table, aggregate, predicate, filters)
            }
        }
    }

    fn list(&mut self, segment: &Segment, path: &NodePath, list: &CheckedList) -> Result<String, Problem> {
        let at_this_line = |problem: Problem| problem.at(Place::Node(path.clone(), ConditionPart::Whole));
        let (name, comment) = self.words(segment, path);
        let members = match &list.members {
            ListMembers::Segment(id, checked) => match &checked.meaning {
                CheckedDefinition::Visual { include, exclude } => {
                    self.referred(id, include, exclude).map_err(at_this_line)?
                }
                CheckedDefinition::Query(query) => self.returned(&name, query).map_err(at_this_line)?,
                CheckedDefinition::Unknown => {
                    return Err(checked.problems.first().cloned().map_or_else(
                        || {
                            Problem::unsupported(
                                Place::Node(path.clone(), ConditionPart::Whole),
                                "it cannot be told whom this means",
                            )
                        },
                        at_this_line,
                    ));
                }
            },
            ListMembers::Ids(ids) => self.inline(&listed_words(segment, path), ids).map_err(at_this_line)?,
            ListMembers::Query(_, query) => {
                self.returned(&listed_words(segment, path), query).map_err(at_this_line)?
            }
        };
        if !list.negated {
            return Ok(members);
        }
        let others = self.everybody_but(&self.ids_of(&members));
        Ok(self.with.add(&name, &comment, others))
    }

    /// The members of a segment that a list refers to, each segment once.
    fn referred(
        &mut self,
        id: &str,
        include: &CheckedGroup,
        exclude: &CheckedGroup,
    ) -> Result<String, Problem> {
        if let Some(known) = self.segments.get(id) {
            return Ok(known.clone());
        }
        let missing = |missing: Diagnostic| Problem::error(ProblemKind::Invalid, missing.at(Place::Sql));
        let segment = self.asked.lists.segment(id).map_err(missing)?;
        let members = self.members(&segment, include, exclude).map_err(|problem| {
            let message = format!("in {:?} at {problem}", segment.name);
            problem.with_message(message)
        })?;
        let comment = format!("The members of {:?}", segment.name);
        let name = self.with.add(&segment.name, &comment, members);
        self.segments.insert(id.to_owned(), name.clone());
        Ok(name)
    }

    /// The ids that a query returns.
    fn returned(&mut self, words: &str, query: &Query) -> Result<String, Problem> {
        let missing = |missing: Diagnostic| Problem::error(ProblemKind::Invalid, missing.at(Place::Sql));
        let ids = (self.asked.ids)(query).map_err(missing)?;
        self.inline(words, &ids)
    }

    /// Ids as values.
    fn inline(&mut self, words: &str, ids: &[String]) -> Result<String, Problem> {
        let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let literals = ids.iter().map(|id| self.tongue.text(id)).collect::<Result<Vec<_>, _>>();
        let literals = literals.map_err(|unsupported| {
            Problem::unsupported(Place::Sql, unsupported.message).with_help(unsupported.help)
        })?;
        let body = if literals.is_empty() {
            Select { filters: vec!["FALSE".to_owned()], ..self.ids_of(&self.universe) }.to_string()
        } else {
            self.tongue.listed(&self.id(), &literals)
        };
        Ok(self.with.add(words, &format!("The {} ids of {words}", ids.len()), body))
    }

    /// A line in words: for its name, and in full.
    fn words(&self, segment: &Segment, path: &NodePath) -> (String, String) {
        let Some(node) = segment.node(path) else { return (path.to_string(), path.to_string()) };
        let name = |id: &str| self.asked.lists.segment(id).ok().map(|segment| segment.name.clone());
        let schema = NamedSchema { schema: &self.asked.view as &dyn Schema, name };
        let short = match node {
            Node::Condition(condition) => words::condition(condition, &schema).sentence(),
            Node::Group(_) | Node::Unreadable(_) => path.to_string(),
        };
        (short, words::sentence(node, &schema))
    }
}

/// What a list of ids is called: its path.
fn listed_words(segment: &Segment, path: &NodePath) -> String {
    use crate::segment::{ConditionKind, ListSource};
    match segment.node(path) {
        Some(Node::Condition(condition)) => match &condition.kind {
            ConditionKind::List(list) => match &list.source {
                ListSource::File(path) | ListSource::Query(path) | ListSource::Segment(path) => path.clone(),
            },
            ConditionKind::Attribute(_) | ConditionKind::Purchase(_) | ConditionKind::Aggregate(_) => {
                path.to_string()
            }
        },
        _ => path.to_string(),
    }
}
