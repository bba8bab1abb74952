//! What a condition looks at: tables and columns, by label or name.

use super::error::ParseError;
use super::parser::{ParseResult, Parser};
use crate::segment::name_matching::{self, Named, best_matches, is_called, phrase_end};
use crate::segment::suggest::nearest;
use crate::segment::vocabulary::DataType;
use crate::segment::words::{column_words, table_words};

/// Words and signs that come after a name.
const AFTER_A_NAME: [&str; 25] = [
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

/// A column of a table.
type Column = (String, Named);

impl Parser<'_> {
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
        let named: Vec<(usize, Named)> = if self.rest().starts_with('"') {
            let Ok(said) = self.attempt(Self::quoted) else { return Ok(None) };
            let end = std::mem::replace(&mut self.at, start);
            let found =
                name_matching::tables(self.schema).into_iter().filter(|table| is_called(table, &said));
            best_matches(&said, found.collect()).into_iter().map(|table| (end, table)).collect()
        } else {
            self.longest(name_matching::tables(self.schema), |text, end| {
                text.get(end..).is_some_and(|rest| rest.trim_start().starts_with(':'))
            })
        };
        let Some((end, table)) = named.first() else { return Ok(None) };
        self.at = *end;
        if !self.accept(":") {
            self.at = start;
            return Ok(None);
        }
        if named.len() > 1 {
            let names: Vec<String> = named.iter().map(|(_, table)| table.name.clone()).collect();
            let message = format!("several tables are called {}", table.label);
            let help = format!("write the name of one: {}", names.join(", "));
            return Err(ParseError::new(start..*end, message).with_help(help).with_alternatives(names));
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
        let found = self.longest(name_matching::tables(self.schema), |_, _| true);
        match found.as_slice() {
            [(end, table)] => {
                self.at = *end;
                rest(self, &table.name)
            }
            [] => Err(ParseError::new(start..start, "this is no table")),
            [(end, _), ..] => Err(ParseError::new(start..*end, "several tables are called so")
                .with_help("write the name of one")
                .with_alternatives(found.iter().map(|(_, table)| table.name.clone()).collect())),
        }
    }

    /// Of the names that stand here and go on rightly, those that are longest.
    fn longest(
        &self,
        known: Vec<Named>,
        is_proper_prefix: impl Fn(&str, usize) -> bool,
    ) -> Vec<(usize, Named)> {
        let ends = known.into_iter().filter_map(|named| {
            let ends = [&named.label, &named.name].map(|name| phrase_end(self.text, self.at, name));
            let end = ends.into_iter().flatten().filter(|end| is_proper_prefix(self.text, *end)).max();
            end.map(|end| (end, named))
        });
        let ends: Vec<(usize, Named)> = ends.collect();
        let longest = ends.iter().map(|(end, _)| *end).max().unwrap_or(self.at);
        let alike = ends.into_iter().filter(|(end, _)| *end == longest).map(|(_, named)| named).collect();
        let said = self.text.get(self.at..longest).unwrap_or_default();
        best_matches(said, alike).into_iter().map(|named| (longest, named)).collect()
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
        for (end, columns) in self.columns_here(tables)? {
            let result = match columns.as_slice() {
                [(table, column)] => self.attempt(|parser| {
                    parser.at = end;
                    rest(parser, table, &column.name)
                }),
                several => Err(self.ambiguous(start..end, several)),
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
    fn columns_here(&mut self, tables: &[String]) -> ParseResult<Vec<(usize, Vec<Column>)>> {
        let start = self.at;
        let said = match self.rest().starts_with('"') {
            true => Some(self.quoted()?),
            false => None,
        };
        let after_quotes = std::mem::replace(&mut self.at, start);
        let mut found: Vec<(usize, String, Named)> = Vec::new();
        for table in tables {
            for named in name_matching::columns(self.schema, table) {
                match &said {
                    Some(said) if is_called(&named, said) => found.push((after_quotes, table.clone(), named)),
                    Some(_) => {}
                    None => {
                        let mut ends =
                            [&named.label, &named.name].map(|name| phrase_end(self.text, start, name));
                        ends.sort_unstable();
                        let mut ends: Vec<usize> = ends.into_iter().flatten().collect();
                        ends.dedup();
                        found.extend(ends.into_iter().map(|end| (end, table.clone(), named.clone())));
                    }
                }
            }
        }
        let mut ends: Vec<usize> = found.iter().map(|(end, ..)| *end).collect();
        ends.sort_unstable_by(|a, b| b.cmp(a));
        ends.dedup();
        let of_end = |end: usize| {
            let text = self.text.get(start..end).unwrap_or_default();
            let said = said.as_deref().unwrap_or(text);
            let of_table = |table: &String| {
                let alike = found.iter().filter(|(at, of, _)| *at == end && of == table);
                let columns = best_matches(said, alike.map(|(.., named)| named.clone()).collect());
                columns.into_iter().map(|column| (table.clone(), column)).collect::<Vec<_>>()
            };
            (end, tables.iter().flat_map(of_table).collect())
        };
        Ok(ends.into_iter().map(of_end).collect())
    }

    fn ambiguous(&self, place: std::ops::Range<usize>, columns: &[Column]) -> ParseError {
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
            format!("{}: {}", table_words(self.schema, table), column_words(self.schema, table, &column.name))
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
        let columns: Vec<Column> = tables
            .iter()
            .flat_map(|table| {
                name_matching::columns(self.schema, table).into_iter().map(|column| (table.clone(), column))
            })
            .collect();
        let message = match tables {
            [table] => format!("{} has no column called {said:?}", self.schema.table_label(table)),
            _ => format!("no table has a column called {said:?}"),
        };
        let near = nearest(said, columns.iter().map(|(_, column)| column.label.as_str())).map(str::to_owned);
        let near: Vec<&Column> =
            columns.iter().filter(|(_, column)| Some(&column.label) == near.as_ref()).collect();
        let instead: Vec<String> =
            near.iter().map(|(table, column)| self.words_for(table, &column.name, tables)).collect();
        let help = match near.first() {
            Some((_, column)) => format!("did you mean {:?}?", column.label),
            None if tables.len() == 1 => "name one of its columns".to_owned(),
            None => "name a column, purchases (bought …) or a list (member of …)".to_owned(),
        };
        ParseError::new(place, message).with_help(help).with_alternatives(instead)
    }

    fn unknown_table(&self, said: &str, place: std::ops::Range<usize>) -> ParseError {
        let tables = name_matching::tables(self.schema);
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
        let instead = vec![table_words(self.schema, &table.name)];
        ParseError::new(place, absent)
            .with_help(format!("did you mean {:?}?", table.label))
            .with_alternatives(instead)
    }

    /// What to write for a column where those of these tables can be meant.
    fn words_for(&self, table: &str, column: &str, tables: &[String]) -> String {
        let words = column_words(self.schema, table, column);
        let label = self.schema.column_label(table, column);
        let is_elsewhere = |other: &String| {
            other != table
                && name_matching::columns(self.schema, other).iter().any(|named| is_called(named, &label))
        };
        match tables.iter().any(is_elsewhere) {
            true => format!("{}: {words}", table_words(self.schema, table)),
            false => words,
        }
    }
}
