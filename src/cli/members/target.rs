//! Where members go: standard output, a pipe or device, or a file that appears when it is complete.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::cli::stop::Stop;
use crate::file_system::{TemporaryFile, flush_folder, parent};
use crate::ui::text::sanitize_lines;

/// The most symbolic links that lead from one to the next, as on Linux.
const MOST_LINKS: usize = 40;

/// What a path names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// Standard output, by one of its names.
    Standard,
    /// A pipe, a device or an open file: it is written to and stays what it is.
    Stream(PathBuf),
    /// A file, through all symbolic links, whether there is one yet or not.
    File(PathBuf),
}

impl Destination {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
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

/// Where symbolic links lead, even where there is no file yet.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = parent(&path).join(target),
            // It is no link.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// A place to write to, until a signal stops it. Dropping it before [`Target::finish`] leaves no file.
pub(super) struct Target {
    place: Place,
    stop: Stop,
}

enum Place {
    Stream(Box<dyn Write>),
    File { file: TemporaryFile, path: PathBuf },
}

impl Target {
    /// Opens a destination. On a terminal control characters are shown, unless it is to be `raw`.
    pub(super) fn open(destination: &Destination, raw: bool, stop: &Stop) -> io::Result<Self> {
        let place = match destination {
            Destination::Standard => stream(io::stdout(), raw),
            // Never cut off: it may have been written to by others.
            Destination::Stream(path) => stream(OpenOptions::new().append(true).open(path)?, raw),
            Destination::File(path) => {
                let file = TemporaryFile::private(path)?;
                stop.note_unfinished(Some(file.path()));
                Place::File { file, path: path.clone() }
            }
        };
        Ok(Self { place, stop: stop.clone() })
    }

    /// Puts a file in its place, with the rights of the one that is there.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        let Place::File { file, path } = self.place else { return Ok(()) };
        if let Ok(metadata) = fs::metadata(&path) {
            file.set_permissions(metadata.permissions())?;
        }
        file.flush_to_disk()?;
        check(&self.stop)?;
        file.replace(&path)?;
        self.stop.note_unfinished(None);
        flush_folder(&parent(&path))
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        check(&self.stop)?;
        match &mut self.place {
            Place::Stream(stream) => stream.write(bytes),
            Place::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.place {
            Place::Stream(stream) => stream.flush(),
            Place::File { file, .. } => file.flush(),
        }
    }
}

fn check(stop: &Stop) -> io::Result<()> {
    stop.cancel().check().map_err(io::Error::other)
}

fn stream(stream: impl Write + IsTerminal + 'static, raw: bool) -> Place {
    let is_shown = stream.is_terminal() && !raw;
    Place::Stream(if is_shown { Box::new(Shown { to: stream, line: Vec::new() }) } else { Box::new(stream) })
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
    fn links_are_followed_to_files_that_are_not_there_yet() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let [one, two, to, round] =
            ["one", "two", "sub/to.csv", "round"].map(|name| folder.path().join(name));
        symlink("two", &one).unwrap();
        symlink("sub/to.csv", &two).unwrap();
        symlink("round", &round).unwrap();
        assert_eq!(Destination::of(&one).unwrap(), Destination::File(to));
        assert!(Destination::of(&round).is_err() && Destination::of(folder.path()).is_err());
        let null = Path::new("/dev/null");
        assert_eq!(Destination::of(null).unwrap(), Destination::Stream(null.to_owned()));
    }
}
