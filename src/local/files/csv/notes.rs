//! What is told of files that open all the same: what was detected in them, renamed or left out.

use std::path::Path;

use encoding_rs::UTF_8;

use super::csv_files::{CsvFile, CsvFiles};
use super::dialect::Dialect;
use super::request::CsvRequest;
use super::shape::{RecordCount, Tally};
use crate::database::Note;
use crate::diagnostic::{Diagnostic, shortened};
use crate::local::files::manifest::setting;

/// What may separate fields in a file that has one column: as one says it, as the manifest has it.
const OTHER_SEPARATORS: [(char, &str, &str); 5] = [
    ('\t', "tabs stand", "\\t"),
    (';', "\";\" stands", ";"),
    ('|', "\"|\" stands", "|"),
    ('^', "\"^\" stands", "^"),
    ('~', "\"~\" stands", "~"),
];

/// Of how many columns with a made-up name each is told.
const MOST_RENAMED: usize = 20;

/// The notes of a table whose files were looked at; `tallies` are of their records.
pub(crate) fn notes(files: &CsvFiles<'_>, tallies: &[Tally], wanted: &CsvRequest<'_>) -> Vec<Note> {
    let mut facts = Facts { wanted, found: Vec::new() };
    for file in &files.opened {
        facts.of_file(file);
    }
    for file in &files.empty {
        facts.add(None, "a file in which nothing stands is passed over".to_owned(), None, file);
    }
    let of_rows = rows(files, tallies, wanted);
    let mut notes = facts.notes(files.opened.len());
    notes.extend(of_rows);
    notes.extend(one_column(files, wanted));
    notes
}

/// Something that is told of a file, or of several.
struct Fact<'a> {
    column: Option<String>,
    message: String,
    /// The keys of `csv` that say so, or otherwise.
    keys: Option<String>,
    files: Vec<&'a Path>,
}

struct Facts<'a> {
    wanted: &'a CsvRequest<'a>,
    found: Vec<Fact<'a>>,
}

impl<'a> Facts<'a> {
    fn add(&mut self, column: Option<&str>, message: String, keys: Option<String>, file: &'a Path) {
        match self.found.iter_mut().find(|fact| fact.message == message && fact.column.as_deref() == column) {
            Some(known) => known.files.push(file),
            None => {
                let column = column.map(str::to_owned);
                self.found.push(Fact { column, message, keys, files: vec![file] });
            }
        }
    }

    fn of_file(&mut self, file: &CsvFile<'a>) {
        let settings = self.wanted.settings;
        let dialect = &file.dialect;
        if let Some(separator) = file.said_separator {
            let said = Dialect { separator, ..dialect.clone() }.separators();
            let message =
                format!("fields are separated by {said}, as the first line says, which is left out");
            self.add(None, message, None, file.file);
        } else if *dialect != Dialect::stated(settings) {
            self.add(
                None,
                detected(dialect, &Dialect::stated(settings)),
                Some(dialect.settings(settings)),
                file.file,
            );
        }
        if file.encoding != UTF_8 && settings.encoding != Some(file.encoding) {
            let name = file.encoding.name();
            let keys = format!("{{ encoding = \"{}\" }}", name.to_lowercase());
            self.add(None, format!("the text is encoded as {name}"), Some(keys), file.file);
        }
        for (name, own) in file.renamed.iter().take(MOST_RENAMED) {
            let own_name = shortened(own);
            let message = match shortened(name) {
                name if name.is_empty() => {
                    format!("it has no name in the header, and is called {own_name:?}")
                }
                name => format!("another column is named {name:?}: this one is called {own_name:?}"),
            };
            self.add(Some(own), message, None, file.file);
        }
        let more = file.renamed.len().saturating_sub(MOST_RENAMED);
        if more > 0 {
            let message = format!("{more} more columns have no name, or one that is taken, and are numbered");
            self.add(None, message, None, file.file);
        }
        if file.nameless > 0 {
            let message = "the header ends in fields without a name, which are left out".to_owned();
            self.add(None, message, None, file.file);
        }
        if file.looks_like_values {
            let message = "the names of the columns look like a row".to_owned();
            self.add(None, message, Some("{ header = false }".to_owned()), file.file);
        }
    }

