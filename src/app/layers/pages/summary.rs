//! The summary of the open segment: its figures on cards, and the definition in words.

use std::sync::Arc;

use super::asked::Asked;
use super::card_effects::{copy, keep_cards};
use super::card_table::{self, CardTable};
use super::cards::{self, CardKind, GridPlace};
use super::page::{PageKind, PageLayer};
use super::shared;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::event::{Event, SegmentFailure};
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::layers::card_list::CardList;
use crate::app::layers::card_view::CardView;
use crate::app::layers::confirm::Confirm;
use crate::app::layers::metric_form::MetricForm;
use crate::app::layers::sql_view::SqlView;
use crate::app::message::Message;
use crate::app::view::View;
use crate::backend::{
    Available, FollowTrend, MOST_METRICS, Metric, PageAnswer, PageQuestion, Summarize,
    Summary as SummaryAnswer, Trend, TrendStep, WrongConditions,
};
use crate::sql::Card;
use crate::workspace::MetricChange;

/// How many rows of cards a page is.
const PAGE: isize = 2;

/// The summary of the open segment.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The figures.
    pub figures: Asked,
    /// The segment over time.
    pub trend: Asked,
    /// How far the days of that are apart.
    pub step: TrendStep,
    /// The cards that are shown, the definition first.
    pub cards: Vec<CardKind>,
    /// The card at the cursor.
    pub cursor: usize,
    /// Whether of the definition one line is shown.
    pub is_folded: bool,
    /// The custom metric whose card the cursor goes to as soon as it is there.
    awaited: Option<String>,
}

