//! The form of the days whose orders count: a first and a last day, both typed.

use chrono::NaiveDate;
use crossterm::event::KeyEvent;

use super::pages::{TypedDays, typed_day};
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::field::Field;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::view::View;

/// The form.
#[derive(Clone, Debug)]
pub struct Days {
    /// The first and the last day.
    pub fields: [Field; 2],
    /// Whether keys go to the last day.
    pub at_last: bool,
    /// Why the days cannot be taken as they stand.
    pub complaint: Option<String>,
}

impl Days {
    /// The form with the days as they are now.
    #[must_use]
    pub fn new(days: &TypedDays) -> Self {
        let fields = [&days.from, &days.to].map(|text| Field::with(text));
        Self { fields, at_last: false, complaint: None }
    }

    /// What is typed.
    #[must_use]
    pub fn typed(&self) -> TypedDays {
        let [from, to] = &self.fields;
        TypedDays { from: from.text().trim().to_owned(), to: to.text().trim().to_owned() }
    }

    /// The day that a field means, or why it is none; `None` for an empty one.
    #[must_use]
    pub fn meaning(&self, at_last: bool, as_of: NaiveDate) -> Option<Result<NaiveDate, String>> {
        let [from, to] = &self.fields;
        typed_day(if at_last { to.text() } else { from.text() }, as_of)
    }

    fn change(&mut self, change: impl FnOnce(&mut Field)) {
        let [from, to] = &mut self.fields;
        change(if self.at_last { to } else { from });
        self.complaint = None;
    }
}

impl Layer for Days {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::ValueEntry]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::ToggleCase => Check::Disabled("days have no upper and lower case".to_owned()),
            Action::ToggleEnds => Check::Disabled("both days are taken in".to_owned()),
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if action.step(1).is_some() {
            self.at_last = !self.at_last;
            return Outcome::stay();
        }
        match action {
            Action::Accept => match self.typed().range(cx.session.as_of()) {
                Ok(_) => return Outcome::close().then_ask(Command::TakeDays(self.typed())),
                Err(complaint) => self.complaint = Some(complaint),
            },
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        self.change(|field| {
            field.input(key);
        });
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        self.change(|field| field.paste(text));
        Outcome::stay()
    }

    fn shows_below(&self) -> bool {
        true
    }
}
