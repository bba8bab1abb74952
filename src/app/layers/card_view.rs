//! A card of the summary as a whole table.

use super::pages::card_effects::copy;
use super::pages::card_table::CardTable;
use super::pages::cards::CardKind;
use crate::app::action::{Action, Context};
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::view::View;

/// The most lines that one can scroll down a definition.
const MOST_SCROLL: usize = 10_000;

/// A card as a whole table, as it was when it was opened.
#[derive(Clone, Debug)]
pub struct CardView {
    /// The card.
    pub card: CardKind,
    /// Its table; the definition has none.
    pub table: Option<CardTable>,
    /// How many lines are above.
    pub scroll: usize,
}

impl CardView {
    /// A card and its table.
    #[must_use]
    pub(crate) fn new(card: CardKind, table: CardTable) -> Self {
        Self { card, table: Some(table), scroll: 0 }
    }

    /// The whole definition in words.
    #[must_use]
    pub(crate) fn definition() -> Self {
        Self { card: CardKind::Definition, table: None, scroll: 0 }
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
            let most = self.table.as_ref().map_or(MOST_SCROLL, |table| table.rows.len().saturating_sub(1));
            self.scroll = self.scroll.saturating_add_signed(by).min(most);
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
