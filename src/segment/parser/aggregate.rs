//! Numbers worked out over rows: "Sum of Order Revenue", "Number of rows".

use super::error::ParseError;
use super::expected::Expected;
use super::parser::{ConditionResult, Parser};
use super::subject::Subject;
use crate::segment::aggregate_words::{FUNCTION_WORDS, ROWS};
use crate::segment::name_matching::phrase_end;
use crate::segment::node::{AggregateCondition, Condition, ConditionKind, Extra};
use crate::segment::vocabulary::{AggregateFunction, DataType};
use crate::segment::words;

impl Parser<'_> {
    /// The number of rows of a table, if the line asks for it.
    pub fn rows(&mut self, table: &str) -> Option<ConditionResult> {
        self.skip();
        let said = ["Number of", "Count of"].into_iter().find_map(|phrase| {
            let end = phrase_end(self.text, self.at, phrase)?;
            let rest = self.text.get(end..)?;
            phrase_end(self.text, end + (rest.len() - rest.trim_start().len()), ROWS)
        });
        self.at = said?;
        Some(self.compared(table, AggregateFunction::Count, None))
    }

    /// A number worked out over a column of one of these tables, if the line begins like one.
    pub fn aggregate(&mut self, tables: &[String]) -> Option<ConditionResult> {
        self.skip();
        let said = FUNCTION_WORDS.iter().filter_map(|(phrase, function)| {
            phrase_end(self.text, self.at, phrase).map(|end| (end, *function))
        });
        let mut said: Vec<(usize, AggregateFunction)> = said.collect();
        said.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
        let mut error: Option<ParseError> = None;
        for (end, function) in said {
            let result = self.attempt(|parser| {
                parser.at = end;
                parser.of_column(tables, function)
            });
            match result {
                Ok(condition) => return Some(Ok(condition)),
                Err(next) => {
                    error = Some(match error {
                        Some(before) => before.furthest(next),
                        None => next,
                    });
                }
            }
        }
        error.map(Err)
    }

    fn of_column(&mut self, tables: &[String], function: AggregateFunction) -> ConditionResult {
        self.expect_next(Expected::Operands(tables.to_vec(), function));
        let of_column = self.attempt(|parser| {
            parser.column(tables, &|parser, table, column| parser.compared(table, function, Some(column)))
        });
        if of_column.is_ok() || function != AggregateFunction::Count || tables.len() == 1 {
            return of_column;
        }
        // "count of Transactions"
        let of_rows = self
            .attempt(|parser| parser.table_alone(&|parser, table| parser.compared(table, function, None)));
        match (of_column, of_rows) {
            (Err(column), Err(rows)) => Err(column.furthest(rows)),
            (_, of_rows) => of_rows,
        }
    }

    /// Operator, value and filters.
    fn compared(
        &mut self,
        table: &str,
        function: AggregateFunction,
        column: Option<&str>,
    ) -> ConditionResult {
        let place = self.at;
        let label = words::aggregate(function, table, column, self.schema);
        let of = match column {
            Some(column) => Some(self.subject(table, column)?.data_type),
            None => None,
        };
        let Some(data_type) = function.result(of) else {
            let column = column.map(|column| self.schema.column_label(table, column)).unwrap_or_default();
            let kind = of.map_or("", |of| {
                Subject { table: String::new(), column: None, label: String::new(), data_type: of }.kind()
            });
            return Err(ParseError::new(place..place, format!("{column} is {kind}: there is no {label:?}"))
                .with_help("take another column, or another function"));
        };
        let has_values = matches!(function, AggregateFunction::Minimum | AggregateFunction::Maximum)
            && data_type == DataType::String;
        let values_of = column.filter(|_| has_values).map(str::to_owned);
        let test = self.test(&Subject { table: table.to_owned(), column: values_of, label, data_type })?;
        let filters = self.filters(table)?;
        self.end()?;
        Ok(Condition::new(ConditionKind::Aggregate(AggregateCondition {
            table: table.to_owned(),
            function,
            column: column.map(str::to_owned),
            extra: Extra::new(),
            test,
            filters,
        })))
    }
}
