//! Conditions on lists: the members of other segments, and ids as values.

use super::writer::QueryWriter;
use crate::diagnostic::Diagnostic;
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedList, CheckedSegment, ConditionKind, ConditionPart, ListMembers,
    ListSource, Node, NodePath, Place, Problem, ProblemKind, Query, Segment,
};
use crate::sql::layout::Select;

impl QueryWriter<'_> {
    /// The name of the ids for which a condition on a list holds.
    pub fn list(
        &mut self,
        segment: &Segment,
        path: &NodePath,
        list: &CheckedList,
    ) -> Result<String, Problem> {
        let (name, comment) = self.describe(segment, path);
        let members = match &list.members {
            ListMembers::Segment(id, checked) => self.other_segment(&name, id, checked),
            ListMembers::Ids(_, ids) => self.add_ids(&title(segment, path), ids),
            ListMembers::Query(_, query) => self.add_query_result(&title(segment, path), query),
        };
        let members = members.map_err(|problem| {
            let place = Place::Node(path.clone(), ConditionPart::Whole);
            problem.at(place)
        })?;
        if !list.negated {
            return Ok(members);
        }
        let others = self.all_except(self.select_ids(&members));
        Ok(self.with.add(&name, &comment, &others))
    }

    /// The members of a segment that a list refers to.
    fn other_segment(&mut self, title: &str, id: &str, checked: &CheckedSegment) -> Result<String, Problem> {
        match &checked.meaning {
            CheckedDefinition::Visual { include, exclude } => self.add_segment(id, include, exclude),
            CheckedDefinition::Query(query) => self.add_query_result(title, query),
            CheckedDefinition::Unknown => {
                let unknown = || Problem::unsupported(Place::Sql, "it cannot be told whom this means");
                Err(checked.problems.first().cloned().unwrap_or_else(unknown))
            }
        }
    }

    /// The members of another segment, each segment once.
    fn add_segment(
        &mut self,
        id: &str,
        include: &CheckedGroup,
        exclude: &CheckedGroup,
    ) -> Result<String, Problem> {
        if let Some(known) = self.segments.get(id) {
            return Ok(known.clone());
        }
        let segment = self.request.backend.lists().segment(id).map_err(missing)?;
        let members = self.members(&segment, include, exclude).map_err(|problem| {
            let message = format!(
                "in {:?} at {}: {}",
                segment.name, problem.diagnostic.place, problem.diagnostic.message
            );
            problem.with_message(message)
        })?;
        let comment = format!("The members of {:?}", segment.name);
        let name = self.with.add(&segment.name, &comment, &members);
        self.segments.insert(id.to_owned(), name.clone());
        Ok(name)
    }

    /// The ids that a query returns, as values.
    fn add_query_result(&mut self, title: &str, query: &Query) -> Result<String, Problem> {
        let ids = self.request.query_ids(query).map_err(missing)?;
        self.add_ids(title, &ids)
    }

    /// Ids as values.
    fn add_ids(&mut self, title: &str, ids: &[String]) -> Result<String, Problem> {
        let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let literals = ids.iter().map(|id| self.dialect.string_literal(id)).collect::<Result<Vec<_>, _>>();
        let literals = literals.map_err(|unsupported| unsupported.at(Place::Sql))?;
        let body = if literals.is_empty() {
            Select { filters: vec!["FALSE".into()], ..self.select_ids(&self.universe) }.into()
        } else {
            let column = self.dialect.identifier(self.request.view.activation_id);
            self.dialect.select_strings(&column, &literals)
        };
        Ok(self.with.add(title, &format!("The {} ids of {title}", ids.len()), &body))
    }
}

fn missing(missing: Diagnostic) -> Problem {
    Problem::error(ProblemKind::Invalid, missing.at(Place::Sql))
}

/// What a list of ids is called: its path.
fn title(segment: &Segment, path: &NodePath) -> String {
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
