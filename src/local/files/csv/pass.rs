//! A pass over the rows of a table: read by one thread, worked on by all, taken in order.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::parts::{Part, Parts};
use super::records::Fault;
use super::runs::Run;
use crate::local::files::work::{Halt, Meter};

/// How much is read and worked on at a time.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Bytes of a run: between two of them the work can be stopped.
    pub run: usize,
    /// Bytes of the rows that are worked on together.
    pub group: usize,
    /// How many groups are worked on side by side. Memory holds three times as many: as many are read
    /// meanwhile, and as many are done and to be taken.
    pub side_by_side: usize,
}

impl Sizes {
    /// Those for this machine. Larger groups are read quicker afterwards, smaller ones are stopped quicker. More
    /// than three at a time would take memory and hardly save time: reading and writing have a core each then.
    pub fn new() -> Self {
        Self { run: 1 << 20, group: 1 << 23, side_by_side: rayon::current_num_threads().min(3) }
    }
}

/// Consecutive rows.
pub struct Group<'a> {
    runs: Vec<(Arc<Part<'a>>, Run)>,
}

impl<'a> Group<'a> {
    /// The next rows; `None` after the last.
    fn next(parts: &mut Parts<'a>, sizes: Sizes, meter: &Meter<'_>) -> Result<Option<Self>, Halt> {
        let (mut runs, mut bytes) = (Vec::new(), 0);
        while bytes < sizes.group
            && let Some((part, run)) = parts.next(sizes.run, meter)?
        {
            bytes += run.bytes.len();
            runs.push((part, run));
        }
        Ok(Some(Self { runs }).filter(|group| !group.runs.is_empty()))
    }

    /// The file of the first row.
    pub fn file(&self) -> &'a Path {
        self.runs.first().map_or(Path::new(""), |(part, _)| part.file)
    }

    /// How many lines the rows have.
    pub fn lines(&self) -> usize {
        self.runs.iter().map(|(_, run)| run.lines).sum()
    }

    /// Works on one run after the other, until one is found to be damaged or the work is stopped.
    pub fn each(
        self,
        meter: &Meter<'_>,
        mut work: impl FnMut(&Part<'a>, &Run) -> Result<(), Fault>,
    ) -> Result<(), Halt> {
        for (part, run) in self.runs {
            meter.check()?;
            work(&part, &run).map_err(|fault| fault.at(part.file))?;
            meter.advance(run.packed)?;
        }
        Ok(())
    }
}

/// Has all rows of a table worked on and takes what comes of it, in order. Everything is read to its end:
/// what cannot be read goes before parts that do not belong together, and these before what is wrong in the
/// first row of all that have something wrong.
pub fn pass<'a, T: Send, E: From<Halt> + Send>(
    mut parts: Parts<'a>,
    sizes: Sizes,
    meter: &Meter<'_>,
    work: impl Fn(Group<'a>) -> Result<T, Halt> + Sync,
    mut take: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let (mut groups, mut made) = (batch(&mut parts, sizes, meter)?, Vec::new());
    let mut damage = None;
    loop {
        let is_over = groups.is_empty();
        let (taken, (next, results)) = rayon::join(
            || made.drain(..).try_for_each(&mut take),
            || {
                rayon::join(
                    || batch(&mut parts, sizes, meter),
                    || groups.into_par_iter().map(&work).collect::<Vec<_>>(),
                )
            },
        );
        taken?;
        groups = next?;
        for result in results {
            match result {
                Ok(result) => made.push(result),
                Err(Halt::Damaged(error)) => damage = damage.or(Some(error)),
                Err(Halt::Stopped) => return Err(Halt::Stopped.into()),
            }
        }
        if is_over || damage.is_some() || parts.misfit().is_some() {
            break;
        }
    }
    while !groups.is_empty() {
        groups = batch(&mut parts, sizes, meter)?;
    }
    parts.misfit().cloned().or(damage).map_or(Ok(()), |error| Err(Halt::Damaged(error).into()))
}

/// As many groups as are worked on side by side; none after the last.
fn batch<'a>(parts: &mut Parts<'a>, sizes: Sizes, meter: &Meter<'_>) -> Result<Vec<Group<'a>>, Halt> {
    let groups = std::iter::from_fn(|| Group::next(parts, sizes, meter).transpose());
    groups.take(sizes.side_by_side).collect()
}
