//! Reads the files of a CSV table in two passes: the first checks the shape and settles the types, the
//! second builds the columns. Neither holds more than a few groups of rows.

use std::path::{Path, PathBuf};

use polars::prelude::{Column, DataFrame, Field, PolarsError, Schema};

use super::csv_files::CsvFiles;
use super::detect::Shape;
use super::error::{CsvError, CsvLine};
use super::first_pass::{FirstPass, begin_stage};
use super::notes::notes;
use super::parallel_pass::{Batch, BatchSizes, parallel_pass};
use super::records::field_at;
use super::request::CsvRequest;
use super::suggestions;
use super::type_inference::{ColumnType, TypeInference};
use super::value_rules::ValueRules;
use crate::database::{Note, TableError};
use crate::diagnostic::{Diagnostic, shortened};
use crate::local::files::column_builder::{ColumnBuilder, polars_type};
use crate::local::files::file_states;
use crate::local::files::read_task::{ReadError, ReadProgress};
use crate::segment::DataType;

/// How many stages it takes to settle a table and to read its rows.
pub(crate) const STAGES: u64 = 2;

/// A table that was looked at once: all of its rows have the shape of the first, and the types of its columns
/// are settled.
pub(crate) struct TypedCsv<'a> {
    wanted: CsvRequest<'a>,
    /// What the files are like.
    shapes: Vec<Shape>,
    sizes: BatchSizes,
    /// What is declared of the values.
    rules: ValueRules,
    /// The columns, in the order of the first file, then those that stand in the names of folders.
    pub columns: Vec<(String, DataType)>,
    /// Those that stand in the files, and how the dates of each are read.
    in_files: Vec<(String, ColumnType)>,
    /// The files as they were before.
    pub state: Option<String>,
    /// What was left out, renamed or detected, and what would give columns another type.
    pub notes: Vec<Note>,
}

impl<'a> TypedCsv<'a> {
    /// The first pass.
    ///
    /// # Errors
    /// A file cannot be read, is no CSV, or has other columns than the first. The work was stopped.
    pub fn new(wanted: &CsvRequest<'a>, progress: &mut ReadProgress<'_>) -> Result<Self, ReadError> {
        Self::with_sizes(BatchSizes::new(), wanted, progress)
    }

    fn with_sizes(
        sizes: BatchSizes,
        wanted: &CsvRequest<'a>,
        progress: &mut ReadProgress<'_>,
    ) -> Result<Self, ReadError> {
        let state = file_states::describe_files(wanted.files);
        let rules = ValueRules::new(&wanted.settings.values);
        let FirstPass { files, seen, shapes } = FirstPass::of(sizes, wanted, &rules, progress)?;
        let names = files.names().to_vec();
        let stated: Vec<_> = names.iter().map(|name| wanted.types.get(name).copied()).collect();
        let mut inferred = seen.columns;
        inferred.resize(names.len(), TypeInference::new(&rules));
        let mut notes = notes(&files, &seen.tallies, wanted);
        let mut in_files = Vec::new();
        for ((name, stated), inferred) in names.into_iter().zip(stated).zip(&inferred) {
            let column_type = match stated {
                Some(data_type) => ColumnType { data_type, dates: inferred.stated_dates(&rules) },
                None => inferred.column_type(&rules),
            };
            if stated.is_none() && column_type.data_type == DataType::String {
                notes
                    .extend(wanted.table.and_then(|table| suggestions::note(table, &name, inferred, &rules)));
            }
            in_files.push((name, column_type));
        }
        let typed: Vec<_> = in_files.iter().map(|(name, column)| (name.clone(), column.data_type)).collect();
        let columns = wanted.keys.map_or_else(|| typed.clone(), |keys| keys.beside(&typed));
        Ok(Self { wanted: *wanted, shapes, sizes, rules, columns, in_files, state, notes })
    }

    /// No rows, of the types in which columns are held.
    pub fn schema(&self) -> Schema {
        self.columns
            .iter()
            .map(|(name, data_type)| Field::new(name.into(), polars_type(*data_type)))
            .collect()
    }

