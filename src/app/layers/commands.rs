//! Help and palette: the action table, searched by typing.

use crossterm::event::{KeyCode, KeyEvent};

use crate::app::action::{ACTIONS, Action, ActionGroup, ActionInfo, Context};
use crate::app::action_use::ActionUse;
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::keymap::Keymap;
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
        keymap: &Keymap,
        used: &ActionUse,
        disabled: impl Fn(Action) -> Option<String>,
    ) -> Self {
        let (mut here, elsewhere): (Vec<&ActionInfo>, Vec<&ActionInfo>) =
            ACTIONS.iter().partition(|info| applies_in(info, contexts, keymap) < contexts.len());
        // What one does in a place comes before how one moves in it, and the place itself before those around it.
        here.sort_by_key(|info| (info.group == ActionGroup::Move, applies_in(info, contexts, keymap)));
        let count = here.len();
        let mut infos = [here, elsewhere].concat();
        if kind == CommandsKind::Palette {
            infos.sort_by(|a, b| used.weight(b.action).total_cmp(&used.weight(a.action)));
        }
        let items = infos.into_iter().map(|info| {
            let is_here = applies_in(info, contexts, keymap) < contexts.len();
            let keys = if is_here { keymap.all_keys_of(info.action, contexts) } else { Vec::new() };
            let detail = match keymap.first_place_of(info.action) {
                Some(place) if !is_here => {
                    format!("{} ({})", keymap.all_keys_of(info.action, &[place]).join(" "), place.title())
                }
                _ => keys.join(" "),
            };
            Item {
                value: info.action,
                label: info.title.to_owned(),
                search: format!("{} {} {}", info.title, info.name, info.group.title()),
                detail,
                disabled: disabled(info.action),
            }
        });
        Self { kind, pick: Pick::new(items.collect()), here: count }
    }
}

/// The innermost of these contexts in which an action applies; as many as there are if it applies in none.
fn applies_in(info: &ActionInfo, contexts: &[Context], keymap: &Keymap) -> usize {
    let applies = |context: &Context| {
        info.bindings.iter().any(|(at, _)| at == context) || keymap.has_keys(info.action, *context)
    };
    contexts.iter().position(applies).unwrap_or(contexts.len())
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
                    if self.kind == CommandsKind::Palette {
                        let used = &mut cx.session.remembered.used;
                        used.add(item.value);
                        let used = used.clone();
                        cx.session.request(Effect::KeepActionUse(used));
                    }
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
