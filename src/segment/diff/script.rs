//! From the first definition to the second one, a change at a time.

use std::collections::HashSet;
use std::sync::Arc;

use super::change::{Change, ChangeKind, Difference};
use super::matching::Matching;
use super::text::Words;
use super::tree::{Item, Tree, says_same};
use crate::segment::document::{Definition, Segment};
use crate::segment::node::{Group, Node};
use crate::segment::place::{ConditionPart, NodePath, Place};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::Match;

/// Applies what is left of a matching: removals first, then everything else in the order of the second tree.
pub(super) fn apply(
    (a, b): (&Tree, &Tree),
    matching: &Matching,
    (from, to): (&Arc<Segment>, &Arc<Segment>),
    schema: &dyn Schema,
) -> Difference {
    let between = Segment { id: format!("{} → {}", from.id, to.id), ..Segment::clone(from) };
    let mut script = Script {
        a,
        b,
        matching,
        work: a.clone(),
        between,
        words: Words { schema },
        difference: Difference { changes: Vec::new(), steps: vec![Arc::clone(from)] },
    };
    for side in 0..a.items.len() {
        if a.parent(side).is_none() {
            script.remove_inside(side);
        }
    }
    for side in 0..b.items.len() {
        if let (None, Some(now)) = (b.parent(side), matching.in_a(side)) {
            script.update(now, side);
            script.arrange(now, side);
        }
    }
    script.difference
}

/// The way from one tree to the other. Nodes of the first tree keep their numbers in the tree at work.
struct Script<'a> {
    a: &'a Tree,
    b: &'a Tree,
    matching: &'a Matching,
    work: Tree,
    /// What the documents on the way are but for their definitions: none of the two, as each may refer to the other.
    between: Segment,
    words: Words<'a>,
    difference: Difference,
}

