//! The clipboard, through the terminal: OSC 52 works over SSH too. What stands between the program and the
//! terminal has to let it pass.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// GNU screen takes no more than this many bytes in one piece.
const PIECE: usize = 240;

/// What stands between the program and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Nothing.
    None,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

impl Carrier {
    /// What the environment tells by `TMUX`, `STY` and `TERM`, of which the last comes over SSH.
    #[must_use]
    pub fn of(tmux: &str, sty: &str, term: &str) -> Self {
        if !tmux.is_empty() || term.starts_with("tmux") {
            Self::Tmux
        } else if !sty.is_empty() || term.starts_with("screen") {
            Self::Screen
        } else {
            Self::None
        }
    }
}

/// What makes the terminal put a text into the clipboard.
#[must_use]
pub fn sequence(text: &str, carrier: Carrier) -> String {
    let plain = format!("\u{1b}]52;c;{}\u{7}", BASE64_STANDARD.encode(text));
    match carrier {
        Carrier::None => plain,
        // Depending on how it is set up, tmux takes the sequence itself (set-clipboard) or hands it on
        // (allow-passthrough), and drops the other.
        Carrier::Tmux => {
            let inner = plain.replace('\u{1b}', "\u{1b}\u{1b}");
            format!("{plain}\u{1b}Ptmux;{inner}\u{1b}\\")
        }
        Carrier::Screen => {
            let mut pieces = String::new();
            let mut rest = plain.as_str();
            while !rest.is_empty() {
                // All of it is ASCII.
                let (piece, after) = rest.split_at_checked(PIECE).unwrap_or((rest, ""));
                pieces.push_str(&format!("\u{1b}P{piece}\u{1b}\\"));
                rest = after;
            }
            pieces
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_is_asked_in_the_way_that_reaches_it() {
        assert_eq!(sequence("SELECT 1\n", Carrier::None), "\u{1b}]52;c;U0VMRUNUIDEK\u{7}");
        assert_eq!(
            sequence("é", Carrier::Tmux),
            "\u{1b}]52;c;w6k=\u{7}\u{1b}Ptmux;\u{1b}\u{1b}]52;c;w6k=\u{7}\u{1b}\\"
        );
        let pieces = sequence(&"x".repeat(300), Carrier::Screen);
        let pieces: Vec<&str> = pieces.split_terminator("\u{1b}\\").collect();
        assert_eq!(pieces.len(), 2);
        assert!(pieces.iter().all(|piece| piece.starts_with("\u{1b}P") && piece.len() <= PIECE + 2));
        let whole: String = pieces.iter().map(|piece| piece.replacen("\u{1b}P", "", 1)).collect();
        assert_eq!(whole, sequence(&"x".repeat(300), Carrier::None));
    }

    #[test]
    fn what_is_between_is_told_by_the_environment() {
        assert_eq!(Carrier::of("/tmp/tmux-0/default,1,0", "", "screen-256color"), Carrier::Tmux);
        assert_eq!(Carrier::of("", "", "tmux-256color"), Carrier::Tmux);
        assert_eq!(Carrier::of("", "1234.pts-0", "xterm"), Carrier::Screen);
        assert_eq!(Carrier::of("", "", "screen"), Carrier::Screen);
        assert_eq!(Carrier::of("", "", "xterm-256color"), Carrier::None);
    }
}
