//! What the segment would be with a line that is still being made, on one line.

use ratatui::text::{Line, Span};

use super::theme::Theme;
use super::{number, text};
use crate::app::what_if::WhatIf;

/// `97,015 alone · the segment would be 82,133`; nothing while there is no line to be counted.
pub fn line(what_if: &WhatIf, at: usize, theme: &Theme, width: usize) -> Line<'static> {
    match what_if.get(at) {
        Some(Ok(counts)) => {
            let members = number::whole(counts.members);
            let alone = match counts.alone {
                Some(alone) => format!("{} alone", number::whole(alone)),
                None => "switched off".to_owned(),
            };
            let rest = "the segment would be ";
            if text::width(&alone) + text::width(rest) + text::width(&members) + 3 > width {
                return Line::styled(text::fit(&format!("segment {members}"), width), theme.text);
            }
            Line::from(vec![
                Span::styled(alone, theme.text),
                Span::styled(format!(" · {rest}"), theme.dim),
                Span::styled(members, theme.strong),
            ])
        }
        Some(Err(failure)) => Line::styled(text::fit(&text::sanitize(failure), width), theme.warn),
        None if what_if.is_pending(at) => Line::styled(text::fit("counting …", width), theme.dim),
        None => Line::default(),
    }
}