    /// The second pass: has something made of every batch of rows, in parallel, and takes it in order.
    ///
    /// # Errors
    /// A value does not fit the type that is stated for its column. A file has changed since the first pass.
    /// The work was stopped. What `take` returns.
    pub fn rows<T: Send, E: From<ReadError> + Send>(
        &self,
        progress: &mut ReadProgress<'_>,
        make: impl Fn(DataFrame) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        begin_stage(self.wanted.files, progress);
        let progress = &*progress;
        let made = |batch: Batch<'_>| {
            let frame = self.build(batch, progress)?;
            progress.check()?;
            Ok(make(frame))
        };
        let names = self.in_files.iter().map(|(name, _)| name.clone()).collect();
        let files = CsvFiles::open(self.wanted, self.shapes.clone(), names, progress);
        let taken = files.map_err(E::from).and_then(|mut files| {
            parallel_pass(&mut files, self.sizes, progress, made, |made| {
                progress.check()?;
                take(made)
            })
        });
        progress.check()?;
        if file_states::describe_files(self.wanted.files) == self.state {
            taken
        } else {
            Err(ReadError::from(self.changed()).into())
        }
    }

    /// All rows, held in memory.
    ///
    /// # Errors
    /// As [`Self::rows`].
    pub fn frame(&self, progress: &mut ReadProgress<'_>) -> Result<DataFrame, ReadError> {
        let mut frames = Vec::new();
        self.rows(
            progress,
            |frame| frame,
            |frame| {
                frames.push(frame);
                Ok::<_, ReadError>(())
            },
        )?;
        concatenate(frames, &self.schema(), progress)
    }

    fn build(&self, batch: Batch<'_>, progress: &ReadProgress<'_>) -> Result<DataFrame, ReadError> {
        let lines = batch.lines();
        let file = batch.file().to_owned();
        let mut rows_of_files: Vec<(&Path, usize)> = Vec::new();
        let new = |(name, column): &(String, ColumnType)| ColumnBuilder::new(name, column.data_type, lines);
        let mut cells: Vec<_> = self.in_files.iter().map(new).collect();
        let is_plain = self.rules.is_plain();
        batch.each(progress, |file, block| {
            let mut rows = 0;
            file.for_each(block, |line, fields| {
                rows += 1;
                for ((cells, position), (name, column)) in
                    cells.iter_mut().zip(&file.column_order).zip(&self.in_files)
                {
                    let value = self.rules.value(field_at(fields, *position));
                    let text = value.as_deref();
                    let fits = if is_plain {
                        cells.push(text)
                    } else {
                        cells.push_by(text, &self.rules, column.dates)
                    };
                    if !fits {
                        let text = text.unwrap_or_default();
                        return Err(type_mismatch(line, self.wanted.table, name, column.data_type, text));
                    }
                }
                Ok(())
            })?;
            rows_of_files.push((file.file, rows));
            Ok(())
        })?;
        let columns: Vec<Column> = cells.into_iter().map(|cells| cells.finish().into()).collect();
        let height = columns.first().map_or(0, Column::len);
        let frame = DataFrame::new(height, columns).and_then(|mut frame| {
            for column in self.wanted.keys.map_or_else(|| Ok(Vec::new()), |keys| keys.over(&rows_of_files))? {
                frame.with_column(column)?;
            }
            Ok(frame)
        });
        frame.map_err(|error| TableError::unreadable(&file, &error).into())
    }

    /// Rows of a file that changed while it was read are nobody's.
    fn changed(&self) -> TableError {
        let is_other = |file: &&PathBuf| {
            let state = file_states::file_state(file);
            state.is_none_or(|now| !self.state.as_ref().is_some_and(|state| state.contains(&now)))
        };
        let files = self.wanted.files;
        let file = files.iter().find(is_other).or(files.first());
        Diagnostic::new("has changed while it was read")
            .with_help("open the database again once it is written")
            .in_file(file.cloned().unwrap_or_default())
    }
}

/// The rows of a table, held in memory, and the types of its columns.
///
/// # Errors
/// As [`TypedCsv::new`] and [`TypedCsv::rows`].
pub fn read(
    wanted: &CsvRequest<'_>,
    progress: &mut ReadProgress<'_>,
) -> Result<(DataFrame, Vec<(String, DataType)>), ReadError> {
    let settled = TypedCsv::new(wanted, progress)?;
    Ok((settled.frame(progress)?, settled.columns))
}

fn type_mismatch(line: u64, table: Option<&str>, name: &str, data_type: DataType, value: &str) -> CsvError {
    use crate::segment::Keyword as _;
    let ways = table.and_then(|table| suggestions::ways_out(table, value, data_type));
    let (value, name) = (shortened(value), shortened(name));
    let help = || format!("correct the value, or the type of {name:?} in database.toml");
    Diagnostic::new(format!("{value:?} in column {name:?} is no {}", data_type.id()))
        .with_help(ways.unwrap_or_else(help))
        .at(CsvLine(line))
}

