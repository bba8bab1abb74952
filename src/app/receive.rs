//! What the outside answers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::editor::{Advice, Editor, Numbers};
use super::effect::{Effect, LoadReason};
use super::event::{Event, Failure, SaveFailure, SegmentFailure};
use super::message::Message;
use super::overlay::Overlay;
use super::overlay::confirm::{Answer, Confirm};
use super::{App, Opening, Screen, UnsavedDraft};
use crate::database::{Database, DatabaseView, Table};
use crate::segment::{self, Definition, Segment, Severity, words};
use crate::workspace::{Drafts, Expected};

impl App {
    pub(super) fn receive(&mut self, event: Event) {
        match event {
            Event::Key(_) | Event::Paste(_) | Event::Resize(..) => {}
            Event::FocusGained => self.check_for_changes(),
            Event::Opening { folder, what } => {
                self.opening_step = self.databases.contains(&folder).then_some(what);
            }
            Event::Opened { folder, result } => self.opened(&folder, result),
            Event::WarmingUp { database, what } => {
                self.warming_step = self.is_open(&database).then_some(what);
            }
            Event::WarmedUp { database } if self.is_open(&database) => self.warming_step = None,
            Event::WarmedUp { .. } => {}
            Event::FileChanged { database, change, at } => self.changed(&database, &change, at),
            Event::Listed(result) => {
                if let Err(failure) = &result {
                    self.notify(failure.clone().into());
                }
                self.home.listing = Some(result);
                self.home.previews.clear();
                self.home.step(0);
                if self.screen == Screen::Home {
                    self.preview();
                }
                self.find_folder();
                self.refresh_lists();
                self.read_workspace_tables();
            }
            Event::WorkspaceTablesRead { database, tables } => {
                self.workspace_tables_read(&database, &tables);
            }
            Event::Drafts(Ok(drafts)) => self.found_drafts(&drafts),
            Event::Drafts(Err(failure)) | Event::Notice(failure) => self.notify(failure.into()),
            Event::Loaded { id, reason: LoadReason::Preview, result } => {
                drop(self.home.previews.insert(id, result))
            }
            Event::Loaded { id, reason, result } => {
                // Whoever has gone elsewhere meanwhile stays there.
                if self.opening.as_ref() == Some(&id) {
                    self.opening = None;
                    self.loaded(reason, result);
                }
            }
            Event::Evaluated { definition, result } => {
                if let Some(editor) = self.editor.as_mut().filter(|editor| editor.definition() == definition)
                {
                    match result {
                        Ok(evaluation) => {
                            // The engine has looked into the lists too.
                            editor.problems.clone_from(&evaluation.problems);
                            let segment = Arc::clone(editor.segment());
                            editor.live.evaluation = Some(Numbers { definition, segment, evaluation });
                            editor.live.failure = None;
                            self.ask_advice();
                        }
                        Err(SegmentFailure::Other(failure)) => editor.live.failure = Some(failure.message),
                        Err(SegmentFailure::Refused(problem)) => {
                            editor.live.failure = Some(problem.to_string());
                            // The engine sees what cannot be told without data.
                            if !editor.problems.contains(&problem) {
                                editor.problems.push(*problem);
                            }
                        }
                    }
                }
            }
            Event::Advised { definition, result } => {
                if let Some(editor) = self.editor.as_mut().filter(|editor| editor.definition() == definition)
                {
                    match result {
                        Ok(problems) => {
                            let segment = Arc::clone(editor.segment());
                            editor.live.advice = Some(Advice { definition, segment, problems });
                        }
                        Err(failure) => self.notify(failure.into()),
                    }
                }
            }
            Event::Counted { table, column, result } => {
                let result = result.map_err(|failure| failure.message);
                for overlay in &mut self.overlays {
                    match overlay {
                        Overlay::Values(values) if values.prompt.is_about(&table, &column) => {
                            values.counted(result.clone());
                        }
                        Overlay::ValueEntry(entry) if entry.prompt.is_about(&table, &column) => {
                            entry.counts = Some(result.clone());
                        }
                        Overlay::Paste(paste) if paste.prompt.is_about(&table, &column) => {
                            paste.counted(result.as_ref().ok());
                        }
                        Overlay::QuickAdd(line) => line.counted(&table, &column, &result),
                        _ => {}
                    }
                }
            }
            Event::SqlWritten { segment, wanted, result } => self.sql_written(&segment, wanted, result),
            Event::ListPreviewed { of, result } => self.previewed(&of, result),
            Event::FolderListed { folder, result } => self.in_browser(|browse| {
                browse.listed(&folder, result);
                None
            }),
            Event::ListUploaded { file, result } => self.uploaded(file, result),
            Event::Saved { sent, result } => self.saved(&sent, result),
            Event::Renamed { result } => match result {
                Ok(segment) => self.renamed(&segment),
                Err(failure) => self.complain(failure),
            },
        }
    }

