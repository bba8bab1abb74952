//! The form of a custom metric.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::layers::metric_form::{MetricField, MetricForm};
use crate::backend::{MetricFormat, MetricFunction, MetricKind};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw(app: &App, form: &MetricForm, theme: &Theme, frame: &mut Frame, area: Rect) {
    let title = if form.before.is_some() { "Change the custom metric" } else { "Add a custom metric" };
    let inner = draw_frame::popup(title, 76, 12, theme, frame, area);
    let width = usize::from(inner.width);
    let last = inner.bottom().saturating_sub(1);
    let row = |at: u16| Rect { y: (inner.y + at).min(last), height: inner.height.min(1), ..inner };
    for (at, field) in (0..).zip(form.fields()) {
        let has_keys = form.focus == *field;
        let label = match field {
            MetricField::Name => "name      ",
            MetricField::Kind => "shows     ",
            MetricField::Column => "column    ",
            MetricField::Function => "computes  ",
            MetricField::Format => "as        ",
            MetricField::Unit => "unit      ",
        };
        let said = match field {
            MetricField::Name => {
                draw_frame::field(label, &form.name, has_keys, theme, frame, row(at));
                continue;
            }
            MetricField::Unit => {
                draw_frame::field(label, &form.unit, has_keys, theme, frame, row(at));
                continue;
            }
            MetricField::Kind => kind(form.metric.kind).to_owned(),
            MetricField::Column => column(app, form),
            MetricField::Function => function(form.metric.function).to_owned(),
            MetricField::Format => format(form.metric.format).to_owned(),
        };
        let help = match (has_keys, field) {
            (false, _) => "",
            (true, MetricField::Column) => "Enter chooses",
            (true, _) => "← → change",
        };
        let style = if has_keys { theme.focus } else { theme.text };
        let room = width.saturating_sub(text::width(label) + text::width(help) + 1);
        let start = vec![Span::styled(label, theme.dim), Span::styled(text::fit(&said, room), style)];
        let line = draw_frame::ends(start, vec![Span::styled(help, theme.dim)], width);
        frame.render_widget(if has_keys { line.patch_style(theme.selection) } else { line }, row(at));
    }
    let complaint = form.complaint.clone().unwrap_or_default();
    let complaint = text::wrap(&complaint, width, 2);
    let said = "Ctrl-S saves it. It is shown on the summary of every segment of this database, to everybody \
                who uses this workspace.";
    let said = text::wrap(said, width, if complaint.is_empty() { 4 } else { 2 });
    let from = |lines: &[String]| 10_u16.saturating_sub(u16::try_from(lines.len()).unwrap_or(0));
    for (at, line) in (from(&said)..).zip(&said) {
        frame.render_widget(Line::styled(line.clone(), theme.dim), row(at));
    }
    for (at, line) in (6..).zip(&complaint) {
        frame.render_widget(Line::styled(line.clone(), theme.error), row(at));
    }
}

fn column(app: &App, form: &MetricForm) -> String {
    if form.metric.table.is_empty() {
        return "none yet".to_owned();
    }
    let table = app.database().and_then(|database| database.table(&form.metric.table));
    let title = table.map_or(form.metric.table.as_str(), |table| table.title());
    match &form.metric.column {
        None => format!("{title}: its rows"),
        Some(name) => {
            let column = table.and_then(|table| table.column(name));
            format!("{title}: {}", column.map_or(name.as_str(), |column| column.label.as_str()))
        }
    }
}

fn kind(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Number => "a number",
        MetricKind::Bars => "bars: members by value",
    }
}

fn function(function: MetricFunction) -> &'static str {
    match function {
        MetricFunction::Rows => "how many rows there are",
        MetricFunction::Count => "how many rows have a value",
        MetricFunction::Distinct => "how many different values there are",
        MetricFunction::Sum => "the sum",
        MetricFunction::Avg => "the average",
        MetricFunction::Min => "the minimum",
        MetricFunction::Max => "the maximum",
    }
}

fn format(format: MetricFormat) -> &'static str {
    match format {
        MetricFormat::Integer => "a whole number",
        MetricFormat::Money => "money",
        MetricFormat::Percent => "a percentage: 0.25 is 25 %",
    }
}
