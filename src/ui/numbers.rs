//! The four insights, in the editor's pane and on the overview.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::theme::Theme;
use super::{frame as draw_frame, number};
use crate::app::App;
use crate::app::editor::Editor;
use crate::engine::{Evaluation, Insights, Money};

/// One insight, ready to be shown.
pub struct Insight {
    /// Its name in capitals.
    pub name: String,
    /// Of the members.
    pub value: Option<String>,
    /// Its part of the same number of all customers, as (part, whole).
    pub share: Option<(f64, f64)>,
}

/// The four insights of a segment; without numbers all are still to come.
#[must_use]
pub fn insights(app: &App, evaluation: Option<&Evaluation>, cents: bool) -> Vec<Insight> {
    let whom = app.whom().plural.to_uppercase();
    let currency = app.database().map_or_else(|| "USD".to_owned(), |database| database.currency.clone());
    #[allow(clippy::cast_precision_loss)]
    let count = |name: String, of: &dyn Fn(&Insights) -> Option<u64>| {
        let pair = evaluation.and_then(|evaluation| Some((of(&evaluation.insights)?, of(&evaluation.all)?)));
        Insight {
            name,
            value: pair.map(|(part, _)| number::whole(part)),
            share: pair.map(|(part, all)| (part as f64, all as f64)),
        }
    };
    let revenue: Option<(Money, Money)> =
        evaluation.and_then(|evaluation| Some((evaluation.insights.revenue_1y?, evaluation.all.revenue_1y?)));
    vec![
        count(format!("UNIQUE {whom}"), &|insights| Some(insights.unique_customers)),
        count("ACTIVE, 1 YEAR".to_owned(), &|insights| insights.active_customers_1y),
        Insight {
            name: "REVENUE, 1 YEAR".to_owned(),
            value: revenue.map(|(part, _)| number::money(part, &currency, cents)),
            share: revenue.map(|(part, all)| (part.as_f64(), all.as_f64())),
        },
        count("REACHABLE".to_owned(), &|insights| insights.reachable_customers),
    ]
}

/// How much room an insight takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// Name; value and share; a bar.
    Bar,
    /// Name; value and share.
    Plain,
    /// All on one line.
    Line,
}

/// An insight in `columns`, over as many lines as there is room for.
#[must_use]
pub fn lines(
    insight: &Insight,
    is_known: bool,
    value: Style,
    density: Density,
    theme: &Theme,
    columns: usize,
) -> Vec<Line<'static>> {
    let missing = if is_known { "not available" } else { "…" };
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
    if density == Density::Bar {
        let (filled, rest) = insight
            .share
            .map_or_else(|| (String::new(), "─".repeat(columns)), |(part, all)| number::bar(part, all, columns));
        lines.push(Line::from(vec![Span::styled(filled, theme.bar), Span::styled(rest, theme.track)]));
    }
    lines
}

/// The numbers to show and whether they are of the definition as it is now.
#[must_use]
pub fn of(editor: &Editor) -> (Option<&Evaluation>, bool) {
    (editor.live.evaluation.as_ref().map(|(_, evaluation)| &**evaluation), editor.is_current())
}