impl Summary {
    /// The card at the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&CardKind> {
        self.cards.get(self.cursor)
    }

    /// The figures, perhaps of an older definition.
    #[must_use]
    pub fn answer(&self) -> Option<&SummaryAnswer> {
        match self.figures.answer() {
            Some(PageAnswer::Summary(summary)) => Some(summary),
            _ => None,
        }
    }

    /// The segment over time, perhaps of an older definition.
    #[must_use]
    pub fn points(&self) -> Option<&Trend> {
        match self.trend.answer() {
            Some(PageAnswer::Trend(trend)) => Some(trend),
            _ => None,
        }
    }

    /// Which question answers a card.
    #[must_use]
    pub fn asked(&self, card: &CardKind) -> &Asked {
        if *card == CardKind::Trend { &self.trend } else { &self.figures }
    }

    fn table(&self, card: &CardKind) -> Option<Available<CardTable>> {
        let summary = self.answer();
        card_table::table(card, summary.map(|summary| summary.insights), summary, self.points())
    }

    /// Why a card has no table just now.
    fn no_table_reason(&self, card: &CardKind) -> Option<String> {
        let asked = self.asked(card);
        match (card_table::availability(card, self.answer(), self.points()), asked.failure()) {
            (_, Some(SegmentFailure::Other(failure))) => Some(failure.message.clone()),
            (_, Some(SegmentFailure::Refused(problem))) => Some(problem.diagnostic.message.clone()),
            (None, None) => Some("the figures are still being worked out".to_owned()),
            (Some(Err(lacking)), None) => Some(lacking.message.clone()),
            (Some(Ok(())), None) => None,
        }
    }

    fn metric(&self) -> Option<&Metric> {
        match self.current()? {
            CardKind::Metric(metric) => Some(metric),
            _ => None,
        }
    }

    fn places(&self, cx: &Cx<'_>) -> Vec<GridPlace> {
        cards::grid(&self.cards, cards::columns(cx.session.size.0))
    }

    fn go(&mut self, action: Action, cx: &Cx<'_>) {
        let places = self.places(cx);
        let last = self.cards.len().saturating_sub(1);
        self.cursor = match action {
            Action::Left => self.cursor.saturating_sub(1),
            Action::Right => (self.cursor + 1).min(last),
            Action::Top => 0,
            Action::Bottom => last,
            _ => cards::beside(&places, self.cursor, action.step(PAGE).unwrap_or(0)),
        };
    }

    /// Shows the cards as they are to be now, with the cursor on the same one where it is still shown.
    fn show(&mut self, cx: &mut Cx<'_>) {
        let metrics = cx.session.metrics(&cx.view().activation_id());
        let awaited = self.awaited.take_if(|name| metrics.iter().any(|metric| metric.name == *name));
        let awaited = metrics.iter().find(|metric| Some(&metric.name) == awaited.as_ref());
        let awaited = awaited.map(|metric| CardKind::Metric(Box::new(metric.clone())));
        if let Some(card) = awaited.as_ref().filter(|card| cx.session.remembered.cards.is_hidden(card)) {
            // One of the same name was hidden before.
            cx.session.remembered.cards.toggle(card);
            keep_cards(cx);
        }
        let cards = cx.session.remembered.cards.shown(&metrics);
        if cards != self.cards {
            let at = self.current().and_then(|card| cards.iter().position(|known| known == card));
            self.cursor = at.unwrap_or(self.cursor).min(cards.len().saturating_sub(1));
            self.cards = cards;
        }
        if let Some(at) = awaited.and_then(|card| self.cards.iter().position(|known| *known == card)) {
            self.cursor = at;
        }
    }

    fn hide(&mut self, cx: &mut Cx<'_>) {
        match self.current().cloned() {
            None => {}
            Some(CardKind::Definition) => self.is_folded = !self.is_folded,
            Some(card) => {
                cx.session.remembered.cards.toggle(&card);
                cx.session.note(format!("{} is hidden; X shows it again", card.title()));
                keep_cards(cx);
                self.show(cx);
            }
        }
    }

    fn step_card(&mut self, down: bool, cx: &mut Cx<'_>) {
        let Some(card) = self.current().cloned() else { return };
        let metrics = cx.session.metrics(&cx.view().activation_id());
        let shown = self.cards.get(1..).unwrap_or_default();
        if cx.session.remembered.cards.step(&card, down, shown, &metrics) {
            keep_cards(cx);
            self.show(cx);
        }
    }

    fn open(&self) -> Outcome {
        match self.current() {
            None => Outcome::stay(),
            Some(CardKind::Definition) => Outcome::open(CardView::definition()),
            Some(card) => match self.table(card) {
                Some(Ok(table)) => Outcome::open(CardView::new(card.clone(), table)),
                _ => Outcome::stay(),
            },
        }
    }

    fn copy(&self, cx: &mut Cx<'_>) {
        if let Some(Ok(table)) = self.current().and_then(|card| self.table(card)) {
            copy(&table, cx);
        }
    }

    fn show_sql(&self, cx: &mut Cx<'_>) -> Outcome {
        let card = match self.current() {
            None => return Outcome::stay(),
            Some(CardKind::Definition) => return Outcome::ask(Command::Perform(Action::ShowSql)),
            Some(CardKind::Insights) => Card::Insights,
            Some(CardKind::RevenueTree | CardKind::Historical) => Card::RevenueTree,
            Some(CardKind::Predicted) => Card::Predicted,
            Some(CardKind::Reachability) => Card::Reachability,
            Some(CardKind::Channels) => Card::Channels,
            Some(CardKind::LifetimeSpend) => Card::LifetimeSpend,
            Some(CardKind::NewPurchasers) => Card::NewPurchasers,
            Some(CardKind::Trend) => {
                let points = self.points().map(|trend| trend.points.as_slice()).unwrap_or_default();
                Card::Trend(points.iter().map(|(day, _)| *day).collect())
            }
            Some(CardKind::Metric(metric)) => Card::Metric((**metric).clone()),
        };
        SqlView::open_card(card, cx)
    }

    fn ask_delete(&self, whom: &str) -> Outcome {
        let Some(metric) = self.metric() else { return Outcome::stay() };
        let lines = vec![
            format!("It is a custom metric of the {whom} of {}.", metric.database),
            "It goes for everybody who uses this workspace.".to_owned(),
        ];
        let delete = ('y', "Delete it", Command::DeleteMetric(Box::new(metric.clone())));
        let keep = ('n', "Keep it", Command::Cancel);
        Outcome::open(Confirm::new(format!("Delete {}?", metric.name), lines, vec![keep, delete]))
    }

    fn check_card(&self, action: Action) -> Check {
        let Some(card) = self.current() else { return Check::Disabled("no card is shown".to_owned()) };
        let is_definition = *card == CardKind::Definition;
        match action {
            Action::OpenCard if is_definition => Check::Enabled,
            Action::CopyCard if is_definition => {
                Check::Disabled("a definition is copied as SQL: Q shows it".to_owned())
            }
            Action::OpenCard | Action::CopyCard => Check::unless(self.no_table_reason(card)),
            Action::CardSql => Check::only_if(
                *card != CardKind::Trend || self.points().is_some(),
                "the days are still being worked out",
            ),
            Action::MoveCardUp => {
                Check::only_if(self.cursor > 1, if is_definition { STAYS } else { "it is the first card" })
            }
            Action::MoveCardDown if is_definition => Check::Disabled(STAYS.to_owned()),
            Action::MoveCardDown => Check::only_if(self.cursor + 1 < self.cards.len(), "it is the last card"),
            _ => Check::Enabled,
        }
    }
}

/// Why the definition cannot be moved.
const STAYS: &str = "the definition stays on top";

