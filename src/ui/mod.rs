//! App state to screen. Nothing here changes anything.

mod ascii;
mod cells;
mod charts;
mod definition;
mod diagnostic;
pub mod explanation;
mod frame;
mod header;
mod insights;
mod layers;
mod layout;
mod marks;
pub mod number;
mod pick;
mod remarks;
mod screen;
mod sql;
mod start;
mod status_line;
pub mod text;
pub mod theme;
mod type_mark;
mod what_if;

pub use ascii::likeness as ascii_likeness;
pub use screen::draw;
pub use start::draw_start;
