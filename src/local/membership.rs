//! Which ids are members of a segment, and which members are in another one, too: from the sets that all numbers
//! come from.

use super::engine::Engine;
use super::refuse::refuse_errors;
use super::sets::customer_set::count;
use crate::backend::{BackendError, Cancel, CheckIds, IdMembership, Intersect, Intersection};

/// After how many ids work looks whether it should stop.
const IDS_BETWEEN_CHECKS: usize = 1 << 14;

impl Engine {
    /// What each id is to a segment, in their order.
    ///
    /// # Errors
    /// As of [`Engine::evaluate_strictly`].
    pub(crate) fn check_ids(
        &self,
        question: &CheckIds,
        cancel: &Cancel,
    ) -> Result<Vec<IdMembership>, BackendError> {
        let CheckIds { segment, as_of, ids } = question;
        self.answer(|| {
            let (checked, view) = self.prepare(segment, *as_of, refuse_errors, cancel)?;
            let members = view.sides(&checked)?.members(cancel)?;
            let known = view.ids()?;
            let mut found = Vec::with_capacity(ids.len());
            for some in ids.chunks(IDS_BETWEEN_CHECKS) {
                cancel.check()?;
                found.extend(some.iter().map(|id| match known.number(id) {
                    None => IdMembership::NoCustomer,
                    Some(number) if members.contains(number as usize) => IdMembership::Member,
                    Some(_) => IdMembership::NotMember,
                }));
            }
            Ok(found)
        })
    }

    /// The members of a segment who are in another one, or who are not.
    ///
    /// # Errors
    /// As of [`Engine::overlaps`].
    pub(crate) fn intersect(
        &self,
        question: &Intersect,
        cancel: &Cancel,
    ) -> Result<Intersection, BackendError> {
        let Intersect { segment, other, is_in_other, as_of, limit } = question;
        self.comparable([&**segment, &**other].into_iter())?;
        self.answer(|| {
            let (checked, view) = self.prepare(segment, *as_of, refuse_errors, cancel)?;
            let mut wanted = view.sides(&checked)?.members(cancel)?;
            let (checked, other_view) = self.prepare(other, *as_of, refuse_errors, cancel)?;
            let others = other_view.sides(&checked)?.members(cancel)?;
            match is_in_other {
                true => wanted.intersect_with(&others),
                false => wanted.difference_with(&others),
            }
            let customers = count(&wanted);
            // Whose ids come first is known of all of them only.
            let mut ids = if customers == 0 { Vec::new() } else { view.ids()?.sorted(&wanted)? };
            ids.truncate(*limit);
            Ok(Intersection { customers, ids })
        })
    }
}
