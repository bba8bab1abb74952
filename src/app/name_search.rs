//! Search of what may follow on a line, of which there may be a hundred thousand: most are passed over by their letters,
//! and of those that are like the query only so many are compared.

use super::fuzzy;
use crate::segment::Letters;
use crate::segment::parser::{Candidate, Completions, is_proper_prefix};

/// How many are compared at most. Those that begin as the query does come first; typing finds the others.
const MOST_COMPARED: usize = 4_096;
/// How many are found at most.
const MOST_FOUND: usize = 1_000;

/// The offers at the place that is being typed at which match and can be written, the best first; all of them in order
/// for an empty query and where all of them begin with it, which tells none apart.
pub(super) fn search(typed: &str, offers: &Completions) -> Vec<Candidate> {
    let mut found = ranked(typed, offers);
    found.retain(|candidate| offers.can_be_written(*candidate));
    found
}

fn ranked(typed: &str, offers: &Completions) -> Vec<Candidate> {
    let here = || offers.candidates().filter(|candidate| offers.begin(*candidate) == offers.from);
    if typed.is_empty() || here().all(|candidate| is_proper_prefix(typed, offers.label(candidate))) {
        return here().take(MOST_FOUND).collect();
    }
    // What begins with the query is among the best matches.
    let mut begin = offers.beginning(typed, MOST_FOUND);
    if begin.len() >= MOST_FOUND {
        begin.truncate(MOST_FOUND);
        begin.sort_by_key(|candidate| offers.label(*candidate).len());
        return begin;
    }
    let wanted = fuzzy::needed_letters(typed);
    let mut like = offers.with_letters(wanted, MOST_COMPARED);
    if like.len() >= MOST_COMPARED {
        like.retain(|candidate| !is_proper_prefix(typed, offers.label(*candidate)));
        like.splice(0..0, begin);
        like.truncate(MOST_COMPARED);
    }
    let found = fuzzy::search(typed, like.iter().map(|candidate| offers.label(*candidate)));
    if !found.is_empty() {
        return found.into_iter().take(MOST_FOUND).filter_map(|at| like.get(at).copied()).collect();
    }
    let both = |candidate: Candidate| {
        let detail = offers.detail(candidate);
        let may_match = offers.letters(candidate).may_have(Letters::of(&detail), wanted);
        may_match.then(|| (candidate, format!("{} {detail}", offers.label(candidate))))
    };
    let both: Vec<(Candidate, String)> = here().filter_map(both).take(MOST_COMPARED).collect();
    let found = fuzzy::search(typed, both.iter().map(|(_, text)| text.as_str()));
    found.into_iter().take(MOST_FOUND).filter_map(|at| both.get(at)).map(|(candidate, _)| *candidate).collect()
}
