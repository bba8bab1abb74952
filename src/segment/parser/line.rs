//! A whole line: which kind of condition it is.

use std::sync::Arc;

use super::catalog::Catalog;
use super::error::ParseError;
use super::expected::{Expected, KeywordHint};
use super::parser::{ConditionResult, ParseResult, Parser};
use crate::segment::node::{AttributeCondition, Condition, ConditionKind, Extra, Filter, Test};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::{DataType, Operator, RowQuantifier};
use crate::segment::words::canonical;

/// On which rows a test must hold.
const QUANTIFIERS: [(&str, RowQuantifier); 3] = [
    ("On no row", RowQuantifier::None),
    ("On every row", RowQuantifier::Every),
    ("On any row", RowQuantifier::Any),
];

/// What one line says of another condition.
const ONE: &str = "a line is one condition: write the next one on a line of its own, or put quotes around \
                   a value that has this word in it";

/// Reads a condition.
///
/// # Errors
/// The text says none: with the place where it stops making sense, and what could stand there.
pub fn parse(text: &str, schema: &dyn Schema) -> Result<Condition, ParseError> {
    let catalog = Arc::new(Catalog::new(schema));
    parse_with(text, schema, &catalog).map_err(|error| error.with_suggestion(&catalog))
}

/// The same with names that were looked up before; what was probably meant is still to be searched for.
pub(crate) fn parse_with(text: &str, schema: &dyn Schema, catalog: &Arc<Catalog>) -> ConditionResult {
    Parser::new(text, schema, Arc::clone(catalog)).line()
}

/// The other tables that have a column of the name that a condition looks at, where its text names no table: it was
/// taken to be that of the customers table.
pub(crate) fn tables_with_same_name(
    text: &str,
    condition: &Condition,
    schema: &dyn Schema,
    catalog: &Arc<Catalog>,
) -> Vec<String> {
    let ConditionKind::Attribute(attribute) = &condition.kind else { return Vec::new() };
    let names_table =
        Parser::new(text, schema, Arc::clone(catalog)).table().is_ok_and(|table| table.is_some());
    if names_table {
        return Vec::new();
    }
    let label = schema.column_label(&attribute.table, &attribute.column);
    let offered = catalog.offered();
    let called = catalog.columns_called(&offered, &label).into_iter();
    let mut others: Vec<String> = called
        .filter(|(table, _)| *table != attribute.table)
        .map(|(table, _)| schema.table_label(table))
        .collect();
    others.dedup();
    others
}

