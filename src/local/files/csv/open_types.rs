//! What is open for a column: the types and usual spellings that all of its values so far have.

use super::number_marks::NumberMarks;
use super::usual_dates::UsualDates;
use super::value_rules::ValueRules;
use crate::local::files::value_parser::{self, Look};
use crate::segment::DataType;

/// The types that a column may turn out to have, in order of preference.
pub(crate) const ORDER: [DataType; 5] =
    [DataType::Boolean, DataType::Integer, DataType::Decimal, DataType::Date, DataType::Datetime];

/// Marks that numbers may have without being told, and how that would be declared. Those of each family (a point or a
/// comma before fractions) are in order: what the first of them fits, the others read to the same number.
pub(crate) const USUAL_MARKS: [(NumberMarks, &[(&str, char)]); 7] = [
    (NumberMarks { decimal: Some('.'), thousands: None }, &[("decimal", '.')]),
    (NumberMarks { decimal: Some('.'), thousands: Some(',') }, &[("thousands", ',')]),
    (NumberMarks { decimal: Some('.'), thousands: Some(' ') }, &[("thousands", ' ')]),
    (NumberMarks { decimal: Some('.'), thousands: Some('\'') }, &[("thousands", '\'')]),
    (NumberMarks { decimal: Some(','), thousands: None }, &[("decimal", ',')]),
    (NumberMarks { decimal: Some(','), thousands: Some('.') }, &[("decimal", ','), ("thousands", '.')]),
    (NumberMarks { decimal: Some(','), thousands: Some(' ') }, &[("decimal", ','), ("thousands", ' ')]),
];
/// Those with a point before fractions.
pub(crate) const POINT: u16 = 0b000_1111;
/// Those with a comma.
pub(crate) const COMMA: u16 = 0b111_0000;
/// Those by which `1.234` is more than a thousand.
pub(crate) const POINT_GROUPS: u16 = 0b010_0000;
/// Those whose groups telephone numbers have as well.
pub(crate) const PHONE_GROUPS: u16 = 0b110_0100;
/// Neither points nor commas stand in the values.
pub(crate) const NO_MARK: u16 = 1 << 8;
/// The values have as many digits as telephone numbers, and neither currency nor fraction.
pub(crate) const IS_LONG: u16 = 1 << 9;
/// Of every value so far, a declared format reads it, or none is needed; and no two read it differently. For dates;
/// for datetimes it is the next bit.
pub(crate) const EVERY: u8 = 1;
/// No value so far is read differently by two formats.
pub(crate) const AGREE: u8 = 4;

/// What a column may be: what stays open after the values of two is what both have open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// Bits as in [`ORDER`]: as values stand.
    pub types: u8,
    /// Bits as in [`USUAL_MARKS`], and three more.
    pub marks: u16,
    pub dates: UsualDates,
    /// Bits as in the declared formats.
    pub formats: u32,
    /// How the declared formats go together.
    pub together: u8,
}

impl Open {
    pub const NONE: Self = Self { types: 0, marks: 0, dates: UsualDates::NONE, formats: 0, together: 0 };

    pub fn and(self, other: Self) -> Self {
        Self {
            types: self.types & other.types,
            marks: self.marks & other.marks,
            dates: self.dates.and(other.dates),
            formats: self.formats & other.formats,
            together: self.together & other.together,
        }
    }

    pub fn is_none(self) -> bool {
        let is_declared = self.formats != 0 || self.together & (EVERY | EVERY << 1) != 0;
        self.types == 0 && self.marks & (POINT | COMMA) == 0 && self.dates.is_none() && !is_declared
    }
}

/// What a value can be that looks like a type.
pub(crate) fn plain(look: Look) -> Open {
    let all = POINT | COMMA | NO_MARK;
    let (types, marks) = match look {
        Look::Boolean => (0b1, 0),
        Look::Integer => (0b110, all),
        Look::LongInteger => (0b110, all | IS_LONG),
        Look::Exponent => (0b100, all),
        Look::Thousands => (0b100, POINT | POINT_GROUPS),
        Look::Decimal => (0b100, POINT),
        Look::Date => (0b1000, 0),
        Look::Datetime => (0b1_0000, 0),
    };
    Open { types, marks, ..Open::NONE }
}

/// Which formats read a text, and how they go together. A count of seconds is a number unless it is stated.
pub(crate) fn by_formats(text: &str, look: Option<Look>, rules: &ValueRules) -> (u32, u8) {
    let mut formats = 0;
    let (mut dates, mut datetimes) = (Readings::default(), Readings::default());
    for (at, format) in rules.formats.iter().enumerate().filter(|(_, format)| !format.is_count()) {
        if let Some(micros) = format.read(text) {
            formats |= 1 << at;
            if format.is_datetime { &mut datetimes } else { &mut dates }.sees(micros);
        }
    }
    let agree = [dates.agree(), datetimes.agree()];
    match look {
        Some(Look::Date) => dates.sees_all(value_parser::parse_datetime(text)),
        Some(Look::Datetime) => datetimes.sees_all(value_parser::parse_datetime(text)),
        _ => {}
    }
    let mut together = 0;
    for (kind, (agree, readings)) in agree.into_iter().zip([dates, datetimes]).enumerate() {
        together |= if agree { AGREE << kind } else { 0 };
        together |= if readings.first.is_some() && readings.agree() { EVERY << kind } else { 0 };
    }
    (formats, together)
}

/// What several formats make of a text.
#[derive(Default)]
struct Readings {
    first: Option<i64>,
    differ: bool,
}

impl Readings {
    fn sees_all(&mut self, micros: impl IntoIterator<Item = i64>) {
        micros.into_iter().for_each(|micros| self.sees(micros));
    }

    fn sees(&mut self, micros: i64) {
        self.differ |= *self.first.get_or_insert(micros) != micros;
    }

    fn agree(&self) -> bool {
        !self.differ
    }
}
