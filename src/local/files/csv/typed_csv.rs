//! Reads the files of a CSV table in two passes: the first checks the shape and settles the types, the
//! second builds the columns. Neither holds more than a few groups of rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polars::prelude::{Column, DataFrame, Field, PolarsError, Schema};

use super::csv_files::CsvFiles;
use super::error::{CsvError, CsvLine};
use super::parallel_pass::{Batch, BatchSizes, parallel_pass};
use super::records::CsvField;
use super::settings::CsvSettings;
use super::suggestions;
use super::type_inference::{ColumnType, TypeInference};
use super::value_rules::ValueRules;
use crate::database::{Note, TableError};
use crate::diagnostic::{Diagnostic, shortened};
use crate::local::files::column_builder::{ColumnBuilder, polars_type};
use crate::local::files::file_states;
use crate::local::files::key_columns::KeyColumns;
use crate::local::files::read_task::{ReadError, ReadProgress};
use crate::segment::DataType;

/// How many stages it takes to settle a table and to read its rows.
pub(crate) const STAGES: u64 = 2;

/// What is to be read.
pub(crate) struct CsvRequest<'a> {
    /// The name that the manifest has for the table; `None` for files that no manifest is about.
    pub table: Option<&'a str>,
    /// The parts of the table, in the order of its rows.
    pub files: &'a [PathBuf],
    /// The columns whose type is stated; all others have the type that their values look like.
    pub types: &'a BTreeMap<String, DataType>,
    /// How the files are written, as far as that is stated.
    pub settings: &'a CsvSettings,
    /// The columns that stand in the names of folders, if any do.
    pub keys: Option<&'a KeyColumns>,
}

/// A table that was looked at once: all of its rows have the shape of the first, and the types of its columns
/// are settled.
pub(crate) struct TypedCsv<'a> {
    files: &'a [PathBuf],
    sizes: BatchSizes,
    /// The name of the table in the manifest.
    table: Option<&'a str>,
    /// What is declared of the values.
    rules: ValueRules,
    /// The columns, in the order of the first file, then those that stand in the names of folders.
    pub columns: Vec<(String, DataType)>,
    /// Those that stand in the files, and how the dates of each are read.
    in_files: Vec<(String, ColumnType)>,
    keys: Option<&'a KeyColumns>,
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
        begin_stage(wanted.files, progress);
        let parts = CsvFiles::open(wanted.files, progress)?;
        let names = parts.names().to_vec();
        let rules = ValueRules::new(wanted.settings);
        let stated: Vec<_> = names.iter().map(|name| wanted.types.get(name).copied()).collect();
        let mut inferred = vec![TypeInference::new(&rules); names.len()];
        parallel_pass(
            parts,
            sizes,
            progress,
            |batch| infer(batch, &stated, &rules, progress),
            |batch| {
                for (inferred, other) in inferred.iter_mut().zip(&batch) {
                    *inferred = inferred.merge(other);
                }
                Ok::<_, ReadError>(())
            },
        )?;
        let (mut in_files, mut notes) = (Vec::new(), Vec::new());
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
        let (files, keys, table) = (wanted.files, wanted.keys, wanted.table);
        Ok(Self { files, sizes, table, rules, columns, in_files, keys, state, notes })
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
        begin_stage(self.files, progress);
        let progress = &*progress;
        let made = |batch: Batch<'_>| {
            let frame = self.build(batch, progress)?;
            progress.check()?;
            Ok(make(frame))
        };
        let taken = CsvFiles::open(self.files, progress).map_err(E::from).and_then(|files| {
            parallel_pass(files, self.sizes, progress, made, |made| {
                progress.check()?;
                take(made)
            })
        });
        progress.check()?;
        if file_states::describe_files(self.files) == self.state {
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
            block.for_each(self.in_files.len(), |line, fields| {
                rows += 1;
                for ((cells, position), (name, column)) in
                    cells.iter_mut().zip(&file.column_order).zip(&self.in_files)
                {
                    let value = self.rules.value(field(fields, *position, line)?);
                    let text = value.as_deref();
                    let fits = if is_plain {
                        cells.push(text)
                    } else {
                        cells.push_by(text, &self.rules, column.dates)
                    };
                    if !fits {
                        let text = text.unwrap_or_default();
                        return Err(type_mismatch(line, self.table, name, column.data_type, text));
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
            for column in self.keys.map_or_else(|| Ok(Vec::new()), |keys| keys.over(&rows_of_files))? {
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
        let file = self.files.iter().find(is_other).or(self.files.first());
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

fn begin_stage(files: &[PathBuf], progress: &mut ReadProgress<'_>) {
    progress.begin(files.iter().map(|file| file.metadata().map_or(0, |file| file.len())).sum());
}

fn infer(
    batch: Batch<'_>,
    stated: &[Option<DataType>],
    rules: &ValueRules,
    progress: &ReadProgress<'_>,
) -> Result<Vec<TypeInference>, ReadError> {
    // What is stated is not looked at, but for the format of dates.
    let is_asked = |data_type| match data_type {
        None => true,
        Some(DataType::Date | DataType::Datetime) => !rules.formats.is_empty(),
        Some(_) => false,
    };
    let asked: Vec<_> = stated.iter().map(|stated| is_asked(*stated)).collect();
    let mut inferred = vec![TypeInference::new(rules); stated.len()];
    batch.each(progress, |file, block| {
        block.for_each(stated.len(), |line, fields| {
            for ((inferred, position), asked) in inferred.iter_mut().zip(&file.column_order).zip(&asked) {
                if *asked {
                    inferred.observe(field(fields, *position, line)?, rules);
                }
            }
            Ok(())
        })
    })?;
    Ok(inferred)
}

/// A field of a record, all of which have as many as the header.
fn field<'a, 'b>(
    fields: &'b [CsvField<'a>],
    position: usize,
    line: u64,
) -> Result<&'b CsvField<'a>, CsvError> {
    fields.get(position).ok_or_else(|| {
        Diagnostic::new(format!("field {} is missing", position + 1))
            .with_help("give every line as many fields as the header")
            .at(CsvLine(line))
    })
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
    use proptest::prelude::*;
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const ALL: BatchSizes = BatchSizes { block: 1 << 20, batch: 1 << 20, parallel: 1 };

    /// CsvFiles of a table in a folder.
    struct Table {
        _folder: tempfile::TempDir,
        files: Vec<PathBuf>,
        types: BTreeMap<String, DataType>,
        settings: CsvSettings,
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
            Self { _folder: folder, files, types, settings: CsvSettings::default() }
        }

        fn wanted(&self) -> CsvRequest<'_> {
            CsvRequest {
                table: Some("t"),
                files: &self.files,
                types: &self.types,
                settings: &self.settings,
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
        assert_eq!(error(&[&format!("n,d\n1,x\n{rows}1\n{rows}1\n")]), found("0.csv", Some(53), shape));
        assert_eq!(error(&[&format!("n,d\n1\n{rows}"), "n,d\n1\n"]), found("0.csv", Some(2), shape));
        // What stands in a first line goes before all rows, and before what parts have in common.
        let other = "has other columns than 0.csv: it lacks \"d\" and adds \"e\"";
        assert_eq!(error(&["n,d\n1\n", "n,e\n", "n,d\n1"]), found("1.csv", None, other));
        assert_eq!(error(&["n,d\n", "n,e\n"]), found("1.csv", None, other));
        let twice = "two columns are named \"n\"";
        assert_eq!(error(&["n,d\n1\n", "n,e\n", "n,n\n"]), found("2.csv", Some(1), twice));
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
