//! A first `database.toml` for a folder: what was found there, and every suggested line commented out.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use toml::Table as Keys;

use super::manifest::{toml_key, toml_text};
use super::open::{OpenFilesError, open_folder};
use crate::backend::ReadTask;
use crate::database::{Database, DatabaseError, Roles, Table};
use crate::diagnostic::shortened;
use crate::local::cache::CacheFolder;
use crate::segment::Keyword;

/// What may be written as the manifest of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestDraft {
    /// TOML. A folder with it opens as it does without.
    pub text: String,
    /// How many tables there are.
    pub tables: usize,
    /// How many lines are commented out, to be chosen from.
    pub suggestions: usize,
    /// The activation ID in force by default; `None` where a person has to choose it.
    pub activation_id: Option<String>,
}

/// Looks at a folder, which may lack an activation ID, and drafts its manifest.
///
/// # Errors
/// As opening it, but for a doubt about the activation ID.
pub fn draft_manifest(
    folder: &Path,
    cache: Option<&Arc<CacheFolder>>,
    task: ReadTask<'_>,
) -> Result<ManifestDraft, OpenFilesError> {
    let mut doubt = None;
    let mut keep = |error| {
        doubt = Some(error);
        Ok(())
    };
    let database = open_folder(folder, cache, task, &mut keep)?;
    Ok(Draft::new(&database, doubt.as_ref()))
}

const HEAD: &str = "\
# What `segtui init` found in this folder. Lines that begin with # do nothing: take away the # before those that
# are right. Every key is explained in segtui's docs/files.md and docs/reference/database.md.
";

/// How long comments are.
const WIDTH: usize = 116;

/// A manifest in the making.
struct Draft<'a> {
    text: String,
    /// Settings that were suggested, each once, with the table that they are of.
    suggested: Vec<(Option<&'a str>, String)>,
}

