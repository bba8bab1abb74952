//! The customers of a segment: looked through, sorted, searched, copied and written to files.

use std::fs;
use std::sync::Arc;

use segtui::app::Screen;
use segtui::app::effect::Effect;
use segtui::app::event::Event;
use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::pages::customers::Customers;
use segtui::backend::{
    CustomerWindow, ListCustomers, MemberColumn, PageAnswer, PageQuestion, RowPick, TextRow, WindowStart,
};

use super::actions::document;
use super::harness::{Session, Setup, demo_folder};

/// All customers of the demo database.
pub fn everybody() -> Session {
    let mut session = Session::demo();
    session.keys("n v 4");
    session
}

pub fn page(session: &Session) -> &Customers {
    match session.app.screen() {
        Screen::Page(_, pages) => &pages.customers,
        Screen::Home(_) | Screen::Editor(_) => panic!("no page is shown"),
    }
}

fn value(session: &Session) -> Option<&str> {
    page(session).value().expect("the row at the cursor is known")
}

fn ids(session: &Session) -> Vec<&str> {
    let rows = &page(session).rows.window().unwrap().rows;
    rows.iter().map(|row| row[0].as_deref().unwrap()).collect()
}

/// The text that was sent to the clipboard last.
fn copied(session: &Session) -> &str {
    match session.effects.last() {
        Some(Effect::Copy(text)) => text,
        other => panic!("nothing was copied: {other:?}"),
    }
}

fn questions(session: &Session) -> Vec<(u64, &ListCustomers)> {
    let asked = session.effects.iter().filter_map(|effect| match effect {
        Effect::AskPage { request, question, .. } => match &**question {
            PageQuestion::Customers(question) => Some((*request, question)),
            _ => None,
        },
        _ => None,
    });
    asked.collect()
}

/// Holds back what the page asks, to answer it by hand.
pub fn by_hand() -> Session {
    let mut session = Session::demo();
    session.hold_back(|effect| {
        matches!(effect, Effect::AskPage { question, .. } if matches!(**question, PageQuestion::Customers(_)))
    });
    session.keys("n v 4");
    session
}

/// Answers the last question by hand, with so many members.
pub fn answer(session: &mut Session, members: usize, row: impl Fn(usize, &ListCustomers) -> TextRow) {
    let (request, question) =
        questions(session).last().map(|(at, question)| (*at, (*question).clone())).unwrap();
    let WindowStart::Row(first) = question.start else { panic!("an id is asked for") };
    let rows = (first..(first + question.rows).min(members)).map(|number| row(number, &question)).collect();
    let titles = question.columns.iter().map(|column| column.title.clone());
    let window = CustomerWindow {
        as_of: question.as_of,
        titles: std::iter::once("amperity_id".to_owned()).chain(titles).collect(),
        first,
        rows,
        is_found: true,
        members,
        matches: members,
    };
    let result = Ok(Arc::new(PageAnswer::Customers(window)));
    session.event(Event::PageAnswered { request, result });
}

fn numbered(number: usize, question: &ListCustomers) -> TextRow {
    let values = question.columns.iter().map(|column| Some(format!("{} {number}", column.title)));
    std::iter::once(Some(format!("c{number:07}"))).chain(values).collect()
}

#[test]
fn sensible_columns_stand_there_at_first() {
    let mut session = everybody();
    session.sees("8,000 customers").sees("as of 2025-12-31").sees("amperity_id ▲");
    let columns: Vec<&str> =
        page(&session).columns.list().iter().map(|column| column.title.as_str()).collect();
    assert_eq!(columns, ["given_name", "surname", "email", "city", "state", "postal"]);
    assert!(ids(&session).is_sorted());
}

