//! Numbers the orders of each customer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};

use super::order_key::OrderKey;
use super::order_runs::{CUSTOMERS, Run};
use super::row_map_chunk::NO_ID;
use crate::local::consistency::checked_mut;

/// For each row of a table which of its customer's orders it is of, in the narrowest type that holds it. Several threads
/// write, each other rows.
pub(crate) enum RowNumbers {
    Narrow(Vec<AtomicU16>),
    Wide(Vec<AtomicU32>),
}

impl RowNumbers {
    /// For so many rows, of customers with at most 65,535 orders.
    pub fn narrow(rows: usize) -> Self {
        Self::Narrow((0..rows).map(|_| AtomicU16::new(u16::MAX)).collect())
    }

    /// For so many rows.
    pub fn wide(rows: usize) -> Self {
        Self::Wide((0..rows).map(|_| AtomicU32::new(NO_ID)).collect())
    }

    /// The number of some rows from one on; [`NO_ID`] for those of no order.
    pub fn of_rows(&self, first: usize, count: usize) -> Vec<u32> {
        let range = first..first.saturating_add(count);
        match self {
            Self::Narrow(numbers) => {
                let numbers = numbers.get(range).unwrap_or_default().iter();
                let wide = |number: u16| if number == u16::MAX { NO_ID } else { u32::from(number) };
                numbers.map(|number| wide(number.load(Ordering::Relaxed))).collect()
            }
            Self::Wide(numbers) => {
                let numbers = numbers.get(range).unwrap_or_default().iter();
                numbers.map(|number| number.load(Ordering::Relaxed)).collect()
            }
        }
    }

    /// Sets the number of the rows of a run; whether there is room for such a number.
    fn set(&self, run: &Run, number: u32) -> bool {
        let range = run.row as usize..run.row as usize + usize::from(run.count);
        match self {
            Self::Narrow(numbers) => {
                let Some(number) = u16::try_from(number).ok().filter(|number| *number < u16::MAX) else {
                    return false;
                };
                let rows = numbers.get(range).unwrap_or_default().iter();
                rows.for_each(|row| row.store(number, Ordering::Relaxed));
            }
            Self::Wide(numbers) => {
                let rows = numbers.get(range).unwrap_or_default().iter();
                rows.for_each(|row| row.store(number, Ordering::Relaxed));
            }
        }
        true
    }
}

/// A customer has more orders than there is room for.
#[derive(Debug)]
pub(crate) struct TooManyOrders;

/// The orders of the customers of one part.
pub(crate) struct PartOrders {
    /// How many each customer has.
    pub counts: Vec<u32>,
    /// Which of them is the first by date and time, then order id; [`NO_ID`] without any.
    pub firsts: Vec<u32>,
    /// Where that takes the ids.
    pub ties: Vec<Tie>,
}

/// Orders of a customer that began at the same time, the earliest: which is the first, their ids say.
pub(crate) struct Tie {
    /// Counted from the first of the part.
    pub customer: usize,
    /// For each of them a row of the table, and its number.
    pub orders: Vec<(u32, u32)>,
}

impl PartOrders {
    /// Numbers the orders of a part as they appear, and their rows, if there are `numbers` for them.
    pub fn number<'a>(
        runs: impl Iterator<Item = &'a Run> + Clone,
        numbers: Option<&RowNumbers>,
    ) -> Result<Self, TooManyOrders> {
        let (ends, grouped) = by_customer(runs);
        let mut orders =
            Self { counts: vec![0; CUSTOMERS], firsts: vec![NO_ID; CUSTOMERS], ties: Vec::new() };
        let (mut of_customer, mut earliest) = (CustomerOrders::default(), Vec::new());
        let mut start = 0;
        for (customer, end) in ends.into_iter().enumerate() {
            let runs = grouped.get(start..end).unwrap_or_default();
            start = end;
            let Some(time) = runs.iter().map(|run| run.time).min() else { continue };
            of_customer.clear();
            earliest.clear();
            for run in runs {
                let number = of_customer.add(run.order);
                if numbers.is_some_and(|numbers| !numbers.set(run, number)) {
                    return Err(TooManyOrders);
                }
                if run.time == time {
                    earliest.push((number, *run));
                }
            }
            let count = checked_mut(&mut orders.counts, customer);
            count.into_iter().for_each(|count| *count = of_customer.count());
            orders.take_first(customer, &mut earliest);
        }
        Ok(orders)
    }

    /// Takes the first order of a customer out of the runs with the earliest date and time, each with its order's number.
    fn take_first(&mut self, customer: usize, earliest: &mut Vec<(u32, Run)>) {
        earliest.sort_unstable_by_key(|(number, _)| *number);
        earliest.dedup_by_key(|(number, _)| *number);
        let first = earliest.iter().min_by_key(|(_, run)| run.order).map(|(number, _)| *number);
        let place = checked_mut(&mut self.firsts, customer);
        place.into_iter().zip(first).for_each(|(place, first)| *place = first);
        if earliest.len() > 1 && !earliest.iter().all(|(_, run)| run.order.is_whole()) {
            let orders = earliest.iter().map(|(number, run)| (run.row, *number)).collect();
            self.ties.push(Tie { customer, orders });
        }
    }
}

