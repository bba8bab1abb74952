//! Who a customer is: household, names, contact values, tastes.

use fastrand::Rng;

use super::calendar::AS_OF_DAY;
use super::names::{COMPANIES, GIVEN_NAMES, MAIL_DOMAINS, SURNAMES, mailbox};
use super::places::{CITIES, City, STREETS};
use super::products::{brand, favourite_category};
use super::random::{Stream, chance, known, pick, pick_weighted, rng};

/// Households never reach across a block of this many customers.
pub(crate) const BLOCK: u32 = 12;

/// A customer as a person.
pub(crate) struct Profile {
    /// Position in the population.
    pub index: u32,
    /// Identifies the person.
    pub amperity_id: String,
    /// Identifies the household.
    pub household_id: String,
    /// Position of the household's first member.
    pub household: u32,
    /// Title in front of the name.
    pub title: Option<&'static str>,
    pub given_name: Option<&'static str>,
    pub surname: Option<&'static str>,
    /// Suffix such as Jr.
    pub suffix: Option<&'static str>,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Where the household lives, as far as it is known.
    pub address: Address,
    /// Day of birth.
    pub birthdate: Option<i64>,
    /// Gender, if known.
    pub gender: Option<&'static str>,
    /// Employer.
    pub company: Option<&'static str>,
    /// What the customer likes.
    pub taste: Taste,
}

/// A postal address.
pub(crate) struct Address {
    /// House number and street.
    pub street: Option<String>,
    pub flat: Option<String>,
    /// City and state.
    pub city: Option<City>,
    /// Postal code.
    pub postal: Option<String>,
}

/// What steers the orders of a customer.
pub(crate) struct Taste {
    /// Where the customer lives, known or not.
    pub home: City,
    /// Whom the customer mostly buys for.
    pub gender: &'static str,
    /// Favourite category.
    pub category: &'static str,
    /// Favourite brand.
    pub brand: &'static str,
    /// Favourite channel.
    pub channel: &'static str,
}

/// What the members of a household share.
struct Household {
    id: String,
    surname: &'static str,
    home: City,
    address: Address,
    phone: String,
    /// A mailbox for the whole family.
    email: String,
    has_mailbox: bool,
}

impl Profile {
    /// The customer at a position of the population.
    pub fn new(seed: u64, index: u32) -> Self {
        let (first, size) = household(seed, index);
        let shared = Household::new(&mut rng(seed, Stream::Household, first));
        let mut r = rng(seed, Stream::Profile, index);
        let r = &mut r;
        let (given_name, gender) = pick(r, GIVEN_NAMES);
        let surname = if chance(r, 85) { shared.surname } else { pick(r, SURNAMES) };
        let email = if size > 1 && shared.has_mailbox && chance(r, 80) {
            shared.email
        } else {
            let (given, name, number) = (mailbox(given_name), mailbox(surname), r.u32(1..10_000));
            format!("{given}.{name}{number}@{}", pick_weighted(r, MAIL_DOMAINS))
        };
        let phone = if size > 1 && chance(r, 35) { shared.phone } else { phone(r, shared.home) };
        let age_days = r.i64(18 * 365..50 * 365) + if chance(r, 45) { r.i64(0..35 * 365) } else { 0 };
        Self {
            index,
            amperity_id: uuid(r),
            household_id: shared.id,
            household: first,
            title: if chance(r, 12) { Some(title(r, gender)) } else { None },
            given_name: known(r, 97, given_name),
            surname: known(r, 98, surname),
            suffix: if gender == "male" && chance(r, 2) {
                Some(pick(r, &["Jr.", "Sr.", "III"]))
            } else {
                None
            },
            email: known(r, 84, email),
            phone: known(r, 66, phone),
            address: shared.address,
            birthdate: known(r, 72, AS_OF_DAY - age_days),
            gender: known(r, 81, gender),
            company: if chance(r, 2) { Some(pick(r, COMPANIES)) } else { None },
            taste: Taste::new(r, shared.home, gender),
        }
    }

    /// Given name and surname, or the one that is known.
    pub(crate) fn full_name(&self) -> Option<String> {
        match (self.given_name, self.surname) {
            (Some(given), Some(surname)) => Some(format!("{given} {surname}")),
            (one, other) => one.or(other).map(str::to_owned),
        }
    }

    /// Key of the customer in the shop's own system.
    pub fn customer_id(&self) -> String {
        format!("C{:08}", self.index + 1)
    }
}

impl Address {
    /// How many of street, city, state and postal code are known.
    pub fn completion(&self) -> i64 {
        let city = i64::from(self.city.is_some());
        i64::from(self.street.is_some()) + 2 * city + i64::from(self.postal.is_some())
    }
}

impl Taste {
    fn new(r: &mut Rng, home: City, gender: &'static str) -> Self {
        let channels = [("online", 47), ("in-store", 36), ("app", 17)];
        let channel = pick_weighted(r, &channels);
        Self { home, gender, category: favourite_category(r), brand: brand(r), channel }
    }
}

impl Household {
    fn new(r: &mut Rng) -> Self {
        let surname = pick(r, SURNAMES);
        let home = pick_weighted(r, CITIES);
        let (first_postal, count) = home.postal;
        let postal = format!("{:05}", first_postal + r.u32(..count.max(1)));
        let street = format!("{} {}", r.u32(1..2400), pick(r, STREETS));
        let flat = format!("Apt {}", r.u32(1..60));
        let city = known(r, 94, home);
        let street = known(r, 68, street).filter(|_| city.is_some());
        Self {
            id: uuid(r),
            surname,
            home,
            address: Address {
                postal: known(r, 97, postal).filter(|_| city.is_some()),
                flat: known(r, 14, flat).filter(|_| street.is_some()),
                street,
                city,
            },
            phone: phone(r, home),
            email: format!("family.{}{}@example.com", mailbox(surname), r.u32(1..100_000)),
            has_mailbox: chance(r, 12),
        }
    }
}

/// First member and size of the household at a position.
fn household(seed: u64, index: u32) -> (u32, u32) {
    let block = index - index % BLOCK;
    let mut r = rng(seed, Stream::Households, block);
    let mut first = block;
    loop {
        let size = pick_weighted(&mut r, &[(1, 60), (2, 26), (3, 8), (4, 6)]).min(block + BLOCK - first);
        if index < first + size || size == 0 {
            return (first, size);
        }
        first += size;
    }
}

fn title(r: &mut Rng, gender: &str) -> &'static str {
    match gender {
        "female" => pick(r, &["Ms.", "Mrs.", "Dr."]),
        "male" => pick(r, &["Mr.", "Mr.", "Dr."]),
        _ => "Mx.",
    }
}

fn phone(r: &mut Rng, home: City) -> String {
    format!("+1{}555{:04}", home.area, r.u32(..10_000))
}

/// A random (version 4) UUID.
fn uuid(r: &mut Rng) -> String {
    let (a, b, c) = (r.u32(..), r.u16(..), r.u16(..0x1000));
    let (d, e) = (r.u16(0x8000..0xc000), r.u64(..1 << 48));
    format!("{a:08x}-{b:04x}-4{c:03x}-{d:04x}-{e:012x}")
}
