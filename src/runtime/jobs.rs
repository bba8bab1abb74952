//! Background work. Each kind has a slot: starting the next cancels the last, and a late answer of an
//! older one is dropped. What writes is done in order by the thread of its place, and to its end.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;

use super::services::Services;
use super::writer::{Ending, Writer};
use crate::app::effect::{Effect, LoadReason};
use crate::app::event::{Event, ExportFailure, SaveFailure, SegmentFailure, SlowWrite, UploadFailure};
use crate::backend::{Cancel, PageQuestion};
use crate::diagnostic::Diagnostic;

/// After how long a person is told of a write that goes on.
const SLOW: Duration = Duration::from_secs(1);
/// How long the end of the program waits for writes: one that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(2);

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
    LoadSegments,
    History,
    Compare,
    Evaluate,
    Advise,
    Values,
    Variants,
    ListPreview,
    Sql,
    Folder,
    Summary,
    Trend,
    Breakdown,
    Comparison,
    Customers,
    CopiedCustomers,
    Table,
    Profile,
    Sample,
    Explain,
    Change,
    Find,
    Tests,
    AllTests,
    Steps,
    Export,
    Case,
}

/// Where something is written. Each place has a thread, so that one that hangs keeps no other waiting.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum WritePlace {
    Workspace,
    Drafts,
    /// A folder that a person has chosen for drafts.
    Folder(PathBuf),
}

/// How an effect is performed.
enum Way {
    /// As background work of this kind.
    Read(Slot),
    /// By the thread of this place.
    Write(WritePlace),
    AtOnce,
}

fn way(effect: &Effect) -> Way {
    Way::Read(match effect {
        Effect::OpenDatabase(_) | Effect::ReopenDatabase { .. } => Slot::Database,
        Effect::ReadAhead { .. } => Slot::ReadAhead,
        Effect::CheckFiles { .. } => Slot::Files,
        Effect::ListSegments => Slot::List,
        Effect::ReadWorkspaceTables { .. } => Slot::WorkspaceTables,
        Effect::ListDrafts => Slot::Drafts,
        Effect::Load { reason: LoadReason::Preview, .. } => Slot::Preview,
        Effect::Load { .. } => Slot::Load,
        Effect::LoadSegments { .. } => Slot::LoadSegments,
        Effect::ListHistory { .. } => Slot::History,
        Effect::CompareSegment { .. } => Slot::Compare,
        Effect::Evaluate { .. } => Slot::Evaluate,
        Effect::Advise { .. } => Slot::Advise,
        Effect::CountValues { .. } => Slot::Values,
        Effect::CountVariants { .. } => Slot::Variants,
        Effect::PreviewList { .. } => Slot::ListPreview,
        Effect::AskPage { question, .. } => match &**question {
            PageQuestion::Summary(_) => Slot::Summary,
            PageQuestion::Trend(_) => Slot::Trend,
            PageQuestion::Breakdown(_) => Slot::Breakdown,
            PageQuestion::Compare(_) => Slot::Comparison,
            PageQuestion::Customers(_) => Slot::Customers,
            PageQuestion::CopiedCustomers(_) => Slot::CopiedCustomers,
            PageQuestion::Table(_) => Slot::Table,
            PageQuestion::Profile(_) => Slot::Profile,
            PageQuestion::Sample(_) => Slot::Sample,
            PageQuestion::Explain(_) => Slot::Explain,
            PageQuestion::Change(_) => Slot::Change,
            PageQuestion::Find(_) => Slot::Find,
            PageQuestion::Tests(_) => Slot::Tests,
            PageQuestion::Steps(_) => Slot::Steps,
        },
        Effect::TestSegments { .. } => Slot::AllTests,
        Effect::WriteSql { .. } => Slot::Sql,
        Effect::Export { .. } => Slot::Export,
        Effect::WriteCase { .. } => Slot::Case,
        Effect::ListFolder(_) => Slot::Folder,
        Effect::Save { .. } | Effect::UploadList { .. } | Effect::Rename { .. } | Effect::ChangeMetric(_) => {
            return Way::Write(WritePlace::Workspace);
        }
        Effect::KeepDraft(_)
        | Effect::KeepCards(_)
        | Effect::KeepTheme(_)
        | Effect::KeepActionUse(_)
        | Effect::DropDraft { .. }
        | Effect::RemoveDraft(_)
        | Effect::TakeOverDraft { .. } => return Way::Write(WritePlace::Drafts),
        Effect::KeepDraftIn { folder, .. } => return Way::Write(WritePlace::Folder(folder.clone())),
        Effect::KeepOnly(_)
        | Effect::GiveUpWaiting
        | Effect::CancelExport
        | Effect::StopTests
        | Effect::Copy(_)
        | Effect::Suspend
        | Effect::Quit => return Way::AtOnce,
    })
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
    writers: HashMap<WritePlace, Writer>,
    /// Of exports, until they have removed what is not complete.
    exports: Vec<Ending>,
}

