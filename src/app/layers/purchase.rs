//! The form of a purchase behaviour: how many, when, and of what.

use chrono::NaiveDate;
use crossterm::event::{KeyCode, KeyEvent};
use serde_json::Value;

use super::purchase_values::{fields, flag, neighbour, typed_word, value};
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::Event;
use crate::app::field::Field;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::prompt::{EditTarget, FormLine, Owner};
use crate::app::typed::{parse_date, parse_number, resolve_day};
use crate::app::view::View;
use crate::app::what_if::WhatIf;
use crate::segment::{
    AmountOperator, Arity, Behaviour, Condition, ConditionKind, Filter, NodePath, PurchaseCondition, Side,
    Test, When, WhenOperator,
};

/// The form.
#[derive(Clone, Debug)]
pub struct Purchase {
    /// Where the condition goes.
    pub target: EditTarget,
    /// The condition as it was; what the form does not show stays so.
    before: Condition,
    /// What is asked.
    pub behaviour: Behaviour,
    /// How the number compares.
    pub op: AmountOperator,
    /// With what; the second for `between`.
    pub amounts: [Field; 2],
    /// Whether the first amount is the one that the form came with.
    is_preset: bool,
    /// Take in the ends of `between`.
    pub inclusive: bool,
    /// How dates compare.
    pub when: WhenOperator,
    /// With which days; the second for ranges.
    pub dates: [Field; 2],
    /// Take in the ends of the range of dates.
    pub dates_inclusive: bool,
    /// What must hold of the items.
    pub filters: Vec<Filter>,
    /// The field that keys go to.
    pub focus: FormField,
    /// What the segment would be with the form as it stands.
    pub what_if: WhatIf,
    /// Why the form cannot be taken as it stands.
    pub complaint: Option<String>,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormField {
    /// How the number compares.
    Operator,
    /// A number.
    Amount(usize),
    /// How dates compare.
    When,
    /// A date.
    Date(usize),
    /// A filter.
    Filter(usize),
    /// Where a filter is added.
    AddFilter,
    /// Where the form is taken.
    Done,
}

impl Purchase {
    /// A new condition.
    #[must_use]
    pub fn new(target: EditTarget, behaviour: Behaviour, op: Option<AmountOperator>) -> Self {
        Self::change(target, Condition::purchase(behaviour), behaviour, op)
    }

    /// A condition that is to ask for this behaviour; window and filters stay.
    #[must_use]
    pub fn change(
        target: EditTarget,
        mut condition: Condition,
        behaviour: Behaviour,
        op: Option<AmountOperator>,
    ) -> Self {
        match &mut condition.kind {
            ConditionKind::Purchase(purchase) => {
                purchase.behaviour = behaviour;
                if !behaviour.takes_amount() {
                    (purchase.op, purchase.value, purchase.inclusive) = (None, None, None);
                }
            }
            other => *other = Condition::purchase(behaviour).kind,
        }
        let blank = || Self { target: target.clone(), ..Self::blank(behaviour) };
        let mut form = Self::edit(target.clone(), &condition).unwrap_or_else(blank);
        if let Some(op) = op {
            form.op = op;
            form.focus = FormField::Amount(0);
        } else if !behaviour.takes_amount() {
            form.focus = FormField::When;
        }
        form
    }

    fn blank(behaviour: Behaviour) -> Self {
        Self {
            target: EditTarget::NewCondition(NodePath::root(Side::Include), usize::MAX),
            before: Condition::purchase(behaviour),
            behaviour,
            op: AmountOperator::AtLeast,
            amounts: [Field::with("1"), Field::default()],
            is_preset: true,
            inclusive: false,
            when: WhenOperator::AnyTime,
            dates: [Field::default(), Field::default()],
            dates_inclusive: false,
            filters: Vec::new(),
            focus: FormField::Operator,
            what_if: WhatIf::default(),
            complaint: None,
        }
    }

