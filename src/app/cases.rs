//! Cases on their way to a file, while everything else goes on.

use std::path::Path;

use super::app::App;
use super::case_request::CaseRequest;
use super::command::Command;
use super::effect::Effect;
use super::event::ExportFailure;
use super::layers::confirm::Confirm;
use super::layers::overlay::Overlay;
use super::message::Message;
use crate::backend::MakeCase;
use crate::diagnostic::Diagnostic;

impl App {
    /// Starts to write a case. A file that is there is replaced only if `overwrite`.
    pub(super) fn write_case(&mut self, request: CaseRequest, overwrite: bool) {
        let Some(database) = self.session.database_folder() else {
            let reason = self.session.no_database_reason();
            return self.session.note(reason.unwrap_or_else(|| "no database is open".to_owned()));
        };
        let CaseRequest { question, file } = request;
        // Where exports go, too.
        let folder = self.session.remembered.export_folder.as_ref().unwrap_or(&self.session.browsed);
        let folder = Some(folder.clone());
        let (question, overwrite) = (Box::new(question), overwrite && file.is_some());
        self.session.request(Effect::WriteCase { database, question, file, folder, overwrite });
        self.session.note("writing the case …".to_owned());
    }

    pub(super) fn case_written(
        &mut self,
        question: MakeCase,
        file: &Path,
        result: Result<Vec<String>, ExportFailure>,
    ) {
        let shown = file.display();
        let message = match result {
            Ok(strangers) if strangers.is_empty() => Message::done(format!("the case is in {shown}")),
            Ok(strangers) => Message::note(format!("the case is in {shown}, but {}", strangers.join("; "))),
            Err(ExportFailure::Exists) => return self.ask_replace_case(question, file),
            Err(ExportFailure::Cancelled) => {
                Message::note(format!("the case was cancelled: {shown} is not written"))
            }
            Err(ExportFailure::Other(failure)) => Message::from(Diagnostic::clone(&failure)),
        };
        self.session.notify(message);
    }

    fn ask_replace_case(&mut self, question: MakeCase, file: &Path) {
        let name = file.file_name().unwrap_or(file.as_os_str()).display();
        let title = format!("{name} is there already");
        let lines =
            vec![file.display().to_string(), format!("To replace {name} is to lose what is in it now.")];
        let request = CaseRequest { question, file: Some(file.to_owned()) };
        let replace = Command::WriteCase(Box::new(request), true);
        let answers =
            vec![('k', "Keep it, and write no case", Command::Cancel), ('r', "Replace it", replace)];
        self.stack.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
    }
}
