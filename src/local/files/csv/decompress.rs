//! A CSV file as bytes, decompressed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::file_system::open_regular;
use crate::local::files::sources::Packing;

/// How many bytes of a file were read, as it is on disk.
#[derive(Clone, Default)]
pub(crate) struct CompressedBytes(Arc<AtomicU64>);

impl CompressedBytes {
    /// How many since this was last asked.
    pub fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// Opens a file and decompresses it as its first bytes say, whatever it is called. What is read is added to
/// `compressed`.
pub fn open(path: &Path, compressed: &CompressedBytes) -> io::Result<Box<dyn Read + Send>> {
    let mut from = open_regular(path)?;
    let mut head = Vec::with_capacity(4);
    (&mut from).take(4).read_to_end(&mut head)?;
    from.rewind()?;
    let file = CountingReader { from, compressed: compressed.clone() };
    Ok(match Packing::of(&head) {
        Some(Packing::Gzip) => {
            Box::new(flate2::read::MultiGzDecoder::new(BufReader::with_capacity(BUFFER, file)))
        }
        Some(Packing::Zstd) => Box::new(zstd::Decoder::new(file)?),
        None => Box::new(file),
    })
}

/// How much of a compressed file is read in one go.
const BUFFER: usize = 1 << 16;

/// Counts what is read.
struct CountingReader {
    from: File,
    compressed: CompressedBytes,
}

impl Read for CountingReader {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(to)?;
        self.compressed.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
