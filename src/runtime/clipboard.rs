//! The clipboard, through the terminal: OSC 52 works over SSH too. What stands between the program and the
//! terminal has to let it pass.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// GNU screen takes no more than this many bytes at once.
const CHUNK: usize = 240;

/// The terminal multiplexer between the program and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Multiplexer {
    /// Nothing.
    None,
    Tmux,
    /// GNU screen.
    Screen,
}

impl Multiplexer {
    /// What the environment tells by `TMUX`, `STY` and `TERM`, of which the last comes over SSH.
    #[must_use]
    pub(crate) fn from_environment(tmux: &str, sty: &str, term: &str) -> Self {
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
pub fn sequence(text: &str, multiplexer: Multiplexer) -> String {
    let plain = format!("\u{1b}]52;c;{}\u{7}", BASE64_STANDARD.encode(text));
    match multiplexer {
        Multiplexer::None => plain,
        // Depending on how it is set up, tmux takes the sequence itself (set-clipboard) or hands it on
        // (allow-passthrough), and drops the other.
        Multiplexer::Tmux => {
            let inner = plain.replace('\u{1b}', "\u{1b}\u{1b}");
            format!("{plain}\u{1b}Ptmux;{inner}\u{1b}\\")
        }
        Multiplexer::Screen => {
            let mut chunks = String::new();
            let mut rest = plain.as_str();
            while !rest.is_empty() {
                // All of it is ASCII.
                let (chunk, after) = rest.split_at_checked(CHUNK).unwrap_or((rest, ""));
                chunks.push_str(&format!("\u{1b}P{chunk}\u{1b}\\"));
                rest = after;
            }
            chunks
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_is_asked_in_the_way_that_reaches_it() {
        assert_eq!(sequence("SELECT 1\n", Multiplexer::None), "\u{1b}]52;c;U0VMRUNUIDEK\u{7}");
        assert_eq!(
            sequence("é", Multiplexer::Tmux),
            "\u{1b}]52;c;w6k=\u{7}\u{1b}Ptmux;\u{1b}\u{1b}]52;c;w6k=\u{7}\u{1b}\\"
        );
        let chunks = sequence(&"x".repeat(300), Multiplexer::Screen);
        let chunks: Vec<&str> = chunks.split_terminator("\u{1b}\\").collect();
        assert_eq!(chunks.len(), 2);
        assert!(chunks.iter().all(|chunk| chunk.starts_with("\u{1b}P") && chunk.len() <= CHUNK + 2));
        let whole: String = chunks.iter().map(|chunk| chunk.replacen("\u{1b}P", "", 1)).collect();
        assert_eq!(whole, sequence(&"x".repeat(300), Multiplexer::None));
    }

    #[test]
    fn what_is_between_is_told_by_the_environment() {
        assert_eq!(
            Multiplexer::from_environment("/tmp/tmux-0/default,1,0", "", "screen-256color"),
            Multiplexer::Tmux
        );
        assert_eq!(Multiplexer::from_environment("", "", "tmux-256color"), Multiplexer::Tmux);
        assert_eq!(Multiplexer::from_environment("", "1234.pts-0", "xterm"), Multiplexer::Screen);
        assert_eq!(Multiplexer::from_environment("", "", "screen"), Multiplexer::Screen);
        assert_eq!(Multiplexer::from_environment("", "", "xterm-256color"), Multiplexer::None);
    }
}