impl Jobs {
    /// No work yet; answers go to `answers`.
    #[must_use]
    pub fn new(services: Arc<Services>, answers: UnboundedSender<Answer>) -> Self {
        Self { services, answers, running: HashMap::new(), writers: HashMap::new(), exports: Vec::new() }
    }

    /// Starts performing an effect.
    pub fn start(&mut self, effect: Effect) {
        match way(&effect) {
            Way::Read(slot) => self.read(slot, effect),
            Way::Write(place) => self.write(place, effect),
            Way::AtOnce => self.perform_at_once(effect),
        }
    }

    fn perform_at_once(&self, effect: Effect) {
        match effect {
            Effect::KeepOnly(folders) => {
                // What is asked for next finds only these; to free the memory of the others takes a while.
                let gone = self.services.keep_only(&folders);
                tokio::task::spawn_blocking(move || drop(gone));
            }
            Effect::GiveUpWaiting => self.services.lock_wait().give_up(),
            Effect::StopTests => {
                self.running.get(&Slot::AllTests).into_iter().for_each(|(_, cancel)| cancel.cancel());
            }
            Effect::CancelExport => {
                // It says itself that it is.
                self.running.get(&Slot::Export).into_iter().for_each(|(_, cancel)| cancel.cancel());
            }
            // They are the terminal's.
            _ => {}
        }
    }

