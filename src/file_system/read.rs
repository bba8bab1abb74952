//! Opening and reading files that may be anything.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::faults::perform;
use super::reason::not_a_file;

/// Opens a file for reading, without ever waiting for somebody at the other end.
///
/// # Errors
/// It is a named pipe, a device, a socket or a folder, which the error says; it is not there; the system refuses.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    perform(|| {
        // Opening a device can do something, so it is looked at before.
        check_regular(&fs::metadata(path)?)?;
        let mut options = OpenOptions::new();
        let file = without_waiting(options.read(true)).open(path)?;
        // Something else may have taken its place since.
        check_regular(&file.metadata()?)?;
        Ok(file)
    })
}

/// What a regular file is like: its size, its times.
///
/// # Errors
/// As [`open_regular`].
pub(crate) fn regular_metadata(path: &Path) -> io::Result<fs::Metadata> {
    let metadata = perform(|| fs::metadata(path))?;
    check_regular(&metadata).map(|()| metadata)
}

/// The content of a file of at most `limit` bytes.
///
/// # Errors
/// As [`open_regular`]; or it is larger, which is found before it is read, and while it grows.
pub(crate) fn read_limited(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = open_regular(path)?;
    perform(|| {
        let length = file.metadata()?.len();
        if length > limit {
            return Err(too_large(limit));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default().saturating_add(1));
        (&file).take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit { Err(too_large(limit)) } else { Ok(bytes) }
    })
}

fn too_large(limit: u64) -> io::Error {
    let message =
        format!("it is larger than {}, the most for such a file", bytesize::ByteSize(limit).display().si());
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

/// # Errors
/// It is no regular file.
pub(super) fn check_regular(metadata: &fs::Metadata) -> io::Result<()> {
    not_a_file(metadata).map_or(Ok(()), Err)
}

/// Opening a named pipe would else wait for its other end, and a terminal would become ours.
pub(super) fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use nix::fcntl::OFlag;
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags((OFlag::O_NONBLOCK | OFlag::O_NOCTTY).bits());
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_limited(&path, 5).unwrap(), b"12345");
        let error = read_limited(&path, 4).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert!(error.to_string().contains("larger than 4 B"), "{error}");
        assert_eq!(read_limited(&folder.path().join("b"), 4).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_said_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        nix::unistd::mkfifo(&at("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", at("zero")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        for (name, what) in
            [("pipe", "a named pipe"), ("socket", "a socket"), ("zero", "a device"), ("folder", "a folder")]
        {
            let error = read_limited(&at(name), 100).unwrap_err();
            assert_eq!(error.to_string(), format!("it is {what}, not a file"));
        }
    }
}
