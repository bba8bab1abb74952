//! Which columns stand beside the ids of the members, and by which of them they are sorted.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::app::event::Event;
use crate::app::layer::Cx;
use crate::backend::{CountTable, MemberColumn, PageAnswer, PageQuestion, RowPick, SortBy};
use crate::database::{Database, Table};
use crate::segment::DataType;

/// What is shown of the customers table at first.
const AT_FIRST: [&str; 6] = ["given_name", "surname", "email", "city", "state", "postal"];

/// The columns beside the ids, and the order of the members.
#[derive(Clone, Debug, Default)]
pub struct ShownColumns {
    /// Of which database and activation ID they are.
    of: Option<(PathBuf, String)>,
    /// The columns, from the second on: the first is the id's.
    list: Vec<MemberColumn>,
    sort: Option<SortBy>,
    /// What is still to be known before anything is shown.
    counting: Option<Counting>,
}

/// A question that is under way: how many rows of the customers table a customer has.
#[derive(Clone, Copy, Debug)]
struct Counting {
    definition: u64,
    request: u64,
}

impl ShownColumns {
    /// The columns beside the ids.
    #[must_use]
    pub fn list(&self) -> &[MemberColumn] {
        &self.list
    }

    /// The order of the members; `None`: by id.
    #[must_use]
    pub fn sort(&self) -> Option<SortBy> {
        self.sort
    }

    /// Takes the columns of the open database and the activation ID in force: those that were shown last, else those
    /// that are shown at first, once it is known whether a customer has several rows of them.
    pub(super) fn follow(&mut self, definition: u64, cx: &mut Cx<'_>) {
        let Some(database) = cx.session.database().cloned() else { return };
        let id = cx.view().activation_id();
        let of = Some((database.folder.clone(), id.clone()));
        if self.of != of {
            let remembered = of.as_ref().and_then(|of| cx.session.remembered.columns.get(of)).cloned();
            let table = customers_table(&database, &id).filter(|_| remembered.is_none());
            let counting = table.map(|_| Counting { definition, request: 0 });
            *self = Self { of, list: remembered.unwrap_or_default(), sort: None, counting };
            self.count(definition, table, cx);
        } else if self.counting.as_ref().is_some_and(|counting| counting.definition != definition) {
            self.count(definition, customers_table(&database, &id), cx);
        }
        let is_there = |column: &MemberColumn| {
            let table = database.table(&column.table).filter(|table| table.id_column(&id).is_some());
            table.is_some_and(|table| column.pick == RowPick::Count || table.column(&column.column).is_some())
        };
        if !self.list.iter().all(is_there) {
            let left = self.list.iter().filter(|column| is_there(column)).cloned().collect();
            self.set(left, cx);
        }
    }

    /// Asks how many rows of the customers table a customer has.
    fn count(&mut self, definition: u64, table: Option<&Table>, cx: &mut Cx<'_>) {
        let Some(table) = table.map(|table| table.name.clone()) else { return self.counting = None };
        let (activation_id, as_of) = (cx.view().activation_id(), cx.session.as_of());
        let request = cx.session.ask_page(PageQuestion::Table(CountTable { table, activation_id, as_of }));
        self.counting = request.map(|request| Counting { definition, request });
    }

    /// Whether it is not known yet what is shown at first.
    #[must_use]
    pub fn is_counting(&self) -> bool {
        self.counting.is_some()
    }

    /// Takes what was asked of the customers table; whether it was.
    pub(super) fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> bool {
        let request = self.counting.as_ref().map(|counting| counting.request);
        match event {
            Event::PageProgress { request: of, .. } => Some(*of) == request,
            Event::PageAnswered { request: of, result } if Some(*of) == request => {
                self.counting = None;
                let id = cx.view().activation_id();
                let Some(database) = cx.session.database() else { return true };
                // Where rows cannot be counted, there may be several.
                let is_multi_row = match result.as_deref() {
                    Ok(PageAnswer::Table(counts)) => counts.is_multi_row,
                    _ => true,
                };
                let pick = if is_multi_row { RowPick::First(None) } else { RowPick::Only };
                self.list = columns_at_first(database, &id, &pick);
                true
            }
            _ => false,
        }
    }

