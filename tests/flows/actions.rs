//! Every action of the table, pressed once where it applies, with what must come of it.

use segtui::app::action::{ACTIONS, Action};
use segtui::app::effect::Effect;
use segtui::app::layers::add::AddColumn;
use segtui::app::layers::editor::criteria::Cursor;
use segtui::app::layers::editor::state::Pane;
use segtui::app::layers::overlay::Overlay;
use segtui::app::layers::pages::breakdown::Breakdown;
use segtui::app::layers::pages::cards::CardKind;
use segtui::app::layers::pages::compare::Compare;
use segtui::app::layers::pages::customers::{Customers, Typing};
use segtui::app::layers::pages::explain::Explain;
use segtui::app::layers::pages::measure::Measure;
use segtui::app::layers::pages::{PageKind, Pages};
use segtui::app::layers::values::ValueOrder;
use segtui::app::{App, Screen};
use segtui::backend::{SortBy, TrendStep};
use segtui::segment::{NodePath, Segment, Side};
use segtui::sql::{DateStyle, Dialect};
use serde_json::{Value, json};

use super::harness::{Session, Setup, Shown, put, shown};
use super::summary;

type Check = fn(&Session, &App) -> bool;

/// Two sections with two conditions and one, and an exclusion.
pub fn document() -> Segment {
    let test = |column: &str, op: &str, value: Value| {
        let mut node = json!({"attribute": {"table": "Customer_360", "column": column}, "op": op});
        if !value.is_null() {
            node["value"] = value;
        }
        node
    };
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_given", "name": "Given", "status": "draft",
        "database": "nasty", "activation_id": "amperity_id", "revision": 3,
        "include": {"match": "all", "of": [
            {"match": "all", "of": [test("city", "is_not_null", Value::Null), test("points", "is_less_than", json!(500))]},
            {"match": "all", "of": [test("state", "is_in_list", json!(["IL", "OR", "ME"]))]},
        ]},
        "exclude": {"match": "any", "of": [{"match": "any", "of": [test("is_loyalty_member", "is_true", Value::Null)]}]},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn at(steps: &[usize]) -> Cursor {
    Cursor::Node(NodePath { side: Side::Include, steps: steps.to_vec() })
}

fn sql_of(app: &App) -> String {
    app.editor().unwrap().sql().unwrap().text()
}

fn sql(session: &Session) -> String {
    sql_of(&session.app)
}

fn cursor(session: &Session) -> &Cursor {
    &session.editor().criteria.cursor
}

fn top(app: &App) -> &Overlay {
    app.overlays().last().unwrap()
}

/// The page that is shown.
fn page(app: &App) -> Option<PageKind> {
    match app.screen() {
        Screen::Page(_, pages) => pages.shown,
        Screen::Home(_) | Screen::Editor(_) => None,
    }
}

fn pages(app: &App) -> &Pages {
    match app.screen() {
        Screen::Page(_, pages) => pages,
        other => panic!("{other:?}"),
    }
}

fn breakdown(app: &App) -> &Breakdown {
    &pages(app).breakdown
}

fn compare(app: &App) -> &Compare {
    &pages(app).compare
}

/// Two segments that are compared.
const COMPARED: &str = "S ctrl-u type:Copy enter enter 3 a type:given enter";
/// What they share.
const SHARED: &str = "S ctrl-u type:Copy enter enter 3 a type:given enter o";

/// The cards of the summary.
fn cards(app: &App) -> &[CardKind] {
    match app.screen() {
        Screen::Page(_, pages) => &pages.summary.cards,
        Screen::Home(_) | Screen::Editor(_) => &[],
    }
}

/// The page of explanations.
fn explain(app: &App) -> &Explain {
    &pages(app).explain
}

/// Two ids, none of which is a customer's.
const IDS: &str = "W paste:a\\nb";

/// The page of the members.
fn customers(app: &App) -> &Customers {
    match app.screen() {
        Screen::Page(_, pages) => &pages.customers,
        Screen::Home(_) | Screen::Editor(_) => panic!("no page is shown"),
    }
}

fn column_titles(app: &App) -> Vec<&str> {
    customers(app).columns.list().iter().map(|column| column.title.as_str()).collect()
}

/// The action, the keys to get where it applies, the key, and what is so afterwards. The second
/// argument of the check is the state before the key.
#[rustfmt::skip]
const SCRIPTS: &[(Action, &str, &str, Check)] = &[
    (Action::Up, "j j", "k", |s, before| *cursor(s) == at(&[0, 0]) && before.editor().unwrap().criteria.cursor == at(&[0, 1])),
    (Action::Down, "", "down", |s, _| *cursor(s) == at(&[0, 0])),
    (Action::PageUp, "G", "pageup", |s, _| *cursor(s) == Cursor::Side(Side::Include)),
    (Action::PageDown, "g", "ctrl-f", |s, _| *cursor(s) == Cursor::Add(Side::Exclude)),
    (Action::Top, "G", "home", |s, _| *cursor(s) == Cursor::Side(Side::Include)),
    (Action::Bottom, "", "end", |s, _| *cursor(s) == Cursor::Add(Side::Exclude)),
    (Action::Left, "j", "h h", |s, _| *cursor(s) == at(&[0]) && s.editor().criteria.folded.len() == 1),
    (Action::Right, "h", "l", |s, before| s.editor().criteria.folded.is_empty() && before.editor().unwrap().criteria.folded.len() == 1),
    (Action::NextPane, "", "tab", |s, _| s.editor().pane == Pane::Insights),
    (Action::PreviousPane, "", "shift-tab", |s, _| s.editor().pane == Pane::Tables),
    (Action::FocusTables, "", "1", |s, _| s.editor().pane == Pane::Tables),
    (Action::FocusCriteria, "1", "2", |s, _| s.editor().pane == Pane::Criteria),
    (Action::FocusInsights, "", "3", |s, _| s.editor().pane == Pane::Insights),
    (Action::Find, "", "/", |s, _| s.editor().tables.finding && s.editor().pane == Pane::Tables),
    (Action::ChooseColumns, "v 4", "a", |s, _| matches!(top(&s.app), Overlay::Columns(columns) if columns.ticked.len() == 6)),
    (Action::ChooseColumns, "v 4 x", "ctrl-a", |s, _| matches!(top(&s.app), Overlay::Columns(columns) if columns.ticked.len() == 6)),
    (Action::RemoveColumn, "v 4 l l", "d", |s, _| column_titles(&s.app) == ["given_name", "email", "city", "state", "postal"]),
    (Action::FirstColumn, "v 4 l l", "0", |s, before| customers(&s.app).column == 0 && customers(before).column == 2),
    (Action::LastColumn, "v 4", "end", |s, _| customers(&s.app).column == 6),
    (Action::MoveColumnLeft, "v 4 l l", "H", |s, _| customers(&s.app).column == 1 && column_titles(&s.app).starts_with(&["surname", "given_name", "email"])),
    (Action::MoveColumnRight, "v 4 l l", "alt-right", |s, _| customers(&s.app).column == 3 && column_titles(&s.app).starts_with(&["given_name", "email", "surname"])),
    (Action::SortColumn, "v 4 l l", "s", |s, _| customers(&s.app).columns.sort() == Some(SortBy { column: 2, is_descending: false }) && customers(&s.app).rows.is_current()),
    (Action::JumpToId, "v 4", "i", |s, _| matches!(customers(&s.app).typing, Some(Typing::Id(_)))),
    (Action::FreezeId, "v 4", "f", |s, before| !customers(&s.app).is_frozen && customers(before).is_frozen),
    (Action::CopyCell, "v 4", "y", |s, _| s.effects.last() == Some(&Effect::Copy(customers(&s.app).value().unwrap().unwrap().to_owned()))),
    (Action::CopyRow, "v 4", "Y", |s, _| matches!(s.effects.last(), Some(Effect::Copy(text)) if text.starts_with("amperity_id\tgiven_name\t") && text.lines().count() == 2)),
    (Action::CopyColumn, "v 4", "c", |s, _| matches!(s.effects.last(), Some(Effect::Copy(text)) if text.lines().count() as u64 == s.members())),
    (Action::Export, "v 4", "x", |s, _| matches!(top(&s.app), Overlay::Export(form) if form.path.text().ends_with("Given.csv"))),
    (Action::CancelExport, "v 4 x ctrl-u type:odd.csv", "ctrl-a esc esc ctrl-x", |s, _| s.app.messages().fresh().unwrap().text == "no export is under way"),
    (Action::Add, "", "a", |s, _| matches!(top(&s.app), Overlay::Add(_))),
    (Action::QuickAdd, "j j j", "i type:\"city = Chicago\" enter", |s, _| s.shape().starts_with("ALL(ALL(city points) ALL(state city)") && s.app.overlays().is_empty()),
    (Action::QuickEdit, "j j", "w", |s, _| matches!(top(&s.app), Overlay::QuickAdd(line) if line.line.text() == "Customer 360: Points is less than 500")),
    (Action::Complete, "i type:\"customer 360: birthd\"", "tab", |s, _| matches!(top(&s.app), Overlay::QuickAdd(line) if line.line.text() == "customer 360: Birthdate ")),
    (Action::AcceptMore, "j i type:\"points > 5\"", "alt-enter", |s, _| s.shape().starts_with("ALL(ALL(city points points)") && matches!(top(&s.app), Overlay::QuickAdd(line) if line.line.text().is_empty())),
    (Action::AddSection, "", "A", |s, _| s.shape() == "ALL(ALL(city points) ALL() ALL(state)) - ANY(ANY(is_loyalty_member))"),
    (Action::AddExclusion, "", "x type:360 enter type:city enter type:null enter", |s, _| s.shape().ends_with("- ANY(ANY(is_loyalty_member city))")),
    (Action::Edit, "j j", "e", |s, _| matches!(top(&s.app), Overlay::ValueEntry(entry) if entry.fields[0].text() == "500")),
    (Action::EditOperator, "j", "o", |s, _| matches!(top(&s.app), Overlay::Choose(_))),
    (Action::Change, "j", "c type:state enter enter enter", |s, _| s.shape().starts_with("ALL(ALL(state points)")),
    (Action::ToggleOff, "j", "space", |s, _| s.shape().starts_with("ALL(ALL(!city points)")),
    (Action::ToggleMatch, "j", "&", |s, _| s.shape().starts_with("ALL(ANY(city points)")),
    (Action::Delete, "j", "d", |s, _| s.shape().starts_with("ALL(ALL(points)") && *cursor(s) == at(&[0, 0])),
    (Action::Duplicate, "j", "y", |s, _| s.shape().starts_with("ALL(ALL(city city points)") && *cursor(s) == at(&[0, 1])),
    (Action::MoveUp, "j j", "K", |s, _| s.shape().starts_with("ALL(ALL(points city)") && *cursor(s) == at(&[0, 0])),
    (Action::MoveDown, "j", "alt-down", |s, _| s.shape().starts_with("ALL(ALL(points city)") && *cursor(s) == at(&[0, 1])),
    (Action::Nest, "j", ">", |s, _| s.shape().starts_with("ALL(ALL(ANY(city) points)")),
    (Action::AddNulls, "j j o type:\"is not\" enter", "N", |s, _| s.shape().starts_with("ALL(ALL(city ANY(points points))") && *cursor(s) == at(&[0, 1, 0])),
    (Action::Unnest, "j >", "<", |s, _| s.shape().starts_with("ALL(ALL(city points)")),
    (Action::OtherSide, "j", "X", |s, _| s.shape() == "ALL(ALL(points) ALL(state)) - ANY(ANY(is_loyalty_member city))"),
    (Action::TypeSql, "C y", "e type:x", |s, before| s.editor().is_typing() && sql(s) == format!("x{}", sql_of(before))),
    (Action::Complete, "C y e", "tab", |s, before| sql(s) == format!("    {}", sql_of(before))),
    (Action::Undo, "j d", "u", |s, _| s.segment().definition == document().definition),
    (Action::Redo, "j d u", "ctrl-r", |s, _| s.shape().starts_with("ALL(ALL(points)")),
    (Action::New, "", "ctrl-n", |s, _| s.segment().revision == 0 && s.shape() == "ALL(ALL()) - ANY()"),
    (Action::NewSql, "esc", "N", |s, _| s.segment().revision == 0 && sql(s) == "SELECT amperity_id\nFROM Customer_360" && s.editor().is_typing()),
    (Action::ConvertToSql, "", "C y", |s, _| sql(s).contains("-- City is not null")),
    (Action::Open, "esc", "enter", |s, before| shown(before) == Shown::Home && s.segment().name == "Given"),
    (Action::EditSegment, "v", "e", |s, _| s.shown() == Shown::Editor),
    (Action::Segments, "", "ctrl-o", |s, _| s.shown() == Shown::Home && s.app.editor().is_none()),
    (Action::Drafts, "j d esc k", "E enter", |s, before| before.editor().is_none() && s.shape().starts_with("ALL(ALL(points)") && s.editor().is_edited()),
    (Action::Save, "j d", "s", |s, _| s.saved("Given").unwrap().0.revision == 4 && s.shown() == Shown::Overview),
    (Action::SaveAs, "", "S ctrl-u type:Copy enter enter", |s, _| s.saved("Copy").unwrap().0.id != "seg_given" && s.saved("Given").unwrap().0.revision == 3),
    (Action::Rename, "", "R ctrl-u type:Other enter", |s, _| s.saved("Other").unwrap().0.id == "seg_given" && s.segment().name == "Other"),
    (Action::Overview, "", "v", |s, _| s.shown() == Shown::Overview),
    (Action::ShowDifferences, "j d", "V", |s, _| matches!(top(&s.app), Overlay::Differences(layer) if layer.pick.found().len() == 1)),
    (Action::OpenCard, "v j j", "enter", |s, _| matches!(top(&s.app), Overlay::CardView(view) if view.table.is_some())),
    (Action::CopyCard, "v j j", "y", |s, _| matches!(s.effects.last(), Some(Effect::Copy(text)) if text.starts_with("figure\tsegment\tall\n"))),
    (Action::CardSql, "v j j", "Q", |s, _| matches!(top(&s.app), Overlay::SqlView(view) if view.card.is_some() && view.is_current())),
    (Action::HideCard, "v j j", "x", |s, before| cards(before).contains(&CardKind::RevenueTree) && !cards(&s.app).contains(&CardKind::RevenueTree)),
    (Action::ShowCards, "v", "X", |s, _| matches!(top(&s.app), Overlay::CardList(_))),
    (Action::MoveCardUp, "v j j", "K", |s, _| cards(&s.app)[1..3] == [CardKind::RevenueTree, CardKind::Insights]),
    (Action::MoveCardDown, "v j", "alt-down", |s, _| cards(&s.app)[1..3] == [CardKind::RevenueTree, CardKind::Insights]),
    (Action::NextStep, "v", "t", |s, _| summary::page(s).step == TrendStep::Quarter),
    (Action::AddMetric, "v", "a type:Rows tab tab enter type:\"360: its\" enter ctrl-s", |s, _| s.app.overlays().is_empty() && matches!(cards(&s.app), [.., CardKind::Metric(metric)] if metric.name == "Rows")),
    (Action::ChangeMetric, "v a type:Rows tab tab enter type:\"360: its\" enter ctrl-s G", "c type:2 ctrl-s", |s, _| matches!(cards(&s.app), [.., CardKind::Metric(metric)] if metric.name == "Rows2")),
    (Action::DeleteMetric, "v a type:Rows tab tab enter type:\"360: its\" enter ctrl-s G", "d y", |s, _| !matches!(cards(&s.app), [.., CardKind::Metric(_)])),
    (Action::NextPage, "v", "tab", |s, _| page(&s.app) == Some(PageKind::Breakdown)),
    (Action::PreviousPage, "v", "shift-tab", |s, _| page(&s.app) == Some(PageKind::Explain)),
    (Action::ShowSummary, "v 2", "1", |s, before| page(&s.app) == Some(PageKind::Summary) && page(before) == Some(PageKind::Breakdown)),
    (Action::ShowBreakdown, "v", "2", |s, _| page(&s.app) == Some(PageKind::Breakdown)),
    (Action::ShowCompare, "v", "3", |s, _| page(&s.app) == Some(PageKind::Compare)),
    (Action::ShowCustomers, "v", "4", |s, _| page(&s.app) == Some(PageKind::Customers)),
    (Action::ShowExplain, "v", "5", |s, _| page(&s.app) == Some(PageKind::Explain) && explain(&s.app).entry.is_typing),
    (Action::Explain, "", "W", |s, _| page(&s.app) == Some(PageKind::Explain)),
    (Action::Explain, "v 4", "w", |s, before| page(&s.app) == Some(PageKind::Explain) && explain(&s.app).current_id() == customers(before).value().unwrap()),
    (Action::OpenExplained, "v 4 w down down down", "enter", |s, _| s.shown() == Shown::Editor && !s.app.overlays().is_empty()),
    (Action::NextCustomer, IDS, "n", |s, before| explain(&s.app).row == 1 && explain(before).row == 0),
    (Action::PreviousCustomer, "W paste:a\\nb enter n", "[", |s, before| explain(&s.app).current_id() == Some("a") && explain(before).current_id() == Some("b")),
    (Action::ReasonsDown, "v 4 w", "J", |s, _| explain(&s.app).scroll == 1),
    (Action::ReasonsUp, "v 4 w J J", "alt-up", |s, _| explain(&s.app).scroll == 1),
    (Action::PinCustomer, "v 4 w e", "p", |s, before| s.screen().contains("does not stay beside") && shown(before) == Shown::Editor),
    (Action::CopyExplanation, "v 4 w", "y", |s, _| matches!(s.effects.last(), Some(Effect::Copy(text)) if text.contains(": MEMBER of Given as of "))),
    (Action::WriteCase, "v 4 w", "x", |s, before| super::cases::questions(&s.effects).last().is_some_and(|(question, _)| question.ids == [explain(before).current_id().unwrap()])),
    (Action::WriteCase, "v 4", "X", |s, before| super::cases::questions(&s.effects).last().is_some_and(|(question, _)| question.ids == [customers(before).value().unwrap().unwrap()])),
    (Action::ChooseAttributes, "v 2 d", "a type:points enter", |s, _| breakdown(&s.app).attributes[5].column == "points"),
    (Action::RemoveAttribute, "v 2", "d", |s, before| breakdown(&s.app).attributes == breakdown(before).attributes[1..]),
    (Action::ResetAttributes, "v 2 d", "0", |s, before| breakdown(&s.app).attributes.len() == breakdown(before).attributes.len() + 1),
    (Action::NextMeasure, "v 2", "m", |s, _| breakdown(&s.app).measure == Measure::Revenue),
    (Action::ChooseDays, "v 2", "t", |s, _| matches!(top(&s.app), Overlay::Days(_))),
    (Action::ChooseDays, "v 3", "t", |s, _| matches!(top(&s.app), Overlay::Days(_))),
    (Action::OpenCard, "v 2", "o", |s, _| breakdown(&s.app).is_open),
    (Action::CopyCard, "v 2", "y", |s, _| matches!(s.effects.last(), Some(Effect::Copy(text)) if text.starts_with("predicted_customer_lifecycle_status\tpurchasers"))),
    (Action::CopyCard, "v 3", "y", |s, _| matches!(s.effects.last(), Some(Effect::Copy(text)) if text.starts_with("\tGiven\tall\n"))),
    (Action::CardSql, "v 2", "Q", |s, _| matches!(top(&s.app), Overlay::SqlView(view) if view.card.is_some())),
    (Action::CardSql, "v 3", "Q", |s, _| matches!(top(&s.app), Overlay::SqlView(view) if view.card.is_some())),
    (Action::NewFromValue, "v 2", "enter", |s, _| s.shape() == "ALL(ALL(+seg_given predicted_customer_lifecycle_status)) - ANY()"),
    (Action::AddCompared, "S ctrl-u type:Copy enter enter 3", "a type:given enter", |s, _| compare(&s.app).others.len() == 1),
    (Action::RemoveCompared, COMPARED, "d", |s, before| compare(&s.app).others.is_empty() && !compare(before).others.is_empty()),
    (Action::NextBaseline, COMPARED, "b", |s, _| compare(&s.app).baseline == 1),
    (Action::ToggleOverlaps, COMPARED, "o", |s, _| compare(&s.app).overlaps.is_shown),
    (Action::TickRegion, SHARED, "space", |s, _| compare(&s.app).overlaps.ticked.len() == 1),
    (Action::NewIntersection, SHARED, "i", |s, _| matches!(top(&s.app), Overlay::Confirm(_))),
    (Action::NewUnion, SHARED, "u", |s, _| matches!(top(&s.app), Overlay::Confirm(_))),
    (Action::Explore, "", "P", |s, _| matches!(top(&s.app), Overlay::Explorer(_))),
    (Action::Explore, "i", "f2", |s, _| matches!(top(&s.app), Overlay::Explorer(_))),
    (Action::UseValue, "/ type:city enter j f2 enter", "enter", |s, _| s.app.overlays().is_empty() && s.shape().starts_with("ALL(ALL(city points city) ALL(state)")),
    (Action::OtherSample, "P", "s", |s, before| matches!((top(&s.app), top(before)), (Overlay::Explorer(after), Overlay::Explorer(before)) if after.sample.rows() != before.sample.rows())),
    (Action::CopyCell, "P j", "y", |s, _| matches!((s.effects.last(), top(&s.app)), (Some(Effect::Copy(text)), Overlay::Explorer(explorer)) if Some(text.as_str()) == explorer.tables.current())),
    (Action::Recount, "", "r", |s, _| matches!(s.effects.as_slice(), [.., Effect::Evaluate { .. }, Effect::Advise { .. }])),
    (Action::ShowSql, "", "Q", |s, _| matches!(top(&s.app), Overlay::SqlView(view) if view.is_current() && view.sql().is_some())),
    (Action::NextDialect, "Q", "tab", |s, _| matches!(top(&s.app), Overlay::SqlView(view) if view.dialect == Dialect::Trino && view.is_current())),
    (Action::PreviousDialect, "Q", "shift-tab", |s, _| matches!(top(&s.app), Overlay::SqlView(view) if view.dialect == Dialect::Embedded && view.is_current())),
    (Action::CopyLines, "D type:data enter y I type:household enter 1 j enter", "y", |s, _| matches!(s.effects.last(), Some(Effect::Copy(text)) if text.starts_with("[tables.Customer_Attributes]\nid = { household_id = "))),
    (Action::ToggleDates, "Q", "r", |s, _| matches!(top(&s.app), Overlay::SqlView(view) if view.dates == DateStyle::Relative && view.is_current())),
    (Action::CopySql, "Q", "y", |s, _| matches!(s.effects.last(), Some(Effect::Copy(text)) if text.starts_with("-- Given\n"))),
    (Action::Reload, "esc", "r", |s, before| s.effects.iter().filter(|effect| **effect == Effect::ListSegments).count() == 3 && shown(before) == Shown::Home),
    (Action::SwitchDatabase, "", "D", |s, _| matches!(top(&s.app), Overlay::Choose(_))),
    (Action::SwitchId, "", "I", |s, _| matches!(top(&s.app), Overlay::Choose(_))),
    (Action::SetDay, "", "@", |s, _| matches!(top(&s.app), Overlay::Day(_))),
    (Action::SetDay, "v", "@", |s, _| matches!(top(&s.app), Overlay::Day(_))),
    (Action::SetDay, "esc", "@", |s, _| matches!(top(&s.app), Overlay::Day(_))),
    (Action::ResetDay, "@ type:yesterday enter", "=", |s, before| before.as_of() != before.data_day() && s.app.as_of() == s.app.data_day()),
    (Action::Help, "", "?", |s, _| matches!(top(&s.app), Overlay::Commands(_))),
    (Action::Palette, "", ":", |s, _| matches!(top(&s.app), Overlay::Commands(_))),
    (Action::Messages, "", "M", |s, _| matches!(top(&s.app), Overlay::Messages(messages) if messages.scroll == 0)),
    (Action::Theme, "", "ctrl-t", |s, _| matches!(top(&s.app), Overlay::Choose(_)) && s.app.theme() == "dark"),
    (Action::Suspend, "", "ctrl-z", |s, _| s.effects.last() == Some(&Effect::Suspend)),
    (Action::Suspend, "i type:ci", "ctrl-z", |s, _| s.effects.last() == Some(&Effect::Suspend) && matches!(top(&s.app), Overlay::QuickAdd(line) if line.line.text() == "ci")),
    (Action::Suspend, "?", "ctrl-z", |s, _| s.effects.last() == Some(&Effect::Suspend)),
    (Action::Quit, "", "q", |s, _| s.app.has_ended() && s.effects.last() == Some(&Effect::Quit)),
    (Action::Accept, "j j e ctrl-u type:7", "enter", |s, _| s.app.overlays().is_empty() && s.segment().to_json().contains("\"value\": 7")),
    (Action::Tick, "j j j j e", "space", |s, _| matches!(top(&s.app), Overlay::Values(values) if values.ticked().len() != 3)),
    (Action::TickAll, "j j j j e", "ctrl-a", |s, _| matches!(top(&s.app), Overlay::Values(values) if values.rows().iter().all(|row| values.is_ticked(&row.value)))),
    (Action::SortValues, "j j j j e", "ctrl-t", |s, _| matches!(top(&s.app), Overlay::Values(values) if values.order == ValueOrder::ByName && values.rows().is_sorted_by_key(|row| row.value.to_lowercase()))),
    (Action::ToggleCase, "j j j j e", "alt-c", |s, _| matches!(top(&s.app), Overlay::Values(values) if values.match_case)),
    (Action::TickNext, "a type:city enter type:\"is exactly\" enter", "tab", |s, _| matches!(top(&s.app), Overlay::Values(values) if values.ticked().len() == 1)),
    (Action::ToggleEnds, "a type:360 enter type:points enter type:between enter", "alt-e", |s, _| matches!(top(&s.app), Overlay::ValueEntry(entry) if entry.inclusive)),
    (Action::SplitPaste, "j j j j e paste:a,b", "s", |s, before| matches!((top(&s.app), top(before)), (Overlay::Paste(after), Overlay::Paste(before)) if after.values == ["a,b".into()] && before.values == ["a".into(), "b".into()])),
    (Action::ToggleHidden, "a type:\"customer lists\" enter type:files enter enter type:upload enter", "alt-h", |s, _| matches!(top(&s.app), Overlay::Browse(browse) if browse.hidden)),
    (Action::AddFilter, "j", "f type:state enter type:\"is null\" enter", |s, _| *cursor(s) == Cursor::Filter(NodePath { side: Side::Include, steps: vec![0, 0] }, 0)),
    (Action::AddFilter, "a type:behav enter enter enter", "ctrl-a", |s, _| matches!(top(&s.app), Overlay::Add(add) if add.focus == AddColumn::Subject)),
    (Action::DeleteFilter, "a type:behav enter enter enter ctrl-a type:category enter type:\"is null\" enter up up", "ctrl-d",
        |s, before| matches!((top(&s.app), top(before)), (Overlay::Purchase(after), Overlay::Purchase(before)) if after.filters.is_empty() && before.filters.len() == 1)),
    (Action::Apply, "a type:behav enter enter enter", "ctrl-s", |s, _| s.app.overlays().is_empty() && s.shape().contains("has_purchased")),
    (Action::ShowTests, "", "T", |s, _| matches!(top(&s.app), Overlay::TestList(_))),
    (Action::ShowTests, "v", "T", |s, _| matches!(top(&s.app), Overlay::TestList(_))),
    (Action::AddTest, "T", "a type:\"every line\" enter", |s, _| s.segment().tests.len() == 1 && matches!(top(&s.app), Overlay::TestList(_))),
    (Action::EditTest, "T a type:\"number of members\" enter type:5 enter", "e ctrl-u type:6 enter", |s, before| *s.segment().tests.json().unwrap() == serde_json::json!([{"size": [6, null]}]) && before.editor().unwrap().segment().tests.len() == 1),
    (Action::DeleteTest, "T a type:\"every line\" enter", "d", |s, before| s.segment().tests.json().is_none() && before.editor().unwrap().segment().tests.len() == 1),
    (Action::RemoveId, "T a type:\"ids are in\" enter type:one enter type:two enter", "ctrl-d", |s, _| matches!(top(&s.app), Overlay::TestForm(form) if form.ids == ["one"])),
    (Action::RunTests, "T a type:\"every line\" enter esc s ctrl-o", "T", |s, _| matches!(s.effects.last(), Some(Effect::TestSegments { segments, .. }) if segments.len() == 1) && s.screen().contains("✗ 1/1")),
    (Action::NextField, "S", "tab", |s, _| matches!(top(&s.app), Overlay::SaveAs(form) if form.in_folder)),
    (Action::PreviousField, "S tab", "shift-tab", |s, _| matches!(top(&s.app), Overlay::SaveAs(form) if !form.in_folder)),
    (Action::Back, "a enter", "esc", |s, _| matches!(top(&s.app), Overlay::Add(add) if add.focus == AddColumn::Source)),
];

#[test]
fn every_action_does_what_it_says() {
    let folders = vec![super::harness::conformance_folder(), super::harness::demo_folder()];
    for info in ACTIONS {
        let scripts: Vec<_> = SCRIPTS.iter().filter(|(action, ..)| *action == info.action).collect();
        assert!(!scripts.is_empty(), "no script presses {}", info.name);
        for (action, before, key, check) in scripts {
            let setup = Setup { databases: folders.clone(), ..Setup::small() };
            let mut session = Session::editing_with(&document(), setup);
            session.keys(before);
            let state = session.app.clone();
            session.pressed.clear();
            session.keys(key);
            assert!(session.pressed.contains(action), "{key} is not {} after {before:?}", info.name);
            assert!(
                check(&session, &state),
                "{} by {key} after {before:?}:\n{}",
                info.name,
                session.screen()
            );
        }
    }
}

#[test]
fn the_palette_does_what_keys_do() {
    let mut session = Session::editing(&document());
    session.keys("j : type:duplicate enter");
    assert!(session.shape().starts_with("ALL(ALL(city city points)"), "{}", session.shape());
    session.keys("? type:undo enter");
    assert!(session.shape().starts_with("ALL(ALL(city points)"));
    // What does not apply says why, and nothing closes.
    session.keys(": type:undo enter").sees("nothing to undo");
    assert!(matches!(session.overlay(), Some(Overlay::Commands(_))));
    session.keys("esc : type:frobnicate enter esc");
    assert!(session.app.overlays().is_empty());
}

#[test]
fn pasted_text_is_text_and_never_keys() {
    let mut session = Session::editing(&document());
    let before = session.app.editor().unwrap().segment().clone();
    session.keys("paste:ddddqX").sees("pasted text is taken where text is typed");
    assert_eq!(**session.editor().segment(), *before);
    session.keys("/ paste:\"loy\\nalty\"");
    assert_eq!(session.editor().tables.find.text(), "loy alty");
    session.keys("esc esc paste:n");
    assert!(session.app.editor().is_none(), "at home the editor is closed, and stays so");
    session.keys("/ paste:Giv enter");
    assert_eq!(session.segment().name, "Given");
    session.keys("v q");
    assert!(session.app.has_ended());
}

#[test]
fn a_damaged_file_is_shown_and_kept() {
    let session = Setup { size: (200, 50), ..Setup::small() }.start();
    let path = session.root().join("workspace/segments/broken.segment.json");
    put(&path, "{ \"format\": ");
    let mut session = session.crash();
    session.sees("✗").sees("broken.segment.json").sees("line 1, column").sees("1 file cannot be read");
    session
        .sees("✗ ")
        .keys("enter")
        .sees("This file cannot be read and is left as it is")
        .sees("or take an older one");
    assert!(session.app.editor().is_none());
    session.keys("enter / type:brokn").sees("✗ broken.segment.json");
    session.keys("ctrl-u type:zzz").sees_no("broken.segment.json").keys("esc");
    assert!(session.app.overlays().is_empty());
    let told =
        session.app.messages().all().iter().filter(|message| message.text.contains("broken.segment.json"));
    assert_eq!(told.count(), 1);
    session.keys("n s type:Broken enter enter");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{ \"format\": ");
    assert_eq!(session.saved("Broken").unwrap().1.path.file_name().unwrap(), "broken-2.segment.json");
}
