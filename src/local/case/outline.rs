//! What of an explanation must be the same in a case: everything but the values.

use crate::backend::{Evidence, ExplainedCustomer, ExplainedNode, Explanation, IdStanding, SegmentVerdict};

/// What is said of one thing about one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outline {
    id: String,
    /// Where, through segments that refer to others; empty: the answer.
    place: String,
    result: Option<bool>,
    /// How many customers, flips and rows there are, as text.
    more: String,
}

impl Outline {
    /// What it is about, for messages.
    pub fn words(&self) -> String {
        if self.place.is_empty() { "the answer".to_owned() } else { format!("the line at {}", self.place) }
    }
}

/// All that must be the same.
pub(super) fn outline(explanation: &Explanation) -> Vec<Outline> {
    let mut outlines = Vec::new();
    for customer in &explanation.customers {
        let flips =
            customer.flips.iter().map(|flip| flip.iter().map(ToString::to_string).collect::<Vec<_>>());
        let more = format!("{:?} {:?}", customer.standing, flips.collect::<Vec<_>>());
        let result = Some(customer.verdict.is_member);
        outlines.push(Outline { id: customer.id.clone(), place: String::new(), result, more });
        of_verdict(&customer.id, "", &customer.verdict, &mut outlines);
    }
    outlines
}

fn of_verdict(id: &str, within: &str, verdict: &SegmentVerdict, outlines: &mut Vec<Outline>) {
    verdict.sides.iter().for_each(|side| of_node(id, within, side, outlines));
}

fn of_node(id: &str, within: &str, node: &ExplainedNode, outlines: &mut Vec<Outline>) {
    let place = format!("{within}{}", node.path);
    let more = match &node.evidence {
        Evidence::Rows(rows) => format!(
            "{} {} {:?}",
            rows.table,
            rows.rows_left_out,
            rows.rows.iter().map(|row| (row.result, row.dropped)).collect::<Vec<_>>()
        ),
        Evidence::List { is_in, .. } => format!("{is_in}"),
        Evidence::Segment { verdict, .. } => format!("{}", verdict.is_member),
        Evidence::Group { .. } => String::new(),
    };
    outlines.push(Outline { id: id.to_owned(), place: place.clone(), result: node.result, more });
    match &node.evidence {
        Evidence::Group { of, .. } => of.iter().for_each(|node| of_node(id, within, node, outlines)),
        Evidence::Segment { verdict, .. } => of_verdict(id, &format!("{place}/"), verdict, outlines),
        Evidence::Rows(_) | Evidence::List { .. } => {}
    }
}

/// Without what it says of other customers.
pub(super) fn without_others(explanation: Explanation) -> Explanation {
    let alone = |customer: ExplainedCustomer| {
        let standing = match customer.standing {
            IdStanding::Unknown { .. } => IdStanding::Unknown { similar: Vec::new() },
            other => other,
        };
        ExplainedCustomer { standing, ..customer }
    };
    let customers = explanation.customers.into_iter().map(alone).collect();
    Explanation { customers, ..explanation }
}
