//! Background work. Each kind has a slot: starting the next cancels the last, and a late answer of an
//! older one is dropped. What writes is done in order by one thread, and always to its end.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::sync::mpsc::UnboundedSender;

use super::services::Services;
use crate::app::effect::{Effect, LoadReason};
use crate::app::event::{Event, SaveFailure, SegmentFailure, UploadFailure};
use crate::backend::Cancel;
use crate::diagnostic::Diagnostic;

/// A kind of background work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Slot {
    Database,
    ReadAhead,
    Files,
    List,
    WorkspaceTables,
    Drafts,
    Preview,
    Load,
    Evaluate,
    Advise,
    Values,
    ListPreview,
    Sql,
    Folder,
}

/// An answer on its way to the app.
pub struct Answer {
    /// The slot and the generation of the work, if it can be outdated.
    of: Option<(Slot, u64)>,
    event: Event,
}

/// All background work.
pub(crate) struct Jobs {
    services: Arc<Services>,
    answers: UnboundedSender<Answer>,
    running: HashMap<Slot, (u64, Cancel)>,
    writer: Option<(mpsc::Sender<Effect>, JoinHandle<()>)>,
}

impl Jobs {
    /// No work yet; answers go to `answers`.
    #[must_use]
    pub fn new(services: Arc<Services>, answers: UnboundedSender<Answer>) -> Self {
        Self { services, answers, running: HashMap::new(), writer: None }
    }

    /// Starts performing an effect.
    pub fn start(&mut self, effect: Effect) {
        let slot = match &effect {
            Effect::OpenDatabase(_) | Effect::ReopenDatabase { .. } => Slot::Database,
            Effect::ReadAhead { .. } => Slot::ReadAhead,
            Effect::CheckFiles { .. } => Slot::Files,
            Effect::ListSegments => Slot::List,
            Effect::ReadWorkspaceTables { .. } => Slot::WorkspaceTables,
            Effect::ListDrafts => Slot::Drafts,
            Effect::Load { reason: LoadReason::Preview, .. } => Slot::Preview,
            Effect::Load { .. } => Slot::Load,
            Effect::Evaluate { .. } => Slot::Evaluate,
            Effect::Advise { .. } => Slot::Advise,
            Effect::CountValues { .. } => Slot::Values,
            Effect::PreviewList { .. } => Slot::ListPreview,
            Effect::WriteSql { .. } => Slot::Sql,
            Effect::ListFolder(_) => Slot::Folder,
            Effect::Save { .. }
            | Effect::UploadList { .. }
            | Effect::Rename { .. }
            | Effect::KeepDraft(_)
            | Effect::DropDraft { .. }
            | Effect::RemoveDraft(_)
            | Effect::TakeOverDraft { .. } => return self.write(effect),
            Effect::KeepOnly(folders) => {
                // What is asked for next finds only these; to free the memory of the others takes a while.
                let gone = self.services.keep_only(folders);
                tokio::task::spawn_blocking(move || drop(gone));
                return;
            }
            // They are the terminal's.
            Effect::Copy(_) | Effect::Suspend | Effect::Quit => return,
        };
        // Advice is asked for again once there are numbers, which come first.
        if let (Slot::Evaluate, Some((_, cancel))) = (slot, self.running.get(&Slot::Advise)) {
            cancel.cancel();
        }
        let generation = match self.running.get(&slot) {
            Some((generation, cancel)) => {
                cancel.cancel();
                generation + 1
            }
            None => 0,
        };
        let cancel = Cancel::default();
        self.running.insert(slot, (generation, cancel.clone()));
        let (services, answers) = (Arc::clone(&self.services), self.answers.clone());
        tokio::task::spawn_blocking(move || {
            let of = Some((slot, generation));
            // The program is ending if nobody listens.
            let send = |event| drop(answers.send(Answer { of, event }));
            if let Some(event) = guarded(&services, effect, &cancel, &send) {
                send(event);
            }
            if let Some(error) = services.take_cache_error() {
                let _ = answers.send(Answer { of: None, event: Event::Notice(error) });
            }
        });
    }

