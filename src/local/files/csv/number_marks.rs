//! Numbers with declared marks: `1.234,50`, `$1,234.50`, `(5.00)`, `12 EUR`.
//!
//! `[sign][currency][(]digits[decimal digits][exponent][)][currency]`, where groups of three digits may stand apart.

use super::currency::{self, Currency};
use crate::local::files::value_parser::{parse_decimal, parse_integer};

/// What stands in the numbers of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumberMarks {
    /// Before the fraction; `None` where no number has one.
    pub decimal: Option<char>,
    /// Between groups of three digits before it.
    pub thousands: Option<char>,
}

/// A text that is a number by these marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MarkedNumber<'a> {
    is_negative: bool,
    /// The digits before the fraction, with what stands between them.
    whole: &'a str,
    is_grouped: bool,
    fraction: Option<&'a str>,
    exponent: &'a str,
    /// Neither a leading zero before another digit, nor a leading `+`, nor more than 18 digits without fraction
    /// and exponent: such texts are codes, and are numbers only where a type says so.
    pub is_plain: bool,
    pub currency: Option<Currency>,
}

impl MarkedNumber<'_> {
    /// Neither fraction nor exponent.
    pub fn is_whole(&self) -> bool {
        self.fraction.is_none() && self.exponent.is_empty()
    }

    /// Whether marks stand between thousands.
    pub fn is_grouped(&self) -> bool {
        self.is_grouped
    }

    pub fn integer(&self) -> Option<i64> {
        self.with_text(parse_integer)
    }

    pub fn decimal(&self) -> Option<f64> {
        self.with_text(parse_decimal)
    }

    /// The number as it is written without declared marks.
    fn with_text<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let whole = self.whole.bytes().filter(u8::is_ascii_digit);
        let point = self.fraction.map(|_| b'.');
        let sign = self.is_negative.then_some(b'-');
        let rest = self.fraction.unwrap_or_default().bytes().chain(self.exponent.bytes());
        let mut text = sign.into_iter().chain(whole).chain(point).chain(rest);
        // Hardly any number is longer.
        let mut buffer = [0; 40];
        let mut length = 0;
        for (free, byte) in buffer.iter_mut().zip(text.by_ref()) {
            *free = byte;
            length += 1;
        }
        let start = std::str::from_utf8(buffer.get(..length)?).ok()?;
        match text.next() {
            None => read(start),
            Some(next) => {
                let rest = std::iter::once(next).chain(text).map(char::from);
                read(&start.chars().chain(rest).collect::<String>())
            }
        }
    }
}

/// A number without what may stand around its digits.
#[derive(Clone, Copy)]
pub(crate) struct BareNumber<'a> {
    pub digits: &'a str,
    is_negative: bool,
    has_plus: bool,
    pub currency: Option<Currency>,
}

impl<'a> BareNumber<'a> {
    /// Takes away sign, currency and parentheses; `None` where what is left does not begin as numbers do.
    pub fn of(text: &'a str) -> Option<Self> {
        let (outer, rest) = currency::strip(text)?;
        let inside = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let sign = rest.chars().next().filter(|first| matches!(first, '-' | '−' | '+'));
        let rest = inside.unwrap_or_else(|| sign.and_then(|sign| rest.strip_prefix(sign)).unwrap_or(rest));
        let is_inner = outer.is_none() || sign.is_some() || inside.is_some();
        let (inner, digits) = if is_inner { currency::strip(rest)? } else { (None, rest) };
        if outer.is_some() && inner.is_some() && outer != inner {
            return None;
        }
        let begins = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
        digits.as_bytes().first().filter(|first| begins(first))?;
        Some(Self {
            digits,
            is_negative: inside.is_some() || matches!(sign, Some('-' | '−')),
            has_plus: sign == Some('+'),
            currency: outer.or(inner),
        })
    }
}

