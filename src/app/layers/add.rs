//! The picker of three columns: source → attribute → operator.

use crossterm::event::KeyEvent;

use super::ask_value::ask_value;
use super::lists::Lists;
use super::purchase::Purchase;
use crate::app::action::{Action, Context};
use crate::app::available_lists::ListKind;
use crate::app::fuzzy::Search;
use crate::app::layer::{Cx, Layer, Outcome};
use crate::app::pick::{Item, Pick};
use crate::app::prompt::{Comparison, EditTarget, Measure, Prompt};
use crate::backend::ColumnName;
use crate::database::{Column, Database, Table, shown_name};
use crate::segment::{AmountOperator, Behaviour, DataType, Keyword, Letters, ListOperator, Operator};

/// The picker.
#[derive(Clone, Debug)]
pub struct Add {
    /// What the pick is for.
    pub target: EditTarget,
    /// What is compared now, where something is to be changed.
    before: Option<Comparison>,
    /// Where to look.
    pub sources: Pick<SubjectSource>,
    /// What to look at.
    pub subjects: Pick<Subject>,
    /// How to compare.
    pub operators: Pick<SubjectOperator>,
    /// The search of the sources, where it is one for what is in them.
    within: String,
    /// The column that keys go to.
    pub focus: AddColumn,
}

/// The column that keys go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddColumn {
    /// Sources.
    Source,
    /// Attributes or behaviours.
    Subject,
    /// Operators.
    Operator,
}

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectSource {
    /// A table, by name.
    Table(String),
    /// The purchase behaviours.
    Behaviours,
    /// The customer lists.
    Lists,
}

/// What to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Something of a table.
    Measure {
        /// The table's name.
        table: String,
        /// What it is.
        measure: Measure,
        /// Its type.
        data_type: DataType,
    },
    /// A purchase behaviour.
    Behaviour(Behaviour),
    /// A kind of customer lists.
    List(ListKind),
}

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectOperator {
    /// A column's value.
    Test(Operator),
    /// A number of orders or an amount.
    Amount(AmountOperator),
    /// Being on a list, or not.
    Member(ListOperator),
}

/// What was picked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Picked {
    /// Something of a table and an operator.
    Test {
        table: String,
        /// What is compared.
        measure: Measure,
        data_type: DataType,
        op: Operator,
    },
    /// A purchase behaviour, with the operator where it takes one.
    Behaviour(Behaviour, Option<AmountOperator>),
    /// A kind of customer lists, with the operator.
    List(ListKind, ListOperator),
}

impl Add {
    /// Over all tables that have the activation ID, and the purchase behaviours.
    #[must_use]
    pub fn new(target: EditTarget, database: &Database, activation_id: &str) -> Self {
        let tables = database.tables.iter().filter(|table| table.is_offered(activation_id));
        let mut sources: Vec<_> = tables.map(|table| source(table, activation_id)).collect();
        let mut behaviours = Item::new(SubjectSource::Behaviours, "Purchase behaviours");
        behaviours.disabled = database.roles.items.is_none().then(|| "needs an items table".to_owned());
        sources.push(behaviours);
        sources.push(Item::new(SubjectSource::Lists, "Customer lists"));
        Self::over(target, sources, database)
    }

    /// Over the columns of one table only, for a filter.
    #[must_use]
    pub fn within(target: EditTarget, table: &Table, database: &Database, activation_id: &str) -> Self {
        let mut add = Self::over(target, vec![source(table, activation_id)], database);
        add.focus = AddColumn::Subject;
        add
    }

    fn over(target: EditTarget, sources: Vec<Item<SubjectSource>>, database: &Database) -> Self {
        let mut add = Self {
            target,
            before: None,
            sources: Pick::new(sources),
            subjects: Pick::new(Vec::new()),
            operators: Pick::new(Vec::new()),
            within: String::new(),
            focus: AddColumn::Source,
        };
        add.fill_subjects(database);
        add
    }

    /// With the keys going to what is looked at.
    pub(super) fn at_subject(self) -> Self {
        Self { focus: AddColumn::Subject, ..self }
    }

    /// To change what is compared now.
    pub(super) fn changing(self, before: Option<Comparison>) -> Self {
        Self { before, ..self }
    }

    /// Starts at one attribute or behaviour, with the operator still to be picked.
    pub(crate) fn start_at(&mut self, subject: &Subject, database: &Database) {
        self.sources.go_to(|source| match (source, subject) {
            (SubjectSource::Table(name), Subject::Measure { table, .. }) => name == table,
            (SubjectSource::Behaviours, Subject::Behaviour(_)) | (SubjectSource::Lists, Subject::List(_)) => {
                true
            }
            _ => false,
        });
        self.within = String::new();
        self.fill_subjects(database);
        self.subjects.go_to(|candidate| candidate == subject);
        self.fill_operators();
        self.focus =
            if self.operators.current().is_some() { AddColumn::Operator } else { AddColumn::Subject };
    }