    /// The facts as notes: which file is meant is told where it is not every one.
    fn notes(self, opened: usize) -> Vec<Note> {
        let note = |fact: Fact<'_>| {
            let is_of_all = fact.files.len() == opened && !fact.message.contains("nothing stands");
            let of = if is_of_all { String::new() } else { format!(" ({})", named(&fact.files)) };
            let table = self.wanted.table.filter(|_| is_of_all);
            let help = table.zip(fact.keys).map(|(table, keys)| setting(table, "csv", &keys));
            Diagnostic::new(fact.message + &of).with_help(help.unwrap_or_default()).at(fact.column)
        };
        self.found.into_iter().map(note).collect()
    }
}

fn detected(dialect: &Dialect, stated: &Dialect) -> String {
    let mut parts = Vec::new();
    if dialect.separator != stated.separator {
        parts.push(format!("separated by {}", dialect.separators()));
    }
    if let Some(quote) = dialect.quote.filter(|_| dialect.quote != stated.quote) {
        parts.push(format!("enclosed in {}", char::from(quote)));
    }
    if dialect.quote != Some(dialect.escape) && dialect.escape != stated.escape {
        parts.push(format!("escaped by {}", char::from(dialect.escape)));
    }
    format!("fields are {}", parts.join(" and "))
}

fn named(files: &[&Path]) -> String {
    let first = files.first().and_then(|file| file.file_name()).unwrap_or_default().to_string_lossy();
    let first = shortened(&first).into_owned();
    match files.len() {
        0 | 1 => first,
        2 => format!("{first} and one more file"),
        count => format!("{first} and {} more files", count - 1),
    }
}

/// What came of records that have more or fewer fields than the header.
fn rows(files: &CsvFiles<'_>, tallies: &[Tally], wanted: &CsvRequest<'_>) -> Vec<Note> {
    let note = |count: fn(&Tally) -> RecordCount, one: &str, more: &str| {
        let all: u64 = tallies.iter().map(|tally| count(tally).count).sum();
        let (at, first) = tallies.iter().map(count).enumerate().find(|(_, count)| count.count > 0)?;
        let of_part = match wanted.files.len() {
            1 => String::new(),
            _ => format!(" of {}", named(&[files.file(at)])),
        };
        let lines = if all == 1 { format!("1 line {one}") } else { format!("{all} lines {more}") };
        Some(Diagnostic::new(format!("{lines} (first line {}{of_part})", first.line)).at(None))
    };
    let found = [
        note(
            |tally| tally.misfits,
            "with another number of fields than the header is left out",
            "with another number of fields than the header are left out",
        ),
        note(
            |tally| tally.filled,
            "has fewer fields than the header: the rest is NULL",
            "have fewer fields than the header: the rest is NULL",
        ),
        note(
            |tally| tally.longer,
            "ends in empty fields that no column has, which are left out",
            "end in empty fields that no column has, which are left out",
        ),
    ];
    found.into_iter().flatten().collect()
}

/// Separators in the name of the only column of a file.
fn one_column(files: &CsvFiles<'_>, wanted: &CsvRequest<'_>) -> Option<Note> {
    let only = files.opened.iter().filter(|file| file.rules.width == 1).find_map(|file| {
        let own = file.column_order.iter().position(|position| *position == Some(0))?;
        let name = files.names().get(own)?;
        let separator = OTHER_SEPARATORS.into_iter().find(|(letter, ..)| name.contains(*letter))?;
        Some((name, separator))
    });
    let (only, (_, stand, key)) = only?;
    let message = format!("{stand} in the name of the only column, as if fields were separated so");
    let keys = format!("{{ separator = \"{key}\" }}");
    let help = wanted.table.map(|table| setting(table, "csv", &keys)).unwrap_or_default();
    Some(Diagnostic::new(message).with_help(help).at(Some(only.clone())))
}
