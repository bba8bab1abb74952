//! Databases and their numbers: switching, failing, and being late.

use std::path::PathBuf;

use segtui::app::DatabaseState;
use segtui::app::event::Event;
use segtui::app::layers::overlay::Overlay;

use super::actions::document;
use super::harness::{Session, Setup, conformance_folder, demo_folder};

#[test]
fn another_activation_id_counts_others() {
    let mut session = Session::demo();
    session.keys("n").sees("UNIQUE CUSTOMERS").sees("Include customers with");
    let customers = session.members();
    session.keys("I type:email enter").sees("UNIQUE EMAIL ADDRESSES").sees("Include email addresses with");
    let database = crate::conformance::open(&demo_folder());
    let rows = crate::slow::Rows::read(&database, database.table("Customer_360").unwrap(), "email");
    let emails: std::collections::HashSet<_> =
        rows.ids.iter().flatten().filter(|id| !id.trim().is_empty()).collect();
    assert_eq!(session.members(), emails.len() as u64);
    assert_ne!(session.members(), customers);
    assert!(session.editor().is_edited());
    session.keys("u").sees("UNIQUE CUSTOMERS");
    assert_eq!(session.members(), customers);
}

fn both() -> Setup {
    Setup { databases: vec![conformance_folder(), demo_folder()], ..Setup::small() }
}

#[test]
fn another_database_asks_before_conditions_are_lost() {
    // Both databases have this column: nothing is lost, nothing is asked.
    let mut session = both().start();
    session.keys("n a type:360 enter type:city enter type:\"is null\" enter");
    let here = session.members();
    session.keys("D type:data enter");
    assert!(session.app.overlays().is_empty());
    session.sees("Customer_360 ▾");
    assert_eq!(session.segment().database, "Customer_360");
    assert_ne!(session.members(), here);
    session.keys("D type:parquet enter");
    assert_eq!(session.members(), here);

    // The demo has no scores.
    session.keys("a type:360 enter type:score enter type:\"not null\" enter");
    let here = session.members();
    session
        .keys("D type:data enter")
        .sees("Customer_360 cannot carry these conditions")
        .sees("Score is not null");
    session.keys("n");
    assert_eq!((session.segment().database.as_str(), session.members()), ("nasty", here));
    session.keys("D type:data enter y");
    assert_eq!(session.segment().database, "Customer_360");
    assert_eq!(session.shape(), "ALL(ALL(city score)) - ANY()", "nothing is dropped");
    assert_eq!(session.editor().problems.len(), 1);
    session.keys("D type:parquet enter");
    assert_eq!(session.members(), here);
    assert!(session.editor().problems.is_empty());
}

#[test]
fn switching_at_home_asks_nothing() {
    let mut session = both().start();
    session.keys("D down enter").sees("Customer_360 ▾").keys("n");
    assert_eq!(session.segment().database, "Customer_360");
    session.keys("D enter");
    assert!(session.app.overlays().is_empty(), "the open one stays open");
}

#[test]
fn a_database_that_is_not_there_leaves_the_rest_usable() {
    let missing = PathBuf::from("no/such/folder");
    let mut session =
        Setup { databases: vec![missing.clone(), conformance_folder()], ..Setup::demo() }.start();
    assert!(matches!(session.app.database_state(), DatabaseState::Failed(_)));
    session
        .sees("there is no such folder (no/such/folder)")
        .sees("name a folder that holds .parquet or .csv files");
    session.sees("Churning_Customers").keys("/ type:churning enter").sees("Churning_Customers");
    session.keys("a").sees("there is no such folder").keys("g j j space s");
    assert_eq!(session.saved("Churning_Customers").unwrap().0.revision, 2, "editing and saving need no data");
    session.keys("esc n s type:Plain enter enter");
    assert_eq!(session.saved("Plain").unwrap().0.revision, 1);
    // With another one there are numbers.
    session.keys("D type:parquet enter").sees("nasty ▾");
    assert!(session.members() > 0);
    // A second one that fails leaves the first open.
    session.keys("D type:folder enter").sees("there is no such folder").sees("nasty ▾");
    assert!(session.members() > 0);
}

#[test]
fn late_numbers_are_of_no_use() {
    let mut session = Session::editing(&document());
    let before = session.insights();
    session.is_paused = true;
    session.keys("j d").sees("counting …");
    assert!(!session.editor().is_current());
    let stale = session.editor().live.evaluation.clone().unwrap().evaluation.insights;
    assert_eq!(stale, before, "the old numbers stay, as old ones");
    session.keys("d");
    assert_eq!(session.waiting(), 2);
    session.release_one();
    assert!(!session.editor().is_current());
    assert_eq!(
        session.editor().live.evaluation.clone().unwrap().evaluation.insights,
        before,
        "late ones are dropped"
    );
    session.release_one();
    assert!(session.editor().is_current());
    session.sees("12 ms ✓").sees_no("counting");
    assert_ne!(session.insights(), before);

    // Back at the first definition, its numbers are asked for again and are the same.
    session.is_paused = false;
    session.keys("u u");
    assert_eq!(session.insights(), before);
}

#[test]
fn late_values_of_another_column_are_of_no_use() {
    let mut session = Session::editing(&document());
    session.keys("j j j j e");
    let Some(Overlay::Values(values)) = session.overlay() else { panic!() };
    let counts = values.counts.clone().unwrap().unwrap();
    session.keys("esc");
    session.event(segtui::app::event::Event::Counted {
        table: "Customer_360".into(),
        column: "state".into(),
        result: Ok(counts.clone()),
    });
    session.keys("a type:360 enter type:city enter type:exactly enter");
    session.event(segtui::app::event::Event::Counted {
        table: "Customer_360".into(),
        column: "state".into(),
        result: Ok(counts.clone()),
    });
    let Some(Overlay::Values(values)) = session.overlay() else { panic!() };
    assert_ne!(values.counts.as_ref().unwrap().as_ref().unwrap().values, counts.values);
}

#[test]
fn how_far_an_opening_is_stands_in_the_bottom_line() {
    let mut session = both().start();
    let step = |folder: PathBuf, what: &str| Event::Opening { folder, what: what.to_owned() };
    session.event(step(demo_folder(), "converting Orders.csv, 42%"));
    session.sees("converting Orders.csv, 42% …");
    session.event(step("elsewhere".into(), "reading what nobody asked for"));
    session.sees_no("nobody");
    session.event(step(demo_folder(), "converting Orders.csv, 99%"));
    session.keys("D type:data enter").sees("Customer_360 ▾").sees_no("converting");
}

#[test]
fn the_open_database_can_be_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let write =
        |rows: &str| std::fs::write(folder.path().join("t.csv"), format!("customer_id,x\n{rows}")).unwrap();
    write("1,a\n2,b\n");
    let mut session = Setup { databases: vec![folder.path().to_owned()], ..Setup::small() }.start();
    session.keys("n a type:t enter type:x enter type:\"not null\" enter");
    assert_eq!((session.members(), session.shape().as_str()), (2, "ALL(ALL(x)) - ANY()"));
    write("1,a\n2,b\n3,c\n");
    session.keys("D enter");
    assert_eq!((session.members(), session.shape().as_str()), (3, "ALL(ALL(x)) - ANY()"));
}
