//! The way from one segment to those that it refers to.

use std::collections::HashMap;
use std::sync::Arc;

use crate::segment::checked::CheckedSegment;
use crate::segment::document::Segment;
use crate::segment::lists::Lists;
use crate::segment::problem::Problem;
use crate::segment::schema::Schema;

/// References that are being followed, from the outermost segment on.
pub(crate) struct ListResolution<'l> {
    pub lists: &'l dyn Lists,
    pub activation_id: String,
    /// From the outermost segment to the one that is being checked, by id and name.
    pub chain: Vec<(String, String)>,
    /// What the segments behind came to, by id: two ways to the same segment are one.
    pub known: HashMap<String, Result<Arc<CheckedSegment>, Vec<Problem>>>,
}

impl<'l> ListResolution<'l> {
    pub fn new(outermost: &Segment, schema: &dyn Schema, lists: &'l dyn Lists) -> Self {
        Self {
            lists,
            activation_id: outermost.activation_id_or(&schema.default_activation_id()).to_owned(),
            chain: vec![(outermost.id.clone(), outermost.name.clone())],
            known: HashMap::new(),
        }
    }

    /// The names from an earlier mention of a segment to its next one.
    pub(crate) fn cycle(&self, id: &str) -> Option<String> {
        let start = self.chain.iter().position(|(earlier, _)| earlier == id)?;
        let cycle = self.chain.iter().skip(start).chain(self.chain.get(start));
        Some(cycle.map(|(_, name)| format!("{name:?}")).collect::<Vec<_>>().join(" → "))
    }
}