    fn loaded(&mut self, reason: LoadReason, result: Result<Arc<Segment>, Failure>) {
        let resuming = self.resuming.take();
        match (result, resuming) {
            (Ok(segment), resuming) => {
                self.drafts.extend(resuming);
                let screen = if reason == LoadReason::Overview { Screen::Overview } else { Screen::Editor };
                self.open_segment((*segment).clone(), screen);
            }
            // The saved segment is gone or damaged; the edits are not.
            (Err(failure), Some(draft)) => {
                self.notify(failure.into());
                self.recover(draft);
            }
            (Err(failure), None) => self.notify(failure.into()),
        }
    }

    fn opened(&mut self, folder: &PathBuf, result: Result<Arc<Database>, Failure>) {
        self.opening_step = None;
        if self.is_wanted(folder) {
            self.take_opened(folder, result);
        }
        self.keep_only_needed();
    }

    fn take_opened(&mut self, folder: &PathBuf, result: Result<Arc<Database>, Failure>) {
        let (is_open, changed) = (self.is_open(folder), self.finish_opening());
        let at = self.databases.iter().position(|known| known == folder).unwrap_or(self.database_at);
        match result {
            Err(failure) if self.database().is_some() => match changed {
                Some(change) => self.reload_failed(change, failure),
                None => {
                    self.notify(failure.into());
                    self.request_missing_numbers();
                }
            },
            Err(failure) => {
                self.notify(failure.clone().into());
                self.database = Opening::Failed(failure);
            }
            Ok(database) if is_open => {
                self.notify(match changed {
                    Some(change) => Message::note(format!("{change}; the database was read again")),
                    None => Message::done(format!("opened {}", database.name)),
                });
                self.use_database(at, database);
            }
            Ok(database) => {
                // What is in the workspace stands beside any database.
                let beside: Vec<Table> =
                    self.database().into_iter().flat_map(|open| open.workspace_tables()).cloned().collect();
                let lost = self.lost_conditions(&database.with_workspace(&beside));
                match (&self.editor, self.database().is_some(), lost.is_empty()) {
                    (Some(_), true, false) => {
                        let title = format!("{} cannot carry these conditions", database.name);
                        let mut lines = lost;
                        lines.push("They stay in the segment and are left out of the numbers.".to_owned());
                        let answers = vec![
                            ('n', "Stay", Answer::KeepDatabase),
                            ('y', "Change the database", Answer::UseDatabase),
                        ];
                        self.waiting = Some((at, database));
                        self.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
                        self.request_missing_numbers();
                    }
                    _ => self.use_database(at, database),
                }
            }
        }
    }

    /// The conditions of the open segment that are right on the open database and wrong on another.
    fn lost_conditions(&self, database: &Database) -> Vec<String> {
        let Some(editor) = &self.editor else { return Vec::new() };
        let segment = editor.segment();
        let activation_id = segment.activation_id.as_str();
        let there = DatabaseView { database, activation_id };
        let as_of = database.as_of.unwrap_or(self.today);
        let problems = segment::problems(segment, &there, as_of);
        let new = problems.iter().filter(|problem| {
            problem.severity == Severity::Error
                && !editor.problems.iter().any(|old| old.diagnostic.place == problem.diagnostic.place)
        });
        let describe = |problem: &segment::Problem| {
            let node = problem.diagnostic.place.node().and_then(|path| segment.node(path));
            let sentence = node.map(|node| self.with_schema(|schema| words::sentence(node, schema)));
            format!(
                "{}: {}",
                sentence.unwrap_or_else(|| problem.diagnostic.place.to_string()),
                problem.diagnostic.message
            )
        };
        new.map(describe).collect()
    }

