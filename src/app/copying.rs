//! Texts on their way to the terminal's clipboard.

use super::effect::Effect;
use super::message::Message;
use super::number::whole;
use super::session::Session;

/// The greatest text, in bytes, that every terminal with a clipboard takes.
const SURE: usize = 74_994;
/// The greatest that is worth sending: tmux drops what is more than a megabyte once it is encoded.
pub(crate) const MOST: usize = 750_000;

/// Sends a text to the terminal's clipboard, if it fits; `instead` says what else can be done.
pub(crate) fn copy(text: String, instead: &str, session: &mut Session) {
    let count = |count: usize| whole(count as u64);
    if text.len() > MOST {
        let (bytes, limit) = (count(text.len()), count(MOST));
        return session
            .note(format!("{bytes} bytes are too much for a terminal's clipboard ({limit}): {instead}"));
    }
    let letters = count(text.chars().count());
    let unsure = if text.len() > SURE { "; some terminals take no more than 75,000 bytes" } else { "" };
    session.notify(Message::done(format!("sent {letters} characters to the terminal's clipboard{unsure}")));
    session.request(Effect::Copy(text));
}
