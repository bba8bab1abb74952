//! Why customers are in the open segment, or are not: the field in which they are named above, below it the answer, its
//! lines and the reasons for one of them.

mod pen;
mod reasons;
mod rows;
mod search;
mod table;
mod tree;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use self::pen::{Pen, capital};
use super::page_line;
use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::explain::{Explain, verdict_in_words, why};
use crate::backend::{ExplainedCustomer, IdStanding};
use crate::segment::Severity;
use crate::ui::marks::style_of;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

/// From here on lines and reasons stand beside each other.
const WIDE: u16 = 100;
/// With fewer lines there are no borders.
const TALL: u16 = 18;
/// With fewer lines there is no room for what would change the answer beside the reasons.
const ROOMY: u16 = 24;

pub fn draw(app: &App, _: &Editor, page: &Explain, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let [field, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(inner);
    let pen = Pen { app, page, theme, has_borders: area.height >= TALL };
    pen.field(frame, field);
    if page.entry.is_typing && !page.entry.field.text().trim().is_empty() {
        return search::draw(&pen, frame, body);
    }
    if page.is_table() {
        return table::draw(&pen, frame, body);
    }
    if page.current_id().is_none() {
        return pen.words(&invitation(app), theme.dim, frame, body);
    }
    pen.one(frame, body);
}

/// What can be named here.
fn invitation(app: &App) -> String {
    let singular = app.whom().singular;
    format!(
        "Type or paste the id of a {singular}, or an email address, a name or any other text about one. Several ids may \
         be pasted, one a line or with commas or blanks between them."
    )
}

impl Pen<'_> {
    /// The field, or whom it named.
    fn field(&self, frame: &mut Frame, area: Rect) {
        let (page, theme) = (self.page, self.theme);
        if page.entry.is_typing {
            let has_keys = self.app.overlays().is_empty();
            return draw_frame::field("/ ", &page.entry.field, has_keys, theme, frame, area);
        }
        let columns = usize::from(area.width);
        let whole = |number: usize| number::whole(number as u64);
        let start = match (page.opened.and(page.current_id()), page.ids.len()) {
            (Some(id), _) => format!("{} {}", self.app.whom().singular, text::sanitize(id)),
            (None, 0) => "nobody is named".to_owned(),
            (None, count) => format!("{} ids", whole(count)),
        };
        let walk = match (page.opened, page.ids.len()) {
            (Some(at), count) if count > 1 => format!("{} of {}: n p  ", whole(at + 1), whole(count)),
            _ => String::new(),
        };
        let end = format!("{walk}/ names another one");
        frame.render_widget(draw_frame::two((&start, theme.strong), (&end, theme.dim), columns), area);
    }

    /// One customer.
    fn one(&self, frame: &mut Frame, area: Rect) {
        let page = self.page;
        let room = usize::from(area.height);
        if let Some(lines) = self.refusal(&page.explanation, area) {
            return frame.render_widget(Paragraph::new(lines), area);
        }
        let Some((_, explanation, customer)) = page.answered() else {
            let percent = page.explanation.percent().map(|percent| format!(" {percent} %"));
            let said = format!("looking …{}", percent.unwrap_or_default());
            return self.words(&said, self.theme.dim, frame, area);
        };
        let mut head = vec![self.headline(customer, usize::from(area.width))];
        let said = why(customer, &self.app.whom().singular);
        let most = if room < 10 { 1 } else { 2 };
        let style = if page.explanation.is_current() { self.theme.text } else { self.theme.dim };
        let said = text::wrap(&capital(&said), usize::from(area.width), most);
        head.extend(said.into_iter().map(|line| Line::styled(line, style)));
        let left_out =
            explanation.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        if left_out > 0 {
            let lines = if left_out == 1 {
                "1 line has a problem and is".to_owned()
            } else {
                format!("{left_out} problems: these lines are")
            };
            let said = text::fit(&format!("! {lines} left out"), usize::from(area.width));
            head.push(Line::styled(said, self.theme.warn));
        }
        let high = u16::try_from(head.len()).unwrap_or(1);
        let [top, body] = Layout::vertical([Constraint::Length(high), Constraint::Min(0)]).areas(area);
        frame.render_widget(Paragraph::new(head), top);
        if customer.standing == IdStanding::Customer {
            self.panes(customer, frame, body);
        }
    }

    /// `✗ NOT A MEMBER of Churn as of 2025-12-31`
    fn headline(&self, customer: &ExplainedCustomer, columns: usize) -> Line<'static> {
        let theme = self.theme;
        let is_customer = customer.standing == IdStanding::Customer;
        let result = is_customer.then_some(customer.verdict.is_member);
        let is_current = self.page.explanation.is_current();
        let style = if is_current { style_of(result, theme) } else { theme.dim };
        let answered = self.page.answered();
        let name = answered.map(|(question, ..)| question.segment.name.clone()).unwrap_or_default();
        let day = answered.map(|(_, explanation, _)| explanation.as_of.to_string()).unwrap_or_default();
        let said = format!("{} {}", theme.glyphs.result(result), verdict_in_words(customer));
        let mut spans = vec![Span::styled(said, style.patch(theme.strong))];
        if is_customer {
            spans.push(Span::styled(" of ", theme.dim));
            spans.push(Span::styled(text::fit(&name, columns / 2), theme.text));
        }
        let day = format!(" as of {day}");
        // Without room for it the header says it.
        let used: usize = spans.iter().map(Span::width).sum();
        if used + text::width(&day) <= columns {
            spans.push(Span::styled(day, theme.dim));
        }
        spans.extend(page_line::state(&self.page.explanation, is_current, theme));
        let mut left = columns;
        let cut = spans.into_iter().map(|span| {
            let shown = text::fit(&span.content, left);
            left = left.saturating_sub(text::width(&shown));
            Span::styled(shown, span.style)
        });
        Line::from(cut.collect::<Vec<_>>())
    }

    /// The lines, the reasons for the one at the cursor, and what would change the answer.
    fn panes(&self, customer: &ExplainedCustomer, frame: &mut Frame, area: Rect) {
        let lines = self.page.lines();
        if area.width < WIDE - 2 {
            let most = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(if self.has_borders {
                2
            } else {
                0
            });
            let high = most.min(area.height / 2).max(3);
            let parts = [Constraint::Length(high), Constraint::Min(0)];
            let [above, below] = Layout::vertical(parts).areas(area);
            tree::draw(self, &lines, frame, above);
            return reasons::draw(self, customer, true, frame, below);
        }
        // Rows need more room than words.
        let right = (area.width * 11 / 20).min(96);
        let [left, right] = Layout::horizontal([Constraint::Min(0), Constraint::Length(right)]).areas(area);
        let needed = reasons::change_height(self, customer, left.width);
        let low = if area.height >= ROOMY { needed.min(area.height / 3) } else { 0 };
        let [tree_area, flips] = Layout::vertical([Constraint::Min(0), Constraint::Length(low)]).areas(left);
        reasons::draw(self, customer, low == 0, frame, right);
        tree::draw(self, &lines, frame, tree_area);
        if low > 0 {
            reasons::draw_change(self, customer, frame, flips);
        }
    }
}
