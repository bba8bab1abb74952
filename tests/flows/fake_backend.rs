//! The program on a backend that has no data: whatever answers questions can stand behind the seam.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{
    Advise, Backend, BackendError, BreakDown, Breakdown, CaseContent, CheckIds, Compare, CompareSteps,
    Comparison, Count, CountTable, CountValues, CustomerWindow, Evaluate, Evaluation, Explain, Explanation,
    FindChange, FindCustomers, FollowTrend, FoundCustomers, IdFile, IdMembership, Insights, InspectIds,
    Intersect, Intersection, ListCustomers, MakeCase, MemberTable, Members, NearestChange, Overlap, Overlaps,
    ProfileTable, QueryIds, ReadAhead, ReadRows, ReadTask, SampleRows, SampledRows, StepComparison,
    Summarize, Summary, TableCounts, TableProfile, Task, TextRow, Trend, ValueCount, ValueCounts,
};
use segtui::database::{Change, Column, Content, Database, Note, Origin, Roles, Table, TableError};
use segtui::runtime::open::{OpenBackend, OpenError};
use segtui::segment::{CheckedSegment, DataType, Lists, NoLists, Node, Problem, Segment, check};
use segtui::workspace::Workspace;

use super::harness::{Session, Setup};
use segtui::diagnostic::Diagnostic;

/// Opens the same database whatever the folder is.
struct Opener;

/// Knows of tables whose activation ID is `id`, and makes numbers up.
pub struct Fake(pub Arc<Database>);

impl OpenBackend for Opener {
    fn open(&self, folder: &Path, _: ReadTask<'_>) -> Result<Arc<dyn Backend>, OpenError> {
        let column = |name: &str, label: &str| Column {
            name: name.to_owned(),
            label: label.to_owned(),
            data_type: DataType::String,
        };
        let columns = vec![column("id", "ID"), column("city", "City"), column("wish", "Wish")];
        let people = Table {
            name: "People".to_owned(),
            label: "People".to_owned(),
            hidden: false,
            id_columns: Vec::new(),
            origin: Origin::Database,
            notes: Vec::new(),
            content: Ok(Content { rows: Some(9), columns: columns.into(), ..Content::default() }),
        };
        Ok(Arc::new(Fake(Arc::new(Database {
            folder: folder.to_owned(),
            name: "far away".to_owned(),
            as_of: NaiveDate::from_ymd_opt(2025, 12, 31),
            currency: "USD".to_owned(),
            default_id: "id".to_owned(),
            ids: Vec::new(),
            tables: vec![people],
            roles: Roles::default(),
            notes: Vec::new(),
        }))))
    }
}

/// What this backend says to a question that it has no answer to.
fn cannot<T>(what: &str) -> Result<T, BackendError> {
    Err(BackendError::Data(Diagnostic::new(format!("far away cannot {what}")).with_help("ask at home")))
}

impl Backend for Fake {
    fn database(&self) -> &Arc<Database> {
        &self.0
    }

    fn data_day(&self) -> NaiveDate {
        self.0.as_of.unwrap()
    }

    fn fingerprint(&self) -> Option<String> {
        None
    }

    fn change(&self) -> Option<&Change> {
        None
    }

    fn check_unchanged(&self) -> Result<(), BackendError> {
        Ok(())
    }

    fn workspace_tables(&self, _: NaiveDate) -> Vec<Table> {
        Vec::new()
    }

    fn lists(&self) -> &dyn Lists {
        &NoLists
    }

    fn database_of(&self, _: &Segment, _: NaiveDate) -> Arc<Database> {
        Arc::clone(&self.0)
    }

    fn check(&self, segment: &Segment, as_of: NaiveDate) -> (CheckedSegment, Arc<Database>) {
        let view = segtui::database::DatabaseView { database: &self.0, activation_id: "id" };
        (check(segment, &view, &NoLists, as_of), Arc::clone(&self.0))
    }

    fn check_readable(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        _: Task<'_>,
    ) -> Result<(CheckedSegment, Arc<Database>), BackendError> {
        Ok(self.check(segment, as_of))
    }

    /// A thousand customers, and a hundred less for each condition.
    fn evaluate(&self, question: &Evaluate, task: Task<'_>) -> Result<Evaluation, BackendError> {
        task.cancel.check()?;
        let text = question.segment.to_json();
        if text.contains("wish") {
            return cannot("look into wishes");
        }
        let nodes = question.segment.walk();
        let conditions = nodes.iter().filter(|(_, node)| matches!(node, Node::Condition(_))).count() as u64;
        let insights = |unique_customers| Insights { unique_customers, ..Insights::default() };
        Ok(Evaluation {
            as_of: question.as_of,
            activation_id: "id".to_owned(),
            insights: insights(1_000 - 100 * conditions),
            all: insights(1_000),
            has_all_insights: true,
            waterfall: Vec::new(),
            files: Vec::new(),
            problems: Vec::new(),
            elapsed: std::time::Duration::ZERO,
        })
    }

