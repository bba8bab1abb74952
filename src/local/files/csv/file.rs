//! A CSV file as bytes, unpacked.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The byte order mark of UTF-8.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// How many bytes of a file were read, as it is packed.
#[derive(Clone, Default)]
pub struct Packed(Arc<AtomicU64>);

impl Packed {
    /// How many since this was last asked.
    pub fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// Opens a file and unpacks it as its name says: `.gz`, `.zst` or plain. What is read is added to `packed`.
pub fn open(path: &Path, packed: &Packed) -> io::Result<Box<dyn Read + Send>> {
    let file = Counted { from: File::open(path)?, packed: packed.clone() };
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    Ok(match extension.as_deref() {
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(BufReader::with_capacity(BUFFER, file))),
        Some("zst") => Box::new(zstd::Decoder::new(file)?),
        _ => Box::new(file),
    })
}

/// How much of a packed file is read in one go.
const BUFFER: usize = 1 << 16;

/// Counts what is read.
struct Counted {
    from: File,
    packed: Packed,
}

impl Read for Counted {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(to)?;
        self.packed.0.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
