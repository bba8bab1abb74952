//! What a condition looks at: tables and columns, by label or name.

use std::sync::Arc;

use super::catalog::{Catalog, Column};
use super::error::{ParseError, UnknownColumn};
use super::parser::{ParseResult, Parser};
use crate::segment::name_index::TextPlace;
use crate::segment::name_matching::{Named, best_matches, phrase_end};
use crate::segment::suggest::nearest;
use crate::segment::vocabulary::DataType;

/// Words and signs that come after a name.
const AFTER_A_NAME: [&str; 28] = [
    "is",
    "has",
    "does",
    "starts",
    "ends",
    "contains",
    "anniversary",
    "in",
    "not",
    "before",
    "after",
    "on",
    "since",
    "until",
    "last",
    "past",
    "within",
    "between",
    "where",
    "and",
    "like",
    "=",
    "<",
    ">",
    "!",
    "~",
    ":",
    ",",
];

/// What is compared.
#[derive(Clone, Debug)]
pub struct Subject {
    pub table: String,
    /// The column whose values it has, where it has those of one.
    pub column: Option<String>,
    pub label: String,
    pub data_type: DataType,
}

impl Subject {
    /// The type in words.
    pub fn kind(&self) -> &'static str {
        match self.data_type {
            DataType::String => "a text",
            DataType::Integer | DataType::Decimal => "a number",
            DataType::Boolean => "true or false",
            DataType::Date => "a day",
            DataType::Datetime => "a date and time",
        }
    }
}

impl<'a> Parser<'a> {
    /// A column as what is compared.
    pub fn subject(&mut self, table: &str, column: &str) -> ParseResult<Subject> {
        let place = self.at..self.at;
        let data_type = self.schema.column_type(table, column);
        let data_type = data_type.map_err(|missing| ParseError::from_diagnostic(missing, place))?;
        let label = self.schema.column_label(table, column);
        Ok(Subject { table: table.to_owned(), column: Some(column.to_owned()), label, data_type })
    }

    /// The table that the line names before a colon, if it does.
    pub fn table(&mut self) -> ParseResult<Option<String>> {
        let start = self.at;
        let catalog = Arc::clone(&self.catalog);
        let (end, named) = if self.rest().starts_with('"') {
            let Ok(said) = self.attempt(Self::quoted) else { return Ok(None) };
            let end = std::mem::replace(&mut self.at, start);
            (end, best_matches(&said, catalog.tables_called(&said)))
        } else {
            self.longest(catalog.tables_at(&self.place()), |rest| rest.trim_start().starts_with(':'))
        };
        let Some(table) = named.first() else { return Ok(None) };
        self.at = end;
        if !self.accept(":") {
            self.at = start;
            return Ok(None);
        }
        if named.len() > 1 {
            let names: Vec<String> = named.iter().map(|table| table.name.clone()).collect();
            let message = format!("several tables are called {}", table.label);
            let help = format!("write the name of one: {}", names.join(", "));
            return Err(ParseError::new(start..end, message).with_help(help).with_alternatives(names));
        }
        Ok(Some(table.name.clone()))
    }

    /// A table that is named without a colon, then the rest.
    pub(crate) fn table_alone<T>(
        &mut self,
        rest: &dyn Fn(&mut Self, &str) -> ParseResult<T>,
    ) -> ParseResult<T> {
        self.skip();
        let start = self.at;
        let catalog = Arc::clone(&self.catalog);
        let (end, found) = self.longest(catalog.tables_at(&self.place()), |_| true);
        match found.as_slice() {
            [table] => {
                self.at = end;
                rest(self, &table.name)
            }
            [] => Err(ParseError::new(start..start, "this is no table")),
            several => Err(ParseError::new(start..end, "several tables are called so")
                .with_help("write the name of one")
                .with_alternatives(several.iter().map(|table| table.name.clone()).collect())),
        }
    }

    /// Of the names that stand here and go on rightly, those that are longest, and where these end.
    fn longest<'n>(
        &self,
        mut standing: Vec<(usize, &'n Named)>,
        goes_on: impl Fn(&str) -> bool,
    ) -> (usize, Vec<&'n Named>) {
        standing.retain(|(end, _)| self.text.get(*end..).is_some_and(&goes_on));
        let longest = standing.iter().map(|(end, _)| *end).max().unwrap_or(self.at);
        standing.retain(|(end, _)| *end == longest);
        let said = self.text.get(self.at..longest).unwrap_or_default();
        (longest, best_matches(said, standing.into_iter().map(|(_, named)| named).collect()))
    }

