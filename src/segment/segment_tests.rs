//! The tests of a document: what must hold of the members of a segment.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::json::brief;
use super::lists::Lists;
use super::number::ExactDecimal;
use super::place::Place;
use super::problem::Problem;
use super::suggest;
use super::words::count;

/// What must hold of the members of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentTest {
    /// These ids are members.
    In(Vec<String>),
    /// These ids are not.
    Out(Vec<String>),
    /// So many members, both ends included.
    Size(Option<u64>, Option<u64>),
    /// Such a part of all customers, from 0 to 1, both ends included.
    Share(Option<Fraction>, Option<Fraction>),
    /// The members differ from a number by at most so many percent of it.
    Change {
        /// The number, once one was measured.
        from: Option<u64>,
        /// How many percent.
        percent: Fraction,
    },
    /// No member is one of the segment with this id.
    Disjoint(String),
    /// All members are members of the segment with this id.
    Within(String),
    /// Whether each line must change something.
    EveryLineCounts(bool),
}

/// A number of a test that is not negative, exactly as its digits say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction(ExactDecimal);

/// The tests of a document as they were written: what is not understood is kept as it is. Cheap to clone, as every edit
/// makes a new version of the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentTests(Option<Arc<Value>>);

/// The kinds of tests, by their keys.
const KINDS: [&str; 8] = ["in", "out", "size", "share", "change", "disjoint", "within", "every_line_counts"];

impl Fraction {
    /// Parts are multiplied with numbers of customers: with so many decimals nothing overflows.
    const MOST_DECIMALS: u32 = 18;

