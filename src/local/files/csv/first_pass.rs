//! The first pass over the files of a table: how they are written, the shape of their records, what their values
//! look like.

use std::path::{Path, PathBuf};

use super::csv_files::CsvFiles;
use super::detect::{Shape, detect};
use super::parallel_pass::{Batch, BatchSizes, parallel_pass};
use super::records::field_at;
use super::request::CsvRequest;
use super::shape::Tally;
use super::type_inference::TypeInference;
use super::value_rules::ValueRules;
use crate::local::files::read_task::{ReadError, ReadProgress};
use crate::segment::DataType;

/// What is known after it.
pub(crate) struct FirstPass<'a> {
    pub files: CsvFiles<'a>,
    pub seen: Seen,
    /// How each file is written.
    pub shapes: Vec<Shape>,
}

impl<'a> FirstPass<'a> {
    /// Goes through all files, and again where one of them turns out to be written otherwise.
    ///
    /// # Errors
    /// A file cannot be read, is no CSV, or has other columns than the first. The work was stopped.
    pub fn of(
        sizes: BatchSizes,
        wanted: &CsvRequest<'a>,
        rules: &ValueRules,
        progress: &mut ReadProgress<'_>,
    ) -> Result<Self, ReadError> {
        let mut shapes = vec![Shape::stated(wanted.settings); wanted.files.len()];
        let (files, seen) = loop {
            begin_stage(wanted.files, progress);
            let mut files = CsvFiles::open(*wanted, shapes.clone(), Vec::new(), progress)?;
            let mut seen = Seen::new(wanted);
            let passed = parallel_pass(
                &mut files,
                sizes,
                progress,
                |batch| infer(batch, wanted, rules, progress),
                |seen_in_batch| {
                    seen.merge(&seen_in_batch, rules);
                    Ok::<_, ReadError>(())
                },
            );
            shapes.clone_from(&files.shapes);
            let checked = passed.and_then(|()| Ok(files.check(&seen.tallies)?));
            let error = match checked {
                Ok(()) if !seen.has_many_misfits() => break (files, seen),
                Err(ReadError::Cancelled) => return Err(ReadError::Cancelled),
                Ok(()) => None,
                Err(ReadError::Damaged(error)) => Some(error),
            };
            let is_suspect = |part: usize, file: &Path| {
                files.mismatch().is_some()
                    || error.as_ref().is_some_and(|error| error.place.file == *file)
                    || seen.tallies.get(part).is_some_and(|tally| tally.misfits.count > 0)
            };
            if !settle(&mut shapes, wanted, is_suspect, progress)? {
                match error {
                    Some(error) => return Err(error.into()),
                    None => break (files, seen),
                }
            }
        };
        Ok(Self { files, seen, shapes })
    }
}

/// Begins a pass over files.
pub(crate) fn begin_stage(files: &[PathBuf], progress: &mut ReadProgress<'_>) {
    progress.begin(files.iter().map(|file| file.metadata().map_or(0, |file| file.len())).sum());
}

/// Looks for the shape of the files that are suspect, each once; whether it is another one than was thought.
fn settle(
    shapes: &mut [Shape],
    wanted: &CsvRequest<'_>,
    is_suspect: impl Fn(usize, &Path) -> bool,
    progress: &ReadProgress<'_>,
) -> Result<bool, ReadError> {
    let mut is_other = false;
    for (part, (shape, file)) in shapes.iter_mut().zip(wanted.files).enumerate() {
        if !shape.is_settled && is_suspect(part, file) {
            let found = detect(wanted, file, false, progress)?;
            is_other |= (&found.dialect, found.has_nameless) != (&shape.dialect, shape.has_nameless);
            *shape = found;
        }
    }
    Ok(is_other)
}

/// What the first pass sees of rows.
pub(crate) struct Seen {
    pub columns: Vec<TypeInference>,
    /// Of each file.
    pub tallies: Vec<Tally>,
}

impl Seen {
    fn new(wanted: &CsvRequest<'_>) -> Self {
        Self { columns: Vec::new(), tallies: vec![Tally::default(); wanted.files.len()] }
    }

    fn add_tally(&mut self, part: usize, tally: &Tally) {
        if let Some(known) = self.tallies.get_mut(part) {
            known.merge(tally);
        }
    }

    /// As many columns as there are by now.
    fn widen(&mut self, columns: usize, rules: &ValueRules) {
        if self.columns.len() < columns {
            self.columns.resize(columns, TypeInference::new(rules));
        }
    }

    /// Adds what comes later.
    fn merge(&mut self, later: &Self, rules: &ValueRules) {
        self.widen(later.columns.len(), rules);
        for (inferred, other) in self.columns.iter_mut().zip(&later.columns) {
            *inferred = inferred.merge(other);
        }
        for (part, tally) in later.tallies.iter().enumerate() {
            self.add_tally(part, tally);
        }
    }

    /// Whether a file has so many records of another length that it may be written otherwise.
    fn has_many_misfits(&self) -> bool {
        self.tallies.iter().any(|tally| tally.misfits.count * 10 > tally.records)
    }
}

fn infer(
    batch: Batch<'_>,
    wanted: &CsvRequest<'_>,
    rules: &ValueRules,
    progress: &ReadProgress<'_>,
) -> Result<Seen, ReadError> {
    // What is stated is not looked at, but for the format of dates.
    let is_asked = |column: &String| match wanted.types.get(column) {
        None => true,
        Some(DataType::Date | DataType::Datetime) => !rules.formats.is_empty(),
        Some(_) => false,
    };
    let mut seen = Seen::new(wanted);
    batch.each(progress, |file, block| {
        seen.widen(file.columns.len(), rules);
        let asked: Vec<_> = file.columns.iter().map(is_asked).collect();
        let columns = &mut seen.columns;
        let tally = file.for_each(block, |_, fields| {
            for ((inferred, position), asked) in columns.iter_mut().zip(&file.column_order).zip(&asked) {
                if *asked {
                    inferred.observe(field_at(fields, *position), rules);
                }
            }
            Ok(())
        })?;
        seen.add_tally(file.part, &tally);
        Ok(())
    })?;
    Ok(seen)
}
