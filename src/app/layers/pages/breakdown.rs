//! The purchasers of the open segment by the values of attributes.

use std::collections::HashMap;
use std::sync::Arc;

use super::asked::Asked;
use super::attributes::{choices, first_attributes};
use super::from_value::{has_value, members_with};
use super::measure::{Measure, Ranking};
use super::page::{PageKind, PageLayer};
use super::shared;
use super::typed_days::TypedDays;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::copying::copy;
use crate::app::event::Event;
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::layers::choose::Choose;
use crate::app::layers::days::Days;
use crate::app::layers::sql_view::SqlView;
use crate::app::message::Message;
use crate::app::view::View;
use crate::backend::{
    self, AttributeBreakdown, Available, BreakDown, ColumnName, ListedValue, MOST_ATTRIBUTES, PageAnswer,
    PageQuestion, Purchases, WrongConditions,
};
use crate::segment::{Condition, Segment};
use crate::sql::Card;

/// The purchasers of the open segment by the values of attributes.
#[derive(Clone, Debug, Default)]
pub struct Breakdown {
    /// The figures.
    pub figures: Asked,
    /// The attributes, each with a chart.
    pub attributes: Vec<ColumnName>,
    /// What the bars show.
    pub measure: Measure,
    /// The days whose orders count.
    pub days: TypedDays,
    /// Why they are none, at the day of evaluation.
    pub days_fault: Option<String>,
    /// The chart that the cursor is on.
    pub focus: usize,
    /// Whether that chart is shown as a whole table.
    pub is_open: bool,
    /// Whether the open segment is saved as it is.
    pub is_saved: bool,
    /// Whether the attributes are others than those that are shown at first.
    is_chosen: bool,
    /// The value that the cursor is on in each chart.
    cursors: HashMap<ColumnName, usize>,
    /// The values of the last answer by the measure.
    ranked: Vec<(ColumnName, Ranking)>,
}

impl Breakdown {
    /// The last answer.
    #[must_use]
    pub fn breakdown(&self) -> Option<&backend::Breakdown> {
        match self.figures.answer()? {
            PageAnswer::Breakdown(breakdown) => Some(breakdown),
            _ => None,
        }
    }