    fn advise(&self, _: &Advise, _: Task<'_>) -> Result<Vec<Problem>, BackendError> {
        Ok(Vec::new())
    }

    fn members(&self, _: &Members, _: Task<'_>) -> Result<MemberTable, BackendError> {
        cannot("name anybody")
    }

    fn count_values(&self, question: &CountValues, _: Task<'_>) -> Result<ValueCounts, BackendError> {
        if question.column == "wish" {
            return cannot("count wishes");
        }
        let value =
            |value: &str, all| ValueCount { value: value.to_owned(), count: Count { all, segment: all } };
        Ok(ValueCounts { values: vec![value("Oslo", 700), value("Rome", 300)], ..ValueCounts::default() })
    }

    fn overlaps(&self, _: &Overlaps, _: Task<'_>) -> Result<Vec<Overlap>, BackendError> {
        cannot("compare")
    }

    fn count_table(&self, _: &CountTable, _: Task<'_>) -> Result<TableCounts, BackendError> {
        cannot("count rows")
    }

    fn unmatched_ids(&self, _: &CountTable, _: Task<'_>) -> Result<Option<Note>, BackendError> {
        Ok(None)
    }

    fn inspect_ids(&self, _: &InspectIds, _: Task<'_>) -> Result<Result<IdFile, TableError>, BackendError> {
        cannot("read files")
    }

    fn query_ids(&self, _: &QueryIds, _: Task<'_>) -> Result<Vec<String>, BackendError> {
        cannot("run queries")
    }

    fn read_rows(&self, _: &ReadRows, _: Task<'_>) -> Result<Vec<TextRow>, BackendError> {
        cannot("read rows")
    }

    fn summarize(&self, _: &Summarize, _: Task<'_>) -> Result<Summary, BackendError> {
        cannot("summarize")
    }

    fn follow_trend(&self, _: &FollowTrend, _: Task<'_>) -> Result<Trend, BackendError> {
        cannot("look back")
    }

    fn break_down(&self, _: &BreakDown, _: Task<'_>) -> Result<Breakdown, BackendError> {
        cannot("break anything down")
    }

    fn compare(&self, _: &Compare, _: Task<'_>) -> Result<Comparison, BackendError> {
        cannot("compare")
    }

    fn compare_steps(&self, _: &CompareSteps, _: Task<'_>) -> Result<StepComparison, BackendError> {
        cannot("compare")
    }

    fn list_customers(&self, _: &ListCustomers, _: Task<'_>) -> Result<CustomerWindow, BackendError> {
        cannot("list anybody")
    }

    fn profile_table(&self, _: &ProfileTable, _: Task<'_>) -> Result<TableProfile, BackendError> {
        cannot("look into tables")
    }

    fn sample_rows(&self, _: &SampleRows, _: Task<'_>) -> Result<SampledRows, BackendError> {
        cannot("show rows")
    }

    fn check_ids(&self, _: &CheckIds, _: Task<'_>) -> Result<Vec<IdMembership>, BackendError> {
        cannot("look for ids")
    }

    fn intersect(&self, _: &Intersect, _: Task<'_>) -> Result<Intersection, BackendError> {
        cannot("compare")
    }

    fn explain(&self, _: &Explain, _: Task<'_>) -> Result<Explanation, BackendError> {
        cannot("explain")
    }

    fn find_change(&self, _: &FindChange, _: Task<'_>) -> Result<NearestChange, BackendError> {
        cannot("find days")
    }

    fn find_customers(&self, _: &FindCustomers, _: Task<'_>) -> Result<FoundCustomers, BackendError> {
        cannot("find customers")
    }

    fn make_case(&self, _: &MakeCase, _: Task<'_>) -> Result<CaseContent, BackendError> {
        Err(BackendError::Cancelled)
    }

    fn read_ahead(&self, _: &ReadAhead, _: Task<'_>) -> Result<(), BackendError> {
        Ok(())
    }
}

fn session() -> Session {
    let opener = |_: &Workspace| Arc::new(Opener) as Arc<dyn OpenBackend>;
    Setup { opener, ..Setup::small() }.start()
}

#[test]
fn a_segment_is_built_on_what_the_backend_says() {
    let mut session = session();
    session.sees("far away").keys("n").sees("1,000").sees("People");
    session.keys("a type:city enter type:\"is exactly\" enter").sees("Oslo").sees("700");
    session.keys("type:Rome space enter").sees("900");
    assert_eq!(session.members(), 900);
    session.keys("u");
    assert_eq!(session.members(), 1_000);
}

#[test]
fn what_the_backend_cannot_do_is_said_with_its_reason() {
    let mut session = session();
    session.keys("n a type:wish enter type:\"is exactly\" enter");
    session.sees("far away cannot count wishes");
    session.keys("type:peace enter").sees("far away cannot look").sees("into wishes");
    assert!(!session.editor().is_current());
}
