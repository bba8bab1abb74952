//! Where lines end: at LF, CRLF, CR and CR CR LF, which a CRLF becomes that is sent through a text mode.

use memchr::{memchr, memchr_iter, memchr2};

/// How long the line end is that begins with these bytes, none where they begin with anything else. `None` where
/// more bytes would be needed to say so.
pub(crate) fn line_end(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\n', ..] | [b'\r', b'\n', ..] | [b'\r', b'\r', b'\n', ..] => Some(whole_line_end(bytes)),
        [] | [b'\r'] | [b'\r', b'\r'] => None,
        _ => Some(whole_line_end(bytes)),
    }
}

/// The same where no more bytes come.
pub(crate) fn whole_line_end(bytes: &[u8]) -> usize {
    match bytes {
        [b'\r', b'\r', b'\n', ..] => 3,
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// Where the first line ends, and what follows it begins; `None` where more bytes would be needed to say so.
pub(crate) fn end_of_line(bytes: &[u8]) -> Option<usize> {
    let at = memchr2(b'\n', b'\r', bytes)?;
    line_end(bytes.get(at..)?).map(|length| at + length)
}

/// How many lines end in these bytes, within quotes too.
pub(crate) fn count_lines(bytes: &[u8]) -> usize {
    let feeds = memchr_iter(b'\n', bytes).count();
    // Most files have none at all.
    if memchr(b'\r', bytes).is_none() {
        return feeds;
    }
    let is_end = |at: &usize| bytes.get(*at..).is_some_and(|from| whole_line_end(from) == 1);
    feeds + memchr_iter(b'\r', bytes).filter(is_end).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_counted_as_they_are_found() {
        let text = b"a\nb\r\nc\rd\r\r\ne\r\r";
        assert_eq!(count_lines(text), 6);
        let (mut rest, mut lines) = (&text[..], Vec::new());
        while let Some(end) = end_of_line(rest) {
            lines.push(rest[..end].len());
            rest = &rest[end..];
        }
        assert_eq!((lines, rest), (vec![2, 3, 2, 4], &b"e\r\r"[..]));
        assert_eq!(
            [line_end(b"\r"), line_end(b"\r\r"), line_end(b"\r\rx"), line_end(b"x")],
            [None, None, Some(1), Some(0)]
        );
    }
}
