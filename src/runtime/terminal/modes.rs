//! The modes that the program wants of the terminal, and that the shell wants back.

use std::io::{self, Write};
use std::time::Duration;

use crossterm::event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange};
use crossterm::style::ResetColor;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, queue};

use super::device::Device;
use crate::ui::text::sanitize_lines;

/// What sets the modes.
pub(super) fn enter() -> Vec<u8> {
    let mut bytes = Vec::new();
    // Memory takes whatever is written to it.
    let _ = queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange);
    bytes
}

/// What takes them back.
pub(super) fn leave() -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = queue!(
        bytes,
        ResetColor,
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    bytes
}

/// Keys come as they are pressed, and are not shown.
///
/// # Errors
/// It is no terminal.
pub(super) fn make_raw() -> io::Result<()> {
    // Whoever stopped the program may have changed it since.
    make_cooked();
    enable_raw_mode()
}

/// As it was before.
pub(super) fn make_cooked() {
    // There is nobody to tell.
    let _ = disable_raw_mode();
}

/// Puts the terminal back at once, past everything that is still to be written, as the program ends out of turn.
pub(crate) fn restore() {
    if let Ok(device) = Device::open() {
        let bytes = leave();
        let mut rest = bytes.as_slice();
        for _ in 0..3 {
            let written = device.write_some(rest, Duration::from_millis(30)).unwrap_or(0);
            rest = rest.get(written..).unwrap_or_default();
        }
    }
    make_cooked();
}

/// Panics of the main thread put the terminal back before they are printed. Those of background work
/// are shown in the program instead. `advice` comes below the reason.
pub(crate) fn install_panic_hook(advice: impl Fn() -> String + Send + Sync + 'static) {
    let main = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == main {
            restore();
            // What a library says may have words from files in it, and nobody may be there.
            let _ = writeln!(io::stderr(), "{}", sanitize_lines(&format!("{info}\n{}", advice())));
        }
    }));
}
