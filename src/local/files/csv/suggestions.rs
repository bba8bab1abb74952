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
        spoiled.push(
            usual_words::nulls(seen.words)
                .iter()
                .map(|word| format!("{word:?}"))
                .collect::<Vec<_>>()
                .join(", "),
        );
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
        let way =
            |format: &&super::date_format::DateFormat| vec![(key(format.is_datetime), text(&format.text))];
        (
            "several declared formats fit all values and read them differently",
            contradicting.iter().map(way).collect(),
        )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::csv::CsvSettings;

    /// The reason and the lines that are told of a column, without the table's name.
    fn told(toml: &str, values: &[&str]) -> Option<(String, Vec<String>)> {
        let rules = ValueRules::new(&toml::from_str::<CsvSettings>(toml).unwrap().values);
        let mut seen = TypeInference::new(&rules);
        for value in values {
            // As they would stand in quotes: "…".
            let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            seen.observe_text(quoted.unwrap_or(value), quoted.is_some(), &rules);
        }
        let note = note("t", "c", &seen, &rules)?;
        assert_eq!(note.place.as_deref(), Some("c"));
        let why = note.message.strip_prefix("\"c\" is a string: ").unwrap().to_owned();
        let lines = note.help_text().split("\nor\n").filter(|lines| !lines.is_empty());
        let line = |lines: &str| {
            let parsed: crate::local::files::manifest::ManifestValues = toml::from_str(lines).unwrap();
            ValueRules::check(&parsed.tables["t"].csv.values).unwrap();
            lines.strip_prefix("[tables.t]\ncsv = ").unwrap().to_owned()
        };
        Some((why, lines.map(line).collect()))
    }

    fn lines(values: &[&str]) -> Vec<String> {
        told("", values).map_or_else(Vec::new, |(_, lines)| lines)
    }

    #[test]
    fn marks_of_numbers_are_told() {
        let (comma, thousands) = ("{ decimal = \",\" }", "{ thousands = \",\" }");
        let (point, groups) = ("{ decimal = \".\" }", "{ decimal = \",\", thousands = \".\" }");
        assert_eq!(lines(&["12,5", "0,99", "7"]), [comma]);
        assert_eq!(lines(&["1,234.50", "12,000.00", "7.25"]), [thousands]);
        assert_eq!(lines(&["1,234", "5,678"]), [thousands, comma]);
        assert_eq!(lines(&["1,234,567", "1"]), [thousands]);
        assert_eq!(lines(&["1.234,50", "7", "1.234"]), [groups]);
        assert_eq!(lines(&["1.234.567"]), [""; 0], "as long as a telephone number");
        assert_eq!(lines(&["1.234.567", "1.234", "3"]), [groups]);
        assert_eq!(lines(&["$5.00", "($7.25)"]), [point]);
        assert_eq!(lines(&["$1.234", "$5.678"]), [point, groups]);
        assert_eq!(lines(&["$5", "$7"]), [point]);
        assert_eq!(lines(&["1 234,50", "7"]), ["{ decimal = \",\", thousands = \" \" }"]);
        assert_eq!(lines(&["1'234.50", "7"]), ["{ thousands = \"'\" }"]);
        assert_eq!(told("", &["$5", "€7"]).unwrap().1, [""; 0]);
        assert_eq!(told("decimal = \",\"", &["1.5", "2"]).unwrap().1, [point]);
    }

    #[test]
    fn formats_of_dates_are_told() {
        assert_eq!(lines(&["28/01/2025", "03/02/2025"]), ["{ date = \"%d/%m/%Y\" }"]);
        let both = ["{ date = \"%d/%m/%Y\" }", "{ date = \"%m/%d/%Y\" }"];
        assert_eq!(lines(&["01/02/2025"]), both);
        assert_eq!(lines(&["03.02.2025 17:05"]), ["{ datetime = \"%d.%m.%Y %H:%M\" }"]);
        let (why, contradicting) = told("date = [\"%d/%m/%Y\", \"%m/%d/%Y\"]", &["01/02/2025"]).unwrap();
        assert_eq!(contradicting, both);
        assert!(why.contains("differently"), "{why}");
    }

    #[test]
    fn words_and_blanks_are_told() {
        assert_eq!(lines(&["34", "NA", "41"]), ["{ null = [\"NA\"] }"]);
        assert_eq!(lines(&["29.85", " ", "7"]), ["{ trim = true }"]);
        assert_eq!(lines(&[" 29.85", "7 "]), ["{ trim = true }"]);
        assert_eq!(lines(&["true", "\\N"]), ["{ null = ['\\N'] }"]);
        assert_eq!(lines(&["2024-01-31", "-"]), ["{ null = [\"-\"] }"]);
        assert_eq!(lines(&["12,5", "NA", " 7"]), ["{ decimal = \",\", null = [\"NA\"], trim = true }"]);
        let (why, _) = told("", &["34", "NA"]).unwrap();
        assert_eq!(why, "all else is integer, but for \"NA\"");
    }

    #[test]
    fn codes_and_texts_are_passed_over() {
        let quiet: [&[&str]; 16] = [
            &["02113", "98101"],
            &["+15550100", "555-0101"],
            &["555 123 456", "555 123 457"],
            &["555.123.456"],
            &["1.2.3", "10.0.1", "2.0"],
            &["2024/13", "2024/14"],
            &["2024-31-12"],
            &["NA", "DE"],
            &["NA", "-"],
            &["None", "High"],
            &["7", "\"NA\""],
            &["7", "\" 8\""],
            &["34", "NA", "x"],
            &["28/01/2025", "1,5"],
            &["12 PCS"],
            &["7"],
        ];
        for values in quiet {
            assert_eq!(told("", values), None, "{values:?}");
        }
    }

    #[test]
    fn a_misfit_has_a_way_out_where_there_is_one() {
        let ways = |text: &str, data_type| ways_out("t", text, data_type);
        let decimal = Some("[tables.t]\ncsv = { decimal = \",\" }".to_owned());
        assert_eq!(ways("1,5", DataType::Decimal), decimal);
        assert_eq!(ways("NA", DataType::Integer), Some("[tables.t]\ncsv = { null = [\"NA\"] }".to_owned()));
        let yes = Some("[tables.t]\ncsv = { yes = [\"Y\"], no = [\"N\"] }".to_owned());
        assert_eq!(ways("Y", DataType::Boolean), yes);
        assert!(ways("1/2/2025", DataType::Date).unwrap().contains("\nor\n"));
        for (text, data_type) in
            [("x", DataType::Integer), ("28/01/2025", DataType::Decimal), ("1,5", DataType::Date)]
        {
            assert_eq!(ways(text, data_type), None, "{text}");
        }
    }
}