impl<'a> Draft<'a> {
    #[allow(clippy::new_ret_no_self)]
    fn new(database: &'a Database, doubt: Option<&DatabaseError>) -> ManifestDraft {
        let mut draft = Self { text: HEAD.to_owned(), suggested: Vec::new() };
        draft.line(&format!("\nname = {}", toml_text(&database.name)));
        draft.comment("as_of = \"2025-12-31\"   # the day the data stands at, if it is not today");
        draft.comment("currency = \"USD\"");
        let mut settings = Settings::default();
        match doubt {
            None => draft.id(database, &mut settings),
            Some(doubt) => {
                draft.words(&format!("The activation ID has to be chosen: {}", doubt.message));
                settings.add(doubt.help_text());
                doubt
                    .help_text()
                    .lines()
                    .filter_map(|line| line.strip_prefix("# "))
                    .for_each(|line| draft.words(line));
            }
        }
        for note in &database.notes {
            draft.words(&note.message);
            settings.add(note.help_text());
        }
        for table in &database.tables {
            settings.add_notes(table);
        }
        settings.name_unknown(database);
        draft.suggest(&settings, None);
        for table in &database.tables {
            draft.table(table, &database.folder);
            draft.suggest(&settings, Some(&table.name));
        }
        draft.roles(&database.roles);
        ManifestDraft {
            text: draft.text,
            tables: database.tables.len(),
            suggestions: draft.suggested.len(),
            activation_id: doubt.is_none().then(|| database.default_id.clone()),
        }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A line that does nothing. Comments may hold no control characters.
    fn comment(&mut self, text: &str) {
        for line in text.lines() {
            let line: String =
                line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
            self.line(format!("# {line}").trim_end());
        }
    }

    /// The ID in force, for good where nothing can be found that would change it.
    fn id(&mut self, database: &Database, settings: &mut Settings) {
        let line = format!("id = {}", toml_text(&database.default_id));
        let is_there = database.tables.iter().any(|table| table.id_column(&database.default_id).is_some());
        if is_there && database.tables.iter().all(|table| table.content.is_ok()) {
            return self.line(&line);
        }
        self.words("The activation ID as far as can be told while a table cannot be used:");
        settings.lines.push((None, line));
    }

    /// A comment that is no line to be taken, broken where it is long.
    fn words(&mut self, text: &str) {
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && line.chars().count() + word.chars().count() >= WIDTH {
                self.comment(&line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.comment(&line);
    }

    fn table(&mut self, table: &Table, folder: &Path) {
        self.line(&format!("\n[tables.{}]", toml_key(&table.name)));
        match &table.content {
            Ok(content) => {
                let rows = content.rows.unwrap_or_default();
                let files = content.files.iter().map(|file| file.strip_prefix(folder).unwrap_or(file));
                let files: Vec<_> = files.take(3).map(|file| file.to_string_lossy()).collect();
                let more = content.files.len().saturating_sub(files.len());
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let are = if rows == 1 { "row" } else { "rows" };
                self.words(&format!("{rows} {are} in {}{more}", files.join(", ")));
                let columns: Vec<_> = content
                    .columns
                    .iter()
                    .map(|column| format!("{} {}", shortened(&column.name), column.data_type.id()))
                    .collect();
                self.words(&format!("columns: {}", columns.join(", ")));
            }
            Err(error) => self.words(&format!("cannot be used: {}", error.message)),
        }
        for note in &table.notes {
            let column = note.place.as_deref().map(|column| format!("{}: ", shortened(column)));
            self.words(&format!("{}{}", column.unwrap_or_default(), note.message));
        }
    }

    /// The lines that were suggested for a table, or for all, each of its own: several of one section go together.
    fn suggest(&mut self, settings: &Settings, table: Option<&'a str>) {
        for words in settings.words.iter().filter(|(of, _)| of.as_deref() == table).map(|(_, words)| words) {
            self.words(words);
        }
        for line in settings.lines.iter().filter(|(of, _)| of.as_deref() == table).map(|(_, line)| line) {
            if !self.suggested.iter().any(|(of, known)| *of == table && known == line) {
                self.suggested.push((table, line.clone()));
                self.comment(line);
            }
        }
    }

    fn roles(&mut self, roles: &Roles) {
        self.line("\n[roles]");
        self.comment("which table plays which part");
        for (role, table) in roles.named() {
            match table {
                Some(table) => self.line(&format!("{role} = {}", toml_text(table))),
                None => self.comment(&format!("{role} = \"TABLE\"")),
            }
        }
    }
}

/// What is suggested, line by line, and of which table.
#[derive(Default)]
struct Settings {
    lines: Vec<(Option<String>, String)>,
    words: Vec<(Option<String>, String)>,
}

impl Settings {
    /// What the notes of a table, or its error, suggest.
    fn add_notes(&mut self, table: &Table) {
        let notes = table.notes.iter().map(|note| note.help_text());
        let error = table.content.as_ref().err().map(|error| error.help_text());
        for help in notes.chain(error) {
            if !self.add(help) && !help.is_empty() {
                self.words.push((Some(table.name.clone()), help.to_owned()));
            }
        }
    }

    /// Lines of tables that have no section say for which they are.
    fn name_unknown(&mut self, database: &Database) {
        for (table, line) in &mut self.lines {
            if let Some(unknown) = table.take_if(|table| database.table(table).is_none()) {
                *line = format!("tables.{}.{line}", toml_key(&unknown));
            }
        }
    }

    /// Takes the lines from a help; false if there are none.
    fn add(&mut self, help: &str) -> bool {
        let blocks: Vec<Keys> = help.split("\nor\n").filter_map(|block| block.parse().ok()).collect();
        for (key, value) in blocks.iter().flatten() {
            match (key.as_str(), value) {
                ("tables", toml::Value::Table(tables)) => {
                    for (table, keys) in tables {
                        let lines =
                            keys.as_table().into_iter().flatten().flat_map(|(key, value)| lines(key, value));
                        self.lines.extend(lines.map(|line| (Some(table.clone()), line)));
                    }
                }
                _ => self.lines.extend(lines(key, value).into_iter().map(|line| (None, line))),
            }
        }
        !blocks.is_empty() && !help.is_empty()
    }
}

/// A key of a section, its parts on lines of their own, so that each can be taken by itself.
fn lines(key: &str, value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::Table(inner) => inner
            .iter()
            .map(|(part, value)| format!("{}.{} = {value}", toml_key(key), toml_key(part)))
            .collect(),
        value => {
            let mut line = toml_key(key);
            // A String takes whatever is written to it.
            let _ = write!(line, " = {value}");
            vec![line]
        }
    }
}
