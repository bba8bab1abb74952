//! Tables as rows of plain values.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use polars::prelude::{AnyValue, TimeUnit};
use segtui::database::Table;
use segtui::local::files::LocalDatabase;
use segtui::segment::DataType;
use serde_json::Value;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Null,
    Text(String),
    Whole(i64),
    Decimal(f64),
    /// A sum that no double says, in units of the twelfth decimal.
    Exact(i128),
    Flag(bool),
    Day(NaiveDate),
    Time(NaiveDateTime),
}

/// A table.
pub struct Rows {
    columns: Vec<(String, DataType)>,
    cells: Vec<Vec<Cell>>,
    /// The id of each row as text.
    pub ids: Vec<Option<String>>,
}

impl Rows {
    pub fn read(database: &LocalDatabase, table: &Table, id: &str) -> Self {
        Self::read_any(database, table, Some(id))
    }

    /// Of a table that may have no ids.
    pub fn read_any(database: &LocalDatabase, table: &Table, id: Option<&str>) -> Self {
        let content = table.content.as_ref().unwrap();
        let frame = database.frame(table).unwrap().clone().collect().unwrap();
        let columns: Vec<(String, DataType)> =
            content.columns.iter().map(|column| (column.name.clone(), column.data_type)).collect();
        let cells: Vec<Vec<Cell>> = (0..frame.height())
            .map(|row| {
                columns.iter().map(|(name, _)| cell(frame.column(name).unwrap().get(row).unwrap())).collect()
            })
            .collect();
        let position = id.map(|id| columns.iter().position(|(name, _)| name == id).unwrap());
        let ids = cells.iter().map(|row| position.and_then(|position| row[position].text())).collect();
        Self { columns, cells, ids }
    }

    /// Drops the rows of everybody else.
    pub fn keep(&mut self, id: &str) {
        let is_own: Vec<bool> = self.ids.iter().map(|row_id| row_id.as_deref() == Some(id)).collect();
        let mut own = is_own.iter();
        self.cells.retain(|_| *own.next().unwrap());
        let mut own = is_own.iter();
        self.ids.retain(|_| *own.next().unwrap());
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn columns(&self) -> &[(String, DataType)] {
        &self.columns
    }

    pub fn has(&self, column: &str) -> bool {
        self.type_of(column).is_some()
    }

    pub fn type_of(&self, column: &str) -> Option<DataType> {
        self.columns.iter().find(|(name, _)| name == column).map(|(_, data_type)| *data_type)
    }

    pub fn cell(&self, row: usize, column: &str) -> &Cell {
        let position = self.columns.iter().position(|(name, _)| name == column).unwrap();
        &self.cells[row][position]
    }
}

impl Cell {
    /// The number of a document.
    pub fn number(value: &Value) -> Self {
        value.as_i64().map_or_else(|| Self::Decimal(value.as_f64().unwrap()), Self::Whole)
    }

    pub fn text(&self) -> Option<String> {
        Some(match self {
            Self::Null => return None,
            Self::Text(text) => text.clone(),
            Self::Whole(whole) => whole.to_string(),
            Self::Decimal(0.0) => "0".to_owned(),
            Self::Decimal(decimal) => decimal.to_string(),
            Self::Exact(units) => panic!("a sum of {units} units is no value of a column"),
            Self::Flag(flag) => flag.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Time(time) => time.to_string(),
        })
    }

    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Day(day) => *day,
            Self::Time(time) => time.date(),
            other => panic!("{other:?} is no date"),
        }
    }

    pub fn instant(&self) -> NaiveDateTime {
        match self {
            Self::Day(day) => super::midnight(*day),
            Self::Time(time) => *time,
            other => panic!("{other:?} is no time"),
        }
    }

    /// A day as the time at which it begins.
    pub fn at_midnight(&self) -> Self {
        match self {
            Self::Day(day) => Self::Time(super::midnight(*day)),
            other => other.clone(),
        }
    }
}

fn cell(value: AnyValue) -> Cell {
    match value {
        AnyValue::Null => Cell::Null,
        AnyValue::String(text) => Cell::Text(text.to_owned()),
        AnyValue::StringOwned(text) => Cell::Text(text.to_string()),
        AnyValue::Int64(whole) => Cell::Whole(whole),
        AnyValue::Float64(decimal) => Cell::Decimal(decimal),
        AnyValue::Boolean(flag) => Cell::Flag(flag),
        AnyValue::Date(days) => {
            Cell::Day(DateTime::from_timestamp(i64::from(days) * 86_400, 0).unwrap().date_naive())
        }
        AnyValue::Datetime(micros, TimeUnit::Microseconds, _)
        | AnyValue::DatetimeOwned(micros, TimeUnit::Microseconds, _) => {
            Cell::Time(DateTime::from_timestamp_micros(micros).unwrap().naive_utc())
        }
        other => panic!("{other:?} is none of the types of a database"),
    }
}
