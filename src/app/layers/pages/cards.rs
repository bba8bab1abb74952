//! The cards of the summary: which there are, which are shown and in which order, and how they stand beside each
//! other.

use serde::{Deserialize, Serialize};

use crate::backend::Metric;

/// From here on cards stand in three columns.
const THREE: u16 = 110;
/// From here on in two.
const TWO: u16 = 72;
/// From here on in four.
const FOUR: u16 = 176;

/// A card of the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardKind {
    /// What the segment is, in words. It stands on top.
    Definition,
    /// The four insights.
    Insights,
    /// The revenue tree.
    RevenueTree,
    /// What customers have brought in.
    Historical,
    /// What they are expected to bring in.
    Predicted,
    /// Who can be contacted each way.
    Reachability,
    /// Purchasers by channel.
    Channels,
    /// Revenue by lifetime spend.
    LifetimeSpend,
    /// New purchasers by month.
    NewPurchasers,
    /// The segment over time.
    Trend,
    /// A custom metric.
    Metric(Box<Metric>),
}

impl CardKind {
    /// Those that every database has, in the order of the start.
    const BUILT_IN: [Self; 9] = [
        Self::Insights,
        Self::RevenueTree,
        Self::Historical,
        Self::Trend,
        Self::NewPurchasers,
        Self::Predicted,
        Self::Reachability,
        Self::Channels,
        Self::LifetimeSpend,
    ];

    /// What it is called in the file that remembers the cards.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Definition => "definition".to_owned(),
            Self::Insights => "insights".to_owned(),
            Self::RevenueTree => "revenue_tree".to_owned(),
            Self::Historical => "historical".to_owned(),
            Self::Predicted => "predicted".to_owned(),
            Self::Reachability => "reachability".to_owned(),
            Self::Channels => "channels".to_owned(),
            Self::LifetimeSpend => "lifetime_spend".to_owned(),
            Self::NewPurchasers => "new_purchasers".to_owned(),
            Self::Trend => "trend".to_owned(),
            Self::Metric(metric) => {
                format!("metric:{}/{}/{}", metric.database, metric.activation_id, metric.name)
            }
        }
    }

    /// What stands over it.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Definition => "Definition",
            Self::Insights => "Insights",
            Self::RevenueTree => "Revenue tree, 1 year",
            Self::Historical => "Historical revenue, 1 year",
            Self::Predicted => "Predicted revenue, next year",
            Self::Reachability => "Reachability",
            Self::Channels => "Purchasers by channel, 1 year",
            Self::LifetimeSpend => "Revenue by lifetime spend",
            Self::NewPurchasers => "New purchasers by month",
            Self::Trend => "Segment over time",
            Self::Metric(metric) => &metric.name,
        }
    }

    /// How many columns it takes where there are so many.
    fn span(&self, columns: usize) -> usize {
        match self {
            Self::Definition | Self::Insights => columns,
            Self::RevenueTree | Self::Trend => columns.min(2),
            _ => 1,
        }
    }
}

/// Which cards are shown, and in which order: what the user's state folder remembers. Cards that it does not name
/// stand after those that it does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct CardLayout {
    /// The keys of cards, in their order.
    #[serde(default)]
    pub order: Vec<String>,
    /// The keys of those that are not shown.
    #[serde(default)]
    pub hidden: Vec<String>,
}

impl CardLayout {
    /// All cards but the definition, in their order.
    #[must_use]
    pub fn all(&self, metrics: &[Metric]) -> Vec<CardKind> {
        let own = metrics.iter().map(|metric| CardKind::Metric(Box::new(metric.clone())));
        let mut cards: Vec<CardKind> = CardKind::BUILT_IN.into_iter().chain(own).collect();
        let place = |card: &CardKind| {
            let key = card.key();
            self.order.iter().position(|known| *known == key).unwrap_or(usize::MAX)
        };
        cards.sort_by_cached_key(place);
        cards
    }

    /// The cards that are shown, the definition first.
    #[must_use]
    pub fn shown(&self, metrics: &[Metric]) -> Vec<CardKind> {
        let shown = self.all(metrics).into_iter().filter(|card| !self.is_hidden(card));
        std::iter::once(CardKind::Definition).chain(shown).collect()
    }

    /// Whether a card is not shown.
    #[must_use]
    pub fn is_hidden(&self, card: &CardKind) -> bool {
        self.hidden.contains(&card.key())
    }

    /// Hides a card, or shows it again.
    pub(crate) fn toggle(&mut self, card: &CardKind) {
        let key = card.key();
        match self.hidden.iter().position(|hidden| *hidden == key) {
            Some(at) => drop(self.hidden.remove(at)),
            None => self.hidden.push(key),
        }
    }

