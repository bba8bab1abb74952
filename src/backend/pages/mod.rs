//! The pages of a segment and the data explorer as questions and answers (`docs/reference/insights.md`, Pages of a
//! saved segment, Data explorer).

mod breakdown;
mod compare;
mod customers;
mod day_range;
mod figures;
mod metric;
mod page;
mod profile;
mod summary;
mod trend;

pub use breakdown::*;
pub use compare::*;
pub use customers::*;
pub use day_range::{DayRange, DayRangeError};
pub use figures::*;
pub use metric::*;
pub use page::{PageAnswer, PageQuestion};
pub use profile::*;
pub use summary::*;
pub use trend::*;
