//! Which columns stand where: the one at the cursor is always in sight, the id too where it is frozen.

/// Columns of the terminal between two columns of the table.
pub const GAP: usize = 2;
/// The fewest that are worth showing of a column.
const LEAST: usize = 5;

/// A column of the table on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which column, from 0 on.
    pub column: usize,
    /// How many columns of the terminal it has.
    pub width: usize,
}

/// Where the columns of these widths stand in so much room.
#[must_use]
pub fn places(widths: &[usize], cursor: usize, is_frozen: bool, room: usize) -> Vec<Place> {
    let width = |column: usize| widths.get(column).copied().unwrap_or(0).min(room);
    let mut places = Vec::new();
    let mut left = room;
    let first = usize::from(is_frozen);
    if is_frozen && !widths.is_empty() {
        // Beside the id there is room for another column.
        let width = width(0).min((room / 2).max(LEAST));
        places.push(Place { column: 0, width });
        left = left.saturating_sub(width + GAP);
    }
    for column in scrolled_to(&width, cursor, first, left)..widths.len() {
        let width = width(column).min(left);
        if width < LEAST.min(self::full(widths, column)) || width == 0 {
            break;
        }
        places.push(Place { column, width });
        left = left.saturating_sub(width + GAP);
    }
    places
}

fn full(widths: &[usize], column: usize) -> usize {
    widths.get(column).copied().unwrap_or(0)
}

/// The first column with which the one at the cursor is still in sight.
fn scrolled_to(width: &dyn Fn(usize) -> usize, cursor: usize, first: usize, room: usize) -> usize {
    let cursor = cursor.max(first);
    let mut used = width(cursor);
    let mut from = cursor;
    while from > first {
        used += GAP + width(from - 1);
        if used > room {
            break;
        }
        from -= 1;
    }
    from
}

/// Gives what is left of the room to columns that hold more than they show.
pub fn widen(places: &mut [Place], wanted: &[usize], room: usize) {
    let gaps = GAP * places.len().saturating_sub(1);
    let used: usize = places.iter().map(|place| place.width).sum::<usize>() + gaps;
    let mut left = room.saturating_sub(used);
    for place in places {
        let more = wanted.get(place.column).copied().unwrap_or(0).saturating_sub(place.width).min(left);
        place.width += more;
        left -= more;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_scroll_so_far_as_they_must() {
        let columns = |cursor, is_frozen, room| -> Vec<(usize, usize)> {
            let places = places(&[6, 10, 10, 10, 10], cursor, is_frozen, room);
            places.into_iter().map(|place| (place.column, place.width)).collect()
        };
        assert_eq!(columns(0, true, 60), [(0, 6), (1, 10), (2, 10), (3, 10), (4, 10)]);
        assert_eq!(columns(0, true, 34), [(0, 6), (1, 10), (2, 10)]);
        assert_eq!(columns(3, true, 34), [(0, 6), (2, 10), (3, 10)]);
        assert_eq!(columns(4, false, 34), [(2, 10), (3, 10), (4, 10)]);
        assert_eq!(columns(4, true, 12), [(0, 6)]);
        assert_eq!(columns(1, true, 26), [(0, 6), (1, 10), (2, 6)]);
    }

    proptest! {
        #[test]
        fn nothing_stands_outside_and_the_cursor_is_in_sight(
            widths in prop::collection::vec(1usize..40, 1..12), at in 0usize..12, is_frozen: bool, room in 0usize..160,
        ) {
            let cursor = at.min(widths.len() - 1);
            let mut places = places(&widths, cursor, is_frozen, room);
            widen(&mut places, &[40; 12], room);
            let used: usize = places.iter().map(|place| place.width).sum();
            prop_assert!(used + GAP * places.len().saturating_sub(1) <= room);
            prop_assert!(places.windows(2).all(|two| two[0].column < two[1].column));
            if room >= 2 * (LEAST + GAP) + 2 {
                prop_assert!(places.iter().any(|place| place.column == cursor), "{places:?}");
            }
        }
    }
}
