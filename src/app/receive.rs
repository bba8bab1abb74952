//! What the outside answers.

use std::path::PathBuf;
use std::sync::Arc;

use super::effect::{Effect, Why};
use super::event::{Event, Failure, SaveFailure};
use super::message::Message;
use super::overlay::Overlay;
use super::overlay::confirm::{Answer, Confirm};
use super::{App, Opening, Screen};
use crate::catalog::{Database, DatabaseView};
use crate::segment::{self, Segment, words};
use crate::workspace::{Drafts, Expected};

impl App {
    pub(super) fn receive(&mut self, event: Event) {
        match event {
            Event::Key(_) | Event::Paste(_) | Event::Resize(..) => {}
            Event::FocusGained => self.ask(Effect::ListSegments),
            Event::Opened { folder, result } => self.opened(&folder, result),
            Event::Listed(result) => {
                if let Err(failure) = &result {
                    self.say(failure.clone().into());
                }
                self.home.listing = Some(result);
                self.home.previews.clear();
                self.home.step(0);
                if self.screen == Screen::Home {
                    self.preview();
                }
                self.find_folder();
            }
            Event::Drafts(Ok(drafts)) => self.found_drafts(&drafts),
            Event::Drafts(Err(failure)) | Event::Notice(failure) => self.say(failure.into()),
            Event::Loaded { id, why: Why::Preview, result } => drop(self.home.previews.insert(id, result)),
            Event::Loaded { why, result, .. } => match result {
                Ok(segment) => {
                    let screen = if why == Why::Overview { Screen::Overview } else { Screen::Editor };
                    self.open_segment((*segment).clone(), screen);
                }
                Err(failure) => self.say(failure.into()),
            },
            Event::Evaluated { definition, result } => {
                if let Some(editor) = self.editor.as_mut().filter(|editor| editor.definition() == definition)
                {
                    match result {
                        Ok(evaluation) => {
                            // The engine has looked into the lists too.
                            editor.problems.clone_from(&evaluation.problems);
                            editor.live.evaluation = Some((definition, evaluation));
                            editor.live.failure = None;
                        }
                        Err(failure) => editor.live.failure = Some(failure.message),
                    }
                }
            }
            Event::Counted { table, column, result } => {
                let result = result.map_err(|failure| failure.message);
                match self.overlays.last_mut() {
                    Some(Overlay::Values(values))
                        if values.question.table == table && values.question.column == column =>
                    {
                        values.counted(result);
                    }
                    Some(Overlay::Entry(entry))
                        if entry.question.table == table && entry.question.column == column =>
                    {
                        entry.counts = Some(result);
                    }
                    _ => {}
                }
            }
            Event::Saved { sent, result } => self.saved(&sent, result),
            Event::Renamed { result } => match result {
                Ok(segment) => self.renamed(&segment),
                Err(failure) => self.complain(failure),
            },
        }
    }

