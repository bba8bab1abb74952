//! What the bars of a breakdown show, and the values in the order of that.

use std::cmp::Ordering;

use crate::backend::{AttributeBreakdown, Purchases};

/// What the bars of a breakdown show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// The part of all purchasers.
    #[default]
    Purchasers,
    /// The part of all revenue.
    Revenue,
    /// The revenue of a purchaser.
    RevenuePerPurchaser,
}

impl Measure {
    /// What it is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Purchasers => "% of purchasers",
            Self::Revenue => "% of revenue",
            Self::RevenuePerPurchaser => "revenue per purchaser",
        }
    }

    pub(super) fn next(self) -> Self {
        match self {
            Self::Purchasers => Self::Revenue,
            Self::Revenue => Self::RevenuePerPurchaser,
            Self::RevenuePerPurchaser => Self::Purchasers,
        }
    }

    /// How long the bar of a value is.
    #[must_use]
    pub fn amount(self, of: &Purchases, total: &Purchases) -> Option<f64> {
        let ratio = |part: f64, all: f64| (all > 0.0).then(|| part / all);
        #[allow(clippy::cast_precision_loss)]
        let (purchasers, everybody) = (of.purchasers as f64, total.purchasers as f64);
        match self {
            Self::Purchasers => ratio(purchasers, everybody),
            Self::Revenue => ratio(of.revenue?.as_f64(), total.revenue?.as_f64()),
            Self::RevenuePerPurchaser => ratio(of.revenue?.as_f64(), purchasers),
        }
    }

    /// Which of two is greater, where what has none is the least.
    fn compare(self, one: &Purchases, other: &Purchases) -> Ordering {
        match self {
            Self::Purchasers => one.purchasers.cmp(&other.purchasers),
            Self::Revenue => {
                one.revenue.map(|revenue| revenue.0).cmp(&other.revenue.map(|revenue| revenue.0))
            }
            Self::RevenuePerPurchaser => compare_averages(one, other),
        }
    }
}

/// Compares what a purchaser has spent, without rounding.
fn compare_averages(one: &Purchases, other: &Purchases) -> Ordering {
    let parts = |of: &Purchases| {
        let revenue = of.revenue.filter(|_| of.purchasers > 0)?;
        Some((i128::from(revenue.0), i128::from(of.purchasers)))
    };
    match (parts(one), parts(other)) {
        (Some((revenue, count)), Some((other, others))) => (revenue * others).cmp(&(other * count)),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}

/// The values of an attribute by a measure, with what a chart of some of them has to know of all.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// The positions of the values, the greatest of the segment first, else as they were.
    pub(super) order: Vec<usize>,
    /// The length of the longest bar.
    pub longest: f64,
    /// Those who have spent most each.
    pub dearest: Purchases,
}

impl Ranking {
    pub(super) fn new(figures: &AttributeBreakdown, measure: Measure) -> Self {
        let (values, total) = (&figures.values.values, &figures.total);
        let mut order: Vec<usize> = (0..values.len()).collect();
        // By purchasers they are sorted already.
        if measure != Measure::Purchasers {
            let of = |at: &usize| values.get(*at).map(|(_, of)| of.segment).unwrap_or_default();
            order.sort_by(|one, other| measure.compare(&of(other), &of(one)));
        }
        let each =
            || values.iter().flat_map(|(_, of)| [(&of.segment, &total.segment), (&of.all, &total.all)]);
        let lengths = each().filter_map(|(of, total)| measure.amount(of, total));
        let dearest = each().map(|(of, _)| of).max_by(|one, other| compare_averages(one, other));
        Self { order, longest: lengths.fold(0.0, f64::max), dearest: dearest.copied().unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::{ListedValue, ListedValues, Money, SegmentAndAll};

    #[test]
    fn values_stand_by_the_measure_and_equal_ones_stay_as_they_were() {
        let of = |purchasers, revenue: Option<i64>| Purchases { purchasers, revenue: revenue.map(Money) };
        let values = [of(9, Some(90)), of(5, Some(200)), of(3, Some(30)), of(2, None), of(0, Some(0))];
        let both = |segment| SegmentAndAll { segment, all: segment };
        let listed = values.iter().enumerate();
        let listed = listed.map(|(at, of)| (ListedValue::Value(at.to_string()), both(*of))).collect();
        let figures = AttributeBreakdown {
            values: ListedValues { values: listed, left_out: 0 },
            total: both(of(19, Some(320))),
        };
        let ranking = |measure| Ranking::new(&figures, measure);
        assert_eq!(ranking(Measure::Purchasers).order, [0, 1, 2, 3, 4]);
        assert_eq!(ranking(Measure::Revenue).order, [1, 0, 2, 4, 3]);
        let by_average = ranking(Measure::RevenuePerPurchaser);
        assert_eq!(by_average.order, [1, 0, 2, 3, 4]);
        assert_eq!(by_average.dearest, of(5, Some(200)));
        assert!((by_average.longest - 0.4).abs() < 1e-9, "{}", by_average.longest);
    }
}
