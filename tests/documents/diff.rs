//! What differs between two documents, whatever they are: the changes lead from the one to the other.

use std::sync::Arc;

use proptest::prelude::*;
use segtui::database::DatabaseView;
use segtui::segment::{Change, Definition, Node, Place, Segment, diff};
use serde_json::Value;

use super::runner;
use super::strategy::{change, changed, document};
use crate::conformance::{folder, open};

fn stands(place: Option<&Place>, segment: &Segment) -> bool {
    match place {
        None | Some(Place::Document) => true,
        Some(Place::Sql) => matches!(segment.definition, Definition::Sql(_)),
        Some(place) => {
            place.node().is_some_and(|path| segment.node(path).is_some() || segment.group(path).is_some())
        }
    }
}

fn depth(segment: &Segment) -> usize {
    let walk = segment.walk();
    let groups = walk.iter().filter(|(_, node)| matches!(node, Node::Group(_)));
    groups.map(|(path, _)| path.steps.len()).max().unwrap_or(0)
}

#[test]
fn changes_lead_from_one_document_to_the_other() {
    let database = open(&folder(None, "csv"));
    let view = DatabaseView { database: &database, activation_id: "amperity_id" };
    let try_both = |a: Segment, b: Segment| {
        let (a, b) = (Arc::new(a), Arc::new(b));
        let found = diff(&a, &b, &view);
        prop_assert_eq!(found.steps.len(), found.changes.len() + 1);
        prop_assert_eq!(&found.steps[0].definition, &a.definition);
        if !found.changes.is_empty() {
            prop_assert_eq!(&found.steps.last().unwrap().definition, &b.definition);
        }
        for Change { place_a, place_b, text, .. } in &found.changes {
            prop_assert!(place_a.is_some() || place_b.is_some());
            prop_assert!(
                stands(place_a.as_ref(), &a) && stands(place_b.as_ref(), &b),
                "{place_a:?} {place_b:?}"
            );
            prop_assert!(!text.is_empty());
        }
        let deepest = depth(&a).max(depth(&b)).max(8);
        for step in &found.steps {
            prop_assert!(depth(step) <= deepest);
            let written = step.to_json();
            prop_assert_eq!(Segment::from_json(&written).unwrap().to_json(), written);
        }
        prop_assert_eq!(diff(&b, &b, &view).changes, []);
        // What no change tells of counts for nobody: a switch that says no more than that it is on.
        if found.changes.is_empty() {
            let plain = |segment: &Segment| {
                segment.to_json().replace("\"off\": false", "").replace([',', ' ', '\n'], "")
            };
            prop_assert!(a.definition == b.definition || plain(&a).len() == plain(&b).len());
        }
        Ok(())
    };
    let read = |value: &Value| Segment::from_json(&value.to_string()).ok();
    runner(300)
        .run(&(document(), document()), |(a, b)| try_both(read(&a).unwrap(), read(&b).unwrap()))
        .unwrap();
    let edits = prop::collection::vec(change(), 1..4);
    runner(300)
        .run(&(document(), edits), |(a, edits)| {
            let b = edits.into_iter().fold(a.clone(), |document, (at, change)| changed(document, at, change));
            read(&a).zip(read(&b)).map_or(Ok(()), |(a, b)| try_both(a, b))
        })
        .unwrap();
}
