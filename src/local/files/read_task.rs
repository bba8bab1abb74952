//! Long work: it tells how far it is, and stops when nobody waits for it any more.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::backend::ReadTask;
use crate::database::TableError;
use crate::diagnostic::Diagnostic;

/// Why a table is not there.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// Nobody waits for it any more.
    Cancelled,
    /// It cannot be used.
    Damaged(TableError),
}

impl From<TableError> for ReadError {
    fn from(error: TableError) -> Self {
        Self::Damaged(error)
    }
}

/// For work that nobody can stop.
impl From<ReadError> for TableError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Damaged(error) => error,
            ReadError::Cancelled => {
                Diagnostic::new("the reading was stopped").with_help("read it again").in_file(PathBuf::new())
            }
        }
    }
}

/// How far work is that goes by stages. Each stage counts by units of its own.
pub(crate) struct ReadProgress<'a> {
    task: ReadTask<'a>,
    what: String,
    stages: u64,
    before: Option<u64>,
    total: u64,
    done: AtomicU64,
    said: AtomicU64,
}

impl<'a> ReadProgress<'a> {
    /// Work called `what` that takes so many stages.
    pub fn new(task: ReadTask<'a>, what: String, stages: u64) -> Self {
        let (done, said) = (AtomicU64::new(0), AtomicU64::new(u64::MAX));
        Self { task, what, stages: stages.max(1), before: None, total: 1, done, said }
    }

    /// Work that nobody watches.
    pub(crate) fn silent() -> Self {
        Self::new(ReadTask::uncancellable(&|_| {}), String::new(), 1)
    }

    /// Begins the next stage, which is done after `total` units.
    pub fn begin(&mut self, total: u64) {
        self.before = Some(self.before.map_or(0, |before| before + 1));
        self.total = total.max(1);
        self.done = AtomicU64::new(0);
    }

    /// Counts what is done. May be called by many threads.
    pub(crate) fn advance(&self, units: u64) -> Result<(), ReadError> {
        let done = (self.done.fetch_add(units, Ordering::Relaxed) + units).min(self.total);
        let of_stage = u128::from(done) * 100 / u128::from(self.total);
        let all = u128::from(self.before.unwrap_or_default()) * 100 + of_stage;
        let percent = u64::try_from(all / u128::from(self.stages)).unwrap_or(100).min(100);
        if self.said.swap(percent, Ordering::Relaxed) != percent {
            (self.task.report)(&format!("{}, {percent}%", self.what));
        }
        self.check()
    }

    /// Whether to go on.
    pub fn check(&self) -> Result<(), ReadError> {
        if (self.task.is_cancelled)() { Err(ReadError::Cancelled) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn each_percent_is_said_once() {
        let said = Mutex::new(Vec::new());
        let say = |text: &str| said.lock().unwrap().push(text.to_owned());
        let mut progress = ReadProgress::new(ReadTask::uncancellable(&say), "reading t".to_owned(), 2);
        progress.begin(1000);
        for _ in 0..1000 {
            progress.advance(1).unwrap();
        }
        progress.begin(0);
        progress.advance(5).unwrap();
        let said = said.into_inner().unwrap();
        let expected: Vec<String> =
            (0..=50).chain([100]).map(|percent| format!("reading t, {percent}%")).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn it_stops_when_told_to() {
        let task = ReadTask { report: &|_| {}, is_cancelled: &|| true };
        assert!(matches!(ReadProgress::new(task, String::new(), 1).advance(1), Err(ReadError::Cancelled)));
    }
}
