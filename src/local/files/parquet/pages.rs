//! The pages of a column chunk: found one after the other by their headers, and checked before anything is decoded.

use super::footer::Chunk;
use super::schema::{Physical, StoredColumn};
use super::thrift::{Thrift, Value};
use crate::diagnostic::Diagnostic;

/// Unpacked bytes are written in the encoding of this number as they are.
const PLAIN: i64 = 0;
/// Values are places in the chunk's dictionary.
const OF_DICTIONARY: [i64; 2] = [2, 8];
/// Codecs by their numbers, and how many bytes one byte can become at most.
const CODECS: [(i32, u64); 8] =
    [(0, 1), (1, 32), (2, 1100), (3, 256), (4, 1 << 22), (5, 300), (6, 1 << 16), (7, 300)];
/// Any page may be so large.
const ALWAYS_PLAUSIBLE: u64 = 1 << 16;
/// The widest places in a dictionary, in bits.
const MOST_BITS: u8 = 32;

/// A page of a chunk.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// Where its header begins, counted from the chunk's start.
    pub start: u64,
    /// Of its header, in bytes.
    pub header: u64,
    /// Of what follows the header, in bytes.
    pub length: u64,
    /// How many values it has; none if it is a dictionary.
    pub values: u64,
    pub is_dictionary: bool,
    checksum: Option<u32>,
    /// Where its values begin behind the levels, if they are places in a dictionary and nothing is packed.
    places: Option<Places>,
}

#[derive(Clone, Copy, Debug)]
enum Places {
    /// Behind levels that say themselves how long they are, if there are any.
    Behind { has_levels: bool },
    /// So many bytes on.
    At(u64),
}

impl Page {
    /// Where the next one begins.
    pub fn end(&self) -> u64 {
        self.start + self.header + self.length
    }

    /// Whether the bytes behind the header are those that were written, as far as that can be told.
    pub fn check_bytes(&self, bytes: &[u8]) -> Result<(), Diagnostic> {
        if let Some(written) = self.checksum
            && crc32fast::hash(bytes) != written
        {
            return Err(Diagnostic::new("its bytes are not those that were written: the checksum differs"));
        }
        let width = self.places.and_then(|places| {
            let at = match places {
                Places::At(at) => at,
                Places::Behind { has_levels: false } => 0,
                Places::Behind { has_levels: true } => {
                    4 + bytes.first_chunk().map_or(0, |length| u64::from(u32::from_le_bytes(*length)))
                }
            };
            bytes.get(usize::try_from(at).ok()?)
        });
        match width {
            Some(width) if *width > MOST_BITS => {
                Err(Diagnostic::new(format!("places in the dictionary are said to have {width} bits")))
            }
            _ => Ok(()),
        }
    }
}

/// Goes through the pages of a chunk.
pub(super) struct PageWalk<'a> {
    chunk: &'a Chunk,
    column: &'a StoredColumn,
    at: u64,
    values: u64,
    has_dictionary: bool,
    pages: u64,
}

impl<'a> PageWalk<'a> {
    pub fn new(chunk: &'a Chunk, column: &'a StoredColumn) -> Self {
        Self { chunk, column, at: 0, values: 0, has_dictionary: false, pages: 0 }
    }

    /// Where the next page begins, counted from the chunk's start; `None` after the last one.
    pub fn next_at(&self) -> Option<u64> {
        (self.values < self.chunk.values).then_some(self.at)
    }

    /// The next page, by the bytes that are there. `Ok(None)`: there are too few for its header.
    pub fn step(&mut self, bytes: &[u8]) -> Result<Option<Page>, Diagnostic> {
        let is_rest = self.at + bytes.len() as u64 >= self.chunk.length;
        let mut input = Thrift::new(bytes);
        let header = match Header::read(&mut input) {
            Ok(header) => header,
            Err(_) if !is_rest => return Ok(None),
            Err(error) => return Err(self.fault(error)),
        };
        let length = (bytes.len() - input.left()) as u64;
        let page = self.checked(&header, length).map_err(|error| self.fault(error))?;
        self.pages += 1;
        self.at = page.end();
        self.values += page.values;
        self.has_dictionary |= page.is_dictionary;
        Ok(Some(page))
    }

