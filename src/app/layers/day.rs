//! The form of the day of evaluation, which is typed.

use chrono::NaiveDate;
use crossterm::event::KeyEvent;

use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::field::Field;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::view::View;
use crate::segment::TypedDay;

/// The form.
#[derive(Clone, Debug)]
pub struct Day {
    /// What is typed; nothing stands for the data's own day.
    pub field: Field,
    /// The data's own day, from which words count.
    pub data_day: NaiveDate,
    /// Why the day cannot be taken as it stands.
    pub complaint: Option<String>,
}

impl Day {
    /// The form with the day as it is now.
    #[must_use]
    pub(crate) fn new(day: Option<TypedDay>, data_day: NaiveDate) -> Self {
        let typed = day.map(|day| day.to_string()).unwrap_or_default();
        Self { field: Field::with(&typed), data_day, complaint: None }
    }

    /// The day that is typed, or why it is none.
    ///
    /// # Errors
    /// It is no day; the text says what would be one.
    pub fn meaning(&self) -> Result<NaiveDate, String> {
        self.typed()?.map_or(Ok(self.data_day), |day| day.on(self.data_day))
    }

    fn typed(&self) -> Result<Option<TypedDay>, String> {
        let text = self.field.text().trim();
        if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
    }
}

impl Layer for Day {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::ValueEntry]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::ToggleCase => Check::Disabled("a day has no upper and lower case".to_owned()),
            Action::ToggleEnds => Check::Disabled("only a range has ends".to_owned()),
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, _: &mut Cx<'_>) -> Outcome {
        if action.step(1).is_some() {
            return Outcome::stay();
        }
        match action {
            Action::Accept => match self.meaning().and_then(|_| self.typed()) {
                Ok(day) => return Outcome::close().then_ask(Command::SetDay(day)),
                Err(complaint) => self.complaint = Some(complaint),
            },
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        self.field.input(key);
        self.complaint = None;
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        self.field.paste(text);
        self.complaint = None;
        Outcome::stay()
    }

    /// The database was read again, and may have another day now.
    fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.data_day = cx.session.data_day();
    }

    fn shows_below(&self) -> bool {
        true
    }
}