    /// The form of a condition; `None` if it is no purchase behaviour.
    #[must_use]
    pub fn edit(target: EditTarget, condition: &Condition) -> Option<Self> {
        let ConditionKind::Purchase(purchase) = &condition.kind else { return None };
        let blank = Self::blank(purchase.behaviour);
        let amounts = purchase.value.as_ref().map_or_else(|| blank.amounts.clone(), fields);
        let when = purchase.when.as_ref();
        Some(Self {
            target,
            before: condition.clone(),
            op: purchase.op.unwrap_or(blank.op),
            amounts,
            is_preset: purchase.value.is_none(),
            inclusive: purchase.inclusive == Some(true),
            when: when.and_then(|when| when.op).unwrap_or(blank.when),
            dates: when.and_then(|when| when.value.as_ref()).map_or_else(Default::default, fields),
            dates_inclusive: when.and_then(|when| when.inclusive) == Some(true),
            filters: purchase.filters.clone().unwrap_or_default(),
            focus: if purchase.behaviour.takes_amount() { FormField::Operator } else { FormField::When },
            ..blank
        })
    }

    /// The fields that are shown, top down.
    #[must_use]
    pub fn order(&self) -> Vec<FormField> {
        let mut order = Vec::new();
        if self.behaviour.takes_amount() {
            order.extend([FormField::Operator, FormField::Amount(0)]);
            if self.op == AmountOperator::Between {
                order.push(FormField::Amount(1));
            }
        }
        order.push(FormField::When);
        let dates = match self.when.arity() {
            Arity::None => 0,
            Arity::One | Arity::Many => 1,
            Arity::Two => 2,
        };
        order.extend((0..dates).map(FormField::Date));
        order.extend((0..self.filters.len()).map(FormField::Filter));
        order.extend([FormField::AddFilter, FormField::Done]);
        order
    }

    /// Goes to another field.
    fn step(&mut self, by: isize) {
        let order = self.order();
        let at = order.iter().position(|focus| *focus == self.focus).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(order.len().saturating_sub(1));
        self.focus = order.get(to).copied().unwrap_or(FormField::Done);
    }

    /// Goes to the next choice of a field of words, or moves inside a text.
    fn turn(&mut self, forward: bool) {
        match self.focus {
            FormField::Operator => self.op = neighbour(self.op, forward),
            FormField::When => self.when = neighbour(self.when, forward),
            FormField::Amount(_) | FormField::Date(_) => {
                let code = if forward { KeyCode::Right } else { KeyCode::Left };
                self.input(code.into());
            }
            FormField::Filter(_) | FormField::AddFilter | FormField::Done => {}
        }
    }

    /// Types into the focused field. In a field of words, a letter goes to the next word that starts so.
    fn input(&mut self, key: KeyEvent) {
        self.complaint = None;
        match self.focus {
            FormField::Amount(at) => {
                // What is typed takes the place of the number that the form came with.
                if std::mem::take(&mut self.is_preset) && matches!(key.code, KeyCode::Char(_)) {
                    self.amounts = Default::default();
                }
                if let Some(field) = self.amounts.get_mut(at) {
                    field.input(key);
                }
            }
            FormField::Date(at) => drop(self.dates.get_mut(at).map(|field| field.input(key))),
            FormField::Operator => self.op = typed_word(self.op, key),
            // A date that is typed at once is the one after which it was.
            FormField::When if matches!(key.code, KeyCode::Char('0'..='9')) => {
                if self.when.arity() == Arity::None {
                    self.when = WhenOperator::After;
                }
                (self.focus, self.dates) = (FormField::Date(0), Default::default());
                self.input(key);
            }
            FormField::When => self.when = typed_word(self.when, key),
            FormField::Filter(_) | FormField::AddFilter | FormField::Done => {}
        }
    }

    /// Whether the field at the cursor belongs to a range.
    fn has_ends(&self) -> bool {
        match self.focus {
            FormField::Operator | FormField::Amount(_) => self.op == AmountOperator::Between,
            FormField::When | FormField::Date(_) => self.when == WhenOperator::Between,
            FormField::Filter(_) | FormField::AddFilter | FormField::Done => false,
        }
    }

