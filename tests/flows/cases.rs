//! Cases that a key writes to files.

use std::fs;
use std::path::PathBuf;

use segtui::app::App;
use segtui::app::effect::Effect;
use segtui::backend::MakeCase;

use super::actions::document;
use super::harness::{Session, Setup};

/// The cases that were asked for, and whether they replace a file.
pub fn questions(effects: &[Effect]) -> Vec<(&MakeCase, bool)> {
    let of_case = |effect| match effect {
        &Effect::WriteCase { ref question, overwrite, .. } => Some((&**question, overwrite)),
        _ => None,
    };
    effects.iter().filter_map(of_case).collect()
}

fn said(app: &App) -> &str {
    &app.messages().fresh().unwrap().text
}

fn case(session: &Session, name: &str) -> PathBuf {
    session.root().join(name)
}

#[test]
fn a_case_of_the_customer_is_written_and_replaced_only_if_wanted() {
    let mut session = Session::editing(&document());
    session.keys("W type:C007 enter x");
    let (question, overwrite) = *questions(&session.effects).last().unwrap();
    assert_eq!((question.ids.as_slice(), &question.hide[..]), (&["C007".to_owned()][..], &[][..]));
    assert_eq!((question.as_of, overwrite), (session.app.as_of(), false));
    assert_eq!(question.segment.id, document().id);
    let file = case(&session, "case-Given-C007.zip");
    assert!(said(&session.app).contains("the case is in "), "{}", said(&session.app));
    let written = fs::read(&file).unwrap();
    assert!(written.starts_with(b"PK\x03\x04"));

    fs::write(&file, "old").unwrap();
    session.keys("x").sees("case-Given-C007.zip is there already").keys("k");
    assert!(session.app.overlays().is_empty());
    assert_eq!(fs::read(&file).unwrap(), b"old");
    session.keys("x r");
    assert_eq!(questions(&session.effects).last().map(|(_, overwrite)| *overwrite), Some(true));
    assert_eq!(fs::read(&file).unwrap(), written);
}

#[test]
fn a_case_of_several_is_one_file() {
    let mut session = Session::editing(&document());
    session.keys("W paste:C007\\nC008 enter").keys("esc x");
    let ids = questions(&session.effects).last().map(|(question, _)| question.ids.clone());
    assert_eq!(ids.unwrap(), ["C007", "C008"]);
    assert!(case(&session, "case-Given-2-customers.zip").exists());
}

#[test]
fn a_row_of_customers_has_a_case_beside_the_last_export() {
    let mut session = Session::demo();
    fs::create_dir_all(case(&session, "out")).unwrap();
    let file = case(&session, "out/all.csv");
    session.keys(&format!("n v 4 x ctrl-u type:{} enter j X", file.display()));
    let id = super::customers::page(&session).known_row().unwrap()[0].clone().unwrap();
    let asked = questions(&session.effects);
    assert_eq!(asked.last().unwrap().0.ids, std::slice::from_ref(&id));
    let cases = fs::read_dir(case(&session, "out")).unwrap().map(|entry| entry.unwrap().file_name());
    let cases: Vec<String> = cases.map(|name| name.into_string().unwrap()).collect();
    assert!(cases.iter().any(|name| name.starts_with("case-") && name.contains(&id)), "{cases:?}");
}

#[test]
fn where_there_is_no_case_the_reason_is_said() {
    let mut session = Session::editing(&document());
    session.keys("W esc x").sees("name a customer first");
    assert!(questions(&session.effects).is_empty());
    let mut session = Setup { read_only: true, ..Setup::demo() }.start();
    session.keys("n v 4 X").sees("no case is written in read-only mode");
    assert!(questions(&session.effects).is_empty());
}
