//! From keys to actions: the keys of the table of actions, with what a person's `keymap.toml` says otherwise.

mod bindings;
mod file;
mod key;
mod map;

pub use file::read;
pub use key::Key;
pub(crate) use key::shown;
pub use map::{Found, Keymap};
