//! Where typed keys, pasted text and Enter go: to what lies on top.

use crossterm::event::{KeyCode, KeyEvent};

use super::App;
use super::editor::Editor;
use super::message::Message;
use super::overlay::Overlay;

impl App {
    /// Enter in an overlay.
    pub(super) fn accept(&mut self) {
        let database = self.database().cloned();
        match self.overlays.last_mut() {
            Some(Overlay::Add(add)) => {
                if let Some(picked) = add.right() {
                    let target = add.target.clone();
                    self.picked(target, picked);
                }
            }
            Some(Overlay::Values(values)) => {
                if values.tick_found() {
                    return;
                }
                match values.answer() {
                    Ok(value) => {
                        let (prompt, case) = (values.prompt.clone(), values.match_case);
                        let ends = prompt.before.inclusive == Some(true);
                        self.answered(&prompt, Some(value), case, ends);
                    }
                    Err(complaint) => values.complaint = Some(complaint),
                }
            }
            Some(Overlay::ValueEntry(entry)) => {
                if entry.focus + 1 < entry.fields.len() {
                    return entry.step(1);
                }
                match entry.answer() {
                    Ok(None) => {
                        entry.complaint = Some("type a value, or Esc to leave it as it was".to_owned())
                    }
                    Ok(value) => {
                        let (prompt, case, ends) = (entry.prompt.clone(), entry.match_case, entry.inclusive);
                        match self.complaint_about(&prompt, &prompt.answer(value.clone(), case, ends)) {
                            None => self.answered(&prompt, value, case, ends),
                            complaint => self.complain_in_entry(complaint),
                        }
                    }
                    Err(complaint) => entry.complaint = Some(complaint),
                }
            }
            Some(Overlay::Lists(_)) => self.take_list(),
            Some(Overlay::Browse(_)) => self.enter_file(),
            Some(Overlay::Paste(_)) => self.take_paste(),
            Some(Overlay::Purchase(form)) => {
                let asked = form.accept();
                self.purchase_request(asked);
            }
            Some(Overlay::QuickAdd(_)) => self.take_line(false),
            Some(Overlay::SaveAs(save_as)) => {
                if save_as.accept() {
                    let save_as = save_as.clone();
                    self.take_name(&save_as);
                }
            }
            Some(Overlay::Choose(choose)) => {
                let choice = choose
                    .pick
                    .current()
                    .filter(|item| item.disabled.is_none())
                    .map(|item| item.value.clone());
                if let Some(choice) = choice {
                    self.overlays.pop();
                    self.take_choice(choice);
                }
            }
            Some(Overlay::Confirm(confirm)) => {
                if let Some(answer) = confirm.answer() {
                    self.take_answer(answer);
                }
            }
            Some(Overlay::Commands(commands)) => {
                let item = commands.pick.current().map(|item| (item.value, item.disabled.clone()));
                match item {
                    Some((action, None)) => {
                        self.overlays.pop();
                        self.perform(action);
                    }
                    Some((_, Some(reason))) => self.notify(Message::note(reason)),
                    None => {}
                }
            }
            Some(Overlay::Messages(_) | Overlay::Sql(_)) | None => {
                if let (Some(editor), Some(_)) = (&mut self.editor, database) {
                    editor.tables.finding = false;
                }
            }
        }
    }

    /// Keys that are no action go where text is typed.
    pub(super) fn type_key(&mut self, key: KeyEvent) {
        let database = self.database().cloned();
        match self.overlays.last_mut() {
            Some(Overlay::Add(add)) => drop(database.map(|database| add.input(key, &database))),
            Some(Overlay::Values(values)) => values.input(key),
            Some(Overlay::ValueEntry(entry)) => entry.input(key),
            Some(Overlay::Lists(lists)) => {
                lists.input(key);
                self.preview_list();
            }
            Some(Overlay::Browse(_)) => self.in_browser(|browse| browse.input(key)),
            Some(Overlay::Purchase(form)) => form.input(key),
            Some(Overlay::QuickAdd(line)) => {
                line.input(key);
                self.read_line();
            }
            Some(Overlay::SaveAs(save_as)) => save_as.input(key),
            Some(Overlay::Choose(choose)) => choose.pick.input(key),
            Some(Overlay::Commands(commands)) => commands.pick.input(key),
            Some(Overlay::Confirm(confirm)) => {
                if let KeyCode::Char(letter) = key.code
                    && let Some(answer) = confirm.answer_of(letter)
                {
                    self.take_answer(answer);
                }
            }
            Some(Overlay::Messages(_) | Overlay::Paste(_) | Overlay::Sql(_)) => {}
            None => self.type_below(key),
        }
    }

    fn type_below(&mut self, key: KeyEvent) {
        if self.is_at_sql() && self.editor.as_ref().is_some_and(Editor::is_typing) {
            self.type_into_sql(key);
        } else if self.home.finding && self.editor.is_none() {
            if self.home.find.input(key) {
                self.home.cursor = 0;
                self.preview();
            }
        } else if let Some(editor) = &mut self.editor
            && editor.tables.finding
            && editor.tables.find.input(key)
        {
            editor.tables.cursor = 0;
        }
    }

    /// Pasted text goes where text is typed, never to the keys; a list is asked about first.
    pub(super) fn paste(&mut self, text: &str) {
        self.messages.age();
        let database = self.database().cloned();
        let is_at_sql = self.is_at_sql();
        match self.overlays.last_mut() {
            Some(Overlay::Values(_) | Overlay::ValueEntry(_)) => self.paste_values(text),
            Some(Overlay::Add(add)) => drop(database.map(|database| add.paste(text, &database))),
            Some(Overlay::Lists(lists)) => {
                lists.paste(text);
                self.preview_list();
            }
            Some(Overlay::Browse(_)) => self.in_browser(|browse| browse.paste(text)),
            Some(Overlay::Purchase(form)) => form.paste(text),
            Some(Overlay::QuickAdd(line)) => {
                line.line.paste(text);
                self.read_line();
            }
            Some(Overlay::SaveAs(save_as)) => save_as.paste(text),
            Some(Overlay::Choose(choose)) => choose.pick.paste(text),
            Some(Overlay::Commands(commands)) => commands.pick.paste(text),
            Some(Overlay::Confirm(_) | Overlay::Messages(_) | Overlay::Paste(_) | Overlay::Sql(_)) => {}
            None if is_at_sql => self.paste_into_sql(text),
            None => match &mut self.editor {
                Some(editor) if editor.tables.finding => {
                    editor.tables.find.paste(text);
                    editor.tables.cursor = 0;
                }
                None if self.home.finding => {
                    self.home.find.paste(text);
                    self.home.cursor = 0;
                    self.preview();
                }
                _ => {
                    self.notify(Message::note("pasted text is taken where text is typed: find first with /"))
                }
            },
        }
    }
}
