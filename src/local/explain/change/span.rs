//! Ten years each way, and the days in them on which a relative date passes a date.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::segment::RelativeDate;

/// How many months are looked at each way.
const MONTHS: Months = Months::new(120);

/// The days from ten years before a day to ten years after it, both included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Span {
    pub fn around(day: NaiveDate) -> Self {
        Self {
            first: day.checked_sub_months(MONTHS).unwrap_or(NaiveDate::MIN),
            last: day.checked_add_months(MONTHS).unwrap_or(NaiveDate::MAX),
        }
    }

    /// All of its days.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let last = self.last;
        self.first.iter_days().take_while(move |day| *day <= last)
    }

    /// The days on which a relative date comes to a date, and on which it goes past it. It never goes back.
    pub fn crossings(
        &self,
        relative: RelativeDate,
        date: NaiveDate,
    ) -> impl Iterator<Item = NaiveDate> + use<> {
        let comes = self.first_day(|day| relative.on(day).is_some_and(|at| at >= date));
        let goes = self.first_day(|day| relative.on(day).is_some_and(|at| at > date));
        [comes, goes].into_iter().flatten()
    }

    /// The same of all anniversaries of a date; of 29 February both days on which they may fall.
    pub fn anniversaries(
        &self,
        relative: RelativeDate,
        date: NaiveDate,
    ) -> impl Iterator<Item = NaiveDate> + use<> {
        let year = |day| relative.on(day).map_or(0, |at: NaiveDate| at.year());
        let (span, years) = (*self, year(self.first)..=year(self.last));
        let of_year = move |year| {
            let stand_in =
                NaiveDate::from_ymd_opt(year, 3, 1).filter(|_| (date.month(), date.day()) == (2, 29));
            let anniversary = NaiveDate::from_ymd_opt(year, date.month(), date.day());
            anniversary.into_iter().chain(stand_in)
        };
        years.flat_map(of_year).flat_map(move |anniversary| span.crossings(relative, anniversary))
    }

    /// The first day on which something holds that goes on holding; none if it held from the beginning.
    fn first_day(&self, holds: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
        let at = |days: u64| self.first.checked_add_days(Days::new(days));
        let (mut low, mut high) =
            (0, self.last.signed_duration_since(self.first).num_days().unsigned_abs() + 1);
        while low < high {
            let middle = u64::midpoint(low, high);
            if at(middle).is_some_and(&holds) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        at(low).filter(|day| low > 0 && *day <= self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{DatePeriod, DateUnit};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn ten_years_each_way_are_clamped_to_the_month() {
        let span = Span::around(day("2024-02-29"));
        assert_eq!((span.first, span.last), (day("2014-02-28"), day("2034-02-28")));
        assert_eq!(span.days().last(), Some(span.last));
    }

    #[test]
    fn a_relative_date_passes_each_date_on_the_days_on_which_comparisons_change() {
        let span = Span::around(day("2024-02-29"));
        let words = [
            RelativeDate::Shift(0, DateUnit::Day),
            RelativeDate::Shift(-1, DateUnit::Month),
            RelativeDate::Shift(1, DateUnit::Quarter),
            RelativeDate::Shift(-3, DateUnit::Year),
            RelativeDate::StartOf(DatePeriod::Week),
            RelativeDate::StartOf(DatePeriod::Quarter),
        ];
        let dates = [
            "2024-02-29",
            "2024-01-31",
            "2023-03-30",
            "2020-12-31",
            "2034-03-01",
            "2014-02-28",
            "1999-01-01",
        ];
        for relative in words {
            for date in dates.map(day) {
                let changes: Vec<NaiveDate> = span
                    .days()
                    .skip(1)
                    .filter(|today| {
                        let order = |day: NaiveDate| relative.on(day).unwrap().cmp(&date);
                        order(today.pred_opt().unwrap()) != order(*today)
                    })
                    .collect();
                let mut found: Vec<NaiveDate> = span.crossings(relative, date).collect();
                found.dedup();
                assert_eq!(found, changes, "{relative} passes {date}");
            }
        }
    }
}
