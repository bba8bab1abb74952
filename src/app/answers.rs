//! What the outside answers, as far as it is about more than one layer.

use std::path::Path;
use std::sync::Arc;

use super::app::App;
use super::command::Command;
use super::databases::DatabaseState;
use super::effect::{Effect, LoadReason};
use super::event::{Event, UploadFailure};
use super::layers::confirm::Confirm;
use super::layers::overlay::Overlay;
use super::message::Message;
use crate::database::{Database, Note, Table};
use crate::diagnostic::Diagnostic;
use crate::workspace::{Clash, Damaged, Listing, Uploaded};

impl App {
    pub(super) fn receive(&mut self, event: &Event) {
        match event {
            Event::Key(_) | Event::Paste(_) | Event::Resize(..) => {}
            Event::ThemeNoticed(name) => self.theme.current.clone_from(name),
            Event::FocusGained => self.check_for_changes(),
            Event::WorkspaceChanged => self.session.request(Effect::ListSegments),
            Event::DatabaseChanged => self.check_database(),
            Event::Opening { folder, what } => {
                let is_known = self.databases().contains(folder);
                self.session.databases.opening_step = is_known.then(|| what.clone());
            }
            Event::Opened { folder, result } => self.opened(folder, result),
            Event::ReadingAhead { database, what } => self.reading_ahead(database, what),
            Event::ReadAheadDone { database, unmatched } => self.read_ahead_done(database, unmatched),
            Event::FileChanged { database, change, at } => {
                self.session.remembered.tests.forget();
                if let Some(effect) = self.session.databases.file_changed(database, change, *at) {
                    self.invalidate_numbers();
                    self.session.request(effect);
                }
            }
            Event::Listed(result) => self.listed(event, result),
            Event::WorkspaceTablesRead { database, tables } => self.workspace_tables_read(database, tables),
            Event::Drafts(Ok(drafts)) => self.found_drafts(drafts),
            Event::Drafts(Err(failure)) | Event::Notice(failure) => {
                self.session.notify(failure.clone().into())
            }
            Event::Loaded { id, reason, result } if *reason != LoadReason::Preview => {
                self.loaded(id, *reason, result);
            }
            Event::Saved { sent, result } => self.saved(event, sent, result),
            Event::Renamed { result } => self.renamed(event, result),
            Event::MetricChanged { result } => self.metric_changed(event, result),
            Event::DraftKept { edits, result } => self.draft_kept(edits, result),
            Event::StillWriting(write) => self.still_writing(*write),
            Event::Compared { id, base, stored } => self.compared(id, *base, stored),
            Event::ListUploaded { file, result } => self.uploaded(event, file, result),
            Event::ExportProgress { file, rows, total } => self.export_goes_on(file, *rows, *total),
            Event::CaseWritten { question, file, result } => {
                self.case_written((**question).clone(), file, result.clone());
            }
            Event::Exported { file, result } => self.exported(file, result),
            Event::Loaded { .. }
            | Event::Evaluated { .. }
            | Event::Advised { .. }
            | Event::Counted { .. }
            | Event::VariantCounted { .. }
            | Event::SqlWritten { .. }
            | Event::PageProgress { .. }
            | Event::PageAnswered { .. }
            | Event::SegmentsLoaded(_)
            | Event::HistoryListed { .. }
            | Event::SegmentTested { .. }
            | Event::SegmentsTested
            | Event::ListPreviewed { .. }
            | Event::FolderListed { .. } => self.receive_answer(event),
        }
    }

    /// An answer for whoever asked, which may be a page that is not shown any more.
    fn receive_answer(&mut self, event: &Event) {
        if !self.offer(event)
            && let Some(open) = &mut self.stack.open
        {
            open.receive(event, &mut self.session);
        }
    }

    fn reading_ahead(&mut self, database: &Path, what: &str) {
        let databases = &mut self.session.databases;
        databases.read_ahead_step = databases.is_open(database).then(|| what.to_owned());
    }

    fn read_ahead_done(&mut self, database: &Path, unmatched: &[(String, Note)]) {
        let databases = &mut self.session.databases;
        if databases.is_open(database) {
            databases.read_ahead_step = None;
            databases.note_unmatched(unmatched);
        }
    }

    /// Whoever asked for it takes the failure; it is told where nobody does.
    fn metric_changed(&mut self, event: &Event, result: &Result<(), Diagnostic>) {
        let is_taken = self.offer(event);
        match result {
            Ok(()) => self.session.request(Effect::ListSegments),
            Err(failure) if !is_taken => self.session.notify(failure.clone().into()),
            Err(_) => {}
        }
    }

