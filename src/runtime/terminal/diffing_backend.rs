//! Frames to the terminal in few bytes: over a slow line each of them is waited for. The terminal is asked nothing, as
//! not every one answers.

use std::fmt::Write as _;
use std::io::{self, Write};

use crossterm::terminal::{Clear, ClearType as Cleared};
use crossterm::{cursor, queue};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

/// Writes only what differs from one cell to the next, in the shortest way.
pub(super) struct DiffingBackend<W: Write> {
    to: W,
    size: Size,
    /// Whether the terminal shows the cursor, if that is known.
    shows_cursor: Option<bool>,
    /// Where it is, if that is known.
    cursor: Option<Position>,
}

impl<W: Write> DiffingBackend<W> {
    /// Writes to this, for a terminal of this size.
    pub(super) fn new(to: W, size: Size) -> Self {
        Self { to, size, shows_cursor: None, cursor: None }
    }

    /// The terminal has another size now.
    pub(super) fn set_size(&mut self, size: Size) {
        self.size = size;
    }

    /// Somebody else had the terminal. Returns its size.
    pub(super) fn forget(&mut self) -> Size {
        (self.shows_cursor, self.cursor) = (None, None);
        self.size
    }
}

impl<W: Write> Backend for DiffingBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, cells: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut out = String::new();
        let mut pen = Inspector::default();
        let mut next = None;
        for (x, y, cell) in cells {
            // Where a terminal has another width for a character than we do, this puts it right.
            if next != Some((x, y)) {
                // A String takes whatever is written to it.
                let _ = write!(out, "\x1b[{};{}H", y + 1, x + 1);
            }
            next = Some((x + 1, y));
            let look = pen.for_cell(cell);
            pen.change_to(look, &mut out);
            out.push_str(cell.symbol());
        }
        pen.change_to(Inspector::default(), &mut out);
        if next.is_some() {
            self.cursor = None;
        }
        self.to.write_all(out.as_bytes())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.shows_cursor.replace(false) == Some(false) { Ok(()) } else { queue!(self.to, cursor::Hide) }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.shows_cursor.replace(true) == Some(true) { Ok(()) } else { queue!(self.to, cursor::Show) }
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor.replace(position) == Some(position) {
            return Ok(());
        }
        queue!(self.to, cursor::MoveTo(position.x, position.y))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        let region = match region {
            ClearType::All => Cleared::All,
            ClearType::AfterCursor => Cleared::FromCursorDown,
            ClearType::BeforeCursor => Cleared::FromCursorUp,
            ClearType::CurrentLine => Cleared::CurrentLine,
            ClearType::UntilNewLine => Cleared::UntilNewLine,
        };
        queue!(self.to, Clear(region))
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// What shows on a blank, beside its background.
const ON_BLANKS: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);
/// What begins each modifier, and what ends it: some end together.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// What the terminal writes in. By default as after a reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Inspector {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Inspector {
    /// That of a cell, or one that looks the same there and costs less.
    fn for_cell(self, cell: &Cell) -> Self {
        let look = Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
        let is_empty = cell.symbol() == " " && !(self.modifier | look.modifier).intersects(ON_BLANKS);
        if is_empty { Self { bg: look.bg, ..self } } else { look }
    }

    /// From what is there, or from a reset, whichever is shorter.
    fn change_to(&mut self, look: Self, out: &mut String) {
        if *self == look {
            return;
        }
        let (step, anew) = (self.codes_to(look), format!(";{}", Self::default().codes_to(look)));
        let codes = if anew.len() < step.len() { &anew } else { &step };
        // A reset alone is no code at all.
        let codes = if codes == ";" { "" } else { codes };
        let _ = write!(out, "\x1b[{codes}m");
        *self = look;
    }

    fn codes_to(self, look: Self) -> String {
        let gone = self.modifier - look.modifier;
        let mut ends: Vec<u8> = MODIFIERS
            .iter()
            .filter(|(modifier, ..)| gone.contains(*modifier))
            .map(|(_, _, end)| *end)
            .collect();
        ends.dedup();
        let stays = |(modifier, _, end): &&(Modifier, u8, u8)| {
            self.modifier.contains(*modifier) && !ends.contains(end)
        };
        let unchanged = MODIFIERS
            .iter()
            .filter(stays)
            .fold(Modifier::empty(), |unchanged, (modifier, ..)| unchanged | *modifier);
        let new = look.modifier - unchanged;
        let begins =
            MODIFIERS.iter().filter(|(modifier, ..)| new.contains(*modifier)).map(|(_, begin, _)| *begin);
        let mut codes: Vec<String> =
            ends.iter().copied().chain(begins).map(|code| code.to_string()).collect();
        if self.fg != look.fg {
            codes.push(colour(look.fg, 30));
        }
        if self.bg != look.bg {
            codes.push(colour(look.bg, 40));
        }
        codes.join(";")
    }
}

