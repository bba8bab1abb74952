//! Runs the tests of a segment: questions to a backend, and what their answers say of each test. No number is worked
//! out here.

use std::collections::HashSet;
use std::sync::Arc;

use super::answer::Evaluation;
use super::backend::Backend;
use super::error::BackendError;
use super::explain::Explain;
use super::idle_lines::changes_nothing;
use super::membership::{CheckIds, IdMembership, Intersect};
use super::question::{Evaluate, WantedNumbers, WrongConditions};
use super::reason::reason;
use super::task::Task;
use super::test_report::{MOST_IDS, RunTests, TestOutcome, TestReport};
use crate::database::{ActivationId, DatabaseView};
use crate::segment::words::{count, sentence};
use crate::segment::{Fraction, NamedSchema, Schema, Segment, SegmentTest};

/// Runs the tests of a segment.
///
/// # Errors
/// The segment cannot be evaluated as it stands; a table cannot be read, or has changed; cancelled.
pub fn run_tests(
    backend: &dyn Backend,
    question: &RunTests,
    task: Task<'_>,
) -> Result<TestReport, BackendError> {
    let RunTests { segment, as_of } = question;
    let evaluate = Evaluate {
        segment: Arc::clone(segment),
        as_of: *as_of,
        wrong: WrongConditions::Refuse,
        wanted: WantedNumbers::All,
    };
    let evaluation = backend.evaluate(&evaluate, task)?;
    let people = backend.database().words(&evaluation.activation_id);
    let run = Run { backend, question, evaluation, people, task };
    let mut outcomes = Vec::new();
    for (index, test) in segment.tests.read().into_iter().enumerate() {
        let name = |id: &str| run.segment_name(id);
        let (words, came) = match &test {
            Ok(test) => (test.words(&name), run.outcome(test)?),
            Err(problem) => {
                let said = &problem.diagnostic;
                let message = format!("this test cannot be understood: {}", said.one_line());
                ("a test that cannot be understood".to_owned(), Came::failed(message))
            }
        };
        let Came { passed, message, ids } = came;
        outcomes.push(TestOutcome { index, passed, words, message, ids });
    }
    Ok(TestReport { as_of: *as_of, members: run.members(), outcomes })
}

/// What came of a test.
struct Came {
    passed: bool,
    message: String,
    ids: Vec<String>,
}

impl Came {
    fn new(passed: bool, expected: &str, came: &str) -> Self {
        let message = if passed { came.to_owned() } else { format!("expected {expected}, {came}") };
        Self { passed, message, ids: Vec::new() }
    }

    fn failed(message: String) -> Self {
        Self { passed: false, message, ids: Vec::new() }
    }

    /// Names those at fault, out of so many.
    fn naming(mut self, ids: Vec<String>, all: u64) -> Self {
        self.ids = ids;
        self.ids.truncate(MOST_IDS);
        if all > self.ids.len() as u64 {
            let rest = all - self.ids.len() as u64;
            self.message.push_str(&format!("; {} more are not named", count(rest)));
        }
        self
    }
}

struct Run<'a> {
    backend: &'a dyn Backend,
    question: &'a RunTests,
    evaluation: Evaluation,
    people: ActivationId,
    task: Task<'a>,
}

