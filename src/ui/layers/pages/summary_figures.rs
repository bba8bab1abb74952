//! The figures of single cards of the summary.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::summary_pen::Pen;
use crate::app::layers::pages::card_table::{self, Cell};
use crate::backend::{MonthCount, Predicted, Reachability, RevenueTree, SegmentAndAll, SpendBand, Trend};
use crate::ui::charts::{BarRow, bars_of_all};
use crate::ui::theme::Theme;
use crate::ui::{cells, frame as draw_frame, number, text};

/// How deep each figure of the tree is, and whether it is the last of its product.
const PLACES: [(usize, bool); 7] =
    [(0, false), (1, false), (1, true), (2, false), (2, true), (3, false), (3, true)];

/// The revenue tree, a line for each figure: the first two with their share of all, the others with how they differ.
pub(super) fn tree(pen: &Pen<'_>, both: &SegmentAndAll<RevenueTree>, columns: usize) -> Vec<Line<'static>> {
    let rows = card_table::tree_rows(both);
    let lines = rows.iter().enumerate().map(|(at, (name, [segment, all]))| {
        let ours = cells::words(segment, &pen.currency);
        let theirs = cells::words(all, &pen.currency);
        let (said, short, style) = if at < 2 {
            let share = cells::value(segment).zip(cells::value(all));
            let share = share.map_or_else(|| "–".to_owned(), |(part, all)| number::share(part, all));
            (format!("{share} of all"), share, pen.theme.dim)
        } else {
            let change = pen.change_of(segment, all);
            change.map_or_else(
                || ("–".to_owned(), "–".to_owned(), pen.theme.dim),
                |(change, style)| (change.full, change.relative, style),
            )
        };
        TreeLine { label: branch(at, name, pen.theme), ours, theirs, said, short, style }
    });
    tree_lines(pen, &lines.collect::<Vec<_>>(), columns)
}

/// The name of a figure of the tree, at its branch.
#[must_use]
pub(in crate::ui::layers) fn branch(at: usize, name: &str, theme: &Theme) -> String {
    let (depth, is_last) = PLACES.get(at).copied().unwrap_or_default();
    match (depth, theme.glyphs.branches()) {
        (0, _) => name.to_owned(),
        (depth, [first, last]) => {
            format!("{}{}{name}", "   ".repeat(depth - 1), if is_last { last } else { first })
        }
    }
}

struct TreeLine {
    label: String,
    ours: String,
    theirs: String,
    said: String,
    short: String,
    style: Style,
}

fn tree_lines(pen: &Pen<'_>, rows: &[TreeLine], columns: usize) -> Vec<Line<'static>> {
    let widest =
        |of: &dyn Fn(&TreeLine) -> &str| rows.iter().map(|row| text::width(of(row))).max().unwrap_or(0);
    let label = widest(&|row| &row.label);
    let ours = widest(&|row| &row.ours).max(7);
    let theirs = widest(&|row| &row.theirs).max(3);
    let (full, short) = (widest(&|row| &row.said), widest(&|row| &row.short));
    let spent = label + 2 + ours;
    let with_full = spent + 3 + full <= columns;
    let with_short = spent + 3 + short <= columns;
    let room = if with_full { full } else { short };
    let with_all = with_short && spent + 3 + room + 3 + theirs <= columns;
    let dim = pen.theme.dim;
    let mut lines = Vec::with_capacity(rows.len() + 1);
    if with_all {
        let head = vec![
            Span::raw(" ".repeat(label + 2)),
            Span::styled(text::right("segment", ours), dim),
            Span::styled(format!("   {}", text::right("all", theirs)), dim),
        ];
        lines.push(Line::from(head));
    }
    for row in rows {
        // What there is no room for is in the whole table.
        let name = if with_short { label } else { columns.saturating_sub(ours + 1) };
        let mut spans = vec![
            Span::styled(text::left(&row.label, name), pen.theme.text),
            Span::raw(if with_short { "  " } else { " " }),
            Span::styled(text::right(&row.ours, ours), pen.number()),
        ];
        if with_all {
            spans.push(Span::styled(format!("   {}", text::right(&row.theirs, theirs)), dim));
        }
        if with_short {
            let said = if with_full { &row.said } else { &row.short };
            spans.push(Span::styled(format!("   {said}"), row.style));
        }
        lines.push(Line::from(spans));
    }
    lines
}

/// What customers have brought in, each figure with that of all customers.
pub(super) fn historical(
    pen: &Pen<'_>,
    both: &SegmentAndAll<RevenueTree>,
    columns: usize,
) -> Vec<Line<'static>> {
    let rows = card_table::tree_rows(both);
    let chosen = [2, 4, 3].into_iter().filter_map(|at| rows.get(at));
    chosen.flat_map(|(name, [segment, all])| compared(pen, name, segment, all, columns)).collect()
}

/// What they are expected to bring in.
pub(super) fn predicted(
    pen: &Pen<'_>,
    both: &SegmentAndAll<Predicted>,
    columns: usize,
) -> Vec<Line<'static>> {
    let sides = [&both.segment, &both.all];
    let amount = |of: fn(&Predicted) -> Option<crate::segment::Number>| {
        sides.map(|side| of(side).map_or(Cell::None, Cell::Amount))
    };
    let orders = sides.map(|side| side.order_frequency.map_or(Cell::None, Cell::Number));
    let rows = [
        ("Revenue per customer", amount(|side| side.clv)),
        ("Average order value", amount(|side| side.average_order_revenue)),
        ("Orders per customer", orders),
    ];
    rows.iter().flat_map(|(name, [segment, all])| compared(pen, name, segment, all, columns)).collect()
}

