//! Sets of points of a line, as ranges without gaps between them.

use crate::segment::number::Number;

/// A place between two points of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut<T> {
    /// Before every point.
    Start,
    /// Just before a point.
    Before(T),
    /// Just after a point.
    After(T),
    /// After every point.
    End,
}

impl<T> Cut<T> {
    /// Cuts stand to each other as these do.
    fn key(&self) -> (u8, Option<&T>, bool) {
        match self {
            Self::Start => (0, None, false),
            Self::Before(point) => (1, Some(point), false),
            Self::After(point) => (1, Some(point), true),
            Self::End => (2, None, false),
        }
    }
}

impl<T: Ord> Ord for Cut<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl<T: Ord> PartialOrd for Cut<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> PartialEq for Cut<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: Ord> Eq for Cut<T> {}

/// A set of points: ranges in order that neither meet nor are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ranges<T: Ord>(Vec<(Cut<T>, Cut<T>)>);

impl<T: Ord + Copy> Ranges<T> {
    /// No point.
    pub fn empty() -> Self {
        Self(Vec::new())
    }

    /// Every point.
    pub fn all() -> Self {
        Self(vec![(Cut::Start, Cut::End)])
    }

    /// The points between two cuts.
    pub fn between(low: Cut<T>, high: Cut<T>) -> Self {
        Self::joined([(low, high)])
    }

    /// The points of ranges that are in order; those that are empty or meet are put right.
    fn joined(ranges: impl IntoIterator<Item = (Cut<T>, Cut<T>)>) -> Self {
        let mut joined: Vec<(Cut<T>, Cut<T>)> = Vec::new();
        for (low, high) in ranges.into_iter().filter(|(low, high)| low < high) {
            match joined.last_mut() {
                Some((_, end)) if low <= *end => *end = (*end).max(high),
                _ => joined.push((low, high)),
            }
        }
        Self(joined)
    }

    /// These points, which are in order.
    pub fn points(points: impl IntoIterator<Item = T>) -> Self {
        Self::joined(points.into_iter().map(|point| (Cut::Before(point), Cut::After(point))))
    }

    /// All other points.
    pub(crate) fn complement(&self) -> Self {
        let lows = std::iter::once(Cut::Start).chain(self.0.iter().map(|(_, high)| *high));
        let highs = self.0.iter().map(|(low, _)| *low).chain([Cut::End]);
        Self::joined(lows.zip(highs))
    }

    /// The points in both.
    pub(crate) fn intersect(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut both = Vec::new();
        while let (Some((low, high)), Some((other_low, other_high))) = (a.peek(), b.peek()) {
            both.push((*low.max(other_low), *high.min(other_high)));
            if high < other_high {
                a.next()
            } else {
                b.next()
            };
        }
        Self::joined(both)
    }

    /// The points in either.
    pub fn union(&self, other: &Self) -> Self {
        self.complement().intersect(&other.complement()).complement()
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every point is in.
    pub(crate) fn is_all(&self) -> bool {
        matches!(self.0.as_slice(), [(Cut::Start, Cut::End)])
    }

    /// Whether every point is in `other` too.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.intersect(&other.complement()).is_empty()
    }

    /// Where the points begin; `None` if there are none.
    pub fn low(&self) -> Option<Cut<T>> {
        self.0.first().map(|(low, _)| *low)
    }

    /// Where the points end.
    pub fn high(&self) -> Option<Cut<T>> {
        self.0.last().map(|(_, high)| *high)
    }
}

impl Ranges<Number> {
    /// The whole numbers among them, each range from just before its first to just before the next.
    pub fn whole(&self) -> Ranges<i64> {
        let cut = |cut: &Cut<Number>| match cut {
            Cut::Start => Cut::Start,
            Cut::End => Cut::End,
            Cut::Before(Number::Integer(number)) => before(*number),
            Cut::After(Number::Integer(number)) => number.checked_add(1).map_or(Cut::End, before),
            Cut::Before(Number::Decimal(number)) => before_decimal(number.ceil(), 0),
            Cut::After(Number::Decimal(number)) => before_decimal(number.floor(), 1),
            // None of these is whole, or it is beyond whole numbers of 64 bits.
            Cut::Before(number @ Number::Exact(_)) | Cut::After(number @ Number::Exact(_)) => {
                match number.floor().map(|floor| floor.checked_add(1)) {
                    Some(next) => next.map_or(Cut::End, before),
                    None => before_decimal(number.as_f64(), 0),
                }
            }
        };
        Ranges::joined(self.0.iter().map(|(low, high)| (cut(low), cut(high))))
    }
}

/// Before a whole number; before the first one is before all.
fn before(number: i64) -> Cut<i64> {
    if number == i64::MIN { Cut::Start } else { Cut::Before(number) }
}

/// Before the whole number `more` places after a double without decimals.
#[allow(clippy::cast_possible_truncation)] // what is beyond whole numbers is told apart first
fn before_decimal(number: f64, more: i64) -> Cut<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    if number >= END {
        Cut::End
    } else if number < -END {
        Cut::Start
    } else {
        (number as i64).checked_add(more).map_or(Cut::End, before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(low: i64, high: i64) -> Ranges<Number> {
        Ranges::between(Cut::After(Number::Integer(low)), Cut::Before(Number::Integer(high)))
    }

    #[test]
    fn ranges_are_sets() {
        let [a, b] = [open(0, 10), open(5, 20)];
        assert_eq!(a.intersect(&b), open(5, 10));
        assert_eq!(a.union(&b), open(0, 20));
        assert!(a.union(&a.complement()).is_all() && a.intersect(&a.complement()).is_empty());
        assert!(open(1, 2).is_subset(&a) && !a.is_subset(&open(1, 10)));
        let points = Ranges::points([1, 2, 5].map(Number::Integer));
        assert!(points.is_subset(&a) && !points.complement().is_subset(&a));
        assert_eq!(points.complement().complement(), points);
    }

    #[test]
    fn whole_numbers_leave_gaps() {
        assert!(!open(5, 6).is_empty() && open(5, 6).whole().is_empty());
        assert_eq!(open(4, 6).whole(), Ranges::between(Cut::Before(5), Cut::Before(6)));
        let from = |number| Ranges::between(Cut::Before(Number::Decimal(number)), Cut::End).whole();
        assert_eq!(from(2.5), Ranges::between(Cut::Before(3), Cut::End));
        assert!(from(9.3e18).is_empty() && from(-9.3e18).is_all());
        assert!(Ranges::between(Cut::After(Number::Integer(i64::MAX)), Cut::End).whole().is_empty());
        assert!(Ranges::points([2.5].map(Number::Decimal)).whole().is_empty());
    }
}
