//! The breakdown.

use std::collections::{BTreeMap, BTreeSet};

use segtui::backend::{AttributeBreakdown, ColumnName, DayRange, ListedValues, Purchases, SegmentAndAll};

use super::exactly::money;
use super::orders::Orders;
use super::{Ids, Pages, listed};

impl Pages<'_> {
    pub fn breakdown(
        &self,
        orders: &Orders,
        of: &ColumnName,
        members: &BTreeSet<String>,
        range: DayRange,
    ) -> Option<AttributeBreakdown> {
        let rows = self.slow.tables.get(&of.table).filter(|rows| rows.has(&of.column))?;
        let mut spent: BTreeMap<&String, i128> = BTreeMap::new();
        for bought in orders.within(range) {
            *spent.entry(&bought.customer).or_default() += bought.revenue;
        }
        let mut ids = Ids::new();
        for row in 0..rows.len() {
            if let Some(id) = self.customer(rows, row).filter(|id| spent.contains_key(id)) {
                ids.entry(listed(rows.cell(row, &of.column))).or_default().insert(id);
            }
        }
        let purchases = |ids: &mut dyn Iterator<Item = &String>| {
            let (mut purchasers, mut revenue) = (0, 0);
            for id in ids {
                purchasers += 1;
                revenue += spent[id];
            }
            Purchases { purchasers, revenue: orders.has_revenue.then(|| money(revenue)) }
        };
        let halves = |ids: &BTreeSet<&String>| SegmentAndAll {
            segment: purchases(&mut ids.iter().copied().filter(|id| members.contains(*id))),
            all: purchases(&mut ids.iter().copied()),
        };
        let mut values: Vec<_> = ids.iter().map(|(value, ids)| (value.clone(), halves(ids))).collect();
        let most = |of: &SegmentAndAll<Purchases>| (of.segment.purchasers, of.all.purchasers);
        values.sort_by(|(a, x), (b, y)| most(y).cmp(&most(x)).then(a.cmp(b)));
        let everybody: BTreeSet<&String> = spent.keys().copied().collect();
        Some(AttributeBreakdown { values: ListedValues { values, left_out: 0 }, total: halves(&everybody) })
    }
}
