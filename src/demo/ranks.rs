//! Values that depend on a customer's rank among all customers.

/// What the ranks are made from.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    /// Predicted value, in cents.
    pub clv: i64,
    /// Latest order (seconds), orders and revenue (cents) of the last twelve months.
    pub year: Option<(i64, i64, i64)>,
}

/// Ranks of one customer.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rank {
    /// Tier of predicted value.
    pub tier: Option<&'static str>,
    /// Deciles of recency, frequency and monetary value, 10 = best.
    pub rfm: Option<[u8; 3]>,
}

impl Rank {
    /// The three deciles written one after the other.
    pub(crate) fn rfm_score(&self) -> Option<i64> {
        self.rfm.and_then(|[r, f, m]| format!("{r}{f}{m}").parse().ok())
    }
}

/// Ranks everybody; ties go by position, so that the result is the same every time.
pub(crate) fn rank(standings: &[Option<Standing>]) -> Vec<Rank> {
    let mut ranks = vec![Rank::default(); standings.len()];
    let by_value = sorted(standings, |standing| Some(standing.clv));
    let total = by_value.len();
    for (place, at) in by_value.into_iter().rev().enumerate() {
        if let Some(rank) = ranks.get_mut(at) {
            rank.tier = Some(tier(place, total));
        }
    }
    let measures: [fn(&Standing) -> Option<i64>; 3] =
        [|s| s.year.map(|y| y.0), |s| s.year.map(|y| y.1), |s| s.year.map(|y| y.2)];
    for (measure, key) in measures.into_iter().enumerate() {
        let by_measure = sorted(standings, key);
        let total = by_measure.len();
        for (place, at) in by_measure.into_iter().enumerate() {
            if let Some(rank) = ranks.get_mut(at)
                && let Some(decile) = rank.rfm.get_or_insert_default().get_mut(measure)
            {
                *decile = ntile(place, total);
            }
        }
    }
    ranks
}

/// Positions of those who have a key, in ascending order of it.
fn sorted(standings: &[Option<Standing>], key: impl Fn(&Standing) -> Option<i64>) -> Vec<usize> {
    let keys = standings.iter().map(|standing| standing.as_ref().and_then(&key));
    let mut keyed: Vec<(i64, usize)> = keys.enumerate().filter_map(|(at, key)| Some((key?, at))).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, at)| at).collect()
}

/// Tier of the customer at `place` (0 = the most valuable).
fn tier(place: usize, total: usize) -> &'static str {
    match place * 100 {
        rank if rank < total => "Platinum",
        rank if rank < total * 5 => "Gold",
        rank if rank < total * 10 => "Silver",
        rank if rank < total * 25 => "Bronze",
        rank if rank < total * 50 => "Medium",
        _ => "Low",
    }
}

/// SQL's NTILE(10): the first tiles take one more where the rows do not divide evenly.
fn ntile(place: usize, total: usize) -> u8 {
    let (size, longer) = (total / 10, total % 10);
    let tile = match place.checked_sub(longer * (size + 1)) {
        Some(rest) if size > 0 => longer + rest / size,
        _ => place / (size + 1),
    };
    u8::try_from(tile + 1).unwrap_or(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ntile_is_that_of_sql() {
        let tiles: Vec<u8> = (0..23).map(|place| ntile(place, 23)).collect();
        assert_eq!(tiles, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10]);
        assert_eq!((0..3).map(|place| ntile(place, 3)).collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn tiers_have_their_shares() {
        let standings: Vec<_> = (0..1000).map(|clv| Some(Standing { clv, year: None })).collect();
        let ranks = rank(&standings);
        let share = |name| ranks.iter().filter(|rank| rank.tier == Some(name)).count();
        let shares = ["Platinum", "Gold", "Silver", "Bronze", "Medium", "Low"].map(share);
        assert_eq!(shares, [10, 40, 50, 150, 250, 500]);
        assert_eq!(ranks.last().and_then(|rank| rank.tier), Some("Platinum"));
    }
}
