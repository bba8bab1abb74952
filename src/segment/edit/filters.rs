//! Edits of the filters of a condition. Each answers with the position of the filter it acted on, or
//! `None` where the edit does not apply; then nothing has changed.

use super::tree::Direction;
use crate::segment::document::Segment;
use crate::segment::node::{Extra, Filter, Node, Test};
use crate::segment::place::NodePath;

/// Puts a filter before the one that stands at `at` now.
pub fn insert(segment: &mut Segment, path: &NodePath, at: usize, filter: Filter) -> Option<usize> {
    let filters = slot(segment, path)?.get_or_insert_default();
    let at = at.min(filters.len());
    filters.insert(at, filter);
    Some(at)
}

/// Gives the filter at `at` another column and test; unknown keys stay.
pub fn set(segment: &mut Segment, path: &NodePath, at: usize, column: &str, test: Test) -> Option<usize> {
    let filter = slot(segment, path)?.as_mut()?.get_mut(at)?;
    column.clone_into(&mut filter.column);
    filter.test = test;
    Some(at)
}

/// Takes the filter at `at` out; with the last one the key goes too.
pub fn remove(segment: &mut Segment, path: &NodePath, at: usize) -> Option<Filter> {
    let slot = slot(segment, path)?;
    let filters = slot.as_mut().filter(|filters| at < filters.len())?;
    let removed = filters.remove(at);
    if filters.is_empty() {
        *slot = None;
    }
    Some(removed)
}

/// Puts a copy of the filter at `at` after it.
pub fn duplicate(segment: &mut Segment, path: &NodePath, at: usize) -> Option<usize> {
    let copy = slot(segment, path)?.as_ref()?.get(at)?.clone();
    insert(segment, path, at + 1, copy)
}

/// Moves the filter at `at` one place up or down among those of its condition.
pub fn shift(segment: &mut Segment, path: &NodePath, at: usize, direction: Direction) -> Option<usize> {
    let filters = slot(segment, path)?.as_mut()?;
    let to = match direction {
        Direction::Up => at.checked_sub(1)?,
        Direction::Down => at + 1,
    };
    if at.max(to) >= filters.len() {
        return None;
    }
    filters.swap(at, to);
    Some(to)
}

fn slot<'a>(segment: &'a mut Segment, path: &NodePath) -> Option<&'a mut Option<Vec<Filter>>> {
    match segment.node_mut(path)? {
        Node::Condition(condition) => condition.filters_mut(),
        Node::Group(_) | Node::Unreadable(_) => None,
    }
}

impl Filter {
    /// A filter without unknown keys.
    pub fn new(column: impl Into<String>, test: Test) -> Self {
        Self { column: column.into(), test, extra: Extra::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{Behaviour, Condition, Operator, Side, edit};

    fn segment() -> (Segment, NodePath) {
        let mut segment = Segment::new("s", "D", "id");
        let root = NodePath::root(Side::Include);
        let condition = Condition::purchase(Behaviour::HasNotPurchased);
        let path = edit::append(&mut segment, &root, Node::Condition(condition)).unwrap();
        (segment, path)
    }

    fn columns(segment: &Segment, path: &NodePath) -> Vec<String> {
        let Some(Node::Condition(condition)) = segment.node(path) else { panic!("no condition") };
        condition.filters().iter().map(|filter| filter.column.clone()).collect()
    }

    #[test]
    fn filters_come_move_and_go() {
        let (mut s, path) = segment();
        let before = s.clone();
        let test = Test::new(Operator::IsNull, None);
        assert_eq!(insert(&mut s, &path, 9, Filter::new("a", test.clone())), Some(0));
        assert_eq!(insert(&mut s, &path, 0, Filter::new("b", test.clone())), Some(0));
        assert_eq!(duplicate(&mut s, &path, 1), Some(2));
        assert_eq!(set(&mut s, &path, 2, "c", test), Some(2));
        assert_eq!(shift(&mut s, &path, 2, Direction::Up), Some(1));
        assert_eq!(columns(&s, &path), ["b", "c", "a"]);
        assert_eq!(shift(&mut s, &path, 0, Direction::Up), None);
        assert_eq!(shift(&mut s, &path, 2, Direction::Down), None);
        assert!(remove(&mut s, &path, 3).is_none());
        for _ in 0..3 {
            assert!(remove(&mut s, &path, 0).is_some());
        }
        assert_eq!(s, before, "with the last filter the key goes");
    }
}
