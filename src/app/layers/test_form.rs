//! The form of a test: ids, the ends of a range, or a percentage.

use crossterm::event::{KeyCode, KeyEvent};

use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::field::Field;
use crate::app::layer::{Cx, Layer, Outcome};
use crate::app::pasted::{Pasted, Separators};
use crate::app::test_kind::TestKind;
use crate::segment::{Fraction, SegmentTest};

/// The form of a test.
#[derive(Clone, Debug)]
pub struct TestForm {
    /// Of which kind.
    pub kind: TestKind,
    /// The ids of a test that names some.
    pub ids: Vec<String>,
    /// The id of the cursor.
    pub cursor: usize,
    /// What is typed: an id; both ends of a range; a percentage.
    pub fields: Vec<Field>,
    /// The field that keys go to.
    pub focus: usize,
    /// Why it cannot be taken as it stands.
    pub complaint: Option<String>,
    /// The number that a change is measured from.
    pub from: Option<u64>,
    /// The position of the test that is changed; none for a new one.
    pub index: Option<usize>,
}

impl TestForm {
    /// A new test.
    pub(crate) fn add(kind: TestKind) -> Self {
        let count = if matches!(kind, TestKind::Size | TestKind::Share) { 2 } else { 1 };
        Self {
            kind,
            ids: Vec::new(),
            cursor: 0,
            fields: vec![Field::default(); count],
            focus: 0,
            complaint: None,
            from: None,
            index: None,
        }
    }

    /// Another one in the place of this one; `None` of a kind that has no form.
    pub(crate) fn change(index: usize, test: &SegmentTest) -> Option<Self> {
        let of = |kind| Self { index: Some(index), ..Self::add(kind) };
        let ends = |low: Option<String>, high: Option<String>| {
            [low, high].map(|end| Field::with(&end.unwrap_or_default())).to_vec()
        };
        Some(match test {
            SegmentTest::In(ids) => Self { ids: ids.clone(), ..of(TestKind::In) },
            SegmentTest::Out(ids) => Self { ids: ids.clone(), ..of(TestKind::Out) },
            SegmentTest::Size(low, high) => {
                let fields = ends(low.map(|low| low.to_string()), high.map(|high| high.to_string()));
                Self { fields, ..of(TestKind::Size) }
            }
            SegmentTest::Share(low, high) => {
                let fields = ends(low.map(|low| low.to_string()), high.map(|high| high.to_string()));
                Self { fields, ..of(TestKind::Share) }
            }
            SegmentTest::Change { from, percent } => {
                let fields = vec![Field::with(&percent.to_string())];
                Self { fields, from: *from, ..of(TestKind::Change) }
            }
            SegmentTest::Disjoint(_) | SegmentTest::Within(_) | SegmentTest::EveryLineCounts(_) => {
                return None;
            }
        })
    }

    /// Whether it is a list of ids.
    #[must_use]
    pub fn has_ids(&self) -> bool {
        matches!(self.kind, TestKind::In | TestKind::Out)
    }

    fn text(&self, at: usize) -> &str {
        self.fields.get(at).map_or("", |field| field.text().trim())
    }

    /// Takes the id that is typed; whether there was one.
    fn take_typed(&mut self) -> bool {
        let typed = self.fields.first().map(|field| field.text().to_owned()).unwrap_or_default();
        if typed.trim().is_empty() {
            return false;
        }
        self.fields = vec![Field::default()];
        self.add_ids([typed]);
        true
    }

    fn add_ids(&mut self, ids: impl IntoIterator<Item = String>) {
        for id in ids {
            if !self.ids.contains(&id) {
                self.ids.push(id);
            }
        }
        self.cursor = self.ids.len().saturating_sub(1);
        self.complaint = None;
    }

