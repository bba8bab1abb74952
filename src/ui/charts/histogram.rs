//! Histograms: a column for each bin.

use ratatui::text::Line;

use super::Glyphs;
use crate::ui::theme::Theme;

/// One line of columns, one for each bin. A bin that has something is never shown as empty.
#[must_use]
pub(crate) fn columns(bins: &[u64], glyphs: Glyphs) -> String {
    rows(bins, 1, glyphs).concat()
}

/// Columns over `lines` lines, each bin as wide as there is room for in `columns`; where there are more bins than
/// columns, neighbours go together.
#[must_use]
pub(crate) fn histogram(bins: &[u64], columns: usize, lines: usize, theme: &Theme) -> Vec<Line<'static>> {
    if bins.is_empty() || columns == 0 {
        return Vec::new();
    }
    let per_column = bins.len().div_ceil(columns);
    let sum = |bins: &[u64]| bins.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
    let merged: Vec<u64> = bins.chunks(per_column).map(sum).collect();
    let wide = columns / merged.len();
    let spread: Vec<u64> = merged.iter().flat_map(|count| std::iter::repeat_n(*count, wide)).collect();
    rows(&spread, lines, theme.glyphs).into_iter().map(|row| Line::styled(row, theme.bar)).collect()
}

/// The lines of the columns, the highest first.
fn rows(bins: &[u64], lines: usize, glyphs: Glyphs) -> Vec<String> {
    let levels = glyphs.columns();
    let steps = levels.len().saturating_sub(1) as u64;
    let most = u128::from(bins.iter().copied().max().unwrap_or(0).max(1));
    let full = steps * lines as u64;
    // What is there is at least one step high.
    let height =
        |count: u64| u64::try_from((u128::from(count) * u128::from(full)).div_ceil(most)).unwrap_or(full);
    let cell = |count: u64, line: u64| {
        let level = height(count).saturating_sub(line * steps).min(steps);
        usize::try_from(level).ok().and_then(|level| levels.get(level)).copied().unwrap_or(' ')
    };
    (0..lines as u64).rev().map(|line| bins.iter().map(|count| cell(*count, line)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_high_as_their_bins() {
        assert_eq!(columns(&[0, 1, 400, 800], Glyphs::Braille), " ▁▄█");
        assert_eq!(columns(&[0, 1, 400, 800], Glyphs::Ascii), " .:#");
        assert_eq!(columns(&[], Glyphs::Ascii), "");
        assert_eq!(columns(&[0, 0], Glyphs::Braille), "  ");
        assert_eq!(columns(&[u64::MAX, 1], Glyphs::Braille), "█▁");
    }

    #[test]
    fn a_histogram_fills_its_room() {
        let shown = |bins: &[u64], wide, high| -> Vec<String> {
            histogram(bins, wide, high, &Theme::default()).iter().map(Line::to_string).collect()
        };
        assert_eq!(shown(&[8, 16, 4], 6, 2), ["  ██  ", "████▄▄"]);
        assert_eq!(shown(&[1, 1, 1, 1, 4], 3, 1), ["▄▄█"]);
        assert!(shown(&[], 3, 1).is_empty() && shown(&[1], 0, 1).is_empty());
    }
}
