//! The commands that no layer takes: those that are about databases, saved segments and the program itself.

use super::app::App;
use super::command::{After, Command, Naming};
use super::drafts::DraftName;
use super::effect::Effect;
use super::layers::pages::PageKind;
use super::lifecycle::Lifecycle;
use super::message::Message;

impl App {
    pub(super) fn perform_command(&mut self, command: Command) {
        match command {
            Command::Cancel => self.lifecycle.forget_then(),
            Command::Perform(action) => self.perform(action),
            Command::Wait => {}
            Command::Upload(file, clash) => self.session.request(Effect::UploadList { file, clash }),
            Command::SwitchDatabase(at) => self.switch_database(at),
            Command::UseTheme(name) => self.use_theme(name),
            Command::SetDay(day) => self.set_day(day),
            Command::UseDatabase => {
                if let Some((at, database)) = self.session.databases.take_candidate() {
                    self.use_database(at, database);
                    self.keep_only_needed();
                }
            }
            Command::KeepDatabase => {
                self.session.databases.take_candidate();
                self.keep_only_needed();
            }
            Command::Export(request, overwrite) => self.export(*request, overwrite),
            Command::WriteCase(request, overwrite) => self.write_case(*request, overwrite),
            Command::QuitWithoutExport => {
                self.cancel_export();
                self.session.remembered.export = None;
                self.leave(After::Quit);
            }
            Command::OpenDraft(name) => self.resume(name),
            Command::DiscardDraft(name) => self.ask_discard(name),
            Command::DiscardDraftForGood(name) => {
                if let Some(draft) = self.drafts.take(&name) {
                    self.session.request(draft.discard());
                }
                self.offer_draft();
            }
            other => self.perform_segment_command(other),
        }
    }

    /// Those that are about the open segment as a document.
    fn perform_segment_command(&mut self, command: Command) {
        match command {
            Command::ShowEditor => self.stack.open.iter_mut().for_each(|open| open.pages.shown = None),
            Command::ShowLine(path) => {
                self.stack.open.iter_mut().for_each(|open| open.pages.shown = None);
                if let (Some(editor), Some(path)) = (self.stack.editor_mut(), path) {
                    editor.show_line(&path);
                }
            }
            Command::GoBack => self.go_back(),
            Command::LeaveExplain => {
                let is_inside = self.stack.open.as_mut().is_some_and(|open| open.pages.leave_explain());
                if !is_inside {
                    self.leave(After::Home);
                }
            }
            Command::ShowPage(kind) => self.stack.open.iter_mut().for_each(|open| open.pages.show(kind)),
            Command::Explain(ids) => {
                if let Some(open) = &mut self.stack.open {
                    open.pages.explain.name(ids);
                    open.pages.show(PageKind::Explain);
                }
            }
            Command::StartSegment(segment) => {
                self.session.next_segment = Some(segment);
                self.leave(After::NextSegment);
            }
            Command::Load { id, name, path, reason } => {
                self.session.messages.push_passing(Message::note(format!("opening {name}")));
                self.load(id, path, reason, None);
            }
            Command::SaveNamed { naming, name, target } => self.save_named(&naming, name, target),
            Command::Leave(after) => self.leave(after),
            Command::SaveThen(after) => self.save(Some(after)),
            Command::KeepThen(after) => self.keep(None, after),
            Command::KeepIn(typed, after) => self.keep(Some(typed), after),
            Command::ChooseDraftFolder(after) => self.choose_draft_folder(after),
            Command::GiveUpSave => self.give_up_save(),
            Command::AskDiscardThen(after) => self.ask_discard_then(after),
            Command::DiscardThen(after) => {
                if let Some(id) = self.editor().map(|editor| editor.segment().id.clone()) {
                    self.drop_draft(id);
                }
                self.set_lifecycle(Lifecycle::Idle);
                self.go_on(after);
            }
            Command::Overwrite => self.overwrite(),
            Command::SaveCopy => self.ask_name(Naming::Copy),
            // The others are performed above, or are for layers that are not there.
            _ => {}
        }
    }

    /// From the editor to the page that was left for it, else to the list of segments.
    fn go_back(&mut self) {
        let is_on_page = self.stack.open.as_mut().is_some_and(|open| open.pages.go_back());
        if !is_on_page {
            self.leave(After::Home);
        }
    }

    /// Asks again before kept edits are thrown away.
    fn ask_discard(&mut self, draft: DraftName) {
        let discard = ('y', "Discard", Command::DiscardDraftForGood(draft));
        self.ask_discard_for_good(('n', "Keep them", Command::Cancel), discard);
    }

    /// The same before those of the open segment are.
    fn ask_discard_then(&mut self, after: After) {
        let discard = ('y', after.words("Discard", "Discard and quit"), Command::DiscardThen(after));
        self.ask_discard_for_good(('n', "Go on editing", Command::Cancel), discard);
    }

    fn ask_discard_for_good(&mut self, keep: (char, &str, Command), discard: (char, &str, Command)) {
        let line = "There is no way back.".to_owned();
        self.confirm("Discard the edits for good?", vec![line], vec![keep, discard]);
    }

    /// Opens a database; the one that is open too, whose files may have changed.
    fn switch_database(&mut self, at: usize) {
        if let Some(folder) = self.databases().get(at).cloned() {
            let message = Message::note(format!("opening {}", folder.display()));
            self.session.messages.push_passing(message);
            self.session.databases.request_switch();
            self.session.request(Effect::OpenDatabase(folder));
        }
    }
}
