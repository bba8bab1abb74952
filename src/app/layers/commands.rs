//! Help and palette: the action table, searched by typing.

use crossterm::event::{KeyCode, KeyEvent};

use crate::app::action::{ACTIONS, Action, Context};
use crate::app::command::Command;
use crate::app::keymap;
use crate::app::layer::{Cx, Layer, Outcome};
use crate::app::pick::{Item, Pick};

/// Help and palette.
#[derive(Clone, Debug)]
pub struct Commands {
    /// Which of the two.
    pub kind: CommandsKind,
    /// The actions.
    pub pick: Pick<Action>,
    /// How many of them, from the top, apply in the place one came from.
    pub here: usize,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandsKind {
    /// The keys, those of the place one is in first.
    Help,
    /// Every action by name.
    Palette,
}

impl Commands {
    /// The actions as seen from these contexts; `disabled` says why one does not apply just now.
    #[must_use]
    pub fn new(
        kind: CommandsKind,
        contexts: &[Context],
        disabled: impl Fn(Action) -> Option<String>,
    ) -> Self {
        let item = |action: Action, keys: String, title: &str, name: &str, group: &str| Item {
            value: action,
            label: title.to_owned(),
            search: format!("{title} {name} {group}"),
            detail: keys,
            disabled: disabled(action),
        };
        let mut here = Vec::new();
        let mut elsewhere = Vec::new();
        for info in ACTIONS {
            let keys_at = |at: &[Context]| {
                let bound = info.bindings.iter().filter(|(context, _)| at.contains(context));
                let keys: Vec<String> =
                    bound.flat_map(|(_, keys)| keys.split_whitespace()).map(keymap::shown).collect();
                keys.join(" ")
            };
            if info.bindings.iter().any(|(context, _)| contexts.contains(context)) {
                here.push(item(info.action, keys_at(contexts), info.title, info.name, info.group.title()));
            } else if let Some((context, _)) = info.bindings.first() {
                let keys = format!("{} ({})", keys_at(&[*context]), context.title());
                elsewhere.push(item(info.action, keys, info.title, info.name, info.group.title()));
            }
        }
        let count = here.len();
        here.extend(elsewhere);
        Self { kind, pick: Pick::new(here), here: count }
    }
}

impl Layer for Commands {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Commands]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.pick.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Accept => match self.pick.current() {
                Some(item) if item.disabled.is_none() => {
                    Outcome::close().then_ask(Command::Perform(item.value))
                }
                Some(item) => {
                    cx.session.note(item.disabled.clone().unwrap_or_default());
                    Outcome::stay()
                }
                None => Outcome::stay(),
            },
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        // Elsewhere it begins a search, which here has begun.
        if key.code != KeyCode::Char('/') || !self.pick.query.text().is_empty() {
            self.pick.input(key);
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        self.pick.paste(text);
        Outcome::stay()
    }
}
