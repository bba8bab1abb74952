//! The dialects of CSV: what stands between fields, what encloses them.

use super::settings::{CsvSettings, Quote};

/// What may stand between fields where nothing is said.
pub(crate) const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How the records of a file are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// What stands between fields.
    pub separator: u8,
    /// What encloses fields; `None` where nothing does.
    pub quote: Option<u8>,
    /// What makes a quote within quotes part of the text: the quote itself where it is written twice.
    pub escape: u8,
    /// How lines begin that are no records.
    pub comment: Option<Box<str>>,
}

impl Default for Dialect {
    /// As RFC 4180 has it.
    fn default() -> Self {
        Self { separator: b',', quote: Some(b'"'), escape: b'"', comment: None }
    }
}

impl Dialect {
    /// The dialect of a file whose settings say so much: the rest is as RFC 4180 has it.
    pub fn stated(settings: &CsvSettings) -> Self {
        let quote = match settings.quote {
            None => Some(b'"'),
            Some(Quote::None) => None,
            Some(Quote::Byte(quote)) => Some(quote),
        };
        Self {
            separator: settings.separator.unwrap_or(b','),
            quote,
            escape: settings.escape.or(quote).unwrap_or(b'"'),
            comment: settings.comment.as_deref().map(Box::from),
        }
    }

    /// All that a file may be written in whose settings say so much, [`Self::stated`] first.
    pub fn possible(settings: &CsvSettings) -> Vec<Self> {
        let stated = Self::stated(settings);
        let mut all = vec![stated.clone()];
        let separators = settings.separator.map_or(SEPARATORS.to_vec(), |stated| vec![stated]);
        let quotes = settings.quote.map_or(vec![Some(b'"'), Some(b'\'')], |_| vec![stated.quote]);
        for separator in separators {
            for quote in quotes.iter().copied().filter(|quote| *quote != Some(separator)) {
                let doubled = quote.unwrap_or(b'"');
                let escapes = match (settings.escape, quote) {
                    (Some(escape), _) => vec![escape],
                    (None, None) => vec![doubled],
                    (None, Some(_)) => vec![doubled, b'\\'],
                };
                for escape in escapes {
                    let dialect = Self { separator, quote, escape, comment: stated.comment.clone() };
                    if !all.contains(&dialect) {
                        all.push(dialect);
                    }
                }
            }
        }
        all
    }

    /// Whether quotes are as they are stated, or as RFC 4180 has them.
    pub fn has_plain_quotes(&self, settings: &CsvSettings) -> bool {
        let stated = Self::stated(settings);
        (self.quote, self.escape) == (stated.quote, stated.escape)
    }

    /// Whether this is a blank that may stand between a separator and a quote.
    pub fn is_blank(&self, byte: u8) -> bool {
        matches!(byte, b' ' | b'\t') && byte != self.separator
    }

    /// Whether a line that begins like this is no record.
    pub fn is_comment(&self, line: &[u8]) -> bool {
        self.comment.as_ref().is_some_and(|comment| line.starts_with(comment.as_bytes()))
    }

    /// Whether this behind the escape is part of the text within quotes.
    pub fn is_escapable(&self, byte: u8) -> bool {
        byte == self.escape || Some(byte) == self.quote
    }

    /// What stands between fields, as one says it: `semicolons`.
    pub fn separators(&self) -> String {
        match self.separator {
            b',' => "commas".to_owned(),
            b';' => "semicolons".to_owned(),
            b'\t' => "tabs".to_owned(),
            b'|' => "vertical bars".to_owned(),
            b' ' => "blanks".to_owned(),
            other => format!("{:?}", char::from(other).to_string()),
        }
    }

    /// The keys of the manifest's `csv` that say in what this differs from what is stated.
    pub fn settings(&self, settings: &CsvSettings) -> String {
        let stated = Self::stated(settings);
        let mut keys = Vec::new();
        if self.separator != stated.separator {
            keys.push(format!("separator = {}", toml_character(self.separator)));
        }
        if let Some(quote) = self.quote.filter(|_| self.quote != stated.quote) {
            keys.push(format!("quote = {}", toml_character(quote)));
        }
        if self.quote != Some(self.escape) && self.escape != stated.escape {
            keys.push(format!("escape = {}", toml_character(self.escape)));
        }
        format!("{{ {} }}", keys.join(", "))
    }
}

/// A character as TOML has it.
pub(crate) fn toml_character(byte: u8) -> String {
    match byte {
        b'\t' => "\"\\t\"".to_owned(),
        b'"' | b'\\' => format!("'{}'", char::from(byte)),
        byte => format!("\"{}\"", char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stated_is_not_looked_for() {
        let all = Dialect::possible(&CsvSettings::default());
        assert_eq!((all.len(), &all[0]), (16, &Dialect::default()));
        let settings = CsvSettings { separator: Some(b'~'), ..CsvSettings::default() };
        assert_eq!(Dialect::possible(&settings).len(), 4);
        let settings = CsvSettings { quote: Some(Quote::None), ..settings };
        assert_eq!(Dialect::possible(&settings), [Dialect::stated(&settings)]);
    }

    #[test]
    fn the_setting_says_what_is_not_stated() {
        let dialect = Dialect { separator: b'\t', escape: b'\\', ..Dialect::default() };
        assert_eq!(dialect.settings(&CsvSettings::default()), "{ separator = \"\\t\", escape = '\\' }");
    }
}
