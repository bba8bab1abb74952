//! The embedded engine as a backend.

use std::sync::Arc;

use chrono::NaiveDate;

use super::engine::Engine;
use super::files::read_id_file;
use crate::backend::{
    Advise, Backend, BackendError, BreakDown, Breakdown, CaseContent, CheckIds, Compare, CompareSteps,
    Comparison, CountTable, CountValues, CustomerWindow, Evaluate, Evaluation, Explain, Explanation,
    FindChange, FindCustomers, FollowTrend, FoundCustomers, IdFile, IdMembership, InspectIds, Intersect,
    Intersection, ListCustomers, MakeCase, MemberTable, Members, NearestChange, Overlap, Overlaps,
    ProfileTable, QueryIds, ReadAhead, ReadRows, SampleRows, SampledRows, StepComparison, Summarize, Summary,
    TableCounts, TableProfile, Task, TextRow, Trend, ValueCounts,
};
use crate::database::{Change, Database, Note, Table, TableError};
use crate::diagnostic::Diagnostic;
use crate::segment::{CheckedSegment, Lists, Problem, Segment};

impl Backend for Engine {
    fn database(&self) -> &Arc<Database> {
        self.database.plain()
    }

    fn data_day(&self) -> NaiveDate {
        self.data_day
    }

    fn fingerprint(&self) -> Option<String> {
        let text = self.database.fingerprint()?;
        Some(blake3::hash(text.as_bytes()).to_hex().to_string())
    }

    fn change(&self) -> Option<&Change> {
        self.change()
    }

    fn check_unchanged(&self) -> Result<(), BackendError> {
        self.check_unchanged()
    }

    fn workspace_tables(&self, as_of: NaiveDate) -> Vec<Table> {
        self.workspace_tables(as_of)
    }

    fn lists(&self) -> &dyn Lists {
        &*self.lists
    }

    fn database_of(&self, segment: &Segment, as_of: NaiveDate) -> Arc<Database> {
        Arc::clone(self.database_of(segment, as_of).plain())
    }

    fn check(&self, segment: &Segment, as_of: NaiveDate) -> (CheckedSegment, Arc<Database>) {
        let database = self.database_of(segment, as_of);
        (self.check_on(&database, segment, as_of), Arc::clone(database.plain()))
    }

    fn check_readable(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        task: Task<'_>,
    ) -> Result<(CheckedSegment, Arc<Database>), BackendError> {
        let (checked, database) = self.check_with_rows(segment, as_of, task.cancel)?;
        Ok((checked, Arc::clone(database.plain())))
    }

    fn evaluate(&self, question: &Evaluate, task: Task<'_>) -> Result<Evaluation, BackendError> {
        self.numbers(question, task.cancel)
    }

    fn advise(&self, question: &Advise, task: Task<'_>) -> Result<Vec<Problem>, BackendError> {
        self.advise(&question.segment, question.as_of, task.cancel)
    }

    fn members(&self, question: &Members, task: Task<'_>) -> Result<MemberTable, BackendError> {
        self.member_table(question, task.cancel)
    }

    fn count_values(&self, question: &CountValues, task: Task<'_>) -> Result<ValueCounts, BackendError> {
        let CountValues { table, column, segment, without, as_of } = question;
        self.value_counts(table, column, segment, without.as_ref(), *as_of, task.cancel)
    }

    fn overlaps(&self, question: &Overlaps, task: Task<'_>) -> Result<Vec<Overlap>, BackendError> {
        self.overlaps(&question.segments, question.as_of, task.cancel)
    }

    fn count_table(&self, question: &CountTable, task: Task<'_>) -> Result<TableCounts, BackendError> {
        self.table_counts(&question.table, &question.activation_id, question.as_of, task.cancel)
    }

    fn unmatched_ids(&self, question: &CountTable, task: Task<'_>) -> Result<Option<Note>, BackendError> {
        self.unmatched_ids(question, task.cancel)
    }

