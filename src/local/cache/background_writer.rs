//! The thread that writes, so that nobody waits for the disk.

use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Something to write.
type Job = Box<dyn FnOnce() + Send>;

/// Does jobs in order, in a thread that begins with the first of them.
#[derive(Debug, Default)]
pub(crate) struct BackgroundWriter(Mutex<Option<Thread>>);

#[derive(Debug)]
struct Thread {
    jobs: Sender<Job>,
    handle: JoinHandle<()>,
}

impl BackgroundWriter {
    /// Leaves a job to the thread; does it at once where there can be none.
    pub(crate) fn enqueue(&self, job: impl FnOnce() + Send + 'static) {
        let mut thread = self.thread();
        if thread.is_none() {
            *thread = Thread::start();
        }
        match &*thread {
            // It ends only when its sender is dropped.
            Some(thread) => drop(thread.jobs.send(Box::new(job))),
            None => job(),
        }
    }

    /// Waits until all jobs are done.
    pub fn finish(&self) {
        let thread = self.thread().take();
        if let Some(Thread { jobs, handle }) = thread {
            drop(jobs);
            // A job that panicked has written nothing, which is no failure here.
            let _ = handle.join();
        }
    }

    fn thread(&self) -> MutexGuard<'_, Option<Thread>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for BackgroundWriter {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Thread {
    fn start() -> Option<Self> {
        let (jobs, todo) = mpsc::channel::<Job>();
        let work = move || todo.iter().for_each(|job| job());
        let handle = std::thread::Builder::new().name("cache".to_owned()).spawn(work).ok()?;
        Some(Self { jobs, handle })
    }
}
