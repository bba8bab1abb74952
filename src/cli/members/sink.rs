//! How members are written: their format, and what packs it.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::write::GzEncoder;

use super::target::Target;
use crate::cli::failure::Failure;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Csv,
    JsonLines,
    Parquet,
}

/// How text is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Gzip,
    Zstd,
}

/// What a file's ending says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) shape: Shape,
    pub(super) packing: Packing,
}

impl Format {
    pub(super) const CSV: Self = Self { shape: Shape::Csv, packing: Packing::None };
    pub(super) const JSON_LINES: Self = Self { shape: Shape::JsonLines, packing: Packing::None };

    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
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
            let failure = Failure::usage(format!("the ending of {} is unknown", path.display()));
            failure.help("write .csv, .csv.gz, .csv.zst, .jsonl, .jsonl.gz, .jsonl.zst or .parquet")
        })
    }
}

/// A target with what packs its bytes. Dropping it before [`Sink::finish`] leaves no file.
pub(super) enum Sink {
    Plain(BufWriter<Target>),
    Gzip(Box<GzEncoder<BufWriter<Target>>>),
    Zstd(Box<zstd::stream::write::Encoder<'static, BufWriter<Target>>>),
}

impl Sink {
    pub(super) fn new(target: Target, packing: Packing) -> io::Result<Self> {
        let target = BufWriter::new(target);
        Ok(match packing {
            Packing::None => Self::Plain(target),
            Packing::Gzip => Self::Gzip(Box::new(GzEncoder::new(target, flate2::Compression::default()))),
            Packing::Zstd => Self::Zstd(Box::new(zstd::stream::write::Encoder::new(target, 0)?)),
        })
    }

    /// Writes what is left, and puts a file in its place.
    pub(super) fn finish(self) -> io::Result<()> {
        let target = match self {
            Self::Plain(target) => target,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        };
        target.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(writer) => writer,
            Self::Gzip(writer) => writer,
            Self::Zstd(writer) => writer,
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
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
    }
}