    /// Takes in the ends of the range at the cursor, or leaves them out.
    fn toggle_ends(&mut self) {
        match self.focus {
            FormField::Operator | FormField::Amount(_) => self.inclusive = !self.inclusive,
            FormField::When | FormField::Date(_) => self.dates_inclusive = !self.dates_inclusive,
            FormField::Filter(_) | FormField::AddFilter | FormField::Done => {}
        }
    }

    /// Takes a filter that was picked.
    fn set_filter(&mut self, at: Option<usize>, column: &str, test: Test) {
        match at.and_then(|at| self.filters.get_mut(at)) {
            Some(filter) => {
                column.clone_into(&mut filter.column);
                filter.test = test;
            }
            None => self.filters.push(Filter { column: column.to_owned(), test, extra: Default::default() }),
        }
        self.focus = FormField::Done;
    }

    /// Removes the filter at the cursor.
    fn delete_filter(&mut self) {
        if let FormField::Filter(at) = self.focus
            && at < self.filters.len()
        {
            self.filters.remove(at);
            self.focus = if self.filters.is_empty() {
                FormField::AddFilter
            } else {
                FormField::Filter(at.min(self.filters.len() - 1))
            };
        }
    }

    /// What a date field comes to.
    #[must_use]
    pub fn day(&self, at: usize, as_of: NaiveDate) -> Option<Result<String, String>> {
        let text = self.dates.get(at)?.text();
        (!text.trim().is_empty()).then(|| resolve_day(text, as_of))
    }

    /// Enter: what the focused field asks for.
    fn accept(&mut self, cx: &Cx<'_>) -> Outcome {
        match self.focus {
            FormField::AddFilter => return self.add_filter(None),
            FormField::Filter(at) => return self.edit_filter(at),
            FormField::Done => return self.finish(cx),
            FormField::Amount(at) => {
                self.go_on(self.amounts.get(at).map(|field| parse_number(field.text())));
            }
            FormField::Date(at) => {
                self.go_on(self.dates.get(at).map(|field| parse_date(field.text())));
            }
            FormField::Operator | FormField::When => self.step(1),
        }
        Outcome::stay()
    }

    /// Goes on to the next field, unless this one has something wrong in it.
    fn go_on(&mut self, read: Option<Result<Value, String>>) {
        match read {
            Some(Err(complaint)) => self.complaint = Some(complaint),
            Some(Ok(_)) | None => self.step(1),
        }
    }

    /// Whose filters those of the form are.
    fn owner(&self) -> Owner {
        let condition = self.condition().ok();
        Owner::Form(Box::new(FormLine { target: self.target.clone(), condition }))
    }

    fn add_filter(&self, typed: Option<KeyEvent>) -> Outcome {
        let target = EditTarget::NewFilter(self.owner(), self.filters.len());
        Outcome::ask(Command::PickFilter { target, filter: None, typed })
    }

    fn edit_filter(&self, at: usize) -> Outcome {
        let filter = self.filters.get(at).cloned().map(Box::new);
        let target = EditTarget::EditFilter(self.owner(), at);
        Outcome::ask(Command::PickFilter { target, filter, typed: None })
    }

    /// Takes the form as it stands, if nothing is wrong with it.
    fn finish(&mut self, cx: &Cx<'_>) -> Outcome {
        let complaint = match self.condition() {
            Err(complaint) => Some(complaint),
            Ok(condition) => match cx.view().complaint(condition.clone()) {
                None => {
                    return Outcome::ask(Command::SetCondition {
                        target: self.target.clone(),
                        condition: Box::new(condition),
                        is_rewrite: false,
                        more: false,
                    });
                }
                complaint => complaint,
            },
        };
        self.complaint = complaint;
        Outcome::stay()
    }

