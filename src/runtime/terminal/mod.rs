//! The terminal: set up for the program, read, written to, and always put back as it was.

mod background;
mod device;
mod diffing_backend;
mod input;
mod keys;
mod modes;
mod output;
mod parser;

use std::io::{self, Write};

use ratatui::layout::{Rect, Size};

pub(super) use self::background::QUESTION as BACKGROUND_QUESTION;
pub(super) use self::device::is_foreground;
use self::diffing_backend::DiffingBackend;
pub(super) use self::input::Input;
pub(super) use self::modes::{install_panic_hook, restore};
use self::output::Output;

/// What is said where there is none.
pub(super) const NO_TERMINAL: &str = "segtui needs a terminal; its commands do without (--help)";

/// The largest part of a terminal that is drawn on; of a larger one (some say 65,535 each way) only so much.
const LARGEST: (u16, u16) = (1000, 500);

/// Its size in columns and lines, as far as it is drawn on.
///
/// # Errors
/// It is no terminal.
pub(super) fn size() -> io::Result<(u16, u16)> {
    let (columns, lines) = crossterm::terminal::size()?;
    Ok((columns.min(LARGEST.0), lines.min(LARGEST.1)))
}

/// The terminal while the program has it. Dropping it puts it back as it was.
pub(crate) struct Terminal {
    screen: ratatui::Terminal<DiffingBackend<Output>>,
    output: Output,
    is_taken: bool,
}

impl Terminal {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// Standard output is no terminal.
    pub(crate) fn enter(columns: u16, lines: u16) -> io::Result<Self> {
        let output = Output::open()?;
        let backend = DiffingBackend::new(output.clone(), Size::new(columns, lines));
        let mut terminal = Self { screen: ratatui::Terminal::new(backend)?, output, is_taken: false };
        terminal.take_over()?;
        Ok(terminal)
    }

    /// Draws a frame.
    ///
    /// # Errors
    /// None: whether the terminal takes it, [`Self::settled`] tells.
    pub(crate) fn draw(&mut self, draw: impl FnOnce(&mut ratatui::Frame)) -> io::Result<()> {
        self.screen.draw(draw).map(drop)
    }

    /// Sends the terminal a sequence that draws nothing.
    ///
    /// # Errors
    /// None, as with [`Self::draw`].
    pub(crate) fn send(&mut self, sequence: &str) -> io::Result<()> {
        self.output.write_all(sequence.as_bytes())?;
        self.output.flush()
    }

    /// Whether it has not taken yet all that was sent.
    pub(crate) fn is_busy(&self) -> bool {
        self.output.is_busy()
    }

    /// Waits until it has.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(crate) async fn settled(&self) -> io::Result<()> {
        self.output.settled().await
    }

    /// The terminal has another size now; everything is drawn anew.
    ///
    /// # Errors
    /// None, as with [`Self::draw`].
    pub(crate) fn resize(&mut self, columns: u16, lines: u16) -> io::Result<()> {
        let size = Size::new(columns, lines);
        self.screen.backend_mut().set_size(size);
        self.screen.resize(Rect::from(size))
    }

    /// Takes it over, or again after the shell had it; everything is drawn anew.
    ///
    /// # Errors
    /// It is none any more.
    pub(crate) fn take_over(&mut self) -> io::Result<()> {
        modes::make_raw()?;
        self.is_taken = true;
        self.output.write_all(&modes::enter())?;
        self.output.flush()?;
        let size = self.screen.backend_mut().forget();
        self.screen.resize(Rect::from(size))
    }

    /// Gives it back to the shell, as far as it still reads.
    pub(crate) fn give_back(&mut self) {
        if std::mem::take(&mut self.is_taken) {
            self.output.finish(&modes::leave());
            modes::make_cooked();
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.give_back();
        self.output.end();
    }
}
