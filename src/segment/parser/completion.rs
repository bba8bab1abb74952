//! What may follow at a place of a line.

use std::collections::{HashMap, HashSet};

use super::expected::{Expected, FUNCTION_HINTS, KeywordHint, ListKind};
use super::operator::short_forms;
use super::parser::Parser;
use crate::segment::name_matching::{self, is_proper_prefix, quote};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::{AggregateFunction, Arity, Behaviour, Keyword, Operator};
use crate::segment::words::{self, behaviour, column_words, segment_words, table_words};

/// What may follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// Where what is being typed begins, in bytes of the text.
    pub from: usize,
    /// The offers, in order; those that begin before `from` continue what is there to the letter.
    pub items: Vec<Completion>,
    /// The column whose values may follow.
    pub values: Option<ValueColumn>,
}

/// Something that may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Where it begins, in bytes of the text.
    pub from: usize,
    /// What is shown and searched for.
    pub label: String,
    /// Something short beside it.
    pub detail: String,
    /// What is written.
    pub text: String,
}

/// A column whose values may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueColumn {
    pub table: String,
    pub column: String,
}

/// Dates that are asked for often.
const DATES: [&str; 10] = [
    "today",
    "yesterday",
    "7 days ago",
    "30 days ago",
    "3 months ago",
    "6 months ago",
    "1 year ago",
    "2 years ago",
    "start of month",
    "start of year",
];

/// What may follow at the end of the text, which is the line up to the cursor.
#[must_use]
pub fn complete(text: &str, schema: &dyn Schema) -> Completions {
    let mut parser = Parser::new(text, schema);
    // Whether the text is a condition already does not matter here.
    let _ = parser.line();
    let mut expected = std::mem::take(&mut parser.expected);
    // What is being typed begins where a word can begin.
    let is_open = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.is_empty()
            || before.ends_with(|letter: char| letter.is_whitespace() || ":,=<>~!(".contains(letter))
    };
    expected.retain(|(at, _)| is_open(*at));
    let from = expected.iter().map(|(at, _)| *at).max().unwrap_or(0);
    let mut found = Completions { from, ..Completions::default() };
    let typed = text.get(from..).unwrap_or_default();
    let mut seen = HashSet::new();
    for (at, expected) in expected {
        let completer = Completer { schema, from: at, typed };
        if at == from {
            if let Expected::Text { table, column } = &expected {
                found.values = Some(ValueColumn { table: table.clone(), column: column.clone() });
            }
            found.items.extend(completer.items(&expected));
        } else {
            let before = text.get(at..).unwrap_or_default();
            let going_on = completer
                .items(&expected)
                .into_iter()
                .filter(|completion| is_proper_prefix(before, &completion.label));
            found.items.splice(0..0, going_on);
        }
    }
    found.items.retain(|completion| seen.insert((completion.from, completion.text.clone())));
    found
}

struct Completer<'a> {
    schema: &'a dyn Schema,
    from: usize,
    /// What stands at the place already.
    typed: &'a str,
}

