//! What every layer may know: the databases, the day, what is in the workspace, the notices, the terminal's
//! size; and where its effects go.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use ulid::Ulid;

use super::chosen_day::ChosenDay;
use super::databases::Databases;
use super::effect::Effect;
use super::message::{Message, Messages};
use super::remembered::Remembered;
use crate::backend::{Metric, PageQuestion};
use crate::database::Database;
use crate::diagnostic::Diagnostic;
use crate::segment::Segment;
use crate::sql::{DateStyle, Dialect};
use crate::workspace::Listing;

/// What every layer may know.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// The databases at hand, and the open one.
    pub databases: Databases,
    /// The day of evaluation that was chosen.
    pub day: ChosenDay,
    /// Today, for data that does not say at which day it stands.
    pub today: NaiveDate,
    /// What is in the workspace, once it is read.
    pub listing: Option<Result<Arc<Listing>, Diagnostic>>,
    /// Notices.
    pub messages: Messages,
    /// The terminal's size in columns and lines.
    pub size: (u16, u16),
    /// Whether nothing is written.
    pub read_only: bool,
    /// The SQL that was looked at last.
    pub sql_form: (Dialect, DateStyle),
    /// The folder in which files are looked for.
    pub browsed: PathBuf,
    /// What `~` stands for.
    pub home_folder: Option<PathBuf>,
    /// The id that was given last.
    pub ids: Ulid,
    /// The number of the last request.
    pub requests: u64,
    /// What is to be opened as a new segment once the open one is left.
    pub next_segment: Option<Arc<Segment>>,
    /// What is remembered from one open segment to the next.
    pub remembered: Remembered,
    /// What is to be done outside.
    pub effects: Vec<Effect>,
}

impl Session {
    /// A new id: the next one in order, unique in this program as the seed is among programs.
    pub(crate) fn new_id(&mut self, prefix: &str) -> String {
        self.ids = Ulid(self.ids.0.wrapping_add(1));
        format!("{prefix}{}", self.ids)
    }

    /// Asks for something to be done outside.
    pub(crate) fn request(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// The number of the next request.
    pub(crate) fn next_request(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// Asks a question of a page; answers the number of the request, if a database is open.
    pub(crate) fn ask_page(&mut self, question: PageQuestion) -> Option<u64> {
        let database = self.database_folder()?;
        let request = self.next_request();
        self.request(Effect::AskPage { database, request, question: Box::new(question) });
        Some(request)
    }

    /// The custom metrics of the open database that count by an activation ID.
    pub(crate) fn metrics(&self, activation_id: &str) -> Vec<Metric> {
        let (Some(listing), Some(database)) = (self.workspace(), self.database()) else { return Vec::new() };
        let is_own =
            |metric: &&Metric| metric.database == database.name && metric.activation_id == activation_id;
        listing.metrics.iter().filter(is_own).cloned().collect()
    }

    /// Shows a notice.
    pub(crate) fn notify(&mut self, message: Message) {
        self.messages.push(message);
    }

    /// Shows something to know.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.notify(Message::note(text));
    }

    /// The open database.
    pub(crate) fn database(&self) -> Option<&Arc<Database>> {
        self.databases.database()
    }

    /// The folder of the open database.
    pub(crate) fn database_folder(&self) -> Option<PathBuf> {
        self.database().map(|database| database.folder.clone())
    }

    /// What is in the workspace, if it could be read.
    pub(crate) fn workspace(&self) -> Option<&Arc<Listing>> {
        self.listing.as_ref().and_then(|listing| listing.as_ref().ok())
    }

    /// The day at which everything is evaluated.
    pub(crate) fn as_of(&self) -> NaiveDate {
        let of_data = self.data_day();
        self.day.now.and_then(|day| day.on(of_data).ok()).unwrap_or(of_data)
    }

    /// The data's own day.
    pub(crate) fn data_day(&self) -> NaiveDate {
        self.database().and_then(|database| database.as_of).unwrap_or(self.today)
    }

    /// Whether it is another day than the data's own.
    pub(crate) fn is_other_day(&self) -> bool {
        self.as_of() != self.data_day()
    }

    /// How many lines a page is.
    pub(crate) fn page(&self) -> isize {
        isize::try_from(self.size.1 / 2).unwrap_or(1).max(1)
    }

    /// Why nothing can be asked of a database: none is open.
    pub(crate) fn no_database_reason(&self) -> Option<String> {
        self.databases.missing_reason()
    }

    /// Reads a database whose files have changed and that could not be opened since once more; whether
    /// there is one.
    pub(crate) fn retry_reload(&mut self) -> bool {
        let effect = self.databases.retry_reload();
        let is_retried = effect.is_some();
        self.effects.extend(effect);
        is_retried
    }
}
