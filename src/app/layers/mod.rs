//! The layers of the screen, one file each, all behind the interface in `app/layer.rs`.

pub mod add;
mod ask_value;
pub mod browse;
pub mod choose;
pub mod commands;
pub mod confirm;
mod conversion;
pub mod editor;
pub mod home;
pub mod lists;
pub mod messages;
pub mod overlay;
pub mod overview;
pub mod paste;
pub mod purchase;
pub mod quick_add;
pub mod save_as;
pub mod sql_view;
pub mod stack;
pub mod value_entry;
pub mod values;
