//! Currencies beside numbers: signs, codes, and what stands for one of them in everyday use.

/// A currency, so far as it is told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Currency([u8; 3]);

/// What stands beside numbers, longer ones before those that they end or begin with, and the code that it stands for.
const SIGNS: &[(&str, &[u8; 3])] = &[
    ("US$", b"USD"),
    ("CA$", b"CAD"),
    ("AU$", b"AUD"),
    ("NZ$", b"NZD"),
    ("HK$", b"HKD"),
    ("NT$", b"TWD"),
    ("MX$", b"MXN"),
    ("R$", b"BRL"),
    ("A$", b"AUD"),
    ("C$", b"CAD"),
    ("S$", b"SGD"),
    ("$", b"USD"),
    ("€", b"EUR"),
    ("£", b"GBP"),
    ("¥", b"JPY"),
    ("￥", b"JPY"),
    ("₹", b"INR"),
    ("Rs.", b"INR"),
    ("Rs", b"INR"),
    ("₺", b"TRY"),
    ("₽", b"RUB"),
    ("₴", b"UAH"),
    ("₩", b"KRW"),
    ("₫", b"VND"),
    ("₱", b"PHP"),
    ("฿", b"THB"),
    ("₪", b"ILS"),
    ("₦", b"NGN"),
    ("₡", b"CRC"),
    ("₲", b"PYG"),
    ("₸", b"KZT"),
    ("₼", b"AZN"),
    ("₾", b"GEL"),
    ("₵", b"GHS"),
    ("₮", b"MNT"),
    ("₭", b"LAK"),
    ("zł", b"PLN"),
    ("Kč", b"CZK"),
    ("Ft", b"HUF"),
    ("lei", b"RON"),
    ("лв.", b"BGN"),
    ("лв", b"BGN"),
    ("Fr.", b"CHF"),
    ("RM", b"MYR"),
    ("Rp", b"IDR"),
    // Of four countries: a column has one of them.
    ("kr.", b"kr "),
    ("kr", b"kr "),
];

/// The codes of ISO 4217 that are in use.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
    BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ \
    GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL \
    LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG \
    QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS \
    UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// Takes a currency away that stands before or behind, with one blank between or none; `None` where there are two.
pub(crate) fn strip(text: &str) -> Option<(Option<Currency>, &str)> {
    let (before, text) = match before(text) {
        Some((currency, rest)) => (Some(currency), rest.strip_prefix(is_blank).unwrap_or(rest)),
        None => (None, text),
    };
    let (behind, text) = match behind(text) {
        Some((currency, rest)) => (Some(currency), rest.strip_suffix(is_blank).unwrap_or(rest)),
        None => (None, text),
    };
    let is_one = before.is_none() || behind.is_none() || before == behind;
    is_one.then_some((before.or(behind), text))
}

fn before(text: &str) -> Option<(Currency, &str)> {
    if !is_beside_number(*text.as_bytes().first()?) {
        return None;
    }
    let sign = SIGNS.iter().find_map(|(sign, code)| Some((Currency(**code), text.strip_prefix(sign)?)));
    sign.or_else(|| {
        let (code, rest) = text.split_at_checked(3)?;
        Some((of_code(code)?, rest))
    })
}

fn behind(text: &str) -> Option<(Currency, &str)> {
    if !is_beside_number(*text.as_bytes().last()?) {
        return None;
    }
    let sign = SIGNS.iter().find_map(|(sign, code)| Some((Currency(**code), text.strip_suffix(sign)?)));
    sign.or_else(|| {
        let (rest, code) = text.split_at_checked(text.len().checked_sub(3)?)?;
        Some((of_code(code)?, rest))
    })
}

/// Whether a byte may be one of a currency at all.
fn is_beside_number(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'$' || byte == b'.' || !byte.is_ascii()
}

fn of_code(code: &str) -> Option<Currency> {
    let is_code = code.bytes().all(|byte| byte.is_ascii_uppercase());
    let known = CODES.split_ascii_whitespace().find(|known| is_code && *known == code)?;
    known.as_bytes().try_into().ok().map(Currency)
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_stands_before_or_behind() {
        let code = |text| strip(text).map(|(currency, rest)| (currency.map(|Currency(code)| code), rest));
        for (text, expected) in [
            ("$5", b"USD"),
            ("US$ 5", b"USD"),
            ("5 €", b"EUR"),
            ("5\u{a0}EUR", b"EUR"),
            ("5kr.", b"kr "),
            ("5 zł", b"PLN"),
            ("CHF 5", b"CHF"),
            ("€5 EUR", b"EUR"),
        ] {
            assert_eq!(code(text), Some((Some(*expected), "5")), "{text}");
        }
        assert_eq!(code("€5 USD"), None);
        for text in ["5", "", "5 PCS", "eur 5", "5.", ".5", "$", "5 ¢"] {
            let rest = text.strip_prefix('$').unwrap_or(text);
            assert_eq!(code(text).map(|(_, rest)| rest), Some(rest), "{text}");
        }
    }

    #[test]
    fn signs_stand_for_codes_and_longer_ones_come_first() {
        for (at, (sign, code)) in SIGNS.iter().enumerate() {
            assert!(**code == *b"kr " || of_code(std::str::from_utf8(*code).unwrap()).is_some(), "{sign}");
            let hides = |earlier: &str| sign.starts_with(earlier) || sign.ends_with(earlier);
            assert!(!SIGNS[..at].iter().any(|(earlier, _)| hides(earlier)), "{sign}");
        }
        assert!(CODES.split_ascii_whitespace().all(|code| code.len() == 3));
    }
}
