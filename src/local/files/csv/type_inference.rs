//! What type a CSV column has: the first in order that every value fits (`docs/reference/database.md`, Types), and what
//! would have to be declared for it to have another.

use super::currency::Currency;
use super::date_format::DateFormat;
use super::number_marks::BareNumber;
use super::open_types::{
    AGREE, COMMA, EVERY, IS_LONG, NO_MARK, ORDER, Open, PHONE_GROUPS, POINT, USUAL_MARKS, by_formats, plain,
};
use super::records::CsvField;
use super::usual_dates::UsualDates;
use super::usual_words;
use super::value_rules::{DateReading, ValueRules};
use crate::local::files::value_parser::{self, LONG, Look};
use crate::segment::DataType;

/// The type of a column and how its dates are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ColumnType {
    pub data_type: DataType,
    pub dates: DateReading,
}

/// What is still possible for a column after the values seen so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeInference {
    open: Open,
    /// Nothing is open.
    is_hopeless: bool,
    /// Which kinds of plain values were taken into account, as bits of [`Look`].
    kinds: u8,
    has_value: bool,
    /// Words that usually mean NULL, as bits of [`usual_words::NULLS`].
    pub words: u32,
    /// Whether blanks stand around bare values, or are all of them.
    pub is_padded: bool,
    currency: Option<Currency>,
    has_currencies: bool,
}

impl TypeInference {
    /// Before any value.
    pub fn new(rules: &ValueRules) -> Self {
        let has_formats = !rules.formats.is_empty();
        let open = Open {
            types: (1 << ORDER.len()) - 1,
            marks: u16::MAX,
            dates: UsualDates::ALL,
            formats: if has_formats { u32::MAX } else { 0 },
            together: if has_formats { u8::MAX } else { 0 },
        };
        Self {
            open,
            is_hopeless: false,
            kinds: 0,
            has_value: false,
            words: 0,
            is_padded: false,
            currency: None,
            has_currencies: false,
        }
    }

    /// Takes one more value into account.
    pub(crate) fn observe(&mut self, field: &CsvField<'_>, rules: &ValueRules) {
        if field.is_empty() || self.is_hopeless {
            return;
        }
        let Some(value) = rules.value(field) else {
            return;
        };
        let text: &str = &value;
        if !text.is_empty() {
            self.observe_text(text, field.is_quoted(), rules);
        }
    }

    /// Takes one more text into account, which says something.
    pub(crate) fn observe_text(&mut self, text: &str, is_quoted: bool, rules: &ValueRules) {
        let look = value_parser::look(text);
        if let Some(look) = look.filter(|_| rules.is_plain()) {
            // Most values of a column are of one kind, and what that closes is closed.
            let kind = 1 << look as u8;
            if self.kinds & kind == 0 {
                self.kinds |= kind;
                self.takes(plain(look));
            }
            return;
        }
        self.observe_other(text, look, is_quoted, rules);
    }

    fn takes(&mut self, open: Open) {
        self.has_value = true;
        self.open = self.open.and(open);
        self.is_hopeless = self.open.is_none();
    }

    /// A value that looks like nothing, or where more is declared.
    fn observe_other(&mut self, text: &str, look: Option<Look>, is_quoted: bool, rules: &ValueRules) {
        let open = self.as_it_stands(text, look, rules);
        if open.is_none() && !is_quoted {
            let trimmed = text.trim();
            let word = usual_words::null(trimmed);
            self.is_padded |= trimmed.len() != text.len();
            self.words |= word;
            if word != 0 || trimmed.is_empty() {
                return;
            }
            if trimmed.len() != text.len() {
                let look = value_parser::look(trimmed);
                let open = self.as_it_stands(trimmed, look, rules);
                self.takes(open);
                return;
            }
        }
        self.takes(open);
    }

