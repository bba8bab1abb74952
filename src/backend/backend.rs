//! All that can be asked of a database.

use std::sync::Arc;

use chrono::NaiveDate;

use super::answer::{Evaluation, IdFile, MemberTable, Overlap, TableCounts, TextRow, ValueCounts};
use super::case::{CaseContent, MakeCase};
use super::error::BackendError;
use super::explain::{Explain, Explanation, FindChange, FindCustomers, FoundCustomers, NearestChange};
use super::membership::{CheckIds, IdMembership, Intersect, Intersection};
use super::pages::{
    BreakDown, Breakdown, Compare, Comparison, CustomerWindow, FollowTrend, ListCustomers, ProfileTable,
    SampleRows, SampledRows, Summarize, Summary, TableProfile, Trend,
};
use super::question::{
    Advise, CountTable, CountValues, Evaluate, InspectIds, Members, Overlaps, QueryIds, ReadAhead, ReadRows,
};
use super::steps::{CompareSteps, StepComparison};
use super::task::Task;
use crate::database::{Change, Database, Note, Table, TableError};
use crate::segment::{CheckedSegment, Lists, Problem, Segment};

/// Answers questions about one open database.
///
/// Every answer is exact and of the database as it was opened, as a whole; once a file has changed there are none
/// any more, and the database has to be opened again. Unless something else is said, a question fails with
/// [`BackendError::Cancelled`] when its task is, with [`BackendError::Changed`] when the data has, with
/// [`BackendError::Unreadable`] when a table cannot be read, and with [`BackendError::Refused`] when the segment has
/// an error that leaves it without an answer.
pub trait Backend: Send + Sync {
    /// What the database is, without the tables of the workspace.
    fn database(&self) -> &Arc<Database>;

    /// The day the data stands at.
    fn data_day(&self) -> NaiveDate;

    /// What tells the content of the database from any other: another text once a file of it may be another one. `None`
    /// where that cannot be told.
    fn fingerprint(&self) -> Option<String>;

    /// The change that was found since the database was opened, if there is one: nothing more is answered.
    fn change(&self) -> Option<&Change>;

    /// Looks whether the data is still what the database was opened on.
    ///
    /// # Errors
    /// [`BackendError::Changed`] if it is not.
    fn check_unchanged(&self) -> Result<(), BackendError>;

    /// The tables of the workspace as they are now; of saved queries without rows.
    fn workspace_tables(&self, as_of: NaiveDate) -> Vec<Table>;

    /// What segments refer to: other segments, uploaded ids, queries.
    fn lists(&self) -> &dyn Lists;

    /// The database that a segment speaks of: with the tables of the workspace where it may name them; of saved
    /// queries without rows.
    fn database_of(&self, segment: &Segment, as_of: NaiveDate) -> Arc<Database>;

    /// What a segment means, with every problem, and the database that it speaks of. Reads no rows.
    fn check(&self, segment: &Segment, as_of: NaiveDate) -> (CheckedSegment, Arc<Database>);

    /// The same, once the saved queries that the segment asks of have run.
    ///
    /// # Errors
    /// A query fails: a problem at the line that asks of it.
    fn check_readable(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        task: Task<'_>,
    ) -> Result<(CheckedSegment, Arc<Database>), BackendError>;