/// The code of a colour; `first` is that of black.
fn colour(colour: Color, first: u8) -> String {
    let of_eight = |number: u8| (first + number).to_string();
    let bright = |number: u8| (first + 60 + number).to_string();
    match colour {
        Color::Reset => of_eight(9),
        Color::Black => of_eight(0),
        Color::Red => of_eight(1),
        Color::Green => of_eight(2),
        Color::Yellow => of_eight(3),
        Color::Blue => of_eight(4),
        Color::Magenta => of_eight(5),
        Color::Cyan => of_eight(6),
        Color::Gray => of_eight(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(number) => format!("{};5;{number}", of_eight(8)),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", of_eight(8)),
    }
}

#[cfg(test)]
mod tests {
    use ratatui::backend::CrosstermBackend;
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    const SIZE: (u16, u16) = (12, 4);

    fn any_screen(random: &mut fastrand::Rng) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
        let colours = [Color::Reset, Color::Cyan, Color::DarkGray, Color::Indexed(200), Color::Rgb(1, 2, 3)];
        // The emulator has bold or dim, where terminals have both.
        let weights = [Modifier::empty(), Modifier::BOLD, Modifier::DIM];
        let others = [Modifier::ITALIC, Modifier::UNDERLINED, Modifier::REVERSED];
        for _ in 0..random.usize(..9) {
            let mut style = Style::reset();
            style.fg = random.choice(colours);
            style.bg = random.choice(colours);
            style = style.add_modifier(random.choice(weights).unwrap());
            for modifier in others {
                if random.u8(..4) == 0 {
                    style = style.add_modifier(modifier);
                }
            }
            let text = random.choice(["a", "   ", "two words", "é漢 x", "━━"]).unwrap();
            buffer.set_string(random.u16(..SIZE.0), random.u16(..SIZE.1), text, style);
        }
        buffer
    }

    fn seen(screen: &vt100::Screen) -> Vec<String> {
        let cells = (0..SIZE.1).flat_map(|y| (0..SIZE.0).map(move |x| (y, x)));
        let look = |(y, x)| {
            let cell = screen.cell(y, x).unwrap();
            let (bg, inverse, underline) = (cell.bgcolor(), cell.inverse(), cell.underline());
            let blank = cell.contents().trim().is_empty();
            let ink = (!blank || inverse || underline)
                .then(|| (cell.fgcolor(), cell.bold(), cell.dim(), cell.italic()));
            let ink = ink.map(|(fg, bold, dim, italic)| match blank {
                true => format!("{fg:?}"),
                false => format!("{fg:?} {bold} {dim} {italic}"),
            });
            format!("{:?} {ink:?} {bg:?} {inverse} {underline}", cell.contents().trim())
        };
        cells.map(look).collect()
    }

    #[test]
    fn the_screen_is_the_same_as_with_crossterm_and_takes_fewer_bytes() {
        let mut random = fastrand::Rng::with_seed(7);
        let parser = || vt100::Parser::new(SIZE.1, SIZE.0, 0);
        let (mut ours, mut theirs) = (parser(), parser());
        let mut before = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
        for _ in 0..2000 {
            let after = any_screen(&mut random);
            let (mut few, mut many) = (Vec::new(), Vec::new());
            DiffingBackend::new(&mut few, Size::from(SIZE)).draw(before.diff(&after).into_iter()).unwrap();
            CrosstermBackend::new(&mut many).draw(before.diff(&after).into_iter()).unwrap();
            assert!(few.len() <= many.len());
            ours.process(&few);
            theirs.process(&many);
            assert_eq!(seen(ours.screen()), seen(theirs.screen()), "{:?}", String::from_utf8_lossy(&few));
            before = after;
        }
    }

    #[test]
    fn only_what_differs_is_written() {
        let codes = |from: Style, to: Style| {
            let look = |style: Style| Inspector {
                fg: style.fg.unwrap_or_default(),
                bg: style.bg.unwrap_or_default(),
                modifier: style.add_modifier,
            };
            let (mut pen, mut out) = (look(from), String::new());
            pen.change_to(look(to), &mut out);
            out
        };
        let plain = Style::new();
        let both = plain.bold().dim();
        assert_eq!(codes(plain, plain), "");
        assert_eq!(codes(plain, plain.cyan()), "\x1b[36m");
        assert_eq!(codes(plain.cyan().on_red(), plain.cyan()), "\x1b[49m");
        assert_eq!(codes(both.cyan().on_red(), plain), "\x1b[m");
        assert_eq!(codes(both.fg(Color::Rgb(1, 2, 3)), plain.bold().fg(Color::Rgb(1, 2, 3))), "\x1b[22;1m");
        assert_eq!(codes(both.italic(), plain.light_red()), "\x1b[;91m");
        assert_eq!(codes(plain, plain.on_white().bg(Color::Indexed(9))), "\x1b[48;5;9m");
    }
}
