//! All that there is to say of a table or of the database: why it cannot be used, what was noticed about its
//! files, and the lines for `database.toml`, which can be copied.

use crate::app::action::{Action, Context};
use crate::app::effect::Effect;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::message::Message;
use crate::app::view::View;
use crate::database::{Database, Note, Origin, Table, joined, setting, shown_name, toml_key, toml_text};
use crate::diagnostic::{HelpPart, help_parts};

/// How many columns are offered as the one that holds the activation ID.
const CANDIDATES: usize = 3;

/// What there is to say, one thing after the other.
#[derive(Clone, Debug)]
pub struct Notes {
    /// What it is about.
    pub title: String,
    /// What is said.
    pub lines: Vec<NoteLine>,
    /// The line of the cursor.
    pub cursor: usize,
}

/// A paragraph of what is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteLine {
    /// What is wrong, or what was noticed.
    Message(NoteKind, String),
    /// Where that is.
    Place(String),
    /// What to do, in words.
    Help(String),
    /// Lines for `database.toml`.
    Paste(String),
}

/// How much is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// The table cannot be read.
    Damaged,
    /// It can be read, but nothing can be asked of it.
    Missing,
    /// It can be used.
    Noticed,
}

impl Notes {
    /// What there is to say of a table, if there is anything.
    pub(super) fn of_table(table: &Table, activation_id: &str) -> Option<Self> {
        let mut lines = Vec::new();
        match &table.content {
            Err(error) => {
                lines.push(NoteLine::Message(NoteKind::Damaged, error.message.clone()));
                let place = crate::diagnostic::PlaceName::place_name(&error.place);
                lines.extend(place.filter(|place| !place.is_empty()).map(NoteLine::Place));
                lines.extend(help(error.help_text()));
            }
            Ok(_) if table.id_column(activation_id).is_none() => {
                lines.push(NoteLine::Message(NoteKind::Missing, missing_id(activation_id)));
                lines.extend(help(&ways_to_an_id(table, activation_id)));
            }
            Ok(_) => {}
        }
        lines.extend(table.notes.iter().flat_map(noticed));
        lines.extend(together(&lines));
        Self::new(table.title(), lines)
    }

    /// What there is to say of the database as a whole, if there is anything.
    pub(super) fn of_database(database: &Database) -> Option<Self> {
        Self::new(&database.name, database.notes.iter().flat_map(noticed).collect())
    }

    /// The cursor starts at what is to be copied.
    fn new(title: &str, lines: Vec<NoteLine>) -> Option<Self> {
        let cursor = lines.iter().position(|line| matches!(line, NoteLine::Paste(_))).unwrap_or_default();
        let is_empty = lines.is_empty();
        (!is_empty).then(|| Self { title: title.to_owned(), lines, cursor })
    }

    /// What is copied: the lines at the cursor, else the next ones for what is said there.
    #[must_use]
    pub fn to_copy(&self) -> Option<&str> {
        let after = self.lines.iter().enumerate().skip(self.cursor);
        let of_message =
            after.take_while(|(at, line)| *at == self.cursor || !matches!(line, NoteLine::Message(..)));
        of_message.into_iter().find_map(|(_, line)| match line {
            NoteLine::Paste(lines) => Some(lines.as_str()),
            _ => None,
        })
    }

    fn copy(&self, cx: &mut Cx<'_>) {
        if let Some(lines) = self.to_copy() {
            cx.session.request(Effect::Copy(format!("{lines}\n")));
            cx.session.notify(Message::done(
                "copied: paste it into database.toml, the database is read again then",
            ));
        }
    }
}

/// What is missing of a table without the activation ID.
fn missing_id(activation_id: &str) -> String {
    format!("it has no column {activation_id:?}, the activation ID, so that its rows are nobody's")
}

/// What a note says, with the column that it is about.
pub(crate) fn sentence(note: &Note) -> String {
    match &note.place {
        Some(column) => format!("{}: {}", shown_name(column), note.message),
        None => note.message.clone(),
    }
}

/// A note, with what it is about and what to do.
fn noticed(note: &Note) -> Vec<NoteLine> {
    let message = NoteLine::Message(NoteKind::Noticed, sentence(note));
    std::iter::once(message).chain(help(note.help_text())).collect()
}

/// What is to be pasted where all is to be taken for which there is one way out: a table has one section.
fn together(lines: &[NoteLine]) -> Vec<NoteLine> {
    let of_each = lines.split(|line| matches!(line, NoteLine::Message(..)));
    let only = of_each.filter_map(|lines| {
        let mut ways = lines.iter().filter_map(|line| match line {
            NoteLine::Paste(lines) => Some(lines.as_str()),
            _ => None,
        });
        ways.next().filter(|_| ways.next().is_none())
    });
    let only: Vec<&str> = only.collect();
    let Some(text) = joined(&only).filter(|_| only.len() > 1) else { return Vec::new() };
    let message = "these lines together, as a table has one section in database.toml".to_owned();
    vec![NoteLine::Message(NoteKind::Noticed, message), NoteLine::Paste(text)]
}

fn help(help: &str) -> Vec<NoteLine> {
    let line = |part| match part {
        HelpPart::Words(words) => NoteLine::Help(words),
        HelpPart::Lines(lines) => NoteLine::Paste(lines),
    };
    help_parts(help).into_iter().map(line).collect()
}

/// What gives a table the activation ID.
fn ways_to_an_id(table: &Table, activation_id: &str) -> String {
    match table.origin {
        Origin::List(_) => return format!("name its column of ids {activation_id:?}"),
        Origin::Query(_) => return format!("add {activation_id} to what it selects"),
        Origin::Database => {}
    }
    let columns = table.columns().map(|column| column.name.as_str());
    let mut ids: Vec<&str> = columns.filter(|name| name.to_lowercase().ends_with("id")).collect();
    let letters = |name: &str| -> String {
        name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    // One that is only spelled otherwise goes first.
    ids.sort_by_key(|name| letters(name) != letters(activation_id));
    let entries: Vec<String> = ids
        .into_iter()
        .take(CANDIDATES)
        .map(|column| {
            let value = format!("{{ {} = {} }}", toml_key(activation_id), toml_text(column));
            setting(&table.name, "id", &value)
        })
        .collect();
    match entries.as_slice() {
        [] => "if a column of another name has the ids, name it in database.toml".to_owned(),
        entries => format!("if a column of another name has the ids, say which:\n{}", entries.join("\nor\n")),
    }
}

impl Layer for Notes {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Notes]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::CopyLines => Check::only_if(self.to_copy().is_some(), "there are no lines to copy here"),
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.cursor = self.cursor.saturating_add_signed(by).min(self.lines.len().saturating_sub(1));
            return Outcome::stay();
        }
        match action {
            Action::CopyLines => self.copy(cx),
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }
}
