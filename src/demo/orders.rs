//! The orders of a customer: when, where, what, and what became of it.

use fastrand::Rng;

use super::calendar::{AS_OF_DAY, DAY, FIRST_DAY, LAST_SECOND, month};
use super::products::{Catalogue, Product, brand};
use super::profile::Profile;
use super::random::{Stream, chance, known, pick, pick_weighted, rng, waiting};

/// No customer has more orders than this: an order id holds the number of the order in two digits.
const MOST_ORDERS: i64 = 90;

/// An order with all its item rows.
pub struct Order<'w> {
    /// Identifies the order.
    pub id: String,
    /// When it was placed, in seconds.
    pub at: i64,
    /// Brand it was placed with.
    pub brand: &'static str,
    pub channel: &'static str,
    /// What led to an online order.
    pub digital_channel: Option<&'static str>,
    pub store: Option<String>,
    /// How it was paid.
    pub payment: Option<&'static str>,
    /// Coupon on the whole order, in percent.
    pub coupon: i64,
    /// Shipping in cents.
    pub shipping: i64,
    /// Purchases, then returns and cancellations.
    pub items: Vec<Item<'w>>,
    /// Sums of the item rows.
    pub totals: Totals,
}

/// What a row of items records.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Something was bought.
    Purchase,
    /// Something came back.
    Return,
    /// Something was not delivered.
    Cancellation,
}

/// A row of items.
pub struct Item<'w> {
    pub product: &'w Product,
    /// What happened.
    pub event: Event,
    /// When, in seconds.
    pub at: i64,
    /// Units; negative for returns and cancellations.
    pub quantity: i64,
    pub discount_percent: i64,
    /// Discount of one unit, in cents.
    pub unit_discount: i64,
    /// Tax of one unit, in cents.
    pub unit_tax: i64,
    /// As recorded; unknown at times.
    pub is_return: Option<bool>,
    /// As recorded; unknown at times.
    pub is_cancellation: Option<bool>,
}

impl Item<'_> {
    /// Price of one unit after discount, in cents.
    pub(crate) fn unit_revenue(&self) -> i64 {
        self.product.price - self.unit_discount
    }

    /// Price of all units after discount, in cents.
    pub fn revenue(&self) -> i64 {
        self.quantity * self.unit_revenue()
    }
}

/// Sums over the item rows of an order, in cents and units. Events are zero or negative.
#[derive(Clone, Copy, Default)]
pub(crate) struct Totals {
    /// Revenue of the purchases.
    pub revenue: i64,
    /// Units of the purchases.
    pub quantity: i64,
    /// Revenue that went back.
    pub returned_revenue: i64,
    /// Units that came back.
    pub returned_quantity: i64,
    /// Revenue of cancellations.
    pub canceled_revenue: i64,
    /// Units of cancellations.
    pub canceled_quantity: i64,
    /// List price of the purchases.
    pub list_price: i64,
    /// Discounts on the purchases.
    pub discount: i64,
    /// Profit of the purchases.
    pub profit: i64,
    /// Tax of the purchases.
    pub tax: i64,
}

impl Totals {
    fn of(items: &[Item]) -> Self {
        let mut totals = Self::default();
        for item in items {
            match item.event {
                Event::Purchase => {
                    totals.revenue += item.revenue();
                    totals.quantity += item.quantity;
                    totals.list_price += item.quantity * item.product.price;
                    totals.discount += item.quantity * item.unit_discount;
                    totals.profit += item.quantity * (item.unit_revenue() - item.product.cost);
                    totals.tax += item.quantity * item.unit_tax;
                }
                Event::Return => {
                    totals.returned_revenue += item.revenue();
                    totals.returned_quantity += item.quantity;
                }
                Event::Cancellation => {
                    totals.canceled_revenue += item.revenue();
                    totals.canceled_quantity += item.quantity;
                }
            }
        }
        totals
    }
}