    fn inspect_ids(
        &self,
        question: &InspectIds,
        task: Task<'_>,
    ) -> Result<Result<IdFile, TableError>, BackendError> {
        let read = match read_id_file(&question.file, &question.activation_id) {
            Ok(read) => read,
            Err(error) => return Ok(Err(error)),
        };
        let counts = self.count_ids(&read.ids, &question.activation_id, task.cancel)?;
        Ok(Ok(IdFile {
            blank: read.rows.saturating_sub(read.ids.len() as u64),
            examples: read.ids.into_iter().take(question.examples).collect(),
            column: read.column,
            rows: read.rows,
            counts,
        }))
    }

    fn query_ids(&self, question: &QueryIds, task: Task<'_>) -> Result<Vec<String>, BackendError> {
        self.customers_of(&question.query, &question.activation_id, task.cancel)
    }

    fn read_rows(&self, question: &ReadRows, task: Task<'_>) -> Result<Vec<TextRow>, BackendError> {
        let ReadRows { table: name, columns, as_of } = question;
        let database = self.database_with_rows([name.as_str()], *as_of, task.cancel)?;
        let table = database.table(name).ok_or_else(|| {
            BackendError::Missing(
                Diagnostic::new(format!("there is no table {name:?}")).with_help("choose another table"),
            )
        })?;
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let rows = database.texts(table, &columns);
        rows.map_err(|error| {
            BackendError::Data(Diagnostic::new(error.to_string()).with_help("check the file"))
        })
    }

    fn summarize(&self, question: &Summarize, task: Task<'_>) -> Result<Summary, BackendError> {
        self.summarize(question, task)
    }

    fn follow_trend(&self, question: &FollowTrend, task: Task<'_>) -> Result<Trend, BackendError> {
        self.follow_trend(question, task)
    }

    fn break_down(&self, question: &BreakDown, task: Task<'_>) -> Result<Breakdown, BackendError> {
        self.break_down(question, task)
    }

    fn compare(&self, question: &Compare, task: Task<'_>) -> Result<Comparison, BackendError> {
        self.compare(question, task)
    }

    fn compare_steps(&self, question: &CompareSteps, task: Task<'_>) -> Result<StepComparison, BackendError> {
        self.compare_steps(question, task)
    }

    fn list_customers(
        &self,
        question: &ListCustomers,
        task: Task<'_>,
    ) -> Result<CustomerWindow, BackendError> {
        self.list_customers(question, task)
    }

    fn profile_table(&self, question: &ProfileTable, task: Task<'_>) -> Result<TableProfile, BackendError> {
        self.profile_table(question, task)
    }

    fn sample_rows(&self, question: &SampleRows, task: Task<'_>) -> Result<SampledRows, BackendError> {
        self.sample_rows(question, task)
    }

    fn check_ids(&self, question: &CheckIds, task: Task<'_>) -> Result<Vec<IdMembership>, BackendError> {
        self.check_ids(question, task.cancel)
    }

    fn intersect(&self, question: &Intersect, task: Task<'_>) -> Result<Intersection, BackendError> {
        self.intersect(question, task.cancel)
    }

    fn explain(&self, question: &Explain, task: Task<'_>) -> Result<Explanation, BackendError> {
        self.explain(question, task)
    }

    fn find_change(&self, question: &FindChange, task: Task<'_>) -> Result<NearestChange, BackendError> {
        self.find_change(question, task)
    }

    fn find_customers(
        &self,
        question: &FindCustomers,
        task: Task<'_>,
    ) -> Result<FoundCustomers, BackendError> {
        self.find_customers(question, task)
    }

    fn make_case(&self, question: &MakeCase, task: Task<'_>) -> Result<CaseContent, BackendError> {
        self.make_case(question, task)
    }

    fn read_ahead(&self, question: &ReadAhead, task: Task<'_>) -> Result<(), BackendError> {
        self.read_ahead(&question.activation_id, question.as_of, task)
    }
}
