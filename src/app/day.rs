//! The day of evaluation is another one: everything is asked for anew.

use super::app::App;
use super::message::Message;
use crate::segment::TypedDay;

impl App {
    /// Evaluates as of another day; without one as of the data's own.
    pub(super) fn set_day(&mut self, day: Option<TypedDay>) {
        let before = self.as_of();
        self.session.day.now = day;
        let (day, own) = (self.as_of(), self.session.data_day());
        self.session.notify(Message::done(if day == own {
            format!("as of {day}, the data's own day")
        } else {
            format!("as of {day}; = goes back to {own}, the data's own day")
        }));
        if day == before {
            return;
        }
        self.read_workspace_tables();
        if let Some(editor) = self.stack.editor_mut() {
            editor.invalidate();
            editor.recount(&mut self.session);
        }
        self.refresh_top();
    }
}
