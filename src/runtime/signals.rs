//! The signals that end, stop or continue the program, or tell of another size of the terminal.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::terminal;

/// What a signal means to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// It is to end.
    End,
    /// It is to stop, until the shell continues it.
    Stop,
    /// It was continued.
    Continued,
    /// The terminal has another size.
    Resized,
}

/// How long the program may take to end in an orderly way; then it ends in any case.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_millis(2700);

/// The signals that have come.
pub(crate) struct Signals {
    received: UnboundedReceiver<Signal>,
    is_ending: Arc<AtomicBool>,
}

impl Signals {
    /// Receives them from now on.
    ///
    /// # Errors
    /// The system has no room for more.
    pub(crate) fn new() -> io::Result<Self> {
        let (sender, received) = unbounded_channel();
        let is_ending = Arc::new(AtomicBool::new(false));
        listen(sender, Arc::clone(&is_ending))?;
        Ok(Self { received, is_ending })
    }

    /// Whether one has come to end the program, before it is waited for.
    pub(crate) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Relaxed)
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Signal {
        // It is sent from for as long as the program runs.
        self.received.recv().await.unwrap_or(Signal::End)
    }

    /// Waits for this one or that to end, but not longer than it takes to arrive if it was sent already.
    pub(crate) async fn arrived(&mut self, wanted: Signal) -> Option<Signal> {
        let found = async {
            loop {
                let signal = self.next().await;
                if signal == wanted || signal == Signal::End {
                    return signal;
                }
            }
        };
        tokio::time::timeout(Duration::from_millis(50), found).await.ok()
    }
}

#[cfg(unix)]
mod unix {
    use nix::sys::signal::{SigSet, Signal as System, kill, raise};
    use nix::unistd::Pid;
    use tokio::signal::unix::{SignalKind, signal};

    use super::*;

    /// All that end a program that does not care. Those of a defect (SEGV and its like) cannot be waited for.
    const ENDING: [System; 9] = [
        System::SIGTERM,
        System::SIGHUP,
        System::SIGINT,
        System::SIGQUIT,
        System::SIGABRT,
        System::SIGUSR1,
        System::SIGUSR2,
        System::SIGALRM,
        System::SIGXCPU,
    ];

    /// Signals wait for the thread that asks for them, instead of ending or stopping the program. Whoever is in the
    /// background may still set up the terminal. This holds for threads that are started afterwards.
    pub(crate) fn block() {
        // Without it signals do what they do to every program.
        let _ = ENDING
            .into_iter()
            .chain([System::SIGTSTP, System::SIGCONT, System::SIGTTOU])
            .collect::<SigSet>()
            .thread_block();
    }

    pub(super) fn listen(sender: UnboundedSender<Signal>, is_ending: Arc<AtomicBool>) -> io::Result<()> {
        let mut resized = signal(SignalKind::window_change())?;
        let of_size = sender.clone();
        tokio::spawn(async move {
            while resized.recv().await.is_some() && of_size.send(Signal::Resized).is_ok() {}
        });
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || wait(&sender, &is_ending))?;
        Ok(())
    }

    fn wait(sender: &UnboundedSender<Signal>, is_ending: &AtomicBool) {
        let signals: SigSet = ENDING.into_iter().chain([System::SIGTSTP, System::SIGCONT]).collect();
        loop {
            // It fails for numbers that are none only.
            let signal = match signals.wait() {
                Ok(System::SIGTSTP) => Signal::Stop,
                Ok(System::SIGCONT) => Signal::Continued,
                Ok(_) | Err(_) => Signal::End,
            };
            is_ending.fetch_or(signal == Signal::End, Ordering::Relaxed);
            // The program is ending if nobody listens.
            let _ = sender.send(signal);
            if signal == Signal::End {
                std::thread::sleep(PATIENCE);
                terminal::restore();
                std::process::exit(1);
            }
        }
    }

    /// Asks everything that was started together with the program to stop: the shell waits for all of it. The program
    /// itself is told by [`Signal::Stop`].
    pub(crate) fn stop_group() {
        // Then the program stops alone.
        let _ = kill(Pid::from_raw(0), System::SIGTSTP);
    }

    /// Stops, until the program is continued. Where no shell could continue it, this does nothing.
    pub(crate) fn stop() {
        let stop: SigSet = [System::SIGTSTP].into_iter().collect();
        let _ = raise(System::SIGTSTP).and_then(|()| stop.thread_unblock());
        let _ = stop.thread_block();
    }
}

#[cfg(unix)]
use unix::listen;
#[cfg(unix)]
pub(crate) use unix::{block, stop, stop_group};

#[cfg(not(unix))]
mod other {
    use super::*;

    pub(crate) fn block() {}

    pub(super) fn listen(sender: UnboundedSender<Signal>, is_ending: Arc<AtomicBool>) -> io::Result<()> {
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                is_ending.store(true, Ordering::Relaxed);
                let _ = sender.send(Signal::End);
            }
        });
        Ok(())
    }

    pub(crate) fn stop_group() {}

    pub(crate) fn stop() {}
}

#[cfg(not(unix))]
use other::listen;
#[cfg(not(unix))]
pub(crate) use other::{block, stop, stop_group};
