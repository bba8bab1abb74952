//! The editor, drawn: what can be asked, what is asked, the answer.

mod criteria;
mod draw;
mod insights;
mod sql_text;
mod tables;

pub(super) use draw::draw;
