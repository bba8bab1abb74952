//! How numbers worked out over rows are said.

use super::vocabulary::AggregateFunction;

/// What is counted where no column is: "Number of rows".
pub const ROWS: &str = "rows";

/// How the functions of aggregates are said; the first of each is the one that is written.
pub(crate) const FUNCTION_WORDS: [(&str, AggregateFunction); 18] = [
    ("Number of different", AggregateFunction::CountDistinct),
    ("Count of different", AggregateFunction::CountDistinct),
    ("Number of", AggregateFunction::Count),
    ("Count of", AggregateFunction::Count),
    ("Sum of", AggregateFunction::Sum),
    ("Average", AggregateFunction::Average),
    ("Average of", AggregateFunction::Average),
    ("Avg of", AggregateFunction::Average),
    ("Avg", AggregateFunction::Average),
    ("Least", AggregateFunction::Minimum),
    ("Minimum of", AggregateFunction::Minimum),
    ("Minimum", AggregateFunction::Minimum),
    ("Min of", AggregateFunction::Minimum),
    ("Greatest", AggregateFunction::Maximum),
    ("Maximum of", AggregateFunction::Maximum),
    ("Maximum", AggregateFunction::Maximum),
    ("Max of", AggregateFunction::Maximum),
    ("Max", AggregateFunction::Maximum),
];
