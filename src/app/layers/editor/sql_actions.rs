//! Writing the text of a SQL segment, and turning conditions into one.

use std::sync::Arc;

use super::state::{Editor, Pane};
use super::tables::{Branch, TreeLine};
use crate::app::command::Command;
use crate::app::event::{SegmentFailure, WrittenSql};
use crate::app::layer::{Cx, Outcome};
use crate::app::layers::conversion;
use crate::app::message::Message;
use crate::app::session::Session;
use crate::database::Database;
use crate::diagnostic::Diagnostic;
use crate::segment::{Definition, Segment};
use crate::sql::Dialect;

impl Editor {
    /// Whether the text of a SQL segment is what is looked at.
    pub(super) fn is_at_sql(&self) -> bool {
        self.pane == Pane::Criteria && self.sql().is_some()
    }

    /// Keys go into the text from now on.
    pub(super) fn start_typing(&mut self) {
        if let Some(sql) = self.sql_mut() {
            sql.typing = true;
            self.pane = Pane::Criteria;
        }
    }

    /// Keys go to the end of the text from now on.
    pub(crate) fn type_at_end(&mut self) {
        self.start_typing();
        if let Some(sql) = self.sql_mut() {
            sql.go_to((usize::MAX, usize::MAX));
        }
    }

    /// Changes the text, and asks for the numbers of what it is then.
    pub(super) fn write_text(&mut self, session: &mut Session, write: impl FnOnce(&mut Self) -> bool) {
        match self.sql_disabled_reason() {
            Some(reason) => session.note(reason),
            None if write(self) => self.definition_changed(session),
            None => {}
        }
    }

    /// Puts the name of the table or column at the cursor of the tables into the text.
    pub(super) fn insert_name(&mut self, session: &mut Session) {
        let name = match self.tables.current() {
            Some(TreeLine::Attribute { column, .. }) => column,
            Some(TreeLine::Branch { branch: Branch::Table(table), .. }) => table,
            Some(
                TreeLine::Branch { .. } | TreeLine::Behaviour(_) | TreeLine::List(..) | TreeLine::Notes(..),
            )
            | None => {
                return session.note("only tables and columns have a place in SQL");
            }
        };
        let name = Dialect::Embedded.identifier(name);
        self.write_text(session, |editor| editor.write(|sql| sql.insert_name(&name)));
    }

    /// The conditions were written as SQL, or not: a person is asked whether they are to become it.
    pub(super) fn converted(
        &mut self,
        segment: &Arc<Segment>,
        result: &Result<Arc<WrittenSql>, SegmentFailure>,
        cx: &mut Cx<'_>,
    ) -> Outcome {
        // The segment may be another one by now.
        if !Arc::ptr_eq(self.segment(), segment) {
            return Outcome::stay();
        }
        match result {
            // Whoever has started something else is left at it.
            Ok(written) if cx.is_top => return Outcome::open(conversion::question(&written.script)),
            Ok(_) => {}
            Err(SegmentFailure::Refused(problem)) => {
                let message =
                    format!("{} cannot become SQL: {}", problem.diagnostic.place, problem.diagnostic.message);
                let help = problem.diagnostic.help_text();
                cx.session.notify(Diagnostic::new(message).with_help(help).into());
            }
            Err(SegmentFailure::Other(failure)) => cx.session.notify(failure.clone().into()),
        }
        Outcome::stay()
    }

    /// The conditions become a query.
    pub(super) fn convert(&mut self, sql: &str, session: &mut Session) -> Outcome {
        let changed = self.edit(|segment| {
            matches!(segment.definition, Definition::Visual { .. })
                .then(|| segment.definition = Definition::Sql(sql.to_owned()))
        });
        if changed.is_none() {
            return Outcome::stay();
        }
        self.pane = Pane::Criteria;
        if let Some(sql) = self.sql_mut() {
            sql.go_to((0, 0));
        }
        session.notify(Message::done("the conditions are SQL now; u brings them back"));
        self.definition_changed(session);
        Outcome::close_above().then_ask(Command::ShowEditor)
    }
}

/// The query of a new SQL segment: all customers of a database.
pub(crate) fn first_query(database: Option<&Database>) -> String {
    let Some(database) = database else { return all_customers("amperity_id", "Customer_360") };
    let quoted = |name: &str| Dialect::Embedded.identifier(name);
    let id = &database.default_id;
    let customers = database.roles.customers.as_ref().and_then(|name| database.table(name));
    let usable = database.own_tables().filter(|table| !table.hidden && table.content.is_ok());
    let with_id =
        customers.into_iter().chain(usable).find_map(|table| Some((table.id_column(id)?, &table.name)));
    match with_id {
        Some((column, table)) if column == id => all_customers(&quoted(id), &quoted(table)),
        Some((column, table)) => {
            all_customers(&format!("{} AS {}", quoted(column), quoted(id)), &quoted(table))
        }
        None => all_customers(&quoted(id), "Customer_360"),
    }
}

fn all_customers(id: &str, table: &str) -> String {
    format!("SELECT {id}\nFROM {table}")
}
