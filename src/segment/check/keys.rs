//! Keys of a document that say nothing. They are kept, as they may be somebody's own; where one is nearly a
//! key of the language, or one that stands in the wrong place, that is told.

use crate::segment::document::Segment;
use crate::segment::node::*;
use crate::segment::place::{ConditionPart, NodePath, Place};
use crate::segment::problem::Problem;
use crate::segment::suggest;

/// The keys of a level of the document, and what that level is called.
struct Level(&'static str, &'static [&'static str]);

const DOCUMENT: Level = Level(
    "a segment",
    &[
        "format",
        "version",
        "id",
        "name",
        "description",
        "labels",
        "status",
        "database",
        "activation_id",
        "revision",
        "created",
        "updated",
        "include",
        "exclude",
        "sql",
        "tests",
    ],
);
const STAMP: Level = Level("a stamp", &["at", "by"]);
const GROUP: Level = Level("a group", &["match", "of", "title", "off"]);
const ATTRIBUTE: Level = Level(
    "an attribute condition",
    &["attribute", "op", "value", "rows", "where", "match_case", "inclusive", "off"],
);
const PURCHASE: Level =
    Level("a purchase condition", &["purchase", "op", "value", "inclusive", "when", "where", "off"]);
const AGGREGATE: Level =
    Level("an aggregate condition", &["aggregate", "op", "value", "where", "match_case", "inclusive", "off"]);
const LIST: Level = Level("a customer list", &["list", "op", "off"]);
const COLUMN: Level = Level("an attribute", &["table", "column"]);
const FUNCTION: Level = Level("an aggregate", &["table", "fn", "column"]);
const SOURCE: Level = Level("a list", &["segment", "file", "query"]);
const WHEN: Level = Level("a window", &["op", "value", "inclusive"]);
const FILTER: Level = Level("a filter", &["column", "op", "value", "match_case", "inclusive"]);

/// Keys that mean something in conditions, so that somebody may expect it elsewhere too.
const OF_CONDITIONS: [&str; 11] = [
    "attribute",
    "purchase",
    "aggregate",
    "list",
    "op",
    "value",
    "rows",
    "when",
    "where",
    "match_case",
    "inclusive",
];

impl Level {
    /// Advice on unknown keys.
    fn advise(&self, extra: &Extra, place: &Place, problems: &mut Vec<Problem>) {
        let Self(what, known) = self;
        for key in extra.keys() {
            let misplaced = || {
                let is_whole = matches!(place, Place::Node(..));
                let is_of_nodes = OF_CONDITIONS.contains(&key.as_str()) || key == "off";
                (is_whole && is_of_nodes).then(|| {
                    Problem::advice(place.clone(), format!("the key {key:?} says nothing in {what}"))
                        .with_help(format!("it takes {}", known.join(", ")))
                })
            };
            let misspelled = || {
                let near = suggest::key(key, known.iter().copied())?;
                let advice = Problem::advice(place.clone(), format!("unknown key {key:?}"));
                Some(advice.with_help(format!("did you mean {near:?}?")))
            };
            problems.extend(misplaced().or_else(misspelled));
        }
    }
}

/// Advice on the keys of the document itself.
pub(crate) fn of_document(segment: &Segment, problems: &mut Vec<Problem>) {
    DOCUMENT.advise(&segment.extra, &Place::Document, problems);
    for stamp in [&segment.created, &segment.updated].into_iter().flatten() {
        STAMP.advise(&stamp.extra, &Place::Document, problems);
    }
}

/// Advice on the keys of a group, not of what is in it.
pub(crate) fn of_group(group: &Group, path: &NodePath, problems: &mut Vec<Problem>) {
    GROUP.advise(&group.extra, &Place::Node(path.clone(), ConditionPart::Whole), problems);
}

/// Advice on the keys of a condition and its parts.
pub(crate) fn of_condition(condition: &Condition, path: &NodePath, problems: &mut Vec<Problem>) {
    let at = |part| Place::Node(path.clone(), part);
    let (level, inner) = match &condition.kind {
        ConditionKind::Attribute(attribute) => (ATTRIBUTE, Some((COLUMN, &attribute.extra))),
        ConditionKind::Purchase(_) => (PURCHASE, None),
        ConditionKind::Aggregate(aggregate) => (AGGREGATE, Some((FUNCTION, &aggregate.extra))),
        ConditionKind::List(list) => (LIST, Some((SOURCE, &list.extra))),
    };
    level.advise(&condition.extra, &at(ConditionPart::Whole), problems);
    if let Some((level, extra)) = inner {
        level.advise(extra, &at(ConditionPart::Whole), problems);
    }
    if let ConditionKind::Purchase(PurchaseCondition { when: Some(when), .. }) = &condition.kind {
        WHEN.advise(&when.extra, &at(ConditionPart::When), problems);
    }
    for (index, filter) in condition.filters().iter().enumerate() {
        FILTER.advise(&filter.extra, &at(ConditionPart::Where(index)), problems);
    }
}
