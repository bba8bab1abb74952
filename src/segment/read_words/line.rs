//! A whole line: which kind of condition it is.

use super::misread::Misread;
use super::offer::{Wanted, WordOffer};
use super::reader::{Read, Reader};
use crate::segment::node::{AttributeCondition, Condition, Extra, Filter, Kind, Test};
use crate::segment::vocabulary::{DataType, Operator, Rows};
use crate::segment::words::full;

/// On which rows a test must hold.
const QUANTIFIERS: [(&str, Rows); 3] =
    [("On no row", Rows::None), ("On every row", Rows::Every), ("On any row", Rows::Any)];

/// What one line says of another condition.
const ONE: &str = "a line is one condition: write the next one on a line of its own, or put quotes around \
                   a value that has this word in it";

/// How a number worked out over rows begins.
pub const FUNCTION_OFFERS: &[WordOffer] = &[
    WordOffer { word: "Sum of", detail: "over all rows" },
    WordOffer { word: "Average", detail: "over all rows" },
    WordOffer { word: "Least", detail: "over all rows" },
    WordOffer { word: "Greatest", detail: "over all rows" },
    WordOffer { word: "Number of", detail: "over all rows" },
    WordOffer { word: "Number of different", detail: "over all rows" },
];

/// A way to read a line.
pub type Reading = Read<Condition>;

impl Reader<'_> {
    /// Reads the whole text.
    pub fn line(&mut self) -> Reading {
        self.want(Wanted::Start);
        if self.is_at_end() {
            return Err(self.missing("there is no condition yet"));
        }
        if let Some(table) = self.table()? {
            self.want(Wanted::Subjects(table.clone()));
            return self.of_tables(&[table], Vec::new());
        }
        let mut readings = Vec::new();
        for (is_full, reading) in [self.purchase(), self.list()].into_iter().flatten() {
            match reading {
                // The words that screens use are never taken for the name of a column.
                Ok(condition) if is_full => return Ok(condition),
                reading => readings.push(reading),
            }
        }
        let tables = self.schema.tables().into_iter().filter(|table| self.schema.is_offered(table));
        let tables: Vec<String> = tables.map(str::to_owned).collect();
        self.of_tables(&tables, readings)
    }

    /// A condition on a column of one of these tables, beside other ways to read the line.
    fn of_tables(&mut self, tables: &[String], mut readings: Vec<Reading>) -> Reading {
        let start = self.at;
        if let Some(rows) = self.takes_one(QUANTIFIERS)
            && self.takes(":")
        {
            if let [table] = tables {
                self.want(Wanted::Columns(table.clone()));
            }
            return self.attribute(tables, rows);
        }
        self.at = start;
        if let [table] = tables
            && let Some(reading) = self.rows(table)
        {
            return reading;
        }
        readings.push(self.attribute(tables, Rows::Any));
        self.at = start;
        readings.extend(self.aggregate(tables));
        self.at = start;
        self.settle(readings)
    }

    /// The one way in which the line can be read.
    fn settle(&self, readings: Vec<Reading>) -> Reading {
        let mut found: Vec<Condition> = Vec::new();
        let mut misread: Option<Misread> = None;
        for reading in readings {
            match reading {
                Ok(condition) if found.contains(&condition) => {}
                Ok(condition) => found.push(condition),
                Err(next) => {
                    misread = Some(match misread {
                        Some(before) => before.further(next),
                        None => next,
                    });
                }
            }
        }
        match (found.pop(), found.is_empty(), misread) {
            (Some(condition), true, _) => Ok(condition),
            (Some(last), false, _) => {
                found.push(last);
                let instead = found.iter().filter_map(|condition| full(condition, self.schema)).collect();
                Err(Misread::new(0..self.text.len(), "this can be read in several ways")
                    .help("write it in full")
                    .instead(instead))
            }
            (None, _, Some(misread)) => Err(misread),
            (None, _, None) => Err(Misread::new(0..self.text.len(), "this is no condition")),
        }
    }

    /// Column, operator, value and filters.
    fn attribute(&mut self, tables: &[String], rows: Rows) -> Reading {
        let rows = (rows != Rows::Any).then_some(rows);
        self.tested(tables, &|reader, table, column, test| {
            let filters = reader.filters(table)?;
            reader.end()?;
            Ok(Condition::new(Kind::Attribute(AttributeCondition {
                table: table.to_owned(),
                column: column.to_owned(),
                extra: Extra::new(),
                test,
                rows,
                filters,
            })))
        })
    }

    /// A column and a test of it, then the rest.
    fn tested<T>(
        &mut self,
        tables: &[String],
        rest: &dyn Fn(&mut Self, &str, &str, Test) -> Read<T>,
    ) -> Read<T> {
        let plain = self.attempt(|reader| {
            reader.column(tables, &|reader, table, column| {
                let subject = reader.subject(table, column)?;
                let test = reader.test(&subject)?;
                rest(reader, table, column, test)
            })
        });
        let at = self.at;
        if plain.is_ok() || !self.takes("not") {
            return plain;
        }
        // "not loyal"
        let negated = self.attempt(|reader| {
            reader.skip();
            let start = reader.at;
            reader.column(tables, &|reader, table, column| {
                let subject = reader.subject(table, column)?;
                if subject.data_type != DataType::Boolean {
                    let message = format!("{} is {}", subject.label, subject.kind());
                    return Err(Misread::new(start..reader.at, message).help(
                        "\"not\" goes before what is true or false: write an operator after the name",
                    ));
                }
                rest(reader, table, column, Test::new(Operator::IsFalse, None))
            })
        });
        if negated.is_err() {
            self.at = at;
        }
        match (plain, negated) {
            (Err(plain), Err(negated)) => Err(plain.further(negated)),
            (_, negated) => negated,
        }
    }

    /// `where … and …`: what must hold on the same row.
    pub fn filters(&mut self, table: &str) -> Read<Option<Vec<Filter>>> {
        let before = self.at;
        if self.takes(",") && !self.sees("where") {
            self.at = before;
        }
        self.want(Wanted::Words(&[WordOffer { word: "where", detail: "filters on the same row" }]));
        if !self.takes("where") {
            self.at = before;
            return Ok(None);
        }
        let mut filters = Vec::new();
        self.in_filter = true;
        loop {
            self.want(Wanted::Columns(table.to_owned()));
            if self.is_at_end() {
                return Err(self.missing("a filter is missing").help("name a column of the same table"));
            }
            filters
                .push(self.tested(&[table.to_owned()], &|_, _, column, test| Ok(Filter::new(column, test)))?);
            self.want(Wanted::Words(&[WordOffer { word: "and", detail: "another filter" }]));
            if !self.takes("and") {
                break;
            }
        }
        self.in_filter = false;
        Ok(Some(filters))
    }

    /// Nothing comes after the condition.
    pub fn end(&mut self) -> Read<()> {
        if self.is_at_end() {
            return Ok(());
        }
        let (word, place) = self.word();
        Err(match word.to_lowercase().as_str() {
            "and" | "or" => self.another(place),
            _ => Misread::new(place.start..self.text.len(), format!("the condition ends before {word:?}"))
                .help("only where and filters can follow"),
        })
    }

    /// The text goes on with what looks like another condition.
    pub fn another(&self, place: std::ops::Range<usize>) -> Misread {
        let message = match self.in_filter {
            true => "filters are joined by \"and\"",
            false => "a second condition begins here",
        };
        Misread::new(place, message).help(ONE)
    }
}
