//! A segment on two folders of data.

use std::path::Path;
use std::sync::Arc;

use super::answer::{Answer, Compared};
use crate::backend::{Backend, ChangedTable, ColumnValues, JoinedAndLeft, Members, TableChange, compare_ids};
use crate::cli::failure::Failure;
use crate::cli::numbers;
use crate::cli::out::Out;
use crate::cli::session::Session;
use crate::segment::{Change, ChangeKind};

/// Says which tables differ, and who joins and leaves by each: the tables are exchanged in order of name.
pub(super) fn run(
    reference: &str,
    folders: [&Path; 2],
    session: &Session,
    out: &mut Out,
) -> Result<(), Failure> {
    let segment = Arc::new(session.finder().find_saved(reference)?);
    let (steps, opened) = session.open_steps(folders)?;
    opened.note_circumstances(&segment, out);
    let as_of = opened.as_of;
    let activation_id = opened.database.activation_id(&segment).to_owned();
    let tables = steps.changed_tables(&activation_id, opened.task())?;
    let names: Vec<&str> = tables.iter().map(|changed| changed.table.as_str()).collect();
    let question =
        Members { segment: Arc::clone(&segment), as_of, columns: Vec::new(), sort: None, search: None };
    let members = |backend: &dyn Backend| -> Result<Vec<String>, Failure> {
        let ids = backend.members(&question, opened.task())?.columns.into_iter().next();
        Ok(match ids.map(|column| column.values) {
            Some(ColumnValues::String(ids)) => ids.into_iter().flatten().collect(),
            _ => Vec::new(),
        })
    };
    let (all, by) = match names.len() {
        0 => (JoinedAndLeft::default(), Vec::new()),
        last => compare_ids(last + 1, |step| match names.get(..step) {
            Some([]) | None => members(&*steps.before()),
            Some(_) if step == last => members(&*steps.after()),
            Some(exchanged) => members(&*steps.with(exchanged)),
        })?,
    };
    let people = opened.database.words(&activation_id);
    let change = |changed: &ChangedTable| Change {
        kind: ChangeKind::Data,
        place_a: None,
        place_b: None,
        text: words(changed, &people.singular, &people.plural),
    };
    let changes: Vec<Change> = tables.iter().map(change).collect();
    let [before, after] = folders.map(|folder| Some(folder.display().to_string()));
    let answer = Answer {
        a: Compared { segment: &segment, as_of, data: before },
        b: Compared { segment: &segment, as_of, data: after },
        changes: &changes,
        all,
        by: &by,
        people: people.plural.clone(),
    };
    if out.is_json() { out.json(&answer.json()) } else { out.line(&answer.text()) }
}

/// `Unified Transactions: rows of 12 customers differ, 40 rows more`
fn words(changed: &ChangedTable, singular: &str, plural: &str) -> String {
    let counted = |number: u64, one: &str, many: &str| {
        format!("{} {}", numbers::count(number), if number == 1 { one } else { many })
    };
    let what = match &changed.kind {
        TableChange::Added(rows) => format!("a new table of {}", counted(*rows, "row", "rows")),
        TableChange::Removed(rows) => format!("the table is gone, {}", counted(*rows, "row", "rows")),
        TableChange::Columns(columns) => {
            let names = columns.join(", ");
            format!("other columns, or of other types: {names}")
        }
        TableChange::Rows { ids, without_id, before, after } => {
            let of_ids = (*ids > 0).then(|| format!("of {}", counted(*ids, singular, plural)));
            let without_id = without_id.then(|| "without an id".to_owned());
            let whose: Vec<String> = [of_ids, without_id].into_iter().flatten().collect();
            let more = match (after.checked_sub(*before), before.checked_sub(*after)) {
                (Some(0), _) | (None, None) => "as many rows".to_owned(),
                (Some(more), _) => format!("{} more", counted(more, "row", "rows")),
                (None, Some(fewer)) => format!("{} fewer", counted(fewer, "row", "rows")),
            };
            format!("rows {} differ, {more}", whose.join(" and "))
        }
    };
    format!("{}: {what}", changed.label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_differ_are_told_in_words() {
        let said = |kind| {
            let changed = ChangedTable { table: "T".to_owned(), label: "Orders".to_owned(), kind };
            words(&changed, "customer", "customers")
        };
        let rows =
            |ids, without_id, before, after| said(TableChange::Rows { ids, without_id, before, after });
        assert_eq!(rows(12, false, 100, 140), "Orders: rows of 12 customers differ, 40 rows more");
        assert_eq!(rows(1, true, 2, 1), "Orders: rows of 1 customer and without an id differ, 1 row fewer");
        assert_eq!(rows(0, true, 2, 2), "Orders: rows without an id differ, as many rows");
        assert_eq!(said(TableChange::Added(1)), "Orders: a new table of 1 row");
        assert_eq!(said(TableChange::Removed(2)), "Orders: the table is gone, 2 rows");
        let columns = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(said(TableChange::Columns(columns)), "Orders: other columns, or of other types: a, b");
    }
}
