//! The most frequent order (`segment-language.md`, Purchase behaviours).

use fixedbitset::FixedBitSet;

use super::codes::{Codes, Combinations};
use super::orders::OrderIndex;
use super::purchase::Asked;
use super::row_test::RowMatcher;
use super::scan::scan;
use super::{Cancel, EngineError};

/// A customer, a combination of values, and an order that has it on a row.
type Bought = (u32, u32, u32);

/// The customers with a most frequent combination of the filters' columns for which the filters hold.
pub fn most_frequent(asked: &Asked, index: &OrderIndex, cancel: &Cancel) -> Result<Vec<usize>, EngineError> {
    let unreadable = EngineError::unreadable(&asked.table.name);
    let (window, filters) = (asked.window(), RowMatcher::new(asked.filters));
    let mut columns: Vec<&str> = filters.columns().collect();
    columns.sort_unstable();
    columns.dedup();
    let mut codes: Vec<(&str, Codes, Combinations)> =
        columns.iter().map(|column| (*column, Codes::default(), Combinations::default())).collect();
    let wanted: Vec<&str> = window.columns().chain(columns).collect();
    let mut bought: Vec<Bought> = Vec::new();
    let mut passing = FixedBitSet::new();
    scan(asked.table, &wanted, cancel, |first, frame| {
        let within = window.rows(&asked.table.name, frame, cancel)?;
        let passes = filters.rows(&asked.table.name, frame, cancel)?;
        let mut combinations = vec![0; frame.height()];
        for (column, codes, longer) in &mut codes {
            let column = codes.rows(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
            for (combination, code) in combinations.iter_mut().zip(column) {
                *combination = longer.with(*combination, code);
            }
        }
        let rows = within.into_iter().zip(passes).zip(combinations).zip(index.from(first));
        for (((is_within, passes), combination), order) in rows {
            let Some(order) = order.filter(|_| is_within) else { continue };
            // Rows of one combination all pass or all fail: the filters see nothing else of them.
            if passes {
                passing.grow_and_insert(combination as usize);
            }
            let customer = index.customer(order).and_then(|customer| u32::try_from(customer).ok());
            bought
                .extend(customer.zip(u32::try_from(order).ok()).map(|(of, order)| (of, combination, order)));
        }
        Ok(())
    })?;
    bought.sort_unstable();
    bought.dedup();
    cancel.check()?;
    let mut customers = Vec::new();
    for of_customer in bought.chunk_by(|a, b| a.0 == b.0) {
        let of_combinations = || of_customer.chunk_by(|a, b| a.1 == b.1);
        let most = of_combinations().map(<[Bought]>::len).max();
        let mut favourites = of_combinations().filter(|orders| Some(orders.len()) == most);
        let passes = |orders: &[Bought]| orders.first().is_some_and(|one| passing.contains(one.1 as usize));
        if favourites.any(passes) {
            customers.extend(of_customer.first().map(|one| one.0 as usize));
        }
    }
    Ok(customers)
}
