//! The embedded engine's own dialect.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use polars::prelude::col;
use polars::sql::SQLContext;
use segtui::catalog::Database;
use segtui::sql::{Dates, Dialect};

use super::{Subject, of_conformance, random};

fn run(database: &Database, sql: &str, id: &str) -> Result<Vec<String>, String> {
    let run = || {
        let mut context = SQLContext::new();
        for table in &database.tables {
            context.register(&table.name, table.content.as_ref().unwrap().frame.clone());
        }
        let rows = context.execute(sql)?.select([col(id)]).collect()?;
        let mut ids: Vec<String> = rows.column(id)?.str()?.iter().flatten().map(str::to_owned).collect();
        ids.sort_unstable();
        Ok(ids)
    };
    let outcome = catch_unwind(AssertUnwindSafe(run)).map_err(|_| "panicked".to_owned())?;
    outcome.map_err(|error: polars::prelude::PolarsError| error.to_string())
}

/// What comes out wrong, but for sums of amounts that no decimal holds, of which there may be so many.
fn wrong(databases: &[Arc<Database>], subjects: &[Subject], most_too_great: usize) -> Vec<String> {
    let (mut wrong, mut too_great) = (Vec::new(), 0);
    for subject in subjects {
        let database = &databases[subject.database];
        for dates in [Dates::Relative, Dates::Resolved] {
            let sql = subject.sql(database, Dialect::Embedded, dates);
            let sql = sql.replace(":as_of", &format!("DATE '{}'", subject.as_of));
            let ids = run(database, &sql, &subject.segment.activation_id);
            if ids.as_ref().is_err_and(|error| error.contains("to `decimal[38,9]` failed")) {
                too_great += 1;
            } else if ids.as_ref() != Ok(&subject.members) {
                wrong.push(format!("{}: {:?}, not {ids:?}\n{sql}", subject.name, subject.members));
            }
        }
    }
    assert!(too_great <= most_too_great, "{too_great} failed");
    wrong
}

fn judge(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} are wrong, the first:\n{}", wrong.len(), wrong[0]);
}

#[test]
fn every_case_converts() {
    let (databases, subjects) = of_conformance("parquet");
    judge(&wrong(&databases, &subjects, 0));
}

#[test]
fn random_segments_convert() {
    let (databases, subjects) = random(60, 8);
    judge(&wrong(&databases, &subjects, subjects.len() / 4));
}
