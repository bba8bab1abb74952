//! The form of an entry: a header that says what the content was made of, then the content.
//!
//! | bytes | |
//! |---|---|
//! | 8 | magic, of which the last byte is the version of this form |
//! | 4, 4 | length and CRC-32 of the header, least significant byte first |
//! | | the header, in postcard |
//! | | the content |

use std::fs::File;
use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::codec::{decode, encode};

/// The version of segtui.
const VERSION: &str = env!("CARGO_PKG_VERSION");
const MAGIC: [u8; 8] = *b"segtui\0\x02";

/// What a content is, and what it was made of.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Metadata {
    /// The folder of the database.
    pub database: String,
    pub kind: String,
    pub part: Option<usize>,
    /// What it was made of, as a whole: it is compared as it stands.
    pub fingerprint: String,
}

#[derive(Clone, Deserialize, Serialize)]
struct Header {
    /// The version of segtui that wrote it: another one may mean something else by the same bytes.
    segtui: String,
    metadata: Metadata,
    bytes: u64,
    crc32: u32,
}

/// Writes a content and what it is.
pub fn write(to: &mut impl Write, metadata: &Metadata, content: &[u8]) -> io::Result<()> {
    let (segtui, metadata) = (VERSION.to_owned(), metadata.clone());
    let header = Header { segtui, metadata, bytes: content.len() as u64, crc32: crc32fast::hash(content) };
    write_framed(to, &header, content)
}

fn write_framed(to: &mut impl Write, header: &Header, content: &[u8]) -> io::Result<()> {
    let header = encode(header)?;
    let length = u32::try_from(header.len()).map_err(io::Error::other)?;
    to.write_all(&MAGIC)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&crc32fast::hash(&header).to_le_bytes())?;
    to.write_all(&header)?;
    to.write_all(content)
}

/// The content of a file that has exactly this metadata; `None` if it has other, or is damaged.
pub fn read(file: &mut File, metadata: &Metadata) -> Option<Vec<u8>> {
    let Header { segtui, metadata: found, bytes, crc32 } = read_header(file)?;
    if found != *metadata || segtui != VERSION {
        return None;
    }
    let left = file.metadata().ok()?.len();
    // One length is in the file, the other is the file's: only where both agree is memory taken for it.
    let expected = if bytes <= left { usize::try_from(bytes).ok()? } else { return None };
    let mut content = Vec::with_capacity(expected.saturating_add(1));
    file.read_to_end(&mut content).ok()?;
    (content.len() == expected && crc32fast::hash(&content) == crc32).then_some(content)
}

/// What a file says that it is, whichever version of segtui wrote it.
pub(crate) fn read_metadata(file: &mut File) -> Option<Metadata> {
    read_header(file).map(|header| header.metadata)
}

fn read_header(file: &mut File) -> Option<Header> {
    let (mut magic, mut length, mut crc32) = ([0; 8], [0; 4], [0; 4]);
    file.read_exact(&mut magic).ok().filter(|()| magic == MAGIC)?;
    file.read_exact(&mut length).ok()?;
    file.read_exact(&mut crc32).ok()?;
    let length = u64::from(u32::from_le_bytes(length));
    let mut header = Vec::new();
    // It grows with what is there, whatever the length claims.
    file.take(length).read_to_end(&mut header).ok()?;
    let is_whole = header.len() as u64 == length && crc32fast::hash(&header) == u32::from_le_bytes(crc32);
    if is_whole { decode(&header).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, SeekFrom};

    fn metadata() -> Metadata {
        let [database, kind, fingerprint] = ["/d", "index", "a\nb"].map(str::to_owned);
        Metadata { database, kind, part: None, fingerprint }
    }

    fn written() -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, &metadata(), b"content").unwrap();
        bytes
    }

    fn read_bytes(bytes: &[u8], metadata: &Metadata) -> Option<Vec<u8>> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        read(&mut file, metadata)
    }

    #[test]
    fn what_is_whole_and_has_this_metadata_is_read() {
        assert_eq!(read_bytes(&written(), &metadata()).as_deref(), Some(&b"content"[..]));
        let mut empty = Vec::new();
        write(&mut empty, &metadata(), b"").unwrap();
        assert_eq!(read_bytes(&empty, &metadata()), Some(Vec::new()));
    }

    #[test]
    fn no_other_bytes_pass_for_it() {
        let bytes = written();
        for at in 0..bytes.len() {
            assert_eq!(read_bytes(&bytes[..at], &metadata()), None, "cut at {at}");
            for flip in (0..8).map(|bit| 1 << bit).chain([0xff]) {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                assert_eq!(read_bytes(&bytes, &metadata()), None, "byte {at} ^ {flip}");
            }
        }
        assert_eq!(read_bytes(&[&bytes[..], b"x"].concat(), &metadata()), None, "longer");
    }

    #[test]
    fn what_is_about_something_else_is_not_it() {
        let others = [
            Metadata { database: "/e".to_owned(), ..metadata() },
            Metadata { kind: "insights".to_owned(), ..metadata() },
            Metadata { fingerprint: "a\nb ".to_owned(), ..metadata() },
            Metadata { fingerprint: String::new(), ..metadata() },
        ];
        for other in others {
            assert_eq!(read_bytes(&written(), &other), None, "{other:?}");
        }
    }

    #[test]
    fn what_another_version_wrote_is_not_it() {
        let content = b"content";
        let own = Header {
            segtui: VERSION.to_owned(),
            metadata: metadata(),
            bytes: content.len() as u64,
            crc32: crc32fast::hash(content),
        };
        let other = Header { segtui: "0.0.1".to_owned(), ..own.clone() };
        for (header, expected) in [(own, Some(content.to_vec())), (other, None)] {
            let mut bytes = Vec::new();
            write_framed(&mut bytes, &header, content).unwrap();
            assert_eq!(read_bytes(&bytes, &metadata()), expected);
        }
    }
}