    /// The test as it would be taken, or why it cannot be.
    fn finished(&self) -> Result<SegmentTest, String> {
        match self.kind {
            TestKind::In | TestKind::Out if self.ids.is_empty() => {
                Err("no id is named: type one, or paste several".to_owned())
            }
            TestKind::In => Ok(SegmentTest::In(self.ids.clone())),
            TestKind::Out => Ok(SegmentTest::Out(self.ids.clone())),
            TestKind::Size => {
                let (low, high) = self.ends(size)?;
                upside_down(low > high && high.is_some(), "the least is more than the most")?;
                Ok(SegmentTest::Size(low, high))
            }
            TestKind::Share => {
                let (low, high) = self.ends(share)?;
                let is_upside_down = low.zip(high).is_some_and(|(low, high)| low.is_more_than(high));
                upside_down(is_upside_down, "the least is more than the most")?;
                Ok(SegmentTest::Share(low, high))
            }
            TestKind::Change => {
                let typed = self.text(0).trim_end_matches('%').trim();
                let percent = Fraction::parse(typed).ok_or("write a number of percent, such as 10")?;
                Ok(SegmentTest::Change { from: self.from, percent })
            }
            TestKind::Disjoint | TestKind::Within | TestKind::EveryLineCounts => {
                Err("this kind of test has no form".to_owned())
            }
        }
    }

    /// Both ends; one of them may be left empty.
    fn ends<T>(&self, read: fn(&str) -> Result<T, String>) -> Result<(Option<T>, Option<T>), String> {
        let end = |at: usize| Some(self.text(at)).filter(|text| !text.is_empty()).map(read).transpose();
        match (end(0)?, end(1)?) {
            (None, None) => Err("write the least, the most, or both".to_owned()),
            ends => Ok(ends),
        }
    }

    fn apply(&mut self) -> Outcome {
        if self.has_ids() {
            self.take_typed();
        }
        match self.finished() {
            Ok(test) => {
                let (index, test) = (self.index, Box::new(test));
                Outcome::close().then_ask(Command::PutTest { index, test })
            }
            Err(complaint) => {
                self.complaint = Some(complaint);
                Outcome::stay()
            }
        }
    }

    fn step(&mut self, by: isize) {
        if self.has_ids() {
            self.cursor = self.cursor.saturating_add_signed(by).min(self.ids.len().saturating_sub(1));
        } else {
            let count = self.fields.len().max(1).cast_signed();
            self.focus = (self.focus.cast_signed() + by).rem_euclid(count).cast_unsigned();
        }
    }
}

fn upside_down(is_so: bool, complaint: &str) -> Result<(), String> {
    if is_so { Err(complaint.to_owned()) } else { Ok(()) }
}

/// `1000` or `1,000`.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.replace([',', '_', ' '], "");
    digits.parse().map_err(|_| format!("{text:?} is no whole number: write one such as 1000"))
}

fn share(text: &str) -> Result<Fraction, String> {
    let share = Fraction::parse_share(text).filter(|share| share.is_share());
    share.ok_or_else(|| format!("{text:?} is no share: write one such as 8.6% or 0.086"))
}

impl Layer for TestForm {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::TestForm]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp | Action::PageDown if self.has_ids() => {
                self.step(action.step(cx.session.page()).unwrap_or(0));
            }
            Action::NextField | Action::PreviousField if !self.has_ids() => {
                self.step(if action == Action::NextField { 1 } else { -1 });
            }
            Action::RemoveId => {
                if self.has_ids() && self.cursor < self.ids.len() {
                    self.ids.remove(self.cursor);
                    self.step(0);
                }
            }
            // A typed id is one more of them.
            Action::Accept if self.has_ids() && self.take_typed() => {}
            Action::Accept | Action::Apply => return self.apply(),
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        if let Some(field) = self.fields.get_mut(self.focus)
            && (field.input(key) || key.code != KeyCode::Null)
        {
            self.complaint = None;
        }
        Outcome::stay()
    }

    /// Of ids all that are in the text; a single one goes on being typed.
    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        let pasted = Pasted::read(text, Separators::guess(text));
        let is_list = self.has_ids() && pasted.values.len() > 1;
        match self.fields.get_mut(self.focus) {
            Some(field) if !is_list => field.paste(text),
            _ => self.add_ids(pasted.values.iter().map(|id| id.to_string())),
        }
        Outcome::stay()
    }

    fn shows_below(&self) -> bool {
        true
    }
}
