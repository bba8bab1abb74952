//! The open segment and others side by side, and what they share.

use std::path::PathBuf;
use std::sync::Arc;

use super::asked::Asked;
use super::from_overlap::{Combination, Compared, Way, combine};
use super::from_value::new_segment;
use super::other::{Other, has_fault, unfit};
use super::overlaps::Overlaps;
use super::page::{PageKind, PageLayer};
use super::shared;
use super::typed_days::TypedDays;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::copying::copy;
use crate::app::effect::Effect;
use crate::app::event::Event;
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::layers::choose::Choose;
use crate::app::layers::confirm::Confirm;
use crate::app::layers::days::Days;
use crate::app::layers::sql_view::SqlView;
use crate::app::message::Message;
use crate::app::number::whole;
use crate::app::pick::Item;
use crate::app::view::View;
use crate::backend::{self, ComparedFigures, Comparison, PageAnswer, PageQuestion, WrongConditions};
use crate::diagnostic::Diagnostic;
use crate::segment::Segment;
use crate::sql::Card;
use crate::workspace::{Entry, Listing};

/// How many segments are compared at most.
pub const MOST_COMPARED: usize = 5;
/// How many lines of words a question has at most.
const MOST_WORDS: usize = 8;

/// The open segment and others side by side.
#[derive(Clone, Debug, Default)]
pub struct Compare {
    /// The figures.
    pub figures: Asked,
    /// The saved segments beside the open one, in order.
    pub others: Vec<Other>,
    /// The days whose orders count.
    pub days: TypedDays,
    /// Why they are none, at the day of evaluation.
    pub days_fault: Option<String>,
    /// What is compared with: 0 is all customers, then the segments by their numbers.
    pub baseline: usize,
    /// The column that the cursor is on, counted likewise.
    pub column: usize,
    /// What they share.
    pub overlaps: Overlaps,
    /// Whether the open segment is saved as it is.
    pub is_saved: bool,
    listing: Option<Arc<Listing>>,
}

impl Compare {
    /// The last answer.
    #[must_use]
    pub fn comparison(&self) -> Option<&Comparison> {
        match self.figures.answer()? {
            PageAnswer::Compare(comparison) => Some(comparison),
            _ => None,
        }
    }

    /// Whether the last answer is of what is compared now.
    #[must_use]
    pub fn is_current(&self) -> bool {
        let compared = self.compared();
        let wanted = self.others.iter().filter(|other| other.fault().is_none()).map(|other| &other.id);
        self.days_fault.is_none()
            && self.figures.is_current()
            && compared.iter().skip(1).map(|one| &one.id).eq(wanted)
    }

    /// The segments of the last answer, in its order.
    #[must_use]
    pub fn compared(&self) -> Vec<Compared> {
        let Some(PageQuestion::Compare(question)) = self.figures.answered() else { return Vec::new() };
        let mark = |segment: &Segment| {
            let other = self.others.iter().position(|other| other.id == segment.id);
            other.map_or(1, |at| at + 2)
        };
        let compared = |segment: &Arc<Segment>| Compared {
            mark: mark(segment),
            id: segment.id.clone(),
            name: segment.name.clone(),
        };
        question.segments.iter().map(compared).collect()
    }

    /// The figures of a column in the last answer: 0 is all customers, then the segments by their numbers.
    #[must_use]
    pub fn column(&self, column: usize) -> Option<&ComparedFigures> {
        let comparison = self.comparison()?;
        let Some(before) = column.checked_sub(1) else { return comparison.columns.last() };
        let compared = self.compared();
        let place = match before.checked_sub(1) {
            None => (!compared.is_empty()).then_some(0),
            Some(other) => {
                let id = &self.others.get(other)?.id;
                compared.iter().position(|one| one.id == *id)
            }
        };
        comparison.columns.get(place?)
    }

