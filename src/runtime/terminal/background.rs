//! The question for the colour of the terminal's background (OSC 11), and its answer.

/// The question. A terminal that does not know it passes over it as a whole.
pub(crate) const QUESTION: &str = "\x1b]11;?\x1b\\";

/// Whether the background is light, if a string that the terminal sent is the answer: `11;rgb:ffff/ffff/ffff`, with one
/// to four digits for each part.
pub(super) fn is_light(string: &[u8]) -> Option<bool> {
    let colour = std::str::from_utf8(string).ok()?.strip_prefix("11;")?;
    let (_, parts) = colour.split_once(':').filter(|(kind, _)| matches!(*kind, "rgb" | "rgba"))?;
    let mut parts = parts.split('/').map(part);
    let (red, green, blue) = (parts.next()??, parts.next()??, parts.next()??);
    Some(0.299 * red + 0.587 * green + 0.114 * blue > 0.5)
}

/// A part of a colour, from 0 to 1.
fn part(digits: &str) -> Option<f64> {
    let most = match digits.len() {
        1..=4 => 16_u32.pow(u32::try_from(digits.len()).ok()?) - 1,
        _ => return None,
    };
    u32::from_str_radix(digits, 16).ok().map(|value| f64::from(value) / f64::from(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_tells_light_from_dark() {
        assert_eq!(is_light(b"11;rgb:ffff/ffff/ffff"), Some(true));
        assert_eq!(is_light(b"11;rgb:fdfd/f6f6/e3e3"), Some(true));
        assert_eq!(is_light(b"11;rgb:0000/2b2b/3636"), Some(false));
        assert_eq!(is_light(b"11;rgba:1e/1e/1e/ff"), Some(false));
        assert_eq!(is_light(b"11;rgb:f/f/f"), Some(true));
        for other in [
            "",
            "11;",
            "11;?",
            "10;rgb:ff/ff/ff",
            "11;rgb:ff/ff",
            "11;rgb:fffff/0/0",
            "11;rgb:x/y/z",
            "11;rgb://",
        ] {
            assert_eq!(is_light(other.as_bytes()), None, "{other}");
        }
    }
}
