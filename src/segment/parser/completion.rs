//! What may follow at a place of a line.

use std::collections::HashSet;
use std::sync::Arc;

use super::catalog::Catalog;
use super::expected::{Expected, FUNCTION_HINTS, KeywordHint, ListKind};
use super::operator::short_forms;
use super::parser::{ConditionResult, Parser};
use crate::segment::column_names::ColumnNames;
use crate::segment::letters::Letters;
use crate::segment::name_index::NameIndex;
use crate::segment::name_matching::{Named, is_proper_prefix, quote};
use crate::segment::schema::Schema;
use crate::segment::vocabulary::{AggregateFunction, Arity, Behaviour, DataType, Keyword, Operator};
use crate::segment::words::behaviour;

/// What may follow.
#[derive(Clone, Debug, Default)]
pub struct Completions {
    /// Where what is being typed begins, in bytes of the text.
    pub from: usize,
    /// The offers, in order; those that begin before `from` continue what is there to the letter.
    offers: Vec<Offer>,
    /// The column whose values may follow.
    pub values: Option<ValueColumn>,
    catalog: Arc<Catalog>,
}

/// Something that may follow, or many columns, of which nothing is written before they are looked at.
#[derive(Clone, Debug)]
enum Offer {
    Words(Completion),
    Columns {
        from: usize,
        /// The table's place in the catalog.
        table: usize,
        /// Which of its columns; all where nothing is said.
        only: Option<Vec<usize>>,
        form: ColumnForm,
    },
}

/// How a column is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnForm {
    /// Only columns of the table can be meant.
    OfTable,
    /// Those of all tables can be meant: the table's name stands before it where it has to.
    Anywhere,
    /// A function of it; of what other tables have too nothing can be written here.
    Operand(AggregateFunction, bool),
}

impl Offer {
    fn from(&self) -> usize {
        match self {
            Self::Words(completion) => completion.from,
            Self::Columns { from, .. } => *from,
        }
    }
}

/// One of the offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    offer: usize,
    column: usize,
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
    /// The table's name.
    pub table: String,
    /// The column's name.
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

impl Completions {
    /// Those that continue to the letter what stands before the place that is being typed at.
    pub(crate) fn going_on(&self) -> impl Iterator<Item = Candidate> {
        self.candidates(|from| from != self.from)
    }

    /// Those at the place that is being typed at, in order.
    pub(crate) fn here(&self) -> impl Iterator<Item = Candidate> {
        self.candidates(|from| from == self.from)
    }

    fn candidates(&self, is_wanted: impl Fn(usize) -> bool) -> impl Iterator<Item = Candidate> {
        let offers = self.offers.iter().enumerate().filter(move |(_, offered)| is_wanted(offered.from()));
        offers.flat_map(|(offer, offered)| {
            let (all, only) = match offered {
                Offer::Words(_) => (1, None),
                Offer::Columns { only: Some(only), .. } => (0, Some(only)),
                Offer::Columns { table, .. } => (self.columns(*table).map_or(0, |of| of.names().len()), None),
            };
            let columns = (0..all).chain(only.into_iter().flatten().copied());
            columns.map(move |column| Candidate { offer, column }).filter(|candidate| self.fits(*candidate))
        })
    }

    fn columns(&self, table: usize) -> Option<&ColumnNames> {
        self.catalog.tables.get(table).map(|table| &*table.columns)
    }

    fn fits(&self, candidate: Candidate) -> bool {
        match self.offers.get(candidate.offer) {
            Some(Offer::Columns { table, form: ColumnForm::Operand(function, _), .. }) => {
                let data_type = self.columns(*table).and_then(|columns| columns.data_type(candidate.column));
                data_type.is_some_and(|of| function.result(Some(of)).is_some())
            }
            _ => true,
        }
    }

    /// Where it begins, in bytes of the text.
    pub(crate) fn begin(&self, candidate: Candidate) -> usize {
        self.offers.get(candidate.offer).map_or(self.from, Offer::from)
    }

