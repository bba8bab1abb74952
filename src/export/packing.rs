//! What compresses the text that is written.

use std::io::{self, BufWriter, Write};

use flate2::write::GzEncoder;

use super::format::Packing;

/// Compresses what is written to `W`, or passes it on.
pub(crate) enum Packer<W: Write> {
    Plain(BufWriter<W>),
    Gzip(Box<GzEncoder<BufWriter<W>>>),
    Zstd(Box<zstd::stream::write::Encoder<'static, BufWriter<W>>>),
}

impl<W: Write> Packer<W> {
    pub(crate) fn new(to: W, packing: Packing) -> io::Result<Self> {
        let to = BufWriter::new(to);
        Ok(match packing {
            Packing::None => Self::Plain(to),
            Packing::Gzip => Self::Gzip(Box::new(GzEncoder::new(to, flate2::Compression::default()))),
            Packing::Zstd => Self::Zstd(Box::new(zstd::stream::write::Encoder::new(to, 0)?)),
        })
    }

    /// Writes what is left, and gives back what it was written to.
    pub(crate) fn finish(self) -> io::Result<W> {
        let to = match self {
            Self::Plain(to) => to,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        };
        to.into_inner().map_err(io::IntoInnerError::into_error)
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(writer) => writer,
            Self::Gzip(writer) => writer,
            Self::Zstd(writer) => writer,
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}