/// Rows below one another, each column contiguous in memory.
fn concatenate(
    frames: Vec<DataFrame>,
    schema: &Schema,
    progress: &ReadProgress<'_>,
) -> Result<DataFrame, ReadError> {
    let broken = |error: PolarsError| TableError::unreadable(Path::new(""), &error);
    let mut all = DataFrame::empty_with_schema(schema);
    for frame in frames {
        all.vstack_mut_owned(frame).map_err(broken)?;
    }
    let height = all.height();
    let contiguous = |column: Column| progress.check().map(|()| column.rechunk());
    let columns = all.into_columns().into_iter().map(contiguous).collect::<Result<_, _>>()?;
    Ok(DataFrame::new(height, columns).map_err(broken)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::ReadTask;
    use crate::local::files::csv::CsvSettings;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const ALL: BatchSizes = BatchSizes { block: 1 << 20, batch: 1 << 20, parallel: 1 };

    /// CsvFiles of a table in a folder.
    struct Table {
        _folder: tempfile::TempDir,
        files: Vec<PathBuf>,
        types: BTreeMap<String, DataType>,
        settings: CsvSettings,
        ids: BTreeSet<&'static str>,
    }

    impl Table {
        fn new(parts: &[impl AsRef<[u8]>]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let write = |(at, part): (usize, &_)| {
                let file = folder.path().join(format!("{at}.csv"));
                fs::write(&file, AsRef::<[u8]>::as_ref(part)).unwrap();
                file
            };
            let files = parts.iter().enumerate().map(write).collect();
            let types = BTreeMap::from([("d".to_owned(), DataType::Date)]);
            Self { _folder: folder, files, types, settings: CsvSettings::default(), ids: BTreeSet::new() }
        }

        fn wanted(&self) -> CsvRequest<'_> {
            CsvRequest {
                table: Some("t"),
                files: &self.files,
                types: &self.types,
                ids: &self.ids,
                settings: &self.settings,
                parts: None,
                keys: None,
            }
        }

        fn read(
            &self,
            sizes: BatchSizes,
            work: ReadTask<'_>,
        ) -> Result<(DataFrame, Vec<(String, DataType)>), ReadError> {
            let mut progress = ReadProgress::new(work, String::new(), STAGES);
            let settled = TypedCsv::with_sizes(sizes, &self.wanted(), &mut progress)?;
            Ok((settled.frame(&mut progress)?, settled.columns))
        }

        fn uncancellable(
            &self,
            sizes: BatchSizes,
        ) -> Result<(DataFrame, Vec<(String, DataType)>), TableError> {
            Ok(self.read(sizes, ReadTask::uncancellable(&|_| {}))?)
        }
    }

    fn sizes() -> impl Strategy<Value = BatchSizes> {
        let sizes = (1_usize..40, 1_usize..100, 1_usize..5);
        sizes.prop_map(|(block, batch, parallel)| BatchSizes { block, batch, parallel })
    }

    fn parts() -> impl Strategy<Value = Vec<String>> {
        let good = prop_oneof!["[0-9]{0,3},2024-01-[012][1-8]", "[a\\n]{0,1}[0-9],", Just(String::new())];
        let any = prop_oneof![30 => good, 1 => "[0-9]{1,2},x", 1 => "[0-9](,,)?", 1 => "\"[a\"]{0,2},"];
        let names = prop_oneof![20 => Just("n,d"), 1 => Just("n,e"), 1 => Just("n,n")];
        let part = (names, prop::collection::vec(any, 0..20));
        let part = part.prop_map(|(names, rows)| format!("{names}\n{}", rows.join("\n")));
        prop::collection::vec(part, 1..4)
    }

    proptest! {
        #[test]
        fn rows_and_what_is_wrong_with_them_are_the_same_in_blocks_of_any_size(
            parts in parts(), sizes in sizes(),
        ) {
            let table = Table::new(&parts);
            match (table.uncancellable(ALL), table.uncancellable(sizes)) {
                (Ok((rows, columns)), Ok((others, same))) => {
                    prop_assert_eq!(columns, same);
                    prop_assert!(rows.equals_missing(&others), "{rows}\n{others}");
                }
                (one, other) => prop_assert_eq!(one.err(), other.err()),
            }
        }
    }

    #[test]
    fn what_is_wrong_first_is_told() {
        let error = |parts: &[&str]| {
            let table = Table::new(parts);
            let sizes = BatchSizes { block: 1, batch: 8, parallel: 2 };
            let error = table.uncancellable(sizes).unwrap_err();
            (
                error.place.file.file_name().unwrap().to_str().unwrap().to_owned(),
                error.place.line,
                error.message,
            )
        };
        let (shape, value) = ("1 field, where the header has 2", "\"x\" in column \"d\" is no date");
        let found = |file: &str, line, message: &str| (file.to_owned(), line, message.to_owned());
        let rows = "1,\n".repeat(50);
        assert_eq!(error(&[&format!("n,d\n{rows}1,x\n1,y\n")]), found("0.csv", Some(52), value));
        let two = format!("{shape}; 1 more line has another number, too");
        assert_eq!(error(&[&format!("n,d\n1,x\n{rows}1\n{rows}1\n")]), found("0.csv", Some(53), &two));
        assert_eq!(error(&[&format!("n,d\n1\n{rows}"), "n,d\n1\n"]), found("0.csv", Some(2), shape));
        // What stands in a first line goes before all rows, and before what parts have in common.
        let other = "has other columns than 0.csv: it lacks \"d\" and adds \"e\"";
        assert_eq!(error(&["n,d\n1\n", "n,e\n", "n,d\n1"]), found("1.csv", None, other));
        assert_eq!(error(&["n,d\n", "n,e\n"]), found("1.csv", None, other));
        let long = "x".repeat(1001);
        let of_name = format!("a column's name is longer than 1000 letters: \"{}…\"", "x".repeat(60));
        assert_eq!(error(&["n,d\n1\n", "n,e\n", &format!("{long},d\n")]), found("2.csv", Some(1), &of_name));
    }

    #[test]
    fn what_cannot_be_read_to_its_end_is_not_blamed_for_its_rows() {
        use std::io::Write;
        let mut table = Table::new(&["n,d\n1\n"]);
        let mut compressed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        compressed.write_all(format!("n,d\n1\n{}", "1,\n".repeat(1000)).as_bytes()).unwrap();
        let mut compressed = compressed.finish().unwrap();
        compressed.truncate(compressed.len() - 4);
        let file = table.files[0].with_extension("csv.gz");
        fs::write(&file, compressed).unwrap();
        table.files.push(file.clone());
        let error = table.uncancellable(BatchSizes { block: 1, batch: 8, parallel: 2 }).unwrap_err();
        assert_eq!((error.place.file, error.place.line), (file, None));
    }

    #[test]
    fn a_file_that_changes_between_the_passes_is_noticed() {
        for change in ["n,d\n3,\n4,\n", "n,d\nx,\n2,\n", "n,d\n1,x\n2,\n", "n\n1", ""] {
            let table = Table::new(&["n,d\n1,\n2,\n"]);
            let wanted = table.wanted();
            let mut progress = ReadProgress::silent();
            let settled = TypedCsv::new(&wanted, &mut progress).unwrap();
            assert_eq!(settled.frame(&mut progress).unwrap().height(), 2);
            fs::write(&table.files[0], change).unwrap();
            let error = TableError::from(settled.frame(&mut progress).unwrap_err());
            assert_eq!(
                (error.place.file, error.message.as_str()),
                (table.files[0].clone(), "has changed while it was read")
            );
        }
    }

    #[test]
    fn it_stops_wherever_it_is() {
        let table = Table::new(&[format!("n,d\n{}", "1,2024-02-29\n".repeat(100)), "d,n\n,1\n".to_owned()]);
        let sizes = BatchSizes { block: 50, batch: 150, parallel: 3 };
        let asked = AtomicUsize::new(0);
        for asks in 0.. {
            asked.store(0, Ordering::Relaxed);
            let stop = || asked.fetch_add(1, Ordering::Relaxed) >= asks;
            match table.read(sizes, ReadTask { report: &|_| {}, is_cancelled: &stop }) {
                Err(ReadError::Cancelled) => {}
                other => {
                    assert_eq!(other.unwrap().0.height(), 101);
                    assert!(asks > 50, "{asks}");
                    return;
                }
            }
            // All that goes on side by side asks once more, and nothing else is begun.
            let more = asked.load(Ordering::Relaxed) - asks;
            assert!(more <= sizes.parallel + 3, "{more} after {asks}");
        }
    }
}
