//! A customer with all that is known or computed about one person.

use super::activity::Activity;
use super::calendar::AS_OF_DAY;
use super::orders::{Order, orders};
use super::prediction::Prediction;
use super::products::Catalogue;
use super::profile::Profile;
use super::random::{Stream, chance, known, rng};
use super::ranks::{Rank, Standing};

pub struct Customer<'w> {
    /// The person.
    pub profile: Profile,
    /// Orders, oldest first.
    pub orders: Vec<Order<'w>>,
    /// Attributes, if there are orders.
    pub activity: Option<Activity>,
    /// Predictions, if there are orders.
    pub prediction: Option<Prediction>,
    /// Ranks among all customers.
    pub rank: Rank,
    /// Consent and classes.
    pub status: Status,
    /// Membership in the loyalty programme.
    pub loyalty: Option<Loyalty>,
    /// Top lifetime revenue of the household.
    pub is_primary_buyer: bool,
}

/// Consent and non-customer classes.
pub struct Status {
    /// Consent to email, if asked.
    pub email_consent: Option<bool>,
    /// Consent to text messages, if asked.
    pub sms_consent: Option<bool>,
    /// A company, not a person.
    pub is_business: Option<bool>,
    /// Works for the retailer.
    pub is_employee: bool,
    /// Mostly buys for others.
    pub is_gift_giver: Option<bool>,
    /// Made by the retailer's testers.
    pub is_test_account: bool,
}

/// Membership in the loyalty programme.
pub struct Loyalty {
    /// Number on the card.
    pub id: String,
    /// Day of joining.
    pub joined: i64,
    /// Still a member.
    pub is_opted_in: bool,
    /// Tier by the revenue of the last twelve months: position in [`TIERS`].
    pub tier: usize,
    /// Revenue of the last twelve months, in cents.
    pub spend: i64,
    /// Points not spent yet.
    pub balance: i64,
    /// Points ever given: one for a dollar.
    pub lifetime_balance: i64,
}

/// Tiers of the loyalty programme and the yearly revenue in cents that each takes.
pub(crate) const TIERS: [(&str, i64); 4] =
    [("Bronze", 0), ("Silver", 20_000), ("Gold", 50_000), ("Platinum", 120_000)];

impl<'w> Customer<'w> {
    /// The customer at a position of the population.
    pub fn new(catalogue: &'w Catalogue, seed: u64, index: u32, rank: Rank) -> Self {
        let profile = Profile::new(seed, index);
        let orders = orders(catalogue, seed, &profile);
        let activity = Activity::of(&orders);
        let prediction = activity.as_ref().map(|activity| Prediction::of(seed, index, &orders, activity));
        let loyalty = Loyalty::of(seed, index, &orders, activity.as_ref());
        let status = Status::new(seed, index);
        Self { profile, orders, activity, prediction, rank, status, loyalty, is_primary_buyer: false }
    }

    /// What the customer's ranks are made from.
    pub(crate) fn standing(&self) -> Option<Standing> {
        let (activity, prediction) = self.activity.as_ref().zip(self.prediction.as_ref())?;
        let year = activity.l12m();
        let latest = self.orders.last().filter(|_| year.frequency > 0).map(|order| order.at);
        Some(Standing { clv: prediction.clv, year: latest.map(|at| (at, year.frequency, year.revenue)) })
    }

    /// Lifetime revenue in cents.
    pub(crate) fn lifetime_revenue(&self) -> i64 {
        self.activity.as_ref().map_or(0, |activity| activity.lifetime().revenue)
    }

    /// Day of the first order, or a day in the past for prospects.
    pub(crate) fn first_seen(&self) -> i64 {
        let prospect = AS_OF_DAY - 5 - i64::from(self.profile.index % 900);
        self.orders.first().map_or(prospect, Order::day)
    }
}

impl Status {
    fn new(seed: u64, index: u32) -> Self {
        let mut r = rng(seed, Stream::Consent, index);
        let (email, sms) = (chance(&mut r, 78), chance(&mut r, 55));
        let (business, gift_giver) = (chance(&mut r, 1), chance(&mut r, 4));
        Self {
            email_consent: known(&mut r, 90, email),
            sms_consent: known(&mut r, 78, sms),
            is_business: known(&mut r, 95, business),
            is_employee: chance(&mut r, 1),
            is_gift_giver: known(&mut r, 90, gift_giver),
            is_test_account: r.u32(..500) == 0,
        }
    }
}

impl Loyalty {
    fn of(seed: u64, index: u32, orders: &[Order], activity: Option<&Activity>) -> Option<Self> {
        let mut r = rng(seed, Stream::Loyalty, index);
        let share = match orders.len() {
            0 => 5,
            1 => 24,
            2..=4 => 52,
            _ => 78,
        };
        if !chance(&mut r, share) {
            return None;
        }
        let revenue = activity.map_or(0, |activity| activity.l12m().revenue);
        let lifetime_balance = activity.map_or(0, |activity| activity.lifetime().revenue) / 100;
        let first = orders.first().map_or(AS_OF_DAY - 10 - r.i64(0..600), Order::day);
        Some(Self {
            id: format!("L{:09}", u64::from(index) * 13 + r.u64(..13) + 100_000_000),
            joined: (first + r.i64(0..40)).min(AS_OF_DAY),
            is_opted_in: chance(&mut r, 92),
            tier: TIERS.iter().filter(|(_, least)| revenue >= *least).count().saturating_sub(1),
            spend: revenue,
            balance: lifetime_balance * r.i64(10..=100) / 100,
            lifetime_balance,
        })
    }

    pub(crate) fn tier_name(&self) -> Option<&'static str> {
        TIERS.get(self.tier).map(|(name, _)| *name)
    }
}

/// Marks in each household the member with the highest lifetime revenue, if there is any.
/// Customers of one household stand next to each other.
pub(crate) fn mark_primary_buyers(customers: &mut [Customer]) {
    for household in customers.chunk_by_mut(|a, b| a.profile.household == b.profile.household) {
        let top = household.iter_mut().rev().max_by_key(|customer| customer.lifetime_revenue());
        if let Some(customer) = top.filter(|customer| customer.lifetime_revenue() > 0) {
            customer.is_primary_buyer = true;
        }
    }
}