impl NumberMarks {
    /// A text as a number.
    pub fn read<'a>(&self, text: &'a str) -> Option<MarkedNumber<'a>> {
        self.read_bare(&BareNumber::of(text)?)
    }

    /// Digits with what may stand between them as a number.
    pub fn read_bare<'a>(&self, bare: &BareNumber<'a>) -> Option<MarkedNumber<'a>> {
        let (mantissa, exponent) = match bare.digits.bytes().position(|byte| matches!(byte, b'e' | b'E')) {
            Some(at) => bare.digits.split_at_checked(at)?,
            None => (bare.digits, ""),
        };
        let (whole, fraction) = match self.decimal.and_then(|mark| mantissa.split_once(mark)) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_grouped = !is_digits(whole);
        let fits = if is_grouped {
            exponent.is_empty() && self.has_groups(whole)
        } else {
            !(whole.is_empty() && fraction == Some(""))
        };
        let exponent_digits = exponent.get(1..).map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
        let exponent_fits = exponent_digits.is_none_or(|digits| !digits.is_empty() && is_digits(digits));
        if !fits || !exponent_fits || !fraction.is_none_or(is_digits) {
            return None;
        }
        let digits = whole.bytes().filter(u8::is_ascii_digit).count();
        let has_zero = whole.len() > 1 && whole.starts_with('0');
        let is_long = fraction.is_none() && exponent.is_empty() && digits > 18;
        let number = MarkedNumber {
            is_negative: bare.is_negative,
            whole,
            is_grouped,
            fraction,
            exponent,
            is_plain: !bare.has_plus && !has_zero && !is_long,
            currency: bare.currency,
        };
        // As without marks: what is beyond all numbers is none.
        let is_finite = exponent.is_empty() && digits < 300 || number.decimal().is_some();
        is_finite.then_some(number)
    }

    /// Whether all digits stand in groups of three, but for the first, which may have fewer and begins with no zero.
    fn has_groups(&self, whole: &str) -> bool {
        let Some(mark) = self.thousands else {
            return false;
        };
        let mut groups = whole.split(|letter| is_same(letter, mark));
        let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
        let first = groups.next().unwrap_or_default();
        matches!(first.len(), 1..=3)
            && is_digits(first)
            && !first.starts_with('0')
            && groups.all(|group| group.len() == 3 && is_digits(group))
    }
}

