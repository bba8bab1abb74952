//! Reads the files of a CSV table in two passes: the first checks the shape and settles the types, the
//! second builds the columns. Neither holds more than a few groups of rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polars::prelude::{Column, DataFrame, Field, PolarsError, Schema};

use super::csv_files::CsvFiles;
use super::error::CsvError;
use super::parallel_pass::{Batch, BatchSizes, parallel_pass};
use super::records::CsvField;
use super::type_inference::TypeInference;
use crate::database::TableError;
use crate::local::files::cells::{Cells, held_as};
use crate::local::files::files;
use crate::local::files::work::{Halt, Meter};
use crate::segment::DataType;

/// How many stages it takes to settle a table and to read its rows.
pub const STAGES: u64 = 2;

/// What is to be read.
pub struct Wanted<'a> {
    /// The parts of the table, in the order of its rows.
    pub files: &'a [PathBuf],
    /// The columns whose type is stated; all others have the type that their values look like.
    pub types: &'a BTreeMap<String, DataType>,
}

/// A table that was looked at once: all of its rows have the shape of the first, and the types of its columns
/// are settled.
pub struct Settled<'a> {
    files: &'a [PathBuf],
    sizes: BatchSizes,
    /// The columns, in the order of the first file.
    pub columns: Vec<(String, DataType)>,
    /// The files as they were before.
    pub state: Option<String>,
}

impl<'a> Settled<'a> {
    /// The first pass.
    ///
    /// # Errors
    /// A file cannot be read, is no CSV, or has other columns than the first. The work was stopped.
    pub fn new(wanted: &Wanted<'a>, meter: &mut Meter<'_>) -> Result<Self, Halt> {
        Self::with_sizes(BatchSizes::new(), wanted, meter)
    }

    fn with_sizes(sizes: BatchSizes, wanted: &Wanted<'a>, meter: &mut Meter<'_>) -> Result<Self, Halt> {
        let state = files::files(wanted.files);
        begin_stage(wanted.files, meter);
        let parts = CsvFiles::open(wanted.files, meter)?;
        let names = parts.names().to_vec();
        let mut inferred = vec![TypeInference::new(); names.len()];
        parallel_pass(
            parts,
            sizes,
            meter,
            |batch| infer(batch, names.len(), meter),
            |batch| {
                for (inferred, other) in inferred.iter_mut().zip(&batch) {
                    *inferred = inferred.merge(other);
                }
                Ok::<_, Halt>(())
            },
        )?;
        let typed = names.into_iter().zip(&inferred).map(|(name, inferred)| {
            let data_type = wanted.types.get(&name).copied().unwrap_or_else(|| inferred.data_type());
            (name, data_type)
        });
        Ok(Self { files: wanted.files, sizes, columns: typed.collect(), state })
    }

    /// No rows, of the types in which columns are held.
    pub fn schema(&self) -> Schema {
        self.columns.iter().map(|(name, data_type)| Field::new(name.into(), held_as(*data_type))).collect()
    }

    /// The second pass: has something made of every batch of rows, in parallel, and takes it in order.
    ///
    /// # Errors
    /// A value does not fit the type that is stated for its column. A file has changed since the first pass.
    /// The work was stopped. What `take` returns.
    pub fn rows<T: Send, E: From<Halt> + Send>(
        &self,
        meter: &mut Meter<'_>,
        make: impl Fn(DataFrame) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        begin_stage(self.files, meter);
        let meter = &*meter;
        let made = |batch: Batch<'_>| {
            let frame = build(batch, &self.columns, meter)?;
            meter.check()?;
            Ok(make(frame))
        };
        let taken = CsvFiles::open(self.files, meter).map_err(E::from).and_then(|files| {
            parallel_pass(files, self.sizes, meter, made, |made| {
                meter.check()?;
                take(made)
            })
        });
        meter.check()?;
        if files::files(self.files) == self.state { taken } else { Err(Halt::from(self.changed()).into()) }
    }

    /// All rows, held in memory.
    ///
    /// # Errors
    /// As [`Self::rows`].
    pub fn frame(&self, meter: &mut Meter<'_>) -> Result<DataFrame, Halt> {
        let mut frames = Vec::new();
        self.rows(
            meter,
            |frame| frame,
            |frame| {
                frames.push(frame);
                Ok::<_, Halt>(())
            },
        )?;
        concatenate(frames, &self.schema(), meter)
    }

    /// Rows of a file that changed while it was read are nobody's.
    fn changed(&self) -> TableError {
        let is_other = |file: &&PathBuf| {
            let state = files::file_state(file);
            state.is_none_or(|now| !self.state.as_ref().is_some_and(|state| state.contains(&now)))
        };
        let file = self.files.iter().find(is_other).or(self.files.first());
        TableError {
            file: file.cloned().unwrap_or_default(),
            line: None,
            message: "has changed while it was read".to_owned(),
            help: "open the database again once it is written".to_owned(),
        }
    }
}

/// The rows of a table, held in memory, and the types of its columns.
///
/// # Errors
/// As [`Settled::new`] and [`Settled::rows`].
pub fn read(
    wanted: &Wanted<'_>,
    meter: &mut Meter<'_>,
) -> Result<(DataFrame, Vec<(String, DataType)>), Halt> {
    let settled = Settled::new(wanted, meter)?;
    Ok((settled.frame(meter)?, settled.columns))
}

/// A stage in which all files are read.
fn begin_stage(files: &[PathBuf], meter: &mut Meter<'_>) {
    meter.begin(files.iter().map(|file| file.metadata().map_or(0, |file| file.len())).sum());
}

