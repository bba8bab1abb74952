//! Advice must never lie: whatever it claims of a random segment is held against the obvious evaluator.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use polars::prelude::{BooleanChunked, NewChunkedArray};
use proptest::prelude::*;
use proptest::sample::Index;
use segtui::backend::Cancel;
use segtui::database::DatabaseView;
use segtui::local::Engine;
use segtui::local::files::{LocalContent, LocalDatabase};
use segtui::segment::advice::{Claim, Finding, Population, RowsPerCustomer, findings};
use segtui::segment::{
    ConditionKind, ConditionPart, Node, NodePath, Operator, Place, Segment, Test, check, edit,
};
use serde_json::Value;

use super::engine_against_slow::{runner, truth, without, words};
use super::strategy::{AS_OF, KnownLists, Words, database, lists, segment};
use super::{Cell, Slow, passes};

/// What the rows themselves say.
struct Counted<'a>(&'a Slow);

impl Population for Counted<'_> {
    fn rows(&self, table: &str) -> Option<RowsPerCustomer> {
        let rows = self.0.tables.get(table)?;
        let of = |id: &String| rows.ids.iter().filter(|of| of.as_ref() == Some(id)).count();
        let counts: Vec<usize> = self.0.universe.iter().map(of).collect();
        Some(RowsPerCustomer {
            at_most_one: counts.iter().all(|count| *count <= 1),
            at_least_one: counts.iter().all(|count| *count >= 1),
        })
    }
}

/// The same database with one row of `people` for each id.
fn one_row_each(database: &Arc<LocalDatabase>) -> Arc<LocalDatabase> {
    let slow = Slow::new(database, "id", AS_OF());
    let mut seen = BTreeSet::new();
    let kept: BooleanChunked = BooleanChunked::from_iter_values(
        "kept".into(),
        slow.tables["people"].ids.iter().map(|id| seen.insert(id.clone())),
    );
    let people = database.table("people").unwrap();
    let rows = database.frame(people).unwrap().clone().collect().unwrap().filter(&kept).unwrap();
    let content = LocalContent::of_query(people.content.as_ref().unwrap(), rows);
    Arc::new(database.with_contents([("people".to_owned(), content)].into()))
}

/// Databases with segments that speak of few columns, so that their lines have to do with each other.
fn cases() -> impl Strategy<Value = (Arc<LocalDatabase>, KnownLists, Vec<Segment>)> {
    (database(), any::<bool>(), prop::collection::vec(any::<Index>(), 1..4)).prop_flat_map(
        |(database, is_single, columns)| {
            let database = if is_single { one_row_each(&database) } else { database };
            let Words { targets, items, .. } = words(&database);
            let mut chosen: BTreeSet<usize> = columns.iter().map(|at| at.index(targets.len())).collect();
            chosen.extend(targets.iter().position(|target| target.column() == "order_datetime"));
            let targets = chosen.into_iter().map(|at| targets[at].clone()).collect();
            let words = Words { targets, items, lists: Vec::new() };
            (Just(database).no_shrink(), lists(&words), Just(words)).prop_flat_map(
                |(database, known, words)| {
                    let words = Words { lists: known.sources(), ..words };
                    let segments = prop::collection::vec(segment(&words), 6);
                    (Just(database).no_shrink(), Just(known).no_shrink(), segments)
                },
            )
        },
    )
}

struct Judge<'a> {
    slow: &'a Slow,
    segment: &'a Segment,
}

