//! All tests of a document, as they were written.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::kinds::{KINDS, SegmentTest};
use super::read::read;
use crate::segment::json::brief;
use crate::segment::place::Place;
use crate::segment::problem::Problem;

/// The tests of a document as they were written: what is not understood is kept as it is. Cheap to clone, as every edit
/// makes a new version of the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentTests(Option<Arc<Value>>);

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{Fraction, NoLists, test_problems};

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
        let problems = test_problems(&tests(wrong), &NoLists);
        let places: Vec<String> =
            problems.iter().map(|problem| problem.diagnostic.place.to_string()).collect();
        assert_eq!(places, (0..15).map(|at| format!("tests.{at}")).collect::<Vec<_>>());
        assert_eq!(problems[1].diagnostic.help_text(), "did you mean \"in\"?");
        assert_eq!(problems[3].diagnostic.message, "3 is more than 2");
        assert_eq!(problems[14].diagnostic.message, "there is no segment \"gone\"");
        let no_array = tests("{\"in\": []}");
        assert_eq!(test_problems(&no_array, &NoLists)[0].diagnostic.place, Place::Tests(None));
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
