//! What is wrong with the tests of a document. It stands in nobody's way: the segment has its numbers all the same.

use crate::segment::lists::Lists;
use crate::segment::place::Place;
use crate::segment::problem::Problem;
use crate::segment::segment_tests::{SegmentTest, SegmentTests};

/// What is wrong with tests, looking for the segments that they name.
#[must_use]
pub fn test_problems(tests: &SegmentTests, lists: &dyn Lists) -> Vec<Problem> {
    let wrong = |(index, test): (usize, Result<SegmentTest, Problem>)| match test {
        Err(problem) => Some(problem),
        Ok(SegmentTest::Disjoint(id) | SegmentTest::Within(id)) => {
            let missing = lists.segment(&id).err()?;
            let help = missing.help_text().to_owned();
            Some(Problem::invalid(Place::Tests(Some(index)), missing.message).with_help(help))
        }
        Ok(_) => None,
    };
    tests.read().into_iter().enumerate().filter_map(wrong).collect()
}
