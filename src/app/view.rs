//! The session and the open segment together, to be looked at: names, types, the activation ID in force, and
//! what is wrong with a condition.

use std::sync::Arc;

use super::effect::{Effect, Previewed, WantedSql};
use super::prompt::Prompt;
use super::session::Session;
use crate::database::{ActivationId, Database, DatabaseView};
use crate::diagnostic::Diagnostic;
use crate::segment::edit;
use crate::segment::{
    Condition, Definition, NamedSchema, Node, NodePath, Problem, ProblemKind, Schema, Segment, Severity,
    Side, Test, WorkspaceNames, words,
};
use crate::sql::Card;
use crate::workspace::Listing;

/// The session and the open segment.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// What every layer may know.
    pub session: &'a Session,
    /// The open segment as it is now.
    pub segment: Option<&'a Arc<Segment>>,
}

impl<'a> View<'a> {
    pub(crate) fn new(session: &'a Session, segment: Option<&'a Arc<Segment>>) -> Self {
        Self { session, segment }
    }

    /// The open database.
    pub(crate) fn database(&self) -> Option<&'a Arc<Database>> {
        self.session.database()
    }

    /// The activation ID in force: the open segment's, else the database's own.
    pub(crate) fn activation_id(&self) -> String {
        let of_segment = self.segment.map(|segment| segment.activation_id.clone());
        let of_segment = of_segment.filter(|id| !id.is_empty());
        of_segment.or_else(|| self.database().map(|database| database.default_id.clone())).unwrap_or_default()
    }

    /// What those are called whom the numbers count.
    pub(crate) fn whom(&self) -> ActivationId {
        let id = self.activation_id();
        let words = self.database().map(|database| database.words(&id));
        words.unwrap_or(ActivationId { column: id, singular: "customer".into(), plural: "customers".into() })
    }

    /// Looks at the open database through the activation ID in force. Without a database every column is
    /// missing, but names can still be shown.
    pub(crate) fn with_schema<T>(&self, look: impl FnOnce(&dyn Schema) -> T) -> T {
        let name = ListingNames(self.session.workspace().map(|listing| &**listing));
        match self.database() {
            Some(database) => {
                let activation_id = self.activation_id();
                let view = DatabaseView { database, activation_id: &activation_id };
                look(&NamedSchema { schema: &view, names: name })
            }
            None => look(&NamedSchema { schema: &NoDatabase, names: name }),
        }
    }

    pub(crate) fn condition_at(&self, path: &NodePath) -> Option<&'a Condition> {
        match self.segment?.node(path)? {
            Node::Condition(condition) => Some(condition),
            Node::Group(_) | Node::Unreadable(_) => None,
        }
    }

    /// What is wrong with the answer to a prompt, by the same check that every segment passes.
    pub(crate) fn test_complaint(&self, prompt: &Prompt, test: &Test) -> Option<String> {
        self.complaint(prompt.condition(test.clone()))
    }

    /// What is wrong with a condition.
    pub(crate) fn complaint(&self, condition: Condition) -> Option<String> {
        self.problem_of(condition).map(|(_, complaint)| complaint)
    }

    /// What is wrong with a condition, if it is not only that a part is still missing.
    pub(crate) fn fault_of(&self, condition: Condition) -> Option<String> {
        let problem = self.problem_of(condition).filter(|(kind, _)| *kind != ProblemKind::Incomplete);
        problem.map(|(_, complaint)| complaint)
    }

    fn problem_of(&self, condition: Condition) -> Option<(ProblemKind, String)> {
        let mut probe = Segment::new("", "", self.activation_id());
        let root = NodePath::root(Side::Include);
        edit::append(&mut probe, &root, Node::Condition(condition));
        let as_of = self.session.as_of();
        let problems = self.with_schema(|schema| crate::segment::problems(&probe, schema, as_of));
        let stands_in_the_way = |problem: &Problem| {
            problem.severity == Severity::Error && problem.kind != ProblemKind::Unsupported
        };
        let problem = problems.into_iter().find(stands_in_the_way)?;
        let complaint = match problem.diagnostic.help {
            Some(help) => format!("{}: {help}", problem.diagnostic.message),
            None => problem.diagnostic.message,
        };
        Some((problem.kind, complaint))
    }

    /// A problem with the words of what it is about.
    pub(crate) fn described(&self, problem: &Problem) -> String {
        let node = problem.diagnostic.place.node().and_then(|path| self.segment?.node(path));
        let sentence = node.map(|node| self.with_schema(|schema| words::sentence(node, schema)));
        match sentence {
            Some(sentence) => {
                format!("{}, {sentence}: {}", problem.diagnostic.place, problem.diagnostic.message)
            }
            None => format!("{}: {}", problem.diagnostic.place, problem.diagnostic.message),
        }
    }

    /// The conditions of the open segment that are wrong on another database and have no problem now.
    pub(crate) fn lost_conditions(&self, database: &Database, problems: &[Problem]) -> Vec<String> {
        let Some(segment) = self.segment else { return Vec::new() };
        let there = DatabaseView { database, activation_id: segment.activation_id.as_str() };
        let as_of = database.as_of.unwrap_or(self.session.today);
        let found = crate::segment::problems(segment, &there, as_of);
        let new = found.iter().filter(|problem| {
            problem.severity == Severity::Error
                && !problems.iter().any(|old| old.diagnostic.place == problem.diagnostic.place)
        });
        let describe = |problem: &Problem| {
            let node = problem.diagnostic.place.node().and_then(|path| segment.node(path));
            let sentence = node.map(|node| self.with_schema(|schema| words::sentence(node, schema)));
            format!(
                "{}: {}",
                sentence.unwrap_or_else(|| problem.diagnostic.place.to_string()),
                problem.diagnostic.message
            )
        };
        new.map(describe).collect()
    }

    /// Up to three lines that tell what a segment is.
    pub(crate) fn summary(&self, segment: &Segment) -> Vec<String> {
        let conditions = segment.walk().into_iter().filter(|(_, node)| node.as_group().is_none()).take(3);
        let mut lines: Vec<String> =
            conditions.map(|(_, node)| self.with_schema(|schema| words::sentence(node, schema))).collect();
        if let Definition::Sql(sql) = &segment.definition {
            lines.extend(sql.lines().take(3).map(str::to_owned));
        }
        lines
    }

    /// The effect that counts the values that a prompt asks for, if there are any.
    pub(crate) fn count_values(&self, prompt: &Prompt) -> Option<Effect> {
        let column = prompt.measure.values_of()?;
        self.count_column(&prompt.table, column, prompt.target.without())
    }

    /// The effect that counts the values of a column.
    pub(crate) fn count_column(
        &self,
        table: &str,
        column: &str,
        without: Option<&NodePath>,
    ) -> Option<Effect> {
        Some(Effect::CountValues {
            database: self.session.database_folder()?,
            table: table.to_owned(),
            column: column.to_owned(),
            segment: Arc::clone(self.segment?),
            without: without.cloned(),
            as_of: self.session.as_of(),
        })
    }

    /// The effect that finds out about a customer list.
    pub(crate) fn preview_list(&self, of: Previewed) -> Option<Effect> {
        let (activation_id, as_of) = (self.activation_id(), self.session.as_of());
        Some(Effect::PreviewList { of, database: self.session.database_folder()?, activation_id, as_of })
    }

    /// The effect that writes the open segment, or its figures on a card, as SQL.
    pub(crate) fn export_sql(&self, wanted: WantedSql, card: Option<Arc<Card>>) -> Option<Effect> {
        Some(Effect::WriteSql {
            database: self.session.database_folder()?,
            segment: Arc::clone(self.segment?),
            as_of: self.session.as_of(),
            wanted,
            card,
        })
    }
}

