//! One search over everything that a condition can be about: the attributes of all tables at once, the purchase
//! behaviours, the kinds of customer lists, and the tables themselves.

use super::available_lists::ListKind;
use super::fuzzy::{Closeness, NameMatch, Search, best_first};
use crate::database::{Column, Database, Table};
use crate::segment::{Behaviour, Keyword, Letters};

/// What the purchase behaviours are called together.
pub(crate) const BEHAVIOURS: &str = "Purchase behaviours";
/// What the customer lists are called together.
pub(crate) const LISTS: &str = "Customer lists";
/// Why no purchase behaviour can be asked for.
pub(crate) const NO_ITEMS: &str = "needs an items table";
/// How many are found at most; typing finds the others.
const MOST_FOUND: usize = 2_000;

/// Something that was found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FoundSubject<'a> {
    /// An attribute of a table that has the activation ID.
    Attribute(&'a Table, &'a Column),
    /// A purchase behaviour.
    Behaviour(Behaviour),
    /// A kind of customer lists.
    List(ListKind),
    /// A table as a whole.
    Table(&'a Table),
    /// All purchase behaviours.
    Behaviours,
    /// All customer lists.
    Lists,
    /// A customer list, by its place among those that were given.
    Listed(usize),
}

/// What matches a query that is not empty, the best first: attributes before what has them, whatever table they are in;
/// of two of one name that of the customers table.
pub(crate) fn find<'a>(
    query: &str,
    database: &'a Database,
    activation_id: &str,
    lists: &[&str],
) -> Vec<FoundSubject<'a>> {
    let mut search = Search::new(query);
    let mut subjects = Vec::new();
    let mut found: Vec<Rank> = Vec::new();
    let customers = database.roles.customers.as_deref();
    let mut add = |subject: FoundSubject<'a>, closeness: Closeness| {
        let table = match subject {
            FoundSubject::Attribute(table, _) => Some(table.name.as_str()),
            _ => None,
        };
        let group = match closeness.0 {
            NameMatch::Exact | NameMatch::Prefix | NameMatch::Words if table.is_some() => Group::Named,
            NameMatch::Exact | NameMatch::Prefix | NameMatch::Words => Group::NamedOther,
            NameMatch::Substring | NameMatch::Scattered => Group::Other,
        };
        let is_elsewhere = table.is_none() || table != customers;
        found.push(Rank { group, closeness, is_elsewhere, at: subjects.len() });
        subjects.push(subject);
    };
    for table in database.tables.iter().filter(|table| table.is_offered(activation_id)) {
        for (column, closeness) in attributes(table, activation_id, &mut search) {
            add(FoundSubject::Attribute(table, column), closeness);
        }
        if let Some(closeness) = search.closeness(table.title()) {
            add(FoundSubject::Table(table), closeness);
        }
    }
    for behaviour in Behaviour::ALL {
        if let Some(closeness) = search.closeness(behaviour.label()) {
            add(FoundSubject::Behaviour(*behaviour), closeness);
        }
    }
    for kind in ListKind::ALL {
        if let Some(closeness) = search.closeness(kind.label()) {
            add(FoundSubject::List(kind), closeness);
        }
    }
    for (at, name) in lists.iter().enumerate() {
        if let Some(closeness) = search.closeness(name) {
            add(FoundSubject::Listed(at), closeness);
        }
    }
    let wholes = [(BEHAVIOURS, FoundSubject::Behaviours), (LISTS, FoundSubject::Lists)];
    for (label, whole) in wholes {
        if let Some(closeness) = search.closeness(label) {
            add(whole, closeness);
        }
    }
    let best = best_first(found, |rank| rank.closeness);
    best.into_iter().take(MOST_FOUND).filter_map(|rank| subjects.get(rank.at).copied()).collect()
}

/// The order of what was found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    group: Group,
    closeness: Closeness,
    /// Whether it is in another table than that of the customers.
    is_elsewhere: bool,
    at: usize,
}

/// Attributes that are called so come before all else, then what else is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Named,
    NamedOther,
    Other,
}

/// The attributes of a table that match by their names, or by their words and those of the table together.
fn attributes<'a>(
    table: &'a Table,
    activation_id: &str,
    search: &mut Search,
) -> Vec<(&'a Column, Closeness)> {
    let content = table.content.as_ref().ok().filter(|_| table.id_column(activation_id).is_some());
    let Some(content) = content else { return Vec::new() };
    let names = content.columns.names();
    let (needed, of_table) = (search.needed, Letters::of(table.title()));
    let found = content.columns.iter().enumerate().filter_map(|(at, column)| {
        let letters = names.letters(at);
        if !letters.may_have(of_table, needed) {
            return None;
        }
        let by_label = search.closeness(&column.label).filter(|(kind, ..)| *kind < NameMatch::Scattered);
        let by_name = || search.closeness(&column.name).filter(|(kind, ..)| *kind < NameMatch::Scattered);
        let closeness = by_label.or_else(by_name);
        let together = || {
            let has_both = search.matches_within(&column.label, table.title());
            has_both.then_some((NameMatch::Words, std::cmp::Reverse(0), column.label.len()))
        };
        let closeness = closeness.or_else(together);
        Some((column, closeness.or_else(|| search.closeness(&column.label))?))
    });
    found.collect()
}
