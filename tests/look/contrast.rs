//! The contrast of a drawn cell, by WCAG 2.1 (1.4.3): of the colours that terminals have for what was asked of them.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The colours of a terminal.
pub struct Palette {
    pub name: &'static str,
    /// What it has for text and background where none is asked for.
    text: u32,
    background: u32,
    /// The 16 colours.
    colours: [u32; 16],
}

const XTERM: [u32; 16] = [
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
    0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];

/// The usual ones, and a black and a white background.
pub const PALETTES: &[Palette] = &[
    Palette { name: "xterm on black", text: 0xffffff, background: 0x000000, colours: XTERM },
    Palette { name: "xterm on white", text: 0x000000, background: 0xffffff, colours: XTERM },
    Palette {
        name: "the console of Linux and VGA",
        text: 0xaaaaaa,
        background: 0x000000,
        colours: [
            0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555,
            0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
        ],
    },
    Palette {
        name: "Windows",
        text: 0xcccccc,
        background: 0x0c0c0c,
        colours: [
            0x0c0c0c, 0xc50f1f, 0x13a10e, 0xc19c00, 0x0037da, 0x881798, 0x3a96dd, 0xcccccc, 0x767676,
            0xe74856, 0x16c60c, 0xf9f1a5, 0x3b78ff, 0xb4009e, 0x61d6d6, 0xf2f2f2,
        ],
    },
    Palette {
        name: "GNOME",
        text: 0x171421,
        background: 0xffffff,
        colours: [
            0x171421, 0xc01c28, 0x26a269, 0xa2734c, 0x12488b, 0xa347ba, 0x2aa1b3, 0xd0cfcc, 0x5e5c64,
            0xf66151, 0x33d17a, 0xe9ad0c, 0x2a7bde, 0xc061cb, 0x33c7de, 0xffffff,
        ],
    },
];

/// The ratio of a cell's character to its background. Dim text has two thirds of its colour, as terminals do it.
pub fn ratio(cell: &Cell, palette: &Palette) -> f64 {
    let (text, background) = (palette.rgb(cell.fg, palette.text), palette.rgb(cell.bg, palette.background));
    let (text, background) = match cell.modifier.contains(Modifier::REVERSED) {
        true => (background, text),
        false => (text, background),
    };
    let mixed: [f64; 3] = std::array::from_fn(|part| (2.0 * text[part] + background[part]) / 3.0);
    let text = if cell.modifier.contains(Modifier::DIM) { mixed } else { text };
    let (one, other) = (luminance(text), luminance(background));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

impl Palette {
    fn rgb(&self, colour: Color, default: u32) -> [f64; 3] {
        let of_hex = |hex: u32| [hex >> 16, hex >> 8, hex].map(|part| f64::from(part & 0xff));
        match colour {
            Color::Reset => of_hex(default),
            Color::Rgb(red, green, blue) => [red, green, blue].map(f64::from),
            Color::Indexed(number) => {
                of_256(number).unwrap_or_else(|| of_hex(self.colours[usize::from(number)]))
            }
            named => of_hex(self.colours[named_number(named)]),
        }
    }
}

fn of_256(number: u8) -> Option<[f64; 3]> {
    let level = |part: u8| if part == 0 { 0.0 } else { 55.0 + 40.0 * f64::from(part) };
    match number {
        0..16 => None,
        16..232 => Some([(number - 16) / 36, (number - 16) / 6 % 6, (number - 16) % 6].map(level)),
        232.. => Some([8.0 + 10.0 * f64::from(number - 232); 3]),
    }
}

fn named_number(colour: Color) -> usize {
    [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ]
    .iter()
    .position(|known| *known == colour)
    .unwrap()
}

fn luminance(rgb: [f64; 3]) -> f64 {
    let linear = rgb.map(|part| part / 255.0).map(|part| match part <= 0.04045 {
        true => part / 12.92,
        false => ((part + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[test]
fn the_ratio_is_that_of_the_standard() {
    let of = |fg, bg, modifier| {
        let mut cell = Cell::new("x");
        (cell.fg, cell.bg, cell.modifier) = (fg, bg, modifier);
        ratio(&cell, &PALETTES[0])
    };
    assert!((of(Color::Reset, Color::Reset, Modifier::empty()) - 21.0).abs() < 1e-9);
    assert!((of(Color::Rgb(0x76, 0x76, 0x76), Color::White, Modifier::empty()) - 4.54).abs() < 0.01);
    assert!((of(Color::Indexed(231), Color::Indexed(16), Modifier::REVERSED) - 21.0).abs() < 1e-9);
    assert!(of(Color::Reset, Color::Reset, Modifier::DIM) < 10.0);
}