    /// How many columns there are: all customers, the open segment, the others.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.others.len() + 2
    }

    /// What would come of the ticked parts, or of the one at the cursor.
    fn combination(&self, way: Way, compared: &[Compared]) -> Result<Combination, String> {
        let comparison = self.comparison().ok_or("there are no numbers yet")?;
        combine(way, &self.overlaps.chosen(comparison), compared, &comparison.regions)
    }

    /// The segments of the last answer by their numbers alone.
    #[must_use]
    pub fn compared_marks(&self) -> Vec<Compared> {
        self.compared().into_iter().map(|one| Compared { name: String::new(), ..one }).collect()
    }

    /// What would come of the ticked parts: those in all segments that they name, and those in any of the parts.
    pub fn combinations(&self) -> [Result<Combination, String>; 2] {
        [Way::Intersection, Way::Union].map(|way| self.combination(way, &self.compared_marks()))
    }

    /// Why no new segment can be made so.
    fn combination_fault(&self, way: Way, view: View<'_>) -> Option<String> {
        if !self.overlaps.is_shown {
            return Some("show first what the segments share (o)".to_owned());
        }
        if !self.is_current() {
            return Some("the numbers are still being worked out".to_owned());
        }
        let made = match self.combination(way, &self.compared()) {
            Ok(made) => made,
            Err(fault) => return Some(fault),
        };
        if made.named.contains(&0) && !self.is_saved {
            return Some("save this segment first: the new one refers to what is saved of it".to_owned());
        }
        let Some(PageQuestion::Compare(question)) = self.figures.answered() else { return None };
        let mut named = made.named.iter().filter_map(|position| question.segments.get(*position));
        let wrong = named.find(|segment| has_fault(segment, view))?;
        Some(format!("{} has conditions that cannot be evaluated: mend it first", wrong.name))
    }

    /// Asks whether a new segment is to be made.
    fn ask_new(&self, way: Way, cx: &Cx<'_>) -> Outcome {
        let (Ok(made), Some(open)) = (self.combination(way, &self.compared()), &cx.segment) else {
            return Outcome::stay();
        };
        let whom = cx.view().whom();
        let many = if made.count == 1 { &whom.singular } else { &whom.plural };
        let title = format!("A new segment of {} {many}?", whole(made.count));
        let mut lines = made.words.clone();
        if lines.len() > 1 {
            let more = lines.len().saturating_sub(MOST_WORDS);
            lines.truncate(MOST_WORDS);
            lines.iter_mut().for_each(|line| *line = format!("· {line}"));
            lines.insert(0, "Those who are in any of these:".to_owned());
            lines.extend((more > 0).then(|| format!("… and {more} more")));
        } else {
            lines.iter_mut().for_each(|line| *line = format!("Those who are {line}."));
        }
        let segment = Arc::new(new_segment(&made.name, made.include, open));
        let answers =
            vec![('y', "Make it", Command::StartSegment(segment)), ('n', "Stay here", Command::Cancel)];
        Outcome::open(Confirm::new(title, lines, answers))
    }

    /// Whether one more can be compared, and why not.
    fn add_fault(&self, view: View<'_>) -> Option<String> {
        if self.others.len() + 1 >= MOST_COMPARED {
            return Some(format!("at most {MOST_COMPARED} segments are compared: d takes one out"));
        }
        view.session.workspace().is_none().then(|| "the list of segments is not read yet".to_owned())
    }

    fn choose(&self, view: View<'_>) -> Outcome {
        let Some(listing) = view.session.workspace() else { return Outcome::stay() };
        let item = |entry: &Entry| {
            let folders = listing.folders_to(entry.folder.as_deref());
            let folder = folders.iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>().join("/");
            let taken = self.others.iter().any(|other| other.id == entry.id);
            let disabled = match taken {
                true => Some("is compared already".to_owned()),
                false => unfit(entry, view),
            };
            let item = Item::new(Command::TakeCompared(entry.id.clone()), entry.name.clone()).detail(folder);
            Item { search: listing.full_name(entry), disabled, ..item }
        };
        let mut items: Vec<_> = listing.segments.iter().map(item).collect();
        // What cannot be taken stands last.
        items.sort_by_key(|item| item.disabled.is_some());
        Outcome::open(Choose::new("Compare with", items, None))
    }

    fn add(&mut self, id: &str, cx: &mut Cx<'_>) {
        let name = cx.session.workspace().and_then(|listing| Some(listing.segment(id)?.name.clone()));
        if self.others.len() + 1 >= MOST_COMPARED || self.others.iter().any(|other| other.id == id) {
            return;
        }
        let name = name.unwrap_or_default();
        self.others.push(Other { id: id.to_owned(), name, document: None, unfit: None, has_fault: false });
        self.column = self.columns() - 1;
        self.overlaps.reset();
        self.load(cx);
    }

    fn remove(&mut self) {
        let Some(at) = self.column.checked_sub(2).filter(|at| *at < self.others.len()) else { return };
        self.others.remove(at);
        self.baseline = match self.baseline.cmp(&self.column) {
            std::cmp::Ordering::Less => self.baseline,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => self.baseline - 1,
        };
        self.column = self.column.min(self.columns() - 1);
        self.overlaps.reset();
    }

    /// Reads what is saved of the others.
    fn load(&self, cx: &mut Cx<'_>) {
        let Some(listing) = cx.session.workspace() else { return };
        let place = |other: &Other| {
            let path = listing.segment(&other.id).map_or_else(PathBuf::new, |entry| entry.path.clone());
            (other.id.clone(), path)
        };
        let segments: Vec<_> = self.others.iter().map(place).collect();
        if !segments.is_empty() {
            cx.session.request(Effect::LoadSegments { segments });
        }
    }

    /// Takes what was read of the others.
    fn loaded(&mut self, results: &[(String, Result<Arc<Segment>, Diagnostic>)], view: View<'_>) {
        for (id, result) in results {
            let Some(other) = self.others.iter_mut().find(|other| other.id == *id) else { continue };
            if let Ok(segment) = result {
                other.name.clone_from(&segment.name);
                other.has_fault = has_fault(segment, view);
            }
            other.document = Some(result.clone());
        }
    }

    /// The others are read again where the workspace is another one than when they were.
    fn note_listing(&mut self, cx: &mut Cx<'_>) {
        if shared::is_another_listing(&mut self.listing, cx) && !self.others.is_empty() {
            // What the segments refer to may have changed, too.
            self.figures.invalidate();
            self.load(cx);
        }
    }

    /// What keeps the others from being compared with the open segment as it is now.
    fn note_fitness(&mut self, view: View<'_>) {
        for other in &mut self.others {
            let entry = view.session.workspace().and_then(|listing| listing.segment(&other.id));
            other.unfit = entry.and_then(|entry| unfit(entry, view));
        }
    }

    /// The question as it stands; none while others are still to be read.
    fn question(&mut self, cx: &Cx<'_>) -> Option<backend::Compare> {
        let as_of = cx.session.as_of();
        let range = self.days.range(as_of);
        self.days_fault = range.as_ref().err().cloned();
        let is_pending = |other: &Other| other.document.is_none() && other.unfit.is_none();
        if self.others.iter().any(is_pending) {
            return None;
        }
        let others = self.others.iter().filter_map(Other::fitting).cloned();
        let segments = cx.segment.iter().cloned().chain(others).collect();
        Some(backend::Compare { segments, range: range.ok()?, as_of, wrong: WrongConditions::LeaveOut })
    }

    /// The figures as lines of values with tabs between them.
    fn text(&self) -> Option<String> {
        let comparison = self.comparison()?;
        let names: Vec<String> = self.compared().into_iter().map(|one| one.name).collect();
        let mut lines = vec![
            std::iter::once("")
                .chain(names.iter().map(String::as_str))
                .chain(["all"])
                .collect::<Vec<_>>()
                .join("\t"),
        ];
        let mut line = |title: &str, figure: &dyn Fn(&ComparedFigures) -> Option<String>| {
            let figures = comparison.columns.iter().map(|column| figure(column).unwrap_or_default());
            lines.push(std::iter::once(title.to_owned()).chain(figures).collect::<Vec<_>>().join("\t"));
        };
        let number = |number: &Option<crate::segment::Number>| number.map(|number| number.to_string());
        line("unique_customers", &|of| Some(of.unique_customers.to_string()));
        line("active_customers", &|of| of.active_customers.map(|count| count.to_string()));
        line("revenue", &|of| of.revenue.map(shared::plain_money));
        line("revenue_per_customer", &|of| number(&of.revenue_per_customer));
        line("orders_per_customer", &|of| number(&of.orders_per_customer));
        line("units_per_order", &|of| number(&of.units_per_order));
        line("average_order_value", &|of| number(&of.average_order_value));
        Some(lines.join("\n"))
    }

    fn move_sideways(&mut self, action: Action) {
        if self.overlaps.is_shown {
            if let Some(PageAnswer::Compare(comparison)) = self.figures.answer() {
                self.overlaps.sideways(action, comparison);
            }
            return;
        }
        let last = self.columns() - 1;
        let by = if action == Action::Left { -1 } else { 1 };
        self.column = self.column.saturating_add_signed(by).min(last);
    }

    fn step(&mut self, by: isize) {
        if let Some(PageAnswer::Compare(comparison)) = self.figures.answer()
            && self.overlaps.is_shown
        {
            self.overlaps.step(by, comparison);
        }
    }
}

