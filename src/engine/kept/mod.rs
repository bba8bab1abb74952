//! What is kept between runs: the universe, the indexes, the prepared insights. Under the fingerprint of the
//! database in its part of the cache folder; what does not fit any more is made anew.

mod bytes;
mod stored;

pub use bytes::{Stored, read, write};

/// Another version keeps other bytes, and does not read these.
const VERSION: u32 = 2;

/// What is kept, by activation ID.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    Universe,
    /// The rows of a table.
    Index(&'a str),
    Orders,
    /// At the day of the data.
    Insights,
}

impl Kind<'_> {
    /// What it is called in the cache folder.
    pub fn name(self, activation_id: &str) -> String {
        match self {
            Self::Universe => format!("customers by {activation_id}"),
            Self::Index(table) => format!("index of {table} by {activation_id}"),
            Self::Orders => format!("orders by {activation_id}"),
            Self::Insights => format!("insights by {activation_id}"),
        }
    }
}

/// All that something kept depends on.
pub fn fingerprint(database: &str, data_day: chrono::NaiveDate) -> String {
    format!("engine {VERSION} {data_day}\n{database}")
}
