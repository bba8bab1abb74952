//! How a figure of the segment differs from that of all customers.

use ratatui::style::Style;

use crate::ui::theme::Theme;

/// A difference in words, and whether it is more or less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// `▲ +3.2 %`
    pub relative: String,
    /// `▲ +3.2 % (+1.40)`
    pub full: String,
    /// Whether the figure of the segment is the greater one; `Equal` for the same.
    pub direction: std::cmp::Ordering,
}

impl Change {
    /// How it is drawn: more and less are told apart by the sign, too.
    pub(crate) fn style(&self, theme: &Theme) -> Style {
        match self.direction {
            std::cmp::Ordering::Greater => theme.good,
            std::cmp::Ordering::Less => theme.warn,
            std::cmp::Ordering::Equal => theme.dim,
        }
    }
}

/// How `segment` differs from `all`, where `write` puts an amount without its sign into words. There is no share of
/// nothing: only the amount is said then.
#[must_use]
pub(crate) fn change(segment: f64, all: f64, theme: &Theme, write: impl Fn(f64) -> String) -> Change {
    let [more, less, same] = theme.glyphs.directions();
    let difference = segment - all;
    let direction = difference.partial_cmp(&0.0).unwrap_or(std::cmp::Ordering::Equal);
    let (mark, sign) = match direction {
        std::cmp::Ordering::Greater => (more, "+"),
        std::cmp::Ordering::Less => (less, "−"),
        std::cmp::Ordering::Equal => (same, "±"),
    };
    let amount = format!("{sign}{}", write(difference.abs()));
    if all == 0.0 {
        let text = format!("{mark} {amount}");
        return Change { relative: text.clone(), full: text, direction };
    }
    let relative = format!("{mark} {sign}{:.1} %", (100.0 * difference / all).abs());
    Change { full: format!("{relative} ({amount})"), relative, direction }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::charts::Glyphs;

    #[test]
    fn a_change_says_how_much_and_which_way() {
        let theme = Theme::default();
        let full = |segment, all| change(segment, all, &theme, |amount| format!("{amount:.2}")).full;
        assert_eq!(full(45.15, 43.75), "▲ +3.2 % (+1.40)");
        assert_eq!(full(30.0, 40.0), "▼ −25.0 % (−10.00)");
        assert_eq!(full(4.0, 4.0), "= ±0.0 % (±0.00)");
        assert_eq!(full(4.0, 0.0), "▲ +4.00");
        // A loss that became smaller is more.
        assert_eq!(full(-5.0, -10.0), "▲ +50.0 % (+5.00)");
        let ascii = Theme { glyphs: Glyphs::Ascii, ..Theme::default() };
        assert_eq!(change(1.0, 2.0, &ascii, |amount| amount.to_string()).relative, "v −50.0 %");
    }
}