impl Judge<'_> {
    fn holds(&self, path: &NodePath) -> BTreeSet<&String> {
        let is_in = |id: &&String| truth(self.slow, self.segment, path, id) == Some(Some(true));
        self.slow.universe.iter().filter(is_in).collect()
    }

    /// Who passes all of these lines.
    fn all(&self, paths: &[NodePath]) -> BTreeSet<&String> {
        let everybody: BTreeSet<&String> = self.slow.universe.iter().collect();
        paths.iter().fold(everybody, |left, path| left.intersection(&self.holds(path)).copied().collect())
    }

    /// Who has a value in a column.
    fn with_value(&self, table: &str, column: &str) -> BTreeSet<&String> {
        let rows = &self.slow.tables[table];
        let has = |id: &&String| {
            (0..rows.len())
                .any(|row| rows.ids[row].as_ref() == Some(*id) && *rows.cell(row, column) != Cell::Null)
        };
        self.slow.universe.iter().filter(has).collect()
    }

    fn is_true(&self, finding: &Finding) -> bool {
        let (own, others) = (self.holds(&finding.path), self.all(&finding.by));
        let either: BTreeSet<&String> = own.union(&others).copied().collect();
        let everybody = self.slow.universe.len();
        let is_true = match &finding.claim {
            Claim::Never(_) => own.is_empty(),
            Claim::Always(_) => own.len() == everybody,
            Claim::Contradicts | Claim::ExcludesNone => own.is_disjoint(&others),
            Claim::Implied => others.is_subset(&own),
            Claim::ExcludesAll => {
                let members = self.slow.members(self.segment);
                others.is_subset(&own) && others.iter().all(|id| !members.contains(id))
            }
            // Of those who come so far; what is left is told from the members.
            Claim::Subsumed | Claim::Excluded => finding.changes_nothing,
            Claim::Covers => either.len() == everybody,
            Claim::CoversValues { table, column } => self.with_value(table, column).is_subset(&either),
        };
        let members = || self.slow.members(self.segment);
        let is_idle = || members() == self.slow.members(&without(self.segment, &finding.path));
        is_true && (!finding.changes_nothing || is_idle())
    }
}

#[test]
fn advice_is_true() {
    let seen = RefCell::new(BTreeMap::<String, u32>::new());
    runner(1_500)
        .run(&cases(), |(database, known, segments)| {
            let slow = Slow::new(&database, "id", AS_OF()).with_lists(Arc::new(known.clone()));
            let view = DatabaseView { database: &database, activation_id: "id" };
            for segment in &segments {
                let checked = check(segment, &view, &known, AS_OF());
                let judge = Judge { slow: &slow, segment };
                for finding in findings(&checked, &view, &Counted(&slow)) {
                    prop_assert!(judge.is_true(&finding), "{finding:?} of {}", segment.to_json());
                    let claim = format!("{:?}", finding.claim);
                    let name = claim.split([' ', '{']).next().unwrap_or_default().to_owned();
                    *seen.borrow_mut().entry(name).or_default() += 1;
                }
            }
            Ok(())
        })
        .unwrap();
    // A claim that is never made is never proved.
    for claim in [
        "Never(Orders)",
        "Never(Window)",
        "Never(Test)",
        "Never(TestAndFilters)",
        "Never(Filter)",
        "Never(Filters)",
        "Always(Number)",
        "Always(Test)",
        "Contradicts",
        "ExcludesNone",
        "Implied",
        "ExcludesAll",
        "Subsumed",
        "Excluded",
        "Covers",
        "CoversValues",
    ] {
        assert!(seen.borrow().contains_key(claim), "{claim} is not among {:?}", seen.borrow());
    }
}

/// The tests of values in a segment that take part, with their tables and places.
fn value_tests(slow: &Slow, segment: &Segment) -> Vec<(Place, String, String, Test)> {
    let mut found = Vec::new();
    for (path, node) in segment.walk() {
        let is_there =
            std::iter::successors(Some(path.clone()), |path| path.parent().map(|(around, _)| around)).all(
                |path| match segment.node(&path) {
                    Some(node) => !node.is_off(),
                    None => segment.side(path.side).unwrap().off != Some(true),
                },
            );
        let (Node::Condition(condition), true) = (node, is_there) else { continue };
        let table = match &condition.kind {
            ConditionKind::Attribute(attribute) => {
                let place = Place::Node(path.clone(), ConditionPart::Whole);
                let (table, column) = (attribute.table.clone(), attribute.column.clone());
                found.push((place, table.clone(), column, attribute.test.clone()));
                table
            }
            ConditionKind::Aggregate(aggregate) => aggregate.table.clone(),
            ConditionKind::Purchase(_) => slow.items.clone().unwrap(),
            ConditionKind::List(_) => continue,
        };
        for (at, filter) in condition.filters().iter().enumerate() {
            let place = Place::Node(path.clone(), ConditionPart::Where(at));
            found.push((place, table.clone(), filter.column.clone(), filter.test.clone()));
        }
    }
    found
}

