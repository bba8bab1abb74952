//! A card of the summary as a whole table.

use super::pages::card_effects::copy;
use super::pages::card_table::CardTable;
use super::pages::cards::CardKind;
use crate::app::action::{Action, Context};
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::view::View;

/// The most lines that one can scroll down a definition.
const MOST_SCROLL: usize = 10_000;
/// Lines of the terminal that are not rows: the program's head and bottom line, the border, the heads.
const AROUND: u16 = 5;

/// A card as a whole table, as it was when it was opened.
#[derive(Clone, Debug)]
pub struct CardView {
    /// The card.
    pub card: CardKind,
    /// Its table; the definition has none.
    pub table: Option<CardTable>,
    /// How many lines are above; of a definition that is looked at from its end, how many are below.
    pub scroll: usize,
    /// Whether a definition is looked at from its end: how many lines it has depends on how they are wrapped.
    pub is_from_end: bool,
}

impl CardView {
    /// A card and its table.
    #[must_use]
    pub(crate) fn new(card: CardKind, table: CardTable) -> Self {
        Self { card, table: Some(table), scroll: 0, is_from_end: false }
    }

    /// The whole definition in words.
    #[must_use]
    pub(crate) fn definition() -> Self {
        Self { card: CardKind::Definition, table: None, scroll: 0, is_from_end: false }
    }

    /// How far down one can scroll in a terminal of so many lines; the last row stays at the bottom.
    #[must_use]
    pub(crate) fn most_scroll(&self, terminal: u16) -> usize {
        let rows = self.table.as_ref().map(|table| table.rows.len());
        rows.map_or(MOST_SCROLL, |rows| rows.saturating_sub(usize::from(terminal.saturating_sub(AROUND))))
    }
}

impl Layer for CardView {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::CardView]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::CopyCard if self.table.is_none() => {
                Check::Disabled("a definition is copied as SQL: Q shows it".to_owned())
            }
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            let most = self.most_scroll(cx.session.size.1);
            if self.table.is_none() && matches!(action, Action::Top | Action::Bottom) {
                (self.scroll, self.is_from_end) = (0, action == Action::Bottom);
                return Outcome::stay();
            }
            let by = if self.is_from_end { by.saturating_neg() } else { by };
            self.scroll = self.scroll.min(most).saturating_add_signed(by).min(most);
            return Outcome::stay();
        }
        match action {
            Action::CopyCard => {
                self.table.iter().for_each(|table| copy(table, cx));
                Outcome::stay()
            }
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }
}
