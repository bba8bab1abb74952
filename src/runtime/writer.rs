//! A thread that writes: in order, and each to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Instant;

use crate::app::effect::Effect;

/// A thread that performs the effects that are sent to it.
pub(super) struct Writer {
    sender: Sender<Effect>,
    sent: u64,
    done: Arc<AtomicU64>,
    ended: Receiver<()>,
}

/// An effect that was sent.
pub(super) struct Pending {
    number: u64,
    done: Arc<AtomicU64>,
}

/// A thread that ends once all is written.
pub(super) struct Ending(Receiver<()>);

impl Writer {
    pub(super) fn start(perform: impl Fn(Effect) + Send + 'static) -> Self {
        let (sender, effects) = mpsc::channel();
        let (ends, Ending(ended)) = Ending::new();
        let done = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&done);
        std::thread::spawn(move || {
            // Dropped at the end, which whoever waits for it hears.
            let _ends: Sender<()> = ends;
            write(&effects, &counted, perform);
        });
        Self { sender, sent: 0, done, ended }
    }

    pub(super) fn send(&mut self, effect: Effect) -> Pending {
        self.sent += 1;
        // The thread ends only when this sender is dropped.
        let _ = self.sender.send(effect);
        Pending { number: self.sent, done: Arc::clone(&self.done) }
    }

    /// Nothing more is sent.
    pub(super) fn close(self) -> Ending {
        Ending(self.ended)
    }
}

impl Pending {
    pub(super) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire) >= self.number
    }
}

impl Ending {
    /// One that comes when what is beside it is dropped.
    pub(super) fn new() -> (Sender<()>, Self) {
        let (ends, ended) = mpsc::channel();
        (ends, Self(ended))
    }

    /// Whether it has come.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.0.try_recv(), Err(mpsc::TryRecvError::Disconnected))
    }

    /// Waits until all is written, or until then.
    pub(super) fn wait(self, until: Instant) {
        let _ = self.0.recv_timeout(until.saturating_duration_since(Instant::now()));
    }
}

fn write(effects: &Receiver<Effect>, done: &AtomicU64, perform: impl Fn(Effect)) {
    let mut next = effects.recv().ok();
    while let Some(effect) = next.take() {
        let following = effects.try_recv().ok();
        // Of drafts that follow each other only the last is worth the disk.
        let is_outdated = matches!(
            (&effect, &following),
            (Effect::KeepDraft(this), Some(Effect::KeepDraft(next))) if this.segment.id == next.segment.id
        );
        if !is_outdated {
            perform(effect);
        }
        done.fetch_add(1, Ordering::Release);
        next = following.or_else(|| effects.recv().ok());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use super::*;
    use crate::segment::Segment;
    use crate::workspace::Edits;

    fn draft(id: &str) -> Effect {
        Effect::KeepDraft(Edits { segment: Arc::new(Segment::new(id, "D", "id")), base: None })
    }

    #[test]
    fn what_was_sent_is_written_before_the_end_and_outdated_drafts_are_not() {
        let written = Arc::new(Mutex::new(Vec::new()));
        let (go, gone) = mpsc::channel::<()>();
        let mut writer = Writer::start({
            let written = Arc::clone(&written);
            move |effect| {
                let _ = gone.recv();
                written.lock().unwrap().push(effect);
            }
        });
        let first = writer.send(draft("first"));
        let [.., last] = [draft("a"), draft("a"), draft("b")].map(|effect| writer.send(effect));
        assert!(!first.is_done());
        let ending = writer.close();
        drop(go);
        ending.wait(Instant::now() + Duration::from_secs(60));
        assert!(first.is_done() && last.is_done());
        assert_eq!(*written.lock().unwrap(), [draft("first"), draft("a"), draft("b")]);
    }

    #[test]
    fn a_write_that_hangs_is_not_waited_for_for_ever() {
        let (_go, gone) = mpsc::channel::<()>();
        let mut writer = Writer::start(move |_| gone.recv().unwrap_or_default());
        let pending = writer.send(draft("first"));
        writer.close().wait(Instant::now() + Duration::from_millis(20));
        assert!(!pending.is_done());
    }
}
