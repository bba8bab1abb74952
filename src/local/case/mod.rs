//! The case: all that is needed to repeat the answer for some customers elsewhere, as files.
//!
//! It is a cut of the database written down. What queries returned stands in `.frozen.json` beside the tables, and the
//! rows of the workspace's tables in `.frozen/`: a folder with such a file is opened with them, and runs no query.

mod files;
mod frozen_file;
mod hide;
mod leak;
mod lookups;
mod manifest;
mod others;
mod outline;
mod workspace;

use std::sync::Arc;

pub use self::frozen_file::FrozenFileError;
use self::hide::{Hiding, InUse};
use self::others::Others;
use self::outline::{outline, without_others};
use super::cut::{Cut, CutColumns, used_columns};
use super::engine::Engine;
use super::refuse::refuse_what_is_no_tree;
use super::view::View;
use crate::backend::{
    BackendError, CaseContent, CaseFile, Explain, Explanation, MakeCase, Task, WrongConditions,
};
use crate::diagnostic::Diagnostic;

impl Engine {
    /// All that is needed to repeat the answer for some customers elsewhere.
    ///
    /// # Errors
    /// As of [`Engine::evaluate`]; a column cannot be hidden without changing the answer, or what is in it stands
    /// elsewhere too.
    pub(crate) fn make_case(&self, question: &MakeCase, task: Task<'_>) -> Result<CaseContent, BackendError> {
        let MakeCase { segment, as_of, ids, .. } = question;
        let whole = self.explain_alone(question, task)?;
        self.answer(|| {
            let refuse = |problems: &[_]| refuse_what_is_no_tree(segment, problems);
            let (checked, view) = self.prepare(segment, *as_of, refuse, task.cancel)?;
            let cut = view.cut((&checked, *as_of), ids, CutColumns::All)?;
            let in_use = InUse::new(&view, used_columns(&view, &checked, CutColumns::Used, false));
            let hiding = Hiding::new(&question.hide, &view, &cut.engine.database, &in_use)?;
            let hidden = hiding.apply(&cut.engine)?;
            let others = Others::new(&view, ids);
            let lists = others.left_out_of(Arc::clone(&hidden.lists));
            let hidden = hidden.with_lists(Arc::new(lists));
            let question = &MakeCase { segment: Arc::new(others.leave_out(segment)), ..question.clone() };
            let explanation = hidden.explain_alone(question, task)?;
            compare(&whole, &explanation, &cut, (&hidden, &hiding), question, task)?;
            let files = self.case_files(question, &view, &hidden, &hiding)?;
            leak::check(&files, &cut.engine.database, &hiding)?;
            let segment = Arc::clone(&question.segment);
            Ok(CaseContent { files, segment, explanation, hidden: hiding.columns() })
        })
    }

    fn case_files(
        &self,
        question: &MakeCase,
        view: &View<'_>,
        hidden: &Engine,
        hiding: &Hiding,
    ) -> Result<Vec<CaseFile>, BackendError> {
        let mut files = files::database(view, hidden, hiding)?;
        files.extend(workspace::files(&question.segment, &*hidden.lists, view.activation_id)?);
        files.extend(frozen_file::files(hidden, question.as_of)?);
        Ok(files)
    }

    /// Without what it says of other customers.
    fn explain_alone(&self, question: &MakeCase, task: Task<'_>) -> Result<Explanation, BackendError> {
        let MakeCase { segment, as_of, ids, .. } = question;
        let question = Explain { segment: Arc::clone(segment), as_of: *as_of, ids: ids.clone() };
        self.explain(&question, task).map(without_others)
    }
}

/// Checks that nothing that counts has changed on the way into the case.
fn compare(
    whole: &Explanation,
    alone: &Explanation,
    cut: &Cut,
    (hidden, hiding): (&Engine, &Hiding),
    question: &MakeCase,
    task: Task<'_>,
) -> Result<(), BackendError> {
    if let Some(place) = outline(whole).into_iter().zip(outline(alone)).find(|(one, other)| one != other) {
        return Err(changed(&place.0.words()));
    }
    if outline(whole).len() != outline(alone).len() {
        return Err(changed("the answer"));
    }
    let numbers = |engine: &Engine| {
        let MakeCase { segment, as_of, .. } = question;
        let question = crate::backend::Evaluate {
            segment: Arc::clone(segment),
            as_of: *as_of,
            wrong: WrongConditions::LeaveOut,
            wanted: crate::backend::WantedNumbers::All,
        };
        let evaluation = crate::backend::Backend::evaluate(engine, &question, task)?;
        Ok::<_, BackendError>((evaluation.insights, evaluation.all))
    };
    if !hiding.columns().is_empty() && numbers(&cut.engine)? != numbers(hidden)? {
        return Err(changed("the insights"));
    }
    Ok(())
}

/// Why there is no case.
fn changed(what: &str) -> BackendError {
    BackendError::Missing(
        Diagnostic::new(format!("without the values that are to be hidden, {what} would be another one"))
            .with_help("hide other columns, or none"),
    )
}