    /// Moves a card before or after the next one of `among` in that direction; whether there is one.
    pub(crate) fn step(
        &mut self,
        card: &CardKind,
        down: bool,
        among: &[CardKind],
        metrics: &[Metric],
    ) -> bool {
        let Some(at) = among.iter().position(|known| known == card) else { return false };
        let beside = if down { at.checked_add(1) } else { at.checked_sub(1) };
        let Some(beside) = beside.and_then(|at| among.get(at)) else { return false };
        let mut order: Vec<String> = self.all(metrics).iter().map(CardKind::key).collect();
        let (key, beside) = (card.key(), beside.key());
        order.retain(|known| *known != key);
        let at = order.iter().position(|known| *known == beside).unwrap_or(order.len());
        order.insert((at + usize::from(down)).min(order.len()), key);
        // Those of other databases keep their places among themselves.
        let others = self.order.iter().filter(|known| !order.contains(known));
        self.order = order.iter().chain(others).cloned().collect();
        true
    }
}

/// Where a card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridPlace {
    /// Its row.
    pub row: usize,
    /// Its first column.
    pub column: usize,
    /// How many columns it takes.
    pub span: usize,
}

/// How many columns of cards fit into so many of the terminal.
#[must_use]
pub fn columns(width: u16) -> usize {
    match width {
        FOUR.. => 4,
        THREE.. => 3,
        TWO.. => 2,
        _ => 1,
    }
}

/// From so many columns of the terminal on the insights stand beside each other.
#[must_use]
pub fn columns_of_two() -> u16 {
    TWO
}

/// The places of cards, in rows; the last card of a row takes what is left of it.
#[must_use]
pub fn grid(cards: &[CardKind], columns: usize) -> Vec<GridPlace> {
    let mut places: Vec<GridPlace> = Vec::with_capacity(cards.len());
    let (mut row, mut column) = (0, 0);
    for card in cards {
        let span = card.span(columns);
        if column + span > columns {
            stretch(&mut places, columns);
            (row, column) = (row + 1, 0);
        }
        places.push(GridPlace { row, column, span });
        column += span;
    }
    stretch(&mut places, columns);
    places
}

fn stretch(places: &mut [GridPlace], columns: usize) {
    if let Some(last) = places.last_mut() {
        last.span = columns.saturating_sub(last.column);
    }
}

/// The card above or below the one at `at`, at the same place of its row where there is one.
pub(crate) fn beside(places: &[GridPlace], at: usize, rows: isize) -> usize {
    let Some(from) = places.get(at) else { return 0 };
    let last = places.last().map_or(0, |place| place.row);
    let row = from.row.saturating_add_signed(rows).min(last);
    if row == from.row {
        return at;
    }
    let in_row = places.iter().enumerate().filter(|(_, place)| place.row == row);
    let holds = |place: &GridPlace| place.column <= from.column;
    in_row.filter(|(_, place)| holds(place)).map(|(at, _)| at).next_back().unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_fill_their_rows() {
        use CardKind as C;
        let cards = [C::Definition, C::RevenueTree, C::Historical, C::Predicted, C::Channels, C::Trend];
        let places = |columns| {
            grid(&cards, columns)
                .iter()
                .map(|place| (place.row, place.column, place.span))
                .collect::<Vec<_>>()
        };
        assert_eq!(places(1), [(0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 0, 1), (4, 0, 1), (5, 0, 1)]);
        assert_eq!(places(2), [(0, 0, 2), (1, 0, 2), (2, 0, 1), (2, 1, 1), (3, 0, 2), (4, 0, 2)]);
        assert_eq!(places(3), [(0, 0, 3), (1, 0, 2), (1, 2, 1), (2, 0, 1), (2, 1, 2), (3, 0, 3)]);
        let grid = grid(&cards, 3);
        assert_eq!(
            [beside(&grid, 0, 1), beside(&grid, 2, 1), beside(&grid, 4, -1), beside(&grid, 5, 9)],
            [1, 4, 1, 5]
        );
        assert_eq!(beside(&grid, 3, -9), 0);
    }

    #[test]
    fn cards_are_moved_hidden_and_shown() {
        use CardKind as C;
        let mut layout = CardLayout { order: vec!["metric:other/id/A".to_owned()], ..CardLayout::default() };
        let shown = layout.shown(&[]);
        assert!(layout.step(&C::RevenueTree, false, &shown, &[]));
        assert_eq!(layout.shown(&[])[..3], [C::Definition, C::RevenueTree, C::Insights]);
        assert!(layout.order.contains(&"metric:other/id/A".to_owned()), "those of other databases stay");
        layout.toggle(&C::Insights);
        assert_eq!(layout.shown(&[])[..3], [C::Definition, C::RevenueTree, C::Historical]);
        // Past the hidden one as well.
        let shown: Vec<C> = layout.shown(&[]);
        assert!(layout.step(&C::Historical, false, &shown, &[]));
        assert_eq!(layout.shown(&[])[1..3], [C::Historical, C::RevenueTree]);
        layout.toggle(&C::Insights);
        assert_eq!(layout.shown(&[]).len(), 10);
        assert!(!layout.step(&C::LifetimeSpend, true, &layout.shown(&[]), &[]));
    }

    #[test]
    fn a_layout_is_read_as_it_was_written_and_of_less() {
        let layout = CardLayout { order: vec!["trend".to_owned()], hidden: vec!["channels".to_owned()] };
        let text = serde_json::to_string(&layout).unwrap();
        assert_eq!(serde_json::from_str::<CardLayout>(&text).unwrap(), layout);
        assert_eq!(serde_json::from_str::<CardLayout>("{}").unwrap(), CardLayout::default());
    }
}
