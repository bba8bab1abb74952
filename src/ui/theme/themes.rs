//! All themes by name: those that are built in, and a person's own, which stand before those of the same name.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};

use super::Theme;
use super::file::{ThemeFile, Value, Written};
use super::parts::{self, BACKGROUND, PARTS, SELECTION, Wrong};
use crate::diagnostic::Diagnostic;
use crate::segment::nearest;

/// A theme's text with its name.
#[derive(Clone, Debug)]
pub struct ThemeSource {
    /// Its name.
    pub name: String,
    /// How its file is called in messages.
    pub title: String,
    /// What stands in it.
    pub text: String,
}

/// All themes.
#[derive(Clone, Debug, Default)]
pub struct Themes {
    own: Vec<ThemeSource>,
}

const BUILT_IN: [(&str, &str); 7] = [
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    ("high-contrast", include_str!("../../../themes/high-contrast.toml")),
    ("high-contrast-light", include_str!("../../../themes/high-contrast-light.toml")),
    ("ansi", include_str!("../../../themes/ansi.toml")),
    ("ansi-light", include_str!("../../../themes/ansi-light.toml")),
    ("mono", include_str!("../../../themes/mono.toml")),
];

/// No theme inherits through more others than this.
const DEEPEST: usize = 16;

impl Themes {
    /// Those built in, and these.
    #[must_use]
    pub fn new(own: Vec<ThemeSource>) -> Self {
        Self { own }
    }

    /// The names, those built in first.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).collect();
        let own = self.own.iter().map(|source| &source.name);
        names.extend(own.filter(|name| !BUILT_IN.iter().any(|(known, _)| known == name)).cloned());
        names
    }

    /// Whether a theme is a person's own.
    #[must_use]
    pub fn is_own(&self, name: &str) -> bool {
        self.own.iter().any(|source| source.name == name)
    }

    /// A theme, and what is wrong with its text; the rest of it holds.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn get(&self, name: &str) -> Result<(Theme, Vec<Diagnostic>), Diagnostic> {
        let first = self.file(name, false).ok_or_else(|| self.unknown(name))?;
        let mut chain: Vec<(String, ThemeFile)> = vec![(name.to_owned(), first)];
        let mut problems = Vec::new();
        while let Some((_, file)) = chain.last() {
            let Some(parent) = &file.inherits else { break };
            // An own theme may change the one of its name that is built in.
            let is_seen = chain.iter().any(|(seen, _)| *seen == parent.text);
            match self.file(&parent.text, is_seen).filter(|_| chain.len() < DEEPEST) {
                Some(found) => chain.push((parent.text.clone(), found)),
                None => {
                    let unknown = match is_seen {
                        true => Wrong {
                            message: "themes inherit each other in a circle".to_owned(),
                            help: "inherit one that is built in".to_owned(),
                        },
                        false => {
                            let Diagnostic { message, help, .. } = self.unknown(&parent.text);
                            Wrong { message, help: help.unwrap_or_default() }
                        }
                    };
                    problems.push(file.problem_with(parent, "inherits", unknown));
                    break;
                }
            }
        }
        let chain: Vec<ThemeFile> = chain.into_iter().map(|(_, file)| file).collect();
        problems.extend(chain.iter().flat_map(|file| file.problems.iter().cloned()));
        let theme = compose(&chain, &mut problems);
        Ok((theme, problems))
    }

    fn file(&self, name: &str, is_built_in: bool) -> Option<ThemeFile> {
        let own = self.own.iter().find(|source| source.name == name).filter(|_| !is_built_in);
        match own {
            Some(source) => Some(ThemeFile::parse(&source.title, &source.text)),
            None => {
                let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
                Some(ThemeFile::parse(&format!("the theme {name}"), text))
            }
        }
    }

    fn unknown(&self, name: &str) -> Diagnostic {
        let names = self.names();
        let help = match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("there are {}", names.join(", ")),
        };
        Diagnostic::new(format!("there is no theme {:?}", crate::diagnostic::shortened(name))).with_help(help)
    }
}

/// Puts together what the files say, of which the first counts most.
fn compose(chain: &[ThemeFile], problems: &mut Vec<Diagnostic>) -> Theme {
    let mut palette = BTreeMap::new();
    for file in chain.iter().rev() {
        palette.extend(file.palette.iter().map(|(name, colour)| (name.as_str(), colour.as_str())));
    }
    let composer = Composer { chain, palette };
    let mut theme = Theme::default();
    for (name, part) in PARTS {
        if let Some(style) = composer.style(name, *part(&mut theme), problems) {
            *part(&mut theme) = style;
        }
    }
    if composer.depth("accent") < composer.depth("focus") {
        theme.focus = theme.accent.add_modifier(Modifier::BOLD);
    }
    if let Some(Style { fg: Some(background), .. }) = composer.style(BACKGROUND, Style::new(), problems) {
        theme.ground.background = Some(background);
    }
    theme.selection = complete(theme.selection, theme.text.fg, theme.ground.background);
    theme
}