    /// Shows these columns.
    pub(super) fn set(&mut self, mut list: Vec<MemberColumn>, cx: &mut Cx<'_>) {
        let sorted = self.sort.and_then(|sort| Some((self.column(sort.column)?.clone(), sort.is_descending)));
        give_titles(&mut list, &cx.view().activation_id());
        self.list = list;
        if let Some((column, is_descending)) = sorted {
            let at = self.list.iter().position(|other| is_same(other, &column));
            self.sort = at.map(|at| SortBy { column: at + 1, is_descending });
        }
        if let Some(of) = &self.of {
            cx.session.remembered.columns.insert(of.clone(), self.list.clone());
        }
    }

    /// The column at a position, of which the first is the id's.
    #[must_use]
    pub fn column(&self, at: usize) -> Option<&MemberColumn> {
        self.list.get(at.checked_sub(1)?)
    }

    /// Takes the column at a position away.
    pub(super) fn remove(&mut self, at: usize, cx: &mut Cx<'_>) {
        let mut list = self.list.clone();
        if let Some(at) = at.checked_sub(1).filter(|at| *at < list.len()) {
            list.remove(at);
            self.set(list, cx);
        }
    }

    /// Moves the column at a position one further; answers where it is then.
    pub(super) fn shift(&mut self, at: usize, by: isize, cx: &mut Cx<'_>) -> usize {
        let to = at.saturating_add_signed(by).clamp(1, self.list.len().max(1));
        if self.column(at).is_some() && at != to {
            let mut list = self.list.clone();
            list.swap(at - 1, to - 1);
            self.set(list, cx);
        }
        to
    }

    /// Sorts by the column at a position, then the other way round, then by id again.
    pub(super) fn sort_by(&mut self, at: usize) {
        self.sort = match (at, self.sort) {
            (0, None) => Some(SortBy { column: 0, is_descending: true }),
            (0, Some(SortBy { column: 0, .. })) => None,
            (0, Some(_)) => None,
            (_, Some(SortBy { column, is_descending: false })) if column == at => {
                Some(SortBy { column, is_descending: true })
            }
            (_, Some(SortBy { column, is_descending: true })) if column == at => None,
            _ => Some(SortBy { column: at, is_descending: false }),
        };
    }
}

/// Whether two columns show the same, whatever they are called.
pub(crate) fn is_same(one: &MemberColumn, other: &MemberColumn) -> bool {
    one.table == other.table
        && one.pick == other.pick
        && (one.column == other.column || one.pick == RowPick::Count)
}

/// The customers table, if it has the activation ID.
fn customers_table<'a>(database: &'a Database, id: &str) -> Option<&'a Table> {
    let table = database.roles.customers.as_ref().and_then(|name| database.table(name));
    table.filter(|table| table.id_column(id).is_some())
}

fn columns_at_first(database: &Database, id: &str, pick: &RowPick) -> Vec<MemberColumn> {
    let Some(table) = customers_table(database, id) else { return Vec::new() };
    let usual = AT_FIRST.iter().filter_map(|name| table.column(name)).collect::<Vec<_>>();
    let others = table.columns().filter(|column| Some(column.name.as_str()) != table.id_column(id));
    let shown = if usual.is_empty() { others.take(AT_FIRST.len()).collect() } else { usual };
    let column = |name: &String| MemberColumn {
        table: table.name.clone(),
        column: name.clone(),
        title: name.clone(),
        pick: pick.clone(),
    };
    let mut list: Vec<MemberColumn> = shown.into_iter().map(|shown| column(&shown.name)).collect();
    give_titles(&mut list, id);
    list
}

