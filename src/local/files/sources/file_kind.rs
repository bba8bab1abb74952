//! What a file is, by its first bytes, whatever it is called.
//!
//! A table of our own, because it is short, and knows what stands beside tables: the crates for it know pictures and
//! programs, but neither pointers of Git LFS nor what is packed in a file.

use std::io::{self, Read};
use std::path::Path;

use crate::file_system::open_regular;

/// How many bytes are looked at.
const HEAD: usize = 512;

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Parquet,
    /// Packed; what is in it may be CSV.
    Packed,
    /// Something that is no table here: what it is called, and what to do.
    Other {
        what: &'static str,
        help: &'static str,
    },
    /// Nothing is known of it: it may be CSV, or empty.
    Unknown,
}

/// How files are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// How a file that begins so is packed.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1F, 0x8B, 0x08, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

impl FileKind {
    /// Looks at the first bytes of a file.
    pub fn look(file: &Path) -> io::Result<Self> {
        let mut head = Vec::with_capacity(HEAD);
        open_regular(file)?.take(HEAD as u64).read_to_end(&mut head)?;
        Ok(Self::of(&head))
    }

    /// What begins so.
    pub(crate) fn of(head: &[u8]) -> Self {
        match Packing::of(head) {
            Some(packing) => match plain(&unpacked(head, packing)) {
                Self::Parquet => PACKED_PARQUET,
                Self::Unknown | Self::Packed => Self::Packed,
                other => other,
            },
            None => plain(head),
        }
    }
}

const EXPORT: &str = "export it as CSV or Parquet";
const UNPACK: &str = "unpack it, and put the CSV or Parquet files into this folder";
const SAVE_AS: &str = "open it in a spreadsheet program and save it as CSV, in UTF-8";
const PACKED_PARQUET: FileKind = FileKind::Other {
    what: "a Parquet file that is packed once more",
    help: "unpack it with gunzip or unzstd",
};

/// What files begin with, what they are called, what to do.
const SIGNATURES: [(&[u8], &str, &str); 20] = [
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Excel workbook (.xls) or another Office file", SAVE_AS),
    (b"\x09\x08\x10\x00\x00\x06\x05\x00", "an old Excel workbook (.xls)", SAVE_AS),
    (b"SQLite format 3\0", "a SQLite database", "export each table as CSV"),
    (b"Obj\x01", "an Avro file", EXPORT),
    (b"ORC", "an ORC file", EXPORT),
    (b"ARROW1", "an Arrow (Feather) file", EXPORT),
    (b"FEA1", "a Feather file", EXPORT),
    (b"%PDF-", "a PDF document", EXPORT),
    (b"\x89HDF\r\n\x1A\n", "an HDF5 file", EXPORT),
    (b"BZh", "packed by bzip2", "unpack it with bunzip2"),
    (b"\xFD7zXZ\0", "packed by xz", "unpack it with unxz"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"\x04\x22\x4D\x18", "packed by lz4", "unpack it with unlz4"),
    (b"\xFF\x06\x00\x00sNaPpY", "packed by snappy", "write it without snappy, or by gzip"),
    (b"\x93NUMPY", "a NumPy array", EXPORT),
    (b"{\\rtf", "an RTF document", "save it as plain text"),
    (b"\x89PNG", "a picture", "put the table here in its place"),
    (b"\xFF\xD8\xFF", "a picture", "put the table here in its place"),
    (
        b"version https://git-lfs.github.com/spec/",
        "a pointer of Git LFS, which stands in place of the file",
        "fetch the file itself with `git lfs pull`",
    ),
];

/// What begins so, which is not packed, or not any more.
fn plain(head: &[u8]) -> FileKind {
    if head.starts_with(b"PAR1") || head.starts_with(b"PARE") {
        return FileKind::Parquet;
    }
    if let Some((_, what, help)) = SIGNATURES.iter().find(|(bytes, ..)| head.starts_with(bytes)) {
        return FileKind::Other { what, help };
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zip(head);
    }
    if head.get(257..262) == Some(b"ustar") {
        return FileKind::Other { what: "a tar archive", help: UNPACK };
    }
    if head.get(8..12) == Some(b"DUCK") {
        return FileKind::Other {
            what: "a DuckDB database",
            help: "export each table with COPY … TO 'NAME.parquet'",
        };
    }
    text(head)
}

