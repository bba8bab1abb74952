//! What the queries of a segment return, for a few customers.

use std::collections::HashSet;
use std::sync::Arc;

use crate::backend::BackendError;
use crate::local::frozen_queries::FrozenQueries;
use crate::local::view::View;
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedNode, CheckedSegment, ListMembers, Query, QueryError,
};

/// Which of some customers the queries return that a segment asks of.
pub(super) fn freeze(
    view: &View<'_>,
    checked: &CheckedSegment,
    ids: &HashSet<String>,
) -> Result<FrozenQueries, BackendError> {
    let mut queries = Vec::new();
    collect(checked, &mut queries);
    let known = view.ids()?;
    let returned = queries.into_iter().map(|query| {
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

/// The queries of a segment and of those that it refers to.
fn collect<'a>(checked: &'a CheckedSegment, queries: &mut Vec<&'a Arc<Query>>) {
    match &checked.meaning {
        CheckedDefinition::Visual { include, exclude } => {
            collect_group(include, queries);
            collect_group(exclude, queries);
        }
        CheckedDefinition::Query(query) => queries.push(query),
        CheckedDefinition::Unknown => {}
    }
}

fn collect_group<'a>(group: &'a CheckedGroup, queries: &mut Vec<&'a Arc<Query>>) {
    for node in &group.nodes {
        match node {
            CheckedNode::Group(inner) => collect_group(inner, queries),
            CheckedNode::List(_, list) => match &list.members {
                ListMembers::Segment(_, checked) => collect(checked, queries),
                ListMembers::Query(_, query) => queries.push(query),
                ListMembers::Ids(..) => {}
            },
            CheckedNode::Condition(..) => {}
        }
    }
}
