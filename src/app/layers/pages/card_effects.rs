//! What cards ask of the outside.

use super::card_table::CardTable;
use crate::app::effect::Effect;
use crate::app::layer::Cx;
use crate::app::message::Message;

/// More rows than this are more than a clipboard is for.
const MOST_COPIED: usize = 100_000;

/// Remembers which cards are shown; in read-only mode until the end.
pub(in crate::app::layers) fn keep_cards(cx: &mut Cx<'_>) {
    let cards = cx.session.remembered.cards.clone();
    cx.session.request(Effect::KeepCards(cards));
}

/// Copies a table to the clipboard.
pub(in crate::app::layers) fn copy(table: &CardTable, cx: &mut Cx<'_>) {
    if table.rows.len() > MOST_COPIED {
        return cx.session.note("it has too many rows to be copied");
    }
    cx.session.request(Effect::Copy(table.text()));
    let rows = match table.rows.len() {
        1 => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    };
    cx.session.notify(Message::done(format!("copied {rows}")));
}
