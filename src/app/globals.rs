//! The actions that no layer takes: those of the whole program, and of the open segment as a document.

use std::sync::Arc;

use super::action::{Action, Context};
use super::app::App;
use super::command::{After, Command, Naming};
use super::drafts::kept_at;
use super::effect::Effect;
use super::layer::Cx;
use super::layers::choose::Choose;
use super::layers::commands::{Commands, CommandsKind};
use super::layers::day::Day;
use super::layers::editor::state::Editor;
use super::layers::explorer::Explorer;
use super::layers::messages::Messages;
use super::layers::overlay::Overlay;
use super::layers::pages::PageKind;
use super::pick::Item;
use crate::segment::words;
use crate::workspace::Listing;

impl App {
    /// Why an action that no layer takes does not apply just now.
    pub(super) fn global_disabled_reason(&self, action: Action) -> Option<String> {
        use Action as A;
        let because = |text: &str| Some(text.to_owned());
        match action {
            A::Add | A::QuickAdd | A::AddExclusion | A::Recount | A::SwitchId
                if self.database().is_none() =>
            {
                self.session.no_database_reason()
            }
            A::Quit if matches!(self.stack.overlays.last(), Some(Overlay::Confirm(_))) => {
                because("answer this first")
            }
            A::Drafts if self.drafts.all().is_empty() => because("no unsaved edits are kept"),
            A::Drafts if self.editor().is_some_and(Editor::is_edited) => {
                because("save or leave this segment first")
            }
            A::SwitchDatabase if self.databases().is_empty() => {
                because("there is no database; name one on the command line")
            }
            A::Save | A::SaveAs | A::ShowSql | A::ConvertToSql | A::ShowDifferences
                if self.editor().is_none() =>
            {
                because("no segment is open")
            }
            A::CancelExport if self.session.remembered.export.is_none() => because("no export is under way"),
            A::SetDay if self.database().is_none() => self.session.no_database_reason(),
            A::ResetDay if self.session.day.now.is_none() || !self.session.is_other_day() => {
                Some(format!("{} is the data's own day", self.as_of()))
            }
            A::Explain if self.editor().is_none() => because("open a segment first"),
            A::Explain if self.database().is_none() => self.session.no_database_reason(),
            A::PinCustomer if self.explained_id().is_none() => because("explain a customer first (W)"),
            A::Segments if self.editor().is_none() => because("the list of segments is shown already"),
            A::Theme => self.theme.disabled.clone(),
            A::Rename if self.session.read_only => because("nothing is saved in read-only mode"),
            _ => unavailable_reason(action).map(str::to_owned),
        }
    }

    /// Does what an action says that no layer takes.
    pub(super) fn perform_global(&mut self, action: Action) {
        match action {
            Action::New => self.leave(After::New),
            Action::NewSql => self.leave(After::NewSql),
            Action::Segments => self.leave(After::Home),
            Action::Quit => self.leave(After::Quit),
            Action::Save => self.save(None),
            Action::SaveAs => {
                let is_new = self.editor().is_some_and(|editor| editor.base_revision() == 0);
                self.ask_name(if is_new { Naming::First } else { Naming::Copy });
            }
            Action::Rename => self.rename_open(),
            Action::Overview => self.show_overview(),
            Action::Recount => drop(self.session.retry_reload()),
            Action::Reload => self.check_for_changes(),
            Action::Drafts => self.choose_draft(),
            Action::SwitchDatabase => self.choose_database(),
            Action::SwitchId => self.choose_activation_id(),
            Action::SetDay => {
                let day = Day::new(self.session.day.now, self.session.data_day());
                self.stack.overlays.push(Overlay::Day(day));
            }
            Action::ResetDay => self.set_day(None),
            Action::Help => self.show_commands(CommandsKind::Help),
            Action::Palette => self.show_commands(CommandsKind::Palette),
            Action::Messages => self.stack.overlays.push(Overlay::Messages(Messages::default())),
            Action::Theme => self.choose_theme(),
            Action::Explore => self.explore(),
            Action::CancelExport => self.cancel_export(),
            Action::Explain => self.stack.open.iter_mut().for_each(|open| open.pages.show(PageKind::Explain)),
            Action::PinCustomer => {
                let said = self.stack.open.as_mut().map(|open| open.pages.explain.toggle_pin());
                said.into_iter().for_each(|said| self.session.note(said));
            }
            Action::Suspend => self.session.request(Effect::Suspend),
            // They are of layers that are not there.
            _ => {}
        }
    }