struct Composer<'c> {
    chain: &'c [ThemeFile],
    palette: BTreeMap<&'c str, &'c str>,
}

impl Composer<'_> {
    /// The first file that sets a part.
    fn depth(&self, name: &str) -> usize {
        self.chain.iter().position(|file| file.parts.contains_key(name)).unwrap_or(usize::MAX)
    }

    /// What a part looks like, by the first file that says so in a way that can be understood.
    fn style(&self, name: &str, plain: Style, problems: &mut Vec<Diagnostic>) -> Option<Style> {
        self.chain.iter().find_map(|file| {
            let value = file.parts.get(name)?;
            let (style, wrong) = self.value(name, value, plain);
            let is_right = wrong.is_empty();
            problems
                .extend(wrong.into_iter().map(|(written, wrong)| file.problem_with(written, name, wrong)));
            is_right.then_some(style)
        })
    }

    fn value<'v>(&self, name: &str, value: &'v Value, plain: Style) -> (Style, Vec<(&'v Written, Wrong)>) {
        let mut wrong = Vec::new();
        let mut colour = |written: &'v Written| {
            let names = self.palette.keys().copied();
            let found = parts::colour(&written.text, |name| self.palette.get(name).copied(), names);
            found.unwrap_or_else(|error| {
                wrong.push((written, error));
                None
            })
        };
        let style = match value {
            Value::Colour(written) => match colour(written) {
                Some(colour) if name == SELECTION => Style::new().bg(colour),
                Some(colour) => Style::new().fg(colour),
                None => plain,
            },
            Value::Style { fg, bg, modifiers } => {
                let mut style = Style::new();
                style.fg = fg.as_ref().and_then(&mut colour);
                style.bg = bg.as_ref().and_then(&mut colour);
                for written in modifiers {
                    match parts::modifier(&written.text) {
                        Ok(modifier) => style = style.add_modifier(modifier),
                        Err(error) => wrong.push((written, error)),
                    }
                }
                style
            }
        };
        (style, wrong)
    }
}

/// The selected line has both colours, or is reversed: otherwise one of them would be the terminal's, which may be the
/// same. What stands back does not there.
fn complete(selection: Style, text: Option<Color>, background: Option<Color>) -> Style {
    let both = match (selection.fg, selection.bg) {
        (None, Some(bg)) => Style { fg: text.or(Some(readable_on(bg))), ..selection },
        (Some(fg), None) => Style { bg: background.or(Some(readable_on(fg))), ..selection },
        (Some(_), Some(_)) => selection,
        (None, None) => selection.add_modifier(Modifier::REVERSED),
    };
    both.remove_modifier(Modifier::DIM)
}

