//! The days of a trend.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use segtui::backend::TrendStep;

/// The last days of the twelve units before that of a day, ascending, then the day.
pub fn days(as_of: NaiveDate, step: TrendStep) -> Vec<NaiveDate> {
    let mut days = vec![as_of];
    // Backwards day by day: the day before the first of a unit is the last of the one before.
    let mut day = as_of;
    while days.len() < 13 {
        let is_first = match step {
            TrendStep::Day => true,
            TrendStep::Week => day.weekday() == Weekday::Mon,
            TrendStep::Month => day.day() == 1,
            TrendStep::Quarter => day.day() == 1 && [1, 4, 7, 10].contains(&day.month()),
        };
        day = day - Days::new(1);
        if is_first {
            days.push(day);
        }
    }
    days.reverse();
    days
}

#[test]
fn units_end_on_their_last_days() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let months = days(day("2024-02-29"), TrendStep::Month);
    assert_eq!(months[..2], [day("2023-02-28"), day("2023-03-31")]);
    assert_eq!(months[11..], [day("2024-01-31"), day("2024-02-29")]);
    assert_eq!(days(day("2024-02-29"), TrendStep::Quarter)[11..], [day("2023-12-31"), day("2024-02-29")]);
    assert_eq!(days(day("2024-02-25"), TrendStep::Week)[11..], [day("2024-02-18"), day("2024-02-25")]);
    assert_eq!(days(day("2024-02-26"), TrendStep::Week)[11..], [day("2024-02-25"), day("2024-02-26")]);
    assert_eq!(days(day("2024-02-29"), TrendStep::Day)[0], day("2024-02-29") - Days::new(12));
    assert_eq!(months[0], day("2024-02-29") - Months::new(12));
}