    fn listed(&mut self, event: &Event, result: &Result<Arc<Listing>, Diagnostic>) {
        if let Err(failure) = result {
            self.session.notify(failure.clone().into());
        }
        if let Ok(listing) = result {
            self.note_damaged(listing);
        }
        self.session.listing = Some(result.clone());
        self.offer(event);
        self.compare_open_segment();
        self.read_workspace_tables();
    }

    /// Tells of files that cannot be read and that the listing before did not have.
    fn note_damaged(&mut self, listing: &Listing) {
        let known = self.workspace().map(Arc::clone);
        let is_new =
            |damaged: &&Damaged| !known.as_ref().is_some_and(|known| known.damaged.contains(damaged));
        let new: Vec<&Damaged> = listing.damaged.iter().filter(is_new).collect();
        for damaged in &new {
            let diagnostic = Diagnostic::new(damaged.to_string()).with_help(damaged.help.clone());
            self.session.notify(diagnostic.into());
        }
        if new.len() > 1 {
            let summary =
                format!("{} files of the workspace cannot be read: `: messages` names them", new.len());
            self.session.notify(Diagnostic::new(summary).into());
        }
    }

    fn opened(&mut self, folder: &Path, result: &Result<Arc<Database>, Diagnostic>) {
        self.session.databases.opening_step = None;
        if self.session.databases.is_wanted(folder) {
            self.take_opened(folder, result);
        }
        self.keep_only_needed();
    }

    fn take_opened(&mut self, folder: &Path, result: &Result<Arc<Database>, Diagnostic>) {
        let is_open = self.session.databases.is_open(folder);
        let change = self.session.databases.finish_opening();
        let known = self.databases().iter().position(|known| known == folder);
        let at = known.unwrap_or(self.session.databases.at);
        match result {
            Err(failure) if self.database().is_some() => match change {
                Some(change) => self.reload_failed(change, failure),
                None => {
                    self.session.notify(failure.clone().into());
                    self.request_missing_numbers();
                }
            },
            Err(failure) => {
                let known = &mut self.session.databases.state;
                // It may be tried again and again.
                let is_known = matches!(known, DatabaseState::Failed(before) if before == failure);
                *known = DatabaseState::Failed(failure.clone());
                if !is_known {
                    self.session.notify(failure.clone().into());
                }
            }
            Ok(database) if is_open => {
                self.session.notify(match change {
                    // What a case is was said at the start, and is not to be covered.
                    None if self.is_case => return self.use_database(at, Arc::clone(database)),
                    Some(change) => Message::note(format!("{change}; the database was read again")),
                    None => Message::done(format!("opened {}", database.name)),
                });
                self.use_database(at, Arc::clone(database));
            }
            Ok(database) => self.use_or_ask(at, database),
        }
    }

    /// Uses another database than the open one, after a question where the open segment has conditions that
    /// it cannot carry.
    fn use_or_ask(&mut self, at: usize, database: &Arc<Database>) {
        // What is in the workspace stands beside any database.
        let open = self.database().into_iter();
        let workspace: Vec<Table> = open.flat_map(|open| open.workspace_tables()).cloned().collect();
        let problems = self.editor().map(|editor| editor.problems.as_slice()).unwrap_or_default();
        let lost = self.view().lost_conditions(&database.with_workspace(&workspace), problems);
        if self.database().is_none() || lost.is_empty() {
            return self.use_database(at, Arc::clone(database));
        }
        let title = format!("{} cannot carry these conditions", database.name);
        let mut lines = lost;
        lines.push("They stay in the segment and are left out of the numbers.".to_owned());
        let answers =
            vec![('n', "Stay", Command::KeepDatabase), ('y', "Change the database", Command::UseDatabase)];
        self.session.databases.set_candidate(at, Arc::clone(database));
        self.stack.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
        self.request_missing_numbers();
    }

