//! A new segment of what compared segments share, or of parts of them. It is made of memberships of saved segments, so
//! that it has exactly the customers that were counted.

use super::from_value::membership;
use crate::backend::Region;
use crate::segment::{Group, ListOperator, Match, Node};

/// Some of the compared customers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Those in exactly these segments, by position, and in none of the others.
    Region(Vec<usize>),
    /// Those in both of two segments, whatever else they are in; of the same segment twice, those in it.
    Pair(usize, usize),
}

/// How the ticked parts go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// In all segments that the parts name, whatever else they are in.
    Intersection,
    /// In any of the parts.
    Union,
}

/// A compared segment as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Its number on the page.
    pub mark: usize,
    /// Its identity.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What a new segment is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// What it may be called.
    pub name: String,
    /// Who is in it, in words.
    pub words: Vec<String>,
    /// How many they are.
    pub count: u64,
    /// Who is in it.
    pub include: Group,
    /// The positions of the segments that it names.
    pub named: Vec<usize>,
}

impl Compared {
    /// `2 Loyal`, or the number alone of one without a name.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.mark, self.name).trim_end().to_owned()
    }
}

impl Part {
    /// Whether those in exactly these segments belong to it.
    #[must_use]
    pub fn contains(&self, within: &[usize]) -> bool {
        match self {
            Self::Region(region) => region == within,
            Self::Pair(one, other) => within.contains(one) && within.contains(other),
        }
    }

    /// The segments that its customers are in.
    fn members_of(&self) -> Vec<usize> {
        match self {
            Self::Region(within) => within.clone(),
            Self::Pair(one, other) if one == other => vec![*one],
            Self::Pair(one, other) => vec![*one, *other],
        }
    }

    /// The segments that its customers are in none of, of so many.
    fn strangers_of(&self, count: usize) -> Vec<usize> {
        match self {
            Self::Region(within) => (0..count).filter(|position| !within.contains(position)).collect(),
            Self::Pair(..) => Vec::new(),
        }
    }

    fn group(&self, compared: &[Compared]) -> Group {
        let members = pick(compared, &self.members_of()).into_iter();
        let members = members.map(|one| membership(&one.id, ListOperator::IsMember));
        let strangers = pick(compared, &self.strangers_of(compared.len())).into_iter();
        let strangers = strangers.map(|one| membership(&one.id, ListOperator::IsNotMember));
        Group::new(Match::All, members.chain(strangers).collect())
    }

    /// `in 1 Loyal and 2 Churn, not in 3 High`
    #[must_use]
    pub fn words(&self, compared: &[Compared]) -> String {
        let titled = |positions: &[usize]| {
            pick(compared, positions).into_iter().map(Compared::title).collect::<Vec<_>>()
        };
        let (members, strangers) = (titled(&self.members_of()), titled(&self.strangers_of(compared.len())));
        match (members.is_empty(), strangers.is_empty()) {
            (true, _) => format!("in none of {}", strangers.join(", ")),
            (false, true) => format!("in {}", members.join(" and ")),
            (false, false) => format!("in {}, not in {}", members.join(" and "), strangers.join(" or ")),
        }
    }

    /// `Loyal and Churn without High`
    fn name(&self, compared: &[Compared]) -> String {
        let named = |positions: &[usize]| {
            pick(compared, positions).into_iter().map(|one| one.name.as_str()).collect::<Vec<_>>()
        };
        let (members, strangers) = (self.members_of(), self.strangers_of(compared.len()));
        let (members, strangers) = (named(&members), named(&strangers));
        match (members.is_empty(), strangers.is_empty()) {
            (true, _) => format!("None of {}", strangers.join(", ")),
            (false, true) => members.join(" and "),
            (false, false) => format!("{} without {}", members.join(" and "), strangers.join(", ")),
        }
    }
}

fn pick<'a>(compared: &'a [Compared], positions: &[usize]) -> Vec<&'a Compared> {
    positions.iter().filter_map(|position| compared.get(*position)).collect()
}

/// What comes of some parts.
///
/// # Errors
/// Nobody can be in it, whatever the numbers.
pub(super) fn combine(
    way: Way,
    parts: &[Part],
    compared: &[Compared],
    regions: &[Region],
) -> Result<Combination, String> {
    match way {
        Way::Union => Ok(union(parts, compared, regions)),
        Way::Intersection => {
            let none = Part::Region(Vec::new());
            let is_none = |part: &Part| *part == none;
            if parts.iter().all(is_none) {
                return Ok(union(parts, compared, regions));
            }
            if parts.iter().any(is_none) {
                return Err("nobody is in a segment and in none of them: untick one".to_owned());
            }
            Ok(intersection(parts, compared, regions))
        }
    }
}

