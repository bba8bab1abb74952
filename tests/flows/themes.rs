//! The picker of themes.

use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::app::theme_choice::{KnownTheme, ThemeChoice};
use segtui::diagnostic::Diagnostic;
use segtui::ui::theme::Themes;

use super::harness::{Session, Setup};

/// The themes that are built in, and one with a problem.
pub fn choice() -> ThemeChoice {
    let built_in = Themes::default().names().into_iter().map(|name| KnownTheme {
        name,
        detail: "built in".to_owned(),
        problems: Vec::new(),
    });
    let own = KnownTheme {
        name: "zebra".to_owned(),
        detail: "your own".to_owned(),
        problems: vec![Diagnostic::new("warn: \"rde\" is no colour: zebra.toml, line 2, column 8")],
    };
    let known = built_in.chain([own]).collect();
    ThemeChoice { current: "dark".to_owned(), known, ..ThemeChoice::default() }
}

#[test]
fn each_theme_is_shown_at_once_and_esc_restores_the_one_in_force() {
    let mut session = Session::small();
    session.keys("ctrl-t").sees("high-contrast-light").sees("your own, 1 problem");
    assert_eq!(session.app.theme(), "dark");
    session.keys("down");
    assert_eq!(session.app.theme(), "light");
    session.keys("type:mono");
    assert_eq!(session.app.theme(), "mono");
    // Nothing is at the cursor.
    session.keys("type:xyz");
    assert_eq!(session.app.theme(), "dark");
    session.keys("esc");
    assert_eq!(session.app.theme(), "dark");
    assert!(!session.effects.iter().any(|effect| matches!(effect, Effect::KeepTheme(_))));
}

#[test]
fn a_chosen_theme_is_kept_and_what_is_wrong_with_it_told() {
    let mut session = Session::small();
    session.keys("ctrl-t type:light enter").sees("the theme is light, the next time as well");
    assert_eq!(
        (session.app.theme(), session.effects.last()),
        ("light", Some(&Effect::KeepTheme("light".to_owned())))
    );
    session.keys("ctrl-t");
    assert_eq!(session.app.theme(), "light");
    session.keys("ctrl-u type:zeb enter").sees("zebra.toml, line 2, column 8");
    assert_eq!(session.app.theme(), "zebra");
}

#[test]
fn a_read_only_run_keeps_no_theme() {
    let mut session = Setup { read_only: true, ..Setup::small() }.start();
    session.keys("ctrl-t type:light enter").sees("light until the end");
    assert_eq!(session.app.theme(), "light");
    assert!(!session.effects.iter().any(|effect| matches!(effect, Effect::KeepTheme(_))));
}

#[test]
fn the_theme_for_the_background_is_shown_without_a_word() {
    let mut session = Session::small();
    session.event(Event::ThemeNoticed("light".to_owned()));
    assert_eq!(session.app.theme(), "light");
    session.keys("ctrl-t esc");
    assert_eq!(session.app.theme(), "light");
}
