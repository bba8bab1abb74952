//! The nearest days on which the answer for a customer is another one.
//!
//! It can change only on a day on which a relative date comes to or goes past a date in her rows, or on which the ends of
//! a range are reversed, so that the condition is wrong and left out. On each such day the same engine is asked as for all
//! numbers, on a database of her rows alone.

mod ranges;
mod span;
mod uses;

use chrono::NaiveDate;

use self::ranges::range_days;
use self::span::Span;
use self::uses::{Moving, Uses, uses_of};
use crate::backend::{BackendError, Cancel, FindChange, NearestChange, Task};
use crate::diagnostic::Diagnostic;
use crate::local::chunk_reader::{ReadableTable, table_and_id};
use crate::local::cut::CutColumns;
use crate::local::engine::Engine;
use crate::local::refuse::refuse_what_is_no_tree;
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedNode, CheckedSegment, Match, NodePath, Segment, Severity, Side,
};

impl Engine {
    /// On which days near by the answer for a customer is another one.
    ///
    /// # Errors
    /// As of [`Engine::evaluate`]; [`BackendError::Missing`] if it depends on a query that has the day in it.
    pub(crate) fn find_change(
        &self,
        question: &FindChange,
        task: Task<'_>,
    ) -> Result<NearestChange, BackendError> {
        let FindChange { segment, as_of, id } = question;
        let cancel = task.cancel;
        self.answer(|| {
            let refuse = |problems: &[_]| refuse_what_is_no_tree(segment, problems);
            let (checked, view) = self.prepare(segment, *as_of, refuse, cancel)?;
            if view.ids()?.number(id).is_none() {
                return Ok(NearestChange::default());
            }
            if let CheckedDefinition::Query(query) = &checked.meaning {
                return if query.has_day() { Err(depends_on_day()) } else { Ok(NearestChange::default()) };
            }
            let span = Span::around(*as_of);
            let ranges = range_days(segment, &*self.lists, &span, cancel)?;
            // What is wrong on the day itself may be right on another one.
            let on_days = ranges.samples.iter().map(|day| self.check_on(&view.database, segment, *day));
            let all = all_of([checked].into_iter().chain(on_days));
            let cut = view.cut((&all, *as_of), std::slice::from_ref(id), CutColumns::Used)?;
            if cut.depends_on_day {
                return Err(depends_on_day());
            }
            let answers = Answers { engine: &cut.engine, segment, id, cancel };
            let mut days = ranges.changes;
            answers.add_days(&uses_of(&all, &view.database.roles.items_columns), &span, &mut days)?;
            days.sort_unstable();
            days.dedup();
            answers.nearest(*as_of, &days)
        })
    }
}

fn depends_on_day() -> BackendError {
    let message = "the segment asks of a query that has the day of evaluation in it (:as_of): when the answer \
                   changes cannot be told without running it on every day";
    let help = "choose another day and look at the answer then";
    BackendError::Missing(Diagnostic::new(message).with_help(help))
}

/// One segment with all that these have, for what they look at.
fn all_of(segments: impl Iterator<Item = CheckedSegment>) -> CheckedSegment {
    let group = |side| CheckedGroup { path: NodePath::root(side), matching: Match::Any, nodes: Vec::new() };
    let (mut include, exclude) = (group(Side::Include), group(Side::Exclude));
    for segment in segments {
        if let CheckedDefinition::Visual { include: one, exclude: other } = segment.meaning {
            include.nodes.extend([one, other].map(CheckedNode::Group));
        }
    }
    CheckedSegment { meaning: CheckedDefinition::Visual { include, exclude }, problems: Vec::new() }
}

/// Whether a customer is a member on a day, asked of a database of her rows alone.
struct Answers<'a> {
    engine: &'a Engine,
    segment: &'a Segment,
    id: &'a str,
    cancel: &'a Cancel,
}

/// The answer of a day.
struct Answer {
    is_member: bool,
    /// The lines that are wrong, and left out.
    wrong: Vec<NodePath>,
}

impl Answers<'_> {
    fn on(&self, day: NaiveDate) -> Result<Answer, BackendError> {
        self.cancel.check()?;
        let refuse = |problems: &[_]| refuse_what_is_no_tree(self.segment, problems);
        let (checked, view) = self.engine.prepare(self.segment, day, refuse, self.cancel)?;
        let members = view.sides(&checked)?.members(self.cancel)?;
        let is_member =
            view.ids()?.number(self.id).is_some_and(|customer| members.contains(customer as usize));
        let errors = checked.problems.into_iter().filter(|problem| problem.severity == Severity::Error);
        let wrong = errors.filter_map(|problem| problem.diagnostic.place.node().cloned()).collect();
        Ok(Answer { is_member, wrong })
    }

    /// Adds the days on which a relative date passes a date in her rows.
    fn add_days(&self, uses: &Uses, span: &Span, days: &mut Vec<NaiveDate>) -> Result<(), BackendError> {
        for ((table, column), moving) in uses {
            let dates = self.dates(table, column)?;
            for moving in moving {
                self.cancel.check()?;
                match moving {
                    Moving::Compared(relative) => {
                        days.extend(dates.iter().flat_map(|date| span.crossings(*relative, *date)));
                    }
                    Moving::Anniversary(relative) => {
                        days.extend(dates.iter().flat_map(|date| span.anniversaries(*relative, *date)));
                    }
                }
            }
        }
        Ok(())
    }

    /// The days in a column of her rows, each once.
    fn dates(&self, table: &str, column: &str) -> Result<Vec<NaiveDate>, BackendError> {
        let activation_id = self.engine.database.activation_id(self.segment);
        let (table, _) = table_and_id(&self.engine.database, table, activation_id)?;
        let chunks = self.engine.chunk_reader(self.cancel).column(ReadableTable::new(table)?, column)?;
        let mut dates = Vec::new();
        for chunk in &chunks {
            let known = (0..chunk.rows()).filter(|row| !chunk.is_null(*row));
            dates.extend(known.filter_map(|row| chunk.value(row).timestamp()?.date()));
        }
        dates.sort_unstable();
        dates.dedup();
        Ok(dates)
    }

    /// From the day itself outwards; between two of `days`, which are in order, nothing changes.
    fn nearest(&self, as_of: NaiveDate, days: &[NaiveDate]) -> Result<NearestChange, BackendError> {
        let now = self.on(as_of)?;
        let (earlier, later) = days.split_at(days.partition_point(|day| *day <= as_of));
        let before = self.first_other(&now, earlier.iter().rev().filter_map(|day| day.pred_opt()))?;
        let after = self.first_other(&now, later.iter().copied())?;
        Ok(NearestChange { before, after })
    }

    /// The first of some days on which the answer is another one. A day on which a further line is wrong has none: nobody
    /// can be counted on it.
    fn first_other(
        &self,
        now: &Answer,
        days: impl Iterator<Item = NaiveDate>,
    ) -> Result<Option<NaiveDate>, BackendError> {
        for day in days {
            let other = self.on(day)?;
            let has_answer = other.wrong.iter().all(|line| now.wrong.contains(line));
            if has_answer && other.is_member != now.is_member {
                return Ok(Some(day));
            }
        }
        Ok(None)
    }
}