/// The names of the workspace, once it is read.
struct ListingNames<'a>(Option<&'a Listing>);

impl WorkspaceNames for ListingNames<'_> {
    fn segment_name(&self, id: &str) -> Option<String> {
        Some(self.0?.segment(id)?.name.clone())
    }

    fn segments(&self) -> Vec<(&str, &str)> {
        let entries = self.0.into_iter().flat_map(|listing| &listing.segments);
        entries.map(|entry| (entry.id.as_str(), entry.name.as_str())).collect()
    }

    fn list_files(&self) -> Vec<&str> {
        let files = self.0.into_iter().flat_map(|listing| &listing.lists);
        files.map(|file| file.path.as_str()).collect()
    }

    fn list_queries(&self) -> Vec<&str> {
        let queries = self.0.into_iter().flat_map(|listing| &listing.queries);
        queries.map(|query| query.path.as_str()).collect()
    }
}

/// Stands for the database while there is none.
struct NoDatabase;

impl NoDatabase {
    fn missing<T>() -> Result<T, Diagnostic> {
        Err(Diagnostic::new("no database is open").with_help("open one"))
    }
}

impl Schema for NoDatabase {
    fn activation_id(&self) -> Result<(), Diagnostic> {
        Ok(())
    }

    fn table(&self, _: &str) -> Result<(), Diagnostic> {
        Self::missing()
    }

    fn column_type(&self, _: &str, _: &str) -> Result<crate::segment::DataType, Diagnostic> {
        Self::missing()
    }

    fn items_table(&self) -> Result<String, Diagnostic> {
        Self::missing()
    }

    fn item_revenue(&self) -> Result<String, Diagnostic> {
        Self::missing()
    }

    fn item_quantity(&self) -> Result<String, Diagnostic> {
        Self::missing()
    }
}
