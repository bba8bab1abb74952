//! The terminal as a file.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{FlushArg, tcflush};
use nix::unistd::{getpgrp, tcgetpgrp, ttyname};

/// The terminal, for reading.
///
/// # Errors
/// There is none that can be read.
pub(super) fn input() -> io::Result<File> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        Ok(stdin.as_fd().try_clone_to_owned()?.into())
    } else {
        open(true, OFlag::empty())
    }
}

/// Whether the program is in the foreground of its terminal, so that the terminal is the program's.
pub(crate) fn is_foreground() -> bool {
    // A terminal that controls no session knows no background.
    tcgetpgrp(io::stdout()).map_or(true, |group| group == getpgrp())
}

/// The terminal, for writing. It is opened anew, so that it is non-blocking for this program alone. Where that is
/// not allowed it is standard output, on which writing may wait.
pub(super) struct Device(File);

impl Device {
    /// Opens it.
    ///
    /// # Errors
    /// No more files can be opened.
    pub(super) fn open() -> io::Result<Self> {
        let opened = open(false, OFlag::O_NONBLOCK);
        opened.or_else(|_| Ok(io::stdout().as_fd().try_clone_to_owned()?.into())).map(Self)
    }

    /// Writes some of the bytes, once it takes any; 0 if it takes none for so long.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn write_some(&self, bytes: &[u8], patience: Duration) -> io::Result<usize> {
        match (&self.0).write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(0),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let mut writable = [PollFd::new(self.0.as_fd(), PollFlags::POLLOUT)];
                // What is wrong with the terminal the next write tells.
                let _ = poll(&mut writable, PollTimeout::try_from(patience).unwrap_or(PollTimeout::ZERO));
                Ok(0)
            }
            written => written,
        }
    }

    /// Throws away what was written and not read yet.
    pub(super) fn discard(&self) {
        // What cannot be thrown away stays; the terminal takes no more then.
        let _ = tcflush(&self.0, FlushArg::TCOFLUSH);
    }
}

fn open(to_read: bool, flags: OFlag) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // Without that flag it could become the terminal of the session, if the session has none.
    options.read(to_read).write(!to_read).custom_flags((flags | OFlag::O_NOCTTY).bits());
    let named = ttyname(io::stdout()).map_err(io::Error::from);
    named.and_then(|path| options.open(path)).or_else(|_| options.open("/dev/tty"))
}
