//! Customers on their way to a file, while everything else goes on.

use std::path::Path;

use super::app::App;
use super::command::Command;
use super::effect::Effect;
use super::event::ExportFailure;
use super::exporting::{ExportRequest, Exporting};
use super::layers::confirm::Confirm;
use super::layers::export::Export;
use super::layers::overlay::Overlay;
use super::message::Message;
use super::number::whole;
use crate::diagnostic::Diagnostic;

impl App {
    /// Starts an export; the folder is the one where the next one begins.
    pub(super) fn export(&mut self, request: ExportRequest, overwrite: bool) {
        let Some(database) = self.session.database_folder() else {
            let reason = self.session.no_database_reason();
            return self.session.note(reason.unwrap_or_else(|| "no database is open".to_owned()));
        };
        self.keep_export_form();
        let remembered = &mut self.session.remembered;
        remembered.export_folder = request.file.parent().map(Path::to_owned);
        let (question, file) = (Box::new(request.question.clone()), request.file.clone());
        remembered.export = Some(Exporting::new(request));
        self.session.request(Effect::Export { database, question, file, overwrite });
    }

    /// Takes the form off the screen, as it is.
    fn keep_export_form(&mut self) {
        let is_form = |overlay: &Overlay| matches!(overlay, Overlay::Export(_));
        if let Some(at) = self.stack.overlays.iter().rposition(is_form)
            && let Overlay::Export(form) = self.stack.overlays.remove(at)
        {
            self.export_form = Some(Box::new(form));
        }
    }

    pub(super) fn cancel_export(&mut self) {
        if let Some(export) = &mut self.session.remembered.export {
            export.is_cancelled = true;
            self.session.request(Effect::CancelExport);
        }
    }

    pub(super) fn export_goes_on(&mut self, file: &Path, rows: u64, total: Option<u64>) {
        let export = self.session.remembered.export.as_mut();
        if let Some(export) = export.filter(|export| export.request.file == *file) {
            (export.rows, export.total) = (rows, total);
        }
    }

    /// An export has ended. One that was left when the program was to end is not spoken of.
    pub(super) fn exported(&mut self, file: &Path, result: &Result<u64, ExportFailure>) {
        let export = self.session.remembered.export.take_if(|export| export.request.file == *file);
        let form = self.export_form.take();
        let shown = file.display();
        let message = match (result, export) {
            (Ok(1), _) => Message::done(format!("1 row is in {shown}")),
            (Ok(rows), _) => Message::done(format!("{} rows are in {shown}", whole(*rows))),
            (Err(ExportFailure::Exists), Some(export)) => return self.ask_replace(export.request, form),
            (Err(ExportFailure::Exists), None) => {
                let message = format!("{shown} is there already and is as it was");
                Diagnostic::new(message).with_help("export again, and say that it may be replaced").into()
            }
            (Err(ExportFailure::Cancelled), _) => {
                Message::note(format!("the export was cancelled: {shown} is not written"))
            }
            (Err(ExportFailure::Other(failure)), _) => failure.clone().into(),
        };
        self.session.notify(message);
    }

    /// Asks about a file that is there already, over the form, to which everything but a replacement leads back.
    fn ask_replace(&mut self, request: ExportRequest, form: Option<Box<Export>>) {
        let name = request.file.file_name().unwrap_or(request.file.as_os_str()).display();
        let title = format!("{name} is there already");
        let lines = vec![
            request.file.display().to_string(),
            format!("To replace {name} is to lose what is in it now."),
        ];
        let replace = Command::Export(Box::new(request), true);
        let keep = match form {
            Some(_) => "Keep it, and go back to the form",
            None => "Keep it, and export nothing",
        };
        let answers = vec![('k', keep, Command::Cancel), ('r', "Replace it", replace)];
        self.stack.overlays.extend(form.map(|form| Overlay::Export(*form)));
        self.stack.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
    }

    /// The program is to end while an export is under way.
    pub(super) fn ask_about_export(&mut self) {
        let export = self.session.remembered.export.as_ref();
        let lines = export.map(|export| export.request.file.display().to_string()).into_iter().collect();
        let answers = vec![
            ('g', "Go on until it is done", Command::Cancel),
            ('q', "Cancel the export and quit", Command::QuitWithoutExport),
        ];
        let confirm = Confirm::new("An export is under way", lines, answers);
        self.stack.overlays.push(Overlay::Confirm(confirm));
    }

    /// How far an export is.
    #[must_use]
    pub(crate) fn export_step(&self) -> Option<String> {
        let export = self.session.remembered.export.as_ref()?;
        Some(match (export.is_cancelled, export.total) {
            (true, _) => "cancelling the export …".to_owned(),
            (false, None | Some(0)) => "exporting …".to_owned(),
            (false, Some(total)) => {
                // Hundreds of billions of rows are not written.
                format!("exporting {} % of {} …", export.rows.saturating_mul(100) / total, whole(total))
            }
        })
    }
}
