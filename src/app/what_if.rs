//! What the open segment would be with a line that is still being made: exact, worked out in the background.

use std::sync::Arc;

use chrono::NaiveDate;

use super::effect::{Effect, Variant};
use super::event::{Event, VariantCounts};
use super::layer::Cx;
use super::prompt::EditTarget;
use crate::database::Database;
use crate::segment::{Condition, Node, NodePath, Segment, edit};

/// The counts of some lines that could be, each in place of the one that is being made.
#[derive(Clone, Debug, Default)]
pub struct WhatIf {
    asked: Option<Asked>,
    request: u64,
    counts: Vec<Option<Result<VariantCounts, String>>>,
}

/// What was asked: with another definition, day or database the counts are others.
#[derive(Clone, Debug)]
struct Asked {
    definition: u64,
    as_of: NaiveDate,
    database: Arc<Database>,
    lines: Vec<Option<Line>>,
}

/// A line that could be, and where it would go.
pub(crate) type Line = (EditTarget, Condition);

impl WhatIf {
    /// Asks what the segment would be with each of these lines; nothing where the same was asked before. `None` stands
    /// for a line that cannot be counted.
    pub(crate) fn ask(&mut self, lines: Vec<Option<Line>>, definition: u64, cx: &mut Cx<'_>) {
        let view = cx.view();
        let (Some(database), Some(segment)) = (view.database(), view.segment) else { return };
        let as_of = cx.session.as_of();
        let is_same = self.asked.as_ref().is_some_and(|asked| {
            (asked.definition, asked.as_of) == (definition, as_of)
                && Arc::ptr_eq(&asked.database, database)
                && asked.lines == lines
        });
        if is_same {
            return;
        }
        let variants = lines.iter().enumerate().filter_map(|(at, line)| {
            let (target, condition) = line.as_ref()?;
            let (segment, line) = with_condition(segment, target, condition)?;
            Some(Variant { at, segment: Arc::new(segment), line })
        });
        let variants: Vec<Variant> = variants.collect();
        self.counts = vec![None; lines.len()];
        self.asked = Some(Asked { definition, as_of, database: Arc::clone(database), lines });
        // Whatever is still on its way is of other lines, also where there is nothing to be counted now.
        self.request = cx.session.next_request();
        let Some(database) = cx.session.database_folder().filter(|_| !variants.is_empty()) else { return };
        cx.session.request(Effect::CountVariants { database, request: self.request, variants, as_of });
    }

    /// Takes what is about its request; whether it was.
    pub(crate) fn receive(&mut self, event: &Event) -> bool {
        let Event::VariantCounted { request, at, result } = event else { return false };
        if *request != self.request {
            return false;
        }
        if let Some(slot) = self.counts.get_mut(*at) {
            *slot = Some(result.clone().map_err(|failure| failure.message));
        }
        true
    }

    /// The counts of a line; `None` while they are worked out, and where none were asked for.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<Result<VariantCounts, &str>> {
        let counted = self.counts.get(at)?.as_ref()?;
        Some(counted.as_ref().map(|counts| *counts).map_err(String::as_str))
    }

    /// Whether the counts of a line are being worked out.
    #[must_use]
    pub fn is_pending(&self, at: usize) -> bool {
        let is_asked =
            self.asked.as_ref().is_some_and(|asked| asked.lines.get(at).is_some_and(Option::is_some));
        is_asked && self.get(at).is_none()
    }
}

/// The document with a line in it, and the path of the line. One that is off stays off.
fn with_condition(
    segment: &Segment,
    target: &EditTarget,
    condition: &Condition,
) -> Option<(Segment, NodePath)> {
    let mut segment = segment.clone();
    let line = match target {
        EditTarget::NewCondition(group, index) => {
            edit::insert_condition(&mut segment, group, *index, condition.clone())?
        }
        EditTarget::EditCondition(path) => {
            let node = segment.node_mut(path)?;
            let off = match node {
                Node::Condition(before) => before.off,
                Node::Group(_) | Node::Unreadable(_) => None,
            };
            *node = Node::Condition(Condition { off, ..condition.clone() });
            path.clone()
        }
        EditTarget::NewFilter(..) | EditTarget::EditFilter(..) => return None,
    };
    Some((segment, line))
}
