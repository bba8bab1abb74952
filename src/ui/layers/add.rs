//! The picker of three columns; on a narrow screen the focused column alone.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::widgets::Clear;

use crate::app::layers::add::{Add, AddColumn};
use crate::app::layers::add_subjects::Subject;
use crate::app::prompt::EditTarget;
use crate::segment::Side;
use crate::ui::frame as draw_frame;
use crate::ui::pick;
use crate::ui::theme::Theme;
use crate::ui::type_mark::type_mark;

/// Columns of the longest operator, frame included.
const OPERATOR: u16 = 30;

pub fn draw(add: &Add, theme: &Theme, frame: &mut Frame, area: Rect) {
    let lines = area.height.saturating_sub(2).clamp(8, 24).min(area.height);
    let columns = area.width.saturating_sub(4).min(112);
    let area = Rect {
        x: area.x + (area.width - columns) / 2,
        y: area.y + (area.height - lines) / 2,
        width: columns,
        height: lines,
    };
    frame.render_widget(Clear, area);
    let title = match &add.target {
        EditTarget::NewCondition(path, _) if path.side == Side::Exclude => "Exclude: source",
        EditTarget::NewCondition(..) => "Add: source",
        EditTarget::EditCondition(_) => "Change: source",
        EditTarget::NewFilter(..) => "Filter: same row",
        EditTarget::EditFilter(..) => "Change the filter",
    };
    let is_at = |focus: AddColumn| add.focus == focus;
    let wide = area.width >= 64;
    let areas =
        Layout::horizontal(widths(add)).areas::<3>(area).map(|column| if wide { column } else { area });
    let [sources, subjects, operators] = areas;
    if wide || is_at(AddColumn::Source) {
        let inner = draw_frame::pane(title, is_at(AddColumn::Source), theme, frame, sources);
        pick::draw(&add.sources, is_at(AddColumn::Source), |_| "", theme, frame, inner);
    }
    if wide || is_at(AddColumn::Subject) {
        let heading = match add.subjects.current().map(|item| &item.value) {
            _ if add.is_everywhere => "Found in all tables",
            Some(Subject::List(_) | Subject::Listed(_)) => "Lists",
            Some(Subject::Behaviour(_)) => "Behaviour",
            Some(Subject::Measure { .. } | Subject::Source(_)) | None => "Attribute",
        };
        let inner = draw_frame::pane(heading, is_at(AddColumn::Subject), theme, frame, subjects);
        let mark = |subject: &Subject| match subject {
            Subject::Measure { data_type, .. } => type_mark(*data_type),
            Subject::Behaviour(_) | Subject::List(_) | Subject::Source(_) | Subject::Listed(_) => "   ",
        };
        let marked = |item: &crate::app::pick::Item<Subject>| match mark(&item.value) {
            "abc" => "abc ",
            "123" => "123 ",
            "1.5" => "1.5 ",
            "y/n" => "y/n ",
            "day" => "day ",
            "d+t" => "d+t ",
            _ => "",
        };
        pick::draw(&add.subjects, is_at(AddColumn::Subject), marked, theme, frame, inner);
    }
    if wide || is_at(AddColumn::Operator) {
        let inner = draw_frame::pane("Operator", is_at(AddColumn::Operator), theme, frame, operators);
        pick::draw(&add.operators, is_at(AddColumn::Operator), |_| "", theme, frame, inner);
    }
}

/// The widths of the columns.
fn widths(add: &Add) -> [Constraint; 3] {
    match add.is_everywhere {
        // Operators are never cut where keys go to them.
        _ if add.focus == AddColumn::Operator => {
            [Constraint::Ratio(1, 5), Constraint::Fill(1), Constraint::Length(OPERATOR)]
        }
        // What was found has the name of its table beside it.
        true => [Constraint::Ratio(1, 5), Constraint::Fill(1), Constraint::Ratio(1, 4)],
        false => [Constraint::Ratio(1, 3), Constraint::Ratio(5, 12), Constraint::Ratio(1, 4)],
    }
}
