//! An explanation in words.

use chrono::NaiveDate;

use super::tree::{ExplainedLine, LineKind, deciding, node_at, number};
use crate::backend::{
    Evidence, ExplainedCustomer, ExplainedNode, IdStanding, NearestChange, amount_in_words, counted_by,
    miss_in_words,
};
use crate::segment::{Condition, DateValue, Group, Node, NodePath, Schema, Side, words};

/// How many lines are named as those that decide.
const MOST_NAMED: usize = 6;

/// What lines are put into words with.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The names of tables and columns.
    pub schema: &'a dyn Schema,
    /// The day that relative dates are of.
    pub as_of: NaiveDate,
    /// What stands beside a day that moves.
    pub moving: &'a str,
    /// What customers are called.
    pub plural: &'a str,
}

impl Words<'_> {
    /// What a line says, without its number.
    #[must_use]
    pub fn line(&self, line: &ExplainedLine<'_>) -> String {
        match line.kind {
            LineKind::Verdict => "The answer".to_owned(),
            LineKind::Side(side, group) => self.side(side, group),
            LineKind::Instead(said) => said.to_owned(),
            LineKind::Node(node) => self.node(node),
        }
    }

    /// What a node says, with the days that its relative dates mean.
    #[must_use]
    pub fn node(&self, node: &Node) -> String {
        match node {
            Node::Group(group) => {
                let title = group.title.as_ref().map(|title| format!("{title}: ")).unwrap_or_default();
                format!("{title}{} of{}", words::matching(group.matching), off(group.off))
            }
            Node::Condition(condition) => {
                let dated = words::dated(condition, &|relative| with_day(relative, self.as_of, self.moving));
                format!("{}{}", words::sentence(&Node::Condition(dated), self.schema), off(condition.off))
            }
            Node::Unreadable(_) => words::sentence(node, self.schema),
        }
    }

    fn side(&self, side: Side, group: &Group) -> String {
        let verb = match side {
            Side::Include => "Include",
            Side::Exclude => "Exclude",
        };
        match group.nodes.is_empty() {
            true => format!("{verb} all {}{}", self.plural, off(group.off)),
            false => format!("{verb} {} of{}", words::matching(group.matching), off(group.off)),
        }
    }
}

fn off(off: Option<bool>) -> &'static str {
    if off == Some(true) { " (off)" } else { "" }
}

/// `3 months ago (= 2025-09-30 ↻)`
#[must_use]
pub(crate) fn with_day(relative: &str, as_of: NaiveDate, moving: &str) -> String {
    let day = match DateValue::Relative(relative.to_owned()).resolve(as_of) {
        Ok(day) => day.at.start().date().to_string(),
        Err(_) => "no day".to_owned(),
    };
    format!("{relative} (= {})", format!("{day} {moving}").trim_end())
}

/// What a node comes to, in a word.
#[must_use]
pub fn result_in_words(result: Option<bool>) -> &'static str {
    match result {
        Some(true) => "true",
        Some(false) => "false",
        None => "unknown",
    }
}

/// Why a condition comes to what it does, in short: what was worked out, or how near it is.
#[must_use]
pub fn reason(node: &ExplainedNode, condition: Option<&Condition>) -> String {
    match &node.evidence {
        Evidence::Group { .. } => String::new(),
        Evidence::Segment { verdict, .. } => match verdict.is_member {
            true => "is a member of it".to_owned(),
            false => "is not a member of it".to_owned(),
        },
        Evidence::List { is_in, .. } => match is_in {
            true => "the id is in it".to_owned(),
            false => "the id is not in it".to_owned(),
        },
        Evidence::Rows(rows) => {
            let counted = condition.map_or("", counted_by);
            match (miss_in_words(rows, counted), &rows.computed) {
                (Some(words), _) if node.result != Some(true) => words,
                (_, Some(Some(computed))) => amount_in_words(computed, counted),
                (_, Some(None)) => "it is NULL".to_owned(),
                _ if node.result.is_none() => "it is NULL".to_owned(),
                _ => String::new(),
            }
        }
    }
}

/// The answer in capitals.
#[must_use]
pub fn verdict_in_words(customer: &ExplainedCustomer) -> &'static str {
    match (&customer.standing, customer.verdict.is_member) {
        (IdStanding::Customer, true) => "MEMBER",
        (IdStanding::Customer, false) => "NOT A MEMBER",
        (IdStanding::Orphan { .. }, _) => "AN ORPHAN",
        (IdStanding::Unknown { .. }, _) => "UNKNOWN",
    }
}

