//! What is converted is a SQL segment with the same members, on the embedded engine.

use std::sync::Arc;

use segtui::backend::{BackendError, Cancel};
use segtui::local::Engine;
use segtui::local::files::LocalDatabase;
use segtui::segment::{Definition, Segment};
use segtui::sql::{DateStyle, Dialect};

use super::{Subject, of_conformance, random};

/// What comes out wrong, but for sums of amounts that no decimal holds, of which there may be so many.
fn wrong(databases: &[Arc<LocalDatabase>], subjects: &[Subject], most_too_great: usize) -> Vec<String> {
    let engines: Vec<Engine> = databases.iter().map(|database| Engine::new(Arc::clone(database))).collect();
    let cancel = Cancel::default();
    let (mut wrong, mut too_great) = (Vec::new(), 0);
    for subject in subjects {
        for dates in [DateStyle::Relative, DateStyle::Resolved] {
            let sql = subject.sql(&databases[subject.database], Dialect::Embedded, dates);
            let segment = Segment { definition: Definition::Sql(sql.clone()), ..subject.segment.clone() };
            match engines[subject.database].members(&segment, subject.as_of, &cancel) {
                Ok(members) if members == subject.members => {}
                Err(BackendError::Refused(problem))
                    if problem.diagnostic.message.contains("to `decimal[38,9]` failed") =>
                {
                    too_great += 1;
                }
                other => wrong.push(format!("{}: {:?}, not {other:?}\n{sql}", subject.name, subject.members)),
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
    for format in ["parquet", "csv"] {
        let (databases, subjects) = of_conformance(format);
        judge(&wrong(&databases, &subjects, 0));
    }
}

#[test]
fn what_is_converted_has_the_same_insights() {
    let (databases, subjects) = of_conformance("parquet");
    let cancel = Cancel::default();
    for subject in subjects.iter().step_by(7) {
        let database = &databases[subject.database];
        let engine = Engine::new(Arc::clone(database)).with_lists(Arc::clone(&subject.lists));
        let sql = subject.sql(database, Dialect::Embedded, DateStyle::Relative);
        let converted = Segment { definition: Definition::Sql(sql), ..subject.segment.clone() };
        let of = |segment: &Segment| engine.evaluate(segment, subject.as_of, &cancel).unwrap();
        let (visual, converted) = (of(&subject.segment), of(&converted));
        assert_eq!((visual.insights, visual.all), (converted.insights, converted.all), "{}", subject.name);
    }
}

#[test]
fn random_segments_convert() {
    let (databases, subjects) = random(60, 8);
    judge(&wrong(&databases, &subjects, subjects.len() / 4));
}
