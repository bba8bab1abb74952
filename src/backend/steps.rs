//! Who joins and leaves a segment on the way from one definition, or day, to another.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;

use super::question::WrongConditions;
use crate::segment::Segment;

/// Who joins and leaves from the first of some steps to the last one, and by which of them.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareSteps {
    /// The steps, of one activation ID.
    pub steps: Vec<Step>,
    /// What becomes of conditions that are wrong.
    pub wrong: WrongConditions,
}

/// A segment on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The segment.
    pub segment: Arc<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
}

/// Who joins and leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepComparison {
    /// Whom the segments mean.
    pub activation_id: String,
    /// From the first step to the last one.
    pub all: JoinedAndLeft,
    /// By each step but the first. Whoever joins or leaves counts once: at the last step that altered her membership.
    pub by: Vec<JoinedAndLeft>,
}

/// How many customers join and how many leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JoinedAndLeft {
    /// Who is no member before and is one after.
    pub joined: u64,
    /// Who is a member before and is none after.
    pub left: u64,
}

/// The same for members who are known by their ids, sorted by code point. `members` gives those of each step; it is
/// asked from the last one back.
///
/// # Errors
/// Those of `members`.
pub fn compare_ids<E>(
    steps: usize,
    members: impl Fn(usize) -> Result<Vec<String>, E>,
) -> Result<(JoinedAndLeft, Vec<JoinedAndLeft>), E> {
    let last = steps.saturating_sub(1);
    let (first, mut after) = (members(0)?, members(last)?);
    // Who joins or leaves at all, and whether she joins.
    let mut remaining: Vec<(String, bool)> = differing(&first, &after);
    let count = |of: &[(String, bool)]| {
        let joined = of.iter().filter(|(_, joins)| *joins).count() as u64;
        JoinedAndLeft { joined, left: of.len() as u64 - joined }
    };
    let all = count(&remaining);
    let mut by = vec![JoinedAndLeft::default(); last];
    for (at, by) in by.iter_mut().enumerate().rev() {
        if remaining.is_empty() {
            break;
        }
        let before = if at == 0 { first.clone() } else { members(at)? };
        let is_in = |set: &[String], id: &String| set.binary_search(id).is_ok();
        let (changed, rest): (Vec<_>, Vec<_>) =
            remaining.into_iter().partition(|(id, _)| is_in(&before, id) != is_in(&after, id));
        (*by, remaining, after) = (count(&changed), rest, before);
    }
    Ok((all, by))
}

/// The ids that are in one of two sorted lists, and whether it is the second one.
fn differing(first: &[String], second: &[String]) -> Vec<(String, bool)> {
    let (mut first, mut second) = (first.iter().peekable(), second.iter().peekable());
    let mut found = Vec::new();
    loop {
        let order = match (first.peek(), second.peek()) {
            (Some(one), Some(other)) => one.cmp(other),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return found,
        };
        match order {
            Ordering::Less => found.extend(first.next().map(|id| (id.clone(), false))),
            Ordering::Greater => found.extend(second.next().map(|id| (id.clone(), true))),
            Ordering::Equal => drop((first.next(), second.next())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_joins_or_leaves_counts_once_at_the_last_step_that_altered_it() {
        let steps = ["abc", "bcd", "abcd", "acde", "ade"];
        let members = |at: usize| Ok::<_, ()>(steps[at].chars().map(String::from).collect());
        let (all, by) = compare_ids(steps.len(), members).unwrap();
        assert_eq!(all, JoinedAndLeft { joined: 2, left: 2 });
        let by: Vec<(u64, u64)> = by.iter().map(|by| (by.joined, by.left)).collect();
        assert_eq!(by, [(1, 0), (0, 0), (1, 1), (0, 1)]);
        let (all, by) = compare_ids(1, members).unwrap();
        assert_eq!((all, by), (JoinedAndLeft::default(), Vec::new()));
    }
}
