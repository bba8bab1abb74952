//! The layers of the screen, drawn: a file for each, of the same name as in `app/layers`.

mod add;
mod browse;
mod card_list;
mod card_view;
mod choose;
mod columns;
mod commands;
mod confirm;
mod day;
mod days;
mod differences;
mod draw;
mod editor;
mod explorer;
mod export;
mod home;
mod keep_in;
mod lists;
mod messages;
mod metric_form;
mod notes;
mod pages;
mod paste;
mod purchase;
mod quick_add;
mod save_as;
mod sql_view;
mod test_form;
mod test_list;
mod value_entry;
mod values;

pub(super) use draw::{overlay, screen};
