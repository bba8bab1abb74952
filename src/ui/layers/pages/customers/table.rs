//! The rows in sight, under their titles.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::cell::shown;
use super::places::{GAP, Place, places, widen};
use crate::app::App;
use crate::app::layers::pages::customers::{Customers, is_number};
use crate::backend::{MemberColumn, SortBy};
use crate::ui::theme::Theme;
use crate::ui::{number, text};

/// The most that a column has while others want room.
const MOST: usize = 28;
/// How many characters of a value may be seen in a cell.
const CELL: usize = 300;
/// Below, there is no room for numbers of rows.
const NARROW: usize = 60;

/// The rows in sight, set in columns.
pub struct Table<'a> {
    page: &'a Customers,
    theme: &'a Theme,
    /// What the columns are called.
    titles: Vec<&'a str>,
    columns: &'a [MemberColumn],
    sort: Option<SortBy>,
    places: Vec<Place>,
    /// Which of the columns hold numbers.
    are_numbers: Vec<bool>,
    /// The columns of the numbers of rows.
    gutter: usize,
}

impl<'a> Table<'a> {
    pub fn new(app: &'a App, page: &'a Customers, id: &'a str, theme: &'a Theme, width: usize) -> Self {
        // The columns are those of the rows that are known: others come with theirs.
        let question = page.rows.question();
        let columns = question.map_or(page.columns.list(), |question| &question.columns);
        let sort = question.map_or(page.columns.sort(), |question| question.sort);
        let titles: Vec<&str> =
            std::iter::once(id).chain(columns.iter().map(|column| column.title.as_str())).collect();
        let gutter = match width {
            ..NARROW => 0,
            _ => text::width(&number::whole(page.rows.matches() as u64)) + 2,
        };
        let database = app.database().map(|database| &**database);
        let numbers = columns.iter().map(|column| is_number(column, database));
        let mut table = Self {
            page,
            theme,
            titles,
            columns,
            sort,
            places: Vec::new(),
            are_numbers: std::iter::once(false).chain(numbers).collect(),
            gutter,
        };
        table.places = table.place(width.saturating_sub(gutter));
        table
    }

    fn place(&self, room: usize) -> Vec<Place> {
        let wanted: Vec<usize> = self
            .titles
            .iter()
            .enumerate()
            .map(|(at, title)| {
                let values = self.page.rows.widths().get(at).copied().unwrap_or(0);
                let mark = if self.mark(at).is_empty() { 0 } else { 2 };
                values.max(text::width(title) + mark)
            })
            .collect();
        let mut widths: Vec<usize> = wanted.iter().map(|wanted| (*wanted).min(MOST)).collect();
        // Ids are often long, and seldom what one reads.
        if let Some(id) = widths.first_mut() {
            *id = (*id).min((room / 4).max(MOST / 2));
        }
        let cursor = self.page.known_column().unwrap_or(0);
        let mut places = places(&widths, cursor, self.page.is_frozen, room);
        widen(&mut places, &wanted, room);
        places
    }

    /// The columns that are in sight, of how many.
    pub fn columns_in_sight(&self) -> (Option<Range<usize>>, usize) {
        let scrolled = self.places.iter().map(|place| place.column).filter(|column| *column > 0);
        let range = scrolled.clone().min().zip(scrolled.max());
        (range.map(|(first, last)| first..last + 1), self.columns.len())
    }

    /// How the members are sorted by a column.
    fn mark(&self, column: usize) -> &'static str {
        match self.sort {
            None if column == 0 => "▲",
            Some(sort) if sort.column == column => {
                if sort.is_descending {
                    "▼"
                } else {
                    "▲"
                }
            }
            _ => "",
        }
    }

    fn aligned(&self, value: &str, place: Place) -> String {
        match self.are_numbers.get(place.column) {
            Some(true) => text::right(value, place.width),
            _ => text::left(value, place.width),
        }
    }

    /// The titles.
    pub fn heading(&self) -> Line<'static> {
        let cursor = self.page.known_column();
        let mut spans = vec![Span::raw(" ".repeat(self.gutter))];
        for (at, place) in self.places.iter().enumerate() {
            let title = self.titles.get(place.column).copied().unwrap_or("");
            let mark = self.mark(place.column);
            let title = match mark {
                "" => title.to_owned(),
                mark => format!("{} {mark}", text::fit(title, place.width.saturating_sub(2))),
            };
            let style = if cursor == Some(place.column) { self.theme.accent } else { self.theme.strong };
            spans.push(Span::styled(self.aligned(&title, *place), style));
            spans.push(self.gap(at));
        }
        Line::from(spans)
    }

    /// What stands between two columns: what is frozen is set apart where the next one is not its neighbour.
    fn gap(&self, at: usize) -> Span<'static> {
        let next = self.places.get(at + 1).map(|place| place.column);
        let here = self.places.get(at).map(|place| place.column);
        match (here, next) {
            (_, None) => Span::raw(""),
            (Some(0), Some(next)) if next > 1 => Span::styled("│ ", self.theme.faint),
            _ => Span::raw(" ".repeat(GAP)),
        }
    }

    /// The rows in sight.
    pub fn lines(&self, in_sight: Range<usize>) -> Vec<Line<'static>> {
        let window = self.page.rows.window();
        let first = window.map_or(0, |window| window.first);
        in_sight
            .map(|number| {
                let at = number.checked_sub(first);
                self.line(number, window.zip(at).and_then(|(window, at)| window.rows.get(at)))
            })
            .collect()
    }

    fn line(&self, number: usize, row: Option<&Vec<Option<String>>>) -> Line<'static> {
        let is_at = number == self.page.row;
        let is_current = self.page.rows.is_current();
        let counted = match self.gutter {
            0 => String::new(),
            width => format!("{}  ", text::right(&number::whole(number as u64 + 1), width - 2)),
        };
        let counted_style = if is_at { self.theme.accent } else { self.theme.dim };
        let mut spans = vec![Span::styled(counted, counted_style)];
        for (at, place) in self.places.iter().enumerate() {
            let cell = match row {
                Some(row) => shown(row.get(place.column).and_then(Option::as_deref), CELL),
                // It is on its way.
                None => super::cell::Shown { text: "…".to_owned(), is_mark: true },
            };
            let style = if cell.is_mark || !is_current { self.theme.dim } else { self.style(*place) };
            let is_cursor = is_at && self.page.known_column() == Some(place.column);
            let style = if is_cursor { style.patch(self.theme.selection) } else { style };
            spans.push(Span::styled(self.aligned(&cell.text, *place), style));
            spans.push(self.gap(at));
        }
        let line = Line::from(spans);
        // The row of the cursor is seen without colours too.
        if is_at { line.patch_style(Style::new().add_modifier(ratatui::style::Modifier::BOLD)) } else { line }
    }

    fn style(&self, place: Place) -> Style {
        if place.column == 0 { self.theme.accent } else { self.theme.text }
    }
}