/// Office files are archives of a known first entry.
fn zip(head: &[u8]) -> FileKind {
    let entry = head.get(30..).unwrap_or_default();
    let holds = |text: &[u8]| entry.windows(text.len()).any(|window| window == text);
    let office: [&[u8]; 5] = [b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"opendocument"];
    if office.iter().any(|text| holds(text)) {
        return FileKind::Other { what: "an Excel workbook (.xlsx) or another Office file", help: SAVE_AS };
    }
    FileKind::Other { what: "a ZIP archive", help: UNPACK }
}

/// Text of which the first letters say what it is. Only what no header of a CSV file begins with.
fn text(head: &[u8]) -> FileKind {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let begins =
        |with: &str| head.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()));
    if ["<!doctype html", "<html", "<head", "<table"].into_iter().any(begins) {
        return FileKind::Other {
            what: "an HTML page",
            help: "it may be the page of a failed download, or a table saved as a web page: export it as CSV",
        };
    }
    if begins("<?xml") {
        return FileKind::Other { what: "an XML file", help: EXPORT };
    }
    let is_json = match head {
        [b'{', rest @ ..] => is_member(rest),
        [b'[', rest @ ..] => match rest.trim_ascii_start() {
            [b'{', rest @ ..] => is_member(rest),
            [b'[', ..] => true,
            _ => false,
        },
        _ => false,
    };
    if is_json {
        return FileKind::Other { what: "JSON", help: EXPORT };
    }
    FileKind::Unknown
}

/// Whether JSON goes on after `{`: a name in quotes and a colon.
fn is_member(text: &[u8]) -> bool {
    let [b'"', rest @ ..] = text.trim_ascii_start() else { return false };
    let Some(end) = rest.iter().position(|byte| *byte == b'"') else { return false };
    rest.get(end + 1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"))
}

/// What the start of a packed file holds, as far as that can be unpacked.
fn unpacked(head: &[u8], packing: Packing) -> Vec<u8> {
    let mut bytes = vec![0; HEAD];
    let mut from: Box<dyn Read + '_> = match packing {
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(head)),
        Packing::Zstd => match zstd::Decoder::with_buffer(head) {
            Ok(decoder) => Box::new(decoder),
            Err(_) => return Vec::new(),
        },
    };
    let mut length = 0;
    // It ends where the head does, mostly with an error: the rest of the file is missing.
    while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty())
        && let Ok(read @ 1..) = from.read(rest)
    {
        length += read;
    }
    bytes.truncate(length);
    bytes
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn what(head: &[u8]) -> &'static str {
        match FileKind::of(head) {
            FileKind::Other { what, .. } => what,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn files_say_what_they_are() {
        for (head, expected) in [
            (
                &b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml"
                    [..],
                "Excel",
            ),
            (b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.csv", "ZIP"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0", "Excel"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:", "LFS"),
            (b"\xEF\xBB\xBF\n <!DOCTYPE html>", "HTML"),
            (b"<?xml version=\"1.0\"?>", "XML"),
            (b" {\n \"id\" : 1", "JSON"),
            (b"[{\"id\":1}]", "JSON"),
            (b"SQLite format 3\0", "SQLite"),
            (b"Obj\x01\x04", "Avro"),
            (b"ORC\x08", "ORC"),
        ] {
            assert!(what(head).contains(expected), "{head:?}");
            assert!(what(&gzip(head)).contains(expected), "{head:?}, packed");
            assert!(what(&zstd::encode_all(head, 1).unwrap()).contains(expected), "{head:?}, packed");
        }
        assert!(what(&gzip(b"PAR1\x15\x04")).contains("Parquet"));
    }

    #[test]
    fn what_may_be_csv_is_none_of_them() {
        for head in [
            "",
            "id,name\n1,a\n",
            "\"{a\",b\n",
            "[a],b\n",
            "{a},b\n",
            "{\"a\",\"b\"}\n",
            "<a>,b\n",
            "ID\tx\n",
        ] {
            assert_eq!(FileKind::of(head.as_bytes()), FileKind::Unknown, "{head}");
            assert_eq!(FileKind::of(&gzip(head.as_bytes())), FileKind::Packed, "{head}");
        }
        assert_eq!(FileKind::of(b"PAR1\x15"), FileKind::Parquet);
    }

    #[test]
    fn the_start_of_a_long_packed_file_is_enough() {
        let mut tar = vec![b'a'; 257];
        tar.extend_from_slice(b"ustar");
        tar.extend((0..100_000_u32).flat_map(u32::to_le_bytes));
        let mut packed = gzip(&tar);
        packed.truncate(HEAD);
        assert!(what(&packed).contains("tar"));
    }
}
