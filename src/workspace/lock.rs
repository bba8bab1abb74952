//! The lock that writers hold for the moment of a write.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::error::WorkspaceError;
use crate::file_system::open_lock;

/// How long a writer waits for another where nobody decides.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it looks whether the other has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// Says, of a writer that has waited so long for another, whether it goes on waiting.
#[derive(Clone)]
pub(super) struct Patience(Arc<dyn Fn(Duration) -> bool + Send + Sync>);

impl Patience {
    pub(super) fn new(goes_on: impl Fn(Duration) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(goes_on))
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self::new(|waited| waited < PATIENCE)
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Patience")
    }
}

/// Held while writing; dropping it lets the next writer in. The system lets go of it after a crash.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    pub(super) fn take(root: &Path, patience: &Patience) -> Result<Self, WorkspaceError> {
        let path = root.join(".lock");
        let io = |source| WorkspaceError::Io { action: "lock", path: path.clone(), source };
        let file = open_lock(&path).map_err(io)?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                // A file system without locks still has the check of the revision.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Self { _file: file });
                }
                Err(TryLockError::Error(error)) => return Err(io(error)),
                Err(TryLockError::WouldBlock) if (patience.0)(started.elapsed()) => thread::sleep(PAUSE),
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
        let first = Lock::take(root.path(), &Patience::default()).unwrap();
        let short = Patience::new(|waited| waited < Duration::from_millis(30));
        let refused = Lock::take(root.path(), &short);
        let Err(refused @ WorkspaceError::Locked { .. }) = refused else { panic!("{refused:?}") };
        assert!(refused.to_string().contains("another writer") && refused.help().contains(".lock"));
        assert!(PATIENCE <= Duration::from_secs(5));
        let waiting = thread::scope(|scope| {
            let waiting = scope.spawn(|| Lock::take(root.path(), &Patience::default()));
            thread::sleep(Duration::from_millis(50));
            drop(first);
            waiting.join().unwrap()
        });
        assert!(waiting.is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_is_no_file_is_not_waited_for() {
        let root = tempfile::tempdir().unwrap();
        nix::unistd::mkfifo(&root.path().join(".lock"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let error = Lock::take(root.path(), &Patience::new(|_| panic!("it waits"))).unwrap_err();
        assert!(error.to_string().starts_with("it is a named pipe, not a file: cannot lock "), "{error}");
    }
}
