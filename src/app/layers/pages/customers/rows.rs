//! The rows of the members that are known: a window of them, some screens high, that is asked for again before one
//! scrolls out of it.

use std::ops::Range;
use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use crate::app::event::{Event, SegmentFailure};
use crate::app::session::Session;
use crate::backend::{CustomerWindow, ListCustomers, PageAnswer, PageQuestion, WindowStart};

/// The fewest and the most rows of a window.
const ROWS: Range<usize> = 120..2_000;
/// How many characters of a value are looked at to see how wide its column is.
const MEASURED: usize = 60;

/// What is asked for, of which definition; rows of the same content belong to one list.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub definition: u64,
    pub question: ListCustomers,
}

impl Content {
    fn is_same(&self, other: &Self) -> bool {
        let (one, two) = (&self.question, &other.question);
        // The segment and the day are of the definition.
        self.definition == other.definition
            && (&one.columns, one.sort, &one.search) == (&two.columns, two.sort, &two.search)
    }
}

/// Something that was asked for.
#[derive(Clone, Debug)]
struct Asked {
    content: Content,
    /// The number of the request, while it is under way.
    request: Option<u64>,
}

impl Asked {
    /// The rows that are asked for; of a window that begins at an id nobody knows them yet.
    fn rows(&self) -> Option<Range<usize>> {
        match self.content.question.start {
            WindowStart::Row(first) => Some(first..first + self.content.question.rows),
            WindowStart::Id(_) => None,
        }
    }
}

/// The rows that are known.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// What was asked for last.
    asked: Option<Asked>,
    /// The last answer, and what it was of.
    known: Option<(Content, Arc<PageAnswer>)>,
    /// Whether it is of what is to be shown now.
    is_current: bool,
    failure: Option<SegmentFailure>,
    percent: Option<u64>,
    /// How wide the values of each column have been, in columns of the terminal.
    widths: Vec<usize>,
}

impl Rows {
    /// The rows that are known.
    #[must_use]
    pub fn window(&self) -> Option<&CustomerWindow> {
        match self.known.as_ref().map(|(_, answer)| &**answer) {
            Some(PageAnswer::Customers(window)) => Some(window),
            _ => None,
        }
    }

    /// What they were asked for with.
    #[must_use]
    pub fn question(&self) -> Option<&ListCustomers> {
        self.known.as_ref().map(|(content, _)| &content.question)
    }

    /// Whether they are of what is to be shown now, and not of something before.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.is_current
    }

    /// Why there are none.
    #[must_use]
    pub fn failure(&self) -> Option<&SegmentFailure> {
        self.failure.as_ref()
    }

    /// How much is done of what takes long.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        self.percent
    }

    /// How wide the values of each column have been, in columns of the terminal.
    #[must_use]
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// How many rows there are to scroll through.
    #[must_use]
    pub fn matches(&self) -> usize {
        self.window().map_or(0, |window| window.matches)
    }

    /// The rows that are seen when so many are in sight around the one at `cursor`.
    #[must_use]
    pub fn in_sight(&self, cursor: usize, height: usize) -> Range<usize> {
        let most = self.matches().saturating_sub(height);
        let first = cursor.saturating_sub(height / 2).min(most);
        first..(first + height).min(self.matches())
    }

    /// Asks for what is missing around the row at `cursor`, or from an id on.
    pub(super) fn follow(
        &mut self,
        content: Content,
        cursor: usize,
        id: Option<&str>,
        height: usize,
        session: &mut Session,
    ) {
        self.is_current = self.known.as_ref().is_some_and(|(known, _)| known.is_same(&content));
        let is_asked = self.asked.as_ref().is_some_and(|asked| asked.content.is_same(&content));
        let start = id.map_or_else(
            || WindowStart::Row(cursor.saturating_sub(window_rows(height) / 2)),
            |id| WindowStart::Id(id.to_owned()),
        );
        if is_asked && !self.is_missing(&start, cursor, height) {
            return;
        }
        let question = ListCustomers { start, rows: window_rows(height), ..content.question };
        let Some(request) = session.ask_page(PageQuestion::Customers(question.clone())) else { return };
        self.asked = Some(Asked { content: Content { question, ..content }, request: Some(request) });
        (self.failure, self.percent) = (None, None);
    }

    /// Whether rows have to be asked for, although the last question was of the same content.
    fn is_missing(&self, start: &WindowStart, cursor: usize, height: usize) -> bool {
        let Some(asked) = &self.asked else { return true };
        if let WindowStart::Id(_) = start {
            return asked.content.question.start != *start;
        }
        if self.failure.is_some() || !self.is_current {
            return false;
        }
        let seen = self.in_sight(cursor, height);
        // Some more on both sides, so that one scrolls into rows that are there.
        let wanted = seen.start.saturating_sub(height)..(seen.end + height).min(self.matches());
        let known = self.window().map_or(0..0, |window| window.first..window.first + window.rows.len());
        if is_within(&wanted, &known) {
            return false;
        }
        match (asked.request, asked.rows()) {
            // What is under way will do; a new question would only begin again.
            (Some(_), Some(rows)) => !is_within(&seen, &rows),
            (Some(_), None) => false,
            (None, _) => asked.content.question.start != *start,
        }
    }

    /// Takes what is about its request; whether it was. `Some(true)`: there are other rows now.
    pub(super) fn receive(&mut self, event: &Event) -> Option<bool> {
        let request = self.asked.as_ref().and_then(|asked| asked.request)?;
        match event {
            Event::PageProgress { request: of, percent } if *of == request => {
                self.percent = Some(*percent);
                Some(false)
            }
            Event::PageAnswered { request: of, result } if *of == request => {
                let asked = self.asked.as_mut()?;
                asked.request = None;
                self.percent = None;
                match result {
                    Ok(answer) => {
                        let content = asked.content.clone();
                        self.known(content, answer);
                    }
                    Err(failure) => self.failure = Some(failure.clone()),
                }
                Some(result.is_ok())
            }
            _ => None,
        }
    }

    fn known(&mut self, content: Content, answer: &Arc<PageAnswer>) {
        let before = self.known.as_ref().map(|(content, _)| &content.question.columns);
        if before != Some(&content.question.columns) {
            self.widths.clear();
        }
        self.known = Some((content, Arc::clone(answer)));
        self.is_current = true;
        self.widths = self.window().map(|window| measure(window, &self.widths)).unwrap_or_default();
    }
}

fn window_rows(height: usize) -> usize {
    (6 * height).clamp(ROWS.start, ROWS.end)
}

fn is_within(part: &Range<usize>, whole: &Range<usize>) -> bool {
    part.is_empty() || (whole.start <= part.start && part.end <= whole.end)
}

/// How wide the columns are; they only grow, so that nothing moves while one scrolls.
fn measure(window: &CustomerWindow, before: &[usize]) -> Vec<usize> {
    let width = |at: usize| {
        let values = window.rows.iter().filter_map(|row| row.get(at)?.as_deref());
        let widest = values.map(|value| value.chars().take(MEASURED).collect::<String>().width()).max();
        widest.unwrap_or(0).max(before.get(at).copied().unwrap_or(0))
    };
    (0..window.titles.len()).map(width).collect()
}
