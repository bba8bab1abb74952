//! Small charts: bars with their numbers, pairs of bars, lines over time, histograms, and the words beside them. What
//! they are drawn with is decided in `glyphs.rs` alone.

mod bars;
mod delta;
mod glyphs;
mod histogram;
mod line_chart;
mod pairs;

pub(crate) use bars::{BarRow, bar, bars, bars_of_all};
pub(crate) use delta::{Change, change};
pub use glyphs::Glyphs;
pub(crate) use histogram::{columns, histogram};
pub(crate) use line_chart::LineChart;
pub(crate) use pairs::{PairedRow, legend, pairs};