    /// Reads the digits of a number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // As JSON has numbers: no sign, no blanks, a digit at both ends.
        let is_number = matches!(serde_json::from_str(text), Ok(Value::Number(_))) && text.trim() == text;
        let number = ExactDecimal::parse(text).filter(|_| is_number)?;
        let fits = number.parts() >= 0 && number.decimals() <= Self::MOST_DECIMALS;
        fits.then_some(Self(number))
    }

    /// Parts of one, and how many a whole has.
    fn parts(self) -> (u128, u128) {
        (self.0.parts().unsigned_abs(), 10_u128.pow(self.0.decimals()))
    }

    /// How `part` compares with this fraction of `whole`.
    #[must_use]
    pub(crate) fn compare(self, part: u64, whole: u64) -> std::cmp::Ordering {
        let (parts, one) = self.parts();
        match parts.checked_mul(whole.into()) {
            Some(wanted) => (u128::from(part) * one).cmp(&wanted),
            // More than any number of customers.
            None => std::cmp::Ordering::Less,
        }
    }

    /// Whether it is more than another one.
    #[must_use]
    pub(crate) fn is_more_than(self, other: Self) -> bool {
        let ((parts, one), (others, other_one)) = (self.parts(), other.parts());
        // As whole numbers and what is left, so that nothing overflows.
        (parts / one, parts % one * other_one) > (others / other_one, others % other_one * one)
    }

    /// A hundredth.
    fn hundredth(self) -> String {
        ExactDecimal::parse(&format!("{}e-2", self.0)).map_or_else(String::new, |number| number.to_string())
    }

    /// A hundred times as much, which says a share in percent.
    fn times_100(self) -> String {
        ExactDecimal::parse(&format!("{}e2", self.0))
            .map_or_else(|| format!("100 · {self}"), |it| it.to_string())
    }

    fn json(self) -> Value {
        serde_json::from_str(&self.to_string()).unwrap_or_default()
    }

    /// Reads `0.086` or `8.6 %`.
    #[must_use]
    pub(crate) fn parse_share(text: &str) -> Option<Self> {
        match text.trim().strip_suffix('%') {
            Some(percent) => Self::parse(&Self::parse(percent.trim())?.hundredth()),
            None => Self::parse(text.trim()),
        }
    }

    /// Whether it is a share of something.
    #[must_use]
    pub(crate) fn is_share(self) -> bool {
        let (parts, one) = self.parts();
        parts <= one
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Value> for SegmentTests {
    fn from(json: Value) -> Self {
        Self(Some(Arc::new(json)))
    }
}

impl SegmentTests {
    /// As the document has them; `None` where it has none.
    #[must_use]
    pub fn json(&self) -> Option<&Value> {
        self.0.as_deref()
    }

    fn items(&self) -> &[Value] {
        self.json().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many there are; what cannot be understood at all counts as one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What each of them says, or what is wrong with it.
    #[must_use]
    pub fn read(&self) -> Vec<Result<SegmentTest, Problem>> {
        match self.json() {
            None => Vec::new(),
            Some(Value::Array(items)) => items
                .iter()
                .enumerate()
                .map(|(index, item)| {
                    read(item).map_err(|(message, help)| {
                        Problem::invalid(Place::Tests(Some(index)), message).with_help(help)
                    })
                })
                .collect(),
            Some(other) => {
                let message = format!("\"tests\" is an array, not {}", brief(other));
                vec![Err(
                    Problem::invalid(Place::Tests(None), message).with_help("write [{\"in\": [\"ID\"]}]")
                )]
            }
        }
    }

    /// What is wrong with them, looking for the segments that they name.
    #[must_use]
    pub fn problems(&self, lists: &dyn Lists) -> Vec<Problem> {
        let wrong = |(index, test): (usize, Result<SegmentTest, Problem>)| match test {
            Err(problem) => Some(problem),
            Ok(SegmentTest::Disjoint(id) | SegmentTest::Within(id)) => {
                let missing = lists.segment(&id).err()?;
                let help = missing.help_text().to_owned();
                Some(Problem::invalid(Place::Tests(Some(index)), missing.message).with_help(help))
            }
            Ok(_) => None,
        };
        self.read().into_iter().enumerate().filter_map(wrong).collect()
    }

    /// With one more at the end; `None` where they are not understood.
    #[must_use]
    pub fn with(&self, test: &SegmentTest) -> Option<Self> {
        if self.json().is_some_and(|json| !json.is_array()) {
            return None;
        }
        let mut items = self.items().to_vec();
        items.push(Value::Object(test.json()));
        Some(Self::from(Value::Array(items)))
    }

    /// With another test at a position. Unknown keys stay.
    #[must_use]
    pub fn with_changed(&self, index: usize, test: &SegmentTest) -> Option<Self> {
        let mut items = self.items().to_vec();
        let slot = items.get_mut(index)?;
        *slot = Value::Object(merged(slot.as_object(), test));
        Some(Self::from(Value::Array(items)))
    }

    /// Without the one at a position; without any the document has none.
    #[must_use]
    pub fn without(&self, index: usize) -> Option<Self> {
        let mut items = self.items().to_vec();
        if index >= items.len() {
            return None;
        }
        items.remove(index);
        Some(if items.is_empty() { Self::default() } else { Self::from(Value::Array(items)) })
    }

    /// With this number of members as what changes are measured from.
    #[must_use]
    pub fn measured_from(&self, members: u64) -> Self {
        let is_other = |test: &Result<SegmentTest, Problem>| matches!(test, Ok(SegmentTest::Change { from, .. }) if *from != Some(members));
        let wanted: Vec<usize> =
            self.read().iter().enumerate().filter(|(_, test)| is_other(test)).map(|(at, _)| at).collect();
        if wanted.is_empty() {
            return self.clone();
        }
        let mut items = self.items().to_vec();
        for index in wanted {
            let change = items.get_mut(index).and_then(|item| item.get_mut("change"));
            if let Some(change) = change.and_then(Value::as_object_mut) {
                change.insert("from".to_owned(), members.into());
            }
        }
        Self::from(Value::Array(items))
    }
}

/// What a test becomes, with the keys of the one before that are nobody's.
fn merged(before: Option<&Map<String, Value>>, test: &SegmentTest) -> Map<String, Value> {
    let written = test.json();
    let Some(before) = before else { return written };
    let mut map = Map::new();
    for (key, mut value) in written {
        if let (Some(Value::Object(own)), Value::Object(inner)) = (before.get(&key), &mut value) {
            let unknown = own.iter().filter(|(key, _)| !["from", "percent"].contains(&key.as_str()));
            inner.extend(unknown.map(|(key, value)| (key.clone(), value.clone())));
        }
        map.insert(key, value);
    }
    let unknown = before.iter().filter(|(key, _)| !KINDS.contains(&key.as_str()));
    map.extend(unknown.map(|(key, value)| (key.clone(), value.clone())));
    map
}

/// Message and help.
type Wrong = (String, String);

fn read(item: &Value) -> Result<SegmentTest, Wrong> {
    let kinds = || format!("write one of {}", KINDS.join(", "));
    let Value::Object(map) = item else {
        return Err((
            format!("a test is an object, not {}", brief(item)),
            "write {\"in\": [\"ID\"]}".to_owned(),
        ));
    };
    let known: Vec<(&str, &Value)> = KINDS.iter().filter_map(|kind| Some((*kind, map.get(*kind)?))).collect();
    match known.as_slice() {
        [(kind, value)] => read_kind(kind, value),
        [] => {
            let near = map.keys().find_map(|own| suggest::key(own, KINDS.into_iter()));
            let help = near.map(|near| format!("did you mean {near:?}?"));
            Err(("this kind of test is unknown".to_owned(), help.unwrap_or_else(kinds)))
        }
        [(one, _), (other, _), ..] => Err((
            format!("a test says one thing, this has {one:?} and {other:?}"),
            "make two tests of it".to_owned(),
        )),
    }
}

fn read_kind(kind: &str, value: &Value) -> Result<SegmentTest, Wrong> {
    let wrong = |wanted: &str, example: &str| {
        (format!("{kind:?} is {wanted}, not {}", brief(value)), format!("write {example}"))
    };
    match kind {
        "in" | "out" => {
            let ids = value.as_array().and_then(|ids| {
                ids.iter().map(|id| id.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
            });
            let ids =
                ids.ok_or_else(|| wrong("an array of ids as texts", &format!("{{\"{kind}\": [\"ID\"]}}")))?;
            Ok(if kind == "in" { SegmentTest::In(ids) } else { SegmentTest::Out(ids) })
        }
        "size" => {
            let read = |end: &Value| whole(end);
            let ends = ends(value, read);
            let (low, high) = ends
                .ok_or_else(|| wrong("two whole numbers, or null for no limit", "{\"size\": [1, null]}"))?;
            match (low, high) {
                (Some(low), Some(high)) if low > high => Err(upside_down(&low, &high)),
                _ => Ok(SegmentTest::Size(low, high)),
            }
        }
        "share" => {
            let read = |end: &Value| fraction(end).filter(|share| share.is_share());
            let ends = ends(value, read);
            let (low, high) =
                ends.ok_or_else(|| wrong("two numbers from 0 to 1", "{\"share\": [0.05, 0.1]}"))?;
            match (low, high) {
                (Some(low), Some(high)) if low.is_more_than(high) => Err(upside_down(&low, &high)),
                _ => Ok(SegmentTest::Share(low, high)),
            }
        }
        "change" => {
            let example = "{\"change\": {\"percent\": 10}}";
            let map = value.as_object().ok_or_else(|| wrong("an object", example))?;
            let percent = map.get("percent").and_then(fraction);
            let percent = percent.ok_or_else(|| wrong("an object with a number of percent", example))?;
            let from = match map.get("from") {
                None | Some(Value::Null) => None,
                Some(from) => Some(whole(from).ok_or_else(|| {
                    (
                        format!("\"from\" is a whole number, not {}", brief(from)),
                        "leave it out: saving writes it".to_owned(),
                    )
                })?),
            };
            Ok(SegmentTest::Change { from, percent })
        }
        "disjoint" | "within" => {
            let id = value.as_str().filter(|id| !id.is_empty());
            let id =
                id.ok_or_else(|| wrong("the id of a segment", &format!("{{\"{kind}\": \"SEGMENT_ID\"}}")))?;
            Ok(if kind == "disjoint" {
                SegmentTest::Disjoint(id.to_owned())
            } else {
                SegmentTest::Within(id.to_owned())
            })
        }
        _ => {
            let flag =
                value.as_bool().ok_or_else(|| wrong("true or false", "{\"every_line_counts\": true}"))?;
            Ok(SegmentTest::EveryLineCounts(flag))
        }
    }
}

fn upside_down(low: &dyn fmt::Display, high: &dyn fmt::Display) -> Wrong {
    (format!("{low} is more than {high}"), "write the smaller number first".to_owned())
}

/// Both ends of a range; `None` where it is none.
fn ends<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<(Option<T>, Option<T>)> {
    let [low, high] = value.as_array()?.as_slice() else { return None };
    let end = |end: &Value| if end.is_null() { Some(None) } else { read(end).map(Some) };
    Some((end(low)?, end(high)?))
}

fn fraction(value: &Value) -> Option<Fraction> {
    Fraction::parse(&value.as_number()?.to_string())
}

fn whole(value: &Value) -> Option<u64> {
    let number = ExactDecimal::parse(&value.as_number()?.to_string())?;
    u64::try_from(number.parts()).ok().filter(|_| number.decimals() == 0)
}

impl SegmentTest {
    /// The key of its kind.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::In(_) => "in",
            Self::Out(_) => "out",
            Self::Size(..) => "size",
            Self::Share(..) => "share",
            Self::Change { .. } => "change",
            Self::Disjoint(_) => "disjoint",
            Self::Within(_) => "within",
            Self::EveryLineCounts(_) => "every_line_counts",
        }
    }

    /// As documents write it.
    fn json(&self) -> Map<String, Value> {
        let value = match self {
            Self::In(ids) | Self::Out(ids) => json!(ids),
            Self::Size(low, high) => json!([low, high]),
            Self::Share(low, high) => json!([low.map(Fraction::json), high.map(Fraction::json)]),
            Self::Change { from, percent } => {
                let mut map = Map::new();
                map.extend(from.map(|from| ("from".to_owned(), from.into())));
                map.insert("percent".to_owned(), percent.json());
                Value::Object(map)
            }
            Self::Disjoint(id) | Self::Within(id) => json!(id),
            Self::EveryLineCounts(flag) => json!(flag),
        };
        Map::from_iter([(self.kind().to_owned(), value)])
    }

    /// What it requires, in words; `name` knows the names of segments.
    #[must_use]
    pub fn words(&self, name: &dyn Fn(&str) -> Option<String>) -> String {
        let named = |id: &str| name(id).unwrap_or_else(|| id.to_owned());
        match self {
            Self::In(ids) => format!("in it: {}", some(ids)),
            Self::Out(ids) => format!("not in it: {}", some(ids)),
            Self::Size(low, high) => {
                format!("{} members", range(low.map(count), high.map(count), "any number of"))
            }
            Self::Share(low, high) => {
                let share = |end: &Fraction| format!("{} %", end.times_100());
                format!(
                    "{} of all customers",
                    range(low.as_ref().map(share), high.as_ref().map(share), "any share")
                )
            }
            Self::Change { from: Some(from), percent } => {
                format!("at most {percent} % away from {}", count(*from))
            }
            Self::Change { from: None, percent } => {
                format!("at most {percent} % away from the last saved number")
            }
            Self::Disjoint(id) => format!("nobody in common with {}", named(id)),
            Self::Within(id) => format!("all of them in {}", named(id)),
            Self::EveryLineCounts(true) => "every line changes something".to_owned(),
            Self::EveryLineCounts(false) => "lines may change nothing".to_owned(),
        }
    }
}

fn range(low: Option<String>, high: Option<String>, any: &str) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("between {low} and {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => any.to_owned(),
    }
}