    fn opened(&mut self, folder: &PathBuf, result: Result<Arc<Database>, Failure>) {
        let at = self.databases.iter().position(|known| known == folder).unwrap_or(self.database_at);
        match result {
            Err(failure) if self.database().is_some() => self.say(failure.into()),
            Err(failure) => {
                self.say(failure.clone().into());
                self.database = Opening::Failed(failure);
            }
            Ok(database) => {
                let lost = self.lost_conditions(&database);
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
        let new =
            problems.iter().filter(|problem| !editor.problems.iter().any(|old| old.place == problem.place));
        let describe = |problem: &segment::Problem| {
            let node = problem.place.node().and_then(|path| segment.node(path));
            let sentence = node.map(|node| self.with_schema(|schema| words::sentence(node, schema)));
            format!("{}: {}", sentence.unwrap_or_else(|| problem.place.to_string()), problem.message)
        };
        new.map(describe).collect()
    }

    pub(super) fn use_database(&mut self, at: usize, database: Arc<Database>) {
        let is_change = self.database().is_some();
        self.database_at = at;
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
        if let Some(editor) = self.editor.as_mut().filter(|_| is_change) {
            editor.edit(|segment| {
                segment.database = name;
                Some(())
            });
            self.definition_changed();
        } else if let Some(editor) = &mut self.editor {
            editor.adopt(&name, &default_id);
            editor.outdate();
            self.recount();
        }
    }

    pub(super) fn switch_database(&mut self, at: usize) {
        if at != self.database_at
            && let Some(folder) = self.databases.get(at).cloned()
        {
            self.say(Message::note(format!("opening {}", folder.display())));
            self.ask(Effect::OpenDatabase(folder));
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
        self.drafts = drafts.drafts.iter().filter(|draft| !draft.is_live).cloned().collect();
        self.offer_draft();
    }

    /// Asks about the latest draft that was left behind.
    pub(super) fn offer_draft(&mut self) {
        let Some(draft) = self.drafts.first() else { return };
        let title = format!("Unsaved edits of {} were left behind", draft.segment.name);
        let lines = vec![format!("kept {} by {}", draft.stamp.at, draft.stamp.by)];
        let answers = vec![
            ('o', "Open them", Answer::OpenDraft(0)),
            ('l', "Later", Answer::Nothing),
            ('d', "Discard them", Answer::DropDraft(0)),
        ];
        self.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
    }

    fn saved(&mut self, sent: &Arc<Segment>, result: Result<Arc<Segment>, SaveFailure>) {
        match result {
            Ok(saved) => {
                self.overlays.clear();
                self.refused_save = None;
                let mut left = None;
                if let Some(editor) = &mut self.editor {
                    // A copy has another id than the document it was made of.
                    let before = editor.segment().id.clone();
                    editor.was_saved(sent, &saved);
                    left = editor.is_edited().then(|| Arc::clone(editor.segment()));
                    self.effects.push(Effect::DropDraft { id: before });
                }
                self.effects.extend(left.map(Effect::KeepDraft));
                self.say(Message::done(format!("saved {} as revision {}", saved.name, saved.revision)));
                self.home.folded.clear();
                self.ask(Effect::ListSegments);
                match self.after_save.take() {
                    Some(after) => self.go_on(after),
                    None => {
                        self.screen = Screen::Overview;
                        self.scroll = 0;
                    }
                }
            }
            Err(SaveFailure::Conflict(failure)) => {
                let lines = vec![failure.help.clone(), "Your edits are still here.".to_owned()];
                let answers = vec![
                    ('c', "Save a copy", Answer::SaveCopy),
                    ('o', "Overwrite (the other stays in the history)", Answer::Overwrite),
                    ('n', "Go on editing", Answer::Nothing),
                ];
                self.overlays.push(Overlay::Confirm(Confirm::new(failure.message, lines, answers)));
            }
            Err(SaveFailure::Other(failure)) => self.complain(failure),
        }
    }

    fn renamed(&mut self, segment: &Arc<Segment>) {
        self.overlays.clear();
        self.say(Message::done(format!("renamed to {}", segment.name)));
        if let Some(editor) = self.editor.as_mut().filter(|editor| editor.segment().id == segment.id) {
            editor.was_renamed(segment);
        }
        self.ask(Effect::ListSegments);
    }

    /// Says what went wrong where the person is looking.
    fn complain(&mut self, failure: Failure) {
        self.after_save = None;
        match self.overlays.last_mut() {
            Some(Overlay::SaveAs(save_as)) => {
                save_as.complaint = Some(format!("{}: {}", failure.message, failure.help));
            }
            _ => self.say(failure.into()),
        }
    }

    /// Gives the answer to the question on top.
    pub(super) fn take_answer(&mut self, answer: Answer) {
        self.overlays.pop();
        match answer {
            Answer::SaveThen(after) => self.save(Some(after)),
            Answer::KeepThen(after) => self.go_on(after),
            Answer::DiscardThen(after) => {
                if let Some(editor) = &self.editor {
                    let id = editor.segment().id.clone();
                    self.ask(Effect::DropDraft { id });
                }
                self.go_on(after);
            }
            Answer::TakeList(list) => {
                if let Some(Overlay::Values(values)) = self.overlays.last_mut() {
                    values.tick_these(&list);
                }
            }
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
                }
            }
            Answer::KeepDatabase => self.waiting = None,
            Answer::OpenDraft(at) => self.open_draft(at),
            Answer::DropDraft(at) => {
                if at < self.drafts.len() {
                    let draft = self.drafts.remove(at);
                    self.ask(Effect::RemoveDraft(Box::new(draft)));
                }
                self.offer_draft();
            }
            Answer::Nothing => self.after_save = None,
        }
    }

    /// Goes on editing a draft. What it was made from becomes the saved state, so that the edits count.
    fn open_draft(&mut self, at: usize) {
        if at >= self.drafts.len() {
            return;
        }
        let draft = self.drafts.remove(at);
        let editor = super::editor::Editor::recovered(draft.segment.clone(), draft.base_revision);
        self.open_editor(editor, Screen::Editor);
        // The edits are kept as this program's own draft before the old one goes.
        self.definition_changed();
        self.ask(Effect::RemoveDraft(Box::new(draft)));
    }
}
