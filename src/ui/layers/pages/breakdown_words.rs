//! The words and numbers of a breakdown, in charts and as a table.

use crate::app::App;
use crate::app::layers::pages::measure::Measure;
use crate::backend::{AttributeBreakdown, ColumnName, Money, Purchases};
use crate::segment::Schema;
use crate::ui::number;

/// The label of an attribute.
pub(super) fn label(app: &App, attribute: &ColumnName) -> String {
    app.with_schema(|schema: &dyn Schema| schema.column_label(&attribute.table, &attribute.column))
}

/// The label of the table that an attribute is in.
pub(super) fn table_label(app: &App, attribute: &ColumnName) -> String {
    let table = app.database().and_then(|database| database.table(&attribute.table));
    table.map_or_else(|| attribute.table.clone(), |table| table.title().to_owned())
}

/// Where the cursor is among how many values.
pub(super) fn place(figures: &AttributeBreakdown, cursor: usize, is_focused: bool) -> String {
    let count = figures.values.values.len() as u64;
    let place = if is_focused { format!("{} of ", number::whole(cursor as u64 + 1)) } else { String::new() };
    let values = if count == 1 { "value" } else { "values" };
    let left_out = match figures.values.left_out {
        0 => String::new(),
        more => format!(", {} more left out", number::whole(more)),
    };
    format!("{place}{} {values}{left_out}", number::whole(count))
}

/// The currency of the database.
pub(super) fn currency(app: &App) -> String {
    app.database().map_or_else(|| "USD".to_owned(), |database| database.currency.clone())
}

/// The number beside the bar of a value.
pub(super) fn words(measure: Measure, of: &Purchases, total: &Purchases, currency: &str) -> String {
    let said = match measure {
        Measure::Purchasers => Some(purchaser_share(of, total)),
        Measure::Revenue => revenue_share(of, total),
        Measure::RevenuePerPurchaser => per_purchaser(of, currency),
    };
    said.unwrap_or_else(|| "–".to_owned())
}

/// `12.3 %` of all purchasers.
#[allow(clippy::cast_precision_loss)]
pub(super) fn purchaser_share(of: &Purchases, total: &Purchases) -> String {
    number::share(of.purchasers as f64, total.purchasers as f64)
}

/// `12.3 %` of all revenue.
pub(super) fn revenue_share(of: &Purchases, total: &Purchases) -> Option<String> {
    Some(number::share(of.revenue?.as_f64(), total.revenue?.as_f64()))
}

/// `$184.89` for each purchaser, rounded half away from zero.
pub(super) fn per_purchaser(of: &Purchases, currency: &str) -> Option<String> {
    let (cents, count) = (i128::from(of.revenue?.0), i128::from(of.purchasers));
    let rounded = (2 * cents.abs() + count).checked_div(2 * count)?;
    let cents = i64::try_from(rounded * cents.signum()).ok()?;
    Some(number::money(Money(cents), currency, true))
}