impl Run<'_> {
    fn members(&self) -> u64 {
        self.evaluation.insights.unique_customers
    }

    fn segment_name(&self, id: &str) -> Option<String> {
        self.backend.lists().segment(id).ok().map(|segment| segment.name.clone())
    }

    /// `1 customer`, `2 customers`.
    fn counted(&self, number: u64) -> String {
        let people = if number == 1 { &self.people.singular } else { &self.people.plural };
        format!("{} {people}", count(number))
    }

    fn outcome(&self, test: &SegmentTest) -> Result<Came, BackendError> {
        self.task.cancel.check()?;
        let words = test.words(&|id| self.segment_name(id));
        let members = self.members();
        let there_are =
            if members == 1 { "there is 1".to_owned() } else { format!("there are {}", count(members)) };
        Ok(match test {
            SegmentTest::In(ids) => self.ids(ids, true)?,
            SegmentTest::Out(ids) => self.ids(ids, false)?,
            SegmentTest::Size(low, high) => {
                let passed = low.is_none_or(|low| low <= members) && high.is_none_or(|high| members <= high);
                Came::new(passed, &words, &there_are)
            }
            SegmentTest::Share(low, high) => {
                let all = self.evaluation.all.unique_customers;
                let is_at_least = low.is_none_or(|low| low.compare(members, all).is_ge());
                let passed = is_at_least && high.is_none_or(|high| high.compare(members, all).is_le());
                let came = format!("{there_are} of {}{}", count(all), percent(members, all));
                Came::new(passed, &words, &came)
            }
            SegmentTest::Change { from: None, .. } => Came::failed(
                "there is no number yet that a change is measured from: save the segment in the program, or run \
                 segtui test --accept"
                    .to_owned(),
            ),
            SegmentTest::Change { from: Some(from), percent } => {
                Came::new(is_near(members, *from, *percent), &words, &there_are)
            }
            SegmentTest::Disjoint(id) => self.other(id, true, &words)?,
            SegmentTest::Within(id) => self.other(id, false, &words)?,
            SegmentTest::EveryLineCounts(false) => Came::new(true, "", "it is not asked"),
            SegmentTest::EveryLineCounts(true) => self.every_line(),
        })
    }

    /// Whether ids are members, or are not.
    fn ids(&self, ids: &[String], wanted: bool) -> Result<Came, BackendError> {
        let mut seen = HashSet::new();
        let ids: Vec<String> = ids.iter().filter(|id| seen.insert(id.as_str())).cloned().collect();
        let RunTests { segment, as_of } = self.question;
        let question = CheckIds { segment: Arc::clone(segment), as_of: *as_of, ids: ids.clone() };
        let found = self.backend.check_ids(&question, self.task)?;
        let pairs = ids.iter().zip(found);
        let wrong: Vec<(&String, IdMembership)> =
            pairs.filter(|(_, is)| (*is == IdMembership::Member) != wanted).collect();
        let all = ids.len() as u64;
        let Some((first, _)) = wrong.first() else {
            let message = match (wanted, all) {
                (_, 0) => "no id is named".to_owned(),
                (true, 1) => "the id is in it".to_owned(),
                (true, _) => format!("all {} ids are in it", count(all)),
                (false, 1) => "the id is not in it".to_owned(),
                (false, _) => format!("none of {} ids is in it", count(all)),
            };
            return Ok(Came::new(true, "", &message));
        };
        let at_fault = wrong.len() as u64;
        let expected = match (wanted, all) {
            (true, 1) => "the id in it".to_owned(),
            (true, _) => format!("all {} ids in it, {} {} not", count(all), count(at_fault), are(at_fault)),
            (false, 1) => "the id not in it".to_owned(),
            (false, _) => format!("none of {} ids in it, {} {}", count(all), count(at_fault), are(at_fault)),
        };
        let mut message = format!("expected {expected}: {first} {}", self.reason(first)?);
        let is_unknown = |(_, is): &&(&String, IdMembership)| *is == IdMembership::NoCustomer;
        let unknown: Vec<_> = wrong.iter().skip(1).filter(is_unknown).collect();
        if let Some((id, _)) = unknown.first() {
            match unknown.len() - 1 {
                0 => message.push_str(&format!("; {id} is no {}", self.people.singular)),
                1 => message.push_str(&format!("; {id} is no {}, nor is another one", self.people.singular)),
                more => {
                    message.push_str(&format!("; {id} is no {}, nor are {more} others", self.people.singular))
                }
            }
        }
        let named = wrong.iter().take(MOST_IDS).map(|(id, _)| (*id).clone()).collect();
        Ok(Came::failed(message).naming(named, at_fault))
    }

    /// Why an id is in the segment, or is not.
    fn reason(&self, id: &str) -> Result<String, BackendError> {
        let RunTests { segment, as_of } = self.question;
        let question = Explain { segment: Arc::clone(segment), as_of: *as_of, ids: vec![id.to_owned()] };
        let explanation = self.backend.explain(&question, self.task)?;
        let database = self.backend.database_of(segment, *as_of);
        let view = DatabaseView { database: &database, activation_id: &self.evaluation.activation_id };
        let schema = NamedSchema { schema: &view, names: |id: &str| self.segment_name(id) };
        let schema: &dyn Schema = &schema;
        let explained = explanation.customers.first().map(|customer| reason(customer, segment, schema));
        Ok(explained.unwrap_or_default())
    }

    /// Whether nobody is in another segment, or everybody.
    fn other(&self, id: &str, is_in_other: bool, words: &str) -> Result<Came, BackendError> {
        let RunTests { segment, as_of } = self.question;
        let other = match self.backend.lists().segment(id) {
            Ok(other) => other,
            Err(missing) => return Ok(Came::failed(format!("{}: {}", missing.message, missing.help_text()))),
        };
        let (segment, limit) = (Arc::clone(segment), MOST_IDS);
        let question = Intersect { segment, other: Arc::clone(&other), is_in_other, as_of: *as_of, limit };
        let found = match self.backend.intersect(&question, self.task) {
            Ok(found) => found,
            // This segment was evaluated: it is the other one that cannot be.
            Err(error @ (BackendError::Refused(_) | BackendError::Missing(_))) => {
                return Ok(Came::failed(format!("it cannot be compared with {}: {error}", other.name)));
            }
            Err(error) => return Err(error),
        };
        let came = match (is_in_other, found.customers) {
            (true, 0) => "nobody is in both".to_owned(),
            (true, 1) => format!("{} is in both", self.counted(1)),
            (true, number) => format!("{} are in both", self.counted(number)),
            (false, 0) => format!("all {} are", count(self.members())),
            (false, number) => format!("{} {} not", count(number), are(number)),
        };
        let customers = found.customers;
        Ok(Came::new(customers == 0, words, &came).naming(found.ids, customers))
    }

    fn every_line(&self) -> Came {
        const MOST_LINES: usize = 5;
        let segment: &Segment = &self.question.segment;
        let idle = |line: &&_| changes_nothing(segment, &self.evaluation, line);
        let idle: Vec<_> = self.evaluation.waterfall.iter().filter(idle).collect();
        if idle.is_empty() {
            return Came::new(true, "", "no line changes nothing");
        }
        let database = self.backend.database_of(segment, self.question.as_of);
        let view = DatabaseView { database: &database, activation_id: &self.evaluation.activation_id };
        let schema = NamedSchema { schema: &view, names: |id: &str| self.segment_name(id) };
        let named = idle.iter().take(MOST_LINES).map(|line| {
            let said = segment.node(&line.path).map(|node| sentence(node, &schema)).unwrap_or_default();
            format!("{said:?} ({})", line.path)
        });
        let named = named.collect::<Vec<_>>().join(", ");
        let more = idle.len().saturating_sub(MOST_LINES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Came::failed(format!("expected that every line changes something, these do not: {named}{more}"))
    }
}