    fn fault(&self, error: Diagnostic) -> Diagnostic {
        Diagnostic { message: format!("page {}: {}", self.pages + 1, error.message), ..error }
    }

    fn checked(&self, header: &Header, header_length: u64) -> Result<Page, Diagnostic> {
        let left = self.chunk.length.saturating_sub(self.at + header_length);
        let length = size(header.packed)?;
        if length > left {
            return Err(Diagnostic::new("it goes beyond its chunk"));
        }
        let unpacked = size(header.unpacked)?;
        self.check_unpacked(length, unpacked)?;
        let mut page = Page {
            start: self.at,
            header: header_length,
            length,
            values: 0,
            is_dictionary: header.kind == Some(DICTIONARY),
            checksum: header.checksum,
            places: None,
        };
        match (header.kind, &header.data) {
            (Some(DICTIONARY), Some(data)) => self.check_dictionary(data, unpacked)?,
            (Some(DATA | DATA_2), Some(data)) => {
                page.values = self.check_data(data, unpacked)?;
                page.places = self.places(header, data, length)?;
            }
            (Some(DATA | DATA_2 | DICTIONARY), None) => {
                return Err(Diagnostic::new("its header does not say what it holds"));
            }
            _ => return Err(Diagnostic::new("it is of a kind that is not known")),
        }
        Ok(page)
    }

    fn check_unpacked(&self, length: u64, unpacked: u64) -> Result<(), Diagnostic> {
        let codec = CODECS.iter().find(|(codec, _)| *codec == self.chunk.codec);
        let Some((codec, most)) = codec else {
            return Err(Diagnostic::new(format!(
                "it is packed in a way that is not known, {}",
                self.chunk.codec
            )));
        };
        if *codec != 0 && unpacked > length.saturating_mul(*most).max(ALWAYS_PLAUSIBLE) {
            return Err(Diagnostic::new(format!("{length} bytes are said to unpack to {unpacked}")));
        }
        Ok(())
    }

    fn check_dictionary(&self, data: &DataHeader, unpacked: u64) -> Result<(), Diagnostic> {
        if self.pages > 0 {
            return Err(Diagnostic::new("a dictionary that is not the first page"));
        }
        if !data.encoding.is_some_and(|encoding| encoding == PLAIN || encoding == OF_DICTIONARY[0]) {
            return Err(Diagnostic::new("a dictionary in an encoding that is not known"));
        }
        let bits = match self.column.label.physical {
            Physical::Boolean => 1,
            Physical::Int32 | Physical::Float | Physical::Bytes => 32,
            Physical::Int64 | Physical::Double => 64,
            Physical::Int96 => 96,
            Physical::Fixed(length) => (length as u64).saturating_mul(8),
            Physical::Unknown(_) => 0,
        };
        let values = size(data.values)?;
        if values.saturating_mul(bits) > unpacked.saturating_mul(8) {
            return Err(Diagnostic::new(format!("{values} values are said to be in {unpacked} bytes")));
        }
        Ok(())
    }

    /// How many values a page with such a header has.
    fn check_data(&self, data: &DataHeader, unpacked: u64) -> Result<u64, Diagnostic> {
        /// All but 1, which no version of the format had in use.
        const KNOWN: [i64; 9] = [0, 2, 3, 4, 5, 6, 7, 8, 9];
        let encoding = data.encoding.filter(|encoding| KNOWN.contains(encoding));
        let Some(encoding) = encoding else {
            return Err(Diagnostic::new(match data.encoding {
                Some(encoding) => format!("it is in an encoding that is not known, {encoding}"),
                None => "it does not say its encoding".to_owned(),
            }));
        };
        if OF_DICTIONARY.contains(&encoding) && !self.has_dictionary {
            return Err(Diagnostic::new("its values are places in a dictionary that is not there"));
        }
        let values = size(data.values)?;
        let left = self.chunk.values - self.values;
        if values > left {
            return Err(Diagnostic::new(format!("it has {values} values where at most {left} are left")));
        }
        let bytes = match self.column.label.physical {
            Physical::Int32 | Physical::Float => 4,
            Physical::Int64 | Physical::Double => 8,
            _ => 0,
        };
        let is_whole = self.column.max_definition == 0 && encoding == PLAIN;
        if is_whole && bytes > 0 && unpacked != values * bytes {
            return Err(Diagnostic::new(format!(
                "{values} values of {bytes} bytes are said to take {unpacked}"
            )));
        }
        Ok(values)
    }