impl Parser<'_> {
    /// Reads the whole text.
    pub fn line(&mut self) -> ConditionResult {
        self.expect_next(Expected::Start);
        if self.is_at_end() {
            return Err(self.missing("there is no condition yet"));
        }
        if let Some(table) = self.table()? {
            self.expect_next(Expected::Subjects(table.clone()));
            return self.condition_on(&[table], Vec::new());
        }
        let mut results = Vec::new();
        for (is_full, result) in [self.purchase(), self.list()].into_iter().flatten() {
            match result {
                // The words that screens use are never taken for the name of a column.
                Ok(condition) if is_full => return Ok(condition),
                result => results.push(result),
            }
        }
        let tables = self.catalog.offered();
        self.condition_on(&tables, results)
    }

    /// A condition on a column of one of these tables, beside other ways to read the line.
    fn condition_on(&mut self, tables: &[String], mut results: Vec<ConditionResult>) -> ConditionResult {
        let start = self.at;
        if let Some(rows) = self.accept_longest(QUANTIFIERS)
            && self.accept(":")
        {
            if let [table] = tables {
                self.expect_next(Expected::Columns(table.clone()));
            }
            return self.attribute(tables, rows);
        }
        self.at = start;
        if let [table] = tables
            && let Some(result) = self.rows(table)
        {
            return result;
        }
        results.push(self.attribute(tables, RowQuantifier::Any));
        self.at = start;
        results.extend(self.aggregate(tables));
        self.at = start;
        self.choose(results)
    }

    /// The one way in which the line can be read.
    fn choose(&self, results: Vec<ConditionResult>) -> ConditionResult {
        let mut found: Vec<Condition> = Vec::new();
        let mut error: Option<ParseError> = None;
        for result in results {
            match result {
                Ok(condition) if found.contains(&condition) => {}
                Ok(condition) => found.push(condition),
                Err(next) => {
                    error = Some(match error {
                        Some(before) => before.furthest(next),
                        None => next,
                    });
                }
            }
        }
        match (found.pop(), found.is_empty(), error) {
            (Some(condition), true, _) => Ok(condition),
            (Some(last), false, _) => {
                found.push(last);
                let instead =
                    found.iter().filter_map(|condition| canonical(condition, self.schema)).collect();
                Err(ParseError::new(0..self.text.len(), "this can be read in several ways")
                    .with_help("write it in full")
                    .with_alternatives(instead))
            }
            (None, _, Some(error)) => Err(error),
            (None, _, None) => Err(ParseError::new(0..self.text.len(), "this is no condition")),
        }
    }

    /// Column, operator, value and filters.
    fn attribute(&mut self, tables: &[String], rows: RowQuantifier) -> ConditionResult {
        let rows = (rows != RowQuantifier::Any).then_some(rows);
        self.tested(tables, &|parser, table, column, test| {
            let filters = parser.filters(table)?;
            parser.end()?;
            Ok(Condition::new(ConditionKind::Attribute(AttributeCondition {
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
        rest: &dyn Fn(&mut Self, &str, &str, Test) -> ParseResult<T>,
    ) -> ParseResult<T> {
        let plain = self.attempt(|parser| {
            parser.column(tables, &|parser, table, column| {
                let subject = parser.subject(table, column)?;
                let test = parser.test(&subject)?;
                rest(parser, table, column, test)
            })
        });
        let at = self.at;
        if plain.is_ok() || !self.accept("not") {
            return plain;
        }
        // "not loyal"
        let negated = self.attempt(|parser| {
            parser.skip();
            let start = parser.at;
            parser.column(tables, &|parser, table, column| {
                let subject = parser.subject(table, column)?;
                if subject.data_type != DataType::Boolean {
                    let message = format!("{} is {}", subject.label, subject.kind());
                    return Err(ParseError::new(start..parser.at, message).with_help(
                        "\"not\" goes before what is true or false: write an operator after the name",
                    ));
                }
                rest(parser, table, column, Test::new(Operator::IsFalse, None))
            })
        });
        if negated.is_err() {
            self.at = at;
        }
        match (plain, negated) {
            (Err(plain), Err(negated)) => Err(plain.furthest(negated)),
            (_, negated) => negated,
        }
    }

    /// `where … and …`: what must hold on the same row.
    pub fn filters(&mut self, table: &str) -> ParseResult<Option<Vec<Filter>>> {
        let before = self.at;
        if self.accept(",") && !self.peek("where") {
            self.at = before;
        }
        self.expect_next(Expected::Words(&[KeywordHint {
            word: "where",
            detail: "filters on the same row",
        }]));
        if !self.accept("where") {
            self.at = before;
            return Ok(None);
        }
        let mut filters = Vec::new();
        self.in_filter = true;
        loop {
            self.expect_next(Expected::Columns(table.to_owned()));
            if self.is_at_end() {
                return Err(self.missing("a filter is missing").with_help("name a column of the same table"));
            }
            filters
                .push(self.tested(&[table.to_owned()], &|_, _, column, test| Ok(Filter::new(column, test)))?);
            self.expect_next(Expected::Words(&[KeywordHint { word: "and", detail: "another filter" }]));
            if !self.accept("and") {
                break;
            }
        }
        self.in_filter = false;
        Ok(Some(filters))
    }

    /// Nothing comes after the condition.
    pub fn end(&mut self) -> ParseResult<()> {
        if self.is_at_end() {
            return Ok(());
        }
        let (word, place) = self.word();
        Err(match word.to_lowercase().as_str() {
            "and" | "or" => self.second_condition(place),
            _ => ParseError::new(place.start..self.text.len(), format!("the condition ends before {word:?}"))
                .with_help("only where and filters can follow"),
        })
    }

    /// The text goes on with what looks like another condition.
    pub(crate) fn second_condition(&self, place: std::ops::Range<usize>) -> ParseError {
        let message = match self.in_filter {
            true => "filters are joined by \"and\"",
            false => "a second condition begins here",
        };
        ParseError::new(place, message).with_help(ONE)
    }
}
