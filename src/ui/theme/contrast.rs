//! Whether a colour can be read on another, as WCAG 2.1 reckons it (1.4.3 and 1.4.11).

use ratatui::style::Color;

/// What text needs.
const OF_TEXT: f64 = 4.5;
/// What marks, bars and borders need.
const OF_MARKS: f64 = 3.0;

/// Whether a character can be read in these colours; `false` where a palette decides what they are.
pub(super) fn is_readable(symbol: &str, colour: Color, background: Color) -> bool {
    let is_mark = matches!(symbol.chars().next(), Some('\u{2190}'..='\u{28ff}'));
    let least = if is_mark { OF_MARKS } else { OF_TEXT };
    let (Some(one), Some(other)) = (luminance(colour), luminance(background)) else { return false };
    (one.max(other) + 0.05) / (one.min(other) + 0.05) >= least
}

fn luminance(colour: Color) -> Option<f64> {
    let (red, green, blue) = match colour {
        Color::Rgb(red, green, blue) => (red, green, blue),
        Color::Indexed(number @ 232..) => {
            (8 + 10 * (number - 232), 8 + 10 * (number - 232), 8 + 10 * (number - 232))
        }
        Color::Indexed(number @ 16..) => {
            let level = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
            let number = number - 16;
            (level(number / 36), level(number / 6 % 6), level(number % 6))
        }
        _ => return None,
    };
    let linear = |part: u8| match f64::from(part) / 255.0 {
        part if part <= 0.04045 => part / 12.92,
        part => ((part + 0.055) / 1.055).powf(2.4),
    };
    Some(0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue))
}