#[test]
fn a_million_customers_scroll_like_a_hundred() {
    let mut session = by_hand();
    session.sees("looking …");
    answer(&mut session, 1_000_000, numbered);
    session.sees("1,000,000 customers").sees("row 1, 1–").sees("c0000000");
    let asked = questions(&session).len();
    // The next window is there before one scrolls out of this one, and is asked for once.
    for row in 1..=600 {
        session.keys("j");
        if questions(&session).len() > asked && page(&session).row.is_multiple_of(7) {
            let last = questions(&session).last().unwrap().1.start.clone();
            if last != page(&session).rows.question().unwrap().start {
                answer(&mut session, 1_000_000, numbered);
            }
        }
        assert_eq!(value(&session), Some(format!("c{row:07}").as_str()));
    }
    let asked = questions(&session).len() - asked;
    assert!((4..=12).contains(&asked), "{asked} windows for 600 rows");
    let rows = questions(&session).last().unwrap().1.rows;
    assert!((3 * 28..1_000).contains(&rows), "{rows} rows in a window");

    // Far away the rows are on their way, and nothing waits for them.
    session.keys("G").sees("…").sees("of 1,000,000");
    assert_eq!((page(&session).row, page(&session).value()), (999_999, None));
    answer(&mut session, 1_000_000, numbered);
    session.sees("c0999999").sees("row 1,000,000");
    session.keys("pageup");
    assert_eq!(value(&session), Some(format!("c{:07}", page(&session).row).as_str()));
    session.keys("g j j");
    assert_eq!(page(&session).row, 2);
}

#[test]
fn a_held_key_asks_anew_only_where_rows_are_missing() {
    let mut session = by_hand();
    answer(&mut session, 1_000_000, numbered);
    let asked = questions(&session).len();
    // Nothing is answered while a key is held.
    for _ in 0..20 {
        session.keys("pagedown");
    }
    let asked = questions(&session).len() - asked;
    assert!(asked <= 12, "{asked} questions for twenty pages");
    answer(&mut session, 1_000_000, numbered);
    assert_eq!(value(&session), Some(format!("c{:07}", page(&session).row).as_str()));
}

#[test]
fn a_late_answer_shows_old_rows_as_old() {
    let mut session = by_hand();
    answer(&mut session, 500, numbered);
    session.keys("j j l s");
    assert!(!page(&session).rows.is_current());
    session.sees("looking …").sees("c0000001");
    answer(&mut session, 500, |number, question| numbered(499 - number, question));
    assert!(page(&session).rows.is_current());
    session.sees_no("looking …").sees("given_name ▲").sees("c0000499");
    assert_eq!(page(&session).row, 0);
}

#[test]
fn s_sorts_then_turns_round_then_goes_back_to_ids() {
    let mut session = everybody();
    let by_id: Vec<String> = ids(&session).into_iter().map(str::to_owned).collect();
    session.keys("l l l l s").sees("city ▲");
    let first = value(&session).unwrap().to_owned();
    session.keys("s").sees("city ▼");
    assert!(value(&session).unwrap() > first.as_str());
    session.keys("s").sees("amperity_id ▲").sees_no("city ▲");
    assert_eq!(ids(&session), by_id);
    session.keys("0 s").sees("amperity_id ▼");
    assert!(ids(&session).is_sorted_by(|one, other| one > other));
    session.keys("s");
    assert_eq!(ids(&session), by_id);
}

#[test]
fn typing_narrows_and_esc_shows_all_again() {
    let mut session = everybody();
    session.keys("j j / type:smith").sees("/ smith").sees(" of 8,000 customers");
    let window = page(&session).rows.window().unwrap();
    assert!(window.matches > 0 && window.matches < window.members);
    let is_found = |row: &TextRow| row.iter().flatten().any(|value| value.to_lowercase().contains("smith"));
    assert!(window.rows.iter().all(is_found));
    // Enter keeps the search, and keys are actions again.
    session.keys("enter j");
    assert_eq!(page(&session).row, 1);
    session.keys("esc").sees_no("/ smith").sees("8,000 customers");
    session.keys("/ type:zzzz").sees("No customer has “zzzz”").keys("esc").sees("8,000 customers");
    session.keys("esc");
    assert!(session.app.editor().is_none(), "Esc goes on to the list of segments");
}