fn are(number: u64) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// Whether a number is at most so many percent of another away from that.
fn is_near(number: u64, from: u64, percent: Fraction) -> bool {
    // A hundred times the difference against so many times the number.
    match number.abs_diff(from).checked_mul(100) {
        Some(difference) => percent.compare(difference, from).is_le(),
        None => false,
    }
}

/// ` (8.59 %)`, rounded half away from zero; nothing of nobody.
fn percent(part: u64, all: u64) -> String {
    let (part, whole) = (u128::from(part), u128::from(all));
    match (part * 20_000 + whole).checked_div(whole * 2) {
        None => String::new(),
        Some(hundredths) => format!(" ({}.{:02} %)", hundredths / 100, hundredths % 100),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fraction(text: &str) -> Fraction {
        Fraction::parse(text).unwrap()
    }

    #[test]
    fn changes_are_measured_exactly() {
        assert!(is_near(110, 100, fraction("10")) && is_near(90, 100, fraction("10")));
        assert!(!is_near(111, 100, fraction("10")) && !is_near(89, 100, fraction("10")));
        assert!(is_near(0, 0, fraction("0")) && !is_near(1, 0, fraction("1000000")));
        // A third is not 33.33 %.
        assert!(!is_near(4, 3, fraction("33.33")) && is_near(4, 3, fraction("33.34")));
        assert!(!is_near(u64::MAX, 0, fraction("100")));
    }

    #[test]
    fn shares_are_rounded_half_away_from_zero() {
        assert_eq!(percent(1, 3), " (33.33 %)");
        assert_eq!(percent(2, 3), " (66.67 %)");
        assert_eq!(percent(1, 20_000), " (0.01 %)");
        assert_eq!(percent(7, 7), " (100.00 %)");
        assert_eq!(percent(0, 0), "");
    }

    proptest! {
        /// Against whole numbers alone.
        #[test]
        fn a_change_of_whole_percents(number in 0_u64..5_000, from in 0_u64..5_000, percent in 0_u64..300) {
            let is_within = number.abs_diff(from) * 100 <= percent * from;
            prop_assert_eq!(is_near(number, from, fraction(&percent.to_string())), is_within);
        }
    }
}
