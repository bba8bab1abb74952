//! Any question of a page, and its answer: for whoever passes them on.

use super::{
    BreakDown, Breakdown, Compare, Comparison, CustomerWindow, FollowTrend, ListCustomers, ProfileTable,
    SampleRows, SampledRows, Summarize, Summary, TableProfile, Trend,
};
use crate::backend::answer::TableCounts;
use crate::backend::backend::Backend;
use crate::backend::error::BackendError;
use crate::backend::explain::{
    Explain, Explanation, FindChange, FindCustomers, FoundCustomers, NearestChange,
};
use crate::backend::question::CountTable;
use crate::backend::run_tests::run_tests;
use crate::backend::steps::{CompareSteps, StepComparison};
use crate::backend::task::Task;
use crate::backend::test_report::{RunTests, TestReport};

/// A question of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum PageQuestion {
    /// The summary.
    Summary(Summarize),
    /// The segment over time.
    Trend(FollowTrend),
    /// The breakdown by attributes.
    Breakdown(BreakDown),
    /// Segments side by side.
    Compare(Compare),
    /// A window of the members.
    Customers(ListCustomers),
    /// Members to be copied, beside the window in sight.
    CopiedCustomers(ListCustomers),
    /// How many rows a table has, and whether a customer has several.
    Table(CountTable),
    /// What a table holds.
    Profile(ProfileTable),
    /// Some rows of a table.
    Sample(SampleRows),
    /// Why customers are in the segment, or are not.
    Explain(Explain),
    /// When the answer for a customer is another one.
    Change(FindChange),
    /// Customers by any text about them.
    Find(FindCustomers),
    /// Whether its tests hold.
    Tests(RunTests),
    /// Who joins and leaves from one step to another.
    Steps(CompareSteps),
}

/// The answer to a question of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum PageAnswer {
    /// The summary.
    Summary(Summary),
    /// The segment over time.
    Trend(Trend),
    /// The breakdown by attributes.
    Breakdown(Breakdown),
    /// Segments side by side.
    Compare(Comparison),
    /// A window of the members.
    Customers(CustomerWindow),
    /// How many rows a table has, and whether a customer has several.
    Table(TableCounts),
    /// What a table holds.
    Profile(TableProfile),
    /// Some rows of a table.
    Sample(SampledRows),
    /// Why customers are in the segment, or are not.
    Explanation(Explanation),
    /// When the answer for a customer is another one.
    Change(NearestChange),
    /// Customers by any text about them.
    Found(FoundCustomers),
    /// Whether its tests hold.
    Tests(TestReport),
    /// Who joins and leaves from one step to another.
    Steps(StepComparison),
}

impl PageQuestion {
    /// Asks it.
    ///
    /// # Errors
    /// Those of the question.
    pub fn ask(&self, backend: &dyn Backend, task: Task<'_>) -> Result<PageAnswer, BackendError> {
        Ok(match self {
            Self::Summary(question) => PageAnswer::Summary(backend.summarize(question, task)?),
            Self::Trend(question) => PageAnswer::Trend(backend.follow_trend(question, task)?),
            Self::Breakdown(question) => PageAnswer::Breakdown(backend.break_down(question, task)?),
            Self::Compare(question) => PageAnswer::Compare(backend.compare(question, task)?),
            Self::Customers(question) | Self::CopiedCustomers(question) => {
                PageAnswer::Customers(backend.list_customers(question, task)?)
            }
            Self::Table(question) => PageAnswer::Table(backend.count_table(question, task)?),
            Self::Profile(question) => PageAnswer::Profile(backend.profile_table(question, task)?),
            Self::Sample(question) => PageAnswer::Sample(backend.sample_rows(question, task)?),
            Self::Explain(question) => PageAnswer::Explanation(backend.explain(question, task)?),
            Self::Change(question) => PageAnswer::Change(backend.find_change(question, task)?),
            Self::Tests(question) => PageAnswer::Tests(run_tests(backend, question, task)?),
            Self::Find(question) => PageAnswer::Found(backend.find_customers(question, task)?),
            Self::Steps(question) => PageAnswer::Steps(backend.compare_steps(question, task)?),
        })
    }
}
