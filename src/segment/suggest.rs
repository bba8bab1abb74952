//! What was probably meant by something that is nearly right.

use super::date::{DateValue, RelativeDate};
use super::letters::Letters;
use super::name_index::NameIndex;

/// The candidate that a misspelled word most likely meant.
pub(crate) fn nearest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = text.to_lowercase();
    let scored =
        candidates.map(|candidate| (strsim::jaro_winkler(&lower, &candidate.to_lowercase()), candidate));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.8).then_some(best.1)
}

/// How many labels are compared letter by letter at most: of a great many that begin alike, most are not worth it.
const MOST_COMPARED: usize = 4096;
/// As many letters at the beginning count more than the others.
const BEGINNING: u32 = 4;

/// The label that a misspelled name most likely meant, searched for in several indexes: as [`nearest`], but most
/// labels are passed over by the letters that they have.
pub(super) struct Nearest<'n> {
    lower: String,
    letters: Letters,
    compared: usize,
    best: (f64, &'n str),
}

impl<'n> Nearest<'n> {
    /// To be searched for.
    pub fn new(said: &str) -> Self {
        let lower = said.to_lowercase();
        Self { letters: Letters::of(&lower), lower, compared: 0, best: (0.8, "") }
    }

    /// Searches the labels of an index.
    pub fn search(&mut self, index: &'n NameIndex) {
        let all = index.all_letters();
        if self.most(self.letters.common(all.together), all.fewest, BEGINNING) <= self.best.0 {
            return;
        }
        for (named, letters) in index.names().iter().zip(index.letters()) {
            if self.compared >= MOST_COMPARED {
                return;
            }
            let (common, count) = (self.letters.common(*letters), letters.count());
            if self.most(common, count, BEGINNING) <= self.best.0
                || self.most(common, count, self.beginning(&named.label)) <= self.best.0
            {
                continue;
            }
            self.compared += 1;
            let likeness = strsim::jaro_winkler(&self.lower, &named.label.to_lowercase());
            if likeness > self.best.0 {
                self.best = (likeness, &named.label);
            }
        }
    }

    /// How many letters at the beginning of a label are those that were said, at most.
    fn beginning(&self, label: &str) -> u32 {
        if !label.is_ascii() {
            return BEGINNING;
        }
        let letters = self.lower.bytes().zip(label.bytes()).zip(0..BEGINNING);
        let alike = letters.take_while(|((said, label), _)| *said == label.to_ascii_lowercase());
        alike.last().map_or(0, |(_, at)| at + 1)
    }

    /// How like a label can be at most that has so many letters at least, so many in common with what was said at most,
    /// and begins with as many of it.
    fn most(&self, common: u32, label: u32, beginning: u32) -> f64 {
        let said = self.letters.count();
        let beginning = f64::from(said.min(beginning));
        let [common, said, label] = [common, said, label.max(common)].map(f64::from);
        let jaro = (common / said + common / label + 1.0) / 3.0;
        // A little more, so that rounding passes nothing over.
        jaro + 0.1 * beginning * (1.0 - jaro) + 1e-12
    }

    /// What was found.
    pub fn found(&self) -> Option<&'n str> {
        (self.best.0 > 0.8).then_some(self.best.1)
    }
}

/// The known key that an unknown one differs from by a slip of the finger. Unknown keys are often
/// somebody's own, so this asks for more likeness than [`nearest`].
pub(super) fn key<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = unknown.to_lowercase().replace('-', "_");
    let slips = known.map(|known| (strsim::osa_distance(&lower, known), known));
    let (slips, known) = slips.min_by_key(|(slips, _)| *slips)?;
    (slips <= known.len() / 5 + 1 && slips < known.len().min(lower.len())).then_some(known)
}

/// The date that a text which is none probably meant.
pub(super) fn date(text: &str) -> Option<DateValue> {
    if let Ok(date) = DateValue::parse(text) {
        return Some(date);
    }
    calendar_date(text).or_else(|| relative(text).map(|words| DateValue::Relative(words.to_string())))
}

