//! Cases as single files that can be sent: a zip of a database and a workspace of a few customers, with the answer for
//! them, so that somebody else sees the same.

mod answer;
mod archive;
mod document;
mod error;
mod opened;
mod pack;
mod readme;

pub(crate) use error::CaseError;
pub(crate) use opened::{OpenedCase, is_case};
pub(crate) use pack::{PackedCase, default_name, pack};
