//! The picker of three columns: source → attribute → operator.

use crossterm::event::KeyEvent;

use super::add_subjects::{
    Subject, SubjectOperator, SubjectSource, found_item, sign, source, source_of, subjects,
};
use super::ask_value::ask_value;
use super::lists::Lists;
use super::purchase::Purchase;
use crate::app::action::{Action, Context};
use crate::app::available_lists::{AvailableLists, ListChoice, ListKind};
use crate::app::command::Command;
use crate::app::field::Field;
use crate::app::layer::{Cx, Layer, Outcome};
use crate::app::pick::{Item, Pick};
use crate::app::prompt::{Comparison, EditTarget, Measure, Prompt};
use crate::app::subject_search::{self, BEHAVIOURS, FoundSubject, LISTS, NO_ITEMS};
use crate::backend::ColumnName;
use crate::database::{Database, Table};
use crate::segment::{AmountOperator, Behaviour, DataType, Keyword, ListOperator, ListSource, Operator};

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
    /// Whether what to look at is searched for in all sources rather than in the one at the cursor.
    pub is_everywhere: bool,
    /// The customer lists that can be found by name.
    lists: Vec<Item<Subject>>,
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
    /// A customer list, with the operator.
    Listed(ListSource, ListOperator),
}

impl Add {
    /// Over all tables that have the activation ID, and the purchase behaviours.
    #[must_use]
    pub fn new(
        target: EditTarget,
        database: &Database,
        activation_id: &str,
        lists: Option<&AvailableLists>,
    ) -> Self {
        let tables = database.tables.iter().filter(|table| table.is_offered(activation_id));
        let mut sources: Vec<_> = tables.map(|table| source(table, activation_id)).collect();
        let mut behaviours = Item::new(SubjectSource::Behaviours, BEHAVIOURS);
        behaviours.disabled = database.roles.items.is_none().then(|| NO_ITEMS.to_owned());
        sources.push(behaviours);
        sources.push(Item::new(SubjectSource::Lists, LISTS));
        let add = Self::over(target, sources, database);
        match lists {
            Some(lists) => add.with_lists(lists),
            None => add,
        }
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
            is_everywhere: false,
            lists: Vec::new(),
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

    /// With the customer lists that can be found by name.
    fn with_lists(self, available: &AvailableLists) -> Self {
        let items = ListKind::ALL.into_iter().flat_map(|kind| available.items(kind));
        let listed = |item: Item<ListChoice>| match item.value {
            ListChoice::Source(source) => Some(Item {
                value: Subject::Listed(source),
                label: item.label,
                search: item.search,
                detail: "list".to_owned(),
                disabled: item.disabled,
            }),
            ListChoice::Upload => None,
        };
        Self { lists: items.filter_map(listed).collect(), ..self }
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
        self.fill_subjects(database);
        self.subjects.go_to(|candidate| candidate == subject);
        self.fill_operators();
        self.focus =
            if self.operators.current().is_some() { AddColumn::Operator } else { AddColumn::Subject };
    }

    /// What is typed is searched for in all sources at once; what a source has that was gone into first.
    fn search_everywhere(&mut self, database: &Database, activation_id: &str) {
        let query = self.subjects.query.text().trim().to_owned();
        if query.is_empty() {
            self.fill_subjects(database);
            self.focus = AddColumn::Source;
            return;
        }
        self.is_everywhere = true;
        let lists: Vec<&str> = self.lists.iter().map(|item| item.label.as_str()).collect();
        let found = subject_search::find(&query, database, activation_id, &lists).into_iter();
        let items = found.filter_map(|found| match found {
            FoundSubject::Listed(at) => self.lists.get(at).cloned(),
            found => Some(found_item(found, database, activation_id)),
        });
        self.subjects.replace(items.collect());
        self.follow_subject();
    }

    /// The source at the cursor is that of what was found.
    fn follow_subject(&mut self) {
        if self.is_everywhere
            && let Some(source) = self.subjects.current().map(|item| source_of(&item.value))
        {
            self.sources.go_to(|candidate| *candidate == source);
        }
        self.fill_operators();
    }

    /// What the source at the cursor has.
    fn fill_subjects(&mut self, database: &Database) {
        let source = self.sources.current().filter(|item| item.disabled.is_none());
        let items = source.map(|item| subjects(&item.value, database)).unwrap_or_default();
        self.subjects = Pick::new(items);
        self.is_everywhere = false;
        self.fill_operators();
    }

    /// The source that what is typed names, as long as the cursor is not moved to something that was found: one goes
    /// right into it.
    fn named_source(&self) -> Option<SubjectSource> {
        if !self.is_everywhere || self.focus != AddColumn::Subject || self.subjects.cursor() > 0 {
            return None;
        }
        self.subjects.found().find_map(|(_, item)| match &item.value {
            Subject::Source(source) if item.disabled.is_none() => Some(source.clone()),
            _ => None,
        })
    }

    /// Goes into a source that was found by its name.
    fn go_into(&mut self, source: &SubjectSource, database: &Database) {
        self.sources.go_to(|candidate| candidate == source);
        self.fill_subjects(database);
        self.focus = AddColumn::Subject;
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
                    .map(|op| {
                        let label = op.spaced();
                        let search = format!("{label} {}", sign(*op));
                        Item { search, ..Item::new(SubjectOperator::Amount(*op), label) }
                    })
                    .collect(),
                Some(Subject::List(_) | Subject::Listed(_)) => ListOperator::ALL
                    .iter()
                    .map(|op| Item::new(SubjectOperator::Member(*op), op.label()))
                    .collect(),
                Some(Subject::Behaviour(_) | Subject::Source(_)) | None => Vec::new(),
            };
        self.operators = Pick::new(items);
        // As the form of a purchase begins.
        self.operators.go_to(|op| *op == SubjectOperator::Amount(AmountOperator::AtLeast));
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
                self.follow_subject();
            }
            AddColumn::Operator => self.operators.step(by),
        }
    }

    /// Types into the search of the focused column. From the sources it is one over all of them, as it is where a
    /// table has nothing of that name.
    fn search(&mut self, change: impl FnOnce(&mut Field) -> bool, database: &Database, activation_id: &str) {
        match self.focus {
            AddColumn::Source => {
                self.fill_subjects(database);
                change(&mut self.subjects.query);
                if !self.subjects.query.text().trim().is_empty() {
                    self.focus = AddColumn::Subject;
                    self.search_everywhere(database, activation_id);
                }
            }
            AddColumn::Subject if self.is_everywhere => {
                if change(&mut self.subjects.query) {
                    self.search_everywhere(database, activation_id);
                }
            }
            AddColumn::Subject => {
                self.subjects.change(change);
                if self.subjects.is_empty() && !self.target.is_filter() {
                    self.search_everywhere(database, activation_id);
                } else {
                    self.fill_operators();
                }
            }
            AddColumn::Operator => self.operators.change(change),
        }
    }

    /// One column to the left; whether there is one. A search of all sources ends.
    fn left(&mut self, database: Option<&Database>) -> bool {
        self.focus = match self.focus {
            AddColumn::Operator => AddColumn::Subject,
            AddColumn::Subject if !self.target.is_filter() => AddColumn::Source,
            AddColumn::Subject | AddColumn::Source => return false,
        };
        if let (AddColumn::Source, true, Some(database)) = (self.focus, self.is_everywhere, database) {
            self.fill_subjects(database);
        }
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

    /// Why there is nothing to go on with.
    fn missing(&self) -> String {
        let disabled = match self.focus {
            AddColumn::Source => self.sources.current().and_then(|item| item.disabled.clone()),
            AddColumn::Subject => self.subjects.current().and_then(|item| item.disabled.clone()),
            AddColumn::Operator => None,
        };
        disabled.unwrap_or_else(|| "nothing matches: change what is typed".to_owned())
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
            (Subject::Listed(source), Some(SubjectOperator::Member(op))) => {
                Some(Picked::Listed(source.clone(), op))
            }
            _ => None,
        }
    }
}