    /// What is shown and searched for.
    pub(crate) fn label(&self, candidate: Candidate) -> &str {
        match self.offers.get(candidate.offer) {
            Some(Offer::Words(completion)) => &completion.label,
            Some(Offer::Columns { table, .. }) => {
                let named = self.columns(*table).and_then(|columns| columns.names().get(candidate.column));
                named.map_or("", |named| &named.label)
            }
            None => "",
        }
    }

    /// Something short beside it.
    pub(crate) fn detail(&self, candidate: Candidate) -> String {
        match self.offers.get(candidate.offer) {
            Some(Offer::Words(completion)) => completion.detail.clone(),
            Some(Offer::Columns { table, form, .. }) => {
                let Some(table) = self.catalog.tables.get(*table) else { return String::new() };
                let kind = table.columns.data_type(candidate.column).map_or("", |data_type| data_type.id());
                match form {
                    ColumnForm::OfTable => kind.to_owned(),
                    ColumnForm::Anywhere => format!("{}  {kind}", table.label),
                    ColumnForm::Operand(..) => self.catalog.table_words(&table.name),
                }
            }
            None => String::new(),
        }
    }

    /// What one comes to; `None` of one that cannot be written here after all.
    pub(crate) fn completion(&self, candidate: Candidate) -> Option<Completion> {
        let (table, form) = match self.offers.get(candidate.offer)? {
            Offer::Words(completion) => return Some(completion.clone()),
            Offer::Columns { table, form, .. } => (self.catalog.tables.get(*table)?, *form),
        };
        let label = self.label(candidate).to_owned();
        let words = table.columns.words(candidate.column);
        let is_alone = || !self.catalog.is_shared(&label);
        let text = match form {
            ColumnForm::OfTable | ColumnForm::Operand(_, false) => format!("{words} "),
            ColumnForm::Operand(_, true) => is_alone().then(|| format!("{words} "))?,
            ColumnForm::Anywhere if is_alone() => format!("{words} "),
            ColumnForm::Anywhere => format!("{}: {words} ", self.catalog.table_words(&table.name)),
        };
        Some(Completion { from: self.begin(candidate), detail: self.detail(candidate), label, text })
    }

    /// All that may stand beside one of these.
    fn details(&self, offered: &Offer) -> String {
        match offered {
            Offer::Words(completion) => completion.detail.clone(),
            Offer::Columns { table, form: ColumnForm::Operand(..), .. } => self
                .catalog
                .tables
                .get(*table)
                .map(|table| self.catalog.table_words(&table.name))
                .unwrap_or_default(),
            Offer::Columns { table, .. } => {
                let label = self.catalog.tables.get(*table).map_or("", |table| &table.label);
                DataType::ALL.iter().fold(label.to_owned(), |details, data_type| details + data_type.id())
            }
        }
    }

    /// Whether it can be written; what is in several tables cannot be everywhere.
    pub(crate) fn can_be_written(&self, candidate: Candidate) -> bool {
        match self.offers.get(candidate.offer) {
            Some(Offer::Columns { form: ColumnForm::Operand(_, true), .. }) => {
                !self.catalog.is_shared(self.label(candidate))
            }
            _ => true,
        }
    }

