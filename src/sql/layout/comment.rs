//! Comments.

use super::hidden::is_hidden;

/// How wide comments may become.
const WIDTH: usize = 100;

/// A text as lines of comment; nothing in it ends the comment.
pub fn comment(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let harmless: String = text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    for word in harmless.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("-- {word}")),
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
