//! How members are written, as the ending of a file says it.

use std::path::Path;

use crate::diagnostic::Diagnostic;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A header, then a line a row; NULL is nothing, an empty text is `""`.
    Csv,
    /// An object a line.
    JsonLines,
    /// Each column in the type of its table.
    Parquet,
}

/// How text is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    None,
    /// As `.gz`.
    Gzip,
    /// As `.zst`.
    Zstd,
}

/// What a file's ending says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// How rows are written.
    pub shape: Shape,
    /// How text is compressed.
    pub packing: Packing,
}

impl Format {
    /// Plain CSV.
    pub const CSV: Self = Self { shape: Shape::Csv, packing: Packing::None };
    /// Plain JSON lines.
    pub const JSON_LINES: Self = Self { shape: Shape::JsonLines, packing: Packing::None };
    /// All endings, each of another format.
    pub const ENDINGS: [&str; 7] = ["csv", "csv.gz", "csv.zst", "jsonl", "jsonl.gz", "jsonl.zst", "parquet"];

    /// The format of a file by its ending, in any case of letters.
    ///
    /// # Errors
    /// It is none of [`Self::ENDINGS`].
    pub fn of(path: &Path) -> Result<Self, Diagnostic> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let (name, packing) = match name.rsplit_once('.') {
            Some((name, "gz")) => (name, Packing::Gzip),
            Some((name, "zst")) => (name, Packing::Zstd),
            _ => (name.as_str(), Packing::None),
        };
        let shape = match name.rsplit_once('.') {
            Some((_, "csv")) => Some(Shape::Csv),
            Some((_, "jsonl")) => Some(Shape::JsonLines),
            Some((_, "parquet")) if packing == Packing::None => Some(Shape::Parquet),
            _ => None,
        };
        shape.map(|shape| Self { shape, packing }).ok_or_else(|| {
            let message = format!("the ending of {} is unknown", path.display());
            Diagnostic::new(message)
                .with_help("write .csv, .csv.gz, .csv.zst, .jsonl, .jsonl.gz, .jsonl.zst or .parquet")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_say_the_format() {
        let format = |path: &str| Format::of(Path::new(path)).ok();
        assert_eq!(format("a/b.CSV"), Some(Format::CSV));
        assert_eq!(format("b.jsonl.gz"), Some(Format { shape: Shape::JsonLines, packing: Packing::Gzip }));
        assert_eq!(format("b.csv.zst"), Some(Format { shape: Shape::Csv, packing: Packing::Zstd }));
        assert_eq!(format("b.parquet").map(|format| format.shape), Some(Shape::Parquet));
        assert!(["b", "b.gz", "b.parquet.gz", "b.txt", ""].into_iter().all(|path| format(path).is_none()));
        for ending in Format::ENDINGS {
            let help = Format::of(Path::new("b")).unwrap_err().help.unwrap();
            assert!(format(&format!("b.{ending}")).is_some() && help.contains(ending), "{ending}");
        }
    }
}
