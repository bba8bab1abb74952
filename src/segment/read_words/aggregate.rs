//! Numbers worked out over rows: "Sum of Order Revenue", "Number of rows".

use super::line::Reading;
use super::misread::Misread;
use super::offer::Wanted;
use super::reader::Reader;
use super::subject::Subject;
use crate::segment::names::said_at;
use crate::segment::node::{AggregateCondition, Condition, Extra, Kind};
use crate::segment::vocabulary::{DataType, Function};
use crate::segment::words::{self, FUNCTION_WORDS, ROWS};

impl Reader<'_> {
    /// The number of rows of a table, if the line asks for it.
    pub fn rows(&mut self, table: &str) -> Option<Reading> {
        self.skip();
        let said = ["Number of", "Count of"].into_iter().find_map(|phrase| {
            let end = said_at(self.text, self.at, phrase)?;
            let rest = self.text.get(end..)?;
            said_at(self.text, end + (rest.len() - rest.trim_start().len()), ROWS)
        });
        self.at = said?;
        Some(self.compared(table, Function::Count, None))
    }

    /// A number worked out over a column of one of these tables, if the line begins like one.
    pub fn aggregate(&mut self, tables: &[String]) -> Option<Reading> {
        self.skip();
        let said = FUNCTION_WORDS
            .iter()
            .filter_map(|(phrase, function)| said_at(self.text, self.at, phrase).map(|end| (end, *function)));
        let mut said: Vec<(usize, Function)> = said.collect();
        said.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
        let mut misread: Option<Misread> = None;
        for (end, function) in said {
            let reading = self.attempt(|reader| {
                reader.at = end;
                reader.of_column(tables, function)
            });
            match reading {
                Ok(condition) => return Some(Ok(condition)),
                Err(next) => {
                    misread = Some(match misread {
                        Some(before) => before.further(next),
                        None => next,
                    });
                }
            }
        }
        misread.map(Err)
    }

    fn of_column(&mut self, tables: &[String], function: Function) -> Reading {
        self.want(Wanted::Operands(tables.to_vec(), function));
        let of_column = self.attempt(|reader| {
            reader.column(tables, &|reader, table, column| reader.compared(table, function, Some(column)))
        });
        if of_column.is_ok() || function != Function::Count || tables.len() == 1 {
            return of_column;
        }
        // "count of Transactions"
        let of_rows = self
            .attempt(|reader| reader.table_alone(&|reader, table| reader.compared(table, function, None)));
        match (of_column, of_rows) {
            (Err(column), Err(rows)) => Err(column.further(rows)),
            (_, of_rows) => of_rows,
        }
    }

    /// Operator, value and filters.
    fn compared(&mut self, table: &str, function: Function, column: Option<&str>) -> Reading {
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
            return Err(Misread::new(place..place, format!("{column} is {kind}: there is no {label:?}"))
                .help("take another column, or another function"));
        };
        let has_values =
            matches!(function, Function::Minimum | Function::Maximum) && data_type == DataType::String;
        let values_of = column.filter(|_| has_values).map(str::to_owned);
        let test = self.test(&Subject { table: table.to_owned(), column: values_of, label, data_type })?;
        let filters = self.filters(table)?;
        self.end()?;
        Ok(Condition::new(Kind::Aggregate(AggregateCondition {
            table: table.to_owned(),
            function,
            column: column.map(str::to_owned),
            extra: Extra::new(),
            test,
            filters,
        })))
    }
}