    /// The first so many offers at the place that is being typed at whose label goes on after these letters.
    pub(crate) fn beginning(&self, begun: &str, most: usize) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (offer, offered) in self.offers.iter().enumerate() {
            let columns = match offered {
                Offer::Words(completion) => {
                    let goes_on = completion.from == self.from && is_proper_prefix(begun, &completion.label);
                    goes_on.then_some(0).into_iter().collect()
                }
                Offer::Columns { from, table, .. } if *from == self.from => {
                    let columns = self.columns(*table).map(|columns| columns.index.labels_beginning(begun));
                    columns.unwrap_or_default()
                }
                Offer::Columns { .. } => Vec::new(),
            };
            let candidates = columns.into_iter().map(|column| Candidate { offer, column });
            found.extend(candidates.filter(|candidate| self.fits(*candidate)));
            if found.len() >= most {
                break;
            }
        }
        found
    }

    /// The offers at the place that is being typed at whose labels have these letters, together with what stands
    /// beside them if that counts; so many at most.
    pub(crate) fn with_letters(&self, wanted: Letters, and_detail: bool, most: usize) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (offer, offered) in self.offers.iter().enumerate() {
            let also = match and_detail {
                true => Letters::of(&self.details(offered)),
                false => Letters::default(),
            };
            match offered {
                Offer::Words(completion) if completion.from == self.from => {
                    let is_like = Letters::of(&completion.label).may_have(also, wanted);
                    found.extend(is_like.then_some(Candidate { offer, column: 0 }));
                }
                Offer::Columns { from, table, only: None, .. } if *from == self.from => {
                    let index = self.columns(*table).map(|columns| &columns.index);
                    let index = index.filter(|index| index.all_letters().together.may_have(also, wanted));
                    let letters = index.map_or(&[][..], NameIndex::letters);
                    let like =
                        letters.iter().enumerate().filter(|(_, letters)| letters.may_have(also, wanted));
                    let like = like.map(|(column, _)| Candidate { offer, column });
                    found.extend(like.filter(|candidate| self.fits(*candidate)));
                }
                Offer::Words(_) | Offer::Columns { .. } => {}
            }
            if found.len() >= most {
                found.truncate(most);
                break;
            }
        }
        found
    }

    /// What all offers come to, in order.
    #[must_use]
    pub fn all(&self) -> Vec<Completion> {
        self.candidates(|_| true).filter_map(|candidate| self.completion(candidate)).collect()
    }
}

/// What may follow at the end of the text, which is the line up to the cursor.
#[must_use]
pub fn complete(text: &str, schema: &dyn Schema) -> Completions {
    complete_with(text, schema, &Arc::new(Catalog::new(schema))).0
}

/// The same with names that were looked up before, and what the text says by itself.
pub(crate) fn complete_with(
    text: &str,
    schema: &dyn Schema,
    catalog: &Arc<Catalog>,
) -> (Completions, ConditionResult) {
    let mut parser = Parser::new(text, schema, Arc::clone(catalog));
    let said = parser.line();
    (completions(text, schema, parser), said)
}

fn completions(text: &str, schema: &dyn Schema, mut parser: Parser<'_>) -> Completions {
    let mut expected = std::mem::take(&mut parser.expected);
    // What is being typed begins where a word can begin.
    let is_open = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.is_empty()
            || before.ends_with(|letter: char| letter.is_whitespace() || ":,=<>~!(".contains(letter))
    };
    expected.retain(|(at, _)| is_open(*at));
    let from = expected.iter().map(|(at, _)| *at).max().unwrap_or(0);
    let mut found = Completions { from, catalog: Arc::clone(&parser.catalog), ..Completions::default() };
    let typed = text.get(from..).unwrap_or_default();
    let (mut here, mut before): (Vec<_>, Vec<_>) = expected.into_iter().partition(|(at, _)| *at == from);
    before.reverse();
    for expected in [&mut before, &mut here] {
        let mut seen: Vec<(usize, Expected)> = Vec::new();
        expected.retain(|new| {
            let is_new = !seen.contains(new);
            seen.extend(is_new.then(|| new.clone()));
            is_new
        });
    }
    for (at, expected) in before {
        let completer = Completer { schema, catalog: &parser.catalog, from: at, typed };
        let begun = text.get(at..).unwrap_or_default();
        found.offers.extend(
            completer
                .offers(&expected)
                .into_iter()
                .filter_map(|offer| going_on(offer, begun, &found.catalog)),
        );
    }
    for (at, expected) in here {
        let completer = Completer { schema, catalog: &parser.catalog, from: at, typed };
        if let Expected::Text { table, column } = &expected {
            found.values = Some(ValueColumn { table: table.clone(), column: column.clone() });
        }
        found.offers.extend(completer.offers(&expected));
    }
    let mut seen = HashSet::new();
    found.offers.retain(|offer| match offer {
        Offer::Words(completion) => seen.insert((completion.from, completion.text.clone())),
        Offer::Columns { .. } => true,
    });
    found
}