#[test]
fn one_jumps_to_an_id() {
    let mut session = everybody();
    session.keys("pagedown pagedown pagedown G");
    let last = value(&session).unwrap().to_owned();
    session.keys(&format!("g i type:{last} enter"));
    assert_eq!((page(&session).row, value(&session)), (7_999, Some(last.as_str())));
    session.keys("i paste:\" 0 \\n\" enter").sees("no customer 0 is here").sees("comes next");
    assert_eq!(page(&session).row, 0);
    session.keys("j i type:zzzz enter").sees("nor any after it");
    assert_eq!(page(&session).row, 1, "the cursor stays where it is");
    session.keys("i type:abc esc j");
    assert_eq!(session.app.overlays().len(), 0);
}

#[test]
fn columns_are_chosen_moved_and_taken_away() {
    let titles = |session: &Session| -> Vec<String> {
        page(session).columns.list().iter().map(|column| column.title.clone()).collect()
    };
    let mut session = everybody();
    session.keys("a type:birthdate enter").sees("birthdate");
    assert_eq!(titles(&session).last().unwrap(), "birthdate");
    assert_eq!(page(&session).column, 7, "the cursor is on what is new");
    session.keys("d 0 l d d");
    assert_eq!(titles(&session), ["email", "city", "state", "postal"]);
    session.keys("L");
    assert_eq!(titles(&session), ["city", "email", "state", "postal"]);
    session.keys("$ H").keys("0 d").sees("the id is always shown");
    assert_eq!(titles(&session), ["city", "email", "postal", "state"]);

    // Several at once; of a table with several rows of a customer it is asked which one counts.
    session
        .keys("a type:transactionsorder_revenue down up space")
        .sees("which row of several")
        .keys("down enter");
    session
        .keys("ctrl-u type:unifiedtransactionsnumberofrows down space")
        .sees("[x] number of rows")
        .keys("enter");
    let columns = page(&session).columns.list();
    let picks: Vec<&RowPick> = columns.iter().skip(4).map(|column| &column.pick).collect();
    assert_eq!(picks, [&RowPick::First(Some("order_datetime".to_owned())), &RowPick::Count]);
    session.sees("Unified_Transactions.order_revenue, first by order_datetime");

    // They are there when another segment is opened, in the same order.
    let before = titles(&session);
    session.keys("ctrl-o").keys("n v 4");
    assert_eq!(titles(&session), before);
    // One can do without any.
    session.keys("$ d d d d d d");
    assert!(titles(&session).is_empty());
    session.sees("8,000 customers");
}

#[test]
fn a_table_with_one_row_each_asks_nothing() {
    let mut session = everybody();
    session.keys("a type:loyalty_id down up space").sees("[x]").keys("esc");
    assert_eq!(page(&session).columns.list().len(), 6, "Esc leaves all as it was");
    session.keys("a type:unifiedloyaltyloyalty_id enter");
    assert_eq!(session.app.overlays().len(), 0);
    assert_eq!(page(&session).columns.list().last().unwrap().pick, RowPick::Only);
}

#[test]
fn a_cell_a_row_and_a_column_are_copied() {
    let mut session = everybody();
    session.keys("l y").sees("sent ");
    let name = value(&session).unwrap().to_owned();
    assert_eq!(copied(&session), name);
    session.keys("Y");
    let lines: Vec<Vec<&str>> = copied(&session).lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines[0][..3], ["amperity_id", "given_name", "surname"]);
    assert_eq!((lines[1][0], lines[1][1], lines.len()), (ids(&session)[0], name.as_str(), 2));
    session.keys("0 / type:smith enter c");
    let matches = page(&session).rows.matches();
    let lines: Vec<&str> = copied(&session).lines().collect();
    assert_eq!(lines.len(), matches);
    assert_eq!(lines[..3], ids(&session)[..3]);
    let mut session = by_hand();
    answer(&mut session, 1_000_000, numbered);
    session.keys("c").sees("1,000,000 values are too many for a terminal's clipboard");
}