impl Order<'_> {
    pub fn day(&self) -> i64 {
        self.at.div_euclid(DAY)
    }

    /// The coupon's worth in cents.
    pub(crate) fn discount(&self) -> i64 {
        percent_of(self.totals.revenue, self.coupon)
    }
}

/// `percent` of an amount, rounded half up.
pub(crate) fn percent_of(cents: i64, percent: i64) -> i64 {
    (cents * percent + 50).div_euclid(100)
}

/// All orders of a customer, oldest first. Prospects have none.
pub fn orders<'w>(catalogue: &'w Catalogue, seed: u64, profile: &Profile) -> Vec<Order<'w>> {
    let mut r = rng(seed, Stream::Orders, profile.index);
    let r = &mut r;
    if chance(r, 7) {
        return Vec::new();
    }
    let mut times: Vec<i64> = days(r).into_iter().map(|day| day * DAY + time_of_day(r)).collect();
    times.sort_unstable();
    let first_id = u64::from(profile.index) * 100;
    let orders = times.into_iter().zip(first_id..).map(|(at, id)| order(catalogue, r, profile, id, at));
    orders.filter(|order| !order.items.is_empty()).collect()
}

/// Days of the orders, latest first: when the customer was last seen, then back by waiting times.
fn days(r: &mut Rng) -> Vec<i64> {
    let wanted = number_of_orders(r);
    let gap = r.i64(25..300).min(1300 / wanted).max(3);
    let seen = r.u32(..100);
    let age = |r: &mut Rng| match seen {
        0..36 => waiting(r, gap).min(364),
        36..69 => r.i64(0..365),
        _ => r.i64(365..=365 + gap * 3),
    };
    let mut day = seasonal(r, |r| AS_OF_DAY - age(r));
    let mut days = Vec::new();
    for _ in 0..wanted {
        if day < FIRST_DAY {
            break;
        }
        days.push(day);
        day = seasonal(r, |r| day - waiting(r, gap));
    }
    days
}

fn number_of_orders(r: &mut Rng) -> i64 {
    let (low, high) = pick_weighted(
        r,
        &[((1, 1), 27), ((2, 2), 17), ((3, 5), 29), ((6, 9), 16), ((10, 20), 9), ((21, 45), 2)],
    );
    // A few resellers buy all the time.
    if chance(r, 1) && chance(r, 25) { MOST_ORDERS - r.i64(0..30) } else { r.i64(low..=high) }
}

/// Draws a day until it suits the season, at most three times.
fn seasonal(r: &mut Rng, mut draw: impl FnMut(&mut Rng) -> i64) -> i64 {
    let mut day = draw(r);
    for _ in 0..2 {
        let weight = match month(day) {
            12 => 100,
            11 => 88,
            5 | 8 | 10 => 62,
            1 | 2 => 46,
            _ => 56,
        };
        if chance(r, weight) {
            break;
        }
        day = draw(r);
    }
    day
}

fn time_of_day(r: &mut Rng) -> i64 {
    let hour = pick_weighted(
        r,
        &[(2, 1), (7, 4), (9, 8), (11, 13), (13, 13), (15, 14), (17, 17), (19, 18), (21, 10)],
    );
    hour * 3600 + r.i64(0..7200)
}

fn order<'w>(catalogue: &'w Catalogue, r: &mut Rng, profile: &Profile, id: u64, at: i64) -> Order<'w> {
    let taste = &profile.taste;
    let brand = if chance(r, 72) { taste.brand } else { brand(r) };
    let (first_store, stores) = taste.home.stores;
    let wish = if chance(r, 75) { taste.channel } else { pick(r, &["online", "in-store", "app"]) };
    let channel = if wish == "in-store" && stores == 0 { "online" } else { wish };
    let store = (channel == "in-store").then(|| {
        format!("{:04}", first_store + if chance(r, 70) { profile.index % stores } else { r.u32(..stores) })
    });
    let mut items = purchases(catalogue, r, profile, brand, at);
    let events: Vec<Item> = items.iter().filter_map(|item| event(r, item, channel)).collect();
    items.extend(events);
    let totals = Totals::of(&items);
    let shipping =
        if channel == "in-store" || totals.revenue >= 7500 { 0 } else { pick(r, &[599, 599, 799]) };
    Order {
        id: format!("W{:09}", 100_000_000 + id),
        at,
        brand,
        channel,
        digital_channel: (channel == "online").then(|| digital_channel(r)),
        store,
        payment: payment(r, channel),
        coupon: pick_weighted(r, &[(0, 86), (5, 5), (10, 7), (20, 2)]),
        shipping,
        items,
        totals,
    }
}

