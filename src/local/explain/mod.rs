//! Why customers are in a segment, or are not (`docs/reference/insights.md`, Explain).
//!
//! What a condition comes to for a customer is read from its set, the same that all numbers come from; rows only tell
//! why. They are brought together as chunks of a few rows and tested by the code that tests those of all customers.

mod aggregate;
mod attribute;
mod change;
mod criterion;
mod distance;
mod find;
mod flips;
mod own_rows;
mod purchase;
mod rows;
mod sets;
mod standing;
mod tested_rows;
#[cfg(test)]
mod tests;
mod totals;

use std::collections::{HashMap, HashSet};

use criterion::Asked;
use flips::smallest_flips;
use sets::{GroupSets, LineSource, NodeSets, SegmentSets, SetFinder};

use super::engine::Engine;
use super::refuse::refuse_what_is_no_tree;
use super::view::View;
use crate::backend::{
    BackendError, Evidence, Explain, ExplainedCustomer, ExplainedNode, Explanation, IdStanding,
    MOST_WITH_ROWS, RowEvidence, SegmentVerdict, Task,
};
use crate::segment::{CheckedSegment, Side};

impl Engine {
    /// Why customers are in a segment, or are not.
    ///
    /// # Errors
    /// As of [`Engine::evaluate`].
    pub(crate) fn explain(&self, question: &Explain, task: Task<'_>) -> Result<Explanation, BackendError> {
        let Explain { segment, as_of, ids } = question;
        self.answer(|| {
            let refuse = |problems: &[_]| refuse_what_is_no_tree(segment, problems);
            let (checked, view) = self.prepare(segment, *as_of, refuse, task.cancel)?;
            Ok(Explanation {
                as_of: *as_of,
                activation_id: view.activation_id.to_owned(),
                customers: view.explain(ids, &checked)?,
                problems: checked.problems,
            })
        })
    }
}

impl View<'_> {
    fn explain(
        &self,
        ids: &[String],
        checked: &CheckedSegment,
    ) -> Result<Vec<ExplainedCustomer>, BackendError> {
        let sets = SetFinder { view: self, segments: HashMap::new() }.segment(checked)?;
        let known = self.ids()?;
        let numbers: Vec<Option<u32>> = ids.iter().map(|id| known.number(id)).collect();
        let mut all: Vec<u32> = numbers.iter().copied().flatten().collect();
        all.sort_unstable();
        all.dedup();
        let others = ids.iter().zip(&numbers).filter(|(_, number)| number.is_none());
        let standings = self.standings(&others.map(|(id, _)| id.as_str()).collect::<Vec<_>>())?;
        let with_rows = ids.len() <= MOST_WITH_ROWS;
        let explained = ids.iter().zip(numbers).map(|(id, number)| {
            let Some(customer) = number else {
                let unknown = IdStanding::Unknown { similar: Vec::new() };
                let standing = standings.get(id).cloned().unwrap_or(unknown);
                let verdict = SegmentVerdict { is_member: false, sides: Vec::new() };
                return Ok(ExplainedCustomer { id: id.clone(), standing, verdict, flips: Vec::new() });
            };
            self.cancel.check()?;
            let asked = Asked { customer, all: &all };
            let mut explainer = Explainer { view: self, asked, with_rows, explained: HashSet::new() };
            let verdict = explainer.verdict(&sets)?;
            let flips = smallest_flips(&verdict);
            Ok(ExplainedCustomer { id: id.clone(), standing: IdStanding::Customer, verdict, flips })
        });
        explained.collect()
    }
}

/// Explains the answer for one customer.
struct Explainer<'a> {
    view: &'a View<'a>,
    asked: Asked<'a>,
    with_rows: bool,
    /// The segments whose reasons were told already.
    explained: HashSet<&'a str>,
}

impl<'a> Explainer<'a> {
    fn customer(&self) -> usize {
        self.asked.customer as usize
    }

    fn verdict(&mut self, sets: &'a SegmentSets<'_>) -> Result<SegmentVerdict, BackendError> {
        let is_member = sets.contains(self.customer());
        let SegmentSets::Sides([include, exclude]) = sets else {
            return Ok(SegmentVerdict { is_member, sides: Vec::new() });
        };
        let sides = vec![self.side(Side::Include, include)?, self.side(Side::Exclude, exclude)?];
        Ok(SegmentVerdict { is_member, sides })
    }

    fn side(&mut self, side: Side, group: &'a GroupSets<'_>) -> Result<ExplainedNode, BackendError> {
        let result = group.of_side(side, self.customer());
        Ok(ExplainedNode { result, ..self.group(group)? })
    }

    fn group(&mut self, group: &'a GroupSets<'_>) -> Result<ExplainedNode, BackendError> {
        let of = group.nodes.iter().map(|node| self.node(node)).collect::<Result<Vec<_>, _>>()?;
        let evidence = Evidence::Group { matching: group.matching, of };
        Ok(ExplainedNode { path: group.path.clone(), result: group.result(self.customer()), evidence })
    }

    fn node(&mut self, node: &'a NodeSets<'_>) -> Result<ExplainedNode, BackendError> {
        let (path, source) = match node {
            NodeSets::Group(group) => return self.group(group),
            NodeSets::Line { path, source, .. } => (path, source),
        };
        let result = node.result(self.customer());
        let evidence = match source {
            LineSource::Rows(criterion) if self.with_rows => {
                Evidence::Rows(self.view.row_evidence(self.asked, criterion, result)?)
            }
            LineSource::Rows(criterion) => {
                let table = self.view.database().table_by_key(criterion.table());
                let table = table.map_or_else(String::new, |table| table.name.clone());
                Evidence::Rows(RowEvidence { table, ..RowEvidence::default() })
            }
            LineSource::Segment(id, sets) => {
                let verdict = match self.explained.insert(id) {
                    true => self.verdict(sets)?,
                    false => SegmentVerdict { is_member: sets.contains(self.customer()), sides: Vec::new() },
                };
                Evidence::Segment { id: (*id).to_owned(), verdict: Box::new(verdict) }
            }
            LineSource::List(path, negated) => {
                Evidence::List { path: path.clone(), is_in: (result == Some(true)) != *negated }
            }
        };
        Ok(ExplainedNode { path: (*path).clone(), result, evidence })
    }
}
