//! What all pages do alike.

use std::sync::Arc;

use super::page::PageKind;
use crate::app::action::Action;
use crate::app::case_request::CaseRequest;
use crate::app::command::{After, Command};
use crate::app::layer::{Check, Cx, Outcome};
use crate::app::view::View;
use crate::backend::{MakeCase, Money};
use crate::workspace::Listing;

/// Whether an action is one that all pages take.
pub(super) fn check(action: Action) -> Check {
    match action {
        Action::EditSegment
        | Action::Overview
        | Action::Back
        | Action::NextPage
        | Action::PreviousPage
        | Action::ShowSummary
        | Action::ShowBreakdown
        | Action::ShowCompare
        | Action::ShowCustomers
        | Action::ShowExplain
        | Action::Explain => Check::Enabled,
        _ => Check::Pass,
    }
}

/// Notes the workspace as it is now; whether it is another one than when this was asked before.
pub(super) fn is_another_listing(known: &mut Option<Arc<Listing>>, cx: &Cx<'_>) -> bool {
    let now = cx.session.workspace().cloned();
    let is_same = match (&*known, &now) {
        (Some(before), Some(now)) => Arc::ptr_eq(before, now) || before == now,
        (before, now) => before.is_none() && now.is_none(),
    };
    // One that is equal is compared by its place the next time.
    let before = std::mem::replace(known, now);
    !is_same && before.is_some()
}

/// Does what an action says that all pages take alike.
pub(super) fn perform(action: Action, page: PageKind) -> Outcome {
    match action {
        Action::EditSegment => Outcome::close(),
        Action::Back => Outcome::ask(Command::Leave(After::Home)),
        Action::NextPage => Outcome::ask(Command::ShowPage(page.step(1))),
        Action::PreviousPage => Outcome::ask(Command::ShowPage(page.step(-1))),
        Action::Overview | Action::ShowSummary => Outcome::ask(Command::ShowPage(PageKind::Summary)),
        Action::ShowBreakdown => Outcome::ask(Command::ShowPage(PageKind::Breakdown)),
        Action::ShowCompare => Outcome::ask(Command::ShowPage(PageKind::Compare)),
        Action::ShowCustomers => Outcome::ask(Command::ShowPage(PageKind::Customers)),
        Action::ShowExplain | Action::Explain => Outcome::ask(Command::ShowPage(PageKind::Explain)),
        _ => Outcome::stay(),
    }
}

/// Whether a case can be written, of whom there is somebody.
pub(super) fn check_case(has_ids: bool, nobody: &str, view: View<'_>) -> Check {
    if view.session.read_only {
        return Check::Disabled("no case is written in read-only mode".to_owned());
    }
    match view.session.no_database_reason() {
        Some(reason) => Check::Disabled(reason),
        None => Check::only_if(has_ids, nobody),
    }
}

/// Has a case of these customers written.
pub(super) fn write_case(ids: Vec<String>, cx: &Cx<'_>) -> Outcome {
    let Some(segment) = cx.segment.clone().filter(|_| !ids.is_empty()) else { return Outcome::stay() };
    let question = MakeCase { segment, as_of: cx.session.as_of(), ids, hide: Vec::new() };
    Outcome::ask(Command::WriteCase(Box::new(CaseRequest { question, file: None }), false))
}

/// An amount with its cents, for other programs.
pub(super) fn plain_money(amount: Money) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let cents = amount.0.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}
