//! What a customer's orders add up to: the attributes of Transaction_Attributes_Extended.

use super::calendar::{AS_OF_DAY, months_ago};
use super::orders::Order;

/// A span of days: after `after`, up to and including `until`.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    /// Prefix of the columns.
    pub name: &'static str,
    after: i64,
    until: i64,
}

/// The intervals of the attributes, `lifetime` last.
pub(crate) fn spans() -> [Span; 6] {
    let span = |name, after, until| Span { name, after, until };
    [
        span("l30d", AS_OF_DAY - 30, AS_OF_DAY),
        span("l3m", months_ago(3), AS_OF_DAY),
        span("l6m", months_ago(6), AS_OF_DAY),
        span("l12m", months_ago(12), AS_OF_DAY),
        span("ly12m", months_ago(24), months_ago(12)),
        span("lifetime", i64::MIN, AS_OF_DAY),
    ]
}

/// Sums and favourites of one interval.
#[derive(Clone, Default)]
pub(crate) struct Interval {
    /// Sum of order revenue, in cents.
    pub revenue: i64,
    /// Number of orders.
    pub frequency: i64,
    /// Sum of order quantity.
    pub items: i64,
    /// Largest order revenue.
    pub largest: Option<i64>,
    /// Brand with most orders.
    pub brand: Option<&'static str>,
    /// Number of brands.
    pub brands: i64,
    /// Channel with most orders.
    pub channel: Option<&'static str>,
    /// Number of channels.
    pub channels: i64,
    /// Store with most orders.
    pub store: Option<String>,
    /// Number of stores.
    pub stores: i64,
}

impl Interval {
    fn of(span: Span, orders: &[Order]) -> Self {
        let mut interval = Self::default();
        let (mut brands, mut channels, mut stores) = (Tally::default(), Tally::default(), Tally::default());
        // Latest first: of two favourites the more recent one wins.
        for order in orders.iter().rev().filter(|order| span.after < order.day() && order.day() <= span.until)
        {
            interval.revenue += order.totals.revenue;
            interval.frequency += 1;
            interval.items += order.totals.quantity;
            interval.largest = interval.largest.max(Some(order.totals.revenue));
            brands.add(order.brand);
            channels.add(order.channel);
            if let Some(store) = &order.store {
                stores.add(store.as_str());
            }
        }
        interval.brand = brands.favourite();
        interval.brands = brands.distinct();
        interval.channel = channels.favourite();
        interval.channels = channels.distinct();
        interval.store = stores.favourite().map(str::to_owned);
        interval.stores = stores.distinct();
        interval
    }

    /// Revenue per order, in cents.
    pub(crate) fn average_order_value(&self) -> Option<i64> {
        average(self.revenue, self.frequency)
    }

    /// Revenue per unit, in cents.
    pub(crate) fn average_item_price(&self) -> Option<i64> {
        average(self.revenue, self.items)
    }

    /// Units per order, in hundredths.
    pub(crate) fn average_num_items(&self) -> Option<i64> {
        average(self.items * 100, self.frequency)
    }
}

/// A quotient rounded half up; none for a divisor of zero.
fn average(sum: i64, count: i64) -> Option<i64> {
    (count > 0).then(|| (2 * sum + count).div_euclid(2 * count))
}

/// Counts of values, in the order in which they came.
#[derive(Default)]
struct Tally<T>(Vec<(T, i64)>);

impl<T: Copy + PartialEq> Tally<T> {
    fn add(&mut self, value: T) {
        match self.0.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => self.0.push((value, 1)),
        }
    }

    fn favourite(&self) -> Option<T> {
        let most = self.0.iter().map(|(_, count)| *count).max()?;
        self.0.iter().find(|(_, count)| *count == most).map(|(value, _)| *value)
    }

    fn distinct(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }
}

/// The attributes of a customer with at least one order.
pub(crate) struct Activity {
    /// One for each of [`spans`].
    pub intervals: [Interval; 6],
    /// Days from the latest order to the data's own day.
    pub days_since_latest: i64,
    /// Days from the first to the latest order.
    pub first_to_latest: i64,
    /// Days from the first to the second order.
    pub first_to_second: Option<i64>,
    /// Days from the second to the third order.
    second_to_third: Option<i64>,
}

impl Activity {
    /// None without orders; `orders` are sorted by time.
    pub fn of(orders: &[Order]) -> Option<Self> {
        let (first, latest) = (orders.first()?.day(), orders.last()?.day());
        let second = orders.get(1).map(Order::day);
        Some(Self {
            intervals: spans().map(|span| Interval::of(span, orders)),
            days_since_latest: AS_OF_DAY - latest,
            first_to_latest: latest - first,
            first_to_second: second.map(|second| second - first),
            second_to_third: orders.get(2).map(Order::day).zip(second).map(|(third, second)| third - second),
        })
    }

    /// The last twelve months.
    pub(crate) fn l12m(&self) -> &Interval {
        let [_, _, _, l12m, _, _] = &self.intervals;
        l12m
    }

    /// All of the past.
    pub fn lifetime(&self) -> &Interval {
        let [_, _, _, _, _, lifetime] = &self.intervals;
        lifetime
    }

    /// Whether the second order came within 84 days; unknown while it still can.
    pub(crate) fn early_repeat(&self) -> Option<bool> {
        match self.first_to_second {
            Some(days) => Some(days <= 84),
            None => (self.days_since_latest > 84).then_some(false),
        }
    }

    /// Whether a second order came within a year of the first.
    pub(crate) fn first_is_retained(&self) -> bool {
        self.first_to_second.is_some_and(|days| days <= 365)
    }

    /// Whether a third order came within a year of the second, if there is a second.
    pub(crate) fn second_is_retained(&self) -> Option<bool> {
        self.first_to_second.map(|_| self.second_to_third.is_some_and(|days| days <= 365))
    }
}