/// What of an offer goes on with what stands there.
fn going_on(offer: Offer, begun: &str, catalog: &Catalog) -> Option<Offer> {
    match offer {
        Offer::Words(completion) => {
            is_proper_prefix(begun, &completion.label).then_some(Offer::Words(completion))
        }
        Offer::Columns { from, table, form, .. } => {
            let names = &catalog.tables.get(table)?.columns.index;
            let only = names.labels_beginning(begun);
            (!only.is_empty()).then_some(Offer::Columns { from, table, only: Some(only), form })
        }
    }
}

struct Completer<'a> {
    schema: &'a dyn Schema,
    catalog: &'a Catalog,
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

    fn offers(&self, expected: &Expected) -> Vec<Offer> {
        match expected {
            Expected::Start => self.start(),
            Expected::Subjects(table) => {
                let functions = FUNCTION_HINTS.iter().map(|word| Offer::Words(self.word(word)));
                self.columns(table, ColumnForm::OfTable).into_iter().chain(functions).collect()
            }
            Expected::Columns(table) => self.columns(table, ColumnForm::OfTable).into_iter().collect(),
            Expected::Operands(tables, function) => {
                let form = ColumnForm::Operand(*function, tables.len() > 1);
                tables.iter().filter_map(|table| self.columns(table, form)).collect()
            }
            other => self.words(other).into_iter().map(Offer::Words).collect(),
        }
    }

    fn words(&self, expected: &Expected) -> Vec<Completion> {
        match expected {
            Expected::Operators(data_type) => {
                Operator::for_type(*data_type).iter().map(|op| self.operator(*op)).collect()
            }
            Expected::Date => self.dates(),
            Expected::Words(words) => words.iter().map(|word| self.word(word)).collect(),
            Expected::Lists(kind) => self.lists(*kind),
            Expected::Text { .. } | Expected::Number => Vec::new(),
            Expected::Start | Expected::Subjects(_) | Expected::Columns(_) | Expected::Operands(..) => {
                Vec::new()
            }
        }
    }

    fn columns(&self, table: &str, form: ColumnForm) -> Option<Offer> {
        let (table, _) = self.catalog.table(table)?;
        Some(Offer::Columns { from: self.from, table, only: None, form })
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

    fn start(&self) -> Vec<Offer> {
        let offered = self.catalog.tables.iter().filter(|table| table.is_offered);
        let tables = offered.clone().map(|table| {
            let words = self.catalog.table_words(&table.name);
            self.completion(table.label.clone(), "table", format!("{words}: "))
        });
        let behaviours = Behaviour::ALL.iter().filter(|_| self.schema.items_table().is_ok()).map(|known| {
            let said = behaviour(*known);
            self.completion(said, "purchases", format!("{said} "))
        });
        let lists = ["Is a member of", "Is not a member of"].into_iter();
        let lists = lists.map(|said| self.completion(said, "customer list", format!("{said} ")));
        let functions = FUNCTION_HINTS.iter().map(|word| self.word(word));
        let words = tables.chain(behaviours).chain(lists).chain(functions).map(Offer::Words);
        words.chain(offered.filter_map(|table| self.columns(&table.name, ColumnForm::Anywhere))).collect()
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
            let named = |(id, name): (&str, &str)| Named { name: id.to_owned(), label: name.to_owned() };
            let segments = NameIndex::new(self.schema.segments().into_iter().map(named).collect());
            found.extend(segments.names().iter().map(|Named { name: id, label: name }| {
                // Its name where no other one has it, else its id.
                let words = if segments.called(name).len() == 1 { name } else { id };
                self.completion(name, "segment", format!("{}{}", prefix("segment"), quote(words)))
            }));
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
