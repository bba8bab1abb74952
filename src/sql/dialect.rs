//! For whom the SQL is written.

use super::tongue::{DuckDb, Embedded, Postgres, Spark, SqlDialect, Trino};

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
pub enum DateStyle {
    /// As the days that they mean on the day of evaluation.
    Resolved,
    /// As arithmetic on the day on which the query runs.
    Relative,
}

impl Dialect {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Dialect; 5] = [Self::DuckDb, Self::Trino, Self::Spark, Self::Postgres, Self::Embedded];

    /// Those of other engines, for export; the embedded engine's is for conversion.
    pub fn external() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|dialect| *dialect != Self::Embedded)
    }

    /// The dialect `by` places further on, around the corner.
    #[must_use]
    pub fn next(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|dialect| *dialect == self).unwrap_or(0);
        Self::ALL.into_iter().cycle().nth(at + by).unwrap_or(self)
    }

    /// The spelling on the command line: `duckdb`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Trino => "trino",
            Self::Spark => "spark",
            Self::Postgres => "postgres",
            Self::Embedded => "embedded",
        }
    }

    /// The spelling on screens: `DuckDB`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::DuckDb => "DuckDB",
            Self::Trino => "Trino",
            Self::Spark => "Spark",
            Self::Postgres => "PostgreSQL",
            Self::Embedded => "segtui",
        }
    }

    /// A name of a table or column, in quotes where it needs them; as it is for a dialect that this version
    /// does not write.
    #[must_use]
    pub fn identifier(self, name: &str) -> String {
        self.tongue().map_or_else(|| name.to_owned(), |tongue| tongue.name(name))
    }

    /// How it says things; `None` for one that this version does not write yet.
    pub(super) fn tongue(self) -> Option<&'static dyn SqlDialect> {
        match self {
            Self::DuckDb => Some(&DuckDb),
            Self::Postgres => Some(&Postgres),
            Self::Trino => Some(&Trino),
            Self::Spark => Some(&Spark),
            Self::Embedded => Some(&Embedded),
        }
    }
}
