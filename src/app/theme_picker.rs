//! The picker of themes, which shows each at once.

use super::app::App;
use super::command::Command;
use super::effect::Effect;
use super::layers::choose::Choose;
use super::layers::overlay::Overlay;
use super::message::Message;
use super::pick::Item;

impl App {
    /// The name of the theme to draw with: the one at the cursor of the picker, else the one in force.
    #[must_use]
    pub fn theme(&self) -> &str {
        self.previewed_theme().unwrap_or(&self.theme.current)
    }

    /// The theme at the cursor of the picker, if that is open.
    #[must_use]
    pub(crate) fn previewed_theme(&self) -> Option<&str> {
        let Some(Overlay::Choose(choose)) = self.stack.overlays.last() else { return None };
        match &choose.pick.current()?.value {
            Command::UseTheme(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it was chosen in the picker.
    #[must_use]
    pub(crate) fn has_chosen_theme(&self) -> bool {
        self.theme.is_chosen
    }

    pub(super) fn choose_theme(&mut self) {
        let items = self.theme.known.iter().map(|theme| {
            let detail = match theme.problems.len() {
                0 => theme.detail.clone(),
                1 => format!("{}, 1 problem", theme.detail),
                count => format!("{}, {count} problems", theme.detail),
            };
            Item::new(Command::UseTheme(theme.name.clone()), theme.name.clone()).detail(detail)
        });
        let current = Command::UseTheme(self.theme.current.clone());
        let choose = Choose::new("Themes", items.collect(), Some(&current));
        self.stack.overlays.push(Overlay::Choose(choose));
    }

    /// Draws with a theme from now on, and in the next run unless something else says which.
    pub(super) fn use_theme(&mut self, name: String) {
        let known = self.theme.known.iter().find(|theme| theme.name == name);
        let problems = known.map(|theme| theme.problems.clone()).unwrap_or_default();
        let said = match &self.theme.said_by {
            Some(said_by) => Message::note(format!("{name} until the end: {said_by}")),
            None if self.session.read_only => {
                Message::note(format!("{name} until the end: nothing is written in read-only mode"))
            }
            None => {
                self.session.request(Effect::KeepTheme(name.clone()));
                Message::done(format!("the theme is {name}, the next time as well"))
            }
        };
        self.session.notify(said);
        problems.into_iter().for_each(|problem| self.session.notify(problem.into()));
        self.theme.current = name;
        self.theme.is_chosen = true;
    }
}
