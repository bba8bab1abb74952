//! The data explorer: every table and column, and what they hold.

use segtui::app::effect::Effect;
use segtui::app::layers::explorer::{Explorer, ExplorerPane};
use segtui::app::layers::overlay::Overlay;

use super::harness::{Session, Shown};

fn explorer(session: &Session) -> &Explorer {
    match session.overlay() {
        Some(Overlay::Explorer(explorer)) => explorer,
        other => panic!("{other:?}"),
    }
}

/// The table and column of the cursor.
fn place(session: &Session) -> (String, String) {
    let explorer = explorer(session);
    let name = |name: Option<&str>| name.unwrap_or_default().to_owned();
    (name(explorer.tables.current()), name(explorer.columns.current()))
}

#[test]
fn it_shows_what_a_table_and_a_column_hold() {
    let mut session = Session::small();
    session.keys("P");
    assert_eq!(explorer(&session).pane, ExplorerPane::Tables);
    session.keys("/ type:city enter");
    assert_eq!(place(&session), ("Customer_360".to_owned(), "city".to_owned()));
    let known = explorer(&session).column().unwrap();
    assert_eq!((known.rows, known.name.as_str()), (99, "city"));
    session.sees("rows without id").sees("most frequent").sees("complete").sees("Sample rows");
    assert!(explorer(&session).sample.rows().is_some_and(|sampled| sampled.rows.len() == 50));
    // All columns come in, one after the other.
    let database = session.app.database().unwrap().clone();
    let table = database.table("Customer_360").unwrap();
    assert!(
        table
            .columns()
            .all(|column| explorer(&session).profiles.column("Customer_360", &column.name).is_some())
    );
}

#[test]
fn one_step_back_each_time() {
    let mut session = Session::small();
    session.keys("P right right");
    assert_eq!(explorer(&session).pane, ExplorerPane::Values);
    session.keys("esc");
    assert_eq!(explorer(&session).pane, ExplorerPane::Columns);
    session.keys("/ type:zzzz");
    session.sees("nothing is found").keys("esc");
    assert_eq!(explorer(&session).find.text(), "");
    session.keys("esc");
    assert_eq!(explorer(&session).pane, ExplorerPane::Tables);
    session.keys("esc");
    assert!(session.overlay().is_none());
}

#[test]
fn it_remembers_where_one_was() {
    let mut session = Session::small();
    session.keys("P j right j j");
    let before = place(&session);
    session.keys("esc esc").keys("P");
    assert_eq!(place(&session), before);
}

#[test]
fn it_opens_on_the_attribute_at_the_cursor() {
    let mut session = Session::small();
    session.keys("n / type:points enter j f2");
    assert_eq!(place(&session), ("Customer_360".to_owned(), "points".to_owned()));
    assert_eq!(explorer(&session).pane, ExplorerPane::Columns);
    session.keys("esc");
    assert!(session.overlay().is_none());
    session.keys("2 a type:360 enter type:state f2");
    assert_eq!(place(&session), ("Customer_360".to_owned(), "state".to_owned()));
    session.keys("esc");
    assert!(matches!(session.overlay(), Some(Overlay::Add(_))));
}

#[test]
fn a_value_becomes_a_condition_of_the_open_segment() {
    let mut session = Session::small();
    session.keys("n / type:city enter j f2 enter enter");
    assert!(session.overlay().is_none());
    assert_eq!(session.shape(), "ALL(ALL(city)) - ANY()");
    session.sees("City is exactly");
}

#[test]
fn without_an_open_segment_it_becomes_a_new_one() {
    let mut session = Session::small();
    session.keys("P / type:points enter right right enter");
    assert_eq!((session.shown(), session.shape().as_str()), (Shown::Editor, "ALL(ALL(points)) - ANY()"));
}

#[test]
fn a_cell_becomes_a_condition_and_is_copied() {
    let mut session = Session::small();
    session.keys("n P / type:city enter tab tab tab right");
    assert_eq!(explorer(&session).pane, ExplorerPane::Rows);
    let (column, value) = explorer(&session).sample.cell().unwrap();
    let (column, value) = (column.to_owned(), value.unwrap_or_default().to_owned());
    session.keys("y");
    assert_eq!(session.effects.last(), Some(&Effect::Copy(value)));
    session.keys("enter");
    assert_eq!(session.shape(), format!("ALL(ALL({column})) - ANY()"));
}

#[test]
fn other_rows_are_shown_on_request() {
    let mut session = Session::demo();
    session.keys("P");
    let rows = |session: &Session| explorer(session).sample.rows().unwrap().clone();
    let before = rows(&session);
    session.keys("s");
    assert_ne!(rows(&session), before);
    assert_eq!(rows(&session).table, before.table);
}

#[test]
fn the_insights_pane_shows_the_attribute_of_the_tables_pane() {
    let mut session = Session::small();
    session.keys("n / type:city enter j");
    session.sees("── city").sees("distinct").sees("UNIQUE CUSTOMERS").sees_no("── include");
    session.keys("2");
    session.sees("── include").sees_no("distinct");
}

#[test]
fn nothing_is_asked_for_twice() {
    let mut session = Session::small();
    session.keys("P j k j k");
    let asked = |session: &Session| {
        session.effects.iter().filter(|effect| matches!(effect, Effect::AskPage { .. })).count()
    };
    let before = asked(&session);
    session.keys("j k");
    // Only the rows, which are of one table at a time.
    assert!(asked(&session) - before <= 2, "{}", asked(&session) - before);
}
