//! A drawn screen in ASCII alone: every character that segtui draws with has another one of the same width. It is done
//! cell by cell at the end, so that nothing can be drawn past it. What data is written in stays: only letters that
//! look like our marks are replaced in it too.

use ratatui::buffer::Buffer;

/// What stands for each character: those of one line for the one at its end.
const LIKENESS: &[(&str, char)] = &[
    ("─╌–—−·╴", '-'),
    ("━═╸", '='),
    ("│┃├┤", '|'),
    ("┌┐└┘╭╮╰╯┏┓┗┛┼┬┴✓±", '+'),
    ("✗×", 'x'),
    ("›→▸▶", '>'),
    ("‹←", '<'),
    ("↑▲", '^'),
    ("▾▼↓", 'v'),
    ("○◦", 'o'),
    ("●•", '*'),
    ("“”", '"'),
    ("‘’", '\''),
    ("…", '~'),
    ("▁▂▃", '.'),
    ("▄▅▆", ':'),
    ("▇█", '#'),
    ("↳", '`'),
    ("↻", '@'),
    ("∅", '0'),
    ("␣", '_'),
    ("≠", '!'),
    ("⇧", 'S'),
    ("€", 'E'),
    ("£", 'L'),
];

/// What stands for a character; `None` for one that segtui does not draw with.
#[must_use]
pub fn likeness(letter: char) -> Option<char> {
    match letter {
        // Pictures of control characters, which data may have.
        '\u{2400}'..='\u{2421}' | '\u{fffd}' => Some('?'),
        _ => LIKENESS.iter().find(|(letters, _)| letters.contains(letter)).map(|(_, ascii)| *ascii),
    }
}

/// Replaces them all.
pub(super) fn replace(buffer: &mut Buffer) {
    let width = usize::from(buffer.area.width).max(1);
    for line in buffer.content.chunks_mut(width) {
        for at in 0..line.len() {
            let is_blank = |by: usize| line.get(at + by).is_none_or(|cell| cell.symbol() == " ");
            // Dots are clearer where nothing follows them closely.
            let has_room = at + 3 <= line.len() && (1..=3).all(is_blank);
            let Some(letter) = line.get(at).and_then(|cell| only_letter(cell.symbol())) else { continue };
            let Some(ascii) = likeness(letter) else { continue };
            let (ascii, count) = if letter == '…' && has_room { ('.', 3) } else { (ascii, 1) };
            for cell in line.iter_mut().skip(at).take(count) {
                cell.set_char(ascii);
            }
        }
    }
}

fn only_letter(symbol: &str) -> Option<char> {
    let mut letters = symbol.chars();
    let first = letters.next().filter(|letter| !letter.is_ascii())?;
    letters.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn in_ascii(text: &str) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 24, 1));
        buffer.set_string(0, 0, text, Style::new());
        replace(&mut buffer);
        buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned()
    }

    #[test]
    fn our_characters_are_replaced_and_those_of_data_are_not() {
        assert_eq!(in_ascii("╭─ Zoë ─╮ ✓ a → b · −1"), "+- Zoë -+ + a > b - -1");
        assert_eq!(in_ascii("日 ␛[2J é ✓\u{301}"), "日  ?[2J é ✓\u{301}");
    }

    #[test]
    fn an_ellipsis_is_three_dots_where_there_is_room() {
        assert_eq!(in_ascii("counting …"), "counting ...");
        assert_eq!(in_ascii("a… b"), "a~ b");
        assert_eq!(in_ascii("Custo…  │"), "Custo~  |");
        assert_eq!(in_ascii("…   x"), "... x");
        assert_eq!(in_ascii("0123456789012345678901…"), "0123456789012345678901~");
    }

    #[test]
    fn what_stands_for_a_character_is_ascii() {
        assert!(LIKENESS.iter().all(|(letters, ascii)| ascii.is_ascii() && !letters.is_ascii()));
    }
}
