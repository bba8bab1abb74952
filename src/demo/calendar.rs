//! Days and times of the demo world.

use chrono::{Datelike, Months, NaiveDate};

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;
/// The day the data stands at (2025-12-31), counted from 1970-01-01.
pub(crate) const AS_OF_DAY: i64 = 20_453;
/// No order is older than this day (2022-01-01).
pub(crate) const FIRST_DAY: i64 = 18_993;
/// The last second of the data.
pub(crate) const LAST_SECOND: i64 = (AS_OF_DAY + 1) * DAY - 1;

const EPOCH_FROM_CE: i64 = 719_163;

/// The calendar day of a day number.
pub fn date(day: i64) -> NaiveDate {
    i32::try_from(day + EPOCH_FROM_CE).ok().and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or_default()
}

/// The day number of a calendar day.
pub(crate) fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - EPOCH_FROM_CE
}

/// Month of the year, 1 to 12.
pub fn month(day: i64) -> u32 {
    date(day).month()
}

/// The day `months` calendar months before the data's own day.
pub(crate) fn months_ago(months: u32) -> i64 {
    date(AS_OF_DAY).checked_sub_months(Months::new(months)).map_or(FIRST_DAY, day_number)
}

/// A time as `YYYY-MM-DD HH:MM:SS`.
pub(crate) fn timestamp(second: i64) -> String {
    let time = second.rem_euclid(DAY);
    let (hour, minute, second_of_minute) = (time / 3600, time / 60 % 60, time % 60);
    format!("{} {hour:02}:{minute:02}:{second_of_minute:02}", date(second.div_euclid(DAY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_name_the_days_they_say() {
        assert_eq!(date(AS_OF_DAY).to_string(), "2025-12-31");
        assert_eq!(date(FIRST_DAY).to_string(), "2022-01-01");
        assert_eq!(timestamp(LAST_SECOND), "2025-12-31 23:59:59");
        assert_eq!(date(months_ago(1)).to_string(), "2025-11-30");
    }
}
