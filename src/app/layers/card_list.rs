//! Which cards of the summary are shown, and in which order.

use super::pages::card_effects::keep_cards;
use super::pages::cards::{CardKind, CardLayout};

use crate::app::action::{Action, Context};
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::view::View;
use crate::backend::Metric;

/// All cards, with whether they are shown.
#[derive(Clone, Debug)]
pub struct CardList {
    /// The cards in their order, each with whether it is shown.
    pub cards: Vec<(CardKind, bool)>,
    /// The line of the cursor.
    pub cursor: usize,
    metrics: Vec<Metric>,
}

impl CardList {
    /// All cards as they are.
    pub(crate) fn new(layout: &CardLayout, metrics: Vec<Metric>) -> Self {
        let mut list = Self { cards: Vec::new(), cursor: 0, metrics };
        list.show(layout);
        list
    }

    fn show(&mut self, layout: &CardLayout) {
        let all = layout.all(&self.metrics).into_iter();
        self.cards = all.map(|card| (card.clone(), !layout.is_hidden(&card))).collect();
    }

    fn current(&self) -> Option<&CardKind> {
        self.cards.get(self.cursor).map(|(card, _)| card)
    }

    fn change(&mut self, change: impl FnOnce(&mut CardLayout), cx: &mut Cx<'_>) {
        change(&mut cx.session.remembered.cards);
        self.show(&cx.session.remembered.cards);
        keep_cards(cx);
    }

    fn move_card(&mut self, down: bool, cx: &mut Cx<'_>) {
        let Some(card) = self.current().cloned() else { return };
        let all: Vec<CardKind> = self.cards.iter().map(|(card, _)| card.clone()).collect();
        let metrics = self.metrics.clone();
        let step = |layout: &mut CardLayout| {
            layout.step(&card, down, &all, &metrics);
        };
        self.change(step, cx);
        self.cursor = self.cards.iter().position(|(known, _)| *known == card).unwrap_or(self.cursor);
    }
}

impl Layer for CardList {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::CardList]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::MoveCardUp => Check::only_if(self.cursor > 0, "it is the first card"),
            Action::MoveCardDown => Check::only_if(self.cursor + 1 < self.cards.len(), "it is the last card"),
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.cursor = self.cursor.saturating_add_signed(by).min(self.cards.len().saturating_sub(1));
            return Outcome::stay();
        }
        match action {
            Action::Tick => {
                if let Some(card) = self.current().cloned() {
                    self.change(|layout| layout.toggle(&card), cx);
                }
            }
            Action::MoveCardUp | Action::MoveCardDown => {
                self.move_card(action == Action::MoveCardDown, cx);
            }
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn shows_below(&self) -> bool {
        true
    }
}