fn digital_channel(r: &mut Rng) -> &'static str {
    let channels = [
        ("email", 28),
        ("organic search", 22),
        ("direct", 18),
        ("paid search", 14),
        ("Facebook", 9),
        ("Instagram", 6),
        ("affiliate", 3),
    ];
    pick_weighted(r, &channels)
}

fn payment(r: &mut Rng, channel: &str) -> Option<&'static str> {
    let methods: &[_] = if channel == "in-store" {
        &[("credit card", 52), ("debit card", 26), ("cash", 15), ("gift card", 7)]
    } else {
        &[("credit card", 54), ("paypal", 22), ("debit card", 12), ("apple pay", 9), ("gift card", 3)]
    };
    let method = pick_weighted(r, methods);
    known(r, 99, method)
}

fn purchases<'w>(
    catalogue: &'w Catalogue,
    r: &mut Rng,
    profile: &Profile,
    brand: &str,
    at: i64,
) -> Vec<Item<'w>> {
    let taste = &profile.taste;
    let month = month(at.div_euclid(DAY));
    let lines = pick_weighted(r, &[(1, 34), (2, 28), (3, 20), (4, 11), (6, 7)]);
    let sale = if month >= 11 || month == 1 || month == 7 { 40 } else { 20 };
    let known_flag = |r: &mut Rng| known(r, 97, false);
    let mut items: Vec<Item> = Vec::with_capacity(lines);
    for _ in 0..lines {
        let Some(product) = catalogue.choose(r, brand, taste.category, taste.gender, month) else { continue };
        // One row per order and product.
        if items.iter().any(|item| item.product.id == product.id) {
            continue;
        }
        let discount_percent = if chance(r, sale) { pick(r, &[10, 15, 20, 25, 30, 50]) } else { 0 };
        let unit_discount = percent_of(product.price, discount_percent);
        let tax = (product.price - unit_discount) * taste.home.tax;
        let bulk = product.price < 2500;
        let quantity = if bulk {
            pick_weighted(r, &[(1, 60), (2, 22), (3, 12), (6, 6)])
        } else {
            1 + i64::from(chance(r, 7))
        };
        items.push(Item {
            product,
            event: Event::Purchase,
            at,
            quantity,
            discount_percent,
            unit_discount,
            unit_tax: (tax + 5000).div_euclid(10_000),
            is_return: known_flag(r),
            is_cancellation: known_flag(r),
        });
    }
    items
}

/// What became of a purchase: mostly nothing.
fn event<'w>(r: &mut Rng, item: &Item<'w>, channel: &str) -> Option<Item<'w>> {
    let (event, delay) = match r.u32(..1000) {
        0..70 => (Event::Return, r.i64(2 * DAY..40 * DAY)),
        70..95 if channel != "in-store" => (Event::Cancellation, r.i64(600..DAY)),
        _ => return None,
    };
    let quantity = if chance(r, 75) { item.quantity } else { r.i64(1..=item.quantity) };
    let flag = |r: &mut Rng, mine: bool| if mine { Some(true) } else { known(r, 92, false) };
    let at = item.at + delay;
    // What has not happened by the last day is not in the data.
    (at <= LAST_SECOND).then(|| Item {
        event,
        at,
        quantity: -quantity,
        is_return: flag(r, event == Event::Return),
        is_cancellation: flag(r, event == Event::Cancellation),
        ..*item
    })
}