#[test]
fn the_page_follows_edits() {
    let mut session =
        Session::editing_with(&document_of("NY"), Setup { databases: vec![demo_folder()], ..Setup::small() });
    session.keys("v 4");
    let before = page(&session).rows.window().unwrap().members;
    session
        .sees_no("not saved")
        .keys("e j j space")
        .sees("● edited")
        .keys("v 4")
        .sees("as edited, not saved");
    let after = page(&session).rows.window().unwrap().members;
    assert!(before > 0 && after > before, "{before}, then {after}");
    assert_eq!(after as u64, session.members());
    let mut session = Session::editing_with(
        &document_of("Nowhere"),
        Setup { databases: vec![demo_folder()], ..Setup::small() },
    );
    session.keys("v 4").sees("Nobody is in this segment").keys("x").sees("nobody is in this segment");
    session.keys("y c i").keys("j G s /").sees("0 customers");
}

/// Those who live in a state.
pub fn document_of(state: &str) -> segtui::segment::Segment {
    let mut json: serde_json::Value = serde_json::from_str(&document().to_json()).unwrap();
    json["database"] = "Customer_360".into();
    json["include"]["of"] = serde_json::json!([{"match": "all", "of": [
        {"attribute": {"table": "Customer_360", "column": "state"}, "op": "is_exactly", "value": state},
    ]}]);
    json["exclude"]["of"] = serde_json::json!([]);
    segtui::segment::Segment::from_json(&json.to_string()).unwrap()
}

#[test]
fn what_is_shown_is_exported() {
    let mut session = everybody();
    let file = session.root().join("found.csv");
    session.keys("l l s / type:smith enter x").sees("Export to a file").sees("CSV with a header line");
    session.keys(&format!("ctrl-u type:{}", file.display())).sees("found with “smith”").keys("enter");
    let matches = page(&session).rows.matches();
    session.sees(&format!("{matches} rows are in"));
    let text = fs::read_to_string(&file).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("amperity_id,given_name,surname,email,city,state,postal"));
    let exported: Vec<&str> = lines.map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(exported.len(), matches);
    let shown = ids(&session);
    assert_eq!(exported[..shown.len()], shown[..]);

    // What is there is asked about; the folder is where it was.
    session.keys("x ctrl-u type:found.csv").sees("you will be asked").keys("tab right enter");
    session.sees("found.csv is there already").sees("lose what is in it");
    session.keys("esc").sees("8,000 customers, the id alone").sees("found.csv").keys("enter");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    session.keys("k").sees("Export to a file").keys("esc");
    assert!(session.app.overlays().is_empty());
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    session.keys("x ctrl-u type:found.csv tab right").sees("8,000 customers, the id alone").keys("enter r");
    session.sees("8,000 rows are in");
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 8_001);
}

#[test]
fn the_form_of_an_export_says_what_is_missing() {
    let mut session = everybody();
    fs::create_dir_all(session.root().join("home/lists")).unwrap();
    session.keys("x ctrl-u type:~/").sees("type the name of a file").sees("lists/");
    session.keys("down enter type:all").sees("end the name with .csv").keys("enter");
    assert!(matches!(session.overlay(), Some(Overlay::Export(_))));
    session.keys("type:.jsonl.zst").sees("JSON, an object a line, compressed by zstd");
    session
        .keys("ctrl-a ctrl-u type:birthdate down up space enter")
        .sees("the id and 7 columns")
        .keys("enter");
    session.sees("8,000 rows are in");
    assert!(session.root().join("home/lists/all.jsonl.zst").exists());
    session.keys("x ctrl-u type:~/no/where.csv enter");
    assert!(session.app.messages().fresh().unwrap().text.contains("is not written"));

    let mut session = Setup { read_only: true, ..Setup::demo() }.start();
    session.keys("n v 4 x").sees("nothing is exported in read-only mode");
    assert!(session.app.overlays().is_empty());
}