    /// This place, to look names up.
    fn place(&self) -> TextPlace<'a> {
        TextPlace::new(self.text, self.at)
    }

    /// A column of one of these tables, then the rest. Of names that begin alike the longest is tried
    /// first.
    pub fn column<T>(
        &mut self,
        tables: &[String],
        rest: &dyn Fn(&mut Self, &str, &str) -> ParseResult<T>,
    ) -> ParseResult<T> {
        self.skip();
        let start = self.at;
        let mut error: Option<ParseError> = None;
        let catalog = Arc::clone(&self.catalog);
        for (end, columns) in self.columns_here(tables, &catalog)? {
            let result = match self.meant(&columns) {
                Some((table, column)) => self.attempt(|parser| {
                    parser.at = end;
                    rest(parser, table, &column.name)
                }),
                None => Err(self.ambiguous(start..end, &columns)),
            };
            match result {
                Ok(found) => return Ok(found),
                Err(next) => {
                    error = Some(match error {
                        Some(before) => before.furthest(next),
                        None => next,
                    });
                }
            }
        }
        Err(error.unwrap_or_else(|| self.unknown_column(tables)))
    }

    /// The columns whose names stand here, by where these end, the longest first.
    fn columns_here<'n>(
        &mut self,
        tables: &'n [String],
        catalog: &'n Catalog,
    ) -> ParseResult<Vec<(usize, Vec<Column<'n>>)>> {
        let start = self.at;
        if self.rest().starts_with('"') {
            let said = self.quoted()?;
            let end = std::mem::replace(&mut self.at, start);
            let columns = self.best_of_each(&said, &catalog.columns_called(tables, &said));
            return Ok(if columns.is_empty() { Vec::new() } else { vec![(end, columns)] });
        }
        let place = self.place();
        let mut found: Vec<(usize, Column<'n>)> = Vec::new();
        for table in tables {
            let columns = catalog.table(table).map(|(_, table)| table.columns.index.standing_at(&place));
            found.extend(columns.into_iter().flatten().map(|(end, named)| (end, (table.as_str(), named))));
        }
        let mut ends: Vec<usize> = found.iter().map(|(end, ..)| *end).collect();
        ends.sort_unstable_by(|a, b| b.cmp(a));
        ends.dedup();
        let of_end = |end: usize| {
            let said = self.text.get(start..end).unwrap_or_default();
            let here: Vec<Column<'n>> =
                found.iter().filter(|(at, _)| *at == end).map(|(_, column)| *column).collect();
            (end, self.best_of_each(said, &here))
        };
        Ok(ends.into_iter().map(of_end).collect())
    }

    /// Of the columns of each table, which stand together, those that are meant.
    fn best_of_each<'n>(&self, said: &str, columns: &[Column<'n>]) -> Vec<Column<'n>> {
        let of_tables = columns.chunk_by(|(one, _), (other, _)| one == other);
        let best = of_tables.flat_map(|columns| {
            let best = best_matches(said, columns.iter().map(|(_, named)| *named).collect());
            columns.first().map(|(table, _)| best.into_iter().map(move |named| (*table, named)))
        });
        best.flatten().collect()
    }

    /// The one column, or of several tables' that of the customers table.
    fn meant<'n>(&self, columns: &[Column<'n>]) -> Option<Column<'n>> {
        if let [only] = columns {
            return Some(*only);
        }
        let customers = self.schema.customers_table()?;
        let mut of_customers = columns.iter().filter(|(table, _)| *table == customers);
        of_customers.next().filter(|_| of_customers.next().is_none()).copied()
    }

    fn ambiguous(&self, place: std::ops::Range<usize>, columns: &[Column<'_>]) -> ParseError {
        let said = self.text.get(place.clone()).unwrap_or_default();
        let in_one = columns.iter().all(|(table, _)| Some(table) == columns.first().map(|(first, _)| first));
        if in_one {
            let names: Vec<String> = columns.iter().map(|(_, column)| column.name.clone()).collect();
            return ParseError::new(place, format!("several columns are called {said}"))
                .with_help(format!("write the name of one: {}", names.join(", ")))
                .with_alternatives(names);
        }
        let mut tables: Vec<String> =
            columns.iter().map(|(table, _)| self.schema.table_label(table)).collect();
        tables.dedup();
        let instead = columns.iter().map(|(table, column)| {
            format!("{}: {}", self.catalog.table_words(table), self.catalog.column_words(table, &column.name))
        });
        ParseError::new(place, format!("{said} is in several tables: {}", tables.join(", ")))
            .with_help("name the table before it")
            .with_alternatives(instead.collect())
    }

    /// No column is called what stands here.
    fn unknown_column(&mut self, tables: &[String]) -> ParseError {
        let rest = self.rest();
        let is_boundary = |at: usize| {
            let is_sign =
                rest.get(at..).is_some_and(|rest| rest.starts_with(['=', '<', '>', '!', '~', ':', ',']));
            let starts_word =
                at == 0 || rest.get(..at).is_some_and(|before| before.ends_with(char::is_whitespace));
            is_sign || starts_word && AFTER_A_NAME.iter().any(|word| phrase_end(rest, at, word).is_some())
        };
        let end = rest.char_indices().map(|(at, _)| at).skip(1).find(|at| is_boundary(*at));
        let said = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default().trim_end();
        let place = self.at..self.at + said.len();
        if said.is_empty() {
            return ParseError::new(place, "a name is missing").with_help("name a column");
        }
        let is_before_colon =
            self.text.get(place.end..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        if tables.len() != 1 && is_before_colon {
            return self.unknown_table(said, place);
        }
        let message = match tables {
            [table] => format!("{} has no column called {said:?}", self.schema.table_label(table)),
            _ => format!("no table has a column called {said:?}"),
        };
        let help = match tables.len() {
            1 => "name one of its columns",
            _ => "name a column, purchases (bought …) or a list (member of …)",
        };
        let table = match tables {
            [table] => Some(table.clone()),
            _ => None,
        };
        let unknown = Some(UnknownColumn { said: said.to_owned(), table });
        ParseError { unknown, ..ParseError::new(place, message).with_help(help) }
    }

    fn unknown_table(&self, said: &str, place: std::ops::Range<usize>) -> ParseError {
        let tables = &self.catalog.tables;
        let near = nearest(said, tables.iter().map(|table| table.label.as_str()));
        let near = near.and_then(|near| tables.iter().find(|table| table.label == near));
        let absent = format!("there is no table called {said:?}");
        let Some(table) = near else {
            return match self.schema.table(said) {
                // It may be there, and be of no use.
                Err(missing) => ParseError::from_diagnostic(missing, place),
                Ok(()) => ParseError::new(place, absent),
            };
        };
        let instead = vec![self.catalog.table_words(&table.name)];
        ParseError::new(place, absent)
            .with_help(format!("did you mean {:?}?", table.label))
            .with_alternatives(instead)
    }
}