    pub(super) fn use_database(&mut self, at: usize, database: Arc<Database>) {
        let before = self.database().map(|open| open.name.clone());
        let is_again = self.is_open(&database.folder);
        let is_change = self.database().is_some() && !is_again;
        self.database_at = at;
        self.ahead = None;
        self.finish_opening();
        for table in &database.tables {
            if let Err(error) = &table.content {
                self.messages.push(Message::from(Failure {
                    message: format!("{} cannot be used: {error}", table.name),
                    help: error.help.clone(),
                }));
            }
        }
        let (name, default_id) = (database.name.clone(), database.default_id.clone());
        self.database = Opening::Open(database);
        self.read_workspace_tables();
        if is_change {
            self.notify(Message::done(format!("opened {name}")));
        }
        if let Some(editor) = self.editor.as_mut().filter(|_| is_change) {
            editor.set_database(&name);
            self.definition_changed();
        } else if is_again {
            // Its manifest may call it otherwise now.
            let is_of_it = |editor: &&mut Editor| Some(&editor.segment().database) == before.as_ref();
            if let Some(editor) =
                self.editor.as_mut().filter(is_of_it).filter(|_| before != Some(name.clone()))
            {
                editor.set_database(&name);
            }
            self.refresh_answers();
        } else if let Some(editor) = &mut self.editor {
            editor.adopt(&name, &default_id);
            editor.invalidate();
            self.recount();
        }
    }

    /// Lets go of what is known of every database but the open one, and one that may be opened next.
    fn keep_only_needed(&mut self) {
        let waiting = self.waiting.as_ref().map(|(_, database)| database);
        let needed =
            self.database().into_iter().chain(waiting).map(|database| database.folder.clone()).collect();
        self.request(Effect::KeepOnly(needed));
    }

    fn read_workspace_tables(&mut self) {
        if let Some(database) = self.database().map(|database| database.folder.clone()) {
            let as_of = self.as_of();
            self.request(Effect::ReadWorkspaceTables { database, as_of });
        }
    }

    /// Takes the tables of the workspace beside the open database; what is counted on them is
    /// counted again if they have changed.
    fn workspace_tables_read(&mut self, folder: &Path, tables: &[Table]) {
        let Some(database) = self.database().filter(|database| database.folder == folder) else { return };
        if database.workspace_tables().map(Table::key).eq(tables.iter().map(Table::key)) {
            return;
        }
        self.database = Opening::Open(Arc::new(database.with_workspace(tables)));
        if let Some(editor) = &mut self.editor {
            editor.invalidate();
            self.recount();
        }
    }

    /// Opens a database; the one that is open too, whose files may have changed.
    pub(super) fn switch_database(&mut self, at: usize) {
        if let Some(folder) = self.databases.get(at).cloned() {
            self.notify(Message::note(format!("opening {}", folder.display())));
            self.switch_requested();
            self.request(Effect::OpenDatabase(folder));
        }
    }

    /// The folder of the open segment, once the list that has it is read.
    fn find_folder(&mut self) {
        let Some(listing) = self.home.read().cloned() else { return };
        if let Some(editor) = &mut self.editor
            && let Some(entry) = listing.segment(&editor.segment().id)
        {
            editor.folder.clone_from(&entry.folder);
        }
    }

    fn found_drafts(&mut self, drafts: &Drafts) {
        for damaged in &drafts.damaged {
            self.messages.push(Message::from(Failure {
                message: format!("a draft cannot be read and is kept: {damaged}"),
                help: String::new(),
            }));
        }
        let left = drafts.drafts.iter().filter(|draft| !draft.is_live);
        self.drafts.extend(left.map(|draft| UnsavedDraft {
            segment: Arc::new(Segment { revision: draft.base_revision, ..draft.segment.clone() }),
            left_behind: Some(Box::new(draft.clone())),
        }));
        self.offer_draft();
    }

    /// Asks about the latest edits that were left behind.
    fn offer_draft(&mut self) {
        let left = self.drafts.iter().filter(|draft| draft.left_behind.is_some()).count();
        let Some(draft) = self.drafts.iter().find(|draft| draft.left_behind.is_some()) else { return };
        let id = draft.segment.id.clone();
        let title = format!("Unsaved edits of {} were left behind", draft.segment.name);
        let mut lines = Vec::new();
        if let Some(draft) = &draft.left_behind {
            lines.push(format!("kept {} by {}", draft.stamp.at, draft.stamp.by));
        }
        let conditions =
            draft.segment.walk().into_iter().filter(|(_, node)| node.as_group().is_none()).take(3);
        lines.extend(conditions.map(|(_, node)| self.with_schema(|schema| words::sentence(node, schema))));
        if let Definition::Sql(sql) = &draft.segment.definition {
            lines.extend(sql.lines().take(3).map(str::to_owned));
        }
        if left > 1 {
            lines.push(format!("and {} more: E shows them all", left - 1));
        }
        let answers = vec![
            ('o', "Open them", Answer::OpenDraft(id.clone())),
            ('l', "Later", Answer::Nothing),
            ('d', "Discard them", Answer::DropDraft(id)),
        ];
        self.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
    }

