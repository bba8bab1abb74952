//! For whom the SQL is written.

/// The SQL of which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// Trino, once Presto.
    Trino,
    /// Apache Spark.
    Spark,
    /// PostgreSQL.
    Postgres,
    /// The embedded engine's own, for conversion to a SQL segment; `:as_of` stands for the day.
    Embedded,
}

/// How relative dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    /// As the days that they mean on the day of evaluation.
    Resolved,
    /// As arithmetic on the day on which the query runs.
    Relative,
}
