//! Who joins and leaves from one step to another.

use super::customer_set::{CustomerSet, count};
use crate::backend::{
    BackendError, CompareSteps, JoinedAndLeft, Step, StepComparison, Task, WrongConditions,
};
use crate::diagnostic::Diagnostic;
use crate::local::engine::Engine;
use crate::local::refuse::refuse;

impl Engine {
    /// Who joins and leaves from the first of some steps to the last one, and by which of them.
    ///
    /// # Errors
    /// [`BackendError::Missing`] if there are no steps or they are not of the same activation ID. Otherwise as of
    /// [`Engine::evaluate`].
    pub(crate) fn compare_steps(
        &self,
        question: &CompareSteps,
        task: Task<'_>,
    ) -> Result<StepComparison, BackendError> {
        let activation_id = self.id_of_steps(&question.steps)?;
        self.answer(|| {
            let members = |at: usize| match question.steps.get(at) {
                Some(step) => self.members_of_step(step, question.wrong, task),
                None => Ok(CustomerSet::default()),
            };
            let last = question.steps.len().saturating_sub(1);
            let (first, end) = (members(0)?, members(last)?);
            let mut remaining = first.clone();
            remaining.symmetric_difference_with(&end);
            let counted = |set: &CustomerSet| {
                let joined = set.intersection_count(&end) as u64;
                JoinedAndLeft { joined, left: count(set) - joined }
            };
            let all = counted(&remaining);
            let mut by = vec![JoinedAndLeft::default(); last];
            let mut after = end.clone();
            // Back from the last step, so that everybody is met first at the last one that altered her membership.
            for (at, by) in by.iter_mut().enumerate().rev() {
                if remaining.is_clear() {
                    break;
                }
                let before = if at == 0 { first.clone() } else { members(at)? };
                let mut changed = before.clone();
                changed.symmetric_difference_with(&after);
                changed.intersect_with(&remaining);
                remaining.difference_with(&changed);
                (*by, after) = (counted(&changed), before);
            }
            Ok(StepComparison { activation_id: activation_id.to_owned(), all, by })
        })
    }

    fn members_of_step(
        &self,
        Step { segment, as_of }: &Step,
        wrong: WrongConditions,
        task: Task<'_>,
    ) -> Result<CustomerSet, BackendError> {
        let refuse = |problems: &[_]| refuse(segment, problems, wrong);
        let (checked, view) = self.prepare(segment, *as_of, refuse, task.cancel)?;
        view.sides(&checked)?.members(task.cancel)
    }

    /// The activation ID of all steps.
    fn id_of_steps<'a>(&'a self, steps: &'a [Step]) -> Result<&'a str, BackendError> {
        let refused =
            |message: String, help: &str| BackendError::Missing(Diagnostic::new(message).with_help(help));
        let mut ids = steps.iter().map(|step| self.database.activation_id(&step.segment));
        let Some(first) = ids.next() else {
            return Err(refused("there is nothing to compare".to_owned(), "name two segments"));
        };
        match ids.find(|id| *id != first) {
            None => Ok(first),
            Some(other) => Err(refused(
                format!(
                    "a segment by {first:?} and one by {other:?} have no customers in common to tell apart"
                ),
                "compare segments with the same activation ID",
            )),
        }
    }
}