    fn saved(&mut self, sent: &Arc<Segment>, result: Result<Arc<Segment>, SaveFailure>) {
        let original = self.saving.take();
        match result {
            Ok(saved) => {
                self.refused_save = None;
                self.notify(Message::done(format!("saved {} as revision {}", saved.name, saved.revision)));
                self.request(Effect::ListSegments);
                let after = self.after_save.take();
                // A copy has another id than the document it was made of.
                let Some(editor) =
                    self.editor.as_mut().filter(|editor| Some(&editor.segment().id) == original.as_ref())
                else {
                    return;
                };
                editor.was_saved(sent, &saved);
                let left = editor.is_edited().then(|| Arc::clone(editor.segment()));
                let is_form = matches!(self.overlays.last(), Some(Overlay::SaveAs(_)));
                if is_form {
                    self.overlays.pop();
                }
                self.effects.extend(original.map(|id| Effect::DropDraft { id }));
                self.effects.extend(left.map(Effect::KeepDraft));
                match after {
                    Some(after) => self.go_on(after),
                    // Whoever has started something else is left at it.
                    None if self.overlays.is_empty() => self.show_overview(),
                    None => {}
                }
            }
            Err(SaveFailure::Conflict(failure)) => {
                let lines = vec![failure.message, failure.help, "Your edits are still here.".to_owned()];
                let answers = vec![
                    ('c', "Save a copy", Answer::SaveCopy),
                    ('o', "Overwrite (the other stays in the history)", Answer::Overwrite),
                    ('n', "Go on editing", Answer::Nothing),
                ];
                let title = "Someone else was here meanwhile";
                self.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
            }
            Err(SaveFailure::Other(failure)) => self.complain(failure),
        }
    }

    fn renamed(&mut self, segment: &Arc<Segment>) {
        if let Some(Overlay::SaveAs(_)) = self.overlays.last() {
            self.overlays.pop();
        }
        self.notify(Message::done(format!("renamed to {}", segment.name)));
        if let Some(editor) = self.editor.as_mut().filter(|editor| editor.segment().id == segment.id) {
            editor.was_renamed(segment);
        }
        self.request(Effect::ListSegments);
    }

    /// Says what went wrong where the person is looking.
    fn complain(&mut self, failure: Failure) {
        self.after_save = None;
        let form = self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::SaveAs(save_as) => Some(save_as),
            _ => None,
        });
        match form {
            Some(save_as) => save_as.complaint = Some(format!("{}: {}", failure.message, failure.help)),
            None => self.notify(failure.into()),
        }
    }

    /// Gives the answer to the question on top.
    pub(super) fn take_answer(&mut self, answer: Answer) {
        self.overlays.pop();
        match answer {
            Answer::SaveThen(after) => self.save(Some(after)),
            Answer::KeepThen(after) => {
                let edits = self.editor.as_ref().map(|editor| Arc::clone(editor.segment()));
                self.drafts.splice(0..0, edits.map(|segment| UnsavedDraft { segment, left_behind: None }));
                self.go_on(after);
            }
            Answer::DiscardThen(after) => {
                if let Some(editor) = &self.editor {
                    let id = editor.segment().id.clone();
                    self.request(Effect::DropDraft { id });
                }
                self.go_on(after);
            }
            Answer::Upload(file, clash) => self.request(Effect::UploadList { file, clash }),
            Answer::Overwrite => {
                if let (Some((target, _)), Some(editor)) = (self.refused_save.take(), &self.editor) {
                    let segment = Arc::clone(editor.segment());
                    self.send(segment, target, Expected::Anything);
                }
            }
            Answer::SaveCopy => self.ask_name(super::overlay::save_as::Naming::Copy),
            Answer::UseDatabase => {
                if let Some((at, database)) = self.waiting.take() {
                    self.use_database(at, database);
                    self.keep_only_needed();
                }
            }
            Answer::KeepDatabase => {
                self.waiting = None;
                self.keep_only_needed();
            }
            Answer::OpenDraft(id) => self.resume(&id),
            Answer::DropDraft(id) => {
                let answers =
                    vec![('n', "Keep them", Answer::Nothing), ('y', "Discard", Answer::DropDraftForGood(id))];
                let line = "There is no way back.".to_owned();
                self.overlays.push(Overlay::Confirm(Confirm::new(
                    "Discard the edits for good?",
                    vec![line],
                    answers,
                )));
            }
            Answer::DropDraftForGood(id) => {
                if let Some(draft) = self.take_draft(&id) {
                    self.request(match draft.left_behind {
                        Some(draft) => Effect::RemoveDraft(draft),
                        None => Effect::DropDraft { id },
                    });
                }
                self.offer_draft();
            }
            Answer::Convert(sql) => self.convert(sql),
            Answer::Nothing => self.after_save = None,
        }
    }
}
