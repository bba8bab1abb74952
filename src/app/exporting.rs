//! What is known of an export.

use std::path::PathBuf;

use crate::backend::Members;

/// Who is to be written where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExportRequest {
    /// Whom, and with which columns.
    pub question: Members,
    /// The file.
    pub file: PathBuf,
}

/// An export that is under way.
#[derive(Clone, Debug)]
pub(crate) struct Exporting {
    pub request: ExportRequest,
    /// How many rows are written.
    pub rows: u64,
    /// Of how many, once the members are found.
    pub total: Option<u64>,
    pub is_cancelled: bool,
}

impl Exporting {
    /// One that has just been asked for.
    pub(crate) fn new(request: ExportRequest) -> Self {
        Self { request, rows: 0, total: None, is_cancelled: false }
    }
}
