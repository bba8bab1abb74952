//! Customer lists: picked from segments, files and queries, and files brought into the workspace.

use std::fs;
use std::sync::Arc;

use segtui::app::available_lists::ListKind;
use segtui::app::effect::Effect;
use segtui::app::layers::editor::state::Pane;
use segtui::app::layers::lists::Lists;
use segtui::app::layers::overlay::Overlay;
use segtui::segment::Segment;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::actions::document;
use super::harness::{Session, Setup, put};

/// A saved segment with these conditions in its only section.
fn segment(id: &str, activation_id: &str, include: &[Value]) -> String {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": id, "name": id.trim_start_matches("seg_").to_uppercase(),
        "database": "nasty", "activation_id": activation_id, "revision": 1,
        "include": {"match": "all", "of": [{"match": "all", "of": include}]},
    });
    Segment::from_json(&document.to_string()).unwrap().to_json()
}

fn member(id: &str) -> Value {
    json!({"list": {"segment": id}, "op": "is_member"})
}

fn city(value: &str) -> Value {
    json!({"attribute": {"table": "Customer_360", "column": "city"}, "op": "is_exactly", "value": value})
}

/// A workspace with segments, a list and a query, and a few files elsewhere; `Given` is open.
pub fn session_with(setup: Setup) -> Session {
    let folder = TempDir::new().unwrap();
    let write = |path: &str, text: &str| put(&folder.path().join(path), text);
    write("workspace/segments/given.segment.json", &document().to_json());
    for (id, activation_id, include) in [
        ("seg_chicago", "amperity_id", vec![city("chicago")]),
        ("seg_mails", "email", vec![]),
        ("seg_near", "amperity_id", vec![member("seg_given")]),
        ("seg_far", "amperity_id", vec![member("seg_near")]),
    ] {
        let path = format!("workspace/segments/folder/{id}.segment.json");
        write(&path, &segment(id, activation_id, &include));
    }
    write("workspace/lists/vip.csv", "amperity_id,why\nC002,x\nC004,x\n007,x\nnobody,x\n,x\nC004,x\n");
    write("workspace/queries/top.sql", "SELECT amperity_id\nFROM Customer_360");
    write("workspace/queries/readme.md", "no query");
    write("away/new.csv", "name,amperity_id\na,C021\nb,C037\nc,C087\nd,zzz\n");
    write("away/vip.csv", "amperity_id\nC021\n");
    write("away/no-id.csv", "name,town\na,b\n");
    write("away/broken.csv", "name,amperity_id\na,C021\nb\n");
    write("away/.hidden.txt", "C021\n");
    write("away/deep/ids.txt", " C021 \n\nC037\n");
    write("home/mine.txt", "C087\n");
    write("home/new.csv", "name,amperity_id\na,C021\nb,C037\nc,C087\nd,zzz\ne,\n");
    write("home/broken.csv", "name,amperity_id\na,C021\nb\n");
    let mut session = Session::within(Arc::new(folder), setup);
    session.keys("/ type:Given enter");
    assert_eq!(session.segment().name, "Given");
    session
}

pub fn session() -> Session {
    session_with(Setup::small())
}

/// To the picker of a kind of lists.
pub fn picker(kind: &str) -> String {
    format!("j j a type:\"customer lists\" enter type:{kind} enter enter")
}

fn lists(session: &Session) -> &Lists {
    match session.overlay() {
        Some(Overlay::Lists(lists)) => lists,
        other => panic!("{other:?}"),
    }
}

fn browser(session: &Session) -> &segtui::app::layers::browse::Browse {
    match session.overlay() {
        Some(Overlay::Browse(browse)) => browse,
        other => panic!("{other:?}"),
    }
}

const WITH: [&str; 2] = ["ALL(ALL(city points ", ") ALL(state)) - ANY(ANY(is_loyalty_member))"];

fn with(list: &str) -> String {
    WITH.join(list)
}

#[test]
fn a_segment_becomes_a_list() {
    let mut session = session();
    session.keys(&picker("segments"));
    session.sees("Is a member of").sees("CHICAGO").keys("type:chic").sees("City is exactly chicago");
    session.sees(" customers").keys("enter");
    assert_eq!(session.shape(), with("+seg_chicago"));
    assert_eq!(session.editor().pane, Pane::Criteria);
    session.sees("Is a member of CHICAGO");
    let wanted = session.members();
    // The operator turns around on the line.
    session.keys("o type:not enter").sees("Is not a member of CHICAGO");
    assert_eq!(session.shape(), with("-seg_chicago"));
    session.keys("u");
    assert_eq!((session.shape(), session.members()), (with("+seg_chicago"), wanted));
    // The picker opens again where the condition is, and another list takes its place.
    session.keys("e");
    assert_eq!(lists(&session).entry().unwrap().id, "seg_chicago");
    session.keys("tab");
    assert_eq!(lists(&session).kind, ListKind::Files);
    session.keys("type:vip enter").sees("Is a member of vip.csv");
    assert_eq!(session.shape(), with("+vip.csv"));
}

