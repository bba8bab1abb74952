//! Bytes of a file from a place on. Nothing is mapped: a file that is cut short while it is read is an error.

use std::fs::File;
use std::io;

use crate::diagnostic::Diagnostic;

/// So many bytes of a file from a place on, as its length allowed when it was opened.
///
/// # Errors
/// The system refuses; the file is shorter by now.
pub(super) fn read_at(file: &File, start: u64, length: u64) -> Result<Vec<u8>, Diagnostic> {
    let length = usize::try_from(length).map_err(|_| Diagnostic::new("it is larger than memory"))?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(|_| Diagnostic::new("there is not enough memory"))?;
    bytes.resize(length, 0);
    read_into(file, &mut bytes, start)?;
    Ok(bytes)
}

/// The same into bytes that are there.
///
/// # Errors
/// The system refuses; the file is shorter by now.
pub(super) fn read_into(file: &File, bytes: &mut [u8], start: u64) -> Result<(), Diagnostic> {
    read_exact_at(file, bytes, start).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => changed(),
        _ => Diagnostic::new(error.to_string()),
    })
}

/// Somebody has written to the file.
pub(super) fn changed() -> Diagnostic {
    Diagnostic::new("the file has changed or was cut short while it was read")
        .with_help("open the database again")
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], start: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    file.read_exact_at(bytes, start)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut start: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_read(bytes, start) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                start += read as u64;
                bytes = bytes.get_mut(read..).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