    /// A search that no source answers to is one for what is in the sources.
    fn search_sources(&mut self, database: &Database) {
        let query = self.sources.query.text().trim().to_owned();
        self.within = String::new();
        if self.sources.is_empty() && !query.is_empty() {
            let mut search = Search::new(&query);
            self.sources.show(|source| has_subject(source, database, &mut search));
            self.within = query;
        }
        self.fill_subjects(database);
    }

    fn fill_subjects(&mut self, database: &Database) {
        let source = self.sources.current().filter(|item| item.disabled.is_none());
        let items = source.map(|item| subjects(&item.value, database)).unwrap_or_default();
        self.subjects = Pick::searched(items, &self.within);
        self.fill_operators();
    }

    fn fill_operators(&mut self) {
        let items =
            match self.subjects.current().filter(|item| item.disabled.is_none()).map(|item| &item.value) {
                Some(Subject::Measure { data_type, .. }) => Operator::for_type(*data_type)
                    .iter()
                    .map(|op| Item {
                        search: op.search_text(),
                        ..Item::new(SubjectOperator::Test(*op), op.label())
                    })
                    .collect(),
                Some(Subject::Behaviour(behaviour)) if behaviour.takes_amount() => AmountOperator::ALL
                    .iter()
                    .map(|op| Item::new(SubjectOperator::Amount(*op), op.spaced()))
                    .collect(),
                Some(Subject::List(_)) => ListOperator::ALL
                    .iter()
                    .map(|op| Item::new(SubjectOperator::Member(*op), op.label()))
                    .collect(),
                Some(Subject::Behaviour(_)) | None => Vec::new(),
            };
        self.operators = Pick::new(items);
    }

    /// Moves the cursor of the focused column; what stands right of it follows.
    fn step(&mut self, by: isize, database: &Database) {
        match self.focus {
            AddColumn::Source => {
                self.sources.step(by);
                self.fill_subjects(database);
            }
            AddColumn::Subject => {
                self.subjects.step(by);
                self.fill_operators();
            }
            AddColumn::Operator => self.operators.step(by),
        }
    }

    /// Types into the search of the focused column.
    fn search(&mut self, key: KeyEvent, database: &Database) {
        match self.focus {
            AddColumn::Source => {
                self.sources.input(key);
                self.search_sources(database);
            }
            AddColumn::Subject => {
                self.subjects.input(key);
                self.fill_operators();
            }
            AddColumn::Operator => self.operators.input(key),
        }
    }

    /// Pastes into the search of the focused column.
    fn paste_search(&mut self, text: &str, database: &Database) {
        match self.focus {
            AddColumn::Source => {
                self.sources.paste(text);
                self.search_sources(database);
            }
            AddColumn::Subject => {
                self.subjects.paste(text);
                self.fill_operators();
            }
            AddColumn::Operator => self.operators.paste(text),
        }
    }

    /// One column to the left; whether there is one.
    fn left(&mut self) -> bool {
        self.focus = match self.focus {
            AddColumn::Operator => AddColumn::Subject,
            AddColumn::Subject if !self.target.is_filter() => AddColumn::Source,
            AddColumn::Subject | AddColumn::Source => return false,
        };
        true
    }

    /// One column to the right, or what was picked where the last column is reached.
    fn right(&mut self) -> Option<Picked> {
        match self.focus {
            AddColumn::Source if self.subjects.current().is_some() => {
                self.focus = AddColumn::Subject;
                None
            }
            AddColumn::Subject if self.operators.current().is_some() => {
                self.focus = AddColumn::Operator;
                None
            }
            AddColumn::Source => None,
            AddColumn::Subject | AddColumn::Operator => self.picked(),
        }
    }

    fn picked(&self) -> Option<Picked> {
        let subject = self.subjects.current().filter(|item| item.disabled.is_none())?;
        let operator = self.operators.current().map(|item| item.value);
        match (&subject.value, operator) {
            (Subject::Measure { table, measure, data_type }, Some(SubjectOperator::Test(op))) => {
                Some(Picked::Test {
                    table: table.clone(),
                    measure: measure.clone(),
                    data_type: *data_type,
                    op,
                })
            }
            (Subject::Behaviour(behaviour), Some(SubjectOperator::Amount(op))) => {
                Some(Picked::Behaviour(*behaviour, Some(op)))
            }
            (Subject::Behaviour(behaviour), None) => Some(Picked::Behaviour(*behaviour, None)),
            (Subject::List(kind), Some(SubjectOperator::Member(op))) => Some(Picked::List(*kind, op)),
            _ => None,
        }
    }
}

