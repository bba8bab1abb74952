//! What the queries of a segment return, for a few customers.

use std::collections::HashSet;
use std::sync::Arc;

use crate::backend::BackendError;
use crate::local::frozen_queries::FrozenQueries;
use crate::local::view::View;
use crate::segment::{
    CheckedDefinition, CheckedList, CheckedNode, CheckedSegment, ListMembers, Query, QueryError,
};

/// Which of some customers the queries return that a segment asks of.
pub(super) fn freeze(
    view: &View<'_>,
    checked: &CheckedSegment,
    ids: &HashSet<String>,
) -> Result<FrozenQueries, BackendError> {
    let known = view.ids()?;
    let returned = checked.with_nested().into_iter().flat_map(queries).map(|query| {
        let listed = view.queried(query, QueryError::in_segment)?;
        let is_listed = |id: &&String| {
            known.number(id).is_some_and(|customer| listed.members.contains(customer as usize))
        };
        let mut returned: Vec<String> = ids.iter().filter(is_listed).cloned().collect();
        returned.sort_unstable();
        Ok(((**query).clone(), returned))
    });
    returned.collect::<Result<Vec<_>, _>>().map(FrozenQueries::new)
}

/// The queries of a segment.
fn queries(checked: &CheckedSegment) -> Vec<&Arc<Query>> {
    let own = match &checked.meaning {
        CheckedDefinition::Query(query) => Some(query),
        CheckedDefinition::Visual { .. } | CheckedDefinition::Unknown => None,
    };
    let listed = checked.leaves().into_iter().filter_map(|leaf| match leaf {
        CheckedNode::List(_, CheckedList { members: ListMembers::Query(_, query), .. }) => Some(query),
        _ => None,
    });
    own.into_iter().chain(listed).collect()
}