/// `2024/1/5` and `2024.01.05` are in order; of a day beyond the end of its month the last one is meant.
fn calendar_date(text: &str) -> Option<DateValue> {
    let mut parts = text.trim().split(['-', '/', '.']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str, most| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.next().is_some() || year.len() != 4 || !is_number(year, 4) {
        return None;
    }
    if !is_number(month, 2) || !is_number(day, 2) {
        return None;
    }
    let beyond: u8 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let written = (1..=beyond).rev().map(|day| format!("{year}-{month:0>2}-{day:02}"));
    written.take(4).find_map(|text| DateValue::parse(&text).ok())
}

/// Relative words with slips in them.
fn relative(text: &str) -> Option<RelativeDate> {
    const WORDS: [&str; 21] = [
        "today",
        "now",
        "yesterday",
        "tomorrow",
        "ago",
        "from",
        "in",
        "start",
        "of",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "quarter",
        "quarters",
        "year",
        "years",
        "-",
        "+",
    ];
    const NUMBERS: [&str; 12] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let mut spaced = String::new();
    for letter in text.to_lowercase().chars() {
        // `3months` and `today-3` are several words.
        let last = spaced.chars().next_back();
        let is_seam = last.is_some_and(|last| last.is_ascii_digit() && letter.is_alphabetic());
        match letter {
            '-' | '+' => spaced.extend([' ', letter, ' ']),
            '_' => spaced.push(' '),
            _ if is_seam => spaced.extend([' ', letter]),
            _ => spaced.push(letter),
        }
    }
    let words = spaced.split_whitespace().map(|word| {
        if word.bytes().all(|byte| byte.is_ascii_digit()) || WORDS.contains(&word) {
            return Some(word.to_owned());
        }
        match NUMBERS.iter().position(|number| *number == word) {
            Some(at) => Some((at + 1).to_string()),
            None if word == "a" || word == "an" => Some("1".to_owned()),
            None => nearest(word, WORDS.into_iter()).map(str::to_owned),
        }
    });
    let words: Vec<String> = words.collect::<Option<_>>()?;
    let said = words.join(" ");
    let tries = [said.clone(), said.trim_start_matches("- ").to_owned() + " ago", format!("{said} ago")];
    tries.iter().find_map(|words| RelativeDate::parse(words).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::name_matching::Named;

    /// What is passed over by its letters would not have been found.
    #[test]
    fn the_nearest_label_is_that_of_comparing_each() {
        let mut random = fastrand::Rng::with_seed(3);
        let parts = ["C0", "c1", "T", " ", "ab", "b", "a", "AA", "ß", "é", "Order ", "1", "22"];
        let text = |random: &mut fastrand::Rng| -> String {
            (0..random.usize(1..6)).filter_map(|_| random.choice(parts)).collect()
        };
        for _ in 0..3_000 {
            let labels: Vec<Vec<String>> = (0..random.usize(1..4))
                .map(|_| (0..random.usize(0..6)).map(|_| text(&mut random)).collect())
                .collect();
            let indexes: Vec<NameIndex> = labels
                .iter()
                .map(|labels| {
                    let named = |label: &String| Named { name: label.clone(), label: label.clone() };
                    NameIndex::new(labels.iter().map(named).collect())
                })
                .collect();
            let said = text(&mut random);
            let mut nearest = Nearest::new(&said);
            indexes.iter().for_each(|index| nearest.search(index));
            // Of equals the first.
            let likeness = |label: &str| strsim::jaro_winkler(&said.to_lowercase(), &label.to_lowercase());
            let all = labels.iter().flatten().map(|label| (likeness(label), label.as_str()));
            let best = all.fold(
                (0.8, None),
                |best, (likeness, label)| {
                    if likeness > best.0 { (likeness, Some(label)) } else { best }
                },
            );
            assert_eq!(nearest.found(), best.1, "{said:?} {labels:?}");
        }
    }

    #[test]
    fn keys_with_a_slip_are_recognized() {
        let known = ["attribute", "op", "value", "where", "match_case", "inclusive", "off", "column"];
        let meant = |unknown: &str| key(unknown, known.into_iter());
        let slips = [("were", "where"), ("atribute", "attribute"), ("Value", "value"), ("vlaue", "value")];
        for (slip, right) in
            slips.into_iter().chain([("match-case", "match_case"), ("inclusiv", "inclusive")])
        {
            assert_eq!(meant(slip), Some(right), "{slip}");
        }
        for own in ["note", "colour", "x", "o", "id", "owner", "ticket", ""] {
            assert_eq!(meant(own), None, "{own}");
        }
    }

    #[test]
    fn dates_with_a_slip_are_recognized() {
        let meant = |text: &str| date(text).map(|date| date.to_json().to_string());
        for (slip, right) in [
            ("3 month ag", r#"{"relative":"3 months ago"}"#),
            ("3months ago", r#"{"relative":"3 months ago"}"#),
            ("three weeks ago", r#"{"relative":"3 weeks ago"}"#),
            ("-3 days", r#"{"relative":"3 days ago"}"#),
            ("3 months", r#"{"relative":"3 months ago"}"#),
            ("3 mnths from now", r#"{"relative":"3 months from now"}"#),
            ("yestrday", r#"{"relative":"yesterday"}"#),
            ("start_of_month", r#"{"relative":"start of month"}"#),
            ("2024-02-30", r#""2024-02-29""#),
            ("2024/1/5", r#""2024-01-05""#),
        ] {
            assert_eq!(meant(slip).as_deref(), Some(right), "{slip}");
        }
        for text in ["", "soon", "31.01.2024", "2024-13-01", "2024-01-32", "1.5 days ago", "99999 days ag"] {
            assert_eq!(meant(text), None, "{text}");
        }
    }
}