    /// Opens the data explorer on the column at the cursor, else where one was last.
    fn explore(&mut self) {
        let (column, segment) = (self.stack.top().column(), self.editor().map(Editor::segment).cloned());
        self.stack.editor_mut().into_iter().for_each(|editor| editor.tables.profiles.give_up());
        let cx = &mut Cx { session: &mut self.session, segment, is_top: false };
        let explorer = Explorer::open(column, cx);
        self.stack.overlays.push(Overlay::Explorer(explorer));
    }

    fn rename_open(&mut self) {
        let Some(editor) = self.editor() else { return };
        let naming = match editor.base_revision() {
            0 => Naming::First,
            _ => Naming::Rename { id: editor.segment().id.clone() },
        };
        self.ask_name(naming);
    }

    /// The customer who was explained last.
    fn explained_id(&self) -> Option<&str> {
        self.stack.open.as_ref()?.pages.explain.current_id()
    }

    pub(super) fn show_overview(&mut self) {
        if let Some(open) = &mut self.stack.open {
            open.pages.show(PageKind::Summary);
        }
    }

    /// Looks for what may have changed beside the program.
    pub(super) fn check_for_changes(&mut self) {
        self.session.request(Effect::ListSegments);
        self.check_database();
    }

    pub(super) fn check_database(&mut self) {
        if self.session.retry_reload() {
            self.invalidate_numbers();
        } else if let Some(database) = self.session.database_folder() {
            self.session.request(Effect::CheckFiles { database });
        }
    }

    /// The open segment has no numbers that can be relied on.
    pub(super) fn invalidate_numbers(&mut self) {
        if let Some(editor) = self.stack.editor_mut() {
            editor.invalidate();
            editor.live.failure = None;
        }
    }

    fn choose(&mut self, title: &str, items: Vec<Item<Command>>, current: Option<&Command>) {
        self.stack.overlays.push(Overlay::Choose(Choose::new(title, items, current)));
    }

    fn choose_database(&mut self) {
        let items = self.databases().iter().enumerate().map(|(at, folder)| {
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
            let name = name.unwrap_or_else(|| folder.display().to_string());
            Item::new(Command::SwitchDatabase(at), name).detail(folder.display().to_string())
        });
        let items = items.collect();
        let current = Command::SwitchDatabase(self.session.databases.at);
        self.choose("Databases", items, Some(&current));
    }

    fn choose_draft(&mut self) {
        let items = self.drafts.all().iter().map(|draft| {
            let left_behind = draft.left_behind.as_ref();
            let today = self.session.today;
            let when =
                left_behind.map_or_else(|| "kept just now".to_owned(), |draft| kept_at(&draft.stamp, today));
            let command = Command::OpenDraft(draft.name());
            Item::new(command, draft.edits.segment.name.clone()).detail(when)
        });
        let items = items.collect();
        self.choose("Unsaved edits", items, None);
    }

    fn choose_activation_id(&mut self) {
        let Some(database) = self.database() else { return };
        let items = database
            .activation_ids()
            .into_iter()
            .map(|id| Item::new(Command::SetActivationId(id.column.clone()), id.plural).detail(id.column));
        let items = items.collect();
        let current = Command::SetActivationId(self.activation_id());
        self.choose("Count by", items, Some(&current));
    }

    fn show_commands(&mut self, kind: CommandsKind) {
        let used = &self.session.remembered.used;
        let commands =
            Commands::new(kind, &self.contexts(), self.keymap(), used, |action| self.disabled_reason(action));
        self.stack.overlays.push(Overlay::Commands(commands));
    }

    /// Opens the form of name and folder.
    pub(super) fn ask_name(&mut self, naming: Naming) {
        let listing = self.workspace().cloned().unwrap_or_else(|| Arc::new(Listing::default()));
        let form = match self.editor() {
            Some(editor) => {
                let (name, folder) = (&editor.segment().name, editor.folder.as_deref());
                let suggested = match naming {
                    Naming::First => self.with_schema(|schema| words::suggest_name(editor.segment(), schema)),
                    Naming::Copy | Naming::Rename { .. } => String::new(),
                };
                super::layers::save_as::SaveAs::for_segment(naming, name, folder, &listing)
                    .in_database(&editor.segment().database, editor.segment().status, &listing)
                    .with_suggestion(suggested)
            }
            None => super::layers::save_as::SaveAs::for_segment(naming, "", None, &listing),
        };
        self.stack.overlays.push(Overlay::SaveAs(form));
    }
}

