//! What each action does.

use super::action::Action;
use super::editor::Pane;
use super::editor::criteria::Cursor;
use super::effect::{Effect, LoadReason};
use super::message::Message;
use super::overlay::browse::Browse;
use super::overlay::commands::{Commands, CommandsKind};
use super::overlay::confirm::After;
use super::overlay::pick::Item;
use super::overlay::save_as::Naming;
use super::overlay::{Choice, Overlay};
use super::{App, Screen};
use crate::segment::edit::{self, Direction};
use crate::segment::{NodePath, Segment, Side};
use crate::sql::Dialect;

impl App {
    pub(super) fn perform(&mut self, action: Action) {
        if let Some(refusal) = self.disabled_reason(action) {
            return self.notify(Message::note(refusal));
        }
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-self.page()),
            Action::PageDown => self.step(self.page()),
            Action::Top => self.step(isize::MIN / 2),
            Action::Bottom => self.step(isize::MAX / 2),
            Action::Left => self.sideways(false),
            Action::Right => self.sideways(true),
            Action::NextPane => self.focus(|pane| pane.next(1)),
            Action::PreviousPane => self.focus(|pane| pane.next(2)),
            Action::FocusTables => self.focus(|_| Pane::Tables),
            Action::FocusCriteria => self.focus(|_| Pane::Criteria),
            Action::FocusInsights => self.focus(|_| Pane::Insights),
            Action::Find => self.find(),
            Action::Add => self.add(),
            Action::QuickAdd => self.quick_add(),
            Action::QuickEdit => self.quick_edit(),
            Action::AcceptMore => self.take_line(true),
            Action::AddExclusion => self.ask_condition(Some(Side::Exclude)),
            Action::AddSection => self.add_section(),
            Action::Edit => self.edit_line(),
            Action::EditOperator => self.choose_operator(),
            Action::Change => self.change_subject(),
            Action::ToggleOff => self.at_line("switched", edit::toggle_off),
            Action::ToggleMatch => self.at_line("turned", edit::toggle_match),
            Action::Delete => self.delete(),
            Action::Duplicate => self.duplicate(),
            Action::MoveUp => self.shift(Direction::Up),
            Action::MoveDown => self.shift(Direction::Down),
            Action::Nest => self.at_node("nested deeper", edit::nest),
            Action::AddNulls => self.at_node("widened", edit::nulls::add),
            Action::Unnest => self.at_node("taken out of its section", edit::unnest),
            Action::OtherSide => self.at_node("moved", edit::to_other_side),
            Action::TypeSql => self.type_sql(),
            Action::Complete => match self.overlays.last() {
                Some(Overlay::QuickAdd(_)) => self.complete_line(),
                _ => self.complete(),
            },
            Action::Undo => self.travel(super::editor::Editor::undo),
            Action::Redo => self.travel(super::editor::Editor::redo),
            Action::New => self.leave(After::New),
            Action::NewSql => self.leave(After::NewSql),
            Action::ConvertToSql => self.convert_to_sql(),
            Action::Open => self.open(LoadReason::Edit),
            Action::Segments => self.leave(After::Home),
            Action::EditSegment => self.screen = Screen::Editor,
            Action::Save => self.save(None),
            Action::SaveAs => {
                let is_new = self.editor.as_ref().is_some_and(|editor| editor.base_revision() == 0);
                self.ask_name(if is_new { Naming::First } else { Naming::Copy });
            }
            Action::Rename => self.rename(),
            Action::Overview => self.overview(),
            Action::ShowSql => self.show_sql(),
            Action::NextDialect => self.turn_dialect(1),
            Action::PreviousDialect => self.turn_dialect(Dialect::ALL.len() - 1),
            Action::CopySql => self.copy_sql(),
            Action::ToggleDates => self.toggle_dates(),
            Action::Recount => self.count_again(),
            Action::Reload => self.check_for_changes(),
            Action::Drafts => self.choose_draft(),
            Action::SwitchDatabase => self.choose_database(),
            Action::SwitchId => self.choose_id(),
            Action::Help => self.commands(CommandsKind::Help),
            Action::Palette => self.commands(CommandsKind::Palette),
            Action::Messages => self.overlays.push(Overlay::Messages(0)),
            Action::Suspend => self.request(Effect::Suspend),
            Action::Quit => self.leave(After::Quit),
            Action::Accept => self.accept(),
            Action::Tick => {
                if let Some(Overlay::Values(values)) = self.overlays.last_mut() {
                    values.tick();
                }
            }
            Action::TickAll => {
                if let Some(Overlay::Values(values)) = self.overlays.last_mut() {
                    values.tick_all();
                }
            }
            Action::SortValues => {
                if let Some(Overlay::Values(values)) = self.overlays.last_mut() {
                    values.sort();
                }
            }
            Action::ToggleCase => match self.overlays.last_mut() {
                Some(Overlay::Values(values)) => values.match_case = !values.match_case,
                Some(Overlay::ValueEntry(entry)) => entry.match_case = !entry.match_case,
                _ => {}
            },
            Action::SplitPaste => self.split_paste(),
            Action::ToggleHidden => self.in_browser(|browse| {
                browse.toggle_hidden();
                None
            }),
            Action::ToggleEnds => match self.overlays.last_mut() {
                Some(Overlay::ValueEntry(entry)) => entry.inclusive = !entry.inclusive,
                Some(Overlay::Purchase(form)) => form.toggle_ends(),
                _ => {}
            },
            Action::AddFilter => self.add_filter(),
            Action::DeleteFilter => {
                if let Some(Overlay::Purchase(form)) = self.overlays.last_mut() {
                    form.delete_filter();
                }
            }
            Action::Apply => {
                if let Some(Overlay::Purchase(form)) = self.overlays.last_mut() {
                    let asked = form.take();
                    self.purchase_request(asked);
                }
            }
            Action::NextField => self.next_field(true),
            Action::PreviousField => self.next_field(false),
            Action::Back => self.back(),
        }
    }

    fn step(&mut self, by: isize) {
        let database = self.database().cloned();
        let entries = self.table_lines().len();
        let terminal = self.size.1;
        match self.overlays.last_mut() {
            Some(Overlay::Add(add)) => drop(database.map(|database| add.step(by, &database))),
            Some(Overlay::Values(values)) => values.step(by),
            Some(Overlay::ValueEntry(entry)) => entry.step(by),
            Some(Overlay::Lists(lists)) => {
                lists.pick.step(by);
                self.preview_list();
            }
            Some(Overlay::Browse(_)) => self.in_browser(|browse| {
                browse.pick.step(by);
                None
            }),
            Some(Overlay::Paste(paste)) => paste.step(by),
            Some(Overlay::Purchase(form)) => form.step(by),
            Some(Overlay::QuickAdd(line)) => line.step(by),
            Some(Overlay::SaveAs(save_as)) => save_as.step(by),
            Some(Overlay::Choose(choose)) => choose.pick.step(by),
            Some(Overlay::Confirm(confirm)) => confirm.step(by),
            Some(Overlay::Commands(commands)) => commands.pick.step(by),
            Some(Overlay::Sql(view)) => view.step(by, terminal),
            Some(Overlay::Messages(up)) => {
                *up = up
                    .saturating_add_signed(by.saturating_neg())
                    .min(self.messages.all().len().saturating_sub(1));
            }
            None => match (&mut self.editor, self.screen) {
                (Some(editor), Screen::Editor) => match editor.pane {
                    Pane::Tables => {
                        editor.tables.step(entries, by);
                    }
                    Pane::Criteria | Pane::Insights => {
                        editor.step(by);
                    }
                },
                (Some(_), Screen::Overview) => self.scroll = self.scroll.saturating_add_signed(by).min(1_000),
                _ => {
                    self.home.step(by);
                    self.preview();
                }
            },
        }
    }

    fn sideways(&mut self, right: bool) {
        let entries = self.table_lines();
        match self.overlays.last_mut() {
            Some(Overlay::Add(add)) if right => {
                if let Some(picked) = add.right() {
                    let target = add.target.clone();
                    self.picked(target, picked);
                }
            }
            Some(Overlay::Add(add)) => drop(add.left()),
            Some(Overlay::Purchase(form)) => form.turn(right),
            Some(Overlay::Browse(_)) if right => self.in_browser(Browse::down),
            Some(Overlay::Browse(_)) => self.in_browser(Browse::up),
            Some(Overlay::Sql(view)) => view.sideways(right),
            Some(_) => {}
            None => match (&mut self.editor, self.screen) {
                (Some(editor), Screen::Editor) => match editor.pane {
                    Pane::Tables => editor.tables.fold(&entries, !right),
                    Pane::Criteria => {
                        editor.fold(!right);
                    }
                    Pane::Insights => {}
                },
                (Some(_), Screen::Overview) => {}
                _ => {
                    self.home.fold(!right);
                    self.preview();
                }
            },
        }
    }

    fn focus(&mut self, to: impl Fn(Pane) -> Pane) {
        if let Some(editor) = &mut self.editor {
            editor.stop_typing();
            editor.pane = to(editor.pane);
        }
    }

    fn find(&mut self) {
        match (&mut self.editor, self.screen) {
            (Some(editor), Screen::Editor) => {
                editor.stop_typing();
                editor.pane = Pane::Tables;
                editor.tables.finding = true;
            }
            _ => self.home.finding = true,
        }
    }

    /// Adds after the cursor; on a branch of the tables it opens the branch instead.
    fn add(&mut self) {
        let entries = self.table_lines();
        if let Some(editor) = &mut self.editor
            && editor.pane == Pane::Tables
            && editor.sql().is_none()
            && let Some(super::editor::tables::TreeLine::Branch { open, .. }) =
                entries.get(editor.tables.cursor)
        {
            let open = *open;
            return editor.tables.fold(&entries, open);
        }
        if self.editor.as_ref().is_some_and(|editor| editor.sql().is_some()) {
            return self.insert_name();
        }
        self.ask_condition(None);
    }

    fn add_section(&mut self) {
        let Some(editor) = &self.editor else { return };
        let side = editor.criteria.cursor.side();
        let after = editor.criteria.cursor.node().and_then(|path| path.steps.first().copied());
        self.change(|segment| {
            let matching = segment
                .side(side)?
                .nodes
                .first()
                .and_then(|node| node.as_group())
                .map(|group| group.matching);
            let fallback =
                if side == Side::Include { crate::segment::Match::All } else { crate::segment::Match::Any };
            let section = crate::segment::Group::empty(matching.unwrap_or(fallback));
            let index = after.map_or(usize::MAX, |after| after + 1);
            edit::insert(segment, &NodePath::root(side), index, crate::segment::Node::Group(section))
        });
    }

    /// Edits the line of the cursor, which may be a side.
    fn at_line(&mut self, done: &str, edit: impl FnOnce(&mut Segment, &NodePath) -> Option<NodePath>) {
        let Some(editor) = &self.editor else { return };
        let cursor = editor.criteria.cursor.clone();
        let path = match &cursor {
            Cursor::Node(path) | Cursor::Filter(path, _) => path.clone(),
            Cursor::Side(side) | Cursor::Add(side) => NodePath::root(*side),
        };
        if !self.change(|segment| edit(segment, &path)) {
            return self.notify(Message::note(format!("this line cannot be {done}")));
        }
        // Toggling the group around a condition leaves the cursor where it was.
        if let Some(editor) = &mut self.editor {
            editor.criteria.cursor = cursor;
        }
    }

    /// Edits the node at the cursor, which follows it.
    pub(super) fn at_node(
        &mut self,
        done: &str,
        edit: impl FnOnce(&mut Segment, &NodePath) -> Option<NodePath>,
    ) {
        let path = self.editor.as_ref().and_then(|editor| editor.criteria.path().cloned());
        let changed = path.is_some_and(|path| self.change(|segment| edit(segment, &path)));
        if !changed {
            self.notify(Message::note(format!("this line cannot be {done}")));
        }
    }

    fn travel(&mut self, travel: impl FnOnce(&mut super::editor::Editor) -> bool) {
        if let Some(editor) = &mut self.editor
            && travel(editor)
        {
            self.definition_changed();
        }
    }

    fn open(&mut self, reason: LoadReason) {
        match self.home.selected().filter(|_| self.screen == Screen::Home) {
            Some(entry) => {
                self.home.finding = false;
                self.opening = Some(entry.id.clone());
                self.notify(Message::note(format!("opening {}", entry.name)));
                self.request(Effect::Load { id: entry.id, path: entry.path, reason });
            }
            None => {
                let folded = match self.home.rows().get(self.home.cursor) {
                    Some(super::home::HomeRow::Folder { open, .. }) => Some(*open),
                    Some(super::home::HomeRow::Segment { .. } | super::home::HomeRow::Damaged(_)) | None => {
                        None
                    }
                };
                if let Some(open) = folded {
                    self.home.fold(open);
                }
            }
        }
    }

    fn rename(&mut self) {
        let id = match (&self.editor, self.screen) {
            (Some(editor), Screen::Editor | Screen::Overview) => {
                if editor.base_revision() == 0 {
                    return self.ask_name(Naming::First);
                }
                Some(editor.segment().id.clone())
            }
            _ => self.home.selected().map(|entry| entry.id),
        };
        match id {
            Some(id) => self.ask_name(Naming::Rename { id }),
            None => self.notify(Message::note("put the cursor on a segment to rename it")),
        }
    }

    fn overview(&mut self) {
        match self.screen {
            Screen::Home => self.open(LoadReason::Overview),
            Screen::Editor | Screen::Overview => self.show_overview(),
        }
    }

    fn count_again(&mut self) {
        if self.retry_reload() {
            return;
        }
        if let Some(editor) = &mut self.editor {
            editor.invalidate();
            self.recount();
        }
    }

    fn choose_database(&mut self) {
        let items = self.databases.iter().enumerate().map(|(at, folder)| {
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
            let name = name.unwrap_or_else(|| folder.display().to_string());
            Item::new(Choice::Database(at), name).detail(folder.display().to_string())
        });
        let items = items.collect();
        let now = self.database_at;
        self.choose("Databases", items, |choice| *choice == Choice::Database(now));
    }

    fn choose_draft(&mut self) {
        let items = self.drafts.iter().map(|draft| {
            let left_behind = draft.left_behind.as_ref();
            let when = left_behind
                .map_or_else(|| "kept just now".to_owned(), |draft| format!("kept {}", draft.stamp.at));
            Item::new(Choice::Draft(draft.segment.id.clone()), draft.segment.name.clone()).detail(when)
        });
        let items = items.collect();
        self.choose("Unsaved edits", items, |_| false);
    }

    fn choose_id(&mut self) {
        let Some(database) = self.database() else { return };
        let items = database
            .activation_ids()
            .into_iter()
            .map(|id| Item::new(Choice::Id(id.column.clone()), id.plural).detail(id.column));
        let items = items.collect();
        let now = self.activation_id();
        self.choose("Count by", items, |choice| matches!(choice, Choice::Id(id) if *id == now));
    }

    fn commands(&mut self, kind: CommandsKind) {
        let contexts = self.contexts();
        let commands = Commands::new(kind, &contexts, |action| self.disabled_reason(action));
        self.overlays.push(Overlay::Commands(commands));
    }

    fn next_field(&mut self, forward: bool) {
        match self.overlays.last_mut() {
            Some(Overlay::SaveAs(save_as)) => save_as.next(),
            Some(Overlay::Lists(lists)) => {
                lists.turn(forward);
                self.preview_list();
            }
            Some(Overlay::Purchase(form)) => form.step(if forward { 1 } else { -1 }),
            Some(Overlay::Add(_)) => {
                let at_end = matches!(
                    self.overlays.last(),
                    Some(Overlay::Add(add)) if add.focus == super::overlay::add::AddColumn::Operator
                );
                // Tab goes to the last column; only Enter and → take what is there.
                if !(forward && at_end) {
                    self.sideways(forward);
                }
            }
            _ => {}
        }
    }

    fn back(&mut self) {
        if let Some(Overlay::Add(add)) = self.overlays.last_mut()
            && add.left()
        {
            return;
        }
        match self.overlays.last_mut() {
            Some(Overlay::Confirm(confirm)) => {
                let keeps = |answer: &super::overlay::confirm::Answer| {
                    use super::overlay::confirm::Answer;
                    matches!(answer, Answer::Nothing | Answer::KeepDatabase)
                };
                let answer = confirm.answers.iter().map(|(_, _, answer)| answer.clone()).find(keeps);
                self.take_answer(answer.unwrap_or(super::overlay::confirm::Answer::Nothing));
            }
            Some(_) => {
                if let Some(Overlay::SaveAs(_)) = self.overlays.pop() {
                    self.after_save = None;
                }
            }
            None => self.back_below(),
        }
    }

    fn back_below(&mut self) {
        match (&mut self.editor, self.screen) {
            (Some(editor), Screen::Editor) if editor.is_typing() => editor.stop_typing(),
            (Some(editor), Screen::Editor)
                if editor.tables.finding || !editor.tables.find.text().is_empty() =>
            {
                editor.tables.finding = false;
                editor.tables.find = Default::default();
                editor.tables.cursor = 0;
            }
            (Some(_), _) => self.leave(After::Home),
            (None, _) => {
                self.home.finding = false;
                self.home.find = Default::default();
                self.home.step(0);
                self.preview();
            }
        }
    }
}
