//! The pages of the open segment, over its editor: tabs of its overview.

mod asked;
mod attributes;
pub mod breakdown;
pub(super) mod card_effects;
pub mod card_table;
pub mod cards;
pub mod compare;
pub mod customers;
mod from_overlap;
mod from_value;
pub mod overlaps;
mod page;
mod page_kind;
mod page_layer;
mod shared;
pub mod summary;
mod typed_days;

pub use asked::Asked;
pub use from_overlap::{Compared, Part};
pub(super) use from_value::{has_value, new_segment};
pub use page::Pages;
pub use page_kind::PageKind;
pub use typed_days::TypedDays;
pub(super) use typed_days::day as typed_day;