fn count(regions: &[Region], is_in: impl Fn(&[usize]) -> bool) -> u64 {
    regions.iter().filter(|region| is_in(&region.within)).map(|region| region.unique_customers).sum()
}

/// Those in any of the parts.
fn union(parts: &[Part], compared: &[Compared], regions: &[Region]) -> Combination {
    let count = count(regions, |within| parts.iter().any(|part| part.contains(within)));
    let sections: Vec<Node> = parts.iter().map(|part| Node::Group(part.group(compared))).collect();
    let matching = if parts.len() > 1 { Match::Any } else { Match::All };
    let mut named: Vec<usize> = parts.iter().flat_map(Part::members_of).collect();
    named.extend(parts.iter().flat_map(|part| part.strangers_of(compared.len())));
    named.sort_unstable();
    named.dedup();
    let names: Vec<String> = parts.iter().map(|part| part.name(compared)).collect();
    let words = parts.iter().map(|part| part.words(compared)).collect();
    Combination { name: names.join(" or "), words, count, include: Group::new(matching, sections), named }
}

/// Those in all segments that the parts name.
fn intersection(parts: &[Part], compared: &[Compared], regions: &[Region]) -> Combination {
    let mut named: Vec<usize> = parts.iter().flat_map(Part::members_of).collect();
    named.sort_unstable();
    named.dedup();
    let count = count(regions, |within| named.iter().all(|position| within.contains(position)));
    let nodes =
        pick(compared, &named).into_iter().map(|one| membership(&one.id, ListOperator::IsMember)).collect();
    let section = Node::Group(Group::new(Match::All, nodes));
    let names: Vec<&str> = pick(compared, &named).into_iter().map(|one| one.name.as_str()).collect();
    let titles: Vec<String> = pick(compared, &named).into_iter().map(Compared::title).collect();
    let words = match titles.as_slice() {
        [only] => format!("in {only}, whatever else they are in"),
        _ => format!("in all of {}, whatever else they are in", titles.join(", ")),
    };
    Combination {
        name: names.join(" and "),
        words: vec![words],
        count,
        include: Group::new(Match::All, vec![section]),
        named,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared() -> Vec<Compared> {
        let one = |(at, name): (usize, &str)| Compared {
            mark: at + 1,
            id: format!("seg_{at}"),
            name: name.to_owned(),
        };
        ["A", "B", "C"].into_iter().enumerate().map(one).collect()
    }

    fn regions() -> Vec<Region> {
        let sizes: [(&[usize], u64); 5] =
            [(&[], 50), (&[0], 30), (&[0, 1], 7), (&[1, 2], 5), (&[0, 1, 2], 3)];
        let region = |(within, unique_customers): (&[usize], u64)| Region {
            within: within.to_vec(),
            unique_customers,
            active_customers: None,
            revenue: None,
        };
        sizes.into_iter().map(region).collect()
    }

    fn made(way: Way, parts: &[Part]) -> (u64, String, Vec<String>, Vec<usize>) {
        let made = combine(way, parts, &compared(), &regions()).unwrap();
        (made.count, made.name, made.words, made.named)
    }

    #[test]
    fn a_union_is_those_in_any_of_the_parts() {
        let parts = [Part::Region(vec![0]), Part::Region(vec![])];
        let words = vec!["in 1 A, not in 2 B or 3 C".to_owned(), "in none of 1 A, 2 B, 3 C".to_owned()];
        let name = "A without B, C or None of A, B, C".to_owned();
        assert_eq!(made(Way::Union, &parts), (80, name, words, vec![0, 1, 2]));
        // Who is in two of the parts counts once.
        let parts = [Part::Pair(0, 1), Part::Region(vec![0, 1]), Part::Pair(1, 2)];
        assert_eq!(made(Way::Union, &parts).0, 15);
        assert_eq!(made(Way::Union, &[Part::Pair(1, 1)]).0, 15);
    }

    #[test]
    fn an_intersection_is_those_in_all_segments_that_are_named() {
        let words = vec!["in all of 1 A, 2 B, whatever else they are in".to_owned()];
        let expected = (10, "A and B".to_owned(), words, vec![0, 1]);
        assert_eq!(made(Way::Intersection, &[Part::Region(vec![0, 1])]), expected);
        assert_eq!(made(Way::Intersection, &[Part::Region(vec![0]), Part::Pair(1, 1)]), expected);
        assert_eq!(made(Way::Intersection, &[Part::Pair(0, 1), Part::Pair(1, 2)]).0, 3);
        assert_eq!(made(Way::Intersection, &[Part::Region(vec![])]).0, 50);
        let both = [Part::Region(vec![]), Part::Region(vec![0])];
        assert!(combine(Way::Intersection, &both, &compared(), &regions()).is_err());
    }
}
