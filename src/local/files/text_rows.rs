//! The rows of a table as texts, for engines that have not got its files.

use polars::prelude::{Column, DataType, PolarsResult, TimeUnit};

use super::carried_error::table_error;
use super::id_texts::id_texts;
use super::local_database::LocalDatabase;
use crate::database::{Table, TableError};

impl LocalDatabase {
    /// The rows of some columns of a table, each value as the text that says it exactly: numbers in decimal notation,
    /// dates as `YYYY-MM-DD`, times of the day behind them, in UTC.
    ///
    /// # Errors
    /// The table, or its file, cannot be read.
    pub fn texts(&self, table: &Table, columns: &[&str]) -> Result<Vec<Vec<Option<String>>>, TableError> {
        let content = table.content.as_ref().map_err(Clone::clone)?;
        let file = content.files.first().cloned().unwrap_or_default();
        let read = || {
            let frame = self.read(table, columns)?;
            let columns = columns.iter().map(|column| texts(frame.column(column)?));
            let columns: Vec<Vec<Option<String>>> = columns.collect::<PolarsResult<_>>()?;
            let row = |at: usize| columns.iter().map(|column| column.get(at).cloned().flatten()).collect();
            Ok((0..frame.height()).map(row).collect())
        };
        read().map_err(|error: polars::prelude::PolarsError| table_error(&file, &error))
    }
}

fn texts(column: &Column) -> PolarsResult<Vec<Option<String>>> {
    Ok(match column.dtype() {
        DataType::Float64 => {
            let text = |value: f64| match value {
                f64::INFINITY => "Infinity".to_owned(),
                f64::NEG_INFINITY => "-Infinity".to_owned(),
                value => value.to_string(),
            };
            column.f64()?.iter().map(|value| value.map(text)).collect()
        }
        DataType::Datetime(TimeUnit::Microseconds, _) => {
            let instants = column.datetime()?.physical().iter();
            let instant = |micros| chrono::DateTime::from_timestamp_micros(micros);
            let text =
                |micros| Some(instant(micros)?.naive_utc().format("%Y-%m-%d %H:%M:%S%.6f").to_string());
            instants.map(|micros| micros.and_then(text)).collect()
        }
        _ => id_texts(column)?.iter().map(|text| text.map(str::to_owned)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn values_say_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let text = "id,n,x,d,t,b\n007,5,0.1,2024-02-29,2024-02-29 12:00:00.25,true\n8,,-1e300,,,\n";
        fs::write(folder.path().join("T.csv"), text).unwrap();
        fs::write(folder.path().join("database.toml"), "id = \"id\"").unwrap();
        let database = crate::local::files::open(folder.path(), &|_| {}).unwrap();
        let rows = database.texts(database.table("T").unwrap(), &["id", "n", "x", "d", "t", "b"]).unwrap();
        let texts: Vec<Option<&str>> = rows[0].iter().map(Option::as_deref).collect();
        let expected = ["007", "5", "0.1", "2024-02-29", "2024-02-29 12:00:00.250000", "true"];
        assert_eq!(texts, expected.map(Some));
        assert_eq!((&rows[1][1], &rows[1][3], &rows[1][5]), (&None, &None, &None));
        assert_eq!(rows[1][2].as_ref().unwrap().parse(), Ok(-1e300));
    }
}
