//! What several segments share (`docs/reference/insights.md`, Compare).

use chrono::NaiveDate;

use super::block::{Block, and, and_not};
use super::insights::{InsightSums, PreparedInsights};
use super::tree::Sides;
use crate::backend::{BackendError, Cancel, Overlap};
use crate::diagnostic::Diagnostic;
use crate::local::consistency::check_length;
use crate::local::engine::Engine;
use crate::local::parallel::parallel_fold;
use crate::local::refuse::refuse_errors;
use crate::segment::Segment;

/// How many segments can be compared: with each one more there are twice as many combinations.
pub(crate) const MOST_COMPARED: usize = 5;

impl Engine {
    /// Each combination of some segments, with those who are in all of them: first each by itself, then two
    /// at a time, and so on. In the order of the segments.
    ///
    /// # Errors
    /// `BackendError::Missing` if there are none or more than `MOST_COMPARED`, or if they are not of the
    /// same activation ID. Otherwise as [`Engine::evaluate_strictly`].
    pub fn overlaps(
        &self,
        segments: &[Segment],
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Vec<Overlap>, BackendError> {
        let activation_id = self.comparable(segments.iter())?;
        self.answer(|| {
            let mut all = Vec::with_capacity(segments.len());
            for segment in segments {
                let (checked, view) = self.prepare(segment, as_of, refuse_errors, cancel)?;
                all.push(view.sides(&checked)?);
            }
            let prepared = self.view(self.database.clone(), activation_id, cancel)?.prepared(as_of)?;
            overlaps(&all, &prepared, cancel)
        })
    }

    /// The activation ID of segments that can be compared.
    ///
    /// # Errors
    /// `BackendError::Missing` if there are none or more than `MOST_COMPARED`, or if they differ in it.
    pub(crate) fn comparable<'a>(
        &'a self,
        segments: impl ExactSizeIterator<Item = &'a Segment>,
    ) -> Result<&'a str, BackendError> {
        let refused =
            |message: String, help: &str| BackendError::Missing(Diagnostic::new(message).with_help(help));
        let count = segments.len();
        let mut ids = segments.map(|segment| self.database.activation_id(segment));
        let Some(first) = ids.next().filter(|_| count <= MOST_COMPARED) else {
            let message = format!("{count} segments cannot be compared");
            return Err(refused(message, &format!("name one to {MOST_COMPARED} segments")));
        };
        match ids.find(|id| *id != first) {
            None => Ok(first),
            Some(other) => Err(refused(
                format!("segments by {first:?} and by {other:?} cannot be compared"),
                "compare segments with the same activation ID",
            )),
        }
    }
}

/// Combinations are numbers with a bit for each segment.
fn overlaps(
    all: &[Sides],
    prepared: &PreparedInsights,
    cancel: &Cancel,
) -> Result<Vec<Overlap>, BackendError> {
    let combinations = 1_usize << all.len();
    let none = || vec![InsightSums::default(); combinations];
    // Without any segment there is nothing to go through.
    let size = all.first().map_or(0, Sides::size);
    for sides in all {
        check_length("the members of segments", sides.size(), size)?;
    }
    prepared.check_size(size)?;
    // Of those who are in these segments and in no other.
    let found = parallel_fold(Block::count(size), cancel, none, |sums, number| {
        let block = Block::new(number);
        let members: Vec<Vec<usize>> = all.iter().map(|sides| sides.members_in(block)).collect();
        for (combination, sums) in sums.iter_mut().enumerate().skip(1) {
            let of = |is_in: bool| {
                members.iter().enumerate().filter(move |(at, _)| (combination >> at & 1 == 1) == is_in)
            };
            let mut inside = of(true).map(|(_, set)| set);
            // Every combination but that of none has a first one.
            let Some(mut exactly) = inside.next().cloned() else { continue };
            inside.for_each(|set| and(&mut exactly, set));
            of(false).for_each(|(_, set)| and_not(&mut exactly, set));
            sums.add(prepared, &exactly, block);
        }
        Ok(())
    })?;
    let both = |one: Vec<InsightSums>, other: Vec<InsightSums>| {
        one.into_iter().zip(other).map(|(one, other)| one.merge(other)).collect::<Vec<_>>()
    };
    let exactly = found.into_iter().reduce(both).unwrap_or_else(none);
    let overlap = |combination: usize| {
        let in_all = exactly.iter().enumerate().filter(|(other, _)| other & combination == combination);
        let sums = in_all.fold(InsightSums::default(), |all, (_, sums)| all.merge(*sums));
        let of = (0..all.len()).filter(|at| combination >> at & 1 == 1).collect();
        Overlap { of, insights: sums.insights(prepared) }
    };
    let mut overlaps: Vec<Overlap> = (1..combinations).map(overlap).collect();
    overlaps.sort_by(|a, b| a.of.len().cmp(&b.of.len()).then_with(|| a.of.cmp(&b.of)));
    Ok(overlaps)
}
