//! Customer lists, and the way from one segment to the next.

use std::sync::Arc;

use chrono::NaiveDate;

use super::checker::Checker;
use super::error::CheckError;
use super::resolution::ListResolution;
use crate::segment::checked::*;
use crate::segment::document::Segment;
use crate::segment::node::{ListCondition, ListSource};
use crate::segment::place::Place;
use crate::segment::problem::{Problem, ProblemKind, Severity};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::ListOperator;

/// How many segments a reference may lead through: more than people make, less than the stack holds.
const LONGEST_CHAIN: usize = 50;

impl Checker<'_, '_> {
    /// `Ok(None)` if lists are not looked into.
    pub(super) fn list(
        &mut self,
        list: &ListCondition,
        place: &Place,
    ) -> Result<Option<CheckedList>, Vec<Problem>> {
        let error = |error: CheckError| vec![error.at(place.clone())];
        let op = list.op.ok_or_else(|| error(CheckError::incomplete("the condition has no operator")))?;
        let (schema, as_of) = (self.schema, self.as_of);
        let Some(resolution) = self.lists.as_deref_mut() else { return Ok(None) };
        let members = match &list.source {
            ListSource::Query(path) => {
                let text = resolution.lists.query(path).map_err(|missing| error(missing.into()))?;
                let query = self.query(&text).map_err(|error| vec![error.in_file(path, place.clone())])?;
                ListMembers::Query(path.clone(), query)
            }
            ListSource::File(path) => {
                let ids = resolution.lists.file(path, &resolution.activation_id);
                ListMembers::Ids(path.clone(), ids.map_err(|missing| error(missing.into()))?)
            }
            ListSource::Segment(id) => {
                let checked = referred(id, schema, as_of, resolution).map_err(|problems| {
                    let at_this_line = |problem: Problem| problem.at(place.clone());
                    problems.into_iter().map(at_this_line).collect::<Vec<_>>()
                })?;
                ListMembers::Segment(id.clone(), checked)
            }
        };
        Ok(Some(CheckedList { members, negated: op == ListOperator::IsNotMember }))
    }
}

/// What a segment that is referred to means. Its problems say in which segment they are; their places
/// are for the caller to set.
fn referred(
    id: &str,
    schema: &dyn Schema,
    as_of: NaiveDate,
    resolution: &mut ListResolution,
) -> Result<Arc<CheckedSegment>, Vec<Problem>> {
    let refused =
        |message: String, help: &str| Err(vec![Problem::invalid(Place::Sql, message).with_help(help)]);
    if let Some(cycle) = resolution.cycle(id) {
        let message = format!("the segment reaches itself: {cycle}");
        return refused(message, "take one of these references out");
    }
    if let Some(known) = resolution.known.get(id) {
        return known.clone();
    }
    if resolution.chain.len() > LONGEST_CHAIN {
        let message = format!("lists lead through more than {LONGEST_CHAIN} segments");
        return refused(message, "refer to one of the segments behind directly");
    }
    let segment = match resolution.lists.segment(id) {
        Ok(segment) => segment,
        Err(missing) => return Err(vec![Problem::error(ProblemKind::Invalid, missing.at(Place::Sql))]),
    };
    let default = schema.default_activation_id();
    let (own, other) = (&resolution.activation_id, segment.activation_id_or(&default));
    if own != other {
        let message = format!("{:?} is made of {other:?}, this segment of {own:?}", segment.name);
        return refused(message, "refer to a segment with the same activation ID");
    }
    resolution.chain.push((id.to_owned(), segment.name.clone()));
    let inner = Checker { schema, as_of, lists: Some(&mut *resolution), problems: Vec::new() };
    let checked = inner.check(&segment);
    resolution.chain.pop();
    let errors = checked.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors: Vec<Problem> = errors.map(|problem| inside(&segment, problem)).collect();
    let result = if errors.is_empty() { Ok(Arc::new(checked)) } else { Err(errors) };
    resolution.known.insert(id.to_owned(), result.clone());
    result
}

/// A problem as seen from a segment that refers to the one that has it.
fn inside(segment: &Segment, problem: &Problem) -> Problem {
    let message =
        format!("in {:?} at {}: {}", segment.name, problem.diagnostic.place, problem.diagnostic.message);
    let kind = match problem.kind {
        ProblemKind::Unsupported => ProblemKind::Unsupported,
        // What is still missing is missing there, not here.
        ProblemKind::Incomplete | ProblemKind::Invalid => ProblemKind::Invalid,
    };
    Problem { kind, ..problem.clone().with_message(message) }
}
