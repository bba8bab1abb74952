//! How many can be contacted each way.

use std::sync::Arc;

use super::both::{Both, Members};
use crate::backend::{Available, BackendError, Reachability, SegmentAndAll};
use crate::diagnostic::Diagnostic;
use crate::local::cache_key::CacheKey;
use crate::local::memory::MemorySize;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::sets::reachable::{Way, reachable};
use crate::local::view::View;

/// Who can be contacted each way of which the data can tell.
struct Reachable(Vec<(Way, CustomerSet)>);

impl View<'_> {
    pub(super) fn reachability(
        &self,
        members: &Members<'_>,
    ) -> Result<Available<SegmentAndAll<Reachability>>, BackendError> {
        let ways = self.reachable()?;
        if ways.0.is_empty() {
            return Ok(Err(Diagnostic::new(format!(
                "who can be contacted is not known: no table of contacts or customers with {:?} says it",
                self.activation_id
            ))
            .with_help(
                "add a table of contacts with \"contactable_email\", or name yours under [roles] in database.toml",
            )));
        }
        let count = |wanted: Way| {
            let set = ways.0.iter().find(|(way, _)| *way == wanted);
            set.map(|(_, set)| members.count_in(set)).transpose()
        };
        let [email, phone, address, paid_social] =
            [count(Way::Email)?, count(Way::Phone)?, count(Way::Address)?, count(Way::PaidSocial)?];
        let of = |pick: fn(Both<u64>) -> u64| Reachability {
            email: email.map(pick),
            phone: phone.map(pick),
            address: address.map(pick),
            paid_social: paid_social.map(pick),
        };
        Ok(Ok(SegmentAndAll { segment: of(|both| both.segment), all: of(|both| both.all) }))
    }

    fn reachable(&self) -> Result<Arc<Reachable>, BackendError> {
        let key = CacheKey::Reachable { id: self.activation_id.to_owned() };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let ways = [Way::Email, Way::Phone, Way::Address, Way::PaidSocial];
            reachable(&self.engine.database, self, &ways, self.size()).map(Reachable)
        })
    }
}

impl MemorySize for Reachable {
    fn memory_size(&self) -> usize {
        self.0.iter().map(|(_, set)| size_of_val(set.as_slice())).sum()
    }
}
