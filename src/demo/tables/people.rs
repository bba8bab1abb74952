//! Tables about who the customers are.

use polars::prelude::{DataFrame, PolarsResult};

use super::chunk::Chunk;
use super::frame::Frame;
use crate::demo::calendar::{AS_OF_DAY, DAY, timestamp};
use crate::demo::customer::{Customer, Loyalty};
use crate::demo::random::{Stream, chance, rng};

/// Customer_360: one row for each customer.
pub(crate) fn customer_360(chunk: &Chunk) -> PolarsResult<DataFrame> {
    Frame::new(&chunk.customers)
        .text("amperity_id", |c| Some(&c.profile.amperity_id))
        .text("household_id", |c| Some(&c.profile.household_id))
        .text("given_name", |c| c.profile.given_name)
        .text("surname", |c| c.profile.surname)
        .string("full_name", |c| c.profile.full_name())
        .text("email", |c| c.profile.email.as_deref())
        .text("phone", |c| c.profile.phone.as_deref())
        .text("address", |c| c.profile.address.street.as_deref())
        .text("city", |c| c.profile.address.city.map(|city| city.name))
        .text("state", |c| c.profile.address.city.map(|city| city.state))
        .text("postal", |c| c.profile.address.postal.as_deref())
        .date("birthdate", |c| c.profile.birthdate)
        .text("gender", |c| c.profile.gender)
        .text("loyalty_id", |c| c.loyalty.as_ref().map(|loyalty| loyalty.id.as_str()))
        .text("loyalty_tier", |c| c.loyalty.as_ref().and_then(Loyalty::tier_name))
        .finish()
}

/// Groups of fields that are merged together.
const GROUPS: [&str; 6] = ["name", "address", "email", "phone", "birthdate", "gender"];

struct Merged<'c> {
    customer: &'c Customer<'c>,
    completion: [i64; 6],
    sources: [Option<Source>; 6],
    created: i64,
    updated: i64,
}

/// The source row that a group of fields came from.
struct Source {
    table: &'static str,
    key: String,
    priority: i64,
    updated: i64,
}

impl<'c> Merged<'c> {
    fn new(seed: u64, customer: &'c Customer<'c>) -> Self {
        let mut r = rng(seed, Stream::Sources, customer.profile.index);
        let profile = &customer.profile;
        let completion = [
            i64::from(profile.given_name.is_some() && profile.surname.is_some()),
            profile.address.completion(),
            i64::from(profile.email.is_some()),
            i64::from(profile.phone.is_some()),
            i64::from(profile.birthdate.is_some()),
            i64::from(profile.gender.is_some()),
        ];
        let created = customer.first_seen();
        // Nightly loads: one time of update for each source.
        let updates = [(); 3].map(|()| r.i64(created..=AS_OF_DAY) * DAY + 2 * 3600);
        let [loyalty_update, shop_update, store_update] = updates;
        let mut source = |completion: i64| {
            if completion == 0 {
                return None;
            }
            let loyalty = customer.loyalty.as_ref().filter(|_| chance(&mut r, 75));
            Some(match loyalty {
                Some(loyalty) => Source {
                    table: "Loyalty_Members",
                    key: loyalty.id.clone(),
                    priority: 1,
                    updated: loyalty_update,
                },
                None if chance(&mut r, 65) => Source {
                    table: "Ecommerce_Customers",
                    key: profile.customer_id(),
                    priority: 2,
                    updated: shop_update,
                },
                None => Source {
                    table: "POS_Customers",
                    key: format!("POS-{:07}", profile.index + 1),
                    priority: 3,
                    updated: store_update,
                },
            })
        };
        let sources = completion.map(&mut source);
        let latest = sources.iter().flatten().map(|source| source.updated).max();
        let created = created * DAY + 2 * 3600;
        Self { customer, completion, sources, created, updated: latest.unwrap_or(created) }
    }

    fn source(&self, group: usize) -> Option<&Source> {
        self.sources.get(group)?.as_ref()
    }
}

/// Merged_Customers: one row for each customer, with where the values came from.
pub(crate) fn merged_customers(chunk: &Chunk) -> PolarsResult<DataFrame> {
    let rows: Vec<Merged> =
        chunk.customers.iter().map(|customer| Merged::new(chunk.seed, customer)).collect();
    let mut frame = Frame::new(&rows)
        .text("amperity_id", |m| Some(&m.customer.profile.amperity_id))
        .text("title", |m| m.customer.profile.title)
        .text("given_name", |m| m.customer.profile.given_name)
        .text("surname", |m| m.customer.profile.surname)
        .text("generational_suffix", |m| m.customer.profile.suffix)
        .string("full_name", |m| m.customer.profile.full_name())
        .text("address", |m| m.customer.profile.address.street.as_deref())
        .text("address2", |m| m.customer.profile.address.flat.as_deref())
        .text("city", |m| m.customer.profile.address.city.map(|city| city.name))
        .text("state", |m| m.customer.profile.address.city.map(|city| city.state))
        .text("postal", |m| m.customer.profile.address.postal.as_deref())
        .text("country", |m| m.customer.profile.address.city.map(|_| "US"))
        .text("email", |m| m.customer.profile.email.as_deref())
        .text("phone", |m| m.customer.profile.phone.as_deref())
        .date("birthdate", |m| m.customer.profile.birthdate)
        .text("gender", |m| m.customer.profile.gender)
        .text("company", |m| m.customer.profile.company)
        .text("loyalty_id", |m| m.customer.loyalty.as_ref().map(|loyalty| loyalty.id.as_str()))
        .string("create_dt", |m| Some(timestamp(m.created)))
        .string("update_dt", |m| Some(timestamp(m.updated)));
    for (group, name) in GROUPS.into_iter().enumerate() {
        frame = frame
            .int(format!("{name}_completion"), |m| m.completion.get(group).copied())
            .text(format!("{name}_datasource"), |m| m.source(group).map(|source| source.table))
            .text(format!("{name}_pk"), |m| m.source(group).map(|source| source.key.as_str()))
            .int(format!("{name}_priority"), |m| m.source(group).map(|source| source.priority))
            .timestamp(format!("{name}_update_dt"), |m| m.source(group).map(|source| source.updated));
    }
    frame.finish()
}