    /// The numbers of a segment.
    ///
    /// # Errors
    /// As above.
    fn evaluate(&self, question: &Evaluate, task: Task<'_>) -> Result<Evaluation, BackendError>;

    /// What could be better about a segment, in document order.
    ///
    /// # Errors
    /// As above.
    fn advise(&self, question: &Advise, task: Task<'_>) -> Result<Vec<Problem>, BackendError>;

    /// The ids of a segment's members, sorted by code point, with columns about them.
    ///
    /// # Errors
    /// As above; a table or column is not there, or has several rows for a member, which differ.
    fn members(&self, question: &Members, task: Task<'_>) -> Result<MemberTable, BackendError>;

    /// How many customers have each value of a column. Conditions with a problem are left out.
    ///
    /// # Errors
    /// As above; there is no such column.
    fn count_values(&self, question: &CountValues, task: Task<'_>) -> Result<ValueCounts, BackendError>;

    /// Each combination of some segments, with those who are in all of them: first each by itself, then two at a
    /// time, and so on, in the order of the segments.
    ///
    /// # Errors
    /// As above; there are none or too many, or they are not of the same activation ID.
    fn overlaps(&self, question: &Overlaps, task: Task<'_>) -> Result<Vec<Overlap>, BackendError>;

    /// What a table holds for an activation ID.
    ///
    /// # Errors
    /// As above; there is no such table with this activation ID.
    fn count_table(&self, question: &CountTable, task: Task<'_>) -> Result<TableCounts, BackendError>;

    /// What to say of a table that has ids, none of which is a customer's; `None` of any other table.
    ///
    /// # Errors
    /// As above; there is no such table with this activation ID.
    fn unmatched_ids(&self, question: &CountTable, task: Task<'_>) -> Result<Option<Note>, BackendError>;

    /// What a file of ids comes to among the customers, or what is wrong with the file.
    ///
    /// # Errors
    /// As above.
    fn inspect_ids(
        &self,
        question: &InspectIds,
        task: Task<'_>,
    ) -> Result<Result<IdFile, TableError>, BackendError>;

    /// The customers that a query returns: their ids, sorted by code point.
    ///
    /// # Errors
    /// As above; the query cannot run, or fails.
    fn query_ids(&self, question: &QueryIds, task: Task<'_>) -> Result<Vec<String>, BackendError>;

    /// The rows of some columns of a table, each value as the text that says it exactly.
    ///
    /// # Errors
    /// As above; there is no such table.
    fn read_rows(&self, question: &ReadRows, task: Task<'_>) -> Result<Vec<TextRow>, BackendError>;

    /// The summary of a segment.
    ///
    /// # Errors
    /// As above.
    fn summarize(&self, question: &Summarize, task: Task<'_>) -> Result<Summary, BackendError>;

    /// A segment over time.
    ///
    /// # Errors
    /// As above.
    fn follow_trend(&self, question: &FollowTrend, task: Task<'_>) -> Result<Trend, BackendError>;

    /// A segment by the values of attributes.
    ///
    /// # Errors
    /// As above; there are too many attributes.
    fn break_down(&self, question: &BreakDown, task: Task<'_>) -> Result<Breakdown, BackendError>;

    /// Segments side by side, and what they share.
    ///
    /// # Errors
    /// As above; there are none or too many, or they are not of the same activation ID.
    fn compare(&self, question: &Compare, task: Task<'_>) -> Result<Comparison, BackendError>;

    /// Who joins and leaves from the first of some steps to the last one, and by which of them.
    ///
    /// # Errors
    /// As above; there are none, or they are not of the same activation ID.
    fn compare_steps(&self, question: &CompareSteps, task: Task<'_>) -> Result<StepComparison, BackendError>;

    /// A window of the members, with columns about them.
    ///
    /// # Errors
    /// As above; a table or column is not there.
    fn list_customers(
        &self,
        question: &ListCustomers,
        task: Task<'_>,
    ) -> Result<CustomerWindow, BackendError>;

    /// What a table and its columns hold.
    ///
    /// # Errors
    /// As above; there is no such table or column.
    fn profile_table(&self, question: &ProfileTable, task: Task<'_>) -> Result<TableProfile, BackendError>;

    /// Some rows of a table.
    ///
    /// # Errors
    /// As above; there is no such table.
    fn sample_rows(&self, question: &SampleRows, task: Task<'_>) -> Result<SampledRows, BackendError>;

    /// What each of some ids is to a segment, in their order.
    ///
    /// # Errors
    /// As above.
    fn check_ids(&self, question: &CheckIds, task: Task<'_>) -> Result<Vec<IdMembership>, BackendError>;

    /// The members of a segment who are in another one, or who are not.
    ///
    /// # Errors
    /// As above; the segments are not of the same activation ID.
    fn intersect(&self, question: &Intersect, task: Task<'_>) -> Result<Intersection, BackendError>;

    /// Why customers are in a segment, or are not. It agrees with the members for every customer.
    ///
    /// # Errors
    /// As above.
    fn explain(&self, question: &Explain, task: Task<'_>) -> Result<Explanation, BackendError>;

    /// On which days near by the answer for a customer is another one, found exactly.
    ///
    /// # Errors
    /// As above; the segment asks of a query that depends on the day.
    fn find_change(&self, question: &FindChange, task: Task<'_>) -> Result<NearestChange, BackendError>;

    /// Customers by any text about them.
    ///
    /// # Errors
    /// As above.
    fn find_customers(
        &self,
        question: &FindCustomers,
        task: Task<'_>,
    ) -> Result<FoundCustomers, BackendError>;

    /// All that is needed to repeat the answer for some customers elsewhere.
    ///
    /// # Errors
    /// [`BackendError::Missing`] if a column cannot be hidden.
    fn make_case(&self, question: &MakeCase, task: Task<'_>) -> Result<CaseContent, BackendError>;

    /// Reads what every first answer needs, so that none has to wait for it.
    ///
    /// # Errors
    /// As above.
    fn read_ahead(&self, question: &ReadAhead, task: Task<'_>) -> Result<(), BackendError>;
}
