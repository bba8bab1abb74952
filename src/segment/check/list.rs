//! Customer lists, and the way from one segment to the next.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::Checker;
use super::error::CheckError;
use crate::segment::checked::*;
use crate::segment::document::Segment;
use crate::segment::lists::Lists;
use crate::segment::node::{ListCondition, ListSource};
use crate::segment::place::Place;
use crate::segment::problem::{Problem, ProblemKind, Severity};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::ListOperator;

/// How many segments a reference may lead through: more than people make, less than the stack holds.
const LONGEST_CHAIN: usize = 50;

/// References that are being followed, from the outermost segment on.
pub struct Following<'l> {
    lists: &'l dyn Lists,
    activation_id: String,
    /// From the outermost segment to the one that is being checked, by id and name.
    chain: Vec<(String, String)>,
    /// What the segments behind came to, by id: two ways to the same segment are one.
    known: HashMap<String, Result<Arc<CheckedSegment>, Vec<Problem>>>,
}

impl<'l> Following<'l> {
    pub fn new(outermost: &Segment, schema: &dyn Schema, lists: &'l dyn Lists) -> Self {
        Self {
            lists,
            activation_id: outermost.activation_id_or(&schema.default_activation_id()).to_owned(),
            chain: vec![(outermost.id.clone(), outermost.name.clone())],
            known: HashMap::new(),
        }
    }

    /// The names from an earlier mention of a segment to its next one.
    fn circle(&self, id: &str) -> Option<String> {
        let start = self.chain.iter().position(|(earlier, _)| earlier == id)?;
        let circle = self.chain.iter().skip(start).chain(self.chain.get(start));
        Some(circle.map(|(_, name)| format!("{name:?}")).collect::<Vec<_>>().join(" → "))
    }
}

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
        let Some(following) = self.lists.as_deref_mut() else { return Ok(None) };
        let members = match &list.source {
            ListSource::Query(path) => {
                let text = following.lists.query(path).map_err(|missing| error(missing.into()))?;
                let query = self.query(&text).map_err(|error| vec![error.in_file(path, place.clone())])?;
                ListMembers::Query(path.clone(), query)
            }
            ListSource::File(path) => {
                let ids = following.lists.file(path, &following.activation_id);
                ListMembers::Ids(ids.map_err(|missing| error(missing.into()))?)
            }
            ListSource::Segment(id) => {
                let checked = referred(id, schema, as_of, following).map_err(|problems| {
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
    following: &mut Following,
) -> Result<Arc<CheckedSegment>, Vec<Problem>> {
    let refused =
        |message: String, help: &str| Err(vec![Problem::invalid(Place::Sql, message).with_help(help)]);
    if let Some(circle) = following.circle(id) {
        let message = format!("the segment reaches itself: {circle}");
        return refused(message, "take one of these references out");
    }
    if let Some(known) = following.known.get(id) {
        return known.clone();
    }
    if following.chain.len() > LONGEST_CHAIN {
        let message = format!("lists lead through more than {LONGEST_CHAIN} segments");
        return refused(message, "refer to one of the segments behind directly");
    }
    let segment = match following.lists.segment(id) {
        Ok(segment) => segment,
        Err(missing) => return Err(vec![Problem::error(ProblemKind::Invalid, missing.at(Place::Sql))]),
    };
    let default = schema.default_activation_id();
    let (own, other) = (&following.activation_id, segment.activation_id_or(&default));
    if own != other {
        let message = format!("{:?} is made of {other:?}, this segment of {own:?}", segment.name);
        return refused(message, "refer to a segment with the same activation ID");
    }
    following.chain.push((id.to_owned(), segment.name.clone()));
    let inner = Checker { schema, as_of, lists: Some(&mut *following), problems: Vec::new() };
    let checked = inner.check(&segment);
    following.chain.pop();
    let errors = checked.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors: Vec<Problem> = errors.map(|problem| inside(&segment, problem)).collect();
    let result = if errors.is_empty() { Ok(Arc::new(checked)) } else { Err(errors) };
    following.known.insert(id.to_owned(), result.clone());
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
