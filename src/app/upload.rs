//! From a file on this machine to a list in the workspace.

use std::path::PathBuf;

use super::App;
use super::effect::{Effect, Previewed};
use super::event::{ListPreview, UploadFailure};
use super::message::Message;
use super::overlay::Overlay;
use super::overlay::browse::{Browse, BrowseChoice};
use super::overlay::confirm::{Answer, Confirm};
use super::overlay::prompt::EditTarget;
use crate::segment::{ListOperator, ListSource};
use crate::workspace::{Clash, Uploaded};

impl App {
    /// Opens the file browser, in the folder in which a file was found last.
    pub(super) fn browse(&mut self, target: EditTarget, op: ListOperator) {
        let folder = self.browsed.clone();
        self.overlays.push(Overlay::Browse(Browse::new(
            target,
            op,
            folder.clone(),
            self.home_folder.clone(),
        )));
        self.request(Effect::ListFolder(folder));
    }

    fn browser(&mut self) -> Option<&mut Browse> {
        match self.overlays.last_mut() {
            Some(Overlay::Browse(browse)) => Some(browse),
            _ => None,
        }
    }

    /// Does something in the file browser, then reads the folder that it leads to and looks at the
    /// file at the cursor.
    pub(super) fn in_browser(&mut self, act: impl FnOnce(&mut Browse) -> Option<PathBuf>) {
        let Some(browse) = self.browser() else { return };
        match act(browse) {
            Some(folder) => self.request(Effect::ListFolder(folder)),
            None => self.preview_file(),
        }
    }

    /// Finds out about the file at the cursor.
    pub(super) fn preview_file(&mut self) {
        let file = self.browser().and_then(|browse| browse.to_preview().map(ToOwned::to_owned));
        if let Some(file) = file {
            self.ask_preview(Previewed::Outside(file));
        }
    }

    /// Enter in the file browser.
    pub(super) fn enter_file(&mut self) {
        match self.browser().map(Browse::enter) {
            Some(BrowseChoice::Folder(folder)) => self.request(Effect::ListFolder(folder)),
            Some(BrowseChoice::File(file)) => self.take_file(file),
            Some(BrowseChoice::Nothing) | None => {}
        }
    }

    /// Copies a file into the lists, once it has been looked at and holds ids.
    pub(super) fn take_file(&mut self, file: PathBuf) {
        let Some(browse) = self.browser() else { return };
        let refusal = match browse.previews.get(&file).map(|preview| preview.as_deref()) {
            None => {
                browse.taking = Some(file.clone());
                return self.ask_preview(Previewed::Outside(file));
            }
            Some(Err(failure)) => Some(format!("cannot be taken: {}", failure.message)),
            Some(Ok(ListPreview::Ids { counts, .. })) if counts.ids == 0 => {
                Some("there is no id in this file".to_owned())
            }
            Some(Ok(_)) => None,
        };
        match refusal {
            Some(refusal) => browse.complaint = Some(refusal),
            None => self.request(Effect::UploadList { file, clash: Clash::Refuse }),
        }
    }

    /// A file was copied, or not.
    pub(super) fn uploaded(&mut self, file: PathBuf, result: Result<Uploaded, UploadFailure>) {
        match result {
            Ok(uploaded) => {
                let said = match uploaded.is_copied {
                    true => format!("{} is in the workspace's lists now", uploaded.path),
                    false => format!("{} was in the workspace's lists already", uploaded.path),
                };
                self.request(Effect::ListSegments);
                // Whoever has gone elsewhere meanwhile stays there.
                if let Some(browse) = self.browser() {
                    let (target, op) = (browse.target.clone(), browse.op);
                    self.browsed = browse.shown().to_owned();
                    self.use_list(target, op, ListSource::File(uploaded.path));
                }
                self.notify(Message::done(said));
            }
            Err(UploadFailure::Taken { name, free }) => self.ask_clash(file, &name, &free),
            Err(UploadFailure::Other(failure)) => match self.browser() {
                Some(browse) => browse.complaint = Some(format!("{}: {}", failure.message, failure.help)),
                None => self.notify(failure.into()),
            },
        }
    }

    fn ask_clash(&mut self, file: PathBuf, name: &str, free: &str) {
        let users = self.home.read().map(|listing| listing.users_of_list(name)).unwrap_or_default();
        let mut lines = vec![format!("{} is not the same file.", file.display())];
        if !users.is_empty() {
            lines.push(format!("The one in the lists is used by {}.", users.join(", ")));
        }
        let both = format!("Keep both: this one as {free}");
        let answers = vec![
            ('k', both.as_str(), Answer::Upload(file.clone(), Clash::KeepBoth)),
            (
                'r',
                "Replace the one in the lists (it goes to the trash)",
                Answer::Upload(file, Clash::Replace),
            ),
            ('c', "Cancel", Answer::Nothing),
        ];
        let title = format!("Another {name} is in the workspace's lists");
        self.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
    }
}
