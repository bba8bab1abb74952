//! Custom metrics: figures that somebody has added to the summary of all segments of a database and activation ID.

use serde::{Deserialize, Serialize};

/// How many there may be for a database and activation ID.
pub const MOST_METRICS: usize = 10;

/// A custom metric, as `workspace.json` holds it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Metric {
    /// The name of the database.
    pub database: String,
    /// Whom it counts.
    pub activation_id: String,
    /// Its title, unique for the database and activation ID.
    pub name: String,
    /// What it shows.
    pub kind: MetricKind,
    /// The name of the table.
    pub table: String,
    /// The name of the column; `None` for a count of rows.
    #[serde(default)]
    pub column: Option<String>,
    /// What is computed over the members' rows; of bars it is of no account.
    #[serde(rename = "fn", default)]
    pub function: MetricFunction,
    /// How the number is written.
    #[serde(default)]
    pub format: MetricFormat,
    /// What stands behind the number; may be empty.
    #[serde(default)]
    pub unit: String,
}

/// What a metric shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricKind {
    /// One number.
    Number,
    /// Members by value of a column.
    Bars,
}

/// What is computed over the rows of the members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricFunction {
    /// How many rows there are.
    #[default]
    Rows,
    /// How many have a value.
    Count,
    /// How many different values there are.
    Distinct,
    /// Of a column of numbers.
    Sum,
    /// Of a column of numbers.
    Avg,
    /// Of a column of numbers.
    Min,
    /// Of a column of numbers.
    Max,
}

/// How the number of a metric is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MetricFormat {
    /// A whole number.
    #[default]
    Integer,
    /// In the currency of the database.
    Money,
    /// A share of one, as a percentage.
    Percent,
}