#[test]
fn values_that_do_not_occur_are_named_and_no_others() {
    let seen = RefCell::new([0_u32; 3]);
    runner(400)
        .run(&cases(), |(database, known, segments)| {
            let slow = Slow::new(&database, "id", AS_OF()).with_lists(Arc::new(known.clone()));
            let engine = Engine::new(Arc::clone(&database)).with_lists(Arc::new(known));
            for segment in &segments {
                let advice = engine.advise(segment, AS_OF(), &Cancel::default()).unwrap();
                let said = |place: &Place, words: &str| {
                    advice.iter().find(|problem| {
                        problem.diagnostic.place == *place && problem.diagnostic.message.contains(words)
                    })
                };
                for (place, table, column, test) in value_tests(&slow, segment) {
                    let rows = &slow.tables[&table];
                    let cells: Vec<&Cell> = (0..rows.len()).map(|row| rows.cell(row, &column)).collect();
                    let has_type =
                        |cell: &&&Cell| matches!(cell, Cell::Text(_) | Cell::Whole(_) | Cell::Decimal(_));
                    let is = |value: &Value| {
                        let op = if value.is_string() { Operator::IsExactly } else { Operator::Is };
                        let one = Test { match_case: test.match_case, ..Test::new(op, Some(value.clone())) };
                        cells.iter().any(|cell| passes(cell, &one, AS_OF()) == Some(true))
                    };
                    let value = test.value.as_deref().cloned().unwrap_or_default();
                    let missing = match test.op.unwrap() {
                        // Of a column without values the type is not told here.
                        _ if !cells.iter().any(|cell| has_type(&cell)) => continue,
                        Operator::Is | Operator::IsNot | Operator::IsExactly | Operator::IsNotExactly => {
                            !is(&value)
                        }
                        Operator::IsInList | Operator::IsNotInList => {
                            !value.as_array().unwrap().iter().all(is)
                        }
                        _ => false,
                    };
                    prop_assert_eq!(said(&place, " occur").is_some(), missing, "{} {:?}", place, advice);
                    seen.borrow_mut()[usize::from(missing)] += 1;
                }
                for line in engine.evaluate_strictly(segment, AS_OF(), &Cancel::default()).unwrap().waterfall
                {
                    let Some(Node::Condition(condition)) = segment.node(&line.path) else { continue };
                    let ConditionKind::Attribute(attribute) = &condition.kind else { continue };
                    let is_told = attribute.test.op.unwrap().is_negative() && line.null > 0;
                    let problem = said(&Place::Node(line.path.clone(), ConditionPart::Whole), "with NULL in");
                    prop_assert_eq!(problem.is_some(), is_told);
                    let Some(problem) = problem else { continue };
                    let number = format!(" {} ", line.null);
                    prop_assert!(
                        problem.diagnostic.message.contains(&number),
                        "{}",
                        problem.diagnostic.message
                    );
                    seen.borrow_mut()[2] += 1;
                    // Adding them adds just those: everybody for whom the line is unknown.
                    let mut added = segment.clone();
                    let Some(path) = edit::nulls::add(&mut added, &line.path) else { continue };
                    let group = path.parent().unwrap().0;
                    let either = |id: &String| {
                        let [own, null] = [path.clone(), group.child(path.parent().unwrap().1 + 1)]
                            .map(|path| truth(&slow, &added, &path, id) == Some(Some(true)));
                        own || null
                    };
                    let before = |id: &String| truth(&slow, segment, &line.path, id) == Some(Some(true));
                    let more = slow.universe.iter().filter(|id| either(id) && !before(id)).count() as u64;
                    prop_assert_eq!(more, line.null);
                }
            }
            Ok(())
        })
        .unwrap();
    assert!(seen.borrow().iter().all(|seen| *seen > 50), "{seen:?}");
}