/// Which lines decide the answer, or why there is none.
#[must_use]
pub fn why(customer: &ExplainedCustomer, singular: &str) -> String {
    match &customer.standing {
        IdStanding::Customer => {}
        IdStanding::Orphan { tables } => {
            let has = if tables.len() == 1 { "has rows" } else { "have rows" };
            let tables = tables.join(", ");
            return format!("{tables} {has} with this id, but it is no {singular}, and counts nowhere");
        }
        IdStanding::Unknown { similar } if similar.is_empty() => {
            return format!("no {singular} has this id, and no table: search by email or name instead (/)");
        }
        IdStanding::Unknown { similar } => {
            let known: Vec<String> = similar.iter().map(|id| format!("“{id}”")).collect();
            let known = known.join(", ");
            return format!("known only as {known}, with other blanks or in another case: Enter takes it");
        }
    }
    let sides = &customer.verdict.sides;
    let side = |side: Side| sides.iter().find(|node| node.path.side == side);
    let (Some(include), exclude) = (side(Side::Include), side(Side::Exclude)) else {
        return match customer.verdict.is_member {
            true => "the query returns the id".to_owned(),
            false => "the query does not return the id".to_owned(),
        };
    };
    if include.result != Some(true) {
        let deciding = deciding(include);
        let verb = match (deciding.iter().all(|node| node.result.is_none()), deciding.len()) {
            (true, 1) => "is unknown",
            (true, _) => "are unknown",
            (false, 1) => "does not hold",
            (false, _) => "do not hold",
        };
        return format!("{} {verb}", named(&deciding));
    }
    if let Some(exclude) = exclude.filter(|exclude| exclude.result == Some(true)) {
        let deciding = deciding(exclude);
        let verb = if deciding.len() == 1 { "holds" } else { "hold" };
        return format!("{} {verb} and excludes the {singular}", named(&deciding))
            .replace("hold and excludes", "hold and exclude");
    }
    let is_empty =
        |node: &ExplainedNode| matches!(&node.evidence, Evidence::Group { of, .. } if of.is_empty());
    let holds = match is_empty(include) {
        true => format!("every {singular} is included"),
        false => {
            let deciding = deciding(include);
            let verb = if deciding.len() == 1 { "holds" } else { "hold" };
            format!("{} {verb}", named(&deciding))
        }
    };
    match exclude.is_none_or(is_empty) {
        true => holds,
        false => format!("{holds}, and nothing excludes the {singular}"),
    }
}

/// `include 1.1 and 2.3`
fn named(nodes: &[&ExplainedNode]) -> String {
    let Some(first) = nodes.first() else { return "nothing".to_owned() };
    let more = nodes.len().saturating_sub(MOST_NAMED);
    let mut names: Vec<String> = nodes.iter().take(MOST_NAMED).map(|node| number(&node.path)).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let last = names.pop().unwrap_or_default();
    let names = if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) };
    format!("{} {names}", first.path.side.id())
}

/// What a set of flips is, in words: `include 2.1 were true and exclude 1.1 were not`.
#[must_use]
pub fn flip_in_words(flip: &[NodePath], customer: &ExplainedCustomer) -> String {
    let of = |path: &NodePath| {
        let sides = customer.verdict.sides.iter();
        let is_true = sides.filter_map(|side| node_at(side, path)).any(|node| node.result == Some(true));
        let verb = if is_true { "were not true" } else { "were true" };
        format!("{} {} {verb}", path.side.id(), number(path))
    };
    flip.iter().map(of).collect::<Vec<_>>().join(" and ")
}

/// When the answer was another one and when it will be.
#[must_use]
pub fn change_in_words(change: NearestChange, is_member: bool) -> Vec<String> {
    let other = if is_member { "not a member" } else { "a member" };
    let said = |day: Option<NaiveDate>, found: &str, none: &str| match day {
        Some(day) => format!("{other} {found} {day}"),
        None => none.to_owned(),
    };
    match (change.before, change.after) {
        (None, None) => vec!["No other day within ten years changes this.".to_owned()],
        (before, after) => vec![
            said(before, "until", "the same in the ten years before"),
            said(after, "from", "the same in the ten years after, as the data is"),
        ],
    }
}
