//! Conditions in words: "City is exactly Chicago", "Has Purchased exactly 1 time after 3 months ago"; and
//! in canonical text, `Customer 360: City is exactly "Chicago"`, which reads back as the condition.

mod canonical;
mod dates;
mod name;
mod sentence;

pub use canonical::{canonical, subject};
pub(crate) use dates::dated;
pub(crate) use name::suggest as suggest_name;
pub(crate) use sentence::SentenceParts;
pub(super) use sentence::currency_word;
pub use sentence::{
    aggregate, behaviour, condition, count, filter, matching, plain, relative_dates, sentence, test, when,
};