impl Add {
    /// One column to the right; at the last one what is picked is taken.
    fn go_right(&mut self, cx: &mut Cx<'_>) -> Outcome {
        match self.right() {
            Some(picked) => self.take_picked(picked, cx),
            None => Outcome::stay(),
        }
    }

    /// A column and an operator were picked, or a behaviour: the value is asked for.
    fn take_picked(&self, picked: Picked, cx: &mut Cx<'_>) -> Outcome {
        let target = self.target.clone();
        match picked {
            Picked::Test { table, measure, data_type, op } => {
                let before = self.before.as_ref().filter(|before| {
                    before.table == table
                        && before.measure == measure
                        && before.test.op.is_some_and(|before| before.arity() == op.arity())
                });
                let before = before.map(|before| before.test.clone()).unwrap_or_default();
                ask_value(Prompt { target, table, measure, data_type, op, before }, cx)
            }
            Picked::Behaviour(behaviour, op) => {
                let edited = match &target {
                    EditTarget::EditCondition(path) => cx.view().condition_at(path).cloned(),
                    _ => None,
                };
                Outcome::open(match edited {
                    Some(condition) => Purchase::change(target, condition, behaviour, op),
                    None => Purchase::new(target, behaviour, op),
                })
            }
            Picked::List(kind, op) => Lists::open(target, op, kind, None, cx),
        }
    }
}

impl Layer for Add {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Add]
    }

    fn column(&self) -> Option<ColumnName> {
        match &self.subjects.current()?.value {
            Subject::Measure { table, measure, .. } if self.focus != AddColumn::Source => {
                Some(ColumnName { table: table.clone(), column: measure.column()?.to_owned() })
            }
            _ => None,
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            if let Some(database) = cx.session.database() {
                self.step(by, database);
            }
            return Outcome::stay();
        }
        match action {
            Action::Accept | Action::Right => self.go_right(cx),
            // Tab goes to the last column; only Enter and → take what is there.
            Action::NextField if self.focus == AddColumn::Operator => Outcome::stay(),
            Action::NextField => self.go_right(cx),
            Action::Left | Action::PreviousField => {
                self.left();
                Outcome::stay()
            }
            Action::Back if self.left() => Outcome::stay(),
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        if let Some(database) = cx.session.database() {
            self.search(key, database);
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        if let Some(database) = cx.session.database() {
            self.paste_search(text, database);
        }
        Outcome::stay()
    }
}

/// What a source can be asked.
fn subjects(source: &SubjectSource, database: &Database) -> Vec<Item<Subject>> {
    match source {
        SubjectSource::Table(name) => {
            let table = database.table(name);
            let columns = table.and_then(|table| table.content.as_ref().ok()).map(|content| &content.columns);
            columns.into_iter().flatten().map(|column| attribute(name, column)).collect()
        }
        SubjectSource::Behaviours => {
            Behaviour::ALL.iter().map(|behaviour| self::behaviour(*behaviour)).collect()
        }
        SubjectSource::Lists => {
            ListKind::ALL.iter().map(|kind| Item::new(Subject::List(*kind), kind.label())).collect()
        }
    }
}

/// Whether any of what a source can be asked matches a search.
fn has_subject(source: &SubjectSource, database: &Database, search: &mut Search) -> bool {
    let SubjectSource::Table(name) = source else {
        return subjects(source, database).iter().any(|item| search.matches(&item.search));
    };
    let content = database.table(name).and_then(|table| table.content.as_ref().ok());
    content.is_some_and(|content| {
        let names = content.columns.names();
        content.columns.iter().enumerate().any(|(at, column)| {
            let is_like = names.letters(at).may_have(Letters::default(), search.needed);
            is_like && search.matches(&column.label)
        })
    })
}

fn source(table: &Table, activation_id: &str) -> Item<SubjectSource> {
    let item = Item::new(SubjectSource::Table(table.name.clone()), table.title());
    match &table.content {
        Err(error) => Item { disabled: Some(error.to_string()), ..item },
        Ok(_) if table.id_column(activation_id).is_none() => {
            Item { disabled: Some(format!("has no {activation_id}")), ..item }
        }
        Ok(_) => item,
    }
}

fn attribute(table: &str, column: &Column) -> Item<Subject> {
    let subject = Subject::Measure {
        table: table.to_owned(),
        measure: Measure::Column(column.name.clone()),
        data_type: column.data_type,
    };
    Item::new(subject, shown_name(&column.label))
}

fn behaviour(behaviour: Behaviour) -> Item<Subject> {
    Item::new(Subject::Behaviour(behaviour), behaviour.label())
}
