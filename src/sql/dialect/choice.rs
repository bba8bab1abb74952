//! The list of dialects.

use super::sql_dialect::SqlDialect;

/// The enum, its members in order, and what implements each, from one list.
macro_rules! dialects {
    ($($(#[$doc:meta])* $name:ident => $implementation:expr,)+) => {
        /// The SQL of which engine.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Dialect {
            $($(#[$doc])* $name,)+
        }

        impl Dialect {
            /// All of them, in the order in which they are offered.
            pub const ALL: [Self; [$(Self::$name,)+].len()] = [$(Self::$name,)+];

            pub(in crate::sql) fn implementation(self) -> &'static dyn SqlDialect {
                match self {
                    $(Self::$name => &$implementation,)+
                }
            }
        }
    };
}

dialects! {
    /// DuckDB.
    DuckDb => super::duckdb::DuckDb,
    /// Trino, once Presto.
    Trino => super::trino::Trino,
    /// Apache Spark.
    Spark => super::spark::Spark,
    /// PostgreSQL.
    Postgres => super::postgres::Postgres,
    /// The embedded engine's own, for conversion to a SQL segment; `:as_of` stands for the day.
    Embedded => super::embedded::Embedded,
}

impl Dialect {
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
        self.implementation().id()
    }

    /// The spelling on screens: `DuckDB`.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.implementation().title()
    }

    /// A name of a table or column, in quotes where it needs them.
    #[must_use]
    pub(crate) fn identifier(self, name: &str) -> String {
        self.implementation().identifier(name)
    }
}