#[test]
fn what_cannot_be_a_list_says_why() {
    let mut session = Session::again(session(), Setup { size: (160, 40), ..Setup::small() });
    session.keys("/ type:Given enter").keys(&picker("segments"));
    let before = session.segment().clone();
    for (name, reason) in [
        ("given", "this segment itself"),
        ("mails", "is made of email, this segment of amperity_id"),
        ("near", "would make a circle: NEAR → Given"),
        ("far", "would make a circle: FAR → NEAR → Given"),
    ] {
        session.keys(&format!("ctrl-u type:{name}")).sees(reason).keys("enter");
        assert!(matches!(session.overlay(), Some(Overlay::Lists(_))), "{name}");
    }
    session.keys("esc esc esc esc");
    assert_eq!(session.segment(), &before);
}

#[test]
fn a_reference_that_is_off_makes_no_circle() {
    let mut session = session();
    let path = session.root().join("workspace/segments/folder/seg_near.segment.json");
    let mut off = member("seg_given");
    off["off"] = json!(true);
    put(&path, &segment("seg_near", "amperity_id", &[off]));
    session.keys(&picker("segments")).keys("type:far enter");
    assert_eq!(session.shape(), with("+seg_far"));
    session.members();
}

#[test]
fn a_file_shows_what_it_comes_to_and_the_line_what_is_unmatched() {
    let mut session = session();
    session.keys(&picker("files")).keys("type:vip");
    session.sees("ids from the column amperity_id").sees("different ids").sees("unmatched").sees("C002");
    session.keys("enter").sees("Is a member of vip.csv").sees("1 unmatched");
    session.resize(200, 50).sees("4 ids, 1 of them is no");
    // What is not counted says nothing of ids.
    session.keys("space").sees_no("unmatched");
}

#[test]
fn queries_are_listed_with_their_text() {
    let mut session = session();
    session.keys(&picker("queries")).sees("top.sql").sees("FROM Customer_360").sees_no("readme.md");
    session.keys("enter");
    assert_eq!(session.shape(), with("+top.sql"));
    session.sees("Is a member of top.sql");
}

#[test]
fn the_tree_leads_to_lists() {
    let mut session = session();
    session.keys("1 / type:\"customer lists\" enter right").sees("Segments").sees("Files").sees("Queries");
    session.keys("j j a enter");
    assert_eq!(lists(&session).kind, ListKind::Files);
    session.keys("type:vip enter");
    assert!(session.shape().contains("+vip.csv"), "{}", session.shape());
    // Exclusions too.
    session.keys("1 x enter type:vip enter");
    assert!(session.shape().ends_with("- ANY(ANY(is_loyalty_member +vip.csv))"), "{}", session.shape());
}

#[test]
fn what_is_missing_says_so_and_the_picker_opens_at_what_was_meant() {
    let text = document().to_json();
    let mut session = session();
    for (list, said, help, meant) in [
        (
            json!({"file": "vpi.csv"}),
            "there is no list \"vpi.csv\": did you",
            "did you mean \"vip.csv\"?",
            "+vip.csv",
        ),
        (
            json!({"segment": "Chicgo"}),
            "there is no segment \"Chicgo\"",
            "did you mean \"CHICAGO\"",
            "+seg_chicago",
        ),
    ] {
        let node = json!({"list": list, "op": "is_member"});
        let mut value: Value = serde_json::from_str(&text).unwrap();
        value["include"]["of"][0]["of"] = json!([node]);
        put(&session.root().join("workspace/segments/given.segment.json"), &value.to_string());
        session = session.crash();
        session.keys("/ type:Given enter j");
        session.resize(200, 50).sees(said).sees(help).keys("e enter");
        assert_eq!(session.shape(), format!("ALL(ALL({meant}) ALL(state)) - ANY(ANY(is_loyalty_member))"));
        assert!(session.editor().problems.is_empty());
        session.keys("u esc").keys("d");
        session.resize(120, 36);
    }
}

fn browse(session: &mut Session) {
    session.keys(&picker("files")).keys("type:upload enter");
    assert_eq!(browser(session).shown(), session.root());
}

#[test]
fn a_file_is_found_looked_at_and_copied() {
    let mut session = session();
    browse(&mut session);
    session.sees("away/").sees("home/").keys("type:away right").sees("new.csv").sees("deep/");
    session.sees_no(".hidden").keys("alt-h").sees(".hidden.txt").keys("alt-h").sees_no(".hidden");
    // Down and up, by arrows and by Enter and Backspace; up comes back to where one was.
    session.keys("type:deep enter").sees("ids.txt").sees("one id a line").keys("left");
    assert_eq!(session.app.overlays().len(), 3);
    assert_eq!(browser(&session).pick.current().unwrap().label, "deep/");
    session.keys("right backspace");
    assert_eq!(browser(&session).pick.current().unwrap().label, "deep/");
    session.keys("type:new").sees("ids from the column amperity_id").sees("different ids").sees("zzz");
    session.keys("enter").sees("Is a member of new.csv").sees("1 unmatched");
    assert_eq!(session.shape(), with("+new.csv"));
    let copied = fs::read(session.root().join("workspace/lists/new.csv")).unwrap();
    assert_eq!(copied, fs::read(session.root().join("away/new.csv")).unwrap());
    // The next file is looked for where this one was.
    session.keys("a type:\"customer lists\" enter type:files enter enter type:upload enter");
    assert_eq!(browser(&session).shown(), session.root().join("away"));
}

