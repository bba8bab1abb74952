//! A window of the members.

use super::{Listed, find_columns, list, values};
use crate::backend::{
    BackendError, CustomerWindow, ListCustomers, Task, TextRow, WindowStart, WrongConditions,
};
use crate::local::engine::Engine;
use crate::local::index::universe::CustomerIds;
use crate::local::refuse::{refuse_errors, refuse_what_is_no_tree};
use crate::local::sets::insights::InsightTables as _;

impl Engine {
    /// A window of the members with columns about them. Of a member with several rows, of which there should be one, it
    /// has the first: a page is not to fail for what one customer of many has.
    ///
    /// # Errors
    /// As of every question; [`BackendError::Missing`] if a table has no such column or activation ID.
    pub(crate) fn list_customers(
        &self,
        question: &ListCustomers,
        task: Task<'_>,
    ) -> Result<CustomerWindow, BackendError> {
        let ListCustomers { segment, columns, as_of, .. } = question;
        let refuse = |problems: &[_]| match question.wrong {
            WrongConditions::LeaveOut => refuse_what_is_no_tree(segment, problems),
            WrongConditions::Refuse => refuse_errors(problems),
        };
        self.answer(|| {
            let (checked, view) = self.prepare_with(columns, segment, *as_of, refuse, task.cancel)?;
            let members = view.sides(&checked)?.members(task.cancel)?;
            let found = find_columns(columns, &view)?;
            let listed = list(&view, &found, members, question.sort, question.search.as_deref())?;
            let ids = view.ids()?;
            let matches = listed.matches.count_ones(..);
            let (first, is_found) = first_row(&question.start, question.rows, &listed, &ids, matches);
            let shown: Vec<u32> = listed.customers().skip(first).take(question.rows).collect();
            let mut rows: Vec<TextRow> =
                shown.iter().map(|customer| vec![ids.get(*customer as usize).map(str::to_owned)]).collect();
            for column in &found {
                let texts = values::texts(column, &shown, view.reader())?;
                rows.iter_mut().zip(texts).for_each(|(row, text)| row.push(text));
            }
            let titles = columns.iter().map(|column| column.title.clone());
            Ok(CustomerWindow {
                as_of: *as_of,
                titles: std::iter::once(view.activation_id.to_owned()).chain(titles).collect(),
                first,
                rows,
                is_found,
                members: listed.members.count_ones(..),
                matches,
            })
        })
    }
}

/// The row that a window begins with, and whether it is that of the id that was asked for. After the last row the last
/// ones are shown.
fn first_row(
    start: &WindowStart,
    rows: usize,
    listed: &Listed,
    ids: &CustomerIds,
    matches: usize,
) -> (usize, bool) {
    let last_rows = matches.saturating_sub(rows.max(1));
    let id = match start {
        WindowStart::Row(row) => return (if *row < matches { *row } else { last_rows }, false),
        WindowStart::Id(id) => id,
    };
    let wanted = ids.number(id).filter(|customer| listed.matches.contains(*customer as usize));
    // Those after it, whatever the order of the rows.
    let next = || {
        let ids = listed.matches.ones().filter_map(|customer| Some((ids.get(customer)?, customer)));
        let next = ids.filter(|(other, _)| *other >= id.as_str()).min();
        next.and_then(|(_, customer)| u32::try_from(customer).ok())
    };
    let row =
        wanted.or_else(next).and_then(|wanted| listed.customers().position(|customer| customer == wanted));
    (row.unwrap_or(last_rows), wanted.is_some())
}
