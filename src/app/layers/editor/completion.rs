//! Completing the word that is being typed in SQL: a table, a column, a word of the language.

use std::collections::BTreeMap;

use super::sql_text::SqlText;
use super::state::Editor;
use crate::app::command::Command;
use crate::app::layer::{Cx, Outcome};
use crate::app::layers::choose::Choose;
use crate::app::pick::Item;
use crate::app::session::Session;
use crate::database::Database;
use crate::sql::Dialect;
use crate::sql::lexer::keywords;

impl Editor {
    /// Completes the word before the cursor, or asks which one is meant; without one it indents.
    pub(super) fn complete(&mut self, cx: &mut Cx<'_>) -> Outcome {
        let word = self.sql().map(SqlText::word).unwrap_or_default();
        if word.is_empty() {
            self.write_text(cx.session, |editor| editor.write(SqlText::indent));
            return Outcome::stay();
        }
        let words = words(cx.session.database().map(|database| &**database));
        let begins = |item: &&Item<Command>| item.label.to_lowercase().starts_with(&word.to_lowercase());
        let mut likely = words.iter().filter(begins).filter_map(|item| match &item.value {
            Command::CompleteWord(word) => Some(word.clone()),
            _ => None,
        });
        if let (Some(only), None) = (likely.next(), likely.next()) {
            self.complete_with(&only, cx.session);
            return Outcome::stay();
        }
        Outcome::open(Choose::searched("Complete", words, &word))
    }

    pub(super) fn complete_with(&mut self, word: &str, session: &mut Session) {
        self.write_text(session, |editor| editor.write(|sql| sql.replace_word(word)));
    }
}

/// Everything that may be meant: tables, columns with the tables that have them, words of the language.
fn words(database: Option<&Database>) -> Vec<Item<Command>> {
    let usable = || database.into_iter().flat_map(Database::own_tables).filter(|table| !table.hidden);
    let tables = usable().map(|table| (table.name.as_str(), "table".to_owned()));
    let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for table in usable() {
        for column in table.columns() {
            columns.entry(&column.name).or_default().push(&table.name);
        }
    }
    let columns = columns.into_iter().map(|(column, tables)| match tables.as_slice() {
        [only] => (column, (*only).to_owned()),
        several => (column, format!("{} tables", several.len())),
    });
    let names = tables.chain(columns);
    let names = names.map(|(name, detail)| {
        Item::new(Command::CompleteWord(Dialect::Embedded.identifier(name)), name).detail(detail)
    });
    let keywords = keywords().map(|word| {
        let word = word.to_uppercase();
        Item::new(Command::CompleteWord(word.clone()), word).detail("SQL")
    });
    names.chain(keywords).collect()
}