    /// The condition as the form says.
    ///
    /// # Errors
    /// A text is no number or no date.
    pub fn condition(&self) -> Result<Condition, String> {
        let mut condition = self.before.clone();
        let ConditionKind::Purchase(purchase) = &mut condition.kind else { return Ok(condition) };
        if self.behaviour.takes_amount() {
            let is_range = self.op == AmountOperator::Between;
            let has_ends = is_range || purchase.op == Some(self.op);
            purchase.op = Some(self.op);
            purchase.value = value(&self.amounts, purchase.value.as_ref(), is_range, parse_number)?;
            purchase.inclusive = flag(has_ends && self.inclusive, purchase.inclusive);
        }
        self.window(purchase)?;
        if purchase.filters.as_deref().unwrap_or_default() != self.filters {
            purchase.filters = (!self.filters.is_empty()).then(|| self.filters.clone());
        }
        Ok(condition)
    }

    fn window(&self, purchase: &mut PurchaseCondition) -> Result<(), String> {
        if self.when == WhenOperator::AnyTime && purchase.when.is_none() {
            return Ok(());
        }
        let is_range = self.when.arity() == Arity::Two;
        let mut when = purchase.when.take().unwrap_or_default();
        when.value = match self.when.arity() {
            Arity::None => when.value.filter(|_| when.op == Some(self.when)),
            Arity::One | Arity::Two | Arity::Many => {
                value(&self.dates, when.value.as_ref(), is_range, parse_date)?
            }
        };
        let has_ends = self.when == WhenOperator::Between || when.op == Some(self.when);
        when.inclusive = flag(has_ends && self.dates_inclusive, when.inclusive);
        purchase.when = Some(When { op: Some(self.when), ..when });
        Ok(())
    }
}

impl Layer for Purchase {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Purchase]
    }

    fn hints(&self) -> Vec<(Action, &'static str)> {
        vec![(Action::Accept, "next"), (Action::Apply, "take it"), (Action::NextField, "")]
    }

    fn check(&self, action: Action, view: View<'_>) -> Check {
        match action {
            Action::ToggleEnds => Check::only_if(self.has_ends(), "only a range has ends"),
            Action::AddFilter => {
                let missing = view.with_schema(|schema| schema.items_table()).err();
                Check::unless(missing.map(|missing| missing.one_line()))
            }
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Accept => return self.accept(cx),
            Action::Apply => return self.finish(cx),
            Action::AddFilter => return self.add_filter(None),
            Action::DeleteFilter => self.delete_filter(),
            Action::ToggleEnds => self.toggle_ends(),
            Action::Left | Action::Right => self.turn(action == Action::Right),
            Action::NextField => self.step(1),
            Action::PreviousField => self.step(-1),
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        if self.focus == FormField::AddFilter && matches!(key.code, KeyCode::Char(_)) {
            return self.add_filter(Some(key));
        }
        self.input(key);
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        self.complaint = None;
        match self.focus {
            FormField::Amount(at) => drop(self.amounts.get_mut(at).map(|field| field.paste(text))),
            FormField::Date(at) => drop(self.dates.get_mut(at).map(|field| field.paste(text))),
            FormField::Operator
            | FormField::When
            | FormField::Filter(_)
            | FormField::AddFilter
            | FormField::Done => {}
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if self.what_if.receive(event) { Outcome::stay() } else { Outcome::pass() }
    }

    fn keep_up(&mut self, definition: u64, cx: &mut Cx<'_>) {
        if cx.is_top {
            let condition = self.condition().ok();
            let condition = condition.filter(|condition| cx.view().complaint(condition.clone()).is_none());
            let line = condition.map(|condition| (self.target.clone(), condition));
            self.what_if.ask(vec![line], definition, cx);
        }
    }

    /// Pickers lie over the form; with a filter they have done their work.
    fn take(&mut self, command: &Command, _: &mut Cx<'_>) -> Outcome {
        let Command::SetTest(prompt, test) = command else { return Outcome::pass() };
        let at = match prompt.target {
            EditTarget::NewFilter(Owner::Form(_), _) => None,
            EditTarget::EditFilter(Owner::Form(_), at) => Some(at),
            _ => return Outcome::pass(),
        };
        self.set_filter(at, prompt.measure.column().unwrap_or_default(), test.clone());
        Outcome::close_above()
    }
}
