//! Search of what may follow on a line, of which there may be a hundred thousand: most are passed over by their letters,
//! and of those that are like the query only so many are compared.

use super::fuzzy;
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
    if typed.is_empty() {
        return offers.here().take(MOST_FOUND).collect();
    }
    let begins = |candidate: &Candidate| is_proper_prefix(typed, offers.label(*candidate));
    // What begins with the query is among the best matches.
    let mut begin = offers.beginning(typed, MOST_FOUND);
    if begin.len() >= MOST_FOUND || offers.here().all(|candidate| begins(&candidate)) {
        begin.truncate(MOST_FOUND);
        return begin;
    }
    let wanted = fuzzy::needed_letters(typed);
    let mut like = offers.with_letters(wanted, false, MOST_COMPARED);
    if like.len() >= MOST_COMPARED {
        like.retain(|candidate| !begins(candidate));
        like.splice(0..0, begin);
        like.truncate(MOST_COMPARED);
    }
    let found = fuzzy::search(typed, like.iter().map(|candidate| offers.label(*candidate)));
    if !found.is_empty() {
        return chosen(&found, &like);
    }
    let like = offers.with_letters(wanted, true, MOST_COMPARED);
    let both = |candidate: &Candidate| format!("{} {}", offers.label(*candidate), offers.detail(*candidate));
    let both: Vec<String> = like.iter().map(both).collect();
    chosen(&fuzzy::search(typed, both.iter().map(String::as_str)), &like)
}

fn chosen(found: &[usize], like: &[Candidate]) -> Vec<Candidate> {
    found.iter().take(MOST_FOUND).filter_map(|at| like.get(*at).copied()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::database::{Column, Content, Database, DatabaseView, Origin, Roles, Table};
    use crate::segment::DataType;
    use crate::segment::parser::complete;

    fn table(name: String, labels: impl Iterator<Item = String>) -> Table {
        let column = |label: String| Column { name: label.clone(), label, data_type: DataType::Integer };
        let columns = std::iter::once("id".to_owned()).chain(labels).map(column).collect();
        Table {
            label: name.clone(),
            name,
            hidden: false,
            id_columns: Vec::new(),
            origin: Origin::Database,
            notes: Vec::new(),
            content: Ok(Content { columns, ..Content::default() }),
        }
    }

    fn labels(text: &str, tables: Vec<Table>) -> Vec<String> {
        let database = Database {
            folder: PathBuf::new(),
            name: String::new(),
            as_of: None,
            currency: "USD".to_owned(),
            default_id: "id".to_owned(),
            ids: Vec::new(),
            tables,
            roles: Roles::default(),
            notes: Vec::new(),
        };
        let offers = complete(text, &DatabaseView { database: &database, activation_id: "id" });
        let typed = text.get(offers.from..).unwrap();
        search(typed, &offers).into_iter().map(|candidate| offers.label(candidate).to_owned()).collect()
    }

    #[test]
    fn of_too_many_what_begins_as_the_query_does_comes_first() {
        let table_of = |number: usize| {
            let own = if number == 19 { "cxx of the last" } else { "other" };
            let others = (0..300).map(move |column| format!("xc {column} x {number}"));
            table(format!("t{number}"), others.chain([own.to_owned()]))
        };
        let found = labels("cx", (0..20).map(table_of).collect());
        // The letters of the others are scattered, which is chance where one begins so.
        assert_eq!(found, ["cxx of the last"]);
        assert_eq!(labels("xc", (0..20).map(table_of).collect()).len(), MOST_FOUND);
    }

    #[test]
    fn what_several_tables_have_is_no_operand() {
        let tables = ["a", "b"]
            .map(|name| table(name.to_owned(), ["shared".to_owned(), format!("own of {name}")].into_iter()));
        assert_eq!(labels("sum of s", tables.to_vec()), Vec::<String>::new());
        assert_eq!(labels("sum of o", tables.to_vec()), ["own of a", "own of b"]);
    }
}
