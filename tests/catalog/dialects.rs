//! Tables that are written in random dialects of CSV (`docs/files.md`) are read as the same tables, or refused.

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use segtui::local::files::open;
use tempfile::TempDir;

use super::texts;

/// A value; `None` is NULL, which is an empty field without quotes.
type Value = Option<String>;

const NAMES: [&str; 4] = ["customer_id", "one", "two", "three"];

#[derive(Clone, Debug)]
struct Table {
    /// Beside the id.
    columns: usize,
    rows: Vec<Vec<Value>>,
}

#[derive(Clone, Debug)]
struct Dialect {
    separator: char,
    quote: char,
    /// What makes a quote part of the text within quotes: the quote itself or a backslash.
    escape: char,
    encoding: Encoding,
    /// How each line ends, in turn.
    line_ends: Vec<&'static str>,
    ends_in_separator: bool,
    /// After which line blank ones stand.
    blank_line: Option<usize>,
    quotes_everything: bool,
    ends_in_line_end: bool,
    is_declared: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16Le,
    Utf16Be,
    /// Only where it is declared.
    Windows1252,
}

fn tables() -> impl Strategy<Value = Table> {
    let value = prop_oneof![
        2 => Just(None),
        1 => Just(Some(String::new())),
        6 => "[a-c;,|\t\"'\\\\é€0-9 .\r\n]{1,6}".prop_map(Some),
        4 => "[a-z]{1,5}".prop_map(Some),
    ];
    (1_usize..4).prop_flat_map(move |columns| {
        let rows = prop::collection::vec(prop::collection::vec(value.clone(), columns), 0..8);
        rows.prop_map(move |rows| Table { columns, rows })
    })
}

fn dialects() -> impl Strategy<Value = Dialect> {
    use Encoding::{Utf8, Utf8WithMark, Utf16Be, Utf16Le, Windows1252};
    let encoding = prop::sample::select(vec![Utf8, Utf8, Utf8WithMark, Utf16Le, Utf16Be, Windows1252]);
    let line_ends = prop::sample::subsequence(vec!["\n", "\r\n", "\r", "\r\r\n"], 1..=4);
    let signs = (prop::sample::select(vec![',', ';', '\t', '|']), any::<bool>(), any::<bool>(), encoding);
    let more = (any::<bool>(), prop::option::of(0_usize..4), any::<bool>(), any::<bool>(), any::<bool>());
    (signs, line_ends, more).prop_map(|((separator, is_single, is_backslash, encoding), line_ends, more)| {
        let (ends_in_separator, blank_line, quotes_everything, ends_in_line_end, is_declared) = more;
        // What has one reading by commas, or none, is told only by whoever wrote it.
        let is_declared = is_declared || is_single || is_backslash || encoding == Windows1252;
        let quote = if is_single { '\'' } else { '"' };
        let escape = if is_backslash { '\\' } else { quote };
        Dialect {
            separator,
            quote,
            escape,
            encoding,
            line_ends,
            ends_in_separator,
            blank_line,
            quotes_everything,
            ends_in_line_end,
            is_declared,
        }
    })
}

impl Dialect {
    fn field(&self, value: &Value) -> String {
        let Some(text) = value else { return String::new() };
        let special = [self.separator, self.quote, self.escape, '\r', '\n'];
        if !self.quotes_everything && !text.is_empty() && !text.contains(special) {
            return text.clone();
        }
        let mut field = String::from(self.quote);
        for letter in text.chars() {
            if letter == self.quote || letter == self.escape {
                field.push(self.escape);
            }
            field.push(letter);
        }
        field.push(self.quote);
        field
    }

    fn write(&self, table: &Table) -> Vec<u8> {
        let header: Vec<Value> = NAMES.map(|name| Some(name.to_owned())).into();
        let rows = table.rows.iter().enumerate().map(|(at, row)| {
            std::iter::once(Some(format!("k{at}"))).chain(row.iter().cloned()).collect::<Vec<_>>()
        });
        let lines: Vec<Vec<Value>> = std::iter::once(header[..=table.columns].to_vec()).chain(rows).collect();
        let mut text = String::new();
        let mut line_ends = self.line_ends.iter().cycle();
        for (at, line) in lines.iter().enumerate() {
            let fields: Vec<String> = line.iter().map(|value| self.field(value)).collect();
            text.push_str(&fields.join(&self.separator.to_string()));
            if self.ends_in_separator {
                text.push(self.separator);
            }
            if at + 1 < lines.len() || self.ends_in_line_end {
                text.push_str(line_ends.next().unwrap());
            }
            if self.blank_line == Some(at) && at + 1 < lines.len() {
                text.push_str(line_ends.next().unwrap());
            }
        }
        let utf16 = |to: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(to).collect()
        };
        match self.encoding {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Utf8WithMark => format!("\u{feff}{text}").into_bytes(),
            Encoding::Utf16Le => utf16(u16::to_le_bytes),
            Encoding::Utf16Be => utf16(u16::to_be_bytes),
            Encoding::Windows1252 => {
                let byte = |letter| match letter {
                    '€' => 0x80,
                    'é' => 0xe9,
                    letter => u8::try_from(letter).unwrap(),
                };
                text.chars().map(byte).collect()
            }
        }
    }

    /// What a person would write into the manifest. All other columns are texts, so that they are read as they stand.
    fn manifest(&self, columns: usize) -> String {
        let types: Vec<String> =
            NAMES[1..=columns].iter().map(|name| format!("{name} = \"string\"")).collect();
        let types = format!("[tables.t]\ntypes = {{ {} }}\n", types.join(", "));
        if !self.is_declared {
            return types;
        }
        let text = |letter: char| toml::Value::String(letter.to_string()).to_string();
        let [separator, quote, escape] = [self.separator, self.quote, self.escape].map(text);
        let encoding =
            if self.encoding == Encoding::Windows1252 { ", encoding = \"windows-1252\"" } else { "" };
        format!("{types}csv = {{ separator = {separator}, quote = {quote}, escape = {escape}{encoding} }}\n")
    }
}

#[test]
fn a_table_in_any_dialect_is_the_same_or_refused() {
    let config = Config { cases: 1500, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, random)
        .run(&(tables(), dialects()), |(table, dialect)| check(&table, &dialect))
        .unwrap();
}

fn check(table: &Table, dialect: &Dialect) -> Result<(), TestCaseError> {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("t.csv"), dialect.write(table)).unwrap();
    fs::write(folder.path().join("database.toml"), dialect.manifest(table.columns)).unwrap();
    let database = open(folder.path(), &|_| {});
    let read = database.as_ref().is_ok_and(|database| database.tables[0].content.is_ok());
    if !read {
        prop_assert!(!dialect.is_declared && dialect.separator != ',', "it is declared, or usual");
        return Ok(());
    }
    let database = database.unwrap();
    let ids: Vec<Value> = (0..table.rows.len()).map(|at| Some(format!("k{at}"))).collect();
    prop_assert_eq!(texts(&database, "t", "customer_id"), ids);
    for (at, name) in NAMES[1..=table.columns].iter().enumerate() {
        let values: Vec<Value> = table.rows.iter().map(|row| row[at].clone()).collect();
        prop_assert_eq!(texts(&database, "t", name), values, "{}", name);
    }
    Ok(())
}