/// Why an action does not apply where nothing on the screen takes it.
fn unavailable_reason(action: Action) -> Option<&'static str> {
    use Action as A;
    match action {
        A::TypeSql | A::Complete => Some("no segment is open"),
        action if action.edits_tree() => Some("no segment is open"),
        A::NextDialect | A::PreviousDialect | A::ToggleDates => Some("show the segment as SQL first (Q)"),
        A::Undo => Some("nothing to undo"),
        A::Redo => Some("nothing to do again"),
        A::ToggleCase => Some("only texts have upper and lower case"),
        A::ToggleEnds => Some("only a range has ends"),
        A::SplitPaste => Some("no commas or semicolons stand in a pasted text"),
        A::ToggleHidden => Some("files are looked for when a list is uploaded"),
        A::Tick | A::TickAll => Some("one value is taken here"),
        _ if GLOBAL.contains(&action) => None,
        _ => action.info()?.bindings.iter().find_map(|(context, _)| way_to(*context)),
    }
}

/// The actions that the app does itself.
const GLOBAL: &[Action] = &[
    Action::New,
    Action::NewSql,
    Action::Segments,
    Action::Quit,
    Action::Save,
    Action::SaveAs,
    Action::Rename,
    Action::Overview,
    Action::Recount,
    Action::Reload,
    Action::Drafts,
    Action::SwitchDatabase,
    Action::SwitchId,
    Action::SetDay,
    Action::ResetDay,
    Action::Help,
    Action::Palette,
    Action::Messages,
    Action::Theme,
    Action::Explore,
    Action::CancelExport,
    Action::Explain,
    Action::PinCustomer,
    Action::Suspend,
];

/// What is to be done first, for what is done in a place that is not there.
fn way_to(context: Context) -> Option<&'static str> {
    use Context as C;
    match context {
        C::Anywhere | C::Screen => None,
        C::Home | C::HomeFind => Some("go back to the list of segments first (ctrl-o)"),
        C::Editor | C::Tables | C::TablesFind | C::Criteria | C::Sql | C::SqlTyping | C::Insights => {
            Some("open a segment in the editor first")
        }
        C::Overview => Some("show the overview of a segment first (v)"),
        C::Summary | C::CardView | C::CardList | C::MetricForm => {
            Some("show the summary of a segment first (v, 1)")
        }
        C::Breakdown => Some("show the breakdown of a segment first (v, 2)"),
        C::Compare => Some("compare a segment with others first (v, 3)"),
        C::Customers | C::CustomersFind | C::Columns | C::Export => {
            Some("show the customers of a segment first (v, 4)")
        }
        C::Explain | C::ExplainFind => Some("explain a customer of a segment first (W)"),
        C::Explorer | C::ExplorerFind => Some("show what the tables hold first (P)"),
        C::Add | C::Values | C::ValueEntry | C::Lists | C::Browse | C::Paste | C::Purchase | C::QuickAdd => {
            Some("add a condition first (a)")
        }
        C::SqlView => Some("show the segment as SQL first (Q)"),
        C::Differences => Some("show what differs first (V)"),
        C::Tests | C::TestForm => Some("show the tests of a segment first (T)"),
        C::SaveAs | C::KeepIn | C::Choose | C::Confirm | C::Commands | C::Messages | C::Notes => {
            Some("nothing asks for this here")
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::app::Start;
    use crate::app::action::ACTIONS;
    use crate::app::layer::{Check, Layer};
    use crate::app::layers::pages::cards::CardLayout;
    use crate::app::theme_choice::ThemeChoice;

    fn on_the_list() -> App {
        let start = Start {
            databases: Vec::new(),
            as_of: None,
            today: NaiveDate::default(),
            size: (80, 24),
            seed: 1,
            read_only: false,
            case: None,
            folder: "/".into(),
            home: None,
            draft_folder: None,
            cards: CardLayout::default(),
            theme: ThemeChoice::default(),
            keymap: Arc::default(),
            used: Default::default(),
        };
        App::start(start).0
    }

    #[test]
    fn what_nothing_takes_on_the_list_of_segments_has_a_reason() {
        let app = on_the_list();
        for info in ACTIONS.iter().filter(|info| !GLOBAL.contains(&info.action)) {
            if app.stack.home.check(info.action, app.view()) == Check::Pass {
                assert!(app.disabled_reason(info.action).is_some(), "{}", info.name);
            }
        }
    }

    #[test]
    fn a_reason_says_the_way_to_where_it_applies() {
        let app = on_the_list();
        let reason = |action| app.disabled_reason(action).unwrap_or_default();
        assert_eq!(reason(Action::NextMeasure), "show the breakdown of a segment first (v, 2)");
        assert_eq!(reason(Action::AddMetric), "show the summary of a segment first (v, 1)");
        assert_eq!(reason(Action::UseValue), "show what the tables hold first (P)");
        assert_eq!(app.disabled_reason(Action::Messages), None);
    }
}
