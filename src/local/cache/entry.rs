//! The form of an entry: a header that says what the content was made of, then the content.
//!
//! | bytes | |
//! |---|---|
//! | 8 | magic, of which the last byte is the version of this form |
//! | 4, 4 | length and CRC-32 of the header, least significant byte first |
//! | | the header, as JSON |
//! | | the content |

use std::fs::File;
use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

const MAGIC: [u8; 8] = *b"segtui\0\x01";

/// What a content is, and what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The folder of the database.
    pub database: String,
    /// What it is.
    pub kind: String,
    /// Which part of it.
    pub part: Option<usize>,
    /// What it was made of, as a whole: it is compared as it stands.
    pub fingerprint: String,
}

#[derive(Deserialize, Serialize)]
struct Header {
    /// The version of segtui that wrote it: another one may mean something else by the same bytes.
    segtui: String,
    database: String,
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    part: Option<usize>,
    fingerprint: String,
    bytes: u64,
    crc32: u32,
}

/// Writes a content and what it is.
pub fn write(to: &mut impl Write, about: &About, content: &[u8]) -> io::Result<()> {
    let header = serde_json::to_vec(&Header {
        segtui: env!("CARGO_PKG_VERSION").to_owned(),
        database: about.database.clone(),
        kind: about.kind.clone(),
        part: about.part,
        fingerprint: about.fingerprint.clone(),
        bytes: content.len() as u64,
        crc32: crc32fast::hash(content),
    })?;
    let length = u32::try_from(header.len()).map_err(io::Error::other)?;
    to.write_all(&MAGIC)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&crc32fast::hash(&header).to_le_bytes())?;
    to.write_all(&header)?;
    to.write_all(content)
}

/// The content of a file that is about exactly this; `None` if it is about anything else, or damaged.
pub fn read(file: &mut File, about: &About) -> Option<Vec<u8>> {
    let header = header(file)?;
    let (found, bytes, crc32) = (header.about(), header.bytes, header.crc32);
    if found != *about || header.segtui != env!("CARGO_PKG_VERSION") {
        return None;
    }
    let left = file.metadata().ok()?.len();
    // One length is in the file, the other is the file's: only where both agree is room made for it.
    let room = if bytes <= left { usize::try_from(bytes).ok()? } else { return None };
    let mut content = Vec::with_capacity(room.saturating_add(1));
    file.read_to_end(&mut content).ok()?;
    (content.len() == room && crc32fast::hash(&content) == crc32).then_some(content)
}

/// What a file says that it is, whichever version of segtui wrote it.
pub fn about(file: &mut File) -> Option<About> {
    header(file).map(|header| header.about())
}

fn header(file: &mut File) -> Option<Header> {
    let (mut magic, mut length, mut crc32) = ([0; 8], [0; 4], [0; 4]);
    file.read_exact(&mut magic).ok().filter(|()| magic == MAGIC)?;
    file.read_exact(&mut length).ok()?;
    file.read_exact(&mut crc32).ok()?;
    let length = u64::from(u32::from_le_bytes(length));
    let mut text = Vec::new();
    // It grows with what is there, whatever the length claims.
    file.take(length).read_to_end(&mut text).ok()?;
    let is_whole = text.len() as u64 == length && crc32fast::hash(&text) == u32::from_le_bytes(crc32);
    if is_whole { serde_json::from_slice(&text).ok() } else { None }
}

impl Header {
    fn about(self: &Header) -> About {
        let (database, kind) = (self.database.clone(), self.kind.clone());
        About { database, kind, part: self.part, fingerprint: self.fingerprint.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Seek, SeekFrom};

    fn about_it() -> About {
        let [database, kind, fingerprint] = ["/d", "index", "a\nb"].map(str::to_owned);
        About { database, kind, part: None, fingerprint }
    }

    fn written() -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, &about_it(), b"content").unwrap();
        bytes
    }

    fn read_bytes(bytes: &[u8], about: &About) -> Option<Vec<u8>> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        read(&mut file, about)
    }

    #[test]
    fn what_is_whole_and_about_this_is_read() {
        assert_eq!(read_bytes(&written(), &about_it()).as_deref(), Some(&b"content"[..]));
        let mut empty = Vec::new();
        write(&mut empty, &about_it(), b"").unwrap();
        assert_eq!(read_bytes(&empty, &about_it()), Some(Vec::new()));
    }

    #[test]
    fn no_other_bytes_pass_for_it() {
        let bytes = written();
        for at in 0..bytes.len() {
            assert_eq!(read_bytes(&bytes[..at], &about_it()), None, "cut at {at}");
            for flip in (0..8).map(|bit| 1 << bit).chain([0xff]) {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                assert_eq!(read_bytes(&bytes, &about_it()), None, "byte {at} ^ {flip}");
            }
        }
        assert_eq!(read_bytes(&[&bytes[..], b"x"].concat(), &about_it()), None, "longer");
    }

    #[test]
    fn what_is_about_something_else_is_not_it() {
        let others = [
            About { database: "/e".to_owned(), ..about_it() },
            About { kind: "insights".to_owned(), ..about_it() },
            About { fingerprint: "a\nb ".to_owned(), ..about_it() },
            About { fingerprint: String::new(), ..about_it() },
        ];
        for other in others {
            assert_eq!(read_bytes(&written(), &other), None, "{other:?}");
        }
    }

    #[test]
    fn what_another_version_wrote_is_not_it() {
        let bytes = written();
        let version = format!("\"segtui\":\"{}\"", env!("CARGO_PKG_VERSION"));
        let header = String::from_utf8(bytes[16..bytes.len() - b"content".len()].to_vec()).unwrap();
        let other = header.replace(&version, "\"segtui\":\"0.0.1\"");
        assert_ne!(header, other);
        let (length, crc) = (other.len() as u32, crc32fast::hash(other.as_bytes()));
        let file = [&MAGIC[..], &length.to_le_bytes(), &crc.to_le_bytes(), other.as_bytes(), b"content"];
        assert_eq!(read_bytes(&file.concat(), &about_it()), None);
    }
}
