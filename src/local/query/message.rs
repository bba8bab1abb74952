//! What polars has to say of a query, in a line for people.

use polars::error::PolarsError;

use crate::segment::{Query, QueryError, nearest};

/// How many characters of polars' own words are shown.
const LONGEST: usize = 200;
/// What to do where nothing better is known.
const OTHERWISE: &str = "the embedded engine knows much of SQL, not all of it: say it another way";

/// What is wrong with a query that polars refuses or fails over. `columns` are those of its tables.
pub fn failed(query: &Query, error: &PolarsError, columns: &[&str]) -> QueryError {
    use PolarsError as P;
    let root = root(error);
    let words = root.to_string();
    let words = words.lines().next().unwrap_or_default();
    let name = quoted(words);
    let found = |word: &str| query.find(word);
    match root {
        P::ColumnNotFound(_) | P::SchemaFieldNotFound(_) | P::StructFieldNotFound(_) => {
            if let Some(name) = name {
                return no_column(query, name, columns);
            }
        }
        P::SQLInterface(_) | P::SQLSyntax(_) => {
            if let Some(fault) = of_sql(query, words, name, columns) {
                return fault;
            }
        }
        P::IO { .. } => {
            let help = "check the file; if it has changed, open the database again";
            return QueryError::new(None, format!("a file cannot be read: {}", line(words)), help);
        }
        _ => {}
    }
    let help = match words {
        words if words.starts_with("cannot compare 'date") => {
            "write DATE '2025-12-31', or the column first and then '2025-12-31'"
        }
        words if words.starts_with("cannot compare") || words.starts_with("'is_in' cannot check") => {
            "write numbers without quotes and texts in single ones, or CAST one of both"
        }
        words if words.starts_with("cannot cast List") => {
            "in HAVING, look at aggregates; what is in GROUP BY belongs in WHERE"
        }
        _ => OTHERWISE,
    };
    QueryError::new(name.and_then(found), format!("the query fails: {}", line(words)), help)
}

/// Polars panicked, with these words.
pub fn panicked(words: &str) -> QueryError {
    let words = line(words);
    let message = match words.is_empty() {
        true => "the embedded engine breaks down over this query".to_owned(),
        false => format!("the embedded engine breaks down over this query: {words}"),
    };
    QueryError::new(None, message, OTHERWISE)
}

fn no_column(query: &Query, name: &str, columns: &[&str]) -> QueryError {
    // Behind the colon is the table that the column joined in with.
    let name = name.split(':').next().unwrap_or(name);
    let near = columns.iter().copied().find(|column| column.eq_ignore_ascii_case(name));
    let help = match near.or_else(|| nearest(name, columns.iter().copied())) {
        Some(near) if near == name => format!("{near:?} is not passed on to here"),
        Some(near) => format!("did you mean {near:?}?"),
        None => {
            "name a column of the tables, as it is written there; a text stands in single quotes".to_owned()
        }
    };
    QueryError::new(query.find(name), format!("there is no column {name:?} here"), help)
}

/// The refusals of the SQL interface.
fn of_sql(query: &Query, words: &str, name: Option<&str>, columns: &[&str]) -> Option<QueryError> {
    let at = name.and_then(|name| query.find(name));
    if words.starts_with("no column named") {
        return Some(no_column(query, name?, columns));
    }
    if words.starts_with("ambiguous reference") {
        let help = words.split_once("(use one of: ").map(|(_, names)| names.trim_end_matches(')'));
        let message = format!("{:?} is a column of several tables", name?);
        return Some(QueryError::new(at, message, format!("write one of {}", help?)));
    }
    if words.starts_with("unsupported function") {
        return Some(QueryError::new(at, format!("there is no function {:?} here", name?), OTHERWISE));
    }
    if words.contains("should participate in the GROUP BY") {
        let message = format!("{:?} is neither in GROUP BY nor in an aggregate", name?);
        return Some(QueryError::new(at, message, "add it to GROUP BY, or write MIN or MAX of it"));
    }
    // A kind of expression, and then its innards.
    let Some(innards) = words.strip_prefix("expression ") else {
        let help = "write IN (SELECT …), EXISTS, or join the query in brackets";
        let is_of_query = words.contains("subquery");
        return is_of_query
            .then(|| QueryError::new(None, "a query cannot be compared like a value here", help));
    };
    let kind = innards.split([' ', '(', '{']).next()?;
    let message = format!("this is not known here: {}", kind.to_uppercase());
    let help = match kind {
        "Exists" => {
            "EXISTS is known after AND, with equations of columns, and else only columns that the table outside \
             does not have: write IN (SELECT …), or a JOIN"
        }
        _ => OTHERWISE,
    };
    Some(QueryError::new(query.find(kind), message, help))
}

/// The error itself, without what polars was doing.
fn root(error: &PolarsError) -> &PolarsError {
    match error {
        PolarsError::Context { error, .. } | PolarsError::ExprContext { error, .. } => root(error),
        error => error,
    }
}

/// The first name in quotes.
fn quoted(words: &str) -> Option<&str> {
    let start = words.find(['\'', '"'])?;
    let rest = words.get(start + 1..)?;
    let end = rest.find(['\'', '"'])?;
    rest.get(..end).filter(|name| !name.is_empty())
}

/// The first line, without what would move a cursor, the innards of a syntax tree, and not too long.
fn line(words: &str) -> String {
    let first = words.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first = first.split(" {").next().unwrap_or_default();
    let mut letters = first.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut line: String = letters.by_ref().take(LONGEST).collect();
    if letters.next().is_some() {
        line.push('…');
    }
    line
}
