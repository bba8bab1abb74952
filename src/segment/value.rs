//! The values of tests, which may be lists of a million items: shared by all versions of a document,
//! and put in order once.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::number::Number;

/// The value of a test as the document has it. Cheap to clone, as every edit makes a new version of the
/// document, and cheap to compare with its clones.
#[derive(Clone)]
pub struct TestValue(Arc<Shared>);

struct Shared {
    json: Value,
    /// What a list of texts is when it compares without regard to case, and when it compares exactly.
    texts: [OnceLock<Sorted<String>>; 2],
    numbers: OnceLock<Sorted<Number>>,
}

impl TestValue {
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0.json
    }

    /// A list of texts in order, made by `make` unless it is known already.
    pub(super) fn texts<E>(
        &self,
        match_case: bool,
        make: impl FnOnce() -> Result<Vec<String>, E>,
    ) -> Result<Sorted<String>, E> {
        let [folded, exact] = &self.0.texts;
        remembered(if match_case { exact } else { folded }, make)
    }

    /// A list of numbers in order, likewise.
    pub(super) fn numbers<E>(
        &self,
        make: impl FnOnce() -> Result<Vec<Number>, E>,
    ) -> Result<Sorted<Number>, E> {
        remembered(&self.0.numbers, make)
    }
}

fn remembered<T: Ord, E>(
    known: &OnceLock<Sorted<T>>,
    make: impl FnOnce() -> Result<Vec<T>, E>,
) -> Result<Sorted<T>, E> {
    if let Some(sorted) = known.get() {
        return Ok(sorted.clone());
    }
    let sorted = Sorted::from(make()?);
    Ok(known.get_or_init(|| sorted).clone())
}

impl From<Value> for TestValue {
    fn from(json: Value) -> Self {
        let texts = [OnceLock::new(), OnceLock::new()];
        Self(Arc::new(Shared { json, texts, numbers: OnceLock::new() }))
    }
}

impl Deref for TestValue {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0.json
    }
}

impl PartialEq for TestValue {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.json == other.0.json
    }
}

impl fmt::Debug for TestValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.json.fmt(f)
    }
}

/// Values in order, without doubles. Cheap to clone, to hash, and to compare with its clones.
#[derive(Debug)]
pub struct Sorted<T>(Arc<Vec<T>>);

/// How many values of a list are hashed: enough to tell lists apart.
const HASHED: usize = 16;

impl<T: Ord> From<Vec<T>> for Sorted<T> {
    fn from(mut values: Vec<T>) -> Self {
        values.sort_unstable();
        values.dedup();
        Self(Arc::new(values))
    }
}

impl<T> Clone for Sorted<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Sorted<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: PartialEq> PartialEq for Sorted<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl<T: Eq> Eq for Sorted<T> {}

impl<T: Hash> Hash for Sorted<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
        let step = self.0.len().div_ceil(HASHED).max(1);
        self.0.iter().step_by(step).for_each(|value| value.hash(state));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_is_put_in_order_once() {
        let value = TestValue::from(json!(["b", "a", "b"]));
        let made = |value: &TestValue, texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            value.texts(false, || Ok::<_, ()>(texts)).unwrap().to_vec()
        };
        assert_eq!(made(&value, &["b", "a", "b"]), ["a", "b"]);
        assert_eq!(made(&value.clone(), &["never asked"]), ["a", "b"]);
        // What could not be made is tried again.
        assert_eq!(value.numbers(|| Err(1)), Err(1));
        let numbers = value.numbers(|| Ok::<_, ()>(vec![Number::Integer(2), Number::Integer(1)]));
        assert_eq!(numbers.unwrap().to_vec(), [Number::Integer(1), Number::Integer(2)]);
        assert_eq!(value, TestValue::from(json!(["b", "a", "b"])));
        assert_ne!(value, TestValue::from(json!(["b", "a"])));
    }

    #[test]
    fn equal_lists_have_equal_hashes() {
        use std::hash::{BuildHasher, RandomState};
        let state = RandomState::new();
        let list = |end: i64| Sorted::from((0..end).rev().map(Number::Integer).collect::<Vec<_>>());
        assert_eq!(state.hash_one(list(1000)), state.hash_one(list(1000)));
        assert_eq!(list(1000), list(1000));
        assert_ne!(list(1000), list(999));
        assert_eq!(state.hash_one(list(0)), state.hash_one(list(0)));
    }
}
