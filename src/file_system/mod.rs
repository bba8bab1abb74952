//! Operations on files as workspace, drafts, cache and exports need them: reading that never blocks and never
//! fills the memory, writing that happens as a whole or not at all.
//!
//! Each operation can be made to fail in tests (`faults`), before and after its effect.

mod abandoned;
pub(crate) mod atomic;
mod canonical;
pub(crate) mod faults;
mod folders;
mod lock_file;
mod read;
mod reason;
mod space;
mod temporary;

pub(crate) use abandoned::{is_abandoned, remove_abandoned};
pub(crate) use canonical::canonical;
pub(crate) use folders::{
    create_folder, create_folders, create_private_folders, entries, flush_folder, parent,
    remove_empty_folder, remove_file,
};
pub(crate) use lock_file::{is_at, open_lock};
pub(crate) use read::{open_regular, read_limited, regular_metadata};
pub(crate) use reason::{reason, reason_first};
pub(crate) use space::free_space;
pub(crate) use temporary::{TemporaryFile, is_temporary, temporary_folder};
