//! A segment as SQL, to be read and copied.

use std::sync::Arc;

use super::conversion;
use crate::app::action::{Action, Context};
use crate::app::effect::WantedSql;
use crate::app::event::{Event, SegmentFailure, WrittenSql};
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::view::View;
use crate::segment::Segment;
use crate::sql::{Card, DateStyle, Dialect};

/// How many columns the SQL moves sideways at a time.
const PAN: usize = 8;
/// The farthest to the right that one can look, in columns.
const MOST_PAN: usize = 100_000;
/// Lines of the terminal that are not SQL: the program's head and bottom line, the border, the dialects.
const AROUND: u16 = 5;

/// A segment as SQL.
#[derive(Clone, Debug)]
pub struct SqlView {
    /// The segment.
    pub segment: Arc<Segment>,
    /// Its figures on this card, in place of its members.
    pub card: Option<Arc<Card>>,
    /// For which engine.
    pub dialect: Dialect,
    /// How relative dates are written.
    pub dates: DateStyle,
    /// What was written last, and which SQL it is.
    pub written: Option<(WantedSql, Result<Arc<WrittenSql>, SegmentFailure>)>,
    /// How many lines are above.
    pub scroll: usize,
    /// How many columns are on the left.
    pub pan: usize,
}

impl SqlView {
    /// A segment in a dialect, still to be written.
    #[must_use]
    pub fn new(segment: Arc<Segment>, dialect: Dialect, dates: DateStyle) -> Self {
        Self { segment, card: None, dialect, dates, written: None, scroll: 0, pan: 0 }
    }

    /// Which SQL is shown.
    #[must_use]
    pub fn wanted(&self) -> WantedSql {
        WantedSql::Shown(self.dialect, self.dates)
    }

    /// The SQL, if it could be written; of another dialect until that of this one is there.
    #[must_use]
    pub fn sql(&self) -> Option<&Arc<WrittenSql>> {
        self.written.as_ref().and_then(|(_, result)| result.as_ref().ok())
    }

    /// Whether what was written last is what is wanted.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.written.as_ref().is_some_and(|(written, _)| *written == self.wanted())
    }

    /// Scrolls by whole lines, in a terminal of so many; the last line stays at the bottom.
    fn step(&mut self, by: isize, terminal: u16) {
        let most = self.most_scroll(terminal);
        self.scroll = self.scroll.min(most).saturating_add_signed(by).min(most);
    }

    /// How far down one can scroll in a terminal of so many lines.
    #[must_use]
    pub(crate) fn most_scroll(&self, terminal: u16) -> usize {
        let lines = self.sql().map_or(0, |written| written.script.lines().len());
        lines.saturating_sub(usize::from(terminal.saturating_sub(AROUND)))
    }

    /// Looks further to the left or the right.
    fn pan(&mut self, right: bool) {
        self.pan = if right { (self.pan + PAN).min(MOST_PAN) } else { self.pan.saturating_sub(PAN) };
    }
}

impl SqlView {
    /// The open segment as SQL, in the dialect that was looked at last.
    pub(super) fn open(cx: &mut Cx<'_>) -> Outcome {
        let Some(segment) = cx.segment.clone() else { return Outcome::stay() };
        let (dialect, dates) = cx.session.sql_form;
        let view = Self::new(segment, dialect, dates);
        view.request(cx);
        Outcome::open(view)
    }

    /// The figures of the open segment on a card as SQL, in the dialect that was looked at last.
    pub(super) fn open_card(card: Card, cx: &mut Cx<'_>) -> Outcome {
        let Some(segment) = cx.segment.clone() else { return Outcome::stay() };
        let (dialect, dates) = cx.session.sql_form;
        let view = Self { card: Some(Arc::new(card)), ..Self::new(segment, dialect, dates) };
        view.request(cx);
        Outcome::open(view)
    }

    fn request(&self, cx: &mut Cx<'_>) {
        let effect = cx.view().export_sql(self.wanted(), self.card.clone());
        cx.session.effects.extend(effect);
    }

    /// Shows other SQL of the same segment.
    fn change(&mut self, dialect: Dialect, dates: DateStyle, cx: &mut Cx<'_>) {
        (self.dialect, self.dates) = (dialect, dates);
        cx.session.sql_form = (dialect, dates);
        self.request(cx);
    }

    fn copy(&self, cx: &mut Cx<'_>) {
        let text = self.sql().filter(|_| self.is_current()).map(|written| written.script.text());
        conversion::copy_sql(text, cx.session);
    }
}

impl Layer for SqlView {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::SqlView]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::ConvertToSql if self.card.is_some() => {
                Check::Disabled("figures are no segment".to_owned())
            }
            // It is the editor's.
            Action::ConvertToSql => Check::Pass,
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by, cx.session.size.1);
            return Outcome::stay();
        }
        match action {
            Action::Left | Action::Right => self.pan(action == Action::Right),
            Action::NextDialect => self.change(self.dialect.next(1), self.dates, cx),
            Action::PreviousDialect => {
                self.change(self.dialect.next(Dialect::ALL.len() - 1), self.dates, cx);
            }
            Action::ToggleDates => {
                let dates = match self.dates {
                    DateStyle::Resolved => DateStyle::Relative,
                    DateStyle::Relative => DateStyle::Resolved,
                };
                self.change(self.dialect, dates, cx);
            }
            Action::CopySql => self.copy(cx),
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        let Event::SqlWritten { segment, wanted, card, result } = event else { return Outcome::pass() };
        match (wanted, result) {
            (WantedSql::Shown(..), result) => {
                if Arc::ptr_eq(&self.segment, segment) && self.wanted() == *wanted && self.card == *card {
                    self.written = Some((*wanted, result.clone()));
                }
                Outcome::pass()
            }
            (WantedSql::Converted, Ok(written)) if cx.is_top && conversion::is_of(segment, cx) => {
                Outcome::open(conversion::question(&written.script))
            }
            (WantedSql::Converted, _) => Outcome::pass(),
        }
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.request(cx);
    }
}