/// The columns of dates of a table, the day of a purchase first.
pub(crate) fn dates<'a>(database: &Database, table: &'a Table) -> Vec<&'a str> {
    let is_date = |data_type: DataType| matches!(data_type, DataType::Date | DataType::Datetime);
    let dates = table.columns().filter(|column| is_date(column.data_type));
    let mut dates: Vec<&str> = dates.map(|column| column.name.as_str()).collect();
    dates.sort_by_key(|name| *name != database.roles.items_columns.order_datetime);
    dates
}

/// Gives every column a title of its own: its name, with the name of its table and of its row where that is not enough.
fn give_titles(list: &mut [MemberColumn], id: &str) {
    let mut taken: HashSet<String> = HashSet::from([id.to_owned()]);
    let plain: Vec<String> = list.iter().map(plain_title).collect();
    for (column, plain_name) in list.iter_mut().zip(&plain) {
        let is_alone = plain.iter().filter(|other| *other == plain_name).count() == 1;
        let in_table = format!("{}.{}", column.table, column.column);
        let picked = format!("{in_table}, {}", pick_words(&column.pick));
        let named = [plain_name.clone(), in_table, picked].into_iter().skip(usize::from(!is_alone));
        let numbered = (2..).map(|number| format!("{plain_name} {number}"));
        let title = named.chain(numbered).find(|title| !taken.contains(title)).unwrap_or_default();
        taken.insert(title.clone());
        column.title = title;
    }
}

fn plain_title(column: &MemberColumn) -> String {
    match column.pick {
        RowPick::Count => format!("{} rows", column.table),
        _ => column.column.clone(),
    }
}

/// Which row of a customer counts, in words; nothing where there is one.
#[must_use]
pub fn pick_words(pick: &RowPick) -> String {
    match pick {
        RowPick::Only => String::new(),
        RowPick::First(Some(day)) => format!("first by {day}"),
        RowPick::First(None) => "first in the file".to_owned(),
        RowPick::Latest(Some(day)) => format!("latest by {day}"),
        RowPick::Latest(None) => "last in the file".to_owned(),
        RowPick::Count => "number of rows".to_owned(),
    }
}

/// Whether the values of a column are numbers, which stand at the right.
#[must_use]
pub fn is_number(column: &MemberColumn, database: Option<&Database>) -> bool {
    let table = database.and_then(|database| database.table(&column.table));
    let data_type = table.and_then(|table| table.column(&column.column)).map(|column| column.data_type);
    column.pick == RowPick::Count || matches!(data_type, Some(DataType::Integer | DataType::Decimal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(table: &str, name: &str, pick: RowPick) -> MemberColumn {
        MemberColumn { table: table.into(), column: name.into(), title: String::new(), pick }
    }

    #[test]
    fn every_column_has_a_title_of_its_own() {
        let latest = RowPick::Latest(Some("day".into()));
        let mut list = vec![
            column("A", "city", RowPick::Only),
            column("B", "id", RowPick::Only),
            column("B", "total", latest.clone()),
            column("B", "total", RowPick::First(None)),
            column("C", "total", latest),
            column("B", "total", RowPick::Count),
        ];
        give_titles(&mut list, "id");
        let titles: Vec<&str> = list.iter().map(|column| column.title.as_str()).collect();
        let expected = ["city", "B.id", "B.total", "B.total, first in the file", "C.total", "B rows"];
        assert_eq!(titles, expected);
    }

    #[test]
    fn sorting_goes_round() {
        let mut columns =
            ShownColumns { list: vec![column("A", "city", RowPick::Only)], ..Default::default() };
        let mut seen = Vec::new();
        for at in [1, 1, 1, 0, 0, 1, 0] {
            columns.sort_by(at);
            seen.push(columns.sort.map(|sort| (sort.column, sort.is_descending)));
        }
        let by = |column, is_descending| Some((column, is_descending));
        assert_eq!(seen, [by(1, false), by(1, true), None, by(0, true), None, by(1, false), None]);
    }
}