fn infer(batch: Batch<'_>, width: usize, meter: &Meter<'_>) -> Result<Vec<TypeInference>, Halt> {
    let mut inferred = vec![TypeInference::new(); width];
    batch.each(meter, |file, block| {
        block.for_each(width, |line, fields| {
            for (inferred, position) in inferred.iter_mut().zip(&file.column_order) {
                inferred.observe(field(fields, *position, line)?);
            }
            Ok(())
        })
    })?;
    Ok(inferred)
}

fn build(batch: Batch<'_>, columns: &[(String, DataType)], meter: &Meter<'_>) -> Result<DataFrame, Halt> {
    let rows = batch.lines();
    let file = batch.file().to_owned();
    let mut cells: Vec<_> =
        columns.iter().map(|(name, data_type)| Cells::new(name, *data_type, rows)).collect();
    batch.each(meter, |file, block| {
        block.for_each(columns.len(), |line, fields| {
            for ((cells, position), (name, data_type)) in
                cells.iter_mut().zip(&file.column_order).zip(columns)
            {
                let value = field(fields, *position, line)?.value();
                if !cells.push(value.as_deref()) {
                    return Err(type_mismatch(line, name, *data_type, &value.unwrap_or_default()));
                }
            }
            Ok(())
        })
    })?;
    let columns: Vec<Column> = cells.into_iter().map(|cells| cells.finish().into()).collect();
    let height = columns.first().map_or(0, Column::len);
    DataFrame::new(height, columns).map_err(|error| TableError::unreadable(&file, &error).into())
}

/// A field of a record, all of which have as many as the header.
fn field<'a, 'b>(
    fields: &'b [CsvField<'a>],
    position: usize,
    line: u64,
) -> Result<&'b CsvField<'a>, CsvError> {
    fields.get(position).ok_or_else(|| CsvError {
        line,
        message: format!("field {} is missing", position + 1),
        help: "give every line as many fields as the header".to_owned(),
    })
}

fn type_mismatch(line: u64, name: &str, data_type: DataType, value: &str) -> CsvError {
    use crate::segment::Keyword as _;
    CsvError {
        line,
        message: format!("{value:?} in column {name:?} is no {}", data_type.id()),
        help: format!("correct the value, or the type of {name:?} in database.toml"),
    }
}

/// Rows below one another, each column in one piece of memory.
fn concatenate(frames: Vec<DataFrame>, schema: &Schema, meter: &Meter<'_>) -> Result<DataFrame, Halt> {
    let broken = |error: PolarsError| TableError::unreadable(Path::new(""), &error);
    let mut all = DataFrame::empty_with_schema(schema);
    for frame in frames {
        all.vstack_mut_owned(frame).map_err(broken)?;
    }
    let height = all.height();
    let one_piece = |column: Column| meter.check().map(|()| column.rechunk());
    let columns = all.into_columns().into_iter().map(one_piece).collect::<Result<_, _>>()?;
    Ok(DataFrame::new(height, columns).map_err(broken)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::Work;
    use proptest::prelude::*;
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const ALL: BatchSizes = BatchSizes { block: 1 << 20, batch: 1 << 20, parallel: 1 };

    /// CsvFiles of a table in a folder.
    struct Table {
        _folder: tempfile::TempDir,
        files: Vec<PathBuf>,
        types: BTreeMap<String, DataType>,
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
            Self { _folder: folder, files, types: BTreeMap::from([("d".to_owned(), DataType::Date)]) }
        }

        fn wanted(&self) -> Wanted<'_> {
            Wanted { files: &self.files, types: &self.types }
        }

        fn read(
            &self,
            sizes: BatchSizes,
            work: Work<'_>,
        ) -> Result<(DataFrame, Vec<(String, DataType)>), Halt> {
            let mut meter = Meter::new(work, String::new(), STAGES);
            let settled = Settled::with_sizes(sizes, &self.wanted(), &mut meter)?;
            Ok((settled.frame(&mut meter)?, settled.columns))
        }

        fn to_its_end(&self, sizes: BatchSizes) -> Result<(DataFrame, Vec<(String, DataType)>), TableError> {
            Ok(self.read(sizes, Work::to_its_end(&|_| {}))?)
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
        fn rows_and_what_is_wrong_with_them_are_the_same_in_pieces_of_any_size(
            parts in parts(), sizes in sizes(),
        ) {
            let table = Table::new(&parts);
            match (table.to_its_end(ALL), table.to_its_end(sizes)) {
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
            let error = table.to_its_end(sizes).unwrap_err();
            (error.file.file_name().unwrap().to_str().unwrap().to_owned(), error.line, error.message)
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
        let error = table.to_its_end(BatchSizes { block: 1, batch: 8, parallel: 2 }).unwrap_err();
        assert_eq!((error.file, error.line), (file, None));
    }

    #[test]
    fn a_file_that_changes_between_the_passes_is_noticed() {
        for change in ["n,d\n3,\n4,\n", "n,d\nx,\n2,\n", "n,d\n1,x\n2,\n", "n\n1", ""] {
            let table = Table::new(&["n,d\n1,\n2,\n"]);
            let wanted = table.wanted();
            let mut meter = Meter::silent();
            let settled = Settled::new(&wanted, &mut meter).unwrap();
            assert_eq!(settled.frame(&mut meter).unwrap().height(), 2);
            fs::write(&table.files[0], change).unwrap();
            let error = TableError::from(settled.frame(&mut meter).unwrap_err());
            assert_eq!(
                (error.file, error.message.as_str()),
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
            match table.read(sizes, Work { say: &|_| {}, stop: &stop }) {
                Err(Halt::Stopped) => {}
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
