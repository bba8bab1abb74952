//! A case that is asked for.

use std::path::PathBuf;

use crate::backend::MakeCase;

/// A case that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CaseRequest {
    /// Of what.
    pub question: MakeCase,
    /// The file; without one it is called by the segment and the customer, in the folder of the last export.
    pub file: Option<PathBuf>,
}
