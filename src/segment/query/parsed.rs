//! One parsed query.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::ops::ControlFlow;
use std::sync::Arc;

use chrono::NaiveDate;
use sqlparser::ast::{self, Visit};

use super::error::QueryError;
use super::names::{self, TableReference};
use super::{as_of, dates, parse, unsupported};
use crate::segment::place::TextPosition;

/// One query that returns ids, on a day.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    sql: String,
    parsed: Arc<ast::Query>,
    tables: Vec<TableReference>,
    with: Vec<String>,
    select: Option<TextPosition>,
    ambiguities: Vec<QueryError>,
}

/// Everything else follows from what it says and what that means on its day.
impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, &self.sql) == (&other.text, &other.sql)
    }
}

impl Eq for Query {}

impl Hash for Query {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sql.hash(state);
    }
}

impl Query {
    /// Reads a query, to be run on the day `as_of`.
    ///
    /// # Errors
    /// The text is not one query, reads anything else than tables, or says something that the embedded
    /// engine does not answer as SQL means it.
    pub fn parse(text: &str, as_of: NaiveDate) -> Result<Self, QueryError> {
        let text = text.trim_start_matches('\u{feff}');
        let query = parse::one(text)?;
        let mut visitor = unsupported::UnsupportedVisitor::default();
        if let ControlFlow::Break(error) = query.visit(&mut visitor) {
            return Err(error);
        }
        let names = names::collect(&query)?;
        Ok(Self {
            text: text.to_owned(),
            sql: as_of::substitute(text, &query, as_of)?,
            tables: names.tables,
            with: names.with,
            select: parse::first_select(&query.body),
            ambiguities: visitor.ambiguities,
            parsed: Arc::from(query),
        })
    }

    /// The query as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The query as it runs: with the day in it.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Whether it says something else on another day.
    #[must_use]
    pub(crate) fn has_day(&self) -> bool {
        self.text != self.sql
    }

    /// The tables of the database that it reads, each once.
    #[must_use]
    pub fn tables(&self) -> &[TableReference] {
        &self.tables
    }

    /// The names that its own WITH gives.
    pub(crate) fn with_names(&self) -> impl Iterator<Item = &str> {
        self.with.iter().map(String::as_str)
    }

    /// Whether it keeps dates and numbers apart. `dates` and `numbers` are the columns of its tables that hold
    /// such.
    ///
    /// # Errors
    /// It takes a date for a number, which the embedded engine would do in its own way.
    pub(crate) fn check_dates<'a>(
        &self,
        dates: impl IntoIterator<Item = &'a str>,
        numbers: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), QueryError> {
        let (dates, numbers) = (dates.into_iter().map(str::to_owned), numbers.into_iter());
        dates::check(&self.parsed, dates.collect(), &numbers.collect::<BTreeSet<_>>())
    }

    /// What SQL leaves open in it: it runs, and may mean something else than was thought.
    #[must_use]
    pub(crate) fn ambiguities(&self) -> &[QueryError] {
        &self.ambiguities
    }

    /// Where it says what it returns.
    #[must_use]
    pub fn select(&self) -> Option<TextPosition> {
        self.select
    }

    /// Where a word stands first, be it the name of a column or a function.
    #[must_use]
    pub fn find(&self, word: &str) -> Option<TextPosition> {
        parse::find(&self.text, word)
    }
}
