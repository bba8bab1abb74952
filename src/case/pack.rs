//! Making a case.

use std::io::{self, Write};
use std::sync::Arc;

use super::answer::answer;
use super::document::{
    CaseColumn, CaseDatabase, CaseDocument, CaseSegment, DOCUMENT, FORMAT, FileStamp, VERSION,
};
use super::{archive, readme};
use crate::backend::{
    Backend, BackendError, CaseContent, CaseFile, ExplainedCustomer, IdStanding, MakeCase, Task,
    standing_in_words,
};
use crate::diagnostic::Diagnostic;
use crate::segment::Segment;

/// The files of a case, ready to be written.
pub(crate) struct PackedCase {
    files: Vec<CaseFile>,
    /// The segment as it stands in it.
    pub segment: Arc<Segment>,
    /// What it is of.
    pub document: CaseDocument,
    /// Of each id that is no customer's what it is.
    pub strangers: Vec<String>,
}

/// Makes a case.
///
/// # Errors
/// As of [`Backend::make_case`]; nothing is known of any of the ids.
pub(crate) fn pack(
    backend: &dyn Backend,
    question: &MakeCase,
    task: Task<'_>,
) -> Result<PackedCase, BackendError> {
    let CaseContent { mut files, segment, explanation, hidden } = backend.make_case(question, task)?;
    let database = backend.database();
    let person = &database.words(&explanation.activation_id).singular;
    let customers = explanation.customers.iter();
    let strangers = customers
        .filter_map(|customer| standing_in_words(&customer.standing, &customer.id, person))
        .collect::<Vec<_>>();
    let is_known = |customer: &ExplainedCustomer| !matches!(customer.standing, IdStanding::Unknown { .. });
    if !explanation.customers.iter().any(is_known) {
        let message = format!("there is nothing to make a case of: {}", strangers.join("; "));
        let help = "name ids as they stand in the data; segtui members prints those of a segment";
        return Err(BackendError::Missing(Diagnostic::new(message).with_help(help)));
    }
    let hidden = hidden.into_iter().map(|hidden| CaseColumn {
        table: hidden.table,
        column: hidden.column,
        replaced: hidden.is_replaced,
    });
    let mut document = CaseDocument {
        format: FORMAT.to_owned(),
        version: VERSION,
        segtui: env!("CARGO_PKG_VERSION").to_owned(),
        segment: CaseSegment { id: segment.id.clone(), name: segment.name.clone() },
        as_of: question.as_of,
        activation_id: explanation.activation_id.clone(),
        ids: question.ids.clone(),
        database: CaseDatabase { name: database.name.clone(), fingerprint: backend.fingerprint() },
        answers: explanation.customers.iter().map(answer).collect(),
        hidden: hidden.collect(),
        files: Vec::new(),
    };
    let spoken = backend.database_of(&segment, question.as_of);
    let readme = readme::text(&document, &explanation, &segment, &spoken);
    files.push(CaseFile { path: "README.txt".to_owned(), bytes: readme.into_bytes() });
    let stamp =
        |file: &CaseFile| FileStamp::new(&file.path, file.bytes.len() as u64, blake3::hash(&file.bytes));
    document.files = files.iter().map(stamp).collect();
    document.files.sort_by(|one, other| one.path.cmp(&other.path));
    files.push(CaseFile { path: DOCUMENT.to_owned(), bytes: document.to_json() });
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(PackedCase { files, segment, document, strangers })
}

impl PackedCase {
    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> u64 {
        self.files.iter().map(|file| file.bytes.len() as u64).sum()
    }

    /// Writes it.
    ///
    /// # Errors
    /// Those of the writer.
    pub(crate) fn write(&self, to: impl Write) -> io::Result<()> {
        archive::write(&self.files, to)
    }
}

/// What the file of a case is called by default.
pub(crate) fn default_name(segment: &Segment, ids: &[String]) -> String {
    let plain = |text: &str| {
        let letters = text.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' });
        letters.take(60).collect::<String>().trim_matches('-').to_owned()
    };
    let whom = match ids {
        [only] => plain(only),
        several => format!("{}-customers", several.len()),
    };
    format!("case-{}-{whom}.zip", plain(&segment.name))
}
