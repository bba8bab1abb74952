//! Why a condition on a table came to what it did for a customer.

use super::attribute::attribute;
use crate::backend::{BackendError, RowEvidence};
use crate::local::view::View;
use crate::segment::Criterion;

/// A customer, and all who are asked about.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub customer: u32,
    pub all: &'a [u32],
}

impl View<'_> {
    /// Why a condition came to `result`.
    pub(super) fn row_evidence(
        &self,
        asked: Asked<'_>,
        criterion: &Criterion,
        result: Option<bool>,
    ) -> Result<RowEvidence, BackendError> {
        self.cancel.check()?;
        let own = self.own_rows(criterion.table(), asked.customer, asked.all)?;
        match criterion {
            Criterion::Attribute { test, rows, filters, .. } => {
                attribute(&own, self.keys(own.table), (test, *rows, filters), result)
            }
            Criterion::Purchase { test, when, filters, .. } => {
                self.purchase(&own, (test, when.as_ref(), filters), result)
            }
            Criterion::Aggregate { aggregate, predicate, filters, .. } => {
                self.aggregate(&own, (aggregate, predicate, filters), result)
            }
        }
    }
}
