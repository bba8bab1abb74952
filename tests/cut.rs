//! A database of a few customers alone answers what the whole answers for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use segtui::backend::{Backend, Cancel, Evidence, Explain, ExplainedNode, Explanation, SegmentVerdict, Task};
use segtui::local::{Cut, CutColumns, Engine};
use segtui::segment::Segment;

use crate::conformance::{self, Case};

fn engine(case: &Case) -> Engine {
    let folder = conformance::folder(case.db.as_deref(), "parquet");
    Engine::new(conformance::open(&folder)).with_workspace_files(conformance::workspace())
}

/// All customers by the segment's activation ID, and two ids that are none.
fn ids(engine: &Engine, case: &Case) -> Vec<String> {
    let id = engine.database().activation_id(&case.segment);
    let everybody = serde_json::json!({
        "format": "segtui/segment", "version": 1, "id": "everybody", "name": "everybody", "activation_id": id,
        "include": {"match": "all", "of": []}, "exclude": {"match": "all", "of": []},
    });
    let everybody = Segment::from_json(&everybody.to_string()).unwrap();
    let mut ids = engine.members(&everybody, case.as_of, &Cancel::default()).unwrap_or_default();
    ids.extend(["ORPHAN-1", "nobody at all"].map(str::to_owned));
    ids
}

fn explain(engine: &Engine, case: &Case, ids: &[String]) -> Explanation {
    let question = Explain { segment: Arc::new(case.segment.clone()), as_of: case.as_of, ids: ids.to_vec() };
    let cancel = Cancel::default();
    Backend::explain(engine, &question, Task::new(&cancel)).unwrap()
}

/// Row numbers are those of another table; customers with similar ids are others.
fn comparable(explanation: &Explanation) -> Vec<(bool, Vec<ExplainedNode>, Vec<Vec<String>>)> {
    fn strip(node: &ExplainedNode) -> ExplainedNode {
        let mut node = node.clone();
        match &mut node.evidence {
            Evidence::Group { of, .. } => *of = of.iter().map(strip).collect(),
            Evidence::Rows(rows) => {
                rows.rows.iter_mut().for_each(|row| row.row = 0);
                rows.nearest.iter_mut().for_each(|nearest| nearest.row = nearest.row.map(|_| 0));
            }
            Evidence::Segment { verdict, .. } => **verdict = strip_verdict(verdict),
            Evidence::List { .. } => {}
        }
        node
    }
    fn strip_verdict(verdict: &SegmentVerdict) -> SegmentVerdict {
        SegmentVerdict { is_member: verdict.is_member, sides: verdict.sides.iter().map(strip).collect() }
    }
    let customers = explanation.customers.iter().map(|customer| {
        let verdict = strip_verdict(&customer.verdict);
        let flips = customer.flips.iter();
        let flips = flips.map(|flip| flip.iter().map(|path| path.to_string()).collect()).collect();
        (verdict.is_member, verdict.sides, flips)
    });
    customers.collect()
}

fn cut(engine: &Engine, case: &Case, ids: &[String], columns: CutColumns) -> Cut {
    let cut = engine.cut((&case.segment, case.as_of), ids, columns, &Cancel::default());
    cut.unwrap_or_else(|error| panic!("{}: {error:?}", case.name))
}

/// A few customers of a case: one alone, five, ids that are no customers, and so many that all are looked for at once.
fn picks(all: &[String], number: usize) -> Vec<Vec<String>> {
    let pick = |at: usize| all[(number * 31 + at * 17) % all.len()].clone();
    let none = all[all.len() - 2..].to_vec();
    vec![vec![pick(0)], (1..6).map(pick).collect(), none, (6..18).map(pick).collect()]
}

#[test]
fn what_is_true_of_customers_is_true_of_them_alone() {
    let mut engines = BTreeMap::new();
    let mut compared = 0;
    for (number, case) in conformance::cases().iter().enumerate() {
        let engine = engines.entry(case.db.clone()).or_insert_with(|| engine(case));
        let cancel = Cancel::default();
        // What is refused of the whole is no question.
        let Ok(members) = engine.members(&case.segment, case.as_of, &cancel) else { continue };
        let members: BTreeSet<String> = members.into_iter().collect();
        for ids in picks(&ids(engine, case), number) {
            for columns in [CutColumns::Used, CutColumns::All] {
                let cut = cut(engine, case, &ids, columns).engine;
                let expected: Vec<String> = {
                    let of_ids: BTreeSet<String> = ids.iter().cloned().collect();
                    of_ids.intersection(&members).cloned().collect()
                };
                let found = cut.members(&case.segment, case.as_of, &cancel);
                let found = found.unwrap_or_else(|error| panic!("{}: {ids:?}: {error:?}", case.name));
                assert_eq!(found, expected, "{}: {ids:?}", case.name);
            }
            let whole = explain(engine, case, &ids);
            let alone = explain(&cut(engine, case, &ids, CutColumns::All).engine, case, &ids);
            assert_eq!(comparable(&alone), comparable(&whole), "{}: {ids:?}", case.name);
            compared += ids.len();
        }
    }
    assert!(compared > 2000, "{compared}");
}

#[test]
fn a_cut_has_no_row_of_anybody_else() {
    let case = &conformance::cases()[0];
    let engine = engine(case);
    for id in ["C008", "ORPHAN-1"] {
        let cut = cut(&engine, case, &[id.to_owned()], CutColumns::All).engine;
        let mut rows = 0;
        for table in &cut.database().tables {
            let Some(column) = table.id_column("amperity_id") else { continue };
            let Some(count) = table.content.as_ref().ok().and_then(|content| content.rows) else { continue };
            let frame = cut.database().read(table, &[column]).unwrap();
            let text = |row: usize| frame.column(column).unwrap().get(row).unwrap().to_string();
            assert!((0..frame.height()).all(|row| text(row) == format!("{id:?}")), "{}", table.name);
            assert_eq!(frame.height() as u64, count);
            rows += count;
        }
        assert!(rows > 0, "{id}");
    }
}

#[test]
fn days_are_answered_by_the_cut_as_by_the_whole() {
    let cases = conformance::cases();
    let dated: Vec<&Case> = cases.iter().filter(|case| case.segment.to_json().contains("days")).collect();
    let mut differences = 0;
    for (number, case) in dated.iter().step_by(7).enumerate() {
        let engine = engine(case);
        let Ok(members) = engine.members(&case.segment, case.as_of, &Cancel::default()) else { continue };
        for ids in picks(&ids(&engine, case), number).into_iter().take(2) {
            let cut = cut(&engine, case, &ids, CutColumns::Used);
            if cut.depends_on_day {
                continue;
            }
            for days in (-4000..4000).step_by(397) {
                let day = case.as_of + chrono::Days::new(4000) - chrono::Days::new((4000 - days) as u64);
                // A range that begins at a day may be reversed.
                let Ok(whole) = engine.members(&case.segment, day, &Cancel::default()) else {
                    assert!(cut.engine.members(&case.segment, day, &Cancel::default()).is_err());
                    continue;
                };
                let expected: Vec<&String> = whole.iter().filter(|id| ids.contains(id)).collect();
                let found = cut.engine.members(&case.segment, day, &Cancel::default()).unwrap();
                assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{} {day} {ids:?}", case.name);
                differences += usize::from(whole != members);
            }
        }
    }
    assert!(differences > 20, "{differences}");
}