    /// Whether the last answer is of what is shown now.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.days_fault.is_none() && self.figures.is_current()
    }

    /// The figures of an attribute in the last answer.
    #[must_use]
    pub fn figures_of(&self, attribute: &ColumnName) -> Option<&Available<AttributeBreakdown>> {
        let mut attributes = self.breakdown()?.attributes.iter();
        attributes.find(|(name, _)| name == attribute).map(|(_, figures)| figures)
    }

    /// The attribute that the cursor is on.
    #[must_use]
    pub fn attribute(&self) -> Option<&ColumnName> {
        self.attributes.get(self.focus)
    }

    /// The value that the cursor is on in the chart of an attribute.
    #[must_use]
    pub fn cursor(&self, attribute: &ColumnName) -> usize {
        let count = self.values_of(attribute).len();
        self.cursors.get(attribute).copied().unwrap_or(0).min(count.saturating_sub(1))
    }

    fn values_of(&self, attribute: &ColumnName) -> &[(ListedValue, backend::SegmentAndAll<Purchases>)] {
        match self.figures_of(attribute) {
            Some(Ok(figures)) => &figures.values.values,
            Some(Err(_)) | None => &[],
        }
    }

    /// The values of an attribute by the measure.
    #[must_use]
    pub fn ranking(&self, attribute: &ColumnName) -> Option<&Ranking> {
        self.ranked.iter().find(|(name, _)| name == attribute).map(|(_, ranking)| ranking)
    }

    /// Some of them, from the one at `first` on.
    pub fn listed<'a>(
        &'a self,
        attribute: &ColumnName,
        first: usize,
        count: usize,
    ) -> impl Iterator<Item = &'a (ListedValue, backend::SegmentAndAll<Purchases>)> {
        let values = self.values_of(attribute);
        let order = self.ranking(attribute).map_or(&[][..], |ranking| &ranking.order);
        order.iter().skip(first).take(count).filter_map(|at| values.get(*at))
    }

    /// What is listed at the cursor, with its figures.
    #[must_use]
    pub fn at_cursor(&self) -> Option<&(ListedValue, backend::SegmentAndAll<Purchases>)> {
        let attribute = self.attribute()?;
        self.listed(attribute, self.cursor(attribute), 1).next()
    }

    fn rank(&mut self) {
        let measure = self.measure;
        let attributes = self.breakdown().into_iter().flat_map(|breakdown| &breakdown.attributes);
        let ranked = attributes.filter_map(|(name, figures)| {
            Some((name.clone(), Ranking::new(figures.as_ref().ok()?, measure)))
        });
        self.ranked = ranked.collect();
    }

    /// Goes on to the next measure; cursors stay on their values, but at the top where they are there.
    fn next_measure(&mut self) {
        let position = |name: &ColumnName| self.ranking(name)?.order.get(self.cursor(name)).copied();
        let moved = self.cursors.iter().filter(|(_, at)| **at > 0);
        let at: Vec<_> = moved.filter_map(|(name, _)| Some((name.clone(), position(name)?))).collect();
        self.measure = self.measure.next();
        self.rank();
        for (name, position) in at {
            let mut order = self.ranking(&name).into_iter().flat_map(|ranking| &ranking.order);
            if let Some(at) = order.position(|other| *other == position) {
                self.cursors.insert(name, at);
            }
        }
    }

    /// The value that the cursor is on.
    #[must_use]
    pub fn value(&self) -> Option<(&ColumnName, &ListedValue)> {
        let attribute = self.attribute()?;
        let (value, _) = self.at_cursor()?;
        Some((attribute, value))
    }

    /// The condition that a customer has the value at the cursor.
    ///
    /// # Errors
    /// There is none, or no condition can say it.
    pub(crate) fn condition(&self, view: View<'_>) -> Result<Condition, String> {
        let (name, value) = self.value().ok_or("there is no value here")?;
        let table = view.database().and_then(|database| database.table(&name.table));
        let column = table.and_then(|table| table.column(&name.column));
        let column = column.ok_or_else(|| format!("there is no {} any more", name.column))?;
        has_value(name, column.data_type, value)
    }

    /// The segment of the members with the value at the cursor.
    fn new_segment(&self, view: View<'_>) -> Result<Segment, String> {
        let condition = self.condition(view)?;
        let open = view.segment.ok_or("no segment is open")?;
        let value = self.value().map(|(_, value)| value_name(value)).unwrap_or_default();
        members_with(open, self.is_saved, condition, &value)
    }

    fn step(&mut self, by: isize) {
        let Some(attribute) = self.attribute().cloned() else { return };
        let last = self.values_of(&attribute).len().saturating_sub(1);
        let cursor = self.cursor(&attribute).saturating_add_signed(by).min(last);
        self.cursors.insert(attribute, cursor);
    }

    fn sideways(&mut self, right: bool) {
        let last = self.attributes.len().saturating_sub(1);
        self.focus = if right { (self.focus + 1).min(last) } else { self.focus.saturating_sub(1) };
    }

    fn add(&mut self, attribute: &ColumnName) {
        if self.attributes.len() < MOST_ATTRIBUTES && !self.attributes.contains(attribute) {
            self.attributes.push(attribute.clone());
            self.focus = self.attributes.len() - 1;
            self.is_chosen = true;
        }
    }

    fn remove(&mut self) {
        if self.focus < self.attributes.len() {
            self.attributes.remove(self.focus);
            self.focus = self.focus.min(self.attributes.len().saturating_sub(1));
            self.is_chosen = true;
            self.is_open = false;
        }
    }

    /// The attributes that are shown at first, where others were not chosen.
    fn note_attributes(&mut self, view: View<'_>) {
        if let (false, Some(database)) = (self.is_chosen, view.database()) {
            self.attributes = first_attributes(database, &view.activation_id());
            self.focus = self.focus.min(self.attributes.len().saturating_sub(1));
        }
    }

    /// The figures of the chart at the cursor as lines of values with tabs between them.
    fn text(&self) -> Option<String> {
        let attribute = self.attribute()?;
        let figures = self.figures_of(attribute)?.as_ref().ok()?;
        let revenue = |of: &Purchases| of.revenue.map(shared::plain_money).unwrap_or_default();
        let cells = |both: &backend::SegmentAndAll<Purchases>| {
            let (segment, all) = (&both.segment, &both.all);
            format!("{}\t{}\t{}\t{}", segment.purchasers, revenue(segment), all.purchasers, revenue(all))
        };
        let one_line = |text: &str| text.replace(['\t', '\n', '\r'], " ");
        let mut text =
            format!("{}\tpurchasers\trevenue\tall purchasers\tall revenue", one_line(&attribute.column));
        for (value, both) in self.listed(attribute, 0, usize::MAX) {
            text.push('\n');
            text.push_str(&format!("{}\t{}", one_line(&value_label(value)), cells(both)));
        }
        text.push_str(&format!("\ntotal\t{}", cells(&figures.total)));
        Some(text)
    }
}