    /// Brings the app what happens outside of all work.
    pub(super) fn sink(&self) -> impl Fn(Event) + Send + 'static {
        let answers = self.answers.clone();
        // The program is ending if nobody listens.
        move |event| drop(answers.send(Answer { of: None, event }))
    }

    /// The event of an answer, unless newer work has made it useless.
    #[must_use]
    pub(crate) fn accept(&self, answer: Answer) -> Option<Event> {
        let is_late = |(slot, generation): (Slot, u64)| {
            self.running.get(&slot).is_some_and(|(current, _)| *current != generation)
        };
        if answer.of.is_some_and(is_late) { None } else { Some(answer.event) }
    }

    fn write(&mut self, effect: Effect) {
        let (services, answers) = (&self.services, &self.answers);
        let (sender, _) = self.writer.get_or_insert_with(|| writer(Arc::clone(services), answers.clone()));
        // The thread ends only when this sender is dropped.
        let _ = sender.send(effect);
    }

    /// Waits until everything is written, and cancels the rest.
    pub fn finish(mut self) {
        for (_, cancel) in self.running.values() {
            cancel.cancel();
        }
        if let Some((sender, thread)) = self.writer.take() {
            drop(sender);
            // Its panics are caught within.
            let _ = thread.join();
        }
    }
}

fn writer(
    services: Arc<Services>,
    answers: UnboundedSender<Answer>,
) -> (mpsc::Sender<Effect>, JoinHandle<()>) {
    let (sender, effects) = mpsc::channel::<Effect>();
    let thread = std::thread::spawn(move || {
        let mut next = effects.recv().ok();
        while let Some(effect) = next.take() {
            let following = effects.try_recv().ok();
            // Of drafts that follow each other only the last is worth the disk.
            let is_outdated = matches!(
                (&effect, &following),
                (Effect::KeepDraft(this), Some(Effect::KeepDraft(next))) if this.segment.id == next.segment.id
            );
            if !is_outdated && let Some(event) = guarded(&services, effect, &Cancel::default(), &|_| {}) {
                let _ = answers.send(Answer { of: None, event });
            }
            next = following.or_else(|| effects.recv().ok());
        }
    });
    (sender, thread)
}

/// Performs an effect; a panic in a library becomes a failure that is shown.
fn guarded(
    services: &Services,
    effect: Effect,
    cancel: &Cancel,
    send: &(dyn Fn(Event) + Sync),
) -> Option<Event> {
    let asked = effect.clone();
    catch_unwind(AssertUnwindSafe(|| services.perform(effect, cancel, send)))
        .unwrap_or_else(|payload| Some(failed(asked, &*payload)))
}

fn failed(effect: Effect, payload: &(dyn Any + Send)) -> Event {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("unknown reason");
    let failure = Diagnostic::new(format!("an internal error: {text}"))
        .with_help("this is a defect of segtui; your edits are kept");
    match effect {
        Effect::OpenDatabase(folder) | Effect::ReopenDatabase { folder, .. } => {
            Event::Opened { folder, result: Err(failure) }
        }
        // The first answer tells.
        Effect::ReadAhead { database, .. } => Event::ReadAheadDone { database },
        Effect::ListSegments => Event::Listed(Err(failure)),
        Effect::ListDrafts => Event::Drafts(Err(failure)),
        Effect::Load { id, reason, .. } => Event::Loaded { id, reason, result: Err(failure) },
        Effect::Advise { definition, .. } => Event::Advised { definition, result: Err(failure) },
        Effect::Evaluate { definition, .. } => {
            Event::Evaluated { definition, result: Err(SegmentFailure::Other(failure)) }
        }
        Effect::WriteSql { segment, wanted, .. } => {
            Event::SqlWritten { segment, wanted, result: Err(SegmentFailure::Other(failure)) }
        }
        Effect::CountValues { table, column, .. } => Event::Counted { table, column, result: Err(failure) },
        Effect::PreviewList { of, .. } => Event::ListPreviewed { of, result: Err(failure) },
        Effect::ListFolder(folder) => Event::FolderListed { folder, result: Err(failure) },
        Effect::UploadList { file, .. } => {
            Event::ListUploaded { file, result: Err(UploadFailure::Other(failure)) }
        }
        Effect::Save { segment, .. } => {
            Event::Saved { sent: segment, result: Err(SaveFailure::Other(failure)) }
        }
        Effect::Rename { .. } => Event::Renamed { result: Err(failure) },
        Effect::ReadWorkspaceTables { .. }
        | Effect::CheckFiles { .. }
        | Effect::KeepDraft(_)
        | Effect::DropDraft { .. }
        | Effect::RemoveDraft(_)
        | Effect::TakeOverDraft { .. }
        | Effect::KeepOnly(_)
        | Effect::Copy(_)
        | Effect::Suspend
        | Effect::Quit => Event::Notice(failure),
    }
}
