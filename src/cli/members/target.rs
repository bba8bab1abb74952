//! Where members go: standard output, a pipe or device, or a file that appears when it is complete.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::cli::stop::Stop;
use crate::export::{ExportFile, follow};
use crate::file_system::{parent, remove_abandoned};
use crate::ui::text::sanitize_lines;

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) enum Destination {
    /// Standard output, by one of its names.
    Standard,
    /// A pipe, a device or an open file: it is written to and stays what it is.
    Stream(PathBuf),
    /// A file, through all symbolic links, whether there is one yet or not.
    File(PathBuf),
}

impl Destination {
    pub(in crate::cli) fn of(path: &Path) -> io::Result<Self> {
        if ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name)) {
            return Ok(Self::Standard);
        }
        let is_open_file = path.starts_with("/dev") || path.starts_with("/proc");
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"))
            }
            Ok(metadata) if is_open_file || !metadata.is_file() => Ok(Self::Stream(path.to_owned())),
            _ => follow(path).map(Self::File),
        }
    }
}

/// A place to write to, until a signal stops it. Dropping it before [`Target::finish`] leaves no file.
pub(in crate::cli) enum Target {
    Stream { stream: Box<dyn Write + Send>, stop: Stop },
    File { file: ExportFile, stop: Stop },
}

impl Target {
    /// Opens a destination; a file that is there is replaced. On a terminal control characters are shown, unless it is
    /// to be `raw`.
    pub(in crate::cli) fn open(destination: &Destination, raw: bool, stop: &Stop) -> io::Result<Self> {
        let stop = stop.clone();
        Ok(match destination {
            Destination::Standard => Self::Stream { stream: shown(io::stdout(), raw), stop },
            // Never cut off: it may have been written to by others.
            Destination::Stream(path) => {
                Self::Stream { stream: shown(OpenOptions::new().append(true).open(path)?, raw), stop }
            }
            Destination::File(path) => {
                // An export that was killed leaves a part, which may be of customers.
                remove_abandoned(&parent(path), 0, SystemTime::now());
                let file = ExportFile::create(path, true, stop.cancel())?;
                stop.note_unfinished(Some(file.temporary_path()));
                Self::File { file, stop }
            }
        })
    }

    /// Puts a file in its place.
    pub(in crate::cli) fn finish(self) -> io::Result<()> {
        match self {
            Self::Stream { mut stream, .. } => stream.flush(),
            Self::File { file, stop } => {
                file.finish()?;
                stop.note_unfinished(None);
                Ok(())
            }
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stream { stream, stop } => {
                check(stop)?;
                stream.write(bytes)
            }
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stream { stream, .. } => stream.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}

fn check(stop: &Stop) -> io::Result<()> {
    stop.cancel().check().map_err(io::Error::other)
}

fn shown(stream: impl Write + IsTerminal + Send + 'static, raw: bool) -> Box<dyn Write + Send> {
    let is_shown = stream.is_terminal() && !raw;
    if is_shown { Box::new(Shown { to: stream, line: Vec::new() }) } else { Box::new(stream) }
}

/// Passes on lines in which nothing is left that a terminal obeys.
struct Shown<W> {
    to: W,
    /// What has not ended yet.
    line: Vec<u8>,
}

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        if let Some(end) = self.line.iter().rposition(|byte| *byte == b'\n') {
            let lines = self.line.drain(..=end).collect::<Vec<u8>>();
            self.to.write_all(sanitize_lines(&String::from_utf8_lossy(&lines)).as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.line);
        self.to.write_all(sanitize_lines(&String::from_utf8_lossy(&rest)).as_bytes())?;
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_shown_however_they_are_cut() {
        let mut shown = Shown { to: Vec::new(), line: Vec::new() };
        for byte in "a\u{1b}[2J\u{9b}é\n日\u{202e}".bytes() {
            shown.write_all(&[byte]).unwrap();
        }
        shown.flush().unwrap();
        assert_eq!(String::from_utf8(shown.to).unwrap(), "a␛[2J\u{fffd}é\n日\u{fffd}");
    }

    #[cfg(unix)]
    #[test]
    fn destinations_are_told_apart() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        symlink("sub/to.csv", &link).unwrap();
        assert_eq!(Destination::of(&link).unwrap(), Destination::File(folder.path().join("sub/to.csv")));
        assert!(Destination::of(folder.path()).is_err());
        let null = Path::new("/dev/null");
        assert_eq!(Destination::of(null).unwrap(), Destination::Stream(null.to_owned()));
        assert_eq!(Destination::of(Path::new("-")).unwrap(), Destination::Standard);
    }
}
