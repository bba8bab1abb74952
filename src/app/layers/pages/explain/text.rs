//! An explanation as text, for the clipboard.

use super::Explain;
use super::tree::LineKind;
use super::words::{Words, change_in_words, flip_in_words, reason, result_in_words, verdict_in_words, why};
use crate::app::view::View;
use crate::backend::{Evidence, IdStanding, RowEvidence, dropped_in_words};
use crate::segment::{Condition, Node};

impl Explain {
    /// The explanation as text; of several customers a table.
    pub(super) fn text(&self, view: View<'_>) -> Option<String> {
        match self.current_id() {
            Some(_) => self.text_of_one(view),
            None => self.text_of_all(),
        }
    }

    fn text_of_one(&self, view: View<'_>) -> Option<String> {
        let (question, explanation, customer) = self.answered()?;
        let whom = view.whom();
        let mut lines = vec![
            format!(
                "{} {}: {} of {} as of {}",
                whom.singular,
                customer.id,
                verdict_in_words(customer),
                question.segment.name,
                explanation.as_of
            ),
            why(customer, &whom.singular),
            String::new(),
        ];
        view.with_schema(|schema| {
            let words = Words { schema, as_of: explanation.as_of, moving: "", plural: &whom.plural };
            for line in self.lines() {
                if matches!(line.kind, LineKind::Verdict) || customer.standing != IdStanding::Customer {
                    continue;
                }
                let indent = "  ".repeat(line.depth);
                let condition = match line.kind {
                    LineKind::Node(Node::Condition(condition)) => Some(condition),
                    _ => None,
                };
                let result = line.explained.map_or("-", |node| result_in_words(node.result));
                let reason = line.explained.map(|node| reason(node, condition)).unwrap_or_default();
                let reason = if reason.is_empty() { reason } else { format!(" [{reason}]") };
                let number = line.number();
                let number = if number.is_empty() { number } else { format!("{number} ") };
                lines.push(format!("{indent}{result}: {number}{}{reason}", words.line(&line)));
                if let Some(Evidence::Rows(rows)) = line.explained.map(|node| &node.evidence) {
                    lines.extend(
                        rows_as_text(rows, condition).into_iter().map(|row| format!("{indent}    {row}")),
                    );
                }
            }
        });
        if !customer.flips.is_empty() {
            let other = if customer.verdict.is_member { "not be a member" } else { "be a member" };
            lines.extend([String::new(), format!("Would {other} if")]);
            lines.extend(customer.flips.iter().map(|flip| format!("  {}", flip_in_words(flip, customer))));
        }
        if let Some(change) = self.changed() {
            lines.push(String::new());
            lines.extend(change_in_words(change, customer.verdict.is_member));
        }
        Some(lines.join("\n") + "\n")
    }

    /// A line for each customer, with tabs.
    fn text_of_all(&self) -> Option<String> {
        if self.table.known() == 0 {
            return None;
        }
        let places = self.table.lines.iter().map(ToString::to_string);
        let mut lines = vec![
            ["id".to_owned(), "answer".to_owned()].into_iter().chain(places).collect::<Vec<_>>().join("\t"),
        ];
        for (id, row) in self.ids.iter().zip(&self.table.rows).take(self.table.known()) {
            let answer = match (&row.standing, row.is_member) {
                (IdStanding::Customer, true) => "member",
                (IdStanding::Customer, false) => "not a member",
                (IdStanding::Orphan { .. }, _) => "orphan",
                (IdStanding::Unknown { .. }, _) => "unknown",
            };
            let id = id.replace(['\t', '\n', '\r'], " ");
            let results = row.results.iter().map(|result| result_in_words(*result).to_owned());
            lines.push([id, answer.to_owned()].into_iter().chain(results).collect::<Vec<_>>().join("\t"));
        }
        Some(lines.join("\n") + "\n")
    }
}

/// `row 12: order_id o1, order_datetime 2025-11-02 (a return or a cancellation)`
fn rows_as_text(rows: &RowEvidence, condition: Option<&Condition>) -> Vec<String> {
    let filtered = |at: usize| Some(condition?.filters().get(at)?.column.clone());
    let mut lines: Vec<String> = Vec::new();
    for row in &rows.rows {
        let values = row.values.iter();
        let values = values.map(|(name, value)| format!("{name} {}", value.as_deref().unwrap_or("NULL")));
        let dropped = row.dropped.map(|dropped| format!(" ({})", dropped_in_words(dropped, filtered)));
        let values = values.collect::<Vec<_>>().join(", ");
        lines.push(format!("{} row {}: {values}{}", rows.table, row.row + 1, dropped.unwrap_or_default()));
    }
    if rows.rows_left_out > 0 {
        lines.push(format!("{} more rows", rows.rows_left_out));
    }
    lines
}
