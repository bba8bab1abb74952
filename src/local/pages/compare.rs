//! Segments side by side, and what they share.

use std::cmp::Reverse;
use std::sync::Arc;

use super::order_sums::OrderSums;
use super::order_totals::OrderTotals;
use crate::backend::{BackendError, Cancel, Compare, Comparison, Region, Task};
use crate::local::consistency::check_length;
use crate::local::engine::Engine;
use crate::local::parallel::parallel_fold;
use crate::local::refuse::refuse;
use crate::local::sets::block::{Block, and, and_not};
use crate::local::sets::tree::Sides;

impl Engine {
    /// Segments side by side, and what they share.
    ///
    /// # Errors
    /// [`BackendError::Missing`] if there are none or more than five, or if they are not of the same activation ID.
    /// Otherwise as of [`Engine::evaluate`].
    pub(crate) fn compare(&self, question: &Compare, task: Task<'_>) -> Result<Comparison, BackendError> {
        let Compare { segments, range, as_of, wrong } = question;
        let activation_id = self.comparable(segments.iter().map(|segment| &**segment))?;
        self.answer(|| {
            let mut sides = Vec::with_capacity(segments.len());
            for segment in segments {
                let refuse = |problems: &[_]| refuse(segment, problems, *wrong);
                let (checked, view) = self.prepare(segment, *as_of, refuse, task.cancel)?;
                sides.push(view.sides(&checked)?);
            }
            let view = self.view(Arc::clone(&self.database), activation_id, task.cancel)?;
            let totals = view.order_totals(*range)?.ok();
            let exclusive = exclusive(&sides, totals.as_deref(), view.size(), task.cancel)?;
            let (figures, totals) = (Regions { exclusive, segments: segments.len() }, totals.as_deref());
            Ok(Comparison {
                as_of: *as_of,
                activation_id: activation_id.to_owned(),
                range: *range,
                columns: figures.columns().map(|sums| sums.figures(totals)).collect(),
                pairs: figures.pairs(),
                regions: figures.regions(totals),
            })
        })
    }
}

/// What every exclusive region comes to. The number of a region has a bit for each segment.
struct Regions {
    exclusive: Vec<OrderSums>,
    /// How many segments there are.
    segments: usize,
}

impl Regions {
    /// What those come to who are in all of some segments, whose bits are set.
    fn within(&self, all: usize) -> OrderSums {
        let regions = self.exclusive.iter().enumerate().filter(|(region, _)| region & all == all);
        regions.fold(OrderSums::default(), |sums, (_, more)| sums.merge(*more))
    }

    /// Each segment, then everybody.
    fn columns(&self) -> impl Iterator<Item = OrderSums> {
        (0..self.segments).map(|at| self.within(1 << at)).chain([self.within(0)])
    }

    fn pairs(&self) -> Vec<([usize; 2], u64)> {
        let of_first = |one: usize| (one + 1..self.segments).map(move |other| [one, other]);
        let pairs = (0..self.segments).flat_map(of_first);
        pairs.map(|pair| (pair, self.within(1 << pair[0] | 1 << pair[1]).customers)).collect()
    }

    /// Those with somebody, the largest first, then by the positions of their segments.
    fn regions(&self, totals: Option<&OrderTotals>) -> Vec<Region> {
        let inhabited = self.exclusive.iter().enumerate().filter(|(_, sums)| sums.customers > 0);
        let mut regions: Vec<Region> = inhabited
            .map(|(region, sums)| Region {
                within: (0..self.segments).filter(|at| region >> at & 1 == 1).collect(),
                unique_customers: sums.customers,
                active_customers: totals.map(|_| sums.active),
                revenue: sums.money(totals),
            })
            .collect();
        let rank = |region: &Region| Reverse(region.unique_customers);
        regions.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.within.cmp(&b.within)));
        regions
    }
}

/// Adds up every exclusive region.
fn exclusive(
    segments: &[Sides],
    totals: Option<&OrderTotals>,
    universe_size: usize,
    cancel: &Cancel,
) -> Result<Vec<OrderSums>, BackendError> {
    for sides in segments {
        check_length("the members of segments", sides.size(), universe_size)?;
    }
    totals.map_or(Ok(()), |totals| totals.check_size(universe_size))?;
    let none = || vec![OrderSums::default(); 1 << segments.len()];
    let found = parallel_fold(Block::count(universe_size), cancel, none, |sums, number| {
        let block = Block::new(number);
        for (region, customers) in regions(segments, block) {
            if let Some(sums) = sums.get_mut(region) {
                sums.add(&customers, totals, block);
            }
        }
        Ok(())
    })?;
    let both = |one: Vec<OrderSums>, other: Vec<OrderSums>| {
        one.into_iter().zip(other).map(|(one, other)| one.merge(other)).collect::<Vec<_>>()
    };
    Ok(found.into_iter().reduce(both).unwrap_or_else(none))
}

/// The regions of a block in which there is somebody, with their customers.
fn regions(segments: &[Sides], block: Block) -> Vec<(usize, Vec<usize>)> {
    let Some(first) = segments.first() else { return Vec::new() };
    let mut regions = vec![(0, block.words(&first.universe).to_vec())];
    for (at, sides) in segments.iter().enumerate() {
        let members = sides.members_in(block);
        let split = |(region, mut outside): (usize, Vec<usize>)| {
            let mut inside = outside.clone();
            and(&mut inside, &members);
            and_not(&mut outside, &members);
            [(region, outside), (region | 1 << at, inside)]
        };
        regions = regions.into_iter().flat_map(split).collect();
        regions.retain(|(_, customers)| customers.iter().any(|word| *word != 0));
    }
    regions
}
