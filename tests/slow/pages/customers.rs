//! The members as a table.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use segtui::backend::{ListCustomers, MemberColumn, RowPick, WindowStart};

use super::Pages;
use crate::slow::{Cell, Rows};

/// The id, then the columns.
pub type SlowRow = (String, Vec<Cell>);

/// A window of the members, and how many there are with and without the search.
pub struct SlowWindow {
    pub rows: Vec<SlowRow>,
    pub first: usize,
    pub members: usize,
    pub matches: usize,
    pub is_found: bool,
}

impl Pages<'_> {
    /// What a column says of a customer. In a window, which is looked at, the first of several rows stands for all.
    pub fn picked(&self, column: &MemberColumn, id: &str) -> Cell {
        let rows = &self.slow.tables[&column.table];
        let mut of: Vec<usize> =
            (0..rows.len()).filter(|row| rows.ids[*row].as_deref() == Some(id)).collect();
        let row = match &column.pick {
            RowPick::Count => return Cell::Whole(of.len() as i64),
            RowPick::Only | RowPick::First(None) => of.first(),
            RowPick::Latest(None) => of.last(),
            RowPick::First(Some(date)) => {
                of.sort_by_key(|row| (*rows.cell(*row, date) == Cell::Null, instant(rows, *row, date)));
                of.first()
            }
            RowPick::Latest(Some(date)) => {
                of.sort_by_key(|row| instant(rows, *row, date));
                of.last()
            }
        };
        row.map_or(Cell::Null, |row| rows.cell(*row, &column.column).clone())
    }

    pub fn window(&self, question: &ListCustomers, members: &BTreeSet<String>) -> SlowWindow {
        let mut rows: Vec<SlowRow> = Vec::new();
        for id in members {
            let cells = question.columns.iter().map(|column| self.picked(column, id));
            rows.push((id.clone(), cells.collect::<Vec<Cell>>()));
        }
        if let Some(search) = &question.search {
            let search = search.to_lowercase();
            rows.retain(|(id, cells)| {
                let texts = cells.iter().filter_map(written).chain([id.clone()]);
                texts.into_iter().any(|text| text.to_lowercase().contains(&search))
            });
        }
        rows.sort_by(|a, b| a.0.chars().cmp(b.0.chars()));
        if let Some(sort) = question.sort {
            rows.sort_by(|a, b| {
                let [a, b] = [a, b].map(|(id, cells)| match sort.column {
                    0 => Cell::Text(id.clone()),
                    column => cells[column - 1].clone(),
                });
                match (&a, &b) {
                    (Cell::Null, Cell::Null) => Ordering::Equal,
                    (Cell::Null, _) => Ordering::Greater,
                    (_, Cell::Null) => Ordering::Less,
                    _ if sort.is_descending => order(&b, &a),
                    _ => order(&a, &b),
                }
            });
        }
        let (first, is_found) = match &question.start {
            WindowStart::Row(row) => (*row, false),
            WindowStart::Id(wanted) => {
                let found = rows.iter().position(|(id, _)| id == wanted);
                let later = rows.iter().enumerate().filter(|(_, (id, _))| id.chars().gt(wanted.chars()));
                let next = later.min_by(|(_, a), (_, b)| a.0.chars().cmp(b.0.chars()));
                (found.or(next.map(|(at, _)| at)).unwrap_or(rows.len()), found.is_some())
            }
        };
        let matches = rows.len();
        let rows = rows.into_iter().skip(first).take(question.rows).collect();
        SlowWindow { rows, first, members: members.len(), matches, is_found }
    }
}

/// NULL before everything.
fn instant(rows: &Rows, row: usize, date: &str) -> Option<chrono::NaiveDateTime> {
    match rows.cell(row, date) {
        Cell::Null => None,
        cell => Some(cell.instant()),
    }
}

pub fn order(a: &Cell, b: &Cell) -> Ordering {
    match (a, b) {
        (Cell::Text(a), Cell::Text(b)) => a.chars().cmp(b.chars()),
        (Cell::Whole(a), Cell::Whole(b)) => a.cmp(b),
        (Cell::Decimal(a), Cell::Decimal(b)) => a.partial_cmp(b).unwrap(),
        (Cell::Flag(a), Cell::Flag(b)) => a.cmp(b),
        _ => a.instant().cmp(&b.instant()),
    }
}

/// As it is shown.
pub fn written(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Time(time) => Some(time.format("%Y-%m-%d %H:%M:%S%.f").to_string()),
        other => other.text(),
    }
}

/// A text of the engine with the instants in it as they are shown here: a page may write more zeros.
pub fn plainly(text: String) -> String {
    let instant = chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f");
    instant.map_or(text, |instant| written(&Cell::Time(instant)).unwrap())
}
