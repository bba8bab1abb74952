//! The open segment as SQL: shown, copied, converted.

use std::sync::Arc;

use super::App;
use super::effect::{Effect, WantedSql};
use super::event::{Failure, SegmentFailure, WrittenSql};
use super::message::Message;
use super::number::whole;
use super::overlay::Overlay;
use super::overlay::confirm::{Answer, Confirm};
use super::overlay::sql::SqlView;
use crate::segment::{Definition, Problem, Segment, words};
use crate::sql::{DateStyle, Script};

/// The greatest text, in bytes, that every terminal with a clipboard takes.
const SURE: usize = 74_994;
/// The greatest that is worth sending: tmux drops what is more than a megabyte once it is encoded.
const MOST: usize = 750_000;

impl App {
    /// Shows the open segment as SQL, in the dialect that was looked at last.
    pub(super) fn show_sql(&mut self) {
        let Some(editor) = &self.editor else { return };
        let (dialect, dates) = self.sql_form;
        self.overlays.push(Overlay::Sql(SqlView::new(Arc::clone(editor.segment()), dialect, dates)));
        self.export_sql(WantedSql::Shown(dialect, dates));
    }

    pub(super) fn export_sql(&mut self, wanted: WantedSql) {
        let as_of = self.as_of();
        let (Some(database), Some(editor)) = (self.database(), &self.editor) else { return };
        let effect = Effect::WriteSql {
            database: database.folder.clone(),
            segment: Arc::clone(editor.segment()),
            as_of,
            wanted,
        };
        self.request(effect);
    }

    /// Shows other SQL of the same segment.
    fn in_sql(&mut self, change: impl FnOnce(&mut SqlView)) {
        let Some(Overlay::Sql(view)) = self.overlays.last_mut() else { return };
        change(view);
        let (wanted, form) = (view.wanted(), (view.dialect, view.dates));
        self.sql_form = form;
        self.export_sql(wanted);
    }

    pub(super) fn turn_dialect(&mut self, by: usize) {
        self.in_sql(|view| view.dialect = view.dialect.next(by));
    }

    pub(super) fn toggle_dates(&mut self) {
        self.in_sql(|view| {
            view.dates = match view.dates {
                DateStyle::Resolved => DateStyle::Relative,
                DateStyle::Relative => DateStyle::Resolved,
            };
        });
    }

    /// SQL that was asked for.
    pub(super) fn sql_written(
        &mut self,
        segment: &Arc<Segment>,
        wanted: WantedSql,
        result: Result<Arc<WrittenSql>, SegmentFailure>,
    ) {
        match (wanted, result) {
            (WantedSql::Shown(..), result) => {
                let views = self.overlays.iter_mut().filter_map(|overlay| match overlay {
                    Overlay::Sql(view) => Some(view),
                    _ => None,
                });
                for view in
                    views.filter(|view| Arc::ptr_eq(&view.segment, segment) && view.wanted() == wanted)
                {
                    view.written = Some((wanted, result.clone()));
                }
            }
            // The segment is another one by now.
            _ if self.editor.as_ref().is_none_or(|editor| !Arc::ptr_eq(editor.segment(), segment)) => {}
            (WantedSql::Converted, Ok(written)) => self.ask_conversion(&written.script),
            (WantedSql::Converted, Err(SegmentFailure::Refused(problem))) => {
                let message =
                    format!("{} cannot become SQL: {}", problem.diagnostic.place, problem.diagnostic.message);
                let help = problem.diagnostic.help.clone().unwrap_or_default();
                self.notify(Failure { message, help }.into());
            }
            (WantedSql::Converted, Err(SegmentFailure::Other(failure))) => self.notify(failure.into()),
        }
    }

    /// A problem with the words of what it is about.
    #[must_use]
    pub fn described(&self, problem: &Problem) -> String {
        let segment = self.editor.as_ref().map(|editor| editor.segment());
        let node = problem.diagnostic.place.node().and_then(|path| segment?.node(path));
        let sentence = node.map(|node| self.with_schema(|schema| words::sentence(node, schema)));
        match sentence {
            Some(sentence) => {
                format!("{}, {sentence}: {}", problem.diagnostic.place, problem.diagnostic.message)
            }
            None => format!("{}: {}", problem.diagnostic.place, problem.diagnostic.message),
        }
    }

    /// Asks for what the conditions become; the question comes with it.
    pub(super) fn convert_to_sql(&mut self) {
        self.export_sql(WantedSql::Converted);
    }

    /// Why the open segment cannot be converted.
    pub(super) fn conversion_disabled_reason(&self) -> Option<String> {
        let Some(editor) = &self.editor else { return Some("no segment is open".to_owned()) };
        match &editor.segment().definition {
            Definition::Sql(_) => Some("this segment is SQL already".to_owned()),
            Definition::Visual { .. } | Definition::Unreadable { .. } => {
                editor.read_only_reason().map(str::to_owned)
            }
        }
    }

    fn ask_conversion(&mut self, script: &Script) {
        // Whoever has started something else is left at it.
        if !matches!(self.overlays.last(), None | Some(Overlay::Sql(_))) {
            return;
        }
        let count = script.lines().len();
        let lines = vec![
            format!(
                "The query is {count} lines long and has the same members. In it :as_of stands for the day of evaluation."
            ),
            "From SQL there is no way back to conditions but to undo it (u).".to_owned(),
        ];
        let answers = vec![
            ('n', "Keep the conditions", Answer::Nothing),
            ('y', "Turn them into SQL", Answer::Convert(script.text())),
        ];
        let title = "Turn the conditions into SQL?";
        self.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
    }

    /// The conditions become a query.
    pub(super) fn convert(&mut self, sql: String) {
        let changed = self.editor.as_mut().and_then(|editor| {
            editor.edit(|segment| {
                matches!(segment.definition, Definition::Visual { .. })
                    .then(|| segment.definition = Definition::Sql(sql))
            })
        });
        if changed.is_none() {
            return;
        }
        self.overlays.clear();
        if let Some(editor) = &mut self.editor {
            editor.pane = super::editor::Pane::Criteria;
            if let Some(sql) = editor.sql_mut() {
                sql.go_to((0, 0));
            }
        }
        self.screen = super::Screen::Editor;
        self.notify(Message::done("the conditions are SQL now; u brings them back"));
        self.definition_changed();
    }

    /// The SQL that would be copied just now.
    fn copied(&self) -> Option<String> {
        match self.overlays.last() {
            Some(Overlay::Sql(view)) => {
                view.sql().filter(|_| view.is_current()).map(|written| written.script.text())
            }
            Some(_) => None,
            None => {
                let sql = self.editor.as_ref()?.sql()?;
                Some(sql.selected().unwrap_or_else(|| sql.text()))
            }
        }
    }

    pub(super) fn copy_sql(&mut self) {
        let Some(text) = self.copied() else {
            return self.notify(Message::note("there is no SQL to copy yet"));
        };
        let count = |count: usize| whole(count as u64);
        let letters = text.chars().count();
        if text.len() > MOST {
            let limit = count(MOST);
            return self.notify(Message::note(format!(
                "{} bytes are too much for a terminal's clipboard ({limit}): segtui sql writes it to a file",
                count(text.len())
            )));
        }
        let unsure = if text.len() > SURE { "; some terminals take no more than 75,000 bytes" } else { "" };
        self.notify(Message::done(format!("copied {} characters{unsure}", count(letters))));
        self.request(Effect::Copy(text));
    }
}
