//! The layers of the screen, one file each, all behind the interface in `app/layer.rs`.

pub mod add;
mod ask_value;
pub mod browse;
pub(crate) mod choose;
pub mod columns;
pub mod commands;
pub mod confirm;
mod conversion;
pub mod days;
pub mod editor;
pub mod explorer;
pub mod export;
pub mod home;
pub mod keep_in;
pub mod lists;
pub mod messages;
pub mod notes;
pub mod overlay;
pub mod pages;
pub mod paste;
pub mod purchase;
pub mod quick_add;
pub(crate) mod save_as;
pub mod sql_view;
pub(crate) mod stack;
pub(crate) mod value_entry;
pub mod values;
