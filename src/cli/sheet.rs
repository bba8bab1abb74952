//! Lines of cells in columns, for people.

use unicode_width::UnicodeWidthStr;

use crate::ui::text::sanitize;

/// Which side of a column its cells keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Sets cells in columns, two blanks apart, without blanks at the ends of lines.
pub(super) fn set(rows: &[Vec<String>], align: &[Align]) -> String {
    // A line break in a cell would be taken for one of the sheet.
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| sanitize(cell)).collect()).collect();
    let mut widths = Vec::new();
    for row in &rows {
        for (column, cell) in row.iter().enumerate() {
            match widths.get_mut(column) {
                Some(width) => *width = cell.width().max(*width),
                None => widths.push(cell.width()),
            }
        }
    }
    let mut out = Vec::new();
    for row in &rows {
        let mut line = String::new();
        for ((cell, width), align) in row.iter().zip(&widths).zip(align) {
            let gap = " ".repeat(width - cell.width());
            line.push_str(if line.is_empty() { "" } else { "  " });
            match align {
                Align::Left => line.extend([cell.as_str(), &gap]),
                Align::Right => line.extend([gap.as_str(), cell]),
            }
        }
        out.push(line.trim_end().to_owned());
    }
    out.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_sides() {
        let rows = [["a", "1"], ["語", "22"], ["bbb", ""]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(set(&rows, &[Align::Left, Align::Right]), "a     1\n語   22\nbbb");
        let rows = [["a\nb\u{1b}", "1"], ["c", "22"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(set(&rows, &[Align::Left, Align::Right]), "a␊b␛   1\nc     22");
    }
}
