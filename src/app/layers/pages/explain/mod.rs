//! Why customers are in the open segment, or are not: one of them line by line, or several at once.

mod entry;
mod layer;
mod table;
mod text;
mod tree;
mod words;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

pub use self::entry::Entry;
use self::entry::Named;
pub use self::table::{IdRow, IdTable, Tally};
pub use self::tree::{Documents, ExplainedLine, LineKind, LinePlace, deciding, number, side_of};
use self::tree::{Tree, excludes_nothing, node_at};
pub(crate) use self::words::with_day;
pub use self::words::{
    Words, change_in_words, flip_in_words, reason, result_in_words, verdict_in_words, why,
};
use super::asked::Asked;
use super::shared;
use crate::app::effect::Effect;
use crate::app::layer::Cx;
use crate::backend::{
    self, Explain as Question, ExplainedCustomer, Explanation, FindChange, IdStanding, NearestChange,
    PageAnswer, PageQuestion,
};
use crate::segment::{NodePath, Segment};
use crate::workspace::Listing;

/// Why customers are in the open segment, or are not.
#[derive(Clone, Debug, Default)]
pub struct Explain {
    /// The field in which customers are named.
    pub entry: Entry,
    /// Whom a person has named.
    pub ids: Vec<String>,
    /// A text that is one id, if there is such a one, else the ids that stand in it.
    whole: Option<String>,
    /// Which of several is looked at by herself; of one that one.
    pub opened: Option<usize>,
    /// The explanation of that one.
    pub explanation: Asked,
    /// When her answer is another one.
    pub change: Asked,
    /// Several at once.
    pub table: IdTable,
    /// The customer of the table at the cursor.
    pub row: usize,
    /// The line of the table at the cursor; none is the answer.
    pub column: usize,
    /// The line of the tree at the cursor.
    pub cursor: LinePlace,
    /// The lines whose own segments are shown inside.
    pub unfolded: HashSet<LinePlace>,
    /// What those are.
    pub documents: Documents,
    /// How many lines of the reasons are scrolled over.
    pub scroll: usize,
    /// Whether she stays beside the criteria while these are edited.
    pub is_pinned: bool,
    listing: Option<Arc<Listing>>,
}

impl Explain {
    /// The id that is looked at by itself.
    #[must_use]
    pub fn current_id(&self) -> Option<&str> {
        self.whole.as_deref().or_else(|| self.ids.get(self.opened?).map(String::as_str))
    }

    /// The customer who stays beside the criteria.
    #[must_use]
    pub fn pinned(&self) -> Option<&str> {
        self.current_id().filter(|_| self.is_pinned)
    }

    /// What was asked of her last and answered, perhaps of an older definition.
    #[must_use]
    pub fn answered(&self) -> Option<(&Question, &Explanation, &ExplainedCustomer)> {
        match (self.explanation.answered()?, self.explanation.answer()?) {
            (PageQuestion::Explain(question), PageAnswer::Explanation(explanation)) => {
                let customer = explanation.customers.first()?;
                let is_hers = self.current_id() == Some(customer.id.as_str());
                is_hers.then_some((question, explanation, customer))
            }
            _ => None,
        }
    }

    /// When her answer is another one, once that is known.
    #[must_use]
    pub fn changed(&self) -> Option<NearestChange> {
        match (self.change.answered()?, self.change.answer()?) {
            (PageQuestion::Change(question), PageAnswer::Change(change))
                if self.change.is_current() && Some(question.id.as_str()) == self.current_id() =>
            {
                Some(*change)
            }
            _ => None,
        }
    }

