//! The pictures in the README are the program's own output. `UPDATE_PICTURE=1 cargo test --release
//! picture` draws them anew.

use std::fmt::Write as _;
use std::path::Path;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use segtui::ui::theme::Themes;

use crate::flows::harness::Session;
use crate::flows::walk::{NOT_IN_CALIFORNIA, SOCKS, STATUS};

const CELL: (f64, f64) = (8.4, 18.0);
const TEXT: &str = "#d5d9e0";
const BACKGROUND: &str = "#14171c";

#[test]
fn picture_of_the_editor() {
    let mut session = Session::demo();
    is_drawn("editor", session.keys("n").keys(STATUS).keys(SOCKS).keys(NOT_IN_CALIFORNIA));
}

#[test]
fn pictures_of_pages() {
    let mut session = Session::demo();
    is_drawn("summary", session.keys("/ type:ActiveCooling enter v"));
    is_drawn("compare", session.keys("3 a type:High_AOV enter a type:Loyalty enter"));
}

/// A picture of the documentation is what the screen looks like.
fn is_drawn(name: &str, session: &mut Session) {
    let (theme, _) = Themes::default().get("dark").unwrap();
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).unwrap();
    terminal.draw(|frame| segtui::ui::draw(&session.app, &theme, frame)).unwrap();
    let picture = svg(terminal.backend().buffer());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{name}.svg"));
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, picture).unwrap();
        return;
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == picture, "docs/{name}.svg is not what the screen looks like: draw it anew");
}

/// A screen as a picture: a rectangle for each run of one background, a text for each run of one style.
fn svg(buffer: &Buffer) -> String {
    let (columns, lines) = (buffer.area.width, buffer.area.height);
    let (width, height) = (f64::from(columns) * CELL.0, f64::from(lines) * CELL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-size=\"14\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{BACKGROUND}\"/>\n"
    );
    for y in 0..lines {
        let cells: Vec<&Cell> = (0..columns).map(|x| &buffer[(x, y)]).collect();
        let mut x = 0;
        while x < cells.len() {
            let end = x + cells[x..].iter().take_while(|cell| look(cell) == look(cells[x])).count();
            run(&mut out, &cells[x..end], x, y);
            x = end;
        }
    }
    out.push_str("</svg>\n");
    out
}

fn look(cell: &Cell) -> (Color, Color, Modifier) {
    (cell.fg, cell.bg, cell.modifier)
}

fn run(out: &mut String, cells: &[&Cell], x: usize, y: u16) {
    let (fg, bg, modifier) = look(cells[0]);
    let text: String = cells.iter().map(|cell| cell.symbol()).collect();
    let (left, top) = (x as f64 * CELL.0, f64::from(y) * CELL.1);
    let width = cells.len() as f64 * CELL.0;
    if let Color::Rgb(..) = bg {
        let (bg, height) = (colour(bg), CELL.1);
        writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{bg}\"/>"
        )
        .unwrap();
    }
    if text.trim().is_empty() {
        return;
    }
    let weight = if modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (base, fill) = (top + 13.5, colour(fg));
    writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{base}\" fill=\"{fill}\"{weight} textLength=\"{width:.1}\" xml:space=\"preserve\">{text}</text>"
    )
    .unwrap();
}

fn colour(colour: Color) -> String {
    match colour {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        _ => TEXT.to_owned(),
    }
}
