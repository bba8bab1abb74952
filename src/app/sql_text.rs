//! Writing the text of a SQL segment.

use crossterm::event::KeyEvent;

use super::App;
use super::editor::tables::TreeLine;
use super::editor::{Editor, Pane};
use super::message::Message;
use crate::database::Database;
use crate::sql::Dialect;

impl App {
    /// Whether a SQL segment is open and its text is what is looked at.
    pub(super) fn is_at_sql(&self) -> bool {
        let at = self.editor.as_ref().filter(|editor| editor.pane == Pane::Criteria);
        self.screen == super::Screen::Editor && at.is_some_and(|editor| editor.sql().is_some())
    }

    /// Keys go into the text from now on.
    pub(super) fn type_sql(&mut self) {
        if let Some(editor) = &mut self.editor
            && let Some(sql) = editor.sql_mut()
        {
            sql.typing = true;
            editor.pane = Pane::Criteria;
        }
    }

    /// Why the text of the open segment cannot be written in.
    pub(super) fn sql_disabled_reason(&self) -> Option<String> {
        match &self.editor {
            None => Some("no segment is open".to_owned()),
            Some(editor) if editor.sql().is_none() => {
                Some("this segment has conditions; C turns them into SQL".to_owned())
            }
            Some(editor) => editor.read_only_reason().map(str::to_owned),
        }
    }

    /// Changes the text, and asks for the numbers of what it is then.
    pub(super) fn write_text(&mut self, write: impl FnOnce(&mut Editor) -> bool) {
        if let Some(refusal) = self.sql_disabled_reason() {
            return self.notify(Message::note(refusal));
        }
        if self.editor.as_mut().is_some_and(write) {
            self.definition_changed();
        }
    }

    /// A key that is typed into the text.
    pub(super) fn type_into_sql(&mut self, key: KeyEvent) {
        self.write_text(|editor| editor.write(|sql| sql.input(key)));
    }

    /// Text that is pasted into it.
    pub(super) fn paste_into_sql(&mut self, text: &str) {
        self.write_text(|editor| editor.write(|sql| sql.insert(text)));
    }

    /// Puts the name of the table or column at the cursor of the tables into the text.
    pub(super) fn insert_name(&mut self) {
        let entries = self.table_lines();
        let at = self.editor.as_ref().and_then(|editor| entries.get(editor.tables.cursor));
        let name = match at {
            Some(TreeLine::Attribute { column, .. }) => column,
            Some(TreeLine::Branch { branch: super::editor::tables::Branch::Table(table), .. }) => table,
            Some(TreeLine::Branch { .. } | TreeLine::Behaviour(_) | TreeLine::List(..)) | None => {
                return self.notify(Message::note("only tables and columns have a place in SQL"));
            }
        };
        let name = Dialect::Embedded.identifier(name);
        self.write_text(|editor| editor.write(|sql| sql.insert_name(&name)));
    }

    /// A new SQL segment, to be written at once.
    pub(super) fn new_sql_segment(&mut self) {
        let query = self.database().map(|database| first_query(database));
        let query = query.unwrap_or_else(|| all("amperity_id", "Customer_360"));
        self.new_segment(Some(query));
        self.type_sql();
        if let Some(sql) = self.editor.as_mut().and_then(Editor::sql_mut) {
            sql.go_to((usize::MAX, usize::MAX));
        }
    }
}

/// Everybody of a database.
fn first_query(database: &Database) -> String {
    let quoted = |name: &str| Dialect::Embedded.identifier(name);
    let id = &database.default_id;
    let customers = database.roles.customers.as_ref().and_then(|name| database.table(name));
    let usable = database.own_tables().filter(|table| !table.hidden && table.content.is_ok());
    let with_id =
        customers.into_iter().chain(usable).find_map(|table| Some((table.id_column(id)?, &table.name)));
    match with_id {
        Some((column, table)) if column == id => all(&quoted(id), &quoted(table)),
        Some((column, table)) => all(&format!("{} AS {}", quoted(column), quoted(id)), &quoted(table)),
        None => all(&quoted(id), "Customer_360"),
    }
}

fn all(id: &str, table: &str) -> String {
    format!("SELECT {id}\nFROM {table}")
}