#[test]
fn one_goes_on_while_an_export_is_under_way() {
    let mut session = everybody();
    let file = session.root().join("all.parquet");
    session.hold_back(|effect| matches!(effect, Effect::Export { .. } | Effect::CancelExport));
    session.keys(&format!("x ctrl-u type:{} enter", file.display())).sees("exporting …");
    session.event(Event::ExportProgress { file: file.clone(), rows: 2_000, total: Some(8_000) });
    session.sees("exporting 25 % of 8,000").keys("j j");
    assert_eq!(page(&session).row, 2);
    session.keys("x").sees("an export is under way");
    session.keys("q").sees("An export is under way").keys("g");
    assert!(!session.app.has_ended());
    session.keys("ctrl-x").sees("cancelling the export");
    assert_eq!(session.effects.last(), Some(&Effect::CancelExport));
    let cancelled = Err(segtui::app::event::ExportFailure::Cancelled);
    session.event(Event::Exported { file: file.clone(), result: cancelled });
    session.sees("the export was cancelled").sees_no("cancelling");
    session.keys("ctrl-x").sees("no export is under way");
    session.keys(&format!("x ctrl-u type:{} enter q q", file.display()));
    assert!(session.app.has_ended());
    let ends = [&Effect::CancelExport, &Effect::Quit];
    assert_eq!(session.effects.iter().rev().take(2).rev().collect::<Vec<_>>(), ends);
}

/// Values that would break lines, columns or terminals.
pub fn hostile(number: usize, question: &ListCustomers) -> TextRow {
    const VALUES: [Option<&str>; 14] = [
        None,
        Some("NULL"),
        Some(""),
        Some("   "),
        Some(" a b "),
        Some("\u{1b}[2J\u{1b}]0;owned\u{7}"),
        Some("one\r\ntwo\tthree"),
        Some("日本語のとても長い名前で列に入らないもの"),
        Some("Zoe\u{308} e\u{301}\u{302}\u{303}"),
        Some("👩‍👩‍👧‍👦 👍🏽 🇳🇱"),
        Some("\u{202e}evil\u{202c} \u{200b}\u{9b}31m"),
        Some("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
        Some("-12345678901234567890.5"),
        Some("…"),
    ];
    let values = (0..question.columns.len()).map(|column| VALUES[(number + 3 * column) % VALUES.len()]);
    let values = values.map(|value| match value {
        Some("…") => Some("very long ".repeat(5_000)),
        value => value.map(str::to_owned),
    });
    std::iter::once(Some(format!("c{number:05}"))).chain(values).collect()
}

#[test]
fn hostile_values_keep_columns_aligned() {
    let mut session = by_hand();
    answer(&mut session, 40, hostile);
    for (columns, lines) in [(120, 36), (80, 24), (57, 20), (40, 12), (20, 8), (8, 4)] {
        session.resize(columns, lines);
        if !page(&session).rows.is_current() {
            answer(&mut session, 40, hostile);
        }
        for step in 0..28 {
            session.keys(if step % 4 == 3 { "l" } else { "j" });
            let screen = session.screen();
            assert!(!screen.contains(|letter: char| letter.is_control() && letter != '\n'), "{screen:?}");
            // The border stands in the last column of each line.
            if columns >= 40 && lines >= 12 {
                let body: Vec<&str> = screen.lines().skip(2).take(usize::from(lines) - 3).collect();
                for line in body {
                    assert_eq!(
                        unicode_width::UnicodeWidthStr::width(line),
                        usize::from(columns),
                        "{line:?}\n{screen}"
                    );
                }
            }
        }
        session.keys("g 0");
    }
}

#[test]
fn columns_of_the_same_name_are_told_apart() {
    let mut session = everybody();
    session.keys("a type:emailengagementattributesemail enter enter");
    let titles: Vec<&MemberColumn> = page(&session).columns.list().iter().collect();
    let named: Vec<&str> = titles.iter().map(|column| column.title.as_str()).collect();
    assert!(
        named.contains(&"Customer_360.email") && named.contains(&"Email_Engagement_Attributes.email"),
        "{named:?}"
    );
}

#[test]
fn a_blank_in_the_search_for_a_column_ticks_nothing() {
    let mut session = everybody();
    session.keys("a type:loyalty space type:id");
    assert_eq!(session.app.overlays().len(), 1);
    session.sees("loyalty id").sees_no("which row of several");
    let ticked = |session: &Session| match session.overlay() {
        Some(Overlay::Columns(columns)) => columns.ticked.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(ticked(&session), 6);
    session.keys("ctrl-u space");
    assert_ne!(ticked(&session), 6, "with nothing typed it ticks");
}
