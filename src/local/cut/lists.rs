//! What segments refer to, for a few customers.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::Diagnostic;
use crate::segment::{Ids, Lists, Segment};

/// The lists of a workspace with these ids alone. Each is looked up once, so that many days are answered by the same.
pub(super) struct CutLists {
    whole: Arc<dyn Lists>,
    ids: Arc<HashSet<String>>,
    segments: Known<String, Arc<Segment>>,
    files: Known<(String, String), Ids>,
    queries: Known<String, String>,
}

type Known<K, V> = Mutex<HashMap<K, Result<V, Diagnostic>>>;

impl CutLists {
    /// Reads nothing yet.
    pub fn new(whole: Arc<dyn Lists>, ids: Arc<HashSet<String>>) -> Self {
        let (segments, files, queries) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { whole, ids, segments, files, queries }
    }
}

/// What is known under a key, looked up if it is not.
fn look_up<K: Eq + Hash, V: Clone>(
    known: &Known<K, V>,
    key: K,
    find: impl FnOnce(&K) -> Result<V, Diagnostic>,
) -> Result<V, Diagnostic> {
    let known = || known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known().get(&key) {
        return found.clone();
    }
    // No lock is held while files are read.
    let found = find(&key);
    known().insert(key, found.clone());
    found
}

impl Lists for CutLists {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        look_up(&self.segments, id.to_owned(), |id| self.whole.segment(id))
    }

    fn file(&self, path: &str, activation_id: &str) -> Result<Ids, Diagnostic> {
        look_up(&self.files, (path.to_owned(), activation_id.to_owned()), |(path, activation_id)| {
            let all = self.whole.file(path, activation_id)?;
            let own: Vec<String> = all.iter().filter(|id| self.ids.contains(*id)).cloned().collect();
            Ok(Ids::from(own))
        })
    }

    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        look_up(&self.queries, path.to_owned(), |path| self.whole.query(path))
    }
}
