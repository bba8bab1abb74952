//! Long work: it tells how far it is, and stops when nobody waits for it any more.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::database::TableError;

/// Work as it is seen from outside.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// Is told what is being done, in words for people: `converting Orders.csv, 42%`.
    pub say: &'a (dyn Fn(&str) + Sync),
    /// Whether to stop. Once it says so it must go on saying so.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

impl<'a> Work<'a> {
    /// Work that is done to its end.
    pub fn to_its_end(say: &'a (dyn Fn(&str) + Sync)) -> Self {
        Self { say, stop: &|| false }
    }
}

/// Why a table is not there.
#[derive(Debug)]
pub enum Halt {
    /// Nobody waits for it any more.
    Stopped,
    /// It cannot be used.
    Damaged(TableError),
}

impl From<TableError> for Halt {
    fn from(error: TableError) -> Self {
        Self::Damaged(error)
    }
}

/// For work that nobody can stop.
impl From<Halt> for TableError {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Damaged(error) => error,
            Halt::Stopped => Self {
                file: PathBuf::new(),
                line: None,
                message: "the reading was stopped".to_owned(),
                help: "read it again".to_owned(),
            },
        }
    }
}

/// How far work is that goes by stages. Each stage counts by units of its own.
pub struct Meter<'a> {
    work: Work<'a>,
    what: String,
    stages: u64,
    before: Option<u64>,
    total: u64,
    done: AtomicU64,
    said: AtomicU64,
}

impl<'a> Meter<'a> {
    /// Work called `what` that takes so many stages.
    pub fn new(work: Work<'a>, what: String, stages: u64) -> Self {
        let (done, said) = (AtomicU64::new(0), AtomicU64::new(u64::MAX));
        Self { work, what, stages: stages.max(1), before: None, total: 1, done, said }
    }

    /// Work that nobody watches.
    pub fn silent() -> Self {
        Self::new(Work::to_its_end(&|_| {}), String::new(), 1)
    }

    /// Begins the next stage, which is done after `total` units.
    pub fn begin(&mut self, total: u64) {
        self.before = Some(self.before.map_or(0, |before| before + 1));
        self.total = total.max(1);
        self.done = AtomicU64::new(0);
    }

    /// Counts what is done. May be called by many threads.
    pub fn advance(&self, units: u64) -> Result<(), Halt> {
        let done = (self.done.fetch_add(units, Ordering::Relaxed) + units).min(self.total);
        let of_stage = u128::from(done) * 100 / u128::from(self.total);
        let all = u128::from(self.before.unwrap_or_default()) * 100 + of_stage;
        let percent = u64::try_from(all / u128::from(self.stages)).unwrap_or(100).min(100);
        if self.said.swap(percent, Ordering::Relaxed) != percent {
            (self.work.say)(&format!("{}, {percent}%", self.what));
        }
        self.check()
    }

    /// Whether to go on.
    pub fn check(&self) -> Result<(), Halt> {
        if (self.work.stop)() { Err(Halt::Stopped) } else { Ok(()) }
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
        let mut meter = Meter::new(Work::to_its_end(&say), "reading t".to_owned(), 2);
        meter.begin(1000);
        for _ in 0..1000 {
            meter.advance(1).unwrap();
        }
        meter.begin(0);
        meter.advance(5).unwrap();
        let said = said.into_inner().unwrap();
        let expected: Vec<String> =
            (0..=50).chain([100]).map(|percent| format!("reading t, {percent}%")).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn it_stops_when_told_to() {
        let work = Work { say: &|_| {}, stop: &|| true };
        assert!(matches!(Meter::new(work, String::new(), 1).advance(1), Err(Halt::Stopped)));
    }
}