impl Completer<'_> {
    fn completion(
        &self,
        label: impl Into<String>,
        detail: impl Into<String>,
        text: impl Into<String>,
    ) -> Completion {
        Completion { from: self.from, label: label.into(), detail: detail.into(), text: text.into() }
    }

    fn items(&self, expected: &Expected) -> Vec<Completion> {
        match expected {
            Expected::Start => self.start(),
            Expected::Subjects(table) => {
                let functions = FUNCTION_HINTS.iter().map(|word| self.word(word));
                self.columns(table).into_iter().chain(functions).collect()
            }
            Expected::Columns(table) => self.columns(table),
            Expected::Operands(tables, function) => self.operands(tables, *function),
            Expected::Operators(data_type) => {
                Operator::for_type(*data_type).iter().map(|op| self.operator(*op)).collect()
            }
            Expected::Text { .. } | Expected::Number => Vec::new(),
            Expected::Date => self.dates(),
            Expected::Words(words) => words.iter().map(|word| self.word(word)).collect(),
            Expected::Lists(kind) => self.lists(*kind),
        }
    }

    fn word(&self, completion: &KeywordHint) -> Completion {
        self.completion(completion.word, completion.detail, format!("{} ", completion.word))
    }

    fn operator(&self, op: Operator) -> Completion {
        let label = op.label();
        let short = short_forms(op).first().copied().unwrap_or_default();
        let text = if op.arity() == Arity::None { label.clone() } else { format!("{label} ") };
        self.completion(label, short, text)
    }

    fn start(&self) -> Vec<Completion> {
        let offered: Vec<String> = self.offered();
        let labels = self.labels(&offered);
        let tables = offered.iter().map(|table| {
            let words = table_words(self.schema, table);
            self.completion(self.schema.table_label(table), "table", format!("{words}: "))
        });
        let behaviours = Behaviour::ALL.iter().filter(|_| self.schema.items_table().is_ok()).map(|known| {
            let said = behaviour(*known);
            self.completion(said, "purchases", format!("{said} "))
        });
        let lists = ["Is a member of", "Is not a member of"].into_iter();
        let lists = lists.map(|said| self.completion(said, "customer list", format!("{said} ")));
        let functions = FUNCTION_HINTS.iter().map(|word| self.word(word));
        let mut found: Vec<Completion> = tables.chain(behaviours).chain(lists).chain(functions).collect();
        for table in &offered {
            let source = table_words(self.schema, table);
            let detail = self.schema.table_label(table);
            for (label, kind, words) in self.of_table(table) {
                let is_unambiguous = labels.get(&label.to_lowercase()).is_none_or(|tables| tables.len() < 2);
                let text = if is_unambiguous { format!("{words} ") } else { format!("{source}: {words} ") };
                found.push(self.completion(label, format!("{detail}  {kind}"), text));
            }
        }
        found
    }

    fn offered(&self) -> Vec<String> {
        let tables = self.schema.tables().into_iter().filter(|table| self.schema.is_offered(table));
        tables.map(str::to_owned).collect()
    }

    /// The tables in which something is called so.
    fn labels(&self, tables: &[String]) -> HashMap<String, HashSet<String>> {
        let mut labels: HashMap<String, HashSet<String>> = HashMap::new();
        for table in tables {
            for named in name_matching::columns(self.schema, table) {
                for text in [named.name, named.label] {
                    labels.entry(text.to_lowercase()).or_default().insert(table.clone());
                }
            }
        }
        labels
    }

    /// Label, type and words of each column.
    fn of_table(&self, table: &str) -> Vec<(String, &'static str, String)> {
        let columns = name_matching::columns(self.schema, table).into_iter().filter_map(|named| {
            let kind = self.schema.column_type(table, &named.name).ok()?.id();
            let words = column_words(self.schema, table, &named.name);
            Some((named.label, kind, words))
        });
        columns.collect()
    }

    fn columns(&self, table: &str) -> Vec<Completion> {
        let columns = self.of_table(table).into_iter();
        columns.map(|(label, kind, words)| self.completion(label, kind, format!("{words} "))).collect()
    }

    fn operands(&self, tables: &[String], function: AggregateFunction) -> Vec<Completion> {
        let labels = self.labels(tables);
        let mut found = Vec::new();
        for table in tables {
            let source = words::table_words(self.schema, table);
            for named in name_matching::columns(self.schema, table) {
                let data_type = self.schema.column_type(table, &named.name).ok();
                let is_alone = labels.get(&named.label.to_lowercase()).is_none_or(|tables| tables.len() < 2);
                if data_type.is_some_and(|of| function.result(Some(of)).is_some()) && is_alone {
                    let words = column_words(self.schema, table, &named.name);
                    found.push(self.completion(named.label, source.clone(), format!("{words} ")));
                }
            }
        }
        found
    }

    fn dates(&self) -> Vec<Completion> {
        let number: String = self.typed.chars().take_while(char::is_ascii_digit).collect();
        let count = number.parse::<u32>().ok().filter(|_| number.len() < 5);
        match count {
            Some(count) => {
                let plural = if count == 1 { "" } else { "s" };
                let units = ["day", "week", "month", "quarter", "year"];
                units
                    .map(|unit| format!("{count} {unit}{plural} ago"))
                    .map(|said| self.completion(said.clone(), "", said))
                    .into()
            }
            None => DATES.map(|said| self.completion(said, "", said)).into(),
        }
    }

    fn lists(&self, kind: Option<ListKind>) -> Vec<Completion> {
        let is_wanted = |of: ListKind| kind.is_none_or(|kind| kind == of);
        let prefix = |word: &str| if kind.is_none() { format!("{word} ") } else { String::new() };
        let mut found = Vec::new();
        if is_wanted(ListKind::Segment) {
            let segments = self.schema.segments();
            let completion = |(id, name): (&str, &str)| {
                let text = format!("{}{}", prefix("segment"), quote(&segment_words(self.schema, id)));
                self.completion(name, "segment", text)
            };
            found.extend(segments.into_iter().map(completion));
        }
        let stored =
            |path: &str, word: &str| self.completion(path, word, format!("{}{}", prefix(word), quote(path)));
        if is_wanted(ListKind::File) {
            found.extend(self.schema.list_files().into_iter().map(|path| stored(path, "file")));
        }
        if is_wanted(ListKind::Query) {
            found.extend(self.schema.list_queries().into_iter().map(|path| stored(path, "query")));
        }
        found
    }
}
