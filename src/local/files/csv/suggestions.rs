//! What may be declared for a column of strings to have another type: notes with the lines for `database.toml`.

use super::type_inference::TypeInference;
use super::usual_words;
use super::value_rules::ValueRules;
use crate::database::Note;
use crate::diagnostic::{Diagnostic, shortened};
use crate::local::files::manifest;
use crate::segment::{DataType, Keyword as _};

/// A key of `csv` and its value, as TOML.
type Entry = (&'static str, String);

/// What may be said of a column of strings: why it is one, and each way out.
struct Suggestion {
    why: String,
    ways: Vec<Vec<Entry>>,
}

/// The note about a column that is a string only for want of a declaration; `None` for all others.
pub(crate) fn note(table: &str, column: &str, seen: &TypeInference, rules: &ValueRules) -> Option<Note> {
    let Suggestion { why, ways } = suggestion(seen, rules)?;
    let message = format!("{:?} is a string: {why}", shortened(column));
    Some(Diagnostic::new(message).with_help(lines(table, &ways)).at(Some(column.to_owned())))
}

/// The lines by which a text would fit a type, if there are any.
pub(crate) fn ways_out(table: &str, text: &str, data_type: DataType) -> Option<String> {
    let rules = ValueRules::default();
    let mut seen = TypeInference::new(&rules);
    seen.observe_text(text, false, &rules);
    let as_list = |entry: Entry| vec![vec![entry]];
    let ways = if seen.words != 0 {
        as_list(null(seen.words))
    } else if seen.is_padded {
        as_list(trim())
    } else {
        match data_type {
            DataType::Integer | DataType::Decimal => marks(&seen),
            DataType::Date | DataType::Datetime => dates(&seen),
            DataType::Boolean => answers(text),
            DataType::String => Vec::new(),
        }
    };
    (!ways.is_empty()).then(|| lines(table, &ways))
}

fn lines(table: &str, ways: &[Vec<Entry>]) -> String {
    let line = |entries: &Vec<Entry>| {
        let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        manifest::setting(table, "csv", &format!("{{ {} }}", entries.join(", ")))
    };
    ways.iter().map(line).collect::<Vec<_>>().join("\nor\n")
}

fn suggestion(seen: &TypeInference, rules: &ValueRules) -> Option<Suggestion> {
    let mut spoilers = Vec::new();
    let mut spoiled = Vec::new();
    if seen.words != 0 {
        spoilers.push(null(seen.words));
        spoiled.push(usual_words::nulls(seen.words).iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", "));
    }
    if seen.is_padded {
        spoilers.push(trim());
        spoiled.push("blanks around values".to_owned());
    }
    let spoiled = spoiled.join(" and ");
    if let Some(found) = seen.unspoilt_type(rules) {
        let why = format!("all else is {}, but for {spoiled}", found.data_type.id());
        return (!spoilers.is_empty()).then(|| Suggestion { why, ways: vec![spoilers] });
    }
    let contradicting = seen.contradicting(rules);
    let (why, ways) = if !contradicting.is_empty() {
        let key = |is_datetime| if is_datetime { "datetime" } else { "date" };
        let way = |format: &&super::date_format::DateFormat| vec![(key(format.is_datetime), text(&format.text))];
        ("several declared formats fit all values and read them differently", contradicting.iter().map(way).collect())
    } else if seen.has_currencies() {
        ("its values are sums of several currencies", Vec::new())
    } else {
        let (marks, dates) = (marks(seen), dates(seen));
        match (marks.len(), dates.len()) {
            (0, 0) => return None,
            (1, _) => ("its values are numbers with marks that are to be declared", marks),
            (0, 1) => ("its values are dates that do not begin with the year", dates),
            (0, _) => ("its values are dates that can be read in several ways", dates),
            (_, _) => ("its values are numbers that can be read in two ways", marks),
        }
    };
    let but = if spoiled.is_empty() { String::new() } else { format!(", but for {spoiled}") };
    let with_spoilers = |way: Vec<Entry>| way.into_iter().chain(spoilers.clone()).collect();
    Some(Suggestion { why: format!("{why}{but}"), ways: ways.into_iter().map(with_spoilers).collect() })
}

fn marks(seen: &TypeInference) -> Vec<Vec<Entry>> {
    let way = |marks: &&[(&'static str, char)]| {
        marks.iter().map(|(key, mark)| (*key, text(&mark.to_string()))).collect()
    };
    seen.usual_marks().iter().map(way).collect()
}

fn dates(seen: &TypeInference) -> Vec<Vec<Entry>> {
    let way = |(format, is_datetime): (String, bool)| {
        vec![(if is_datetime { "datetime" } else { "date" }, text(&format))]
    };
    seen.usual_dates().into_iter().map(way).collect()
}

fn answers(word: &str) -> Vec<Vec<Entry>> {
    let known = usual_words::ANSWERS.iter().filter(|(yes, no)| [yes, no].contains(&&word));
    known.map(|(yes, no)| vec![("yes", list(&[yes])), ("no", list(&[no]))]).collect()
}

fn null(words: u32) -> Entry {
    ("null", list(&usual_words::nulls(words)))
}

fn trim() -> Entry {
    ("trim", "true".to_owned())
}

fn list(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| text(word)).collect();
    format!("[{}]", words.join(", "))
}

/// A text as TOML has it, with quotes around that need no escape where there are some.
fn text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
