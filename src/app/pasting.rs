//! Values that are pasted where values are asked for.

use super::App;
use super::message::Message;
use super::overlay::Overlay;
use super::overlay::paste::Paste;
use super::overlay::prompt::Prompt;
use super::pasted::{Pasted, Separators};
use crate::segment::{Arity, DataType, Operator, Test};

impl App {
    /// Pasted text in a picker or a field of values: one value is typed, several are asked about.
    pub(super) fn paste_values(&mut self, text: &str) {
        let (prompt, match_case) = match self.overlays.last() {
            Some(Overlay::Values(values)) => (values.prompt.clone(), values.match_case),
            Some(Overlay::ValueEntry(entry)) => (entry.prompt.clone(), entry.match_case),
            _ => return,
        };
        let is_many = prompt.op.arity() == Arity::Many;
        let is_number = matches!(prompt.data_type, DataType::Integer | DataType::Decimal);
        // Where one text is asked for, only what stands in several cells is several.
        let split = if is_many || is_number { Separators::guess(text) } else { Separators::default() };
        let pasted = Pasted::read(text, split);
        let values = &pasted.values;
        let instead = prompt.op.for_list().filter(|op| Operator::for_type(prompt.data_type).contains(op));
        match (self.overlays.last_mut(), values.as_slice(), prompt.op.arity()) {
            (_, [], _) => {}
            (Some(Overlay::Values(picker)), [only], _) => picker.paste(only),
            (Some(Overlay::ValueEntry(entry)), [only], _) => entry.paste(only),
            (Some(Overlay::ValueEntry(entry)), [_, _], Arity::Two) => entry.fill(values),
            _ if is_many || instead.is_some() => {
                let mut paste = Paste::new(text, split, pasted, prompt, match_case);
                paste.instead = instead.filter(|_| !is_many);
                self.ask_paste(paste);
            }
            (Some(Overlay::ValueEntry(entry)), several, _) => {
                let count = several.len();
                entry.complaint = Some(format!("{count} values were pasted; {} taken here", taken(&prompt)));
            }
            _ => {}
        }
    }

    fn ask_paste(&mut self, mut paste: Paste) {
        let counts = match self.overlays.last() {
            Some(Overlay::Values(values)) => values.counts.clone(),
            Some(Overlay::ValueEntry(entry)) => entry.counts.clone(),
            _ => None,
        };
        paste.counted(counts.and_then(Result::ok).as_ref());
        self.overlays.push(Overlay::Paste(paste));
    }

    /// Reads commas and semicolons the other way.
    pub(super) fn split_paste(&mut self) {
        if let Some(Overlay::Paste(paste)) = self.overlays.last_mut() {
            paste.split_otherwise();
        }
    }

    /// The pasted list is taken.
    pub(super) fn take_paste(&mut self) {
        let Some(Overlay::Paste(paste)) = self.overlays.last() else { return };
        if paste.values.is_empty() {
            return self.notify(Message::note("none of these values can be taken"));
        }
        let (values, instead, prompt) = (paste.values.clone(), paste.instead, paste.prompt.clone());
        self.overlays.pop();
        if let Some(op) = instead {
            // The picker of one value gives way to that of many.
            self.overlays.pop();
            let before = Test { value: None, ..prompt.before.clone() };
            self.ask_value(Prompt { op, before, ..prompt });
        }
        if let Some(Overlay::Values(picker)) = self.overlays.last_mut() {
            picker.tick_these(&values);
        }
    }
}

fn taken(prompt: &Prompt) -> &'static str {
    if prompt.op.arity() == Arity::Two { "two are" } else { "one is" }
}