impl Layer for Compare {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Compare, Context::Overview, Context::Screen]
    }

    fn check(&self, action: Action, view: View<'_>) -> Check {
        let in_figures = "go back to the figures first (o)";
        match action {
            Action::Left | Action::Right | Action::ToggleOverlaps | Action::ChooseDays | Action::Recount => {
                Check::Enabled
            }
            _ if action.step(1).is_some() => Check::Enabled,
            Action::AddCompared => Check::unless(self.add_fault(view)),
            Action::RemoveCompared | Action::NextBaseline if self.overlaps.is_shown => {
                Check::Disabled(in_figures.to_owned())
            }
            Action::RemoveCompared => Check::only_if(
                self.column >= 2,
                "all customers and the open segment stay: go to another column first",
            ),
            Action::NextBaseline => Check::Enabled,
            Action::TickRegion if !self.overlaps.is_shown => {
                Check::Disabled("show first what the segments share (o)".to_owned())
            }
            Action::TickRegion | Action::CopyCard => {
                Check::only_if(self.comparison().is_some(), "there are no numbers yet")
            }
            Action::NewIntersection => Check::unless(self.combination_fault(Way::Intersection, view)),
            Action::NewUnion => Check::unless(self.combination_fault(Way::Union, view)),
            Action::CardSql => Check::unless(view.session.no_database_reason()),
            _ => shared::check(action),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Left | Action::Right => self.move_sideways(action),
            Action::Recount => {
                self.figures.invalidate();
                self.load(cx);
                return Outcome::pass();
            }
            Action::AddCompared => return self.choose(cx.view()),
            Action::RemoveCompared => self.remove(),
            Action::NextBaseline => self.baseline = (self.baseline + 1) % self.columns(),
            Action::ChooseDays => return Outcome::open(Days::new(&self.days)),
            Action::ToggleOverlaps => self.overlaps.is_shown = !self.overlaps.is_shown,
            Action::TickRegion => {
                if let Some(PageAnswer::Compare(comparison)) = self.figures.answer() {
                    self.overlaps.tick(comparison);
                }
            }
            Action::NewIntersection => return self.ask_new(Way::Intersection, cx),
            Action::NewUnion => return self.ask_new(Way::Union, cx),
            Action::CopyCard => {
                let text = self.text().unwrap_or_default();
                copy(text, "segtui compare prints them", cx.session);
            }
            Action::CardSql => {
                let Some(question) = self.question(cx) else { return Outcome::stay() };
                return SqlView::open_card(Card::Compare(question.segments, question.range), cx);
            }
            Action::Back if self.overlaps.is_shown => self.overlaps.is_shown = false,
            _ => return shared::perform(action, PageKind::Compare),
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        if let Event::SegmentsLoaded(results) = event {
            self.loaded(results, cx.view());
            return Outcome::stay();
        }
        let before = self.compared();
        if !self.figures.receive(event) {
            return Outcome::pass();
        }
        // What is ticked is said by positions.
        if self.compared() != before {
            self.overlaps.reset();
        }
        Outcome::stay()
    }

    fn take(&mut self, command: &Command, cx: &mut Cx<'_>) -> Outcome {
        match command {
            Command::TakeCompared(id) => self.add(id, cx),
            Command::TakeDays(days) => self.days.clone_from(days),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn paste(&mut self, _: &str, cx: &mut Cx<'_>) -> Outcome {
        cx.session.notify(Message::not_typing());
        Outcome::stay()
    }
}

impl PageLayer for Compare {
    fn follow(&mut self, definition: u64, cx: &mut Cx<'_>) {
        self.note_listing(cx);
        self.note_fitness(cx.view());
        if let Some(question) = self.question(cx) {
            self.figures.ask(definition, PageQuestion::Compare(question), cx.session);
        }
    }
}