/// The runs of a part customer by customer, and where those of each end.
fn by_customer<'a>(runs: impl Iterator<Item = &'a Run> + Clone) -> (Vec<usize>, Vec<Run>) {
    let mut ends = vec![0; CUSTOMERS];
    for run in runs.clone() {
        checked_mut(&mut ends, run.customer()).into_iter().for_each(|count| *count += 1);
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += std::mem::replace(end, sum);
    }
    let mut grouped = Vec::new();
    for run in runs {
        if grouped.is_empty() {
            grouped = vec![*run; sum];
        }
        let Some(next) = checked_mut(&mut ends, run.customer()) else { continue };
        checked_mut(&mut grouped, *next).into_iter().for_each(|place| *place = *run);
        *next += 1;
    }
    (ends, grouped)
}

/// The orders of one customer, numbered as they appear.
#[derive(Default)]
struct CustomerOrders {
    orders: Vec<OrderKey>,
    /// Of more orders than [`FEW`]: their numbers.
    numbers: HashMap<OrderKey, u32, hashbrown::DefaultHashBuilder>,
}

/// Up to so many orders are looked through one by one.
const FEW: usize = 24;

impl CustomerOrders {
    fn clear(&mut self) {
        self.orders.clear();
        self.numbers.clear();
    }

    #[allow(clippy::cast_possible_truncation)] // no more than rows, which a u32 counts
    fn count(&self) -> u32 {
        self.orders.len() as u32
    }

    fn number(&self, order: OrderKey) -> Option<u32> {
        if self.orders.len() > FEW {
            return self.numbers.get(&order).copied();
        }
        (0..).zip(&self.orders).find(|(_, known)| **known == order).map(|(number, _)| number)
    }

    /// The number of an order.
    fn add(&mut self, order: OrderKey) -> u32 {
        if let Some(known) = self.number(order) {
            return known;
        }
        let number = self.count();
        self.orders.push(order);
        if self.orders.len() == FEW + 1 {
            self.numbers.extend(self.orders.iter().copied().zip(0..));
        } else if self.orders.len() > FEW {
            self.numbers.insert(order, number);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::consistency::checked;

    fn run(customer: u32, order: &str, time: i64, row: u32, count: u16) -> Run {
        let mut run = Run::new(4096 + customer, OrderKey::new(order), time, row);
        run.count = count;
        run
    }

    fn number_of(orders: &PartOrders, customer: usize) -> (u32, u32) {
        (checked(&orders.counts, customer), checked(&orders.firsts, customer))
    }

    #[test]
    fn orders_are_numbered_for_each_customer_as_they_appear() {
        let runs = [
            run(1, "b", 5, 0, 2),
            run(0, "b", 7, 2, 1),
            run(1, "a", 4, 3, 1),
            run(1, "b", 9, 4, 1),
            run(0, "a", 7, 6, 1),
        ];
        let numbers = RowNumbers::narrow(8);
        let orders = PartOrders::number(runs.iter(), Some(&numbers)).unwrap();
        assert_eq!((number_of(&orders, 0), number_of(&orders, 1)), ((2, 1), (2, 1)));
        assert_eq!((number_of(&orders, 2), orders.ties.len()), ((0, NO_ID), 0));
        assert_eq!(numbers.of_rows(0, 8), [0, 0, 0, 1, 0, NO_ID, 1, NO_ID]);
    }

    #[test]
    fn which_of_long_ids_is_first_is_left_open() {
        let long = "a longer id than most";
        let runs = [run(3, long, 1, 0, 1), run(3, "b", 1, 1, 1), run(4, long, 1, 2, 1), run(4, "b", 2, 3, 1)];
        let orders = PartOrders::number(runs.iter(), Some(&RowNumbers::narrow(4))).unwrap();
        let ties: Vec<_> = orders.ties.iter().map(|tie| (tie.customer, tie.orders.clone())).collect();
        assert_eq!((ties, number_of(&orders, 4)), (vec![(3, vec![(0, 0), (1, 1)])], (2, 0)));
    }

    #[test]
    fn many_orders_take_more_room() {
        let runs: Vec<Run> = (0..70_000).map(|row| run(0, &row.to_string(), 0, row, 1)).collect();
        assert!(PartOrders::number(runs.iter(), Some(&RowNumbers::narrow(70_000))).is_err());
        let numbers = RowNumbers::wide(70_000);
        let orders = PartOrders::number(runs.iter().chain(&runs), Some(&numbers)).unwrap();
        assert_eq!(number_of(&orders, 0), (70_000, 0));
        assert_eq!(numbers.of_rows(69_998, 2), [69_998, 69_999]);
    }
}
