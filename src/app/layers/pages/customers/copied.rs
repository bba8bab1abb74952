//! Values on their way to the clipboard: a cell, a row, or a whole column, which is asked for first.

use super::{Customers, counted};
use crate::app::copying::{MOST, copy};
use crate::app::event::{Event, SegmentFailure};
use crate::app::layer::Cx;
use crate::app::number::whole;
use crate::app::session::Session;
use crate::backend::{ListCustomers, PageAnswer, PageQuestion, WindowStart};

/// The most values of a column: more do not fit into a terminal's clipboard.
const VALUES: usize = 100_000;
/// What can be done where there are more.
const INSTEAD: &str = "export them to a file (x)";

/// A column that is being copied.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    request: u64,
    /// Its position in the answer.
    column: usize,
}

impl Customers {
    pub(super) fn copy_cell(&self, session: &mut Session) {
        match self.value() {
            Some(Some(value)) => copy(value.to_owned(), INSTEAD, session),
            Some(None) => session.note("this is NULL: there is no value to copy"),
            None => {}
        }
    }

    /// Copies the titles and the values of a row as two lines with tabs, as spreadsheets take them.
    pub(super) fn copy_row(&self, session: &mut Session) {
        let Some(window) = self.rows.window() else { return };
        let Some(row) = self.known_row() else { return };
        let titles: Vec<String> = window.titles.iter().map(|title| one_line(title)).collect();
        let values: Vec<String> = row.iter().map(|value| one_line(value.as_deref().unwrap_or(""))).collect();
        copy(format!("{}\n{}\n", titles.join("\t"), values.join("\t")), INSTEAD, session);
    }

    /// Asks for all values of the column at the cursor, to copy them.
    pub(super) fn copy_column(&mut self, cx: &mut Cx<'_>) {
        let count = self.rows.matches();
        if count > VALUES {
            let values = whole(count as u64);
            let most = whole(VALUES as u64);
            return cx.session.note(format!(
                "{values} values are too many for a terminal's clipboard (at most {most}): {INSTEAD}"
            ));
        }
        let Some(question) = self.question(cx) else { return };
        let question = ListCustomers { start: WindowStart::Row(0), rows: VALUES, ..question };
        let request = cx.session.ask_page(PageQuestion::CopiedCustomers(question));
        self.copied = request.map(|request| Copied { request, column: self.column });
        let of = counted(count, cx.view());
        cx.session.note(format!("copying the column of {of} …"));
    }

    /// Takes the values of a column; whether they were what was asked for.
    pub(super) fn take_copied(&mut self, event: &Event, cx: &mut Cx<'_>) -> bool {
        let request = self.copied.as_ref().map(|copied| copied.request);
        match event {
            Event::PageProgress { request: of, .. } => Some(*of) == request,
            Event::PageAnswered { request: of, result } if Some(*of) == request => {
                let Some(Copied { column, .. }) = self.copied.take() else { return true };
                match result.as_deref() {
                    Ok(PageAnswer::Customers(window)) => {
                        let values = window.rows.iter().map(|row| row.get(column).and_then(Option::as_deref));
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
            _ => false,
        }
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