/// Whether two marks are the same to whoever writes numbers: blanks that break no line are blanks.
pub(crate) fn is_same(one: char, other: char) -> bool {
    let plain = |mark| match mark {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '’' => '\'',
        mark => mark,
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMA: NumberMarks = NumberMarks { decimal: Some(','), thousands: Some('.') };
    const POINT: NumberMarks = NumberMarks { decimal: Some('.'), thousands: Some(',') };

    fn decimal(marks: NumberMarks, text: &str) -> Option<f64> {
        marks.read(text)?.decimal()
    }

    #[test]
    fn groups_have_three_digits() {
        for (text, number) in [("1.234,50", 1234.5), ("1.234.567", 1_234_567.0), ("1234,5", 1234.5)] {
            assert_eq!(decimal(COMMA, text), Some(number), "{text}");
        }
        for text in ["12.34", "1.2345", "1234.567", "1..234", ".234", "0.123", "1.234.5", "1,234.567", "1.5"]
        {
            assert_eq!(decimal(COMMA, text), None, "{text}");
        }
        for text in ["1,234,5", "1,2,3", ",", "", "1.234.567", "10,0,1", "1,234.5,6"] {
            assert_eq!(decimal(POINT, text), None, "{text}");
        }
        let blank = NumberMarks { decimal: Some(','), thousands: Some(' ') };
        for text in ["1 234,5", "1\u{a0}234,5", "1\u{202f}234,5"] {
            assert_eq!(decimal(blank, text), Some(1234.5), "{text}");
        }
        let apostrophe = NumberMarks { decimal: Some('.'), thousands: Some('\'') };
        assert_eq!(decimal(apostrophe, "12’345'678.5"), Some(12_345_678.5));
        let only_comma = NumberMarks { decimal: Some(','), thousands: None };
        assert_eq!((decimal(only_comma, "1,5"), decimal(only_comma, "1.5")), (Some(1.5), None));
        assert_eq!(decimal(only_comma, "-1,5e3"), Some(-1500.0));
    }

    #[test]
    fn currency_and_parentheses_go_along() {
        let spellings =
            ["($5.00)", "-$5.00", "$-5.00", "(5.00)", "-5 USD", "USD -5", "$(5.00)", "(5.00) $", "−5"];
        for text in spellings {
            assert_eq!(decimal(POINT, text), Some(-5.0), "{text}");
        }
        for text in ["$1,234.50", "$ 1,234.50", "1,234.50 $", "US$1,234.50", "$1,234.50 USD", "EUR 1,234.50"]
        {
            assert_eq!(decimal(POINT, text), Some(1234.5), "{text}");
        }
        for text in
            ["$", "()", "(5", "5)", "-(5)", "(-5)", "$5 EUR", "5 PCS", "$$5", "--5", "5-", "5 %", "$ -"]
        {
            assert_eq!(decimal(POINT, text), None, "{text}");
        }
        let read = |text| POINT.read(text).unwrap();
        assert_eq!(read("$5").currency, read("5 USD").currency);
        assert_ne!(read("$5").currency, read("€5").currency);
    }

    #[test]
    fn codes_are_not_plain() {
        let is_plain = |text| POINT.read(text).map(|number| number.is_plain);
        for text in ["02134", "+1555", "+1,555", "1234567890123456789", "($02)"] {
            assert_eq!(is_plain(text), Some(false), "{text}");
        }
        for text in ["0", "0.5", "-0", "$0.00", "123456789012345678", "1,000"] {
            assert_eq!(is_plain(text), Some(true), "{text}");
        }
        for text in ["555-0101", "1.2.3", "(0151) 23", "12/24", "1e", "1e999", "nan", "12:30", "é5"] {
            assert_eq!(is_plain(text), None, "{text}");
        }
        assert_eq!(POINT.read("(9,223,372,036,854,775,808)").unwrap().integer(), Some(i64::MIN));
        assert_eq!(POINT.read("9,223,372,036,854,775,808").unwrap().integer(), None);
    }

    /// A number as somebody writes it.
    fn written(number: f64, marks: NumberMarks, groups: bool, around: &str) -> String {
        let text = number.abs().to_string();
        let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |parts| parts);
        let mut digits = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && groups && (whole.len() - at) % 3 == 0 {
                digits.extend(marks.thousands);
            }
            digits.push(digit);
        }
        if !fraction.is_empty() {
            digits.push(marks.decimal.unwrap());
            digits.push_str(fraction);
        }
        let sign = if number.is_sign_negative() && !around.contains('(') { "-" } else { "" };
        format!("{sign}{}", around.replace('#', &digits))
    }

    proptest! {
        #[test]
        fn a_number_is_read_back_or_refused(
            number in prop_oneof![-1e15..1e15, -2000.0..2000.0, (-100_000_000_i64..100_000_000).prop_map(|cents| cents as f64 / 100.0)],
            (decimal, thousands) in prop::sample::select(vec![('.', ','), (',', '.'), (',', ' '), ('.', '\''), ('.', '\u{a0}')]),
            groups: bool,
            around in prop::sample::select(vec!["#", "$#", "# €", "EUR #", "#zł"]),
            (other_decimal, other_thousands) in prop::sample::select(vec![('.', Some(',')), (',', Some('.')), (',', None), ('.', None)]),
        ) {
            let marks = NumberMarks { decimal: Some(decimal), thousands: Some(thousands) };
            let text = written(number, marks, groups, around);
            prop_assert_eq!(decimal_of(marks, &text), Some(number), "{}", text);
            let negative = written(number, marks, groups, &format!("({around})"));
            prop_assert_eq!(decimal_of(marks, &negative), Some(-number.abs()), "{}", negative);
            // Other marks refuse what they would misread, unless the digits in between fit both.
            let other = NumberMarks { decimal: Some(other_decimal), thousands: other_thousands };
            let has_fraction = number.fract() != 0.0;
            let is_misread = decimal_of(other, &text).is_some_and(|read| read != number);
            let fits_both = text.chars().filter(|letter| matches!(letter, '.' | ',')).count() == 1;
            prop_assert!(!is_misread || fits_both || !has_fraction, "{text} by {other:?}");
        }
    }

    fn decimal_of(marks: NumberMarks, text: &str) -> Option<f64> {
        decimal(marks, text)
    }
}
