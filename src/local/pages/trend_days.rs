//! The days at which a trend looks at a segment.

use chrono::{Datelike, Days, NaiveDate};

use crate::backend::TrendStep;

/// How many days a trend has.
pub(super) const DAYS: usize = 13;

/// The last days of the twelve units before that of `as_of`, and `as_of`, ascending; fewer where the calendar begins.
pub(super) fn days(step: TrendStep, as_of: NaiveDate) -> Vec<NaiveDate> {
    let before = |day: &NaiveDate| first_day(step, *day)?.pred_opt();
    let mut days: Vec<NaiveDate> = std::iter::successors(Some(as_of), before).take(DAYS).collect();
    days.reverse();
    days
}

/// The first day of the unit that a day belongs to.
fn first_day(step: TrendStep, day: NaiveDate) -> Option<NaiveDate> {
    match step {
        TrendStep::Day => Some(day),
        TrendStep::Week => day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())),
        TrendStep::Month => day.with_day(1),
        TrendStep::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days_of(step: TrendStep, as_of: &str) -> Vec<String> {
        days(step, as_of.parse().unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn units_end_before_that_of_the_day() {
        let days = days_of(TrendStep::Day, "2024-03-01");
        assert_eq!(
            (days.len(), &days[0], &days[11], &days[12]),
            (13, &"2024-02-18".to_owned(), &"2024-02-29".to_owned(), &"2024-03-01".to_owned())
        );
        let months = days_of(TrendStep::Month, "2024-03-31");
        assert_eq!(months.first().unwrap(), "2023-03-31");
        assert_eq!(months[10..], ["2024-01-31", "2024-02-29", "2024-03-31"]);
        let quarters = days_of(TrendStep::Quarter, "2024-05-17");
        assert_eq!(quarters[..2], ["2021-06-30", "2021-09-30"]);
        assert_eq!(quarters[11..], ["2024-03-31", "2024-05-17"]);
    }

    #[test]
    fn weeks_end_on_sunday() {
        // A Thursday, the Sunday of its week, and the Monday after.
        assert_eq!(days_of(TrendStep::Week, "2024-02-29")[11..], ["2024-02-25", "2024-02-29"]);
        assert_eq!(days_of(TrendStep::Week, "2024-03-03")[11..], ["2024-02-25", "2024-03-03"]);
        assert_eq!(days_of(TrendStep::Week, "2024-03-04")[10..], ["2024-02-25", "2024-03-03", "2024-03-04"]);
        assert_eq!(days_of(TrendStep::Week, "2024-02-29")[0], "2023-12-10");
    }

    #[test]
    fn before_the_calendar_there_are_no_days() {
        for step in [TrendStep::Day, TrendStep::Week, TrendStep::Month, TrendStep::Quarter] {
            assert_eq!(days(step, NaiveDate::MIN), [NaiveDate::MIN]);
            assert_eq!(days(step, NaiveDate::MAX).len(), DAYS);
            assert!(days(step, NaiveDate::MAX).is_sorted());
        }
    }
}
