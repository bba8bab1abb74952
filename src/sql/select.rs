//! A SELECT, laid out.

use std::fmt;

use super::piece::hung;

/// `SELECT ... FROM ... WHERE ... GROUP BY ... HAVING ...`
#[derive(Clone, Debug, Default)]
pub struct Select {
    /// What is taken.
    pub columns: Vec<String>,
    /// Each value once.
    pub distinct: bool,
    /// From where.
    pub from: String,
    /// What must hold of a row.
    pub filters: Vec<String>,
    /// One row for each of these.
    pub group_by: Vec<String>,
    /// What must hold of such a row.
    pub having: Vec<String>,
}

/// How wide columns may become before each has a line.
const WIDTH: usize = 60;

impl fmt::Display for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.distinct { "SELECT DISTINCT" } else { "SELECT" };
        let columns = self.columns.join(", ");
        if columns.len() > WIDTH || columns.contains('\n') {
            let columns: Vec<String> = self.columns.iter().map(|column| hung(column, 4)).collect();
            write!(f, "{verb}\n    {}", columns.join(",\n    "))?;
        } else {
            write!(f, "{verb} {columns}")?;
        }
        let is_plain = self.filters.is_empty() && self.group_by.is_empty() && self.having.is_empty();
        let is_short = is_plain && !self.from.contains('\n');
        write!(f, "{}FROM {}", if is_short { ' ' } else { '\n' }, self.from)?;
        clause(f, "WHERE", &self.filters)?;
        if !self.group_by.is_empty() {
            write!(f, "\nGROUP BY {}", self.group_by.join(", "))?;
        }
        clause(f, "HAVING", &self.having)
    }
}

fn clause(f: &mut fmt::Formatter<'_>, word: &str, conditions: &[String]) -> fmt::Result {
    // What is ANDed in a condition stands in line with the others.
    let conditions: Vec<&str> = conditions.iter().flat_map(|condition| condition.split("\nAND ")).collect();
    let Some((first, others)) = conditions.split_first() else { return Ok(()) };
    let indent = if others.is_empty() { 0 } else { 4 };
    write!(f, "\n{word} {}", hung(first, indent))?;
    others.iter().try_for_each(|condition| write!(f, "\n    AND {}", hung(condition, 4)))
}

/// Queries joined by a set operation: `UNION`, `INTERSECT`, `EXCEPT`.
pub fn combined(operation: &str, queries: &[String]) -> String {
    queries.join(&format!("\n{operation}\n"))
}
