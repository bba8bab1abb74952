//! The four insights, in the editor's pane and on the overview.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::theme::Theme;
use super::{frame as draw_frame, number};
use crate::app::layers::editor::state::Editor;
use crate::app::{App, DatabaseState};
use crate::backend::{Evaluation, FileCounts, IdCounts, Insights, Money, WaterfallLine};
use crate::database::ActivationId;
use crate::segment::NodePath;

/// One insight, ready to be shown.
pub(crate) struct Insight {
    /// Its name in capitals.
    pub name: String,
    /// Of the members.
    pub value: Option<String>,
    /// Its part of the same number of all customers, as (part, whole).
    pub share: Option<(f64, f64)>,
    /// What would make it available.
    pub needs: String,
}

/// The four insights of the open segment; where there is a reason why it has none, none are to come.
#[must_use]
pub(crate) fn of_segment(app: &App, editor: &Editor, cents: bool) -> Vec<Insight> {
    let is_without = matches!(app.database_state(), DatabaseState::Failed(_));
    let has_failed = is_without || editor.live.failure.is_some();
    let known = |insight| match has_failed {
        true => Insight { value: Some("–".to_owned()), share: None, ..insight },
        false => insight,
    };
    insights(app, current(editor).0, cents).into_iter().map(known).collect()
}

/// The four insights of a segment; without numbers all are still to come.
#[must_use]
pub fn insights(app: &App, evaluation: Option<&Evaluation>, cents: bool) -> Vec<Insight> {
    let whom = app.whom().plural.to_uppercase();
    let currency = app.database().map_or_else(|| "USD".to_owned(), |database| database.currency.clone());
    #[allow(clippy::cast_precision_loss)]
    let count = |name: &str, needs: &str, of: &dyn Fn(&Insights) -> Option<u64>| {
        let pair = evaluation.and_then(|evaluation| Some((of(&evaluation.insights)?, of(&evaluation.all)?)));
        Insight {
            name: name.to_owned(),
            value: pair.map(|(part, _)| number::whole(part)),
            share: pair.map(|(part, all)| (part as f64, all as f64)),
            needs: needs.to_owned(),
        }
    };
    let revenue: Option<(Money, Money)> =
        evaluation.and_then(|evaluation| Some((evaluation.insights.revenue_1y?, evaluation.all.revenue_1y?)));
    let id = app.activation_id();
    let orders = format!("needs Unified_Transactions with {id}");
    vec![
        count(&format!("UNIQUE {whom}"), "", &|insights| Some(insights.unique_customers)),
        count("ACTIVE, 1 YEAR", &orders, &|insights| insights.active_customers_1y),
        Insight {
            name: "REVENUE, 1 YEAR".to_owned(),
            value: revenue.map(|(part, _)| number::money(part, &currency, cents)),
            share: revenue.map(|(part, all)| (part.as_f64(), all.as_f64())),
            needs: orders.clone(),
        },
        count("REACHABLE", &format!("needs Customer_Attributes with {id}"), &|insights| {
            insights.reachable_customers
        }),
    ]
}

/// How much room an insight takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Density {
    /// Name; value and share; a bar.
    Bar,
    /// Name; value and share.
    Plain,
    Line,
}

/// An insight in `columns`, over as many lines as there is room for.
#[must_use]
pub fn lines(
    insight: &Insight,
    are_all_known: bool,
    value: Style,
    density: Density,
    theme: &Theme,
    columns: usize,
) -> Vec<Line<'static>> {
    let missing = if are_all_known { "not available" } else { "…" };
    let shown = insight.value.clone().unwrap_or_else(|| missing.to_owned());
    let share = insight.share.map(|(part, all)| number::share(part, all)).unwrap_or_default();
    if density == Density::Line {
        let end = format!("{shown} {}", super::text::right(&share, 8));
        return vec![draw_frame::two((&insight.name, theme.dim), (&end, value), columns)];
    }
    let mut lines = vec![
        Line::styled(insight.name.clone(), theme.dim),
        draw_frame::two((&shown, value), (&share, theme.dim), columns),
    ];
    if density == Density::Bar && are_all_known && insight.value.is_none() {
        lines.push(Line::styled(super::text::fit(&insight.needs, columns), theme.dim));
    } else if density == Density::Bar {
        let (filled, rest) = insight.share.map_or_else(
            || (String::new(), "─".repeat(columns)),
            |(part, all)| number::bar(part, all, columns),
        );
        lines.push(Line::from(vec![Span::styled(filled, theme.bar), Span::styled(rest, theme.ground.track)]));
    }
    lines
}

/// The numbers to show and whether they are of the definition as it is now.
#[must_use]
pub fn current(editor: &Editor) -> (Option<&Evaluation>, bool) {
    (editor.live.evaluation.as_ref().map(|numbers| &*numbers.evaluation), editor.is_current())
}

/// Whether all insights were worked out; else what has no value is still to come.
#[must_use]
pub(crate) fn are_all_known(evaluation: Option<&Evaluation>) -> bool {
    evaluation.is_some_and(|evaluation| evaluation.has_all_insights)
}

/// The numbers of a line. While they are of an older definition, only those of lines that are the same
/// as then: a number never stands beside another line than its own.
#[must_use]
pub fn line<'a>(editor: &'a Editor, path: &NodePath) -> Option<&'a WaterfallLine> {
    let numbers = editor.live.evaluation.as_ref()?;
    let found = numbers.evaluation.waterfall.iter().find(|line| line.path == *path);
    found.filter(|_| is_of_line(editor, path))
}

/// What the uploaded list of a line came to, likewise.
#[must_use]
pub fn file<'a>(editor: &'a Editor, path: &NodePath) -> Option<&'a FileCounts> {
    let numbers = editor.live.evaluation.as_ref()?;
    let found = numbers.evaluation.files.iter().find(|file| file.path == *path);
    found.filter(|_| is_of_line(editor, path))
}

/// Whether the last numbers of a line are still of the line that stands there.
fn is_of_line(editor: &Editor, path: &NodePath) -> bool {
    let Some(numbers) = &editor.live.evaluation else { return false };
    editor.is_current()
        || match path.steps.is_empty() {
            true => numbers.segment.side(path.side) == editor.segment().side(path.side),
            false => numbers.segment.node(path) == editor.segment().node(path),
        }
}

/// `1,204 ids, 37 of them are no customers`
#[must_use]
pub(crate) fn matched(counts: IdCounts, whom: &ActivationId) -> String {
    let ids = match counts.ids {
        1 => "1 id".to_owned(),
        ids => format!("{} ids", number::whole(ids)),
    };
    match (counts.unmatched, counts.ids) {
        (0, _) => format!("{ids}, all of them {}", whom.plural),
        (1, 1) => format!("{ids}, which is no {}", whom.singular),
        (1, _) => format!("{ids}, 1 of them is no {}", whom.singular),
        (unmatched, _) => format!("{ids}, {} of them are no {}", number::whole(unmatched), whom.plural),
    }
}