    /// What a text can be, so far as it is still asked.
    fn as_it_stands(&mut self, text: &str, look: Option<Look>, rules: &ValueRules) -> Open {
        // A sign or a digit stands in every number and date, but for the words of a person.
        let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
        let mut open = look.map_or(Open::NONE, plain);
        if !rules.is_plain() {
            open.types = self.declared_types(text, open.types, rules);
        }
        if has_digit && !rules.formats.is_empty() {
            (open.formats, open.together) = by_formats(text, look, rules);
        }
        if look.is_none() && has_digit {
            if self.open.marks & (POINT | COMMA) != 0 {
                open.marks = self.marks(text);
            }
            if !self.open.dates.is_none() {
                open.dates = UsualDates::of(text);
            }
        }
        open
    }

    /// The types of a text by what is declared of numbers and words; `plain` are those without.
    fn declared_types(&mut self, text: &str, plain: u8, rules: &ValueRules) -> u8 {
        let mut types = plain | u8::from(rules.boolean(text).is_some());
        if let Some(marks) = rules.marks {
            types &= !0b110;
            if let Some(number) = marks.read(text).filter(|number| number.is_plain) {
                types |= if number.is_whole() { 0b110 } else { 0b100 };
                self.sees(number.currency);
            }
        }
        types
    }

    /// The usual marks by which a text is a number.
    fn marks(&mut self, text: &str) -> u16 {
        let Some(bare) = BareNumber::of(text) else {
            return 0;
        };
        let mut marks = 0;
        for family in [POINT, COMMA] {
            let usual =
                USUAL_MARKS.iter().enumerate().filter(|(at, _)| (family & self.open.marks) >> at & 1 == 1);
            for (at, (usual, _)) in usual {
                let Some(number) = usual.read_bare(&bare) else {
                    continue;
                };
                // Without groups all of a family read the same.
                marks |= if !number.is_plain {
                    0
                } else if number.is_grouped() {
                    1 << at
                } else {
                    family
                };
                if !number.is_grouped() {
                    break;
                }
            }
        }
        if marks != 0 {
            self.sees(bare.currency);
        }
        let is_plain = bare.currency.is_none() && !text.contains(['(', ',', 'e', 'E']);
        let is_long = is_plain && text.bytes().filter(u8::is_ascii_digit).count() >= LONG;
        let no_mark = if text.contains(['.', ',']) { 0 } else { NO_MARK };
        marks | no_mark | if is_long { IS_LONG } else { 0 }
    }

    fn sees(&mut self, currency: Option<Currency>) {
        let differs = self.currency.is_some() && currency.is_some() && self.currency != currency;
        self.has_currencies |= differs;
        self.currency = self.currency.or(currency);
    }

    /// What is possible after the values of both.
    pub(crate) fn merge(mut self, other: &Self) -> Self {
        self.sees(other.currency);
        self.has_currencies |= other.has_currencies;
        let open = self.open.and(other.open);
        Self {
            open,
            is_hopeless: open.is_none(),
            kinds: self.kinds | other.kinds,
            has_value: self.has_value | other.has_value,
            words: self.words | other.words,
            is_padded: self.is_padded | other.is_padded,
            ..self
        }
    }

    /// The type if there are no more values.
    pub fn column_type(&self, rules: &ValueRules) -> ColumnType {
        let is_spoilt = self.words != 0 || self.is_padded;
        let string = ColumnType { data_type: DataType::String, dates: DateReading::Plain };
        self.unspoilt_type(rules).filter(|_| !is_spoilt).unwrap_or(string)
    }

    /// How the dates of a column are read whose type is stated.
    pub fn stated_dates(&self, rules: &ValueRules) -> DateReading {
        match self.declared(rules) {
            Ok(Some(found)) => found.dates,
            _ if rules.formats.is_empty() => DateReading::Plain,
            _ => DateReading::Any,
        }
    }