    /// Starts work of a kind, in place of the last one of this kind.
    fn read(&mut self, slot: Slot, effect: Effect) {
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
        let (ends, ending) = Ending::new();
        if matches!(slot, Slot::Export | Slot::Case) {
            self.exports.retain(|export| !export.is_over());
            self.exports.push(ending);
        }
        tokio::task::spawn_blocking(move || {
            let _ends = ends;
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

    /// Has the thread of its place do it. One that takes long is told of.
    fn write(&mut self, place: WritePlace, effect: Effect) {
        let (services, answers) = (&self.services, &self.answers);
        if place == WritePlace::Workspace {
            services.lock_wait().reset();
        }
        let slow = place.clone();
        let writer = self.writers.entry(place).or_insert_with(|| {
            let (services, answers) = (Arc::clone(services), answers.clone());
            Writer::start(move |effect| {
                if let Some(event) = guarded(&services, effect, &Cancel::default(), &|_| {}) {
                    // The program is ending if nobody listens.
                    let _ = answers.send(Answer { of: None, event });
                }
            })
        });
        let pending = writer.send(effect);
        let (lock_wait, answers) = (Arc::clone(services.lock_wait()), answers.clone());
        tokio::spawn(async move {
            tokio::time::sleep(SLOW).await;
            if !pending.is_done() {
                let write = match slow {
                    WritePlace::Workspace if lock_wait.is_waiting() => SlowWrite::Lock,
                    WritePlace::Workspace => SlowWrite::Workspace,
                    WritePlace::Drafts | WritePlace::Folder(_) => SlowWrite::Draft,
                };
                let _ = answers.send(Answer { of: None, event: Event::StillWriting(write) });
            }
        });
    }

    /// Cancels what reads, and waits until everything is written, but not for what hangs.
    pub fn finish(self) {
        drop(self);
    }
}

/// After a panic, too, what was to be written is written: the drafts above all.
impl Drop for Jobs {
    fn drop(&mut self) {
        let until = Instant::now() + PATIENCE;
        for (_, cancel) in self.running.values() {
            cancel.cancel();
        }
        let ending: Vec<Ending> = self.writers.drain().map(|(_, writer)| writer.close()).collect();
        let exports = std::mem::take(&mut self.exports);
        ending.into_iter().chain(exports).for_each(|ending| ending.wait(until));
    }
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
        .unwrap_or_else(|payload| Some(failed(asked, internal_error(&*payload))))
}

fn internal_error(payload: &(dyn Any + Send)) -> Diagnostic {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("unknown reason");
    Diagnostic::new(format!("an internal error: {text}"))
        .with_help("this is a defect of segtui; your edits are kept")
}

/// The answer to an effect that failed so.
fn failed(effect: Effect, failure: Diagnostic) -> Event {
    match effect {
        Effect::OpenDatabase(folder) | Effect::ReopenDatabase { folder, .. } => {
            Event::Opened { folder, result: Err(failure) }
        }
        // The first answer tells.
        Effect::ReadAhead { database, .. } => Event::ReadAheadDone { database, unmatched: Vec::new() },
        Effect::ListSegments => Event::Listed(Err(failure)),
        Effect::ListDrafts => Event::Drafts(Err(failure)),
        Effect::Load { id, reason, .. } => Event::Loaded { id, reason, result: Err(failure) },
        Effect::LoadSegments { segments } => {
            Event::SegmentsLoaded(segments.into_iter().map(|(id, _)| (id, Err(failure.clone()))).collect())
        }
        Effect::ListHistory { id } => Event::HistoryListed { id, result: Err(failure) },
        Effect::Advise { definition, .. } => Event::Advised { definition, result: Err(failure) },
        Effect::Evaluate { definition, .. } => {
            Event::Evaluated { definition, result: Err(SegmentFailure::Other(failure)) }
        }
        Effect::WriteSql { segment, wanted, card, .. } => {
            Event::SqlWritten { segment, wanted, card, result: Err(SegmentFailure::Other(failure)) }
        }
        Effect::CountValues { table, column, .. } => Event::Counted { table, column, result: Err(failure) },
        Effect::CountVariants { request, variants, .. } => {
            let at = variants.first().map_or(0, |variant| variant.at);
            Event::VariantCounted { request, at, result: Err(failure) }
        }
        Effect::PreviewList { of, .. } => Event::ListPreviewed { of, result: Err(failure) },
        Effect::AskPage { request, .. } => {
            Event::PageAnswered { request, result: Err(SegmentFailure::Other(failure)) }
        }
        Effect::WriteCase { question, file, .. } => {
            let (file, result) = (file.unwrap_or_default(), Err(ExportFailure::Other(failure)));
            Event::CaseWritten { question, file, result }
        }
        Effect::Export { file, .. } => Event::Exported { file, result: Err(ExportFailure::Other(failure)) },
        Effect::TestSegments { .. } => Event::SegmentsTested,
        Effect::ListFolder(folder) => Event::FolderListed { folder, result: Err(failure) },
        other => failed_write(other, failure),
    }
}

/// The same of one that writes; of all others a notice tells.
fn failed_write(effect: Effect, failure: Diagnostic) -> Event {
    match effect {
        Effect::UploadList { file, .. } => {
            Event::ListUploaded { file, result: Err(UploadFailure::Other(failure)) }
        }
        Effect::Save { segment, .. } => {
            Event::Saved { sent: segment, result: Err(SaveFailure::Other(failure)) }
        }
        Effect::Rename { .. } => Event::Renamed { result: Err(failure) },
        Effect::ChangeMetric(_) => Event::MetricChanged { result: Err(failure) },
        Effect::KeepDraft(edits)
        | Effect::KeepDraftIn { edits, .. }
        | Effect::TakeOverDraft { edits, .. } => Event::DraftKept { edits, result: Err(failure) },
        _ => Event::Notice(failure),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;
    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;
    use crate::backend::Members;
    use crate::runtime::open::LocalOpener;
    use crate::segment::{Extra, Segment, Stamp};
    use crate::workspace::{DraftStore, Edits, Workspace};

    const ROWS: usize = 200_000;

    /// An export of many rows over a file that is there, under way.
    async fn exporting(place: &TempDir) -> (Jobs, UnboundedReceiver<Answer>) {
        let data = place.path().join("data");
        let folder = place.path().join("out");
        if !data.exists() {
            fs::create_dir(&data).unwrap();
            fs::create_dir(&folder).unwrap();
            let rows: String = (0..ROWS).map(|row| format!("{row},Oslo\n")).collect();
            fs::write(data.join("Customers.csv"), format!("id,city\n{rows}")).unwrap();
            fs::write(data.join("database.toml"), "id = \"id\"\n").unwrap();
        }
        let file = folder.join("out.csv");
        fs::write(&file, "old").unwrap();
        let workspace = Workspace::new(place.path().join("workspace"), false);
        let drafts = DraftStore::new(place.path().join("drafts"), "run", false);
        let opener = Arc::new(LocalOpener::new(workspace.clone()));
        let stamp = || Stamp { at: String::new(), by: String::new(), extra: Extra::new() };
        let services = Services::new(workspace, drafts, opener, stamp);
        services.perform(Effect::OpenDatabase(data.clone()), &Cancel::default(), &|_| {});
        let (sender, mut answers) = unbounded_channel();
        let mut jobs = Jobs::new(Arc::new(services), sender);
        let question = Box::new(Members {
            segment: Arc::new(Segment::new("seg_all", "All", "id")),
            as_of: chrono::NaiveDate::default(),
            columns: Vec::new(),
            sort: None,
            search: None,
        });
        jobs.start(Effect::Export { database: data, question, file, overwrite: true });
        loop {
            match answers.recv().await.map(|answer| answer.event) {
                Some(Event::ExportProgress { total: None, .. }) => {}
                Some(Event::ExportProgress { total: Some(_), .. }) => return (jobs, answers),
                other => panic!("{other:?}"),
            }
        }
    }

    /// What is in the folder: all of the new file, or the old one.
    fn is_replaced(place: &TempDir) -> bool {
        let entries = fs::read_dir(place.path().join("out")).unwrap();
        let files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files, [place.path().join("out/out.csv")]);
        let text = fs::read_to_string(&files[0]).unwrap();
        assert!(text == "old" || text.lines().count() == ROWS + 1, "{} lines", text.lines().count());
        text != "old"
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_end_of_the_program_leaves_no_part_of_an_export() {
        let place = TempDir::new().unwrap();
        for _ in 0..3 {
            let (jobs, _answers) = exporting(&place).await;
            jobs.finish();
            is_replaced(&place);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_panic_leaves_the_draft_that_was_to_be_written() {
        let place = TempDir::new().unwrap();
        let workspace = Workspace::new(place.path().join("workspace"), false);
        let drafts = DraftStore::new(place.path().join("drafts"), "run", false);
        let stamp = || Stamp { at: String::new(), by: String::new(), extra: Extra::new() };
        let opener = Arc::new(LocalOpener::new(workspace.clone()));
        let services = Services::new(workspace, drafts, opener, stamp);
        let (sender, _answers) = unbounded_channel();
        let mut jobs = Jobs::new(Arc::new(services), sender);
        let segment = Arc::new(Segment::new("seg_edited", "Edited", "id"));
        let panicked = catch_unwind(AssertUnwindSafe(move || {
            jobs.start(Effect::KeepDraft(Edits { segment, base: None }));
            panic!("as a defect would");
        }));
        assert!(panicked.is_err());
        // Each run has a folder of its own.
        let runs = fs::read_dir(place.path().join("drafts")).unwrap().filter_map(Result::ok);
        let files = runs.filter_map(|run| fs::read_dir(run.path()).ok()).flatten();
        let mut texts = files.filter_map(|file| fs::read_to_string(file.unwrap().path()).ok());
        assert!(texts.any(|text| text.contains("seg_edited")));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_cancelled_export_says_so_and_leaves_what_was_there() {
        let place = TempDir::new().unwrap();
        let (mut jobs, mut answers) = exporting(&place).await;
        jobs.start(Effect::CancelExport);
        let result = loop {
            let answer = answers.recv().await.unwrap();
            match jobs.accept(answer) {
                Some(Event::ExportProgress { .. }) => {}
                Some(Event::Exported { result, .. }) => break result,
                other => panic!("{other:?}"),
            }
        };
        match is_replaced(&place) {
            // It was too late.
            true => assert_eq!(result, Ok(ROWS as u64)),
            false => assert_eq!(result, Err(ExportFailure::Cancelled)),
        }
    }
}
