//! `README.txt`: a case in words.

use std::fmt::Write;

use super::document::CaseDocument;
use crate::backend::{Evidence, ExplainedNode, Explanation, IdStanding};
use crate::database::Database;
use crate::segment::{NamedSchema, NodePath, Segment, Side, words};

/// What a case is, the answer, and how to open it.
pub(super) fn text(
    document: &CaseDocument,
    explanation: &Explanation,
    segment: &Segment,
    database: &Database,
) -> String {
    let mut text = format!(
        "A case of segtui {}\n\n\
         Segment \"{}\" of the database \"{}\", as of {}.\n\
         It holds only what is known of {} of {}: {}\n",
        document.segtui,
        document.segment.name,
        document.database.name,
        document.as_of,
        document.ids.len(),
        document.activation_id,
        document.ids.join(", "),
    );
    let view = crate::database::DatabaseView { database, activation_id: &document.activation_id };
    let schema = NamedSchema { schema: &view, names: |_: &str| None };
    let sentence = |path: &NodePath| segment.node(path).map(|node| words::sentence(node, &schema));
    for customer in &explanation.customers {
        let answer = match (&customer.standing, customer.verdict.is_member) {
            (IdStanding::Customer, true) => "is a member".to_owned(),
            (IdStanding::Customer, false) => "is not a member".to_owned(),
            (IdStanding::Orphan { tables }, _) => {
                format!("is no customer, but has rows in {}", tables.join(", "))
            }
            (IdStanding::Unknown { .. }, _) => "is not known".to_owned(),
        };
        // A String takes whatever is written to it.
        let _ = write!(text, "\n{} {answer}.\n", customer.id);
        customer.verdict.sides.iter().for_each(|side| lines(&mut text, side, 1, &sentence));
    }
    if !document.hidden.is_empty() {
        text.push_str("\nHidden:\n");
        for hidden in &document.hidden {
            let how = if hidden.replaced { "other values stand in for its own" } else { "left out" };
            let _ = writeln!(text, "  {}.{}: {how}", hidden.table, hidden.column);
        }
    }
    text.push_str(
        "\nValues in the conditions of the segment, and in its queries, stand as they were written; lists of ids in\n\
         conditions are cut to those of this case.\n",
    );
    text.push_str(
        "\nTo see the same, with the name of this file:\n\n\
         \u{20}\u{20}segtui FILE.zip            opens it, read-only\n\
         \u{20}\u{20}segtui explain FILE.zip    answers again, and says whether the answer is the same\n",
    );
    text
}

fn lines(
    text: &mut String,
    node: &ExplainedNode,
    depth: usize,
    sentence: &dyn Fn(&NodePath) -> Option<String>,
) {
    let mark = match node.result {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let side = || match node.path.side {
        Side::Include => "Include".to_owned(),
        Side::Exclude => "Exclude".to_owned(),
    };
    let words = if node.path.steps.is_empty() { side() } else { sentence(&node.path).unwrap_or_default() };
    let _ = writeln!(text, "{:indent$}{words}: {mark}", "", indent = 2 * depth);
    if let Evidence::Group { of, .. } = &node.evidence {
        of.iter().for_each(|node| lines(text, node, depth + 1, sentence));
    }
}