/// Black or white, whichever is further away.
fn readable_on(colour: Color) -> Color {
    let is_dark = match colour {
        Color::Rgb(red, green, blue) => 2 * u32::from(red) + 5 * u32::from(green) + u32::from(blue) < 8 * 128,
        Color::Black | Color::Red | Color::Blue | Color::Magenta | Color::DarkGray => true,
        _ => false,
    };
    if is_dark { Color::White } else { Color::Black }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn themes(files: &[(&str, &str)]) -> Themes {
        let source = |(name, text): &(&str, &str)| ThemeSource {
            name: (*name).to_owned(),
            title: format!("themes/{name}.toml"),
            text: (*text).to_owned(),
        };
        Themes::new(files.iter().map(source).collect())
    }

    fn problems(text: &str) -> Vec<String> {
        let (_, problems) = themes(&[("own", text)]).get("own").unwrap();
        problems.iter().map(Diagnostic::one_line).collect()
    }

    #[test]
    fn every_theme_is_without_problems_and_its_selected_line_has_both_colours() {
        let themes = Themes::default();
        for name in themes.names() {
            let (theme, problems) = themes.get(&name).unwrap();
            assert_eq!(problems, [], "{name}");
            let Style { fg, bg, .. } = theme.selection;
            assert!(
                theme.selection.add_modifier.contains(Modifier::REVERSED) || fg.zip(bg).is_some(),
                "{name}"
            );
        }
        let unknown = themes.get("drak").unwrap_err();
        assert_eq!(unknown.one_line(), "there is no theme \"drak\": did you mean dark?");
    }

    #[test]
    fn a_theme_inherits_what_it_does_not_say() {
        let text = "inherits = \"dark\"\naccent = \"peach\"\nerror = { fg = \"white\", bg = \"red\", modifiers = [\"bold\"] }\n[palette]\npeach = \"#ffcc99\"";
        let (own, problems) = themes(&[("own", text)]).get("own").unwrap();
        assert_eq!(problems, []);
        let (dark, _) = Themes::default().get("dark").unwrap();
        assert_eq!(own.accent.fg, Some(Color::Rgb(0xff, 0xcc, 0x99)));
        assert_eq!(own.focus, own.accent.add_modifier(Modifier::BOLD), "the focus follows the accent");
        assert_eq!(own.error, Style::new().fg(Color::White).bg(Color::Red).add_modifier(Modifier::BOLD));
        assert_eq!((own.dim, own.text, own.selection), (dark.dim, dark.text, dark.selection));
    }

    #[test]
    fn an_own_theme_stands_before_the_one_of_its_name_and_may_inherit_it() {
        let themes = themes(&[("dark", "inherits = \"dark\"\nwarn = \"red\""), ("b", "inherits = \"dark\"")]);
        let (of_b, problems) = themes.get("b").unwrap();
        assert_eq!((of_b.warn.fg, problems.len()), (Some(Color::Red), 0));
        assert!(of_b.ground.background.is_some() && themes.is_own("dark") && !themes.is_own("light"));
        assert_eq!(themes.names().iter().filter(|name| *name == "dark").count(), 1);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_the_rest_holds() {
        assert_eq!(
            problems("inherits = \"dark\"\n  acent = \"red\"\nwarn = \"cyna\"\nerror = 3"),
            [
                "\"acent\" is no part of a theme: themes/own.toml, line 2, column 3: did you mean accent?",
                "error: it is no text: themes/own.toml, line 4, column 9: write a colour in quotes",
                "warn: \"cyna\" is no colour: themes/own.toml, line 3, column 8: did you mean \"cyan\"?",
            ]
        );
        assert_eq!(
            problems(
                "dim = { fg = \"red\", modifiers = [\"blod\"], gb = \"red\" }\nbackground = { bg = \"red\" }"
            )
            .len(),
            3
        );
        let (theme, _) =
            themes(&[("own", "inherits = \"dark\"\nwarn = \"cyna\"\ngood = \"green\"")]).get("own").unwrap();
        let (dark, _) = Themes::default().get("dark").unwrap();
        assert_eq!((theme.warn, theme.good.fg), (dark.warn, Some(Color::Green)));
    }

    #[test]
    fn a_text_that_is_no_toml_is_used_as_far_as_it_is() {
        let own = themes(&[("own", "inherits = \"dark\"\nwarn = \"red\nerror = \"green\"\n")]);
        let (theme, problems) = own.get("own").unwrap();
        assert!(problems.iter().any(|problem| problem.message.contains("line 2")), "{problems:?}");
        assert_eq!(theme.error.fg, Some(Color::Green));
        for text in
            ["", "=", "[", "a = [", "palette = 1", "[palette]\nx = 1", "text.fg = 2", "\u{0}", "é = \"é\""]
        {
            drop(themes(&[("own", text)]).get("own").unwrap());
        }
    }

    #[test]
    fn themes_in_a_circle_and_without_a_parent_are_told() {
        let circle = themes(&[("a", "inherits = \"b\"\nwarn = \"red\""), ("b", "inherits = \"a\"")]);
        let (theme, problems) = circle.get("a").unwrap();
        assert!(
            problems[0].message.contains("in a circle: themes/b.toml, line 1, column 12"),
            "{problems:?}"
        );
        assert_eq!(theme.warn.fg, Some(Color::Red));
        assert_eq!(
            problems_of_missing(),
            "inherits: there is no theme \"drak\": themes/own.toml, line 1, column 12: did you mean dark?"
        );
    }

    fn problems_of_missing() -> String {
        problems("inherits = \"drak\"").remove(0)
    }

    #[test]
    fn a_selection_of_one_colour_gets_the_other() {
        let selection = |text: &str| themes(&[("own", text)]).get("own").unwrap().0.selection;
        assert_eq!(selection("selection = \"#101010\"").fg, Some(Color::White));
        assert_eq!(selection("selection = \"yellow\"").fg, Some(Color::Black));
        assert_eq!(selection("text = \"red\"\nselection = \"yellow\"").fg, Some(Color::Red));
        assert!(selection("selection = \"none\"").add_modifier.contains(Modifier::REVERSED));
    }
}
