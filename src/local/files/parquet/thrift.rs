//! Thrift's compact protocol, in which footers and page headers are written. What is not asked for is passed over,
//! also what has another type than is expected under its number; no room is kept for more than the bytes that are left.

use crate::diagnostic::Diagnostic;

/// How deep values may lie in one another.
const DEPTH: u32 = 64;

/// Why bytes are no values.
type Result<T> = std::result::Result<T, Diagnostic>;

/// Values in bytes, of which each is read once.
pub(super) struct Thrift<'a> {
    left: &'a [u8],
}

/// The value of a field. Of those that hold others only their kind: they are still to be read.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Bool(bool),
    Number(i64),
    Bytes(&'a [u8]),
    /// Lists and sets.
    List,
    Struct,
    Map,
    /// A double or the like, passed over.
    Other,
}

impl<'a> Thrift<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { left: bytes }
    }

    /// How many bytes have not been read.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// Reads a struct: `take` is handed each field with its number, and says whether it has read what the value
    /// holds, if that holds others.
    pub fn fields(&mut self, mut take: impl FnMut(&mut Self, i64, Value<'a>) -> Result<bool>) -> Result<()> {
        self.each_field(|input, number, value| match take(input, number, value)? {
            true => Ok(()),
            false => input.pass(value, DEPTH),
        })
    }

    /// Reads a list, each of whose structs `read` reads. A list of anything else is as if it were empty.
    pub fn structs<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let mut values = Vec::new();
        self.each_element(|input, value| {
            match value {
                Value::Struct => values.push(read(input)?),
                other => input.pass(other, DEPTH)?,
            }
            Ok(())
        })?;
        Ok(values)
    }

    fn each_field(&mut self, mut take: impl FnMut(&mut Self, i64, Value<'a>) -> Result<()>) -> Result<()> {
        let mut number = 0;
        loop {
            let head = self.byte()?;
            let (step, kind) = (head >> 4, head & 15);
            if kind == 0 {
                return Ok(());
            }
            number = if step == 0 { self.number()? } else { number + i64::from(step) };
            let value = match kind {
                1 | 2 => Value::Bool(kind == 1),
                kind => self.value(kind)?,
            };
            take(self, number, value)?;
        }
    }

    fn each_element(&mut self, mut take: impl FnMut(&mut Self, Value<'a>) -> Result<()>) -> Result<()> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            few => u64::from(few),
        };
        self.check_count(count)?;
        for _ in 0..count {
            let value = self.value(head & 15)?;
            take(self, value)?;
        }
        Ok(())
    }

    /// Each of them takes a byte at least.
    fn check_count(&self, count: u64) -> Result<()> {
        match count > self.left.len() as u64 {
            true => Err(Diagnostic::new("a list in it is longer than the bytes that are left")),
            false => Ok(()),
        }
    }

    fn value(&mut self, kind: u8) -> Result<Value<'a>> {
        Ok(match kind {
            1 | 2 => Value::Bool(self.byte()? == 1),
            3 => Value::Number(i64::from(self.byte()?.cast_signed())),
            4..=6 => Value::Number(self.number()?),
            7 => self.bytes(8).map(|_| Value::Other)?,
            8 => {
                let length = self.varint()?;
                Value::Bytes(self.bytes(length)?)
            }
            9 | 10 => Value::List,
            11 => Value::Map,
            12 => Value::Struct,
            // A UUID, which younger writers may use.
            13 => self.bytes(16).map(|_| Value::Other)?,
            _ => return Err(Diagnostic::new("it has a value of no known kind")),
        })
    }

    /// Passes over what a value holds.
    fn pass(&mut self, value: Value<'a>, depth: u32) -> Result<()> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Diagnostic::new("values in it lie too deep in one another"));
        };
        match value {
            Value::Struct => self.each_field(|input, _, value| input.pass(value, depth)),
            Value::List => self.each_element(|input, value| input.pass(value, depth)),
            Value::Map => {
                let count = self.varint()?;
                self.check_count(count)?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                for _ in 0..count {
                    for kind in [kinds >> 4, kinds & 15] {
                        let value = self.value(kind)?;
                        self.pass(value, depth)?;
                    }
                }
                Ok(())
            }
            Value::Bool(_) | Value::Number(_) | Value::Bytes(_) | Value::Other => Ok(()),
        }
    }

    fn bytes(&mut self, length: u64) -> Result<&'a [u8]> {
        let split = usize::try_from(length).ok().and_then(|length| self.left.split_at_checked(length));
        let (bytes, left) = split.ok_or_else(ended)?;
        self.left = left;
        Ok(bytes)
    }

    fn byte(&mut self) -> Result<u8> {
        let (first, left) = self.left.split_first().ok_or_else(ended)?;
        self.left = left;
        Ok(*first)
    }

    fn number(&mut self) -> Result<i64> {
        let coded = self.varint()?;
        Ok((coded >> 1).cast_signed() ^ -(coded & 1).cast_signed())
    }

    fn varint(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Diagnostic::new("it has a number of too many bytes"))
    }
}

fn ended() -> Diagnostic {
    Diagnostic::new("it ends within a value")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number in field 2 of a struct.
    fn second(bytes: &[u8]) -> std::result::Result<Option<i64>, String> {
        let mut found = None;
        let mut input = Thrift::new(bytes);
        let read = input.fields(|_, number, value| {
            if let (2, Value::Number(number)) = (number, value) {
                found = Some(number);
            }
            Ok(false)
        });
        read.map(|()| found).map_err(|error| error.message)
    }

    #[test]
    fn what_is_not_asked_for_is_passed_over() {
        // Field 1 is a list of two structs, each with a text that is no UTF-8; field 2 the number -3.
        let bytes = [0x19, 0x2c, 0x18, 1, 0xff, 0, 0x18, 0, 0, 0x15, 5, 0];
        assert_eq!(second(&bytes), Ok(Some(-3)));
        // Field 2 is a text, then it is a number under its whole number.
        assert_eq!(second(&[0x28, 1, b'x', 0x05, 4, 2, 0]), Ok(Some(1)));
        // A map of a number to a truth, a double, an empty map.
        let bytes = [0x1b, 1, 0x51, 2, 1, 0x17, 0, 0, 0, 0, 0, 0, 0, 0, 0x1b, 0, 0];
        assert_eq!(second(&bytes), Ok(None));
    }

    #[test]
    fn nothing_is_read_beyond_the_bytes() {
        let bytes = [0x19, 0x2c, 0x18, 1, 0xff, 0, 0x18, 0, 0, 0x15, 5, 0];
        for end in 0..bytes.len() {
            assert!(second(&bytes[..end]).is_err(), "{end}");
        }
        let long = second(&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 7, 0]).unwrap_err();
        assert!(long.contains("longer than the bytes"), "{long}");
        assert!(second(&[0x15; 11]).is_err());
        assert!(second(&[&[0x1c; 1000][..], &[0; 1001]].concat()).unwrap_err().contains("too deep"));
        assert!(second(&[0x1e, 0]).unwrap_err().contains("no known kind"));
    }
}
