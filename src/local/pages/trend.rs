//! A segment over time.

use std::sync::Arc;

use chrono::NaiveDate;

use super::trend_activity::ActivityAtDays;
use super::trend_days::days;
use crate::backend::{BackendError, FollowTrend, Insights, Task, Trend};
use crate::local::consistency::check_length;
use crate::local::engine::Engine;
use crate::local::refuse::refuse;
use crate::local::sets::customer_set::{CustomerSet, count};
use crate::local::sets::insights::order_rows;
use crate::local::view::View;
use crate::segment::{Problem, Severity};

impl Engine {
    /// A segment at thirteen days, the insights at each as [`Engine::evaluate`] gives them.
    ///
    /// # Errors
    /// As of [`Engine::evaluate`], on any of the days. [`BackendError::Refused`] if a condition is wrong on one of them
    /// alone, such as a range that begins after that day: without the condition it would be another segment.
    pub(crate) fn follow_trend(&self, question: &FollowTrend, task: Task<'_>) -> Result<Trend, BackendError> {
        let (segment, cancel) = (&*question.segment, task.cancel);
        let days = days(question.step, question.as_of);
        self.answer(|| {
            let left_out = self.check(segment, question.as_of).problems;
            refuse(segment, &left_out, question.wrong)?;
            // What saved queries return on the day itself is kept for other answers.
            let other_days = self.queries.apart();
            let mut members = Vec::with_capacity(days.len());
            for day in &days {
                let queries = if *day == question.as_of { &self.queries } else { &other_days };
                let scope = self.tables_at(queries, segment, *day);
                let refuse =
                    |problems: &[Problem]| match problems.iter().find(|of_day| is_new(of_day, &left_out)) {
                        Some(problem) => Err(wrong_on(*day, problem)),
                        None => Ok(()),
                    };
                let (checked, view) = self.prepare_on(&scope, (segment, *day), refuse, cancel)?;
                members.push(view.sides(&checked)?.members(cancel)?);
            }
            let activation_id = self.database.activation_id(segment);
            let view = self.view(Arc::clone(&self.database), activation_id, cancel)?;
            let points = points(&view, &days, &members)?;
            Ok(Trend { activation_id: activation_id.to_owned(), points })
        })
    }
}

/// Whether it is an error in a place where there is none among those.
fn is_new(problem: &Problem, known: &[Problem]) -> bool {
    let is_there = |known: &Problem| {
        known.severity == Severity::Error && known.diagnostic.place == problem.diagnostic.place
    };
    problem.severity == Severity::Error && !known.iter().any(is_there)
}

fn wrong_on(day: NaiveDate, problem: &Problem) -> BackendError {
    let message = format!("on {day} it cannot be answered: {}", problem.diagnostic.message);
    let mut problem = problem.clone().with_message(message);
    problem.diagnostic.help = Some("choose a shorter step, or change the condition".to_owned());
    BackendError::Refused(Box::new(problem))
}

/// The insights of the members at each day.
fn points(
    view: &View<'_>,
    days: &[NaiveDate],
    members: &[CustomerSet],
) -> Result<Vec<(NaiveDate, Insights)>, BackendError> {
    let data_day = view.engine.data_day;
    // Who can be reached is the same on all days: any that is prepared says it.
    let last = days.last().copied().filter(|day| view.known_prepared(*day).is_some());
    let prepared = view.prepared(last.unwrap_or(data_day))?;
    let activity = match order_rows(&view.engine.database, view)? {
        Some(rows) => Some(ActivityAtDays::new(days, members, &rows, view)?),
        None => None,
    };
    let mut points = Vec::with_capacity(days.len());
    for (at, (day, members)) in days.iter().zip(members).enumerate() {
        let insights = match &activity {
            // Only of this day the attributes know what customers have bought.
            None if *day == data_day => view.prepared(data_day)?.insights(members)?,
            activity => {
                check_length("the members at a day", members.len(), view.size())?;
                Insights {
                    unique_customers: count(members),
                    active_customers_1y: activity.as_ref().map(|activity| activity.customers(at)),
                    revenue_1y: activity.as_ref().and_then(|activity| activity.revenue(at)),
                    reachable_customers: prepared
                        .reachable()
                        .map(|reachable| reachable.intersection_count(members) as u64),
                }
            }
        };
        points.push((*day, insights));
    }
    Ok(points)
}
