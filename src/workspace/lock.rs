//! The lock that writers hold for the moment of a write.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::WorkspaceError;

/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(5);

/// Held while writing; dropping it lets the next writer in. The system lets go of it after a crash.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(root: &Path) -> Result<Self, WorkspaceError> {
        Self::take_within(root, PATIENCE)
    }

    fn take_within(root: &Path, patience: Duration) -> Result<Self, WorkspaceError> {
        let path = root.join(".lock");
        let io = |source| WorkspaceError::Io { action: "lock", path: path.clone(), source };
        let file = fs::OpenOptions::new().create(true).append(true).open(&path).map_err(io)?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                // A file system without locks still has the check of the revision.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Self { _file: file });
                }
                Err(TryLockError::Error(error)) => return Err(io(error)),
                Err(TryLockError::WouldBlock) if started.elapsed() < patience => {
                    thread::sleep(Duration::from_millis(10));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(WorkspaceError::Locked { root: root.to_owned() });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_writer_waits_and_gives_up_in_the_end() {
        let root = tempfile::tempdir().unwrap();
        let first = Lock::take(root.path()).unwrap();
        let refused = Lock::take_within(root.path(), Duration::from_millis(30));
        let Err(refused @ WorkspaceError::Locked { .. }) = refused else { panic!("{refused:?}") };
        assert!(refused.to_string().contains("another writer") && refused.help().contains(".lock"));
        assert!(PATIENCE <= Duration::from_secs(5));
        let waiting = thread::scope(|scope| {
            let waiting = scope.spawn(|| Lock::take(root.path()));
            thread::sleep(Duration::from_millis(50));
            drop(first);
            waiting.join().unwrap()
        });
        assert!(waiting.is_ok());
    }
}
