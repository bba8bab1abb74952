//! Search of what may follow on a line, of which there may be a hundred thousand: most are passed over by their letters,
//! and of those that are like the query only so many are compared.

use super::fuzzy;
use crate::segment::Letters;
use crate::segment::parser::{Candidate, Completions, is_proper_prefix};

/// How many are compared at most. Those that begin as the query does come first; typing finds the others.
const MOST_COMPARED: usize = 8_192;
/// How many are found at most.
const MOST_FOUND: usize = 1_000;

/// How many are found at most of those that only other tables let be written.
const MOST_CONDITIONAL: usize = 100;

/// The offers at the place that is being typed at which match, the best first; all of them in order for an empty query
/// and where all of them begin with it, which tells none apart.
pub(super) fn search(typed: &str, offers: &Completions) -> Vec<Candidate> {
    let mut conditional = 0;
    let can_be_written = |candidate: &Candidate| {
        if !offers.is_conditional(*candidate) {
            return true;
        }
        let can_be_written = conditional < MOST_CONDITIONAL && offers.completion(*candidate).is_some();
        conditional += usize::from(can_be_written);
        can_be_written
    };
    let mut found = ranked(typed, offers);
    found.retain(can_be_written);
    found
}

fn ranked(typed: &str, offers: &Completions) -> Vec<Candidate> {
    let here = || offers.candidates().filter(|candidate| offers.begin(*candidate) == offers.from);
    if typed.is_empty() || here().all(|candidate| is_proper_prefix(typed, offers.label(candidate))) {
        return here().take(MOST_FOUND).collect();
    }
    let wanted = fuzzy::needed_letters(typed);
    let is_like = |candidate: &Candidate| {
        offers.letters(*candidate).may_have(Letters::default(), wanted)
    };
    let like = chosen(here().filter(is_like), |candidate| is_proper_prefix(typed, offers.label(*candidate)));
    let found = fuzzy::search(typed, like.iter().map(|candidate| offers.label(*candidate)));
    if !found.is_empty() {
        return found.into_iter().take(MOST_FOUND).filter_map(|at| like.get(at).copied()).collect();
    }
    let both = |candidate: Candidate| {
        let detail = offers.detail(candidate);
        let letters = offers.letters(candidate).may_have(Letters::of(&detail), wanted);
        letters.then(|| (candidate, format!("{} {detail}", offers.label(candidate))))
    };
    let both: Vec<(Candidate, String)> = here().filter_map(both).take(MOST_COMPARED).collect();
    let found = fuzzy::search(typed, both.iter().map(|(_, text)| text.as_str()));
    found.into_iter().take(MOST_FOUND).filter_map(|at| both.get(at)).map(|(candidate, _)| *candidate).collect()
}

/// All of them in order, or where they are too many those that come first and as many others as there is room for.
fn chosen(
    like: impl Iterator<Item = Candidate>,
    comes_first: impl Fn(&Candidate) -> bool,
) -> Vec<Candidate> {
    let like: Vec<Candidate> = like.collect();
    if like.len() <= MOST_COMPARED {
        return like;
    }
    let (mut chosen, others): (Vec<Candidate>, Vec<Candidate>) = like.into_iter().partition(comes_first);
    chosen.truncate(MOST_COMPARED);
    let room = MOST_COMPARED - chosen.len();
    chosen.extend(others.into_iter().take(room));
    chosen
}