    /// Where the width of the places in the dictionary stands, if it is not packed.
    fn places(&self, header: &Header, data: &DataHeader, length: u64) -> Result<Option<Places>, Diagnostic> {
        let of_dictionary = data.encoding.is_some_and(|encoding| OF_DICTIONARY.contains(&encoding));
        if header.kind == Some(DATA) {
            let is_plain = self.chunk.codec == 0 && of_dictionary && self.column.max_repetition == 0;
            let has_levels = self.column.max_definition > 0;
            return Ok(is_plain.then_some(Places::Behind { has_levels }));
        }
        let levels = size(data.definition)?.saturating_add(size(data.repetition)?);
        if levels > length {
            return Err(Diagnostic::new("its levels are said to be longer than the page"));
        }
        let is_packed = self.chunk.codec != 0 && data.is_packed.unwrap_or(true);
        Ok((of_dictionary && !is_packed).then_some(Places::At(levels)))
    }
}

fn size(number: Option<i64>) -> Result<u64, Diagnostic> {
    let number = number.ok_or_else(|| Diagnostic::new("its header lacks a size or count"))?;
    match u32::try_from(number) {
        Ok(size) => Ok(u64::from(size)),
        Err(_) => Err(Diagnostic::new(format!("its header has {number} for a size or count"))),
    }
}

/// Kinds of pages, as the format numbers them.
const DATA: i64 = 0;
const DICTIONARY: i64 = 2;
const DATA_2: i64 = 3;

/// The header of a page as it is written.
#[derive(Default)]
struct Header {
    kind: Option<i64>,
    unpacked: Option<i64>,
    packed: Option<i64>,
    checksum: Option<u32>,
    data: Option<DataHeader>,
}

/// What a header says of the values.
#[derive(Default)]
struct DataHeader {
    values: Option<i64>,
    encoding: Option<i64>,
    definition: Option<i64>,
    repetition: Option<i64>,
    is_packed: Option<bool>,
}

impl Header {
    fn read(input: &mut Thrift<'_>) -> Result<Self, Diagnostic> {
        let mut header = Self::default();
        // Of the headers for the kinds of pages only the one for its own counts.
        let mut of_kind = [None, None, None];
        input.fields(|input, number, value| {
            match (number, value) {
                (1, Value::Number(kind)) => header.kind = Some(kind),
                (2, Value::Number(size)) => header.unpacked = Some(size),
                (3, Value::Number(size)) => header.packed = Some(size),
                (4, Value::Number(sum)) => header.checksum = i32::try_from(sum).ok().map(i32::cast_unsigned),
                (5, Value::Struct) => of_kind[0] = Some(DataHeader::read(input, 2)?),
                (7, Value::Struct) => of_kind[1] = Some(DataHeader::read(input, 2)?),
                (8, Value::Struct) => of_kind[2] = Some(DataHeader::read(input, 4)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        let [data, dictionary, data_2] = of_kind;
        header.data = match header.kind {
            Some(DATA) => data,
            Some(DICTIONARY) => dictionary,
            Some(DATA_2) => data_2,
            _ => None,
        };
        Ok(header)
    }
}

impl DataHeader {
    fn read(input: &mut Thrift<'_>, encoding: i64) -> Result<Self, Diagnostic> {
        let mut header = Self::default();
        input.fields(|_, number, value| {
            match value {
                Value::Number(value) if number == 1 => header.values = Some(value),
                Value::Number(value) if number == encoding => header.encoding = Some(value),
                Value::Number(value) if number == 5 => header.definition = Some(value),
                Value::Number(value) if number == 6 => header.repetition = Some(value),
                Value::Bool(value) if number == 7 => header.is_packed = Some(value),
                _ => {}
            }
            Ok(false)
        })?;
        Ok(header)
    }
}
