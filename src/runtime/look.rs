//! What the screen is drawn with: the theme that was asked for or is for this terminal, and the characters it has.

use std::env;

use crate::app::theme_choice::{KnownTheme, ThemeChoice};
use crate::diagnostic::Diagnostic;
use crate::ui::theme::{TerminalLook, Theme, Themes};

/// What a person asks of the look, before the program has started.
#[derive(Clone, Debug, Default)]
pub(crate) struct AskedLook {
    /// The theme of the command line.
    pub theme: Option<String>,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    /// The theme of the settings.
    pub of_settings: Option<String>,
    /// All themes.
    pub themes: Themes,
    /// What is wrong with their files.
    pub problems: Vec<Diagnostic>,
}

/// What the screen is drawn with.
pub(super) struct Look {
    terminal: TerminalLook,
    themes: Themes,
    is_ascii: bool,
    /// Whether the theme was asked for, so that the background of the terminal does not count.
    is_asked: bool,
    /// What was drawn with last, by its name.
    last: (String, Theme),
}

impl Look {
    /// That of this terminal: by the command line, `SEGTUI_THEME`, the settings, what was chosen last (`chosen`), its
    /// background, in this order; and what the app is to know of it, and what is wrong.
    pub(super) fn new(asked: AskedLook, chosen: Option<String>) -> (Self, ThemeChoice, Vec<Diagnostic>) {
        Self::for_terminal(terminal_look(), read("SEGTUI_THEME"), asked, chosen)
    }

    fn for_terminal(
        terminal: TerminalLook,
        of_environment: String,
        asked: AskedLook,
        chosen: Option<String>,
    ) -> (Self, ThemeChoice, Vec<Diagnostic>) {
        let AskedLook { theme, ascii, of_settings, themes, mut problems } = asked;
        let of_environment = Some(of_environment).filter(|name| !name.is_empty());
        let candidates = [
            (theme, Some("--theme says which theme each run has")),
            (of_environment, Some("SEGTUI_THEME says which theme each run has")),
            (of_settings, Some("settings.toml says which theme each run has; change it there")),
            (chosen, None),
        ];
        let mut wanted = candidates.into_iter().filter_map(|(name, said_by)| Some((name?, said_by)));
        let found = wanted.find(|(name, _)| match themes.get(name) {
            Ok(_) => true,
            Err(unknown) => {
                problems.push(unknown);
                false
            }
        });
        let (name, said_by) = found.map_or((None, None), |(name, said_by)| (Some(name), said_by));
        let current = terminal.theme_name(name.as_deref(), terminal.is_light() == Some(true)).to_owned();
        let known = known(&themes);
        problems.extend(
            known.iter().filter(|known| known.name == current).flat_map(|known| known.problems.clone()),
        );
        let disabled = (terminal.colours() == crate::ui::theme::Colours::None)
            .then(|| "NO_COLOR is set, or this terminal has no colours".to_owned());
        let choice =
            ThemeChoice { current, known, disabled, is_chosen: false, said_by: said_by.map(str::to_owned) };
        let mut look = Self {
            terminal,
            themes,
            is_ascii: ascii,
            is_asked: name.is_some(),
            last: (String::new(), Theme::default()),
        };
        look.theme(&choice.current);
        (look, choice, problems)
    }

    /// The theme of this name.
    pub(super) fn theme(&mut self, name: &str) -> &Theme {
        if self.last.0 != name {
            let theme = self.themes.get(name).map_or_else(|_| Theme::default(), |(theme, _)| theme);
            let theme = self.terminal.adapt(theme).with_glyphs(self.terminal.glyphs());
            self.last = (name.to_owned(), if self.is_ascii { theme.in_ascii() } else { theme });
        }
        &self.last.1
    }

    /// Whether the terminal is to be asked for its background: only where that counts.
    pub(super) fn asks_background(&self) -> bool {
        !self.is_asked && self.terminal.can_be_asked()
    }

    /// The theme for a background, where none was asked for.
    pub(super) fn theme_for(&self, is_light: bool) -> Option<String> {
        (!self.is_asked).then(|| self.terminal.theme_name(None, is_light).to_owned())
    }
}

fn known(themes: &Themes) -> Vec<KnownTheme> {
    let known = |name: String| {
        let problems = themes.get(&name).map(|(_, problems)| problems).unwrap_or_default();
        let detail = if themes.is_own(&name) { "your own" } else { "built in" };
        KnownTheme { name, detail: detail.to_owned(), problems }
    };
    themes.names().into_iter().map(known).collect()
}

fn read(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

fn terminal_look() -> TerminalLook {
    let is_set = |name: &str| !read(name).is_empty();
    TerminalLook {
        term: read("TERM"),
        colorterm: read("COLORTERM"),
        colorfgbg: read("COLORFGBG"),
        no_color: is_set("NO_COLOR"),
        is_remote: is_set("SSH_CONNECTION") || is_set("SSH_TTY"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::ThemeSource;

    fn look(asked: [&str; 4], colorfgbg: &str) -> (Look, ThemeChoice, Vec<Diagnostic>) {
        let [theme, of_environment, of_settings, chosen] = asked;
        let some = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
        let terminal = TerminalLook {
            term: "xterm-256color".to_owned(),
            colorterm: "truecolor".to_owned(),
            colorfgbg: colorfgbg.to_owned(),
            ..TerminalLook::default()
        };
        let own = ThemeSource {
            name: "own".to_owned(),
            title: "own.toml".to_owned(),
            text: "inherits = \"dark\"\nwran = \"red\"".to_owned(),
        };
        let themes = Themes::new(vec![own]);
        let asked =
            AskedLook { theme: some(theme), of_settings: some(of_settings), themes, ..AskedLook::default() };
        Look::for_terminal(terminal, of_environment.to_owned(), asked, some(chosen))
    }

    #[test]
    fn the_first_who_says_so_chooses_the_theme() {
        let current = |asked| look(asked, "").1.current;
        assert_eq!(current(["light", "mono", "ansi", "own"]), "light");
        assert_eq!(current(["", "mono", "ansi", "own"]), "mono");
        assert_eq!(current(["", "", "ansi", "own"]), "ansi");
        assert_eq!(current(["", "", "", "own"]), "own");
        assert_eq!(current(["", "", "", ""]), "dark");
        assert!(look(["", "", "ansi", ""], "").1.said_by.unwrap().contains("settings.toml"));
        assert_eq!(look(["", "", "", "own"], "").1.said_by, None);
    }

    #[test]
    fn the_background_counts_only_where_no_theme_was_asked_for() {
        assert_eq!(look([""; 4], "0;15").1.current, "light");
        assert_eq!(look(["dark", "", "", ""], "0;15").1.current, "dark");
        let (unasked, ..) = look([""; 4], "");
        assert!(unasked.asks_background());
        assert_eq!(unasked.theme_for(true).as_deref(), Some("light"));
        let (asked, ..) = look(["", "", "", "own"], "");
        assert_eq!((asked.asks_background(), asked.theme_for(true)), (false, None));
    }

    #[test]
    fn a_theme_that_is_not_there_is_told_and_the_next_one_holds() {
        let (_, choice, problems) = look(["", "", "drak", "own"], "");
        assert_eq!(choice.current, "own");
        assert_eq!(problems[0].one_line(), "there is no theme \"drak\": did you mean dark?");
        assert!(problems[1].message.contains("own.toml, line 2, column 1"), "{problems:?}");
    }
}