#[test]
fn paths_are_typed_and_pasted() {
    let mut session = session();
    browse(&mut session);
    session.keys("type:~/").sees("mine.txt");
    assert_eq!(browser(&session).shown(), session.root().join("home"));
    session.keys("ctrl-u type:away/deep/").sees("ids.txt").keys("ctrl-u type:away/ne").sees("new.csv");
    let path = session.root().join("away/deep/ids.txt");
    session.keys("ctrl-u").keys(&format!("paste:\"'{}'\\n\"", path.display()));
    assert_eq!(browser(&session).pick.current().unwrap().label, "ids.txt");
    session.keys("enter");
    assert_eq!(session.shape(), with("+ids.txt"));
    // Elsewhere nothing can be read, which is said.
    browse_again(&mut session);
    session.keys("type:/nowhere/").sees("outside of the test").keys("esc");
    assert!(matches!(session.overlay(), Some(Overlay::Lists(_))));
}

fn browse_again(session: &mut Session) {
    session.keys("a type:\"customer lists\" enter type:files enter enter type:upload enter");
}

#[test]
fn what_cannot_be_taken_says_why() {
    let mut session = session();
    browse(&mut session);
    session
        .keys("type:away enter type:no-id")
        .sees("none of its columns is \"amperity_id\"")
        .sees("\"town\"")
        .keys("enter");
    session.keys("ctrl-u type:broken").sees("line 3").keys("enter");
    assert!(browser(&session).complaint.as_ref().unwrap().contains("line 3"));
    assert!(!session.root().join("workspace/lists/broken.csv").exists());
    assert!(!session.effects.iter().any(|effect| matches!(effect, Effect::UploadList { .. })));
}

#[test]
fn a_name_that_is_taken_asks() {
    let stored = |session: &Session, name: &str| {
        fs::read_to_string(session.root().join("workspace/lists").join(name)).ok()
    };
    let clash = || {
        let mut session = session();
        browse(&mut session);
        session.keys("type:away enter type:vip enter").sees("Another vip.csv is in the workspace's lists");
        session
    };
    let mut session = clash();
    let before = stored(&session, "vip.csv");
    session.keys("c");
    assert!(matches!(session.overlay(), Some(Overlay::Browse(_))));
    assert_eq!((stored(&session, "vip.csv"), stored(&session, "vip-2.csv")), (before.clone(), None));
    session.keys("enter k");
    assert_eq!(session.shape(), with("+vip-2.csv"));
    assert_eq!(
        (stored(&session, "vip.csv"), stored(&session, "vip-2.csv")),
        (before.clone(), Some("amperity_id\nC021\n".into()))
    );
    let mut session = clash();
    session.keys("r");
    assert_eq!(session.shape(), with("+vip.csv"));
    assert_eq!(stored(&session, "vip.csv").as_deref(), Some("amperity_id\nC021\n"));
    let trash = session.workspace().trash().unwrap();
    assert_eq!(fs::read_to_string(&trash[0].path).ok(), before);
    // With the same content there is nothing to ask.
    browse_again(&mut session);
    session.keys("type:vip enter").sees("vip.csv was in the workspace's lists already");
    assert_eq!(session.segment().walk().len(), 9);
}

#[test]
fn a_file_that_is_in_the_lists_is_not_copied() {
    let mut session = session();
    browse(&mut session);
    session.keys("type:workspace/lists/ enter");
    assert_eq!(session.shape(), with("+vip.csv"));
    assert_eq!(fs::read_dir(session.root().join("workspace/lists")).unwrap().count(), 1);
}

#[test]
fn nothing_is_uploaded_in_read_only_mode() {
    let mut session = session_with(Setup { read_only: true, ..Setup::small() });
    let before = session.files();
    session
        .keys(&picker("files"))
        .keys("type:upload")
        .sees("nothing is saved in read-only mode")
        .keys("enter");
    assert!(matches!(session.overlay(), Some(Overlay::Lists(_))));
    // What is there can be used.
    session.keys("ctrl-u type:vip enter");
    assert_eq!(session.shape(), with("+vip.csv"));
    assert_eq!(session.files(), before);
}

#[test]
fn what_comes_beside_the_program_is_offered() {
    let mut session = session();
    session.keys(&picker("files")).sees("vip.csv").sees_no("late.txt");
    put(&session.root().join("workspace/lists/sub/late.txt"), "C021\n");
    session.event(segtui::app::event::Event::FocusGained);
    session.sees("sub/late.txt").keys("type:late enter");
    assert_eq!(session.shape(), with("+sub/late.txt"));
}