impl Script<'_> {
    /// Removes what is nowhere in the second tree. Of a group whose lines partly stay only the group goes.
    fn remove_inside(&mut self, group: usize) {
        for at in self.a.children(group).to_vec() {
            let stays = |inner: &usize| self.matching.in_b(*inner).is_some();
            if stays(&at) {
                self.remove_inside(at);
                continue;
            }
            let has_staying = self.a.inside(at).iter().any(stays);
            let inside = if has_staying { self.work.children(at).to_vec() } else { Vec::new() };
            let text = match self.a.whole(at) {
                Some(node) if has_staying => self.words.dissolved(&node),
                Some(node) => self.words.whole(&node),
                None => continue,
            };
            self.replace(at, &inside);
            self.record(ChangeKind::Removed, (Some(at), None), text);
            if has_staying {
                self.remove_inside(at);
            }
        }
    }

    /// Puts other nodes into the place of one.
    fn replace(&mut self, at: usize, by: &[usize]) {
        let Some(parent) = self.work.parent(at) else { return };
        if let Some(around) = self.work.items.get_mut(parent)
            && let Some(position) = around.children.iter().position(|child| *child == at)
        {
            around.children.splice(position..=position, by.iter().copied());
        }
        for child in by {
            self.set_parent(*child, Some(parent));
        }
        self.set_parent(at, None);
    }

    fn set_parent(&mut self, at: usize, parent: Option<usize>) {
        if let Some(item) = self.work.items.get_mut(at) {
            item.parent = parent;
        }
    }

    /// Brings what is inside a group of the second tree into place; `now` is the group in the tree at work.
    fn arrange(&mut self, now: usize, group: usize) {
        let in_order = self.in_order(now, group);
        let mut before = None;
        for at in self.b.children(group).to_vec() {
            let placed = match self.matching.in_a(at) {
                Some(known) => {
                    if !in_order.contains(&known) {
                        self.insert(known, now, before);
                        let text = self.moved_words(known, at);
                        self.record(ChangeKind::Moved, (Some(known), Some(at)), text);
                    }
                    self.update(known, at);
                    known
                }
                None => self.add(at, now, before),
            };
            if self.b.is_group(at) && self.has_known(at) {
                self.arrange(placed, at);
            }
            before = Some(placed);
        }
    }

    /// Whether something inside a node of the second tree was there before.
    fn has_known(&self, at: usize) -> bool {
        self.b.inside(at).iter().any(|inner| self.matching.in_a(*inner).is_some())
    }

    /// The most nodes of a group that can stay where they are: those that are in it already and in the right order.
    fn in_order(&self, now: usize, group: usize) -> HashSet<usize> {
        let children = self.work.children(now);
        let wanted = self.b.children(group).iter().filter_map(|at| self.matching.in_a(*at));
        let positions = wanted.filter_map(|known| children.iter().position(|child| *child == known));
        let longest = longest_ascending(&positions.collect::<Vec<_>>());
        longest.into_iter().filter_map(|position| children.get(position).copied()).collect()
    }

    /// Takes a node from where it is and puts it into a group, after a node there or first.
    fn insert(&mut self, at: usize, group: usize, before: Option<usize>) {
        if let Some(parent) = self.work.parent(at)
            && let Some(around) = self.work.items.get_mut(parent)
        {
            around.children.retain(|child| *child != at);
        }
        if let Some(target) = self.work.items.get_mut(group) {
            let after = before.and_then(|before| target.children.iter().position(|child| *child == before));
            let position = after.map_or(0, |after| after + 1);
            target.children.insert(position.min(target.children.len()), at);
        }
        self.set_parent(at, Some(group));
    }

    /// Adds a node: with all inside it where all of that is new, else a group around those of its lines that are
    /// where it comes to stand.
    fn add(&mut self, at: usize, group: usize, before: Option<usize>) -> usize {
        let Some(item) = self.b.get(at) else { return group };
        let fresh = Item { children: Vec::new(), parent: None, ..item.clone() };
        if !self.has_known(at) {
            let added = self.add_fresh(at);
            self.insert(added, group, before);
            let text = self.b.whole(at).map(|node| self.words.whole(&node)).unwrap_or_default();
            self.record(ChangeKind::Added, (None, Some(at)), text);
            return added;
        }
        let added = self.push(fresh);
        self.insert(added, group, before);
        let mut last = None;
        for child in self.b.children(at).to_vec() {
            if let Some(known) =
                self.matching.in_a(child).filter(|known| self.work.parent(*known) == Some(group))
            {
                self.insert(known, added, last);
                last = Some(known);
            }
        }
        let text = self.work.whole(added).map(|node| self.words.around(&node)).unwrap_or_default();
        self.record(ChangeKind::Added, (None, Some(at)), text);
        added
    }

    /// Copies a node of the second tree with all inside it.
    fn add_fresh(&mut self, at: usize) -> usize {
        let Some(item) = self.b.get(at) else { return 0 };
        let added = self.push(Item { children: Vec::new(), parent: None, ..item.clone() });
        for child in self.b.children(at).to_vec() {
            let inner = self.add_fresh(child);
            self.set_parent(inner, Some(added));
            if let Some(item) = self.work.items.get_mut(added) {
                item.children.push(inner);
            }
        }
        added
    }

    fn push(&mut self, item: Item) -> usize {
        self.work.items.push(item);
        self.work.items.len() - 1
    }

    /// Lets a node say what it says in the second tree, then switches it on or off.
    fn update(&mut self, now: usize, at: usize) {
        let (Some(before), Some(after)) = (self.a.get(now), self.b.get(at)) else { return };
        let (was_off, is_off) = (before.node.is_off(), after.node.is_off());
        if !says_same(&before.node, &after.node) {
            let text = self.words.changed((&before.node, &before.path), (&after.node, &after.path));
            let mut changed = after.node.clone();
            changed.set_off(was_off);
            self.set_node(now, changed);
            self.record(ChangeKind::Changed, (Some(now), Some(at)), text);
        }
        let text = self.words.named(&after.node, &after.path);
        self.set_node(now, after.node.clone());
        if was_off != is_off {
            let kind = if is_off { ChangeKind::Off } else { ChangeKind::On };
            self.record(kind, (Some(now), Some(at)), text);
        }
    }

    fn set_node(&mut self, now: usize, node: Node) {
        if let Some(item) = self.work.items.get_mut(now) {
            item.node = node;
        }
    }

    fn moved_words(&self, known: usize, at: usize) -> String {
        match (self.a.get(known), self.b.get(at)) {
            (Some(before), Some(after)) => self.words.moved(&before.node, &before.path, &after.path),
            _ => String::new(),
        }
    }

    /// Keeps a change and the document after it.
    fn record(&mut self, kind: ChangeKind, (of_a, of_b): (Option<usize>, Option<usize>), text: String) {
        let place = |path: &NodePath| Place::Node(path.clone(), ConditionPart::Whole);
        let place_a = of_a.and_then(|at| self.a.get(at)).map(|item| place(&item.path));
        let place_b = of_b.and_then(|at| self.b.get(at)).map(|item| place(&item.path));
        self.difference.changes.push(Change { kind, place_a, place_b, text });
        let mut sides = (0..self.a.items.len()).filter(|at| self.a.parent(*at).is_none());
        let mut side = || match sides.next().and_then(|at| self.work.whole(at)) {
            Some(Node::Group(group)) => group,
            _ => Group::empty(Match::All),
        };
        let definition = Definition::Visual { include: side(), exclude: side() };
        self.difference.steps.push(Arc::new(Segment { definition, ..self.between.clone() }));
    }
}

/// One of the longest ascending rows among some different numbers.
fn longest_ascending(numbers: &[usize]) -> Vec<usize> {
    // For each number how it is reached: the length of the row that ends with it, and the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::new();
    let number = |at: usize| numbers.get(at).copied().unwrap_or(usize::MAX);
    for at in 0..numbers.len() {
        let length = ends.partition_point(|end| number(*end) < number(at));
        previous.push(length.checked_sub(1).and_then(|last| ends.get(last)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut row: Vec<usize> =
        std::iter::successors(ends.last().copied(), |at| previous.get(*at).copied().flatten())
            .map(number)
            .collect();
    row.reverse();
    row
}

#[cfg(test)]
mod tests {
    use super::longest_ascending;

    #[test]
    fn most_stay_where_they_are() {
        assert_eq!(longest_ascending(&[3, 0, 1, 2]), [0, 1, 2]);
        assert_eq!(longest_ascending(&[0, 1, 4, 2, 3]), [0, 1, 2, 3]);
        assert_eq!(longest_ascending(&[2, 1, 0]).len(), 1);
        assert_eq!(longest_ascending(&[]), [0; 0]);
    }
}