    /// The lines of her explanation, the answer first.
    #[must_use]
    pub fn lines(&self) -> Vec<ExplainedLine<'_>> {
        let Some((question, _, customer)) = self.answered() else { return Vec::new() };
        let tree = Tree { unfolded: &self.unfolded, documents: &self.documents };
        let verdict = (customer.standing == IdStanding::Customer).then_some(&customer.verdict);
        tree.lines(&question.segment, verdict)
    }

    /// The line at the cursor.
    #[must_use]
    pub fn line(&self) -> Option<ExplainedLine<'_>> {
        let is_at = |line: &ExplainedLine<'_>| {
            line.place == self.cursor && !matches!(line.kind, LineKind::Instead(_))
        };
        self.lines().into_iter().find(is_at)
    }

    /// The page is shown: as long as nobody is named, keys name somebody.
    pub(super) fn arrive(&mut self) {
        if self.ids.is_empty() {
            self.entry.start();
        }
    }

    /// Whoever was named in another segment is named in this one too, as long as nobody else is.
    fn remember(&mut self, cx: &mut Cx<'_>) {
        let activation_id = cx.view().activation_id();
        let remembered = &mut cx.session.remembered.explained;
        if !self.ids.is_empty() {
            let is_known =
                remembered.as_ref().is_some_and(|(of, ids)| *of == activation_id && *ids == self.ids);
            if !is_known {
                *remembered = Some((activation_id, self.ids.clone()));
            }
        } else if let Some((_, ids)) = remembered.as_ref().filter(|(of, _)| *of == activation_id)
            && self.entry.field.text().is_empty()
        {
            let ids = ids.clone();
            self.name(ids);
        }
    }

    /// Names these customers.
    pub(crate) fn name(&mut self, ids: Vec<String>) {
        self.take(Named::Several { whole: None, ids });
    }

    fn take(&mut self, named: Named) {
        let (whole, ids) = match named {
            Named::Nobody => return self.entry.stop(),
            Named::One(id) => (None, vec![id]),
            Named::Several { whole, ids } => (whole, ids),
        };
        self.entry.stop();
        (self.whole, self.ids) = (whole, ids);
        self.table.clear();
        (self.row, self.column) = (0, 0);
        self.opened = (self.ids.len() == 1).then_some(0);
        self.look_anew();
        self.is_pinned = self.current_id().is_some();
    }

    /// Looks at one of several by herself.
    fn open(&mut self, row: usize) {
        if row < self.ids.len() {
            (self.row, self.opened, self.is_pinned) = (row, Some(row), true);
            self.look_anew();
        }
    }

    fn look_anew(&mut self) {
        self.scroll = 0;
        if self.line().is_none() {
            self.cursor = Vec::new();
        }
    }

    /// Goes on to the customer so many further.
    fn walk(&mut self, by: isize) {
        let last = self.ids.len().saturating_sub(1);
        self.row = self.row.saturating_add_signed(by).min(last);
        if self.opened.is_some() {
            self.open(self.row);
        }
    }

    /// Moves the cursor among the lines of the tree.
    fn step_line(&mut self, by: isize) {
        let lines = self.lines();
        let mut places: Vec<LinePlace> = lines
            .into_iter()
            .filter(|line| !matches!(line.kind, LineKind::Instead(_)))
            .map(|line| line.place)
            .collect();
        let at = places.iter().position(|place| *place == self.cursor).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(places.len().saturating_sub(1));
        if to < places.len() {
            self.cursor = places.swap_remove(to);
            self.scroll = 0;
        }
    }

    /// Shows the lines of the segment that the line at the cursor asks of, or hides them.
    fn fold(&mut self, fold: bool, cx: &mut Cx<'_>) {
        let Some(line) = self.line() else { return };
        let nested = line.nested().map(|(id, _)| id.to_owned());
        match (nested, fold) {
            (Some(id), false) => {
                self.unfolded.insert(self.cursor.clone());
                self.load(vec![id], cx);
            }
            (Some(_), true) if self.unfolded.remove(&self.cursor) => {}
            (_, true) if self.cursor.len() > 1 => {
                // Out to the line whose segment this one is in.
                self.cursor.pop();
            }
            _ => {}
        }
    }

    /// The segments whose lines are shown inside.
    fn unfolded_ids(&self) -> Vec<String> {
        let lines = self.lines().into_iter().filter(|line| self.unfolded.contains(&line.place));
        lines.filter_map(|line| line.nested().map(|(id, _)| id.to_owned())).collect()
    }

    /// Reads what segments are made of.
    fn load(&self, ids: Vec<String>, cx: &mut Cx<'_>) {
        let Some(listing) = cx.session.workspace() else { return };
        let wanted = ids.into_iter().filter(|id| !matches!(self.documents.get(id), Some(Ok(_))));
        let place = |id: String| {
            let path = listing.segment(&id).map_or_else(PathBuf::new, |entry| entry.path.clone());
            (id, path)
        };
        let segments: Vec<_> = wanted.map(place).collect();
        if !segments.is_empty() {
            cx.session.request(Effect::LoadSegments { segments });
        }
    }

    /// What segments refer to may be another thing in another state of the workspace.
    fn note_listing(&mut self, cx: &mut Cx<'_>) {
        if shared::is_another_listing(&mut self.listing, cx) {
            self.explanation.invalidate();
            self.change.invalidate();
            self.table.clear();
            let ids: Vec<String> = self.documents.drain().map(|(id, _)| id).collect();
            self.load(ids, cx);
        }
    }

    /// Asks why she is a member, or is not.
    fn ask_one(&mut self, definition: u64, cx: &mut Cx<'_>) {
        let (Some(id), Some(segment)) = (self.current_id().map(str::to_owned), cx.segment.clone()) else {
            return;
        };
        let question = backend::Explain { segment, as_of: cx.session.as_of(), ids: vec![id] };
        self.explanation.ask(definition, PageQuestion::Explain(question), cx.session);
        // There is one question at a time.
        self.table.give_up();
    }

    /// Asks when her answer is another one, once the answer is there.
    fn ask_change(&mut self, definition: u64, cx: &mut Cx<'_>) {
        if !self.explanation.is_current() {
            return;
        }
        let Some((question, _, customer)) = self.answered() else { return };
        if customer.standing != IdStanding::Customer {
            return;
        }
        let question = FindChange {
            segment: Arc::clone(&question.segment),
            as_of: question.as_of,
            id: customer.id.clone(),
        };
        self.change.ask(definition, PageQuestion::Change(question), cx.session);
    }

    /// Asks for what the editor shows of the customer who stays beside the criteria: whenever its own numbers are there.
    pub(crate) fn follow_pinned(&mut self, definition: u64, cx: &mut Cx<'_>) {
        if self.pinned().is_some() {
            self.ask_one(definition, cx);
        }
    }

    /// What a line of the open segment comes to for the customer who stays beside the criteria, where the line is the
    /// same as when that was found out.
    #[must_use]
    pub fn pinned_result(&self, segment: &Segment, path: &NodePath) -> Option<Option<bool>> {
        self.pinned()?;
        let (question, _, customer) = self.answered()?;
        let then = &question.segment;
        let is_same = match path.steps.is_empty() {
            true => then.side(path.side) == segment.side(path.side),
            false => then.node(path) == segment.node(path),
        };
        let explained = customer.verdict.sides.iter().find_map(|side| node_at(side, path))?;
        (is_same && !excludes_nothing(explained)).then_some(explained.result)
    }
}