/// What a value is called on screens.
#[must_use]
pub fn value_label(value: &ListedValue) -> String {
    match value {
        ListedValue::Value(text) => text.clone(),
        ListedValue::Blank => "(blank)".to_owned(),
        ListedValue::Null => "(NULL)".to_owned(),
    }
}

/// What a value is called in the name of a segment.
fn value_name(value: &ListedValue) -> String {
    match value {
        ListedValue::Value(text) => text.clone(),
        ListedValue::Blank => "blank".to_owned(),
        ListedValue::Null => "NULL".to_owned(),
    }
}

impl Layer for Breakdown {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Breakdown, Context::Overview, Context::Screen]
    }

    fn check(&self, action: Action, view: View<'_>) -> Check {
        let has_attribute = Check::only_if(self.attribute().is_some(), "no attribute is shown: a adds one");
        match action {
            Action::Left | Action::Right | Action::NextMeasure | Action::ChooseDays | Action::Recount => {
                Check::Enabled
            }
            _ if action.step(1).is_some() => Check::Enabled,
            Action::ChooseAttributes if view.database().is_none() => {
                Check::unless(view.session.no_database_reason())
            }
            Action::ChooseAttributes => Check::only_if(
                self.attributes.len() < MOST_ATTRIBUTES,
                "six attributes are shown at most: d takes one away",
            ),
            Action::ResetAttributes => {
                Check::only_if(self.is_chosen, "these are the attributes that are shown at first")
            }
            Action::RemoveAttribute | Action::OpenCard => has_attribute,
            Action::CardSql => match view.database() {
                None => Check::unless(view.session.no_database_reason()),
                Some(_) => has_attribute,
            },
            Action::CopyCard => {
                let figures = self.attribute().and_then(|attribute| self.figures_of(attribute));
                Check::only_if(figures.is_some_and(Result::is_ok), "there are no numbers to copy here")
            }
            Action::NewFromValue => Check::unless(self.new_segment(view).err()),
            _ => shared::check(action),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Left | Action::Right => self.sideways(action == Action::Right),
            Action::Recount => {
                self.figures.invalidate();
                return Outcome::pass();
            }
            Action::NextMeasure => self.next_measure(),
            Action::ChooseDays => return Outcome::open(Days::new(&self.days)),
            Action::ChooseAttributes => {
                let items = choices(&self.attributes, cx.view());
                return Outcome::open(Choose::new("Break down by", items, None));
            }
            Action::RemoveAttribute => self.remove(),
            Action::ResetAttributes => (self.is_chosen, self.is_open) = (false, false),
            Action::OpenCard => self.is_open = !self.is_open,
            Action::CopyCard => {
                let text = self.text().unwrap_or_default();
                copy(text, "segtui breakdown prints all values", cx.session);
            }
            Action::CardSql => {
                let range = self.days.range(cx.session.as_of());
                let (Some(attribute), Ok(range)) = (self.attribute().cloned(), range) else {
                    return Outcome::stay();
                };
                return SqlView::open_card(Card::Breakdown(attribute, range), cx);
            }
            Action::NewFromValue => match self.new_segment(cx.view()) {
                Ok(segment) => return Outcome::ask(Command::StartSegment(Arc::new(segment))),
                Err(reason) => cx.session.note(reason),
            },
            Action::Back if self.is_open => self.is_open = false,
            _ => return shared::perform(action, PageKind::Breakdown),
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if !self.figures.receive(event) {
            return Outcome::pass();
        }
        if matches!(event, Event::PageAnswered { .. }) {
            self.rank();
        }
        Outcome::stay()
    }

    fn take(&mut self, command: &Command, _: &mut Cx<'_>) -> Outcome {
        match command {
            Command::TakeAttribute(attribute) => self.add(attribute),
            Command::TakeDays(days) => self.days.clone_from(days),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn paste(&mut self, _: &str, cx: &mut Cx<'_>) -> Outcome {
        cx.session.notify(Message::not_typing());
        Outcome::stay()
    }
}

impl PageLayer for Breakdown {
    fn follow(&mut self, definition: u64, cx: &mut Cx<'_>) {
        self.note_attributes(cx.view());
        let as_of = cx.session.as_of();
        let range = self.days.range(as_of);
        self.days_fault = range.as_ref().err().cloned();
        let (Some(segment), Ok(range)) = (cx.segment.clone(), range) else { return };
        let (attributes, wrong) = (self.attributes.clone(), WrongConditions::LeaveOut);
        if attributes.is_empty() {
            return;
        }
        let question = BreakDown { segment, attributes, range, as_of, wrong };
        self.figures.ask(definition, PageQuestion::Breakdown(question), cx.session);
    }
}
