//! Completing the word that is being typed in SQL: a table, a column, a word of the language.

use std::collections::BTreeMap;

use super::App;
use super::editor::Editor;
use super::editor::sql_text::SqlText;
use super::overlay::pick::{Item, Pick};
use super::overlay::{Choice, Choose, Overlay};
use crate::database::Database;
use crate::sql::Dialect;
use crate::sql::lexer::keywords;

impl App {
    /// Completes the word before the cursor, or asks which one is meant; without one it indents.
    pub(super) fn complete(&mut self) {
        let word = self.editor.as_ref().and_then(Editor::sql).map(SqlText::word).unwrap_or_default();
        if word.is_empty() {
            return self.write_text(|editor| editor.write(SqlText::indent));
        }
        let words = words(self.database().map(|database| &**database));
        let begins = |item: &&Item<Choice>| item.label.to_lowercase().starts_with(&word.to_lowercase());
        let mut likely = words.iter().filter(begins).filter_map(|item| match &item.value {
            Choice::Word(word) => Some(word.clone()),
            _ => None,
        });
        if let (Some(only), None) = (likely.next(), likely.next()) {
            return self.complete_with(&only);
        }
        let pick = Pick::searched(words, &word);
        self.overlays.push(Overlay::Choose(Choose { title: "Complete".to_owned(), pick }));
    }

    pub(super) fn complete_with(&mut self, word: &str) {
        self.write_text(|editor| editor.write(|sql| sql.replace_word(word)));
    }
}

/// Everything that may be meant: tables, columns with the tables that have them, words of the language.
fn words(database: Option<&Database>) -> Vec<Item<Choice>> {
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
        Item::new(Choice::Word(Dialect::Embedded.identifier(name)), name).detail(detail)
    });
    let keywords = keywords().map(|word| {
        let word = word.to_uppercase();
        Item::new(Choice::Word(word.clone()), word).detail("SQL")
    });
    names.chain(keywords).collect()
}
