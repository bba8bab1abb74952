//! The schema that Arrow puts beside the columns: only there it says that whole numbers are durations. It is a
//! flatbuffer of which nothing else is looked at.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// The key under which the schema stands.
pub(super) const KEY: &[u8] = b"ARROW:schema";

/// What comes before the length of a message.
const CONTINUATION: usize = 8;
/// The place of the schema in a message, of the fields in a schema, of name and type in a field.
const HEADER: usize = 2;
const FIELDS: usize = 1;
const NAME: usize = 0;
const TYPE: usize = 2;
/// The number of the type of durations.
const DURATION: u8 = 18;

/// The names of the columns that hold durations; none where the schema makes no sense.
pub(super) fn durations(text: &[u8]) -> BTreeSet<String> {
    let Ok(bytes) = BASE64_STANDARD.decode(text) else { return BTreeSet::new() };
    let message = bytes.get(CONTINUATION..).unwrap_or_default();
    names(Buffer(message)).unwrap_or_default()
}

fn names(buffer: Buffer<'_>) -> Option<BTreeSet<String>> {
    let message = buffer.follow(0)?;
    let schema = buffer.follow(buffer.member(message, HEADER)?)?;
    let fields = buffer.follow(buffer.member(schema, FIELDS)?)?;
    let count = usize::try_from(buffer.number(fields)?).ok()?;
    let mut names = BTreeSet::new();
    // Each takes four bytes at least.
    for place in (fields.checked_add(4)?..buffer.0.len()).step_by(4).take(count) {
        let field = buffer.follow(place)?;
        let of_type = buffer.member(field, TYPE).and_then(|place| buffer.0.get(place));
        if of_type != Some(&DURATION) {
            continue;
        }
        let name = buffer.follow(buffer.member(field, NAME)?)?;
        let (start, length) = (name.checked_add(4)?, usize::try_from(buffer.number(name)?).ok()?);
        let name = buffer.0.get(start..start.checked_add(length)?)?;
        names.insert(String::from_utf8_lossy(name).into_owned());
    }
    Some(names)
}

/// A flatbuffer: tables with a list of where their members are.
#[derive(Clone, Copy)]
struct Buffer<'a>(&'a [u8]);

impl Buffer<'_> {
    fn number(self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(*self.0.get(at..)?.first_chunk()?))
    }

    fn short(self, at: usize) -> Option<usize> {
        Some(u16::from_le_bytes(*self.0.get(at..)?.first_chunk()?).into())
    }

    /// To where a place points.
    fn follow(self, at: usize) -> Option<usize> {
        at.checked_add(usize::try_from(self.number(at)?).ok()?)
    }

    /// Where a member of a table is; `None` if it has none.
    fn member(self, table: usize, member: usize) -> Option<usize> {
        let back = i32::from_le_bytes(*self.0.get(table..)?.first_chunk()?);
        let list = i64::try_from(table).ok()?.checked_sub(back.into())?;
        let list = usize::try_from(list).ok()?;
        let place = 4 + 2 * member;
        if place + 2 > self.short(list)? {
            return None;
        }
        let offset = self.short(list.checked_add(place)?)?;
        (offset > 0).then(|| table.checked_add(offset))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_found() {
        // As pyarrow writes it, of the columns `waited: duration[us]` and `n: int64`.
        let file =
            include_bytes!("../../../../tests/faults/pq-lost-columns/named-when-left-out/customers.parquet");
        let start = file.windows(KEY.len()).position(|bytes| bytes == KEY).unwrap() + KEY.len();
        let text = file[start..].split(|byte| !byte.is_ascii_alphanumeric() && !b"+/=".contains(byte));
        let text = text.max_by_key(|text| text.len()).unwrap();
        assert_eq!(durations(text), BTreeSet::from(["waited".to_owned()]));
        let bytes = BASE64_STANDARD.decode(text).unwrap();
        for cut in 0..bytes.len() {
            let _ = durations(BASE64_STANDARD.encode(&bytes[..cut]).as_bytes());
            let mut changed = bytes.clone();
            changed[cut] = 0xFF;
            let _ = durations(BASE64_STANDARD.encode(&changed).as_bytes());
        }
    }
}