/// Why a custom metric cannot be added just now.
fn no_metric_reason(view: View<'_>) -> Option<String> {
    let is_full = || view.session.metrics(&view.activation_id()).len() >= MOST_METRICS;
    match view.session.no_database_reason() {
        _ if view.session.read_only => Some("nothing is saved in read-only mode".to_owned()),
        Some(reason) => Some(reason),
        None if is_full() => Some(format!(
            "there are {MOST_METRICS} custom metrics, as many as there may be; delete one first"
        )),
        None => None,
    }
}

impl Layer for Summary {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Summary, Context::Overview, Context::Screen]
    }

    fn check(&self, action: Action, view: View<'_>) -> Check {
        match action {
            _ if action.step(1).is_some() => Check::Enabled,
            Action::Left | Action::Right | Action::ShowCards | Action::NextStep | Action::HideCard => {
                Check::Enabled
            }
            Action::OpenCard
            | Action::CopyCard
            | Action::CardSql
            | Action::MoveCardUp
            | Action::MoveCardDown => self.check_card(action),
            Action::AddMetric => Check::unless(no_metric_reason(view)),
            Action::ChangeMetric | Action::DeleteMetric if view.session.read_only => {
                Check::Disabled("nothing is saved in read-only mode".to_owned())
            }
            Action::ChangeMetric | Action::DeleteMetric => {
                Check::only_if(self.metric().is_some(), "go to the card of a custom metric first")
            }
            _ => shared::check(action),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        match action {
            Action::Left | Action::Right => self.go(action, cx),
            _ if action.step(1).is_some() => self.go(action, cx),
            Action::OpenCard => return self.open(),
            Action::CopyCard => self.copy(cx),
            Action::CardSql => return self.show_sql(cx),
            Action::HideCard => self.hide(cx),
            Action::ShowCards => {
                let metrics = cx.session.metrics(&cx.view().activation_id());
                return Outcome::open(CardList::new(&cx.session.remembered.cards, metrics));
            }
            Action::MoveCardUp | Action::MoveCardDown => {
                self.step_card(action == Action::MoveCardDown, cx);
            }
            Action::NextStep => self.step = next(self.step),
            Action::AddMetric => {
                let database = cx.session.database().map(|database| database.name.clone());
                let form = MetricForm::add(database.unwrap_or_default(), cx.view().activation_id());
                return Outcome::open(form);
            }
            Action::ChangeMetric => {
                return self
                    .metric()
                    .map_or_else(Outcome::stay, |metric| Outcome::open(MetricForm::change(metric.clone())));
            }
            Action::DeleteMetric => return self.ask_delete(&cx.view().whom().plural),
            _ => return shared::perform(action, PageKind::Summary),
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        let is_taken = self.figures.receive(event) || self.trend.receive(event);
        if is_taken { Outcome::stay() } else { Outcome::pass() }
    }

    fn take(&mut self, command: &Command, cx: &mut Cx<'_>) -> Outcome {
        match command {
            Command::ShowMetric(name) => {
                self.awaited = Some(name.clone());
                Outcome::stay()
            }
            Command::DeleteMetric(metric) => {
                let change = MetricChange::Remove((**metric).clone());
                cx.session.request(Effect::ChangeMetric(Box::new(change)));
                Outcome::stay()
            }
            _ => Outcome::pass(),
        }
    }

    fn paste(&mut self, _: &str, cx: &mut Cx<'_>) -> Outcome {
        cx.session.notify(Message::not_typing());
        Outcome::stay()
    }
}

/// The next step of the segment over time.
fn next(step: TrendStep) -> TrendStep {
    match step {
        TrendStep::Month => TrendStep::Quarter,
        TrendStep::Quarter => TrendStep::Day,
        TrendStep::Day => TrendStep::Week,
        TrendStep::Week => TrendStep::Month,
    }
}

impl PageLayer for Summary {
    fn follow(&mut self, definition: u64, cx: &mut Cx<'_>) {
        self.show(cx);
        let Some(segment) = cx.segment.clone() else { return };
        let (as_of, wrong) = (cx.session.as_of(), WrongConditions::LeaveOut);
        let metrics = cx.session.metrics(&cx.view().activation_id());
        let question = Summarize { segment: Arc::clone(&segment), as_of, metrics, wrong };
        self.figures.ask(definition, PageQuestion::Summary(question), cx.session);
        // Thirteen days take longer than one: nobody waits for what is not shown.
        if self.cards.contains(&CardKind::Trend) {
            let question = FollowTrend { segment, step: self.step, as_of, wrong };
            self.trend.ask(definition, PageQuestion::Trend(question), cx.session);
        }
    }
}
