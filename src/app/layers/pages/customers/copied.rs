//! Values on their way to the clipboard: a cell, a row, or a whole column, which is asked for first.

use crate::app::copying::{MOST, copy};
use crate::app::event::{Event, SegmentFailure};
use crate::app::layer::Cx;
use crate::app::number::whole;
use crate::app::session::Session;
use crate::backend::{CustomerWindow, ListCustomers, PageAnswer, PageQuestion, WindowStart};

/// The most values of a column: more do not fit into a terminal's clipboard.
const VALUES: usize = 100_000;
/// What can be done where there are more.
const INSTEAD: &str = "export them to a file (x)";

/// Copies a value; `None` is NULL.
pub(super) fn copy_value(value: Option<&str>, session: &mut Session) {
    match value {
        Some(value) => copy(value.to_owned(), INSTEAD, session),
        None => session.note("this is NULL: there is no value to copy"),
    }
}

/// Copies the titles and the values of a row as two lines with tabs, as spreadsheets take them.
pub(super) fn copy_row(window: &CustomerWindow, row: &[Option<String>], session: &mut Session) {
    let titles: Vec<String> = window.titles.iter().map(|title| one_line(title)).collect();
    let values: Vec<String> = row.iter().map(|value| one_line(value.as_deref().unwrap_or(""))).collect();
    copy(format!("{}\n{}\n", titles.join("\t"), values.join("\t")), INSTEAD, session);
}

/// A column that is being copied.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    request: u64,
    /// Its position in the answer.
    column: usize,
}

impl Copied {
    /// Asks for all values of a column of so many members.
    pub(super) fn ask(question: ListCustomers, column: usize, count: usize, cx: &mut Cx<'_>) -> Option<Self> {
        let (values, most) = (whole(count as u64), whole(VALUES as u64));
        if count > VALUES {
            cx.session.note(format!(
                "{values} values are too many for a terminal's clipboard (at most {most}): {INSTEAD}"
            ));
            return None;
        }
        let question = ListCustomers { start: WindowStart::Row(0), rows: VALUES, ..question };
        let request = cx.session.ask_page(PageQuestion::CopiedCustomers(question))?;
        cx.session.note(format!("copying {values} values …"));
        Some(Self { request, column })
    }

    /// Whether something is about it.
    pub(super) fn is_about(&self, event: &Event) -> bool {
        matches!(event, Event::PageProgress { request, .. } | Event::PageAnswered { request, .. } if *request == self.request)
    }

    /// Copies the values once they are there; whether it is done.
    pub(super) fn receive(&self, event: &Event, cx: &mut Cx<'_>) -> bool {
        let Event::PageAnswered { result, .. } = event else { return false };
        match result.as_deref() {
            Ok(PageAnswer::Customers(window)) => {
                let values = window.rows.iter().map(|row| row.get(self.column).and_then(Option::as_deref));
                copy_values(values, cx.session);
            }
            Ok(_) => {}
            Err(SegmentFailure::Other(failure)) => cx.session.notify(failure.clone().into()),
            Err(SegmentFailure::Refused(problem)) => {
                let said = cx.view().described(problem);
                cx.session.note(said);
            }
        }
        true
    }
}

/// Copies values, one a line.
fn copy_values<'a>(values: impl Iterator<Item = Option<&'a str>>, session: &mut Session) {
    let mut text = String::new();
    for value in values {
        text.push_str(&one_line(value.unwrap_or("")));
        text.push('\n');
        // The rest is not worth its memory.
        if text.len() > 2 * MOST {
            break;
        }
    }
    copy(text, INSTEAD, session);
}

/// A value without what would end its line or its cell.
fn one_line(value: &str) -> String {
    value.replace(['\t', '\r', '\n'], " ")
}
