//! A pass over the rows of a table: read by one thread, worked on by all, taken in order.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::blocks::RecordBlock;
use super::csv_files::{CsvFile, CsvFiles};
use super::error::CsvError;
use crate::local::files::read_task::{ReadError, ReadProgress};

/// How much is read and worked on at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchSizes {
    /// Bytes of a block: between two of them the work can be cancelled.
    pub block: usize,
    /// Bytes of the blocks that are worked on together.
    pub batch: usize,
    /// How many batches are worked on in parallel. Memory holds three times as many: as many are read
    /// meanwhile, and as many are done and to be taken.
    pub parallel: usize,
}

impl BatchSizes {
    /// Those for this machine. Larger batches are read quicker afterwards, smaller ones are cancelled quicker. More
    /// than three at a time would take memory and hardly save time: reading and writing have a core each then.
    pub fn new() -> Self {
        Self { block: 1 << 20, batch: 1 << 23, parallel: rayon::current_num_threads().min(3) }
    }
}

/// Consecutive rows.
pub(crate) struct Batch<'a> {
    blocks: Vec<(Arc<CsvFile<'a>>, RecordBlock)>,
}

impl<'a> Batch<'a> {
    /// The next rows; `None` after the last.
    fn next(
        files: &mut CsvFiles<'a>,
        sizes: BatchSizes,
        progress: &ReadProgress<'_>,
    ) -> Result<Option<Self>, ReadError> {
        let (mut blocks, mut bytes) = (Vec::new(), 0);
        while bytes < sizes.batch
            && let Some((file, block)) = files.next(sizes.block, progress)?
        {
            bytes += block.bytes.len();
            blocks.push((file, block));
        }
        Ok(Some(Self { blocks }).filter(|batch| !batch.blocks.is_empty()))
    }

    /// The file of the first row.
    pub fn file(&self) -> &'a Path {
        self.blocks.first().map_or(Path::new(""), |(file, _)| file.file)
    }

    /// How many lines the rows have.
    pub fn lines(&self) -> usize {
        self.blocks.iter().map(|(_, block)| block.lines).sum()
    }

    /// Works on one block after the other, until one is found to be damaged or the work is cancelled.
    pub fn each(
        self,
        progress: &ReadProgress<'_>,
        mut work: impl FnMut(&CsvFile<'a>, &RecordBlock) -> Result<(), CsvError>,
    ) -> Result<(), ReadError> {
        for (file, block) in self.blocks {
            progress.check()?;
            work(&file, &block).map_err(|error| error.in_file(file.file))?;
            progress.advance(block.compressed)?;
        }
        Ok(())
    }
}

/// Has all rows of a table worked on and takes what comes of it, in order. Everything is read to its end:
/// what cannot be read goes before parts that do not belong together, and these before what is wrong in the
/// first row of all that have something wrong.
pub(crate) fn parallel_pass<'a, T: Send, E: From<ReadError> + Send>(
    files: &mut CsvFiles<'a>,
    sizes: BatchSizes,
    progress: &ReadProgress<'_>,
    work: impl Fn(Batch<'a>) -> Result<T, ReadError> + Sync,
    mut take: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let (mut batches, mut made) = (next_batches(files, sizes, progress)?, Vec::new());
    let mut damage = None;
    loop {
        let is_over = batches.is_empty();
        let (taken, (next, results)) = rayon::join(
            || made.drain(..).try_for_each(&mut take),
            || {
                rayon::join(
                    || next_batches(files, sizes, progress),
                    || batches.into_par_iter().map(&work).collect::<Vec<_>>(),
                )
            },
        );
        taken?;
        batches = next?;
        for result in results {
            match result {
                Ok(result) => made.push(result),
                Err(ReadError::Damaged(error)) => damage = damage.or(Some(error)),
                Err(ReadError::Cancelled) => return Err(ReadError::Cancelled.into()),
            }
        }
        if is_over || damage.is_some() || files.mismatch().is_some() {
            break;
        }
    }
    while !batches.is_empty() {
        batches = next_batches(files, sizes, progress)?;
    }
    files.mismatch().cloned().or(damage).map_or(Ok(()), |error| Err(ReadError::Damaged(error).into()))
}

/// As many batches as are worked on in parallel; none after the last.
fn next_batches<'a>(
    files: &mut CsvFiles<'a>,
    sizes: BatchSizes,
    progress: &ReadProgress<'_>,
) -> Result<Vec<Batch<'a>>, ReadError> {
    let batches = std::iter::from_fn(|| Batch::next(files, sizes, progress).transpose());
    batches.take(sizes.parallel).collect()
}
