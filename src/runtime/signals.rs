//! The signals that end the program.

/// Terminate, hang up, interrupt.
#[cfg(unix)]
pub(crate) struct EndSignals {
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl EndSignals {
    pub fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    pub async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {},
            _ = self.hangup.recv() => {},
            _ = self.interrupt.recv() => {},
        }
    }
}

/// Control-C.
#[cfg(not(unix))]
pub(crate) struct EndSignals;

#[cfg(not(unix))]
impl EndSignals {
    pub fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    pub async fn wait(&mut self) {
        // Without signals the terminal's own end ends the program.
        let _ = tokio::signal::ctrl_c().await;
    }
}
