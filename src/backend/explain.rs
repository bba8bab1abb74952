//! Why customers are in a segment, or are not (`docs/reference/insights.md`, Explain).

use std::sync::Arc;

use chrono::NaiveDate;

use crate::segment::{Match, NodePath, Problem, Segment};

/// Why customers are in a segment, or are not. Lines with a problem are left out and named in the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Explain {
    /// The segment.
    pub segment: Arc<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// The customers, as they were asked for.
    pub ids: Vec<String>,
}

/// Why each of some customers is in a segment, or is not.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The day at which relative dates were resolved.
    pub as_of: NaiveDate,
    /// Whom the segment means.
    pub activation_id: String,
    /// One for each id, in the order asked.
    pub customers: Vec<ExplainedCustomer>,
    /// What was left out because of an error.
    pub problems: Vec<Problem>,
}

/// Why one customer is in a segment, or is not.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedCustomer {
    /// The id as it was asked for.
    pub id: String,
    /// What the id is in the database.
    pub standing: IdStanding,
    /// The answer; never of an id that is no customer.
    pub verdict: SegmentVerdict,
    /// The smallest sets of conditions whose flip would change the answer: all of the smallest size, at most
    /// [`MOST_FLIPS`], in document order. A flip turns a condition from not true to true, or back.
    pub flips: Vec<Vec<NodePath>>,
}

/// How many sets of flips are named at most.
pub const MOST_FLIPS: usize = 20;
/// How many rows are named of each condition at most.
pub const MOST_ROWS: usize = 20;
/// For more customers at once no rows are named, and nothing is worked out over them: of a condition there is only the
/// result then, and the name of the table.
pub const MOST_WITH_ROWS: usize = 20;
/// How many similar ids are named at most.
pub const MOST_SIMILAR: usize = 10;

/// What an id is in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdStanding {
    /// A customer of the universe.
    Customer,
    /// No customer, but these tables have rows with it.
    Orphan {
        /// The names of the tables.
        tables: Vec<String>,
    },
    /// Nowhere as it stands.
    Unknown {
        /// Customers whose ids differ from it only in blanks around it or in the case of letters, by code point; at most
        /// [`MOST_SIMILAR`].
        similar: Vec<String>,
    },
}

/// Whether a customer is in a segment, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentVerdict {
    /// Whether she is a member.
    pub is_member: bool,
    /// Include, then exclude; of a SQL segment, and of an id that is no customer, none. Of a segment that lines of others
    /// refer to, the reasons are told once in an answer for a customer, at the first of these lines; at the others there
    /// is only the answer.
    pub sides: Vec<ExplainedNode>,
}

/// A side, a group or a condition, as it is for one customer. Nodes that are off, empty or have a problem are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedNode {
    /// Where it stands.
    pub path: NodePath,
    /// True, false, or unknown.
    pub result: Option<bool>,
    /// Why.
    pub evidence: Evidence,
}

/// Why a node is true, false or unknown for a customer.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// It combines these; a side may have none.
    Group {
        /// How.
        matching: Match,
        /// Its nodes.
        of: Vec<ExplainedNode>,
    },
    /// The customer's rows in a table.
    Rows(RowEvidence),
    /// Another segment, with its own reasons.
    Segment {
        /// Its id.
        id: String,
        /// The customer's place in it.
        verdict: Box<SegmentVerdict>,
    },
    /// A file or a query.
    List {
        /// Its path in the workspace: `lists/…` or `queries/…`.
        path: String,
        /// Whether the id is in it.
        is_in: bool,
    },
}

/// What a customer's rows say of a condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowEvidence {
    /// The name of the table.
    pub table: String,
    /// The rows that decided first, then those that were dropped, each in the order of the table; at most
    /// [`MOST_ROWS`].
    pub rows: Vec<ExplainedRow>,
    /// How many more there are.
    pub rows_left_out: u64,
    /// Of purchases and aggregates: what was worked out over the rows, as text that says it exactly; `None` is NULL. Of
    /// purchases the number of orders that count, the sum of the rows that count in cents, of a first or repeat purchase
    /// the id of the first order of all, of a most frequent order the most orders with a combination that passes.
    pub computed: Option<Option<String>>,
    /// What comes nearest, where it does not hold.
    pub nearest: Option<NearestMiss>,
}

/// A row of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedRow {
    /// Its number in the table, from 0 on.
    pub row: u64,
    /// Columns and their values, as text that says them exactly: the table's keys, then what the condition looks at.
    pub values: Vec<(String, Option<String>)>,
    /// Whether the test holds on it, apart from what drops it; `None`: unknown. Of a first or repeat purchase whether it is
    /// of the first order of all, or of another one; of other purchases, and of aggregates, true.
    pub result: Option<bool>,
    /// Why it does not count, if it does not: the first reason in the order return, no order, window, filter.
    pub dropped: Option<DroppedBy>,
}

/// Why a row does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DroppedBy {
    /// It is a return or a cancellation.
    Return,
    /// It has no order id, or no date and time: no purchase.
    NoOrder,
    /// Its date is outside of the window.
    Window,
    /// A filter does not hold, by its position, counted from 0.
    Filter(usize),
}

/// How near a condition that does not hold comes to holding: of rows that count the one whose value is nearest to
/// passing; where no row counts, of those that only one filter or only the window drops the nearest to be kept; otherwise
/// what was worked out over the rows. Of a condition that wants no rows it is how many there are too many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestMiss {
    /// The row; `None` for what is worked out over rows.
    pub row: Option<u64>,
    /// The column; `None` for what is worked out.
    pub column: Option<String>,
    /// What it is; `None` is NULL.
    pub value: Option<String>,
    /// How far it is from passing.
    pub distance: Distance,
}

/// How far a value is from passing a test: with so much added it passes, with less it does not. Whole numbers and
/// dates step by one, decimals by their last decimal, sums of purchases by cents. Doubles, averages and sums of decimals
/// have any number of decimals: beyond an end that is out they step by one of the last decimal that is written, at most
/// by a hundredth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distance {
    /// So much would have to be added to a number; as text that says it exactly.
    Number(String),
    /// So many days would have to be added to a date.
    Days(i64),
    /// It is another value, and there is no telling how far that is from passing.
    Value,
    /// It is NULL.
    Null,
    /// There is no row, or none that comes near.
    NoRow,
}

/// On which days near by the answer for a customer is another one.
#[derive(Clone, Debug, PartialEq)]
pub struct FindChange {
    /// The segment.
    pub segment: Arc<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// The customer.
    pub id: String,
}

/// The nearest days on which the answer for a customer is another one, within ten years each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NearestChange {
    /// The latest day before.
    pub before: Option<NaiveDate>,
    /// The next day after.
    pub after: Option<NaiveDate>,
}

/// Customers by an id, an email address, a phone number, a name, or any other text about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindCustomers {
    /// What is looked for, in any case of letters, anywhere in an id or in a text column of a table with one row for each
    /// customer.
    pub text: String,
    /// Whom it means.
    pub activation_id: String,
    /// The day at which the tables of the workspace are looked at. Saved queries are not run for a search.
    pub as_of: NaiveDate,
    /// How many are wanted.
    pub limit: usize,
}

/// Customers that were found: those whose whole id or value it is first, then those where it begins, then by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundCustomers {
    /// As many as were wanted.
    pub customers: Vec<FoundCustomer>,
    /// How many more there are.
    pub left_out: u64,
}

/// A customer that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCustomer {
    /// The id.
    pub id: String,
    /// The name of the table and the column, and the value in it; `None` where it was the id.
    pub by: Option<(String, String, String)>,
}
