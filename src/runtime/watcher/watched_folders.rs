//! The folders that are watched, by the system or, where it cannot, by looking at them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Config, ErrorKind, EventHandler, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

/// How often folders are looked at of which the system tells nothing.
const LOOK: Duration = Duration::from_secs(2);

/// Who tells of changes in a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    System,
    Looking,
}

/// Watched folders. What cannot be watched is left: the next look by hand or by focus finds it.
pub(super) struct WatchedFolders<H> {
    handler: H,
    system: Option<RecommendedWatcher>,
    looking: Option<PollWatcher>,
    folders: BTreeMap<PathBuf, (RecursiveMode, Source)>,
}

impl<H: EventHandler + Clone> WatchedFolders<H> {
    /// None yet; `handler` is told of changes. Only `with_system` is the system asked at all.
    pub fn new(handler: H, with_system: bool) -> Self {
        let system = RecommendedWatcher::new(handler.clone(), config()).ok().filter(|_| with_system);
        Self { handler, system, looking: None, folders: BTreeMap::new() }
    }

    /// Watches exactly these.
    pub(super) fn set(&mut self, wanted: &BTreeMap<PathBuf, RecursiveMode>) {
        let is_kept = |folder: &Path, mode: RecursiveMode| wanted.get(folder) == Some(&mode);
        let obsolete: Vec<PathBuf> = self
            .folders
            .iter()
            .filter(|(folder, (mode, _))| !is_kept(folder, *mode))
            .map(|(folder, _)| folder.clone())
            .collect();
        obsolete.iter().for_each(|folder| self.forget(folder));
        for (folder, mode) in wanted {
            if !self.folders.contains_key(folder)
                && let Some(source) = self.watch(folder, *mode)
            {
                self.folders.insert(folder.clone(), (*mode, source));
            }
        }
    }

    /// Does not watch a folder any more: it may be another one by now.
    pub(super) fn forget(&mut self, folder: &Path) {
        // One that is gone is watched by nobody, which is no failure.
        let _ = match self.folders.remove(folder) {
            Some((_, Source::System)) => self.system.as_mut().map(|system| system.unwatch(folder)),
            Some((_, Source::Looking)) => self.looking.as_mut().map(|looking| looking.unwatch(folder)),
            None => None,
        };
    }

    /// From now on all folders are looked at.
    pub(super) fn do_without_system(&mut self) {
        self.system = None;
        self.folders.retain(|_, (_, source)| *source != Source::System);
    }

    fn watch(&mut self, folder: &Path, mode: RecursiveMode) -> Option<Source> {
        if let Some(system) = self.system.as_mut().filter(|_| !is_remote(folder)) {
            match system.watch(folder, mode) {
                Ok(()) => return Some(Source::System),
                // It has gone since it was found; others tell of it when it comes back.
                Err(error) if is_missing(&error) => return None,
                Err(_) => {
                    // Some of the folders in it may be watched.
                    let _ = system.unwatch(folder);
                }
            }
        }
        if self.looking.is_none() {
            self.looking = PollWatcher::new(self.handler.clone(), config()).ok();
        }
        self.looking.as_mut()?.watch(folder, mode).ok().map(|()| Source::Looking)
    }
}

fn config() -> Config {
    // A link could lead out of the workspace, and in a circle.
    Config::default().with_poll_interval(LOOK).with_follow_symlinks(false)
}

fn is_missing(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

/// Whether a folder is on another machine: of what changes there the system tells nothing.
#[cfg(target_os = "linux")]
fn is_remote(folder: &Path) -> bool {
    use nix::sys::statfs::{self, FUSE_SUPER_MAGIC, NFS_SUPER_MAGIC, SMB_SUPER_MAGIC};
    /// Of newer SMB servers, and of folders that a virtual machine shares.
    const CIFS: u32 = 0xff53_4d42;
    const SMB2: u32 = 0xfe53_4d42;
    const PLAN_9: u32 = 0x0102_1997;
    let Ok(status) = statfs::statfs(folder) else { return false };
    let kind = status.filesystem_type();
    // The system's type for the number has another size on each machine.
    [NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, FUSE_SUPER_MAGIC].contains(&kind)
        || [CIFS, SMB2, PLAN_9].contains(&(kind.0 as u32))
}

#[cfg(not(target_os = "linux"))]
fn is_remote(_: &Path) -> bool {
    false
}