    pub(super) fn use_database(&mut self, at: usize, database: Arc<Database>) {
        let before = self.database().map(|open| open.name.clone());
        let is_again = self.session.databases.is_open(&database.folder);
        let is_change = before.is_some() && !is_again;
        for table in &database.tables {
            if let Err(error) = &table.content {
                self.session.notify(Message::from(
                    Diagnostic::new(format!("{} cannot be used: {error}", table.name))
                        .with_help(error.help_text()),
                ));
            }
        }
        let (name, default_id) = (database.name.clone(), database.default_id.clone());
        if is_change {
            self.session.day.forget();
        }
        self.session.databases.set_open(at, database);
        if !is_again {
            self.session.remembered.tests.forget();
            self.session.request(Effect::StopTests);
        }
        self.read_workspace_tables();
        if is_change {
            self.session.notify(Message::done(format!("opened {name}")));
        }
        let Some(editor) = self.stack.editor_mut() else {
            return if is_again {
                self.refresh_top()
            };
        };
        if is_change {
            editor.set_database(&name);
            editor.definition_changed(&mut self.session);
        } else if is_again {
            // Its manifest may call it otherwise now.
            if Some(&editor.segment().database) == before.as_ref() && before.as_ref() != Some(&name) {
                editor.set_database(&name);
            }
            editor.invalidate();
            editor.recount(&mut self.session);
            self.refresh_top();
        } else {
            editor.adopt(&name, &default_id);
            editor.invalidate();
            editor.recount(&mut self.session);
        }
    }

    /// The open database could not be opened again because of a file that has changed.
    fn reload_failed(&mut self, change: String, failure: &Diagnostic) {
        let message = format!("{change}, and the database cannot be read again: {}", failure.message);
        if let Some(editor) = self.stack.editor_mut() {
            editor.live.failure = Some(message.clone());
        }
        self.session.databases.fail_reload(change);
        let help = format!("{}; r tries again", failure.help_text());
        self.session.notify(Diagnostic::new(message).with_help(help).into());
    }

    /// Asks for numbers that are still missing: while another database was on its way, what came of a file
    /// that has changed was let go.
    fn request_missing_numbers(&mut self) {
        if let Some(editor) = self.stack.editor_mut().filter(|editor| !editor.is_current()) {
            editor.recount(&mut self.session);
        }
    }

    /// Lets go of what is known of every database but the open one, and one that may be opened next.
    pub(super) fn keep_only_needed(&mut self) {
        let needed = self.session.databases.needed();
        self.session.request(Effect::KeepOnly(needed));
    }

    pub(super) fn read_workspace_tables(&mut self) {
        if let Some(database) = self.session.database_folder() {
            let as_of = self.as_of();
            self.session.request(Effect::ReadWorkspaceTables { database, as_of });
        }
    }

    /// Takes the tables of the workspace beside the open database; what is counted on them is
    /// counted again if they have changed.
    fn workspace_tables_read(&mut self, folder: &Path, tables: &[Table]) {
        if self.session.databases.set_workspace_tables(folder, tables)
            && let Some(editor) = self.stack.editor_mut()
        {
            editor.invalidate();
            editor.recount(&mut self.session);
        }
    }

    /// A file was copied into the lists, or not.
    fn uploaded(&mut self, event: &Event, file: &Path, result: &Result<Uploaded, UploadFailure>) {
        if let Ok(uploaded) = result {
            self.session.request(Effect::ListSegments);
            // Whoever has gone elsewhere meanwhile stays there.
            self.offer(event);
            let text = match uploaded.is_copied {
                true => format!("{} is in the workspace's lists now", uploaded.path),
                false => format!("{} was in the workspace's lists already", uploaded.path),
            };
            return self.session.notify(Message::done(text));
        }
        match result {
            Err(UploadFailure::Taken { name, free }) => self.ask_clash(file, name, free),
            Err(UploadFailure::Other(failure)) if !self.offer(event) => {
                self.session.notify(failure.clone().into());
            }
            Ok(_) | Err(UploadFailure::Other(_)) => {}
        }
    }

    fn ask_clash(&mut self, file: &Path, name: &str, free: &str) {
        let users = self.workspace().map(|listing| listing.users_of_list(name)).unwrap_or_default();
        let mut lines = vec![format!("{} is not the same file.", file.display())];
        if !users.is_empty() {
            lines.push(format!("The one in the lists is used by {}.", users.join(", ")));
        }
        let both = format!("Keep both: this one as {free}");
        let upload = |clash: Clash| Command::Upload(file.to_owned(), clash);
        let answers = vec![
            ('k', both.as_str(), upload(Clash::KeepBoth)),
            ('r', "Replace the one in the lists (it goes to the trash)", upload(Clash::Replace)),
            ('c', "Cancel", Command::Cancel),
        ];
        let title = format!("Another {name} is in the workspace's lists");
        self.stack.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
    }
}
