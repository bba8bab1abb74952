//! What differs, for programs and for people.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::backend::JoinedAndLeft;
use crate::cli::numbers;
use crate::cli::sheet::{self, Align};
use crate::segment::{Change, Place, Segment};
use crate::ui::text::sanitize;

/// One of the two that are compared.
pub(super) struct Compared<'a> {
    pub(super) segment: &'a Segment,
    pub(super) as_of: NaiveDate,
    /// The folder, where two are compared.
    pub(super) data: Option<String>,
}

/// What differs, and who joins and leaves by it.
pub(super) struct Answer<'a> {
    pub(super) a: Compared<'a>,
    pub(super) b: Compared<'a>,
    pub(super) changes: &'a [Change],
    pub(super) all: JoinedAndLeft,
    /// By each change.
    pub(super) by: &'a [JoinedAndLeft],
    /// Whom the segments mean, in words.
    pub(super) people: String,
}

impl Compared<'_> {
    fn json(&self) -> Value {
        let Self { segment, as_of, data } = self;
        let mut named = json!({
            "id": segment.id, "name": segment.name, "revision": segment.revision, "as_of": as_of.to_string(),
        });
        if let (Value::Object(map), Some(data)) = (&mut named, data) {
            map.insert("data".to_owned(), data.as_str().into());
        }
        named
    }

    fn text(&self) -> String {
        let Self { segment, as_of, data } = self;
        let data = data.as_ref().map(|data| format!(", {}", sanitize(data))).unwrap_or_default();
        format!("{} (revision {}), as of {as_of}{data}", sanitize(&segment.name), segment.revision)
    }
}

impl Answer<'_> {
    pub(super) fn json(&self) -> Value {
        let place = |place: &Option<Place>| place.as_ref().map(Place::to_string);
        let changes = self.changes.iter().map(|change| {
            json!({
                "kind": change.kind.id(), "place_a": place(&change.place_a), "place_b": place(&change.place_b),
                "text": change.text,
            })
        });
        let by = self
            .by
            .iter()
            .enumerate()
            .map(|(change, by)| json!({"change": change, "joined": by.joined, "left": by.left}));
        json!({
            "a": self.a.json(), "b": self.b.json(), "as_of": self.b.as_of.to_string(),
            "changes": changes.collect::<Value>(), "joined": self.all.joined, "left": self.all.left,
            "by": by.collect::<Value>(),
        })
    }

    pub(super) fn text(&self) -> String {
        let heading = format!("A  {}\nB  {}", self.a.text(), self.b.text());
        let JoinedAndLeft { joined, left } = self.all;
        let sum = match (joined, left) {
            (0, 0) => format!("The same {}.", sanitize(&self.people)),
            _ => format!(
                "{} {} join, {} leave.",
                numbers::count(joined),
                sanitize(&self.people),
                numbers::count(left)
            ),
        };
        if self.changes.is_empty() {
            return format!("{heading}\n\nNothing differs in whom they mean. {sum}");
        }
        let mut rows = vec![["JOINED", "LEFT", "A", "B", "CHANGE"].map(str::to_owned).to_vec()];
        let place = |place: &Option<Place>| place.as_ref().map_or("–".to_owned(), Place::to_string);
        for (change, by) in self.changes.iter().zip(self.by) {
            rows.push(vec![
                signed('+', by.joined),
                signed('-', by.left),
                place(&change.place_a),
                place(&change.place_b),
                format!("{}: {}", change.kind.id(), change.text),
            ]);
        }
        let sheet = sheet::set(&rows, &[Align::Right, Align::Right, Align::Left, Align::Left, Align::Left]);
        let remark = "Whoever joins or leaves counts once, at the last change that altered it.";
        format!("{heading}\n\n{sheet}\n\n{sum}\n{remark}")
    }
}

fn signed(sign: char, number: u64) -> String {
    if number == 0 { "0".to_owned() } else { format!("{sign}{}", numbers::count(number)) }
}
