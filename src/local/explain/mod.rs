//! Why customers are in a segment, or are not (`docs/reference/insights.md`, Explain).
//!
//! What a condition comes to for a customer is read from its set, the same that all numbers come from; rows only tell
//! why.

mod change;
mod find;
mod flips;
mod rows;

use flips::smallest_flips;

use super::engine::Engine;
use super::refuse::refuse_what_is_no_tree;
use super::sets::ternary_mask::TernaryMask;
use super::sets::tree::MaskSource as _;
use super::view::View;
use crate::backend::{
    BackendError, Evidence, Explain, ExplainedCustomer, ExplainedNode, Explanation, IdStanding,
    SegmentVerdict, Task,
};
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedList, CheckedNode, CheckedSegment, ListMembers, Match, NodePath,
    Side,
};

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
            let customers = ids.iter().map(|id| view.explain(id, &checked)).collect::<Result<_, _>>()?;
            Ok(Explanation {
                as_of: *as_of,
                activation_id: view.activation_id.to_owned(),
                customers,
                problems: checked.problems,
            })
        })
    }
}

impl View<'_> {
    fn explain(&self, id: &str, checked: &CheckedSegment) -> Result<ExplainedCustomer, BackendError> {
        let Some(customer) = self.ids()?.number(id) else {
            return Ok(ExplainedCustomer {
                id: id.to_owned(),
                standing: IdStanding::Unknown { similar: Vec::new() },
                verdict: SegmentVerdict { is_member: false, sides: Vec::new() },
                flips: Vec::new(),
            });
        };
        let verdict = self.verdict(customer as usize, checked)?;
        let flips = smallest_flips(&verdict);
        Ok(ExplainedCustomer { id: id.to_owned(), standing: IdStanding::Customer, verdict, flips })
    }

    fn verdict(&self, customer: usize, checked: &CheckedSegment) -> Result<SegmentVerdict, BackendError> {
        let CheckedDefinition::Visual { include, exclude } = &checked.meaning else {
            let members = self.sides(checked)?.members(self.cancel)?;
            return Ok(SegmentVerdict { is_member: members.contains(customer), sides: Vec::new() });
        };
        let include = self.side(customer, Side::Include, include)?;
        let exclude = self.side(customer, Side::Exclude, exclude)?;
        let is_member = include.result == Some(true) && exclude.result != Some(true);
        Ok(SegmentVerdict { is_member, sides: vec![include, exclude] })
    }

    /// A side without nodes takes all in, or none out.
    fn side(&self, customer: usize, side: Side, group: &CheckedGroup) -> Result<ExplainedNode, BackendError> {
        let mut node = self.group(customer, group)?;
        if let Evidence::Group { of, .. } = &node.evidence
            && of.is_empty()
        {
            node.result = Some(side == Side::Include);
        }
        Ok(node)
    }

    fn group(&self, customer: usize, group: &CheckedGroup) -> Result<ExplainedNode, BackendError> {
        let nodes = group.nodes.iter().map(|node| self.node(customer, node));
        let of = nodes.collect::<Result<Vec<_>, _>>()?;
        let result = combined(group.matching, of.iter().map(|node| node.result));
        let evidence = Evidence::Group { matching: group.matching, of };
        Ok(ExplainedNode { path: group.path.clone(), result, evidence })
    }

    fn node(&self, customer: usize, node: &CheckedNode) -> Result<ExplainedNode, BackendError> {
        match node {
            CheckedNode::Group(group) => self.group(customer, group),
            CheckedNode::Condition(path, criterion) => {
                let result = of_customer(&*self.criterion(criterion)?, customer);
                let evidence = Evidence::Rows(self.row_evidence(customer, criterion, result)?);
                Ok(ExplainedNode { path: path.clone(), result, evidence })
            }
            CheckedNode::List(path, list) => self.listed_node(customer, path, list),
        }
    }

    fn listed_node(
        &self,
        customer: usize,
        path: &NodePath,
        list: &CheckedList,
    ) -> Result<ExplainedNode, BackendError> {
        let result = of_customer(&*self.list(path, list)?, customer);
        let evidence = match &list.members {
            ListMembers::Segment(id, checked) => {
                Evidence::Segment { id: id.clone(), verdict: Box::new(self.verdict(customer, checked)?) }
            }
            ListMembers::Query(file, _) => {
                Evidence::List { path: file.clone(), is_in: (result == Some(true)) != list.negated }
            }
            ListMembers::Ids(_) => {
                Evidence::List { path: String::new(), is_in: (result == Some(true)) != list.negated }
            }
        };
        Ok(ExplainedNode { path: path.clone(), result, evidence })
    }
}

/// What a set says of a customer.
fn of_customer(mask: &TernaryMask, customer: usize) -> Option<bool> {
    match (mask.trues.contains(customer), mask.unknowns.contains(customer)) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

/// What a group comes to: unknown where it depends on what is unknown.
fn combined(matching: Match, results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let decisive = matching == Match::Any;
    results.fold(Some(!decisive), |combined, result| match (combined, result) {
        (Some(value), _) | (_, Some(value)) if value == decisive => Some(decisive),
        (Some(_), Some(_)) => Some(!decisive),
        _ => None,
    })
}