/// A figure, and below it that of all customers and how they differ.
fn compared(pen: &Pen<'_>, name: &str, segment: &Cell, all: &Cell, columns: usize) -> [Line<'static>; 2] {
    let dim = pen.theme.dim;
    let ours = cells::words(segment, &pen.currency);
    let theirs = format!("  all {}", cells::words(all, &pen.currency));
    let first = draw_frame::two((name, pen.theme.text), (&ours, pen.number()), columns);
    let second = match pen.change_of(segment, all) {
        None => Line::styled(text::fit(&theirs, columns), dim),
        Some((change, style)) => {
            let room = columns.saturating_sub(text::width(&theirs) + 1);
            let said = if text::width(&change.full) <= room { &change.full } else { &change.relative };
            draw_frame::two((&theirs, dim), (said, style), columns)
        }
    };
    [first, second]
}

/// Who can be contacted each way.
pub(super) fn reachability(
    pen: &Pen<'_>,
    both: &SegmentAndAll<Reachability>,
    columns: usize,
) -> Vec<Line<'static>> {
    type Way = (&'static str, fn(&Reachability) -> Option<u64>);
    let ways: [Way; 4] = [
        ("Email", |of| of.email),
        ("Phone", |of| of.phone),
        ("Direct mail", |of| of.address),
        ("Paid social", |of| of.paid_social),
    ];
    #[allow(clippy::cast_precision_loss)]
    let rows = ways.map(|(label, of)| {
        let (segment, all) = (of(&both.segment), of(&both.all));
        let share = segment.zip(all).map(|(part, all)| number::share(part as f64, all as f64));
        BarRow {
            label: label.to_owned(),
            value: segment.map(|count| count as f64),
            number: segment.map_or_else(|| "–".to_owned(), number::whole),
            note: share.unwrap_or_default(),
        }
    });
    let mut lines = bars_of_all(&rows, pen.number(), pen.theme, columns);
    let said = text::wrap("reachable says nothing of consent", columns, 2).into_iter();
    lines.extend(said.map(|line| Line::styled(line, pen.theme.dim)));
    lines
}

/// Revenue of the segment by what customers have ever spent.
pub(super) fn bands(pen: &Pen<'_>, bands: &[SegmentAndAll<SpendBand>], columns: usize) -> Vec<Line<'static>> {
    let row = |(at, both): (usize, &SegmentAndAll<SpendBand>)| {
        let (ours, theirs) = (both.segment.revenue, both.all.revenue);
        let share = ours.zip(theirs).map(|(part, all)| number::share(part.as_f64(), all.as_f64()));
        BarRow {
            label: card_table::band(at).to_owned(),
            value: ours.map(|revenue| revenue.as_f64()),
            number: ours
                .map_or_else(|| "–".to_owned(), |revenue| number::short_money(revenue, &pen.currency)),
            note: share.unwrap_or_default(),
        }
    };
    let rows: Vec<BarRow> = bands.iter().enumerate().map(row).collect();
    bars_of_all(&rows, pen.number(), pen.theme, columns)
}

/// New purchasers by month.
pub(super) fn months(pen: &Pen<'_>, months: &[MonthCount], columns: usize) -> Vec<Line<'static>> {
    #[allow(clippy::cast_precision_loss)]
    let row = |count: &MonthCount| BarRow {
        label: count.month.format("%Y-%m").to_string(),
        value: Some(count.customers.segment as f64),
        number: number::whole(count.customers.segment),
        note: number::share(count.customers.segment as f64, count.customers.all as f64),
    };
    let rows: Vec<BarRow> = months.iter().map(row).collect();
    bars_of_all(&rows, pen.number(), pen.theme, columns)
}

/// The numbers of the segment over time, as many columns as there is room for.
pub(super) fn points(pen: &Pen<'_>, trend: &Trend, style: Style, columns: usize) -> Vec<Line<'static>> {
    let count = |count: Option<u64>| count.map_or_else(|| "–".to_owned(), number::whole);
    let row = |(day, of): &(chrono::NaiveDate, crate::backend::Insights)| {
        let revenue = of.revenue_1y;
        let revenue =
            revenue.map_or_else(|| "–".to_owned(), |amount| number::short_money(amount, &pen.currency));
        [day.to_string(), number::whole(of.unique_customers), count(of.active_customers_1y), revenue]
    };
    let heads = ["", "members", "active, 1 y", "revenue, 1 y"].map(str::to_owned);
    let rows: Vec<[String; 4]> = trend.points.iter().map(row).collect();
    let mut widths = [10_usize, 0, 0, 0];
    for row in rows.iter().chain([&heads]) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(text::width(cell));
        }
    }
    let mut used = 0;
    let fitting = widths.iter().take_while(|width| {
        used += **width + 1;
        used <= columns + 1
    });
    let shown = fitting.count();
    let line = |row: &[String; 4], style: Style| {
        let cells = row.iter().zip(widths).enumerate().take(shown);
        let spans = cells.map(|(at, (cell, width))| match at {
            0 => Span::styled(text::left(cell, width), pen.theme.dim),
            _ => Span::styled(format!(" {}", text::right(cell, width)), style),
        });
        Line::from(spans.collect::<Vec<_>>())
    };
    std::iter::once(line(&heads, pen.theme.dim)).chain(rows.iter().map(|row| line(row, style))).collect()
}
