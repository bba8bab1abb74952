//! Work with all cores.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::backend::{BackendError, Cancel};

/// After how many rows work looks whether it should stop.
pub(crate) const ROWS_BETWEEN_CHECKS: usize = 1 << 16;

/// Does so many jobs with all cores; each core takes the next job and adds it to a result of its own.
pub(crate) fn parallel_fold<A: Send>(
    jobs: usize,
    cancel: &Cancel,
    new: impl Fn() -> A + Sync,
    add: impl Fn(&mut A, usize) -> Result<(), BackendError> + Sync,
) -> Result<Vec<A>, BackendError> {
    let next = AtomicUsize::new(0);
    let cores = rayon::current_num_threads().min(jobs).max(1);
    (0..cores)
        .into_par_iter()
        .with_max_len(1)
        .map(|_| {
            let mut result = new();
            loop {
                let job = next.fetch_add(1, Ordering::Relaxed);
                if job >= jobs {
                    return Ok(result);
                }
                cancel.check()?;
                add(&mut result, job)?;
            }
        })
        .collect()
}

/// What so many jobs make, in their order.
pub(crate) fn parallel_map<T: Send>(
    jobs: usize,
    cancel: &Cancel,
    make: impl Fn(usize) -> Result<T, BackendError> + Sync,
) -> Result<Vec<T>, BackendError> {
    let made = parallel_fold(jobs, cancel, Vec::new, |made: &mut Vec<(usize, T)>, job| {
        made.push((job, make(job)?));
        Ok(())
    })?;
    let mut made: Vec<(usize, T)> = made.into_iter().flatten().collect();
    made.sort_unstable_by_key(|(job, _)| *job);
    Ok(made.into_iter().map(|(_, made)| made).collect())
}