impl Add {
    /// One column to the right; at the last one what is picked is taken.
    fn go_right(&mut self, cx: &mut Cx<'_>) -> Outcome {
        if self.focus == AddColumn::Subject
            && let Some(Subject::Source(source)) = self.subjects.current().map(|item| item.value.clone())
            && let Some(database) = cx.session.database()
        {
            self.go_into(&source, database);
            return Outcome::stay();
        }
        let before = self.focus;
        match self.right() {
            Some(picked) => return self.take_picked(picked, cx),
            None if self.focus == before => cx.session.note(self.missing()),
            None => {}
        }
        Outcome::stay()
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
            Picked::Listed(source, op) => Outcome::ask(Command::SetList { target, op, source }),
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
            Action::Right if let Some(source) = self.named_source() => {
                if let Some(database) = cx.session.database() {
                    self.go_into(&source, database);
                }
                Outcome::stay()
            }
            Action::Accept | Action::Right => self.go_right(cx),
            // Tab goes to the last column; only Enter and → take what is there.
            Action::NextField if self.focus == AddColumn::Operator => Outcome::stay(),
            Action::NextField => self.go_right(cx),
            Action::Left | Action::PreviousField => {
                self.left(cx.session.database().map(|database| &**database));
                Outcome::stay()
            }
            Action::Back if self.left(cx.session.database().map(|database| &**database)) => Outcome::stay(),
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        self.type_search(key, cx);
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        let paste = |field: &mut Field| {
            field.paste(text);
            true
        };
        self.change_search(paste, cx);
        Outcome::stay()
    }
}

impl Add {
    /// Types into the search of the focused column.
    pub(super) fn type_search(&mut self, key: KeyEvent, cx: &Cx<'_>) {
        self.change_search(|field| field.input(key), cx);
    }

    fn change_search(&mut self, change: impl FnOnce(&mut Field) -> bool, cx: &Cx<'_>) {
        let view = cx.view();
        if let Some(database) = view.database() {
            self.search(change, database, &view.activation_id());
        }
    }
}