/// The first ids of a list, and how many more there are.
fn some(ids: &[String]) -> String {
    const NAMED: usize = 3;
    let named: Vec<&str> = ids.iter().take(NAMED).map(String::as_str).collect();
    match ids.len().saturating_sub(NAMED) {
        0 if ids.is_empty() => "nobody".to_owned(),
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::NoLists;

    fn tests(text: &str) -> SegmentTests {
        SegmentTests::from(serde_json::from_str::<Value>(text).unwrap())
    }

    fn fraction(text: &str) -> Fraction {
        Fraction::parse(text).unwrap()
    }

    #[test]
    fn every_kind_is_read_and_written() {
        let written = r#"[{"in":["a"," b\""]},{"out":[]},{"size":[null,10]},{"share":[0.10,1]},
            {"change":{"from":7,"percent":2.50}},{"change":{"percent":10}},{"disjoint":"s"},{"within":"s"},{"every_line_counts":true}]"#;
        let read: Vec<SegmentTest> = tests(written).read().into_iter().map(Result::unwrap).collect();
        let expected = [
            SegmentTest::In(vec!["a".to_owned(), " b\"".to_owned()]),
            SegmentTest::Out(Vec::new()),
            SegmentTest::Size(None, Some(10)),
            SegmentTest::Share(Some(fraction("0.1")), Some(fraction("1"))),
            SegmentTest::Change { from: Some(7), percent: fraction("2.5") },
            SegmentTest::Change { from: None, percent: fraction("10") },
            SegmentTest::Disjoint("s".to_owned()),
            SegmentTest::Within("s".to_owned()),
            SegmentTest::EveryLineCounts(true),
        ];
        assert_eq!(read, expected);
        let again = expected.iter().try_fold(SegmentTests::default(), |all, test| all.with(test)).unwrap();
        assert_eq!(again.read().into_iter().map(Result::unwrap).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let wrong = r#"[{"in": [1]}, {"inn": []}, 3, {"size": [3, 2]}, {"size": [-1, 2]}, {"share": [0.5, 0.2]}, {"share": [0, 8]},
            {"change": {"from": 1}}, {"change": {"from": 1.5, "percent": 1}}, {"within": ""}, {"in": [], "out": []},
            {"every_line_counts": 1}, {"share": [0, 0.0000000000000000001]}, {"size": [1]}, {"disjoint": "gone"}]"#;
        let problems = tests(wrong).problems(&NoLists);
        let places: Vec<String> =
            problems.iter().map(|problem| problem.diagnostic.place.to_string()).collect();
        assert_eq!(places, (0..15).map(|at| format!("tests.{at}")).collect::<Vec<_>>());
        assert_eq!(problems[1].diagnostic.help_text(), "did you mean \"in\"?");
        assert_eq!(problems[3].diagnostic.message, "3 is more than 2");
        assert_eq!(problems[14].diagnostic.message, "there is no segment \"gone\"");
        let no_array = tests("{\"in\": []}");
        assert_eq!(no_array.problems(&NoLists)[0].diagnostic.place, Place::Tests(None));
        assert_eq!((no_array.len(), no_array.with(&SegmentTest::EveryLineCounts(true))), (1, None));
        assert!(SegmentTests::default().is_empty() && tests("[]").is_empty());
    }

    #[test]
    fn what_is_unknown_stays_when_a_test_is_changed() {
        let written = r#"[{"x": 1, "change": {"why": "y", "percent": 5, "from": 3}, "z": [2.50]}, 7, {"in": ["a"], "note": 1}]"#;
        let measured = tests(written).measured_from(9);
        let expected =
            r#"[{"x":1,"change":{"why":"y","percent":5,"from":9},"z":[2.50]},7,{"in":["a"],"note":1}]"#;
        assert_eq!(measured.json().unwrap().to_string(), expected);
        assert_eq!(measured.measured_from(9), measured);
        let changed =
            measured.with_changed(0, &SegmentTest::Change { from: None, percent: fraction("8") }).unwrap();
        let changed = changed.with_changed(2, &SegmentTest::Out(vec!["b".to_owned()])).unwrap();
        let expected = r#"[{"change":{"percent":8,"why":"y"},"x":1,"z":[2.50]},7,{"out":["b"],"note":1}]"#;
        assert_eq!(changed.json().unwrap().to_string(), expected);
        assert_eq!(changed.with_changed(3, &SegmentTest::EveryLineCounts(true)), None);
        let rest = changed.without(0).and_then(|rest| rest.without(0)).unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(rest.without(0), Some(SegmentTests::default()));
        assert_eq!(rest.without(1), None);
    }

    #[test]
    fn fractions_compare_exactly() {
        use std::cmp::Ordering::{Equal, Greater, Less};
        assert_eq!(fraction("0.1").compare(1, 10), Equal);
        assert_eq!(fraction("0.3").compare(3, 10), Equal);
        assert_eq!(fraction("0.333333333333333333").compare(1, 3), Greater);
        assert_eq!(fraction("0.333333333333333334").compare(1, 3), Less);
        assert_eq!(fraction("1e30").compare(u64::MAX, u64::MAX), Less);
        assert_eq!(fraction("0").compare(0, 0), Equal);
        for wrong in ["-1", "x", "", "+1", " 1", "1e-30", "0.1234567890123456789"] {
            assert_eq!(Fraction::parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(Fraction::parse_share("8.6 %"), Some(fraction("0.086")));
        assert_eq!(Fraction::parse_share(" 0.086"), Some(fraction("0.086")));
        assert_eq!(Fraction::parse_share("% 5"), None);
    }

    #[test]
    fn tests_have_words() {
        let words = |text: &str| {
            let named = |id: &str| (id == "s").then(|| "Loyal".to_owned());
            tests(&format!("[{text}]")).read().remove(0).unwrap().words(&named)
        };
        assert_eq!(words(r#"{"in": ["a", "b", "c", "d", "e"]}"#), "in it: a, b, c and 2 more");
        assert_eq!(words(r#"{"out": ["a"]}"#), "not in it: a");
        assert_eq!(words(r#"{"size": [1000, 2000]}"#), "between 1,000 and 2,000 members");
        assert_eq!(words(r#"{"size": [1000, null]}"#), "at least 1,000 members");
        assert_eq!(words(r#"{"share": [null, 0.125]}"#), "at most 12.5 % of all customers");
        assert_eq!(words(r#"{"change": {"percent": 2.5, "from": 82121}}"#), "at most 2.5 % away from 82,121");
        assert_eq!(words(r#"{"within": "s"}"#), "all of them in Loyal");
        assert_eq!(words(r#"{"disjoint": "t"}"#), "nobody in common with t");
    }
}
