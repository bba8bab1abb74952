//! Why a customer is in a segment, or is not, in a sentence.

use super::explain::{Evidence, ExplainedCustomer, ExplainedNode, IdStanding};
use crate::segment::{Match, Schema, Segment, words};

/// How many lines are named at most.
const MOST_LINES: usize = 3;

/// Why a customer is a member, or is not: which lines decide.
#[must_use]
pub(super) fn reason(customer: &ExplainedCustomer, segment: &Segment, schema: &dyn Schema) -> String {
    match &customer.standing {
        IdStanding::Customer => {}
        IdStanding::Orphan { tables } => {
            return format!("is no customer: only {} has rows with it", tables.join(", "));
        }
        IdStanding::Unknown { similar } => {
            let near = similar.first().map(|id| format!(": did you mean {id:?}?")).unwrap_or_default();
            return format!("is no customer{near}");
        }
    }
    let [include, exclude] = customer.verdict.sides.as_slice() else {
        return match customer.verdict.is_member {
            true => "is in it: the query returns it".to_owned(),
            false => "is not in it: the query does not return it".to_owned(),
        };
    };
    let mut lines = Vec::new();
    if customer.verdict.is_member {
        deciding(include, &mut lines);
        return match lines.is_empty() {
            true => "is in it: nothing narrows it down".to_owned(),
            false => format!("is in it: {}", told(&lines, segment, schema)),
        };
    }
    if include.result != Some(true) {
        deciding(include, &mut lines);
        return format!("is not in it: {}", told(&lines, segment, schema));
    }
    deciding(exclude, &mut lines);
    format!("is excluded: {}", told(&lines, segment, schema))
}

/// The lines that make a node true, or keep it from being so.
fn deciding<'a>(node: &'a ExplainedNode, lines: &mut Vec<&'a ExplainedNode>) {
    let Evidence::Group { matching, of } = &node.evidence else { return lines.push(node) };
    let is_true = node.result == Some(true);
    // All of an ALL that is true, all of an ANY that is not; else only those that are like the group.
    let needs_all = (*matching == Match::All) == is_true;
    for inner in of.iter().filter(|inner| needs_all || (inner.result == Some(true)) == is_true) {
        deciding(inner, lines);
    }
}

fn told(lines: &[&ExplainedNode], segment: &Segment, schema: &dyn Schema) -> String {
    let line = |line: &&ExplainedNode| {
        let said = segment.node(&line.path).map(|node| words::sentence(node, schema)).unwrap_or_default();
        let result = match line.result {
            Some(true) => "holds",
            Some(false) => "does not hold",
            None => "is unknown (NULL)",
        };
        format!("{:?} ({}) {result}", said, line.path)
    };
    let named: Vec<String> = lines.iter().take(MOST_LINES).map(line).collect();
    match lines.len().saturating_sub(MOST_LINES) {
        0 => named.join(", "),
        1 => format!("{} and 1 more line", named.join(", ")),
        more => format!("{} and {more} more lines", named.join(", ")),
    }
}
