//! Several customers at once: what each line comes to for each of them. They are asked for some at a time, so that the
//! first are there at once and ten thousand take little memory.

use std::collections::HashMap;
use std::sync::Arc;

use crate::app::event::{Event, SegmentFailure};
use crate::app::session::Session;
use crate::backend::{
    self, Evidence, ExplainedCustomer, ExplainedNode, IdStanding, PageAnswer, PageQuestion,
};
use crate::segment::{NodePath, Segment};

/// How many customers are asked for at a time.
const AT_A_TIME: usize = 200;

/// Several customers at once.
#[derive(Clone, Debug, Default)]
pub struct IdTable {
    /// Of which definition the answers are, or will be.
    definition: u64,
    /// The segment that they are of.
    segment: Option<Arc<Segment>>,
    /// The lines that take part, in document order.
    pub lines: Vec<NodePath>,
    /// What is known of the customers, in their order.
    pub rows: Vec<IdRow>,
    /// How many of the rows are of this definition: the first.
    known: usize,
    /// The request that is under way.
    request: Option<u64>,
    failure: Option<SegmentFailure>,
}

/// What is known of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdRow {
    /// What the id is.
    pub standing: IdStanding,
    /// The answer.
    pub is_member: bool,
    /// What each line comes to, as the lines of the table; none of an id that is no customer.
    pub results: Vec<Option<bool>>,
}

/// How many are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Members.
    pub members: usize,
    /// Customers that are no members.
    pub others: usize,
    /// Ids without a customer that tables have.
    pub orphans: usize,
    /// Ids that are nowhere.
    pub unknown: usize,
}

impl IdTable {
    /// Forgets everybody.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What was asked for last is not waited for any more.
    pub(super) fn give_up(&mut self) {
        self.request = None;
    }

    /// Asks for the next customers, if some are still to be known.
    pub(super) fn follow(
        &mut self,
        definition: u64,
        segment: &Arc<Segment>,
        ids: &[String],
        session: &mut Session,
    ) {
        if self.definition != definition || self.segment.is_none() {
            (self.definition, self.segment) = (definition, Some(Arc::clone(segment)));
            (self.known, self.request, self.failure) = (0, None, None);
        }
        if self.request.is_some() || self.failure.is_some() || self.known >= ids.len() {
            return;
        }
        let ids = ids.iter().skip(self.known).take(AT_A_TIME).cloned().collect();
        let question = backend::Explain { segment: Arc::clone(segment), as_of: session.as_of(), ids };
        self.request = session.ask_page(PageQuestion::Explain(question));
    }

    /// Takes an answer; whether it was asked for.
    pub(super) fn receive(&mut self, event: &Event) -> bool {
        match event {
            Event::PageProgress { request, .. } => self.request == Some(*request),
            Event::PageAnswered { request, result } if self.request == Some(*request) => {
                self.request = None;
                match result.as_deref() {
                    Ok(PageAnswer::Explanation(explanation)) => self.add(&explanation.customers),
                    Ok(_) => {}
                    Err(failure) => self.failure = Some(failure.clone()),
                }
                true
            }
            _ => false,
        }
    }

    fn add(&mut self, customers: &[ExplainedCustomer]) {
        let lines =
            customers.iter().find(|customer| customer.standing == IdStanding::Customer).map(conditions);
        if let Some(lines) = lines
            && lines != self.lines
        {
            // The results before are of other lines.
            let count = lines.len();
            self.lines = lines;
            self.rows.iter_mut().for_each(|row| row.results = vec![None; count]);
        }
        for customer in customers {
            let row = self.row(customer);
            match self.rows.get_mut(self.known) {
                Some(old) => *old = row,
                None => self.rows.push(row),
            }
            self.known += 1;
        }
    }

    fn row(&self, customer: &ExplainedCustomer) -> IdRow {
        let mut results = HashMap::new();
        for side in &customer.verdict.sides {
            collect(side, &mut |node| {
                results.insert(&node.path, node.result);
            });
        }
        let of_line = |path: &NodePath| results.get(path).copied().flatten();
        let is_customer = customer.standing == IdStanding::Customer;
        IdRow {
            standing: customer.standing.clone(),
            is_member: customer.verdict.is_member,
            results: if is_customer { self.lines.iter().map(of_line).collect() } else { Vec::new() },
        }
    }

    /// Whether a row is of the definition as it is now.
    #[must_use]
    pub fn is_known(&self, row: usize) -> bool {
        row < self.known
    }

    /// How many are known of the definition as it is now.
    #[must_use]
    pub fn known(&self) -> usize {
        self.known
    }

    /// Why no more are.
    #[must_use]
    pub fn failure(&self) -> Option<&SegmentFailure> {
        self.failure.as_ref()
    }

    /// The segment that the rows are of.
    #[must_use]
    pub fn segment(&self) -> Option<&Arc<Segment>> {
        self.segment.as_ref()
    }

    /// How many of those that are known are what.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for row in self.rows.iter().take(self.known) {
            match (&row.standing, row.is_member) {
                (IdStanding::Customer, true) => tally.members += 1,
                (IdStanding::Customer, false) => tally.others += 1,
                (IdStanding::Orphan { .. }, _) => tally.orphans += 1,
                (IdStanding::Unknown { .. }, _) => tally.unknown += 1,
            }
        }
        tally
    }
}

/// The conditions of an explanation, in document order.
fn conditions(customer: &ExplainedCustomer) -> Vec<NodePath> {
    let mut paths = Vec::new();
    for side in &customer.verdict.sides {
        collect(side, &mut |node| {
            if !matches!(node.evidence, Evidence::Group { .. }) {
                paths.push(node.path.clone());
            }
        });
    }
    paths
}

fn collect<'a>(node: &'a ExplainedNode, take: &mut dyn FnMut(&'a ExplainedNode)) {
    take(node);
    if let Evidence::Group { of, .. } = &node.evidence {
        of.iter().for_each(|inner| collect(inner, take));
    }
}
