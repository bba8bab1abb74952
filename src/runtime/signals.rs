//! The signals that end, stop or continue the program, or tell of another size of the terminal.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
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

/// Why the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A person has left it.
    Left,
    /// Nobody is at the terminal any more.
    Alone,
    /// This signal told it to end.
    Signal(i32),
}

impl Ending {
    /// What the caller is told.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Signal(signal) => exit_code(signal),
            Self::Left | Self::Alone => 0,
        }
    }
}

/// How long the program may take to end in an orderly way; then it ends in any case.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_millis(2700);

/// The signals that have come.
pub(crate) struct Signals {
    received: UnboundedReceiver<Signal>,
    /// The number of the one that ends the program; 0 for none.
    ending: Arc<AtomicI32>,
}

impl Signals {
    /// Receives them from now on.
    ///
    /// # Errors
    /// The system has no room for more.
    pub(crate) fn new() -> io::Result<Self> {
        let (sender, received) = unbounded_channel();
        let ending = Arc::new(AtomicI32::new(0));
        listen(sender, Arc::clone(&ending))?;
        Ok(Self { received, ending })
    }

    /// The one that has come to end the program, before it is waited for.
    pub(crate) fn ending(&self) -> Option<i32> {
        Some(self.ending.load(Ordering::Relaxed)).filter(|signal| *signal != 0)
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) -> Signal {
        // It is sent from for as long as the program runs.
        self.received.recv().await.unwrap_or(Signal::End)
    }

    /// Stops until the program is in the foreground again; the signal that it goes on with or ends by.
    pub(crate) async fn stop_until_foreground(&mut self) -> Signal {
        loop {
            stop();
            match self.arrived(Signal::Continued).await {
                Some(Signal::End) => return Signal::End,
                // In the background there is nothing to do.
                Some(_) if !terminal::is_foreground() => {}
                _ => return Signal::Continued,
            }
        }
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
    use std::io::IsTerminal;
    use std::time::Instant;

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

    /// Stops whoever was started in the background until the shell brings it to the foreground, as the system itself
    /// stops those that write there. Whether it is there then: where nobody could continue it, the system does not
    /// stop it.
    pub(crate) fn reach_foreground() -> bool {
        let mut in_vain = 0;
        while !terminal::is_foreground() && in_vain < 3 {
            let asked = Instant::now();
            // The whole job, which the shell waits for.
            let stopped = kill(Pid::from_raw(0), System::SIGTTOU);
            let has_stopped = stopped.is_ok() && asked.elapsed() > Duration::from_millis(20);
            in_vain = if has_stopped { 0 } else { in_vain + 1 };
        }
        terminal::is_foreground()
    }

    /// What the caller is told: 128 and the signal. When its window is closed that is an ordinary end, of which a
    /// signal tells as well.
    pub(super) fn exit_code(signal: i32) -> u8 {
        let is_closed = signal == System::SIGHUP as i32 && !io::stdout().is_terminal();
        if is_closed { 0 } else { u8::try_from(128 + signal).unwrap_or(u8::MAX) }
    }

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

    pub(super) fn listen(sender: UnboundedSender<Signal>, ending: Arc<AtomicI32>) -> io::Result<()> {
        let mut resized = signal(SignalKind::window_change())?;
        let of_size = sender.clone();
        tokio::spawn(async move {
            while resized.recv().await.is_some() && of_size.send(Signal::Resized).is_ok() {}
        });
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || wait(&sender, &ending))?;
        Ok(())
    }

    fn wait(sender: &UnboundedSender<Signal>, ending: &AtomicI32) {
        let signals: SigSet = ENDING.into_iter().chain([System::SIGTSTP, System::SIGCONT]).collect();
        loop {
            // It fails for numbers that are none only.
            let number = signals.wait().unwrap_or(System::SIGTERM);
            let signal = match number {
                System::SIGTSTP => Signal::Stop,
                System::SIGCONT => Signal::Continued,
                _ => Signal::End,
            };
            if signal == Signal::End {
                ending.store(number as i32, Ordering::Relaxed);
            }
            // The program is ending if nobody listens.
            let _ = sender.send(signal);
            if signal == Signal::End {
                std::thread::sleep(PATIENCE);
                terminal::restore();
                // It is no orderly end, even if its window was closed.
                std::process::exit(exit_code(number as i32).max(1).into());
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
    pub(super) fn stop() {
        let stop: SigSet = [System::SIGTSTP].into_iter().collect();
        let _ = raise(System::SIGTSTP).and_then(|()| stop.thread_unblock());
        let _ = stop.thread_block();
    }
}

#[cfg(unix)]
pub(crate) use unix::{block, reach_foreground, stop_group};
#[cfg(unix)]
use unix::{exit_code, listen, stop};

#[cfg(not(unix))]
mod other {
    use super::*;

    pub(crate) fn block() {}

    pub(crate) fn reach_foreground() -> bool {
        true
    }

    pub(super) fn exit_code(signal: i32) -> u8 {
        u8::try_from(128 + signal).unwrap_or(u8::MAX)
    }

    pub(super) fn listen(sender: UnboundedSender<Signal>, ending: Arc<AtomicI32>) -> io::Result<()> {
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                // As of an interrupt.
                ending.store(2, Ordering::Relaxed);
                let _ = sender.send(Signal::End);
            }
        });
        Ok(())
    }

    pub(crate) fn stop_group() {}

    pub(super) fn stop() {}
}

#[cfg(not(unix))]
pub(crate) use other::{block, reach_foreground, stop_group};
#[cfg(not(unix))]
use other::{exit_code, listen, stop};
