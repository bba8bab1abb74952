//! The most frequent values of a column.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::plain::{OwnPlain, Plain};

/// The most frequent values, ties by value.
pub(super) struct Frequent {
    most: usize,
    /// The last of them on top: the fewest rows, of those the greatest value.
    values: BinaryHeap<(Reverse<u64>, OwnPlain)>,
}

impl Frequent {
    /// So many of them.
    pub fn new(most: usize) -> Self {
        Self { most, values: BinaryHeap::new() }
    }

    /// Looks at a value, each only once.
    pub fn add(&mut self, value: Plain<'_>, rows: u64) {
        if self.values.len() < self.most {
            self.values.push((Reverse(rows), value.into()));
            return;
        }
        let Some(mut last) = self.values.peek_mut() else { return };
        let (Reverse(fewest), greatest) = &*last;
        if (Reverse(rows), value) < (Reverse(*fewest), greatest.as_plain()) {
            *last = (Reverse(rows), value.into());
        }
    }

    /// All of them in order.
    pub fn finish(self) -> Vec<(OwnPlain, u64)> {
        let sorted = self.values.into_sorted_vec();
        sorted.into_iter().map(|(Reverse(rows), value)| (value, rows)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_by_value() {
        let mut frequent = Frequent::new(3);
        for (value, rows) in [("d", 2), ("a", 1), ("c", 2), ("b", 9), ("A", 2), ("e", 1)] {
            frequent.add(Plain::Text(value), rows);
        }
        let text = |(value, rows)| match value {
            OwnPlain::Text(text) => (text, rows),
            other => (format!("{other:?}"), rows),
        };
        let found: Vec<(String, u64)> = frequent.finish().into_iter().map(text).collect();
        assert_eq!(found, [("b", 9), ("A", 2), ("c", 2)].map(|(text, rows)| (text.to_owned(), rows)));
        let mut none = Frequent::new(0);
        none.add(Plain::Short(1), 1);
        assert_eq!(none.finish(), []);
    }
}
