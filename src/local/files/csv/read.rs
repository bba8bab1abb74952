//! Reads the files of a CSV table in two passes: the first checks the shape and settles the types, the
//! second builds the columns. Neither holds more than a few groups of rows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polars::prelude::{Column, DataFrame, Field, PolarsError, Schema};

use super::parts::Parts;
use super::pass::{Group, Sizes, pass};
use super::records::{self, Fault};
use super::typing::Guess;
use crate::local::files::cells::{Cells, held_as};
use crate::local::files::work::{Halt, Meter};
use crate::local::files::{TableError, files};
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
    sizes: Sizes,
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
        Self::by(Sizes::new(), wanted, meter)
    }

    fn by(sizes: Sizes, wanted: &Wanted<'a>, meter: &mut Meter<'_>) -> Result<Self, Halt> {
        let state = files::files(wanted.files);
        begin(wanted.files, meter);
        let parts = Parts::open(wanted.files, meter)?;
        let names = parts.names().to_vec();
        let mut guesses = vec![Guess::new(); names.len()];
        pass(
            parts,
            sizes,
            meter,
            |group| guess(group, names.len(), meter),
            |group| {
                for (guess, other) in guesses.iter_mut().zip(&group) {
                    *guess = guess.and(other);
                }
                Ok::<_, Halt>(())
            },
        )?;
        let typed = names.into_iter().zip(&guesses).map(|(name, guess)| {
            let data_type = wanted.types.get(&name).copied().unwrap_or_else(|| guess.data_type());
            (name, data_type)
        });
        Ok(Self { files: wanted.files, sizes, columns: typed.collect(), state })
    }

    /// No rows, of the types in which columns are held.
    pub fn schema(&self) -> Schema {
        self.columns.iter().map(|(name, data_type)| Field::new(name.into(), held_as(*data_type))).collect()
    }

    /// The second pass: has something made of every group of rows, side by side, and takes it in order.
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
        begin(self.files, meter);
        let meter = &*meter;
        let made = |group: Group<'_>| {
            let frame = build(group, &self.columns, meter)?;
            meter.check()?;
            Ok(make(frame))
        };
        let taken = Parts::open(self.files, meter).map_err(E::from).and_then(|parts| {
            pass(parts, self.sizes, meter, made, |made| {
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
        stack(frames, &self.schema(), meter)
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
fn begin(files: &[PathBuf], meter: &mut Meter<'_>) {
    meter.begin(files.iter().map(|file| file.metadata().map_or(0, |file| file.len())).sum());
}

fn guess(group: Group<'_>, width: usize, meter: &Meter<'_>) -> Result<Vec<Guess>, Halt> {
    let mut guesses = vec![Guess::new(); width];
    group.each(meter, |part, run| {
        run.for_each(width, |_, fields| {
            for (guess, position) in guesses.iter_mut().zip(&part.order) {
                if let Some(field) = fields.get(*position) {
                    guess.see(field);
                }
            }
            Ok(())
        })
    })?;
    Ok(guesses)
}

fn build(group: Group<'_>, columns: &[(String, DataType)], meter: &Meter<'_>) -> Result<DataFrame, Halt> {
    let rows = group.lines();
    let file = group.file().to_owned();
    let mut cells: Vec<_> =
        columns.iter().map(|(name, data_type)| Cells::new(name, *data_type, rows)).collect();
    group.each(meter, |part, run| {
        run.for_each(columns.len(), |line, fields| {
            for ((cells, position), (name, data_type)) in cells.iter_mut().zip(&part.order).zip(columns) {
                let value = fields.get(*position).and_then(records::Field::value);
                if !cells.push(value.as_deref()) {
                    return Err(misfit(line, name, *data_type, &value.unwrap_or_default()));
                }
            }
            Ok(())
        })
    })?;
    let columns: Vec<Column> = cells.into_iter().map(|cells| cells.finish().into()).collect();
    let height = columns.first().map_or(0, Column::len);
    DataFrame::new(height, columns).map_err(|error| TableError::unreadable(&file, &error).into())
}

fn misfit(line: u64, name: &str, data_type: DataType, value: &str) -> Fault {
    use crate::segment::Keyword as _;
    Fault {
        line,
        message: format!("{value:?} in column {name:?} is no {}", data_type.id()),
        help: format!("correct the value, or the type of {name:?} in database.toml"),
    }
}

/// Rows below one another, each column in one piece of memory.
fn stack(frames: Vec<DataFrame>, schema: &Schema, meter: &Meter<'_>) -> Result<DataFrame, Halt> {
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

    const ALL: Sizes = Sizes { run: 1 << 20, group: 1 << 20, side_by_side: 1 };

    /// Parts of a table in a folder.
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

        fn read(&self, sizes: Sizes, work: Work<'_>) -> Result<(DataFrame, Vec<(String, DataType)>), Halt> {
            let mut meter = Meter::new(work, String::new(), STAGES);
            let settled = Settled::by(sizes, &self.wanted(), &mut meter)?;
            Ok((settled.frame(&mut meter)?, settled.columns))
        }

        fn to_its_end(&self, sizes: Sizes) -> Result<(DataFrame, Vec<(String, DataType)>), TableError> {
            Ok(self.read(sizes, Work::to_its_end(&|_| {}))?)
        }
    }

    fn sizes() -> impl Strategy<Value = Sizes> {
        let sizes = (1_usize..40, 1_usize..100, 1_usize..5);
        sizes.prop_map(|(run, group, side_by_side)| Sizes { run, group, side_by_side })
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
        let fault = |parts: &[&str]| {
            let table = Table::new(parts);
            let sizes = Sizes { run: 1, group: 8, side_by_side: 2 };
            let error = table.to_its_end(sizes).unwrap_err();
            (error.file.file_name().unwrap().to_str().unwrap().to_owned(), error.line, error.message)
        };
        let (shape, value) = ("1 field, where the header has 2", "\"x\" in column \"d\" is no date");
        let found = |file: &str, line, message: &str| (file.to_owned(), line, message.to_owned());
        let rows = "1,\n".repeat(50);
        assert_eq!(fault(&[&format!("n,d\n{rows}1,x\n1,y\n")]), found("0.csv", Some(52), value));
        assert_eq!(fault(&[&format!("n,d\n1,x\n{rows}1\n{rows}1\n")]), found("0.csv", Some(53), shape));
        assert_eq!(fault(&[&format!("n,d\n1\n{rows}"), "n,d\n1\n"]), found("0.csv", Some(2), shape));
        // What stands in a first line goes before all rows, and before what parts have in common.
        let other = "has other columns than 0.csv: it lacks \"d\" and adds \"e\"";
        assert_eq!(fault(&["n,d\n1\n", "n,e\n", "n,d\n1"]), found("1.csv", None, other));
        assert_eq!(fault(&["n,d\n", "n,e\n"]), found("1.csv", None, other));
        let twice = "two columns are named \"n\"";
        assert_eq!(fault(&["n,d\n1\n", "n,e\n", "n,n\n"]), found("2.csv", Some(1), twice));
    }

    #[test]
    fn what_cannot_be_read_to_its_end_is_not_blamed_for_its_rows() {
        use std::io::Write;
        let mut table = Table::new(&["n,d\n1\n"]);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(format!("n,d\n1\n{}", "1,\n".repeat(1000)).as_bytes()).unwrap();
        let mut packed = packed.finish().unwrap();
        packed.truncate(packed.len() - 4);
        let file = table.files[0].with_extension("csv.gz");
        fs::write(&file, packed).unwrap();
        table.files.push(file.clone());
        let error = table.to_its_end(Sizes { run: 1, group: 8, side_by_side: 2 }).unwrap_err();
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
        let sizes = Sizes { run: 50, group: 150, side_by_side: 3 };
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
            assert!(more <= sizes.side_by_side + 3, "{more} after {asks}");
        }
    }
}