    /// The type but for words and blanks: what is declared goes before what is detected.
    pub fn unspoilt_type(&self, rules: &ValueRules) -> Option<ColumnType> {
        if !self.has_value {
            return None;
        }
        let types = ORDER.into_iter().enumerate().filter(|(at, _)| self.open.types >> at & 1 == 1);
        let is_sum = |data_type| matches!(data_type, DataType::Integer | DataType::Decimal);
        let mut types = types
            .map(|(_, data_type)| ColumnType { data_type, dates: DateReading::Plain })
            .filter(|found| !(self.has_currencies && is_sum(found.data_type)));
        let first = types.next();
        if first.is_some_and(|first| first.data_type == DataType::Boolean) {
            return first;
        }
        // Where nobody knows by which of several formats, it is not typed as what it looks like either.
        self.declared(rules).ok()?.or(first).or_else(|| self.mixed())
    }

    /// The formats that read every value, where they differ.
    pub fn contradicting<'a>(&self, rules: &'a ValueRules) -> Vec<&'a DateFormat> {
        self.declared(rules).err().unwrap_or_default()
    }

    /// The type by the format that reads every value; an error with several that do and differ.
    fn declared<'a>(&self, rules: &'a ValueRules) -> Result<Option<ColumnType>, Vec<&'a DateFormat>> {
        let formats = rules.formats.iter().enumerate();
        let open: Vec<_> =
            formats.filter(|(at, _)| self.has_value && self.open.formats >> at & 1 == 1).collect();
        let Some((at, first)) = open.first() else {
            return Ok(None);
        };
        let agrees = AGREE << u8::from(first.is_datetime);
        let is_one_kind = open.iter().all(|(_, format)| format.is_datetime == first.is_datetime);
        if open.len() == 1 || (is_one_kind && self.open.together & agrees != 0) {
            let data_type = if first.is_datetime { DataType::Datetime } else { DataType::Date };
            return Ok(Some(ColumnType { data_type, dates: DateReading::By(*at) }));
        }
        Err(open.into_iter().map(|(_, format)| format).collect())
    }

    /// Dates of which each has one reading, by one format or another, or without.
    fn mixed(&self) -> Option<ColumnType> {
        let kinds = [(EVERY, DataType::Date), (EVERY << 1, DataType::Datetime)];
        let found = kinds.into_iter().find(|(every, _)| self.open.together & every != 0);
        found.map(|(_, data_type)| ColumnType { data_type, dates: DateReading::Any })
    }

    /// What may be declared of marks for the values to be numbers; several where they would be different ones.
    pub fn usual_marks(&self) -> Vec<&'static [(&'static str, char)]> {
        if !self.has_value || self.has_currencies {
            return Vec::new();
        }
        let is_phone = |at: usize| self.open.marks & IS_LONG != 0 && PHONE_GROUPS >> at & 1 == 1;
        let first = |family: u16| {
            let mut usual = USUAL_MARKS.iter().enumerate();
            let found = usual.find(|(at, _)| (family & self.open.marks) >> at & 1 == 1);
            found.filter(|(at, _)| !is_phone(*at)).map(|(_, (_, declared))| *declared)
        };
        let (point, comma) = (first(POINT), first(COMMA));
        // Without points and commas both families read the same.
        let is_same = point.is_some() && self.open.marks & NO_MARK != 0;
        point.into_iter().chain(comma.filter(|_| !is_same)).collect()
    }

    /// The formats that may be declared for the values to be dates, with whether these are datetimes.
    pub fn usual_dates(&self) -> Vec<(String, bool)> {
        if self.has_value { self.open.dates.formats() } else { Vec::new() }
    }

    /// Whether the values are sums of several currencies, which nobody can compare.
    pub fn has_currencies(&self) -> bool {
        self.has_currencies && self.open.marks & (POINT | COMMA) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::csv::CsvSettings;
    use crate::local::files::csv::suggestions;
    use proptest::prelude::*;

    fn rules(toml: &str) -> ValueRules {
        ValueRules::new(&toml::from_str::<CsvSettings>(toml).unwrap().values)
    }

    fn inferred(values: &[impl AsRef<str>], rules: &ValueRules) -> TypeInference {
        let mut inference = TypeInference::new(rules);
        for value in values.iter().filter(|value| !value.as_ref().is_empty()) {
            inference.observe_text(value.as_ref(), false, rules);
        }
        inference
    }

    fn data_type(toml: &str, values: &[&str]) -> DataType {
        let rules = rules(toml);
        inferred(values, &rules).column_type(&rules).data_type
    }

    const VALUES: &str = "true|FALSE|-?[0-9]{1,2}|[0-9]{19}|0[0-9]|[0-9]?[.][0-9]?(e9{1,3})?|2024-0[1-9]-3[01]( 12:00)?|\
        |[$€]?[1-9](,[0-9]{3})?([.][0-9]{1,3})?|0[1-9]/0[1-9]/2024|NA|-| 7|[0-9],[0-9]{1,3}|1[.]234,5|Y|N";

    proptest! {
        #[test]
        fn a_type_is_that_of_every_value(values in prop::collection::vec(VALUES, 1..4)) {
            let plain = ValueRules::default();
            let looks = |data_type| {
                let mut said = values.iter().filter(|value| !value.is_empty());
                said.all(|value| value_parser::looks_like(value, data_type))
            };
            let first = ORDER.into_iter().find(|data_type| looks(*data_type));
            let expected = first.filter(|_| values.iter().any(|value| !value.is_empty())).unwrap_or(DataType::String);
            let found = inferred(&values, &plain).column_type(&plain);
            prop_assert_eq!(found, ColumnType { data_type: expected, dates: DateReading::Plain });
        }

        #[test]
        fn batches_of_any_size_find_the_same(
            values in prop::collection::vec(VALUES, 1..6), cut in 0_usize..6, other in 0_usize..6,
            toml in prop::sample::select(vec![
                "", "decimal = \",\"", "thousands = \",\"", "yes = \"Y\"\nno = \"N\"",
                "date = [\"%d/%m/%Y\", \"%m/%d/%Y\"]", "date = \"%d/%m/%Y\"\nnull = \"NA\"",
            ]),
        ) {
            let rules = rules(toml);
            let whole = inferred(&values, &rules);
            let (cut, other) = (cut.min(values.len()), other.min(values.len()));
            let parts = [&values[..cut.min(other)], &values[cut.min(other)..cut.max(other)], &values[cut.max(other)..]];
            let parts = parts.map(|part| inferred(part, &rules));
            for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
                let merged = order.iter().fold(TypeInference::new(&rules), |all, at| all.merge(&parts[*at]));
                prop_assert_eq!(merged.column_type(&rules), whole.column_type(&rules));
                let note = |seen| suggestions::note("t", "c", seen, &rules);
                prop_assert_eq!(note(&merged), note(&whole));
            }
        }

        #[test]
        fn what_a_plain_number_may_be_is_what_its_text_may_be(text in "-?(0|[1-9][0-9]{0,7})?([.][0-9]{0,4})?(e-?[1-9])?") {
            if let Some(look) = value_parser::look(&text) {
                let marks = TypeInference::new(&ValueRules::default()).marks(&text);
                prop_assert_eq!(plain(look).marks & (POINT | COMMA | NO_MARK), marks & (POINT | COMMA | NO_MARK), "{}", text);
                prop_assert!(plain(look).marks & IS_LONG == marks & IS_LONG || text.contains(['.', 'e']), "{text}");
            }
        }

        #[test]
        fn a_column_is_read_as_the_type_that_it_has(
            values in prop::collection::vec(VALUES, 1..4),
            toml in prop::sample::select(vec![
                "", "decimal = \",\"", "thousands = \",\"", "yes = \"Y\"\nno = \"N\"",
                "date = [\"%d/%m/%Y\", \"%m/%d/%Y\"]", "date = \"%d/%m/%Y\"",
            ]),
        ) {
            let rules = rules(toml);
            let ColumnType { data_type, dates } = inferred(&values, &rules).column_type(&rules);
            for value in values.iter().filter(|value| !value.is_empty()) {
                let is_read = match data_type {
                    DataType::String => true,
                    DataType::Boolean => rules.boolean(value).is_some(),
                    DataType::Integer => rules.integer(value).is_some(),
                    DataType::Decimal => rules.decimal(value).is_some(),
                    DataType::Date => rules.date(value, dates).is_some(),
                    DataType::Datetime => rules.datetime(value, dates).is_some(),
                };
                prop_assert!(is_read, "{value:?} as {data_type:?}");
            }
        }
    }

    #[test]
    fn declared_numbers_have_a_type() {
        let money = "decimal = \",\"\nthousands = \".\"";
        assert_eq!(data_type(money, &["1.234,50", "-0,99", "7", "(5,00)", "12 EUR"]), DataType::Decimal);
        assert_eq!(data_type(money, &["1.234", "7"]), DataType::Integer);
        for text in ["1.5", "02134", "+1", "12,34,5", "1.23"] {
            assert_eq!(data_type(money, &["7", text]), DataType::String, "{text}");
        }
        // Nobody can compare dollars and euros.
        assert_eq!(data_type("thousands = \",\"", &["$5", "€5"]), DataType::String);
        assert_eq!(data_type("thousands = \",\"", &["$5", "5 USD", "7"]), DataType::Integer);
        assert_eq!(data_type("decimal = \",\"", &["2024-01-31"]), DataType::Date);
    }

    #[test]
    fn declared_words_are_boolean_where_they_cover_all_values() {
        let words = "yes = [\"Y\", \"1\"]\nno = \"N\"";
        assert_eq!(data_type(words, &["Y", "N", "true"]), DataType::Boolean);
        assert_eq!(data_type(words, &["Y", "n"]), DataType::String);
        assert_eq!(data_type(words, &["1", "1"]), DataType::Boolean);
        assert_eq!(data_type(words, &["1", "0"]), DataType::Integer);
    }

    #[test]
    fn declared_dates_have_one_reading() {
        let both = "date = [\"%d/%m/%Y\", \"%m/%d/%Y\"]\ndatetime = \"%d/%m/%Y %H:%M\"";
        let found = |values: &[&str]| {
            let rules = rules(both);
            inferred(values, &rules).column_type(&rules)
        };
        let date = |dates| ColumnType { data_type: DataType::Date, dates };
        assert_eq!(found(&["28/01/2025", "01/02/2025"]), date(DateReading::By(0)));
        assert_eq!(found(&["01/28/2025", "01/02/2025"]), date(DateReading::By(1)));
        assert_eq!(found(&["01/28/2025", "28/01/2025", "2025-01-28"]), date(DateReading::Any));
        assert_eq!(found(&["2025-01-28"]), date(DateReading::Plain));
        assert_eq!(found(&["01/02/2025"]).data_type, DataType::String);
        assert_eq!(found(&["01/28/2025", "28/01/2025", "01/02/2025"]).data_type, DataType::String);
        // Both read it to the same day.
        assert_eq!(found(&["03/03/2025"]), date(DateReading::By(0)));
        let datetime = ColumnType { data_type: DataType::Datetime, dates: DateReading::By(2) };
        assert_eq!(found(&["01/02/2025 10:00"]), datetime);
        // A declaration goes before what digits look like, but not everything that is counted is a second.
        assert_eq!(data_type("date = \"%Y%m%d\"", &["20250201"]), DataType::Date);
        assert_eq!(data_type("date = \"%Y%m%d\"", &["20250231"]), DataType::Integer);
        assert_eq!(data_type("datetime = \"%s\"", &["20250231"]), DataType::Integer);
        // As the year-first spelling has it no day is meant.
        assert_eq!(
            data_type("date = \"%Y-%d-%m\"", &["2025-01-13", "2025-13-01", "2025-02-03"]),
            DataType::String
        );
    }
}
