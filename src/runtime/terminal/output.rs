//! What is written to the terminal: by a thread, so that a terminal that reads slowly or not at all holds up nothing.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::device::Device;

/// How long the last bytes may take.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long the thread waits for the terminal before it looks whether to give up.
const STEP: Duration = Duration::from_millis(25);
/// Breaks off a sequence that has begun.
const CANCEL: u8 = 0x18;

/// The way to the terminal. Flushing hands over what was written since the last time.
#[derive(Clone)]
pub(super) struct Output {
    buffer: Vec<u8>,
    shared: Arc<Shared>,
}

struct Shared {
    device: Device,
    state: Mutex<State>,
    changed: Condvar,
    settled: Notify,
}

#[derive(Default)]
struct State {
    /// What is still to be written.
    bytes: Vec<u8>,
    is_writing: bool,
    /// Whether what is being written is to be broken off.
    is_broken_off: bool,
    /// Why the terminal takes no more, ever.
    error: Option<io::ErrorKind>,
    has_ended: bool,
}

impl State {
    fn is_busy(&self) -> bool {
        self.error.is_none() && (self.is_writing || !self.bytes.is_empty())
    }
}

impl Output {
    /// Opens the way, and starts the thread.
    ///
    /// # Errors
    /// No more files can be opened, or no threads started.
    pub(super) fn open() -> io::Result<Self> {
        let shared = Arc::new(Shared {
            device: Device::open()?,
            state: Mutex::default(),
            changed: Condvar::new(),
            settled: Notify::new(),
        });
        let of_thread = Arc::clone(&shared);
        std::thread::Builder::new().name("output".to_owned()).spawn(move || of_thread.write())?;
        Ok(Self { buffer: Vec::new(), shared })
    }

    /// Whether something is still to be written.
    pub(super) fn is_busy(&self) -> bool {
        self.shared.state().is_busy()
    }

    /// Waits until everything is written.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) async fn settled(&self) -> io::Result<()> {
        while self.is_busy() {
            self.shared.settled.notified().await;
        }
        self.shared.state().error.map_or(Ok(()), |kind| Err(kind.into()))
    }

    /// Writes the last bytes, as far as the terminal takes them soon. If it has stopped reading, what it has not read
    /// yet makes room for them.
    pub(super) fn finish(&mut self, last: &[u8]) {
        self.buffer.clear();
        self.shared.add(last);
        if self.shared.wait_until_settled() {
            return;
        }
        let mut state = self.shared.state();
        state.is_broken_off = true;
        state.bytes = [&[CANCEL], last].concat();
        drop(state);
        self.shared.device.discard();
        // If it still takes nothing, nothing helps.
        self.shared.wait_until_settled();
    }

    /// The thread ends; nothing more is written.
    pub(super) fn end(&mut self) {
        self.shared.state().has_ended = true;
        self.shared.changed.notify_all();
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.buffer.is_empty() {
            self.shared.add(&std::mem::take(&mut self.buffer));
        }
        Ok(())
    }
}

impl Shared {
    /// Stays usable after a panic elsewhere: every change is whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, bytes: &[u8]) {
        self.state().bytes.extend_from_slice(bytes);
        self.changed.notify_all();
    }

    fn wait_until_settled(&self) -> bool {
        let waited = self.changed.wait_timeout_while(self.state(), PATIENCE, |state| state.is_busy());
        !waited.unwrap_or_else(PoisonError::into_inner).0.is_busy()
    }

    /// The thread's work.
    fn write(&self) {
        loop {
            let idle = |state: &mut State| state.bytes.is_empty() && !state.has_ended;
            let mut state =
                self.changed.wait_while(self.state(), idle).unwrap_or_else(PoisonError::into_inner);
            if state.has_ended {
                return;
            }
            let bytes = std::mem::take(&mut state.bytes);
            (state.is_writing, state.is_broken_off) = (true, false);
            drop(state);
            let written = self.write_all(&bytes);
            let mut state = self.state();
            state.is_writing = false;
            state.error = written.err().map(|error| error.kind());
            let has_failed = state.error.is_some();
            drop(state);
            self.changed.notify_all();
            self.settled.notify_one();
            if has_failed {
                return;
            }
        }
    }

    fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() && !self.state().is_broken_off {
            let written = self.device.write_some(bytes, STEP)?;
            bytes = bytes.get(written..).unwrap_or_default();
        }
        Ok(())
    }
}
