//! The explanation of one customer, for people.

use super::descriptions::{Description, Descriptions};
use super::sought::SoughtChange;
use crate::backend::{
    Distance, Evidence, ExplainedCustomer, ExplainedNode, ExplainedRow, RowEvidence, SegmentVerdict,
    amount_in_words, before_row, dropped_in_words, nearest_in_words, standing_in_words,
};
use crate::cli::numbers;
use crate::cli::page;
use crate::segment::{ListSource, NodePath, Side};
use crate::ui::explanation::{change_words, mark, value_words};
use crate::ui::text::sanitize;

/// The answer for one customer.
pub(super) fn answer(
    customer: &ExplainedCustomer,
    change: &SoughtChange,
    descriptions: &Descriptions<'_>,
) -> String {
    let own = &descriptions.own;
    let mut lines = vec![headline(customer, descriptions), page::heading(&own.segment, descriptions.opened)];
    let mut tree = Tree { descriptions, lines: Vec::new() };
    tree.verdict(&customer.verdict, own, 0);
    if !tree.lines.is_empty() {
        lines.push(String::new());
        lines.extend(tree.lines);
    }
    lines.extend(flips(customer, own));
    match change {
        None => {}
        Some(Ok(change)) => lines.extend([String::new(), change_words(*change)]),
        Some(Err(reason)) => {
            let reason = sanitize(reason);
            lines
                .extend([String::new(), format!("On which days it is another one cannot be told: {reason}")]);
        }
    }
    lines.join("\n")
}

fn headline(customer: &ExplainedCustomer, descriptions: &Descriptions<'_>) -> String {
    let segment = &descriptions.own.segment;
    let opened = descriptions.opened;
    let person = opened.database.words(opened.database.activation_id(segment)).singular;
    let is = if customer.verdict.is_member { "is a member" } else { "is no member" };
    let said = standing_in_words(&customer.standing, &customer.id, &person)
        .unwrap_or_else(|| format!("{:?} {is} of {}", customer.id, segment.name));
    sanitize(&said)
}

/// Lines of the tree, indented.
struct Tree<'a> {
    descriptions: &'a Descriptions<'a>,
    lines: Vec<String>,
}

impl Tree<'_> {
    fn push(&mut self, depth: usize, line: &str) {
        self.lines.push(format!("{}{}", "  ".repeat(depth), sanitize(line)));
    }

    fn verdict(&mut self, verdict: &SegmentVerdict, of: &Description, depth: usize) {
        verdict.sides.iter().for_each(|side| self.node(side, of, depth));
    }

    fn node(&mut self, node: &ExplainedNode, of: &Description, depth: usize) {
        if is_nothing(node) {
            return;
        }
        let text = of.line(&node.path).map(super::descriptions::Line::dated).unwrap_or_default();
        self.push(depth, &format!("{} {text}", mark(node.result)));
        match &node.evidence {
            Evidence::Group { of: nodes, .. } => {
                nodes.iter().for_each(|inner| self.node(inner, of, depth + 1));
            }
            Evidence::Rows(evidence) => self.rows(evidence, &node.path, of, depth + 2),
            Evidence::Segment { id, verdict } => self.segment(id, verdict, depth + 1),
            Evidence::List { path, is_in } => {
                let path = match of.source(&node.path) {
                    Some(ListSource::File(path) | ListSource::Query(path)) => path,
                    _ => path,
                };
                let is = if *is_in { "is in" } else { "is not in" };
                self.push(depth + 2, &format!("the id {is} {path}"));
            }
        }
    }

    fn segment(&mut self, id: &str, verdict: &SegmentVerdict, depth: usize) {
        let nested = self.descriptions.nested(id);
        let name = nested.map_or(id, |nested| nested.segment.name.as_str());
        let is = if verdict.is_member { "a member" } else { "no member" };
        self.push(depth + 1, &format!("{is} of {name}"));
        if let Some(nested) = nested {
            self.verdict(verdict, nested, depth + 2);
        }
    }

    fn rows(&mut self, evidence: &RowEvidence, path: &NodePath, of: &Description, depth: usize) {
        let (all, counted) = (self.descriptions, of.counted(path));
        if let Some(computed) = &evidence.computed {
            let comes_to = match (before_row(evidence, counted), computed) {
                (Some(words), _) => words.to_owned(),
                (None, Some(number)) if !counted.is_empty() => amount_in_words(number, counted),
                (None, other) => value_words(other.as_deref()),
            };
            self.push(depth, &format!("comes to {comes_to}"));
        }
        for row in &evidence.rows {
            let filtered = |at| Some(all.label(&evidence.table, of.filtered(path, at)?).to_owned());
            let end = match row.dropped {
                Some(dropped) => format!("does not count: {}", dropped_in_words(dropped, filtered)),
                None => mark(row.result).to_owned(),
            };
            self.push(depth, &format!("{}  {end}", row_words(row, evidence, all)));
        }
        if evidence.rows_left_out > 0 {
            let more = numbers::count(evidence.rows_left_out);
            self.push(depth, &format!("… and {more} more rows"));
        }
        if let Some(nearest) = &evidence.nearest {
            let label = nearest.column.as_ref().map(|column| all.label(&evidence.table, column));
            let words = nearest_in_words(nearest, counted);
            let said = match (label, &nearest.distance) {
                (Some(label), Distance::Null) => format!("{label} is NULL"),
                (Some(label), _) => format!("{label} {words}"),
                (None, _) => words,
            };
            self.push(depth, &format!("nearest miss: {said}"));
        }
    }
}

fn row_words(row: &ExplainedRow, evidence: &RowEvidence, all: &Descriptions<'_>) -> String {
    let table = &evidence.table;
    let values = row
        .values
        .iter()
        .map(|(column, value)| format!("{} {}", all.label(table, column), value_words(value.as_deref())));
    let values = values.collect::<Vec<_>>().join(", ");
    let title = all.table(table).map_or(table.as_str(), |table| table.title());
    format!("{title}, row {}: {values}", numbers::count(row.row + 1))
}

/// Whether it is an exclude side without lines, which says nothing.
pub(super) fn is_nothing(node: &ExplainedNode) -> bool {
    let is_empty = matches!(&node.evidence, Evidence::Group { of, .. } if of.is_empty());
    is_empty && node.path.side == Side::Exclude && node.path.steps.is_empty()
}

/// What would have to change.
fn flips(customer: &ExplainedCustomer, of: &Description) -> Vec<String> {
    let text = |path: &NodePath| {
        let text = of.line(path).map(|line| line.text.as_str()).unwrap_or_default();
        sanitize(&format!("{text} ({path})"))
    };
    if customer.flips.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), "Any of these, turned round, would change the answer:".to_owned()];
    for set in &customer.flips {
        lines.push(format!("  {}", set.iter().map(text).collect::<Vec<_>>().join(" and ")));
    }
    lines
}
