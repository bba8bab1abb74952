//! The most frequent order (`segment-language.md`, Purchase behaviours).

use std::collections::HashMap;

use super::EngineError;
use super::by_customer::{AllRows, Whole, each_customer};
use super::pieces::Pieces;
use super::purchase::{Asked, Indexes};
use super::row_test::RowMatcher;
use super::store::{ROWS, Words};
use super::truth::{Customers, union};

/// One core's part of the work.
struct Part {
    holds: Customers,
    /// The orders of the customer in hand, by the combination that they have on a row; and whether the
    /// filters hold for it.
    bought: Vec<(u64, usize, bool)>,
    /// Combinations of several values, by the one of all but the last and the last.
    combinations: HashMap<(u64, Option<u64>), u64>,
}

/// The customers with a most frequent combination of the filters' columns for which the filters hold.
pub fn most_frequent(
    asked: &Asked,
    indexes: &Indexes,
    universe_size: usize,
    pieces: Pieces,
) -> Result<Customers, EngineError> {
    let (window, filters) = (asked.window(), RowMatcher::new(asked.filters));
    let mut names = filters.columns();
    names.sort_unstable();
    names.dedup();
    let columns = names.iter().map(|name| {
        let all = pieces.map(asked.table, &[name], |_, pieces| Ok(pieces.first().cloned()))?;
        Ok(Whole::of(all.into_iter().flatten().collect(), false))
    });
    let columns = columns.collect::<Result<Vec<Whole>, EngineError>>()?;
    let within = rows(&window, asked, indexes, pieces)?;
    let passing = rows(&filters, asked, indexes, pieces)?;
    let orders = &indexes.orders.orders.pieces;
    let new = || Part {
        holds: Customers::with_capacity(universe_size),
        bought: Vec::new(),
        combinations: HashMap::new(),
    };
    let grouped = (indexes.grouped)()?;
    let found = each_customer(universe_size, &grouped, pieces.cancel, new, |part, customer, rows| {
        part.bought.clear();
        for row in rows.filter(|row| within.has(*row)) {
            let order = orders.get(row / ROWS).and_then(|orders| orders.get(row % ROWS));
            let Some(order) = order else { continue };
            let combination = match columns.as_slice() {
                [column] => part.number((0, column.key(row))),
                columns => columns.iter().fold(0, |before, column| part.number((before, column.key(row)))),
            };
            // Rows of one combination all pass or all fail: the filters see nothing else of them.
            part.bought.push((combination, order, passing.has(row)));
        }
        part.bought.sort_unstable();
        part.bought.dedup();
        let of_combinations = || part.bought.chunk_by(|a, b| a.0 == b.0);
        let most = of_combinations().map(<[_]>::len).max();
        let mut favourites = of_combinations().filter(|orders| Some(orders.len()) == most);
        if favourites.any(|orders| orders.first().is_some_and(|(.., passes)| *passes)) {
            part.holds.insert(customer);
        }
    })?;
    let holds = found.into_iter().map(|part| part.holds);
    Ok(holds
        .reduce(|one, other| union(one, &other))
        .unwrap_or_else(|| Customers::with_capacity(universe_size)))
}

impl Part {
    /// The number of a combination with one value more. Combinations of different lengths do not meet:
    /// all rows have values in the same columns, and the numbers of longer ones are new ones.
    fn number(&mut self, combination: (u64, Option<u64>)) -> u64 {
        let next = self.combinations.len() as u64 + 1;
        *self.combinations.entry(combination).or_insert(next)
    }
}

fn rows(
    tests: &RowMatcher,
    asked: &Asked,
    indexes: &Indexes,
    pieces: Pieces,
) -> Result<AllRows, EngineError> {
    let orders = &indexes.orders.orders.pieces;
    let rows_of = |number: usize| orders.get(number).map_or(0, super::numbered::NumberedPiece::rows);
    let words: Vec<Words> = pieces
        .map(asked.table, &tests.columns(), |number, pieces| Ok(tests.rows(pieces, rows_of(number))))?;
    Ok(AllRows(words))
}
