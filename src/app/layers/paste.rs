//! A pasted list of values: what it comes to is shown before it is taken.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::Event;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::pasted::{Pasted, Separators};
use crate::app::prompt::Prompt;
use crate::app::typed::parse_number;
use crate::app::view::View;
use crate::backend::ValueCounts;
use crate::segment::{Arity, DataType, Number, Operator};

/// What was pasted where a prompt asks for values, taken apart.
pub(super) struct PastedValues<'a> {
    text: &'a str,
    separators: Separators,
    pasted: Pasted,
    /// The operator that takes several, where the one of the prompt does not.
    instead: Option<Operator>,
    takes_many: bool,
}

impl<'a> PastedValues<'a> {
    pub(super) fn read(text: &'a str, prompt: &Prompt) -> Self {
        let is_many = prompt.op.arity() == Arity::Many;
        let is_number = matches!(prompt.data_type, DataType::Integer | DataType::Decimal);
        // Where one text is asked for, only what stands in several cells is several.
        let separators = if is_many || is_number { Separators::guess(text) } else { Separators::default() };
        let instead = prompt.op.for_list().filter(|op| Operator::for_type(prompt.data_type).contains(op));
        let instead = instead.filter(|_| !is_many);
        let takes_many = is_many || instead.is_some();
        Self { text, separators, pasted: Pasted::read(text, separators), instead, takes_many }
    }

    pub(super) fn values(&self) -> &[Arc<str>] {
        &self.pasted.values
    }

    /// The question whether they are taken, if several can be.
    pub(super) fn question(
        self,
        prompt: &Prompt,
        match_case: bool,
        counts: Option<&Arc<ValueCounts>>,
    ) -> Option<Paste> {
        if !self.takes_many {
            return None;
        }
        let mut paste = Paste::new(self.text, self.separators, self.pasted, prompt.clone(), match_case);
        paste.instead = self.instead;
        paste.counted(counts);
        Some(paste)
    }
}

/// A pasted list that waits for an answer.
#[derive(Clone, Debug)]
pub struct Paste {
    /// What the values are for.
    pub prompt: Prompt,
    text: String,
    counts: Option<Arc<ValueCounts>>,
    match_case: bool,
    /// The operator that takes the list, where the one below takes a single value.
    pub instead: Option<Operator>,
    /// Whether commas and semicolons separate values, where that makes a difference.
    pub at_commas: Option<bool>,
    /// What was dropped on the way.
    pub dropped: Dropped,
    /// The values that can be taken, in the order of the text.
    pub values: Vec<Arc<str>>,
    /// Those that cannot, as they are no numbers.
    pub refused: Vec<Arc<str>>,
    /// Those of `values` that do not occur in the column, once its values are known.
    pub unknown: Option<Unknown>,
    /// The line from which on values are shown.
    pub scroll: usize,
}

/// What was dropped or changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// Values that stood there before.
    pub doubles: usize,
    /// Places with nothing in them.
    pub blanks: usize,
    /// Values whose blanks around were taken off; they are not dropped.
    pub trimmed: usize,
}

/// Values that do not occur in the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// For each of the values that can be taken, whether it does not occur.
    pub is_unknown: Vec<bool>,
    /// How many do not.
    pub count: usize,
    /// Whether all of the column's values are known, or only the most frequent ones.
    pub is_certain: bool,
}

impl Paste {
    /// A list for the column of a question.
    #[must_use]
    pub fn new(text: &str, split: Separators, pasted: Pasted, prompt: Prompt, match_case: bool) -> Self {
        let is_split = split != Separators::default();
        let mut paste = Self {
            text: text.to_owned(),
            prompt,
            counts: None,
            match_case,
            instead: None,
            at_commas: Separators::matters(text).then_some(is_split),
            dropped: Dropped::default(),
            values: Vec::new(),
            refused: Vec::new(),
            unknown: None,
            scroll: 0,
        };
        paste.show(pasted);
        paste
    }

    fn show(&mut self, pasted: Pasted) {
        let Pasted { values, doubles, blanks, trimmed } = pasted;
        self.dropped = Dropped { doubles, blanks, trimmed };
        let is_number = matches!(self.prompt.data_type, DataType::Integer | DataType::Decimal);
        (self.values, self.refused) =
            values.into_iter().partition(|value| !is_number || parse_number(value).is_ok());
        self.unknown = None;
        self.scroll = 0;
        self.compare();
    }

    /// Reads the text in the other way: commas and semicolons separate values, or belong to them.
    pub(crate) fn split_otherwise(&mut self) {
        if let Some(is_split) = self.at_commas {
            self.at_commas = Some(!is_split);
            let pasted = Pasted::read(&self.text, Separators::all(!is_split));
            self.show(pasted);
        }
    }

    /// The column's values are counted, or not.
    pub fn counted(&mut self, counts: Option<&Arc<ValueCounts>>) {
        self.counts = counts.cloned();
        self.compare();
    }

    fn compare(&mut self) {
        let Some(counts) = self.counts.clone() else { return };
        let listed = counts.values.iter().map(|known| known.value.as_str());
        let is_unknown: Vec<bool> = match self.prompt.data_type {
            DataType::Integer | DataType::Decimal => {
                let number = |text: &str| {
                    parse_number(text).ok().and_then(|value| Number::from_json(value.as_number()?))
                };
                let known: BTreeSet<Number> = listed.filter_map(number).collect();
                let is_known = |value: &str| number(value).is_some_and(|number| known.contains(&number));
                self.values.iter().map(|value| !is_known(value)).collect()
            }
            DataType::String | DataType::Boolean | DataType::Date | DataType::Datetime => {
                let fold = |text: &str| if self.match_case { text.to_owned() } else { text.to_lowercase() };
                let known: HashSet<String> = listed.map(fold).collect();
                self.values.iter().map(|value| !known.contains(&fold(value))).collect()
            }
        };
        let count = is_unknown.iter().filter(|is_unknown| **is_unknown).count();
        self.unknown = Some(Unknown { is_unknown, count, is_certain: counts.left_out == 0 });
    }

    /// Scrolls the values by whole lines.
    pub fn step(&mut self, by: isize) {
        let count = self.refused.len() + self.values.len();
        self.scroll = self.scroll.saturating_add_signed(by).min(count.saturating_sub(1));
    }
}

impl Layer for Paste {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Paste]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::SplitPaste => {
                Check::only_if(self.at_commas.is_some(), "no commas or semicolons stand in a pasted text")
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
            Action::Accept if self.values.is_empty() => {
                cx.session.note("none of these values can be taken");
                Outcome::stay()
            }
            Action::Accept => {
                let (values, instead) = (self.values.clone(), self.instead);
                Outcome::close().then_ask(Command::TakeValues { values, instead })
            }
            Action::SplitPaste => {
                self.split_otherwise();
                Outcome::stay()
            }
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if let Event::Counted { table, column, result } = event
            && self.prompt.is_about(table, column)
        {
            self.counted(result.as_ref().ok());
        }
        // Others may have asked for the same.
        Outcome::pass()
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        let effect = cx.view().count_values(&self.prompt);
        cx.session.effects.extend(effect);
    }
}
