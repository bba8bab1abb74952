//! The pages of the open segment, over its editor: tabs of its overview.

mod asked;
mod attributes;
pub mod breakdown;
pub(super) mod card_effects;
pub mod card_table;
pub mod cards;
pub mod compare;
pub mod customers;
pub mod explain;
mod from_overlap;
mod from_value;
mod kind;
pub mod measure;
mod other;
pub mod overlaps;
mod page;
mod shared;
pub mod summary;
mod tabs;
mod typed_days;

pub use asked::Asked;
pub use from_overlap::{Compared, Part};
pub(super) use from_value::{has_value, new_segment};
pub use kind::PageKind;
pub use tabs::Pages;
pub use typed_days::TypedDays;
pub(super) use typed_days::day as typed_day;
