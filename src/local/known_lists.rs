//! The ids of lists that were read a moment ago: every answer asks for them anew.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::files::file_state;
use crate::segment::Ids;

/// How many lists are remembered.
const LISTS: usize = 8;

/// Lists by file and activation ID, for as long as their files stay the same; the last one used is the last.
#[derive(Clone, Debug, Default)]
pub struct KnownLists(Arc<Mutex<Vec<Known>>>);

#[derive(Debug)]
struct Known {
    file: PathBuf,
    activation_id: String,
    state: String,
    ids: Ids,
}

impl KnownLists {
    /// The ids in a file, read if it is not the one that is known.
    pub fn ids<E>(
        &self,
        file: &Path,
        activation_id: &str,
        read: impl FnOnce() -> Result<Ids, E>,
    ) -> Result<Ids, E> {
        // Before it is read: what changes meanwhile is another state.
        let Some(state) = file_state(file) else { return read() };
        let is_it = |known: &Known| known.file == file && known.activation_id == activation_id;
        let mut known = self.known();
        if let Some(at) = known.iter().position(|known| is_it(known) && known.state == state) {
            let found = known.remove(at);
            let ids = found.ids.clone();
            known.push(found);
            return Ok(ids);
        }
        drop(known);
        let ids = read()?;
        let mut known = self.known();
        known.retain(|known| !is_it(known));
        let too_many = (known.len() + 1).saturating_sub(LISTS);
        known.drain(..too_many);
        let (file, activation_id) = (file.to_owned(), activation_id.to_owned());
        known.push(Known { file, activation_id, state, ids: ids.clone() });
        Ok(ids)
    }

    fn known(&self) -> MutexGuard<'_, Vec<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_once_until_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ids.txt");
        let lists = KnownLists::default();
        let reads = std::cell::Cell::new(0);
        let ids = |id: &str| {
            let read = || {
                reads.set(reads.get() + 1);
                let text = std::fs::read_to_string(&file).unwrap();
                Ok::<_, ()>(Ids::from(text.lines().map(|line| format!("{id}{line}")).collect::<Vec<_>>()))
            };
            lists.ids(&file, id, read).unwrap().to_vec()
        };
        std::fs::write(&file, "1\n2\n").unwrap();
        assert_eq!(
            (ids("a"), ids("a"), ids("b"), reads.get()),
            (
                vec!["a1".to_owned(), "a2".to_owned()],
                vec!["a1".to_owned(), "a2".to_owned()],
                vec!["b1".to_owned(), "b2".to_owned()],
                2
            )
        );
        std::fs::write(&file, "3\n").unwrap();
        assert_eq!((ids("a"), reads.get()), (vec!["a3".to_owned()], 3));
    }
}
