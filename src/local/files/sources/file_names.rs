//! What the name of a file says.

use std::path::Path;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileFormat {
    Parquet,
    /// CSV, plain or packed.
    Csv,
}

const EXTENSIONS: [(&str, FileFormat); 9] = [
    (".parquet", FileFormat::Parquet),
    (".parq", FileFormat::Parquet),
    (".csv", FileFormat::Csv),
    (".csv.gz", FileFormat::Csv),
    (".csv.zst", FileFormat::Csv),
    (".tsv", FileFormat::Csv),
    (".tsv.gz", FileFormat::Csv),
    (".tsv.zst", FileFormat::Csv),
    (".pq", FileFormat::Parquet),
];

/// Extensions of packed files, of which nobody knows what is in them.
const PACKED: [&str; 4] = [".gz", ".gzip", ".zst", ".zstd"];

/// Extensions of data that is no table here: people look for it otherwise.
const OTHER_DATA: [&str; 42] = [
    "xlsx", "xls", "xlsm", "xlsb", "ods", "numbers", "json", "jsonl", "ndjson", "geojson", "xml", "avro",
    "orc", "feather", "arrow", "ipc", "db", "sqlite", "sqlite3", "duckdb", "mdb", "accdb", "sql", "dump",
    "sas7bdat", "xpt", "sav", "dta", "rds", "rdata", "pkl", "pickle", "h5", "hdf5", "npy", "npz", "dbf",
    "zip", "7z", "rar", "bz2", "xz",
];

pub(super) fn stem_and_format(name: &str) -> Option<(&str, FileFormat)> {
    EXTENSIONS.iter().find_map(|(extension, format)| Some((without(name, extension)?, *format)))
}

/// How a file is written, by its name.
pub(crate) fn format_of(file: &Path) -> Option<FileFormat> {
    stem_and_format(&file_name(file)).map(|(_, format)| format)
}

/// The name of a table file without what says how it is written.
pub(crate) fn stem(name: &str) -> &str {
    stem_and_format(name).map_or(name, |(stem, _)| stem)
}

/// The stem of a name that says nothing of what is in the file, as Hive, Athena and Redshift write parts. Only its
/// first bytes can tell.
pub(super) fn unnamed_stem(name: &str) -> Option<&str> {
    let stem = PACKED.iter().find_map(|extension| without(name, extension)).unwrap_or(name);
    (!stem.contains('.')).then_some(stem)
}

/// Whether a name is that of data, but of no table.
pub(super) fn is_other_data(name: &str) -> bool {
    let name = name.to_lowercase();
    let unpacked = PACKED.iter().find_map(|extension| without(&name, extension));
    let extension =
        |name: &str| Path::new(name).extension().map(|extension| extension.to_string_lossy().into_owned());
    let is_data =
        |name: &str| extension(name).is_some_and(|extension| OTHER_DATA.contains(&extension.as_str()));
    match unpacked {
        Some(unpacked) => {
            stem_and_format(&name).is_none() && (is_data(unpacked) || extension(unpacked).is_some())
        }
        None => is_data(&name),
    }
}

/// Extensions of what people keep beside data and nobody takes for it.
const DOCUMENTS: [&str; 14] =
    ["md", "rst", "pdf", "html", "doc", "docx", "toml", "yaml", "yml", "png", "jpg", "svg", "log", "crc"];

/// Whether a name is that of a document, by its extension or as a text that every folder may have.
pub(super) fn is_document(name: &str) -> bool {
    let name = name.to_lowercase();
    let extension = Path::new(&name).extension().map(|extension| extension.to_string_lossy().into_owned());
    extension.is_some_and(|extension| DOCUMENTS.contains(&extension.as_str()))
        || ["readme", "license", "manifest"].iter().any(|known| name.starts_with(known))
}

/// Whether a file may be text of any kind, be it a table.
pub(super) fn is_text(name: &str) -> bool {
    let extension = Path::new(name).extension().map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| ["txt", "tab", "psv", "dat", "asc"].contains(&extension.as_str()))
}

/// The last step of a path.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A name without its extension, in whatever case that is.
fn without<'a>(name: &'a str, extension: &str) -> Option<&'a str> {
    let (stem, end) = name.split_at_checked(name.len().checked_sub(extension.len())?)?;
    (end.eq_ignore_ascii_case(extension) && !stem.is_empty()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_extension() {
        assert_eq!(stem_and_format("a.b.csv.gz"), Some(("a.b", FileFormat::Csv)));
        assert_eq!(stem_and_format("A.PARQUET"), Some(("A", FileFormat::Parquet)));
        assert_eq!(stem_and_format("a.parq"), Some(("a", FileFormat::Parquet)));
        assert_eq!(stem_and_format("a.TSV"), Some(("a", FileFormat::Csv)));
        for name in ["a.txt", "database.toml", ".csv", "é.c"] {
            assert_eq!(stem_and_format(name), None, "{name}");
        }
    }

    #[test]
    fn some_names_say_nothing() {
        for (name, stem) in
            [("000000_0", "000000_0"), ("orders.gz", "orders"), ("0000_part_00.zst", "0000_part_00")]
        {
            assert_eq!(unnamed_stem(name), Some(stem));
        }
        for name in ["a.md", "dump.sql.gz", ".gz", "a.b"] {
            assert_eq!(unnamed_stem(name), None, "{name}");
        }
    }

    #[test]
    fn data_and_papers_are_told_apart() {
        for name in
            ["items.xlsx", "events.JSONL", "x.sql.gz", "x.tar.gz", "x.csv.bz2", "shop.db", "a.dat.zst"]
        {
            assert!(is_other_data(name), "{name}");
        }
        for name in
            ["readme.md", "database.toml", "logo.png", "a.csv", "a.csv.gz", "orders.gz", "LICENSE", "a.txt"]
        {
            assert!(!is_other_data(name), "{name}");
        }
    }
}
