//! A Parquet file in memory with some pages of one column, which polars decodes.

use std::io::Cursor;

use polars::prelude::{ParallelStrategy, ParquetReader, PolarsResult, SerReader, Series};
use polars_parquet_format::thrift::protocol::TCompactOutputProtocol;
use polars_parquet_format::{
    ColumnChunk, ColumnMetaData, CompressionCodec, DateType, DecimalType, Encoding, FieldRepetitionType,
    FileMetaData, IntType, LogicalType, MicroSeconds, MilliSeconds, NanoSeconds, RowGroup, SchemaElement,
    StringType, TimeUnit, TimestampType, Type,
};

use super::schema::{Label, Logical, Physical, Unit};
use crate::diagnostic::Diagnostic;

/// Begins and ends a file.
const MAGIC: &[u8] = b"PAR1";
/// The name of its one column.
const NAME: &str = "values";
/// More than its footer takes.
const FOOTER: usize = 512;

/// A file of which the pages are there, and the footer is to be written.
pub(super) struct SmallFile {
    bytes: Vec<u8>,
}

/// What a small file holds.
pub(super) struct Content<'a> {
    /// What polars is told of the values.
    pub label: &'a Label,
    /// How many there are.
    pub values: u64,
    pub is_nullable: bool,
    /// As the format numbers it.
    pub codec: i32,
    /// How many bytes the dictionary takes with its header; none without one.
    pub dictionary: u64,
}

impl SmallFile {
    /// A file with room for pages of so many bytes.
    ///
    /// # Errors
    /// There is no such room.
    pub fn new(length: u64) -> Result<Self, Diagnostic> {
        let too_large = || Diagnostic::new("there is not enough memory");
        let length = usize::try_from(length).map_err(|_| too_large())?;
        let mut bytes = Vec::new();
        let whole = length.saturating_add(MAGIC.len() + FOOTER);
        bytes.try_reserve_exact(whole).map_err(|_| too_large())?;
        bytes.extend(MAGIC);
        bytes.resize(MAGIC.len() + length, 0);
        Ok(Self { bytes })
    }

    /// Where its pages are.
    pub fn pages(&mut self) -> &mut [u8] {
        self.bytes.get_mut(MAGIC.len()..).unwrap_or_default()
    }

    /// Its values from one on, so many of them.
    pub fn decode(mut self, content: &Content<'_>, first: usize, count: usize) -> PolarsResult<Series> {
        let failed = |error: &dyn std::fmt::Display| polars::prelude::polars_err!(ComputeError: "{error}");
        let footer = content.footer(self.bytes.len() - MAGIC.len());
        let start = self.bytes.len();
        let mut output = TCompactOutputProtocol::new(&mut self.bytes);
        footer.write_to_out_protocol(&mut output).map_err(|error| failed(&error))?;
        let length = u32::try_from(self.bytes.len() - start).map_err(|error| failed(&error))?;
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(MAGIC);
        let reader = ParquetReader::new(Cursor::new(self.bytes));
        let frame = reader.read_parallel(ParallelStrategy::None).with_slice(Some((first, count))).finish()?;
        Ok(frame.column(NAME)?.as_materialized_series().clone())
    }
}

impl Content<'_> {
    fn footer(&self, length: usize) -> FileMetaData {
        let [values, length, dictionary, start] =
            [self.values, length as u64, self.dictionary, MAGIC.len() as u64].map(signed);
        let metadata = ColumnMetaData {
            type_: physical(self.label.physical),
            encodings: vec![Encoding::PLAIN],
            path_in_schema: vec![NAME.to_owned()],
            codec: CompressionCodec(self.codec),
            num_values: values,
            total_uncompressed_size: length,
            total_compressed_size: length,
            key_value_metadata: None,
            data_page_offset: start + dictionary,
            index_page_offset: None,
            dictionary_page_offset: (dictionary > 0).then_some(start),
            statistics: None,
            encoding_stats: None,
            bloom_filter_offset: None,
            bloom_filter_length: None,
            size_statistics: None,
        };
        let chunk = ColumnChunk {
            file_path: None,
            file_offset: 0,
            meta_data: Some(metadata),
            offset_index_offset: None,
            offset_index_length: None,
            column_index_offset: None,
            column_index_length: None,
            crypto_metadata: None,
            encrypted_column_metadata: None,
        };
        let group = RowGroup {
            columns: vec![chunk],
            total_byte_size: length,
            num_rows: values,
            sorting_columns: None,
            file_offset: None,
            total_compressed_size: None,
            ordinal: None,
        };
        FileMetaData {
            version: 1,
            schema: vec![root(), self.element()],
            num_rows: values,
            row_groups: vec![group],
            key_value_metadata: None,
            created_by: None,
            column_orders: None,
            encryption_algorithm: None,
            footer_signing_key_metadata: None,
        }
    }

    fn element(&self) -> SchemaElement {
        let Label { physical: stored, logical } = self.label;
        let length = match stored {
            Physical::Fixed(length) => i32::try_from(*length).ok(),
            _ => None,
        };
        let repetition = match self.is_nullable {
            true => FieldRepetitionType::OPTIONAL,
            false => FieldRepetitionType::REQUIRED,
        };
        let (scale, precision) = match logical {
            Some(Logical::Decimal(precision, scale)) => {
                (i32::try_from(*scale).ok(), i32::try_from(*precision).ok())
            }
            _ => (None, None),
        };
        SchemaElement {
            type_: Some(physical(*stored)),
            type_length: length,
            repetition_type: Some(repetition),
            name: NAME.to_owned(),
            num_children: None,
            converted_type: None,
            scale,
            precision,
            field_id: None,
            logical_type: logical.and_then(logical_type),
        }
    }
}

fn root() -> SchemaElement {
    SchemaElement {
        type_: None,
        type_length: None,
        repetition_type: None,
        name: "rows".to_owned(),
        num_children: Some(1),
        converted_type: None,
        scale: None,
        precision: None,
        field_id: None,
        logical_type: None,
    }
}

/// Lengths of what is in memory, and counts that were signed when they were read.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn physical(physical: Physical) -> Type {
    match physical {
        Physical::Boolean => Type::BOOLEAN,
        Physical::Int32 => Type::INT32,
        Physical::Int64 => Type::INT64,
        Physical::Int96 => Type::INT96,
        Physical::Float => Type::FLOAT,
        Physical::Double => Type::DOUBLE,
        Physical::Bytes => Type::BYTE_ARRAY,
        Physical::Fixed(_) | Physical::Unknown(_) => Type::FIXED_LEN_BYTE_ARRAY,
    }
}

/// Those that polars may be told; of the rest it gets the bare values.
fn logical_type(logical: Logical) -> Option<LogicalType> {
    Some(match logical {
        Logical::String => LogicalType::STRING(StringType {}),
        Logical::Decimal(precision, scale) => LogicalType::DECIMAL(DecimalType {
            precision: i32::try_from(precision).ok()?,
            scale: i32::try_from(scale).ok()?,
        }),
        Logical::Date => LogicalType::DATE(DateType {}),
        Logical::Timestamp(unit) => {
            let unit = match unit {
                Unit::Millis => TimeUnit::MILLIS(MilliSeconds {}),
                Unit::Micros => TimeUnit::MICROS(MicroSeconds {}),
                Unit::Nanos => TimeUnit::NANOS(NanoSeconds {}),
            };
            LogicalType::TIMESTAMP(TimestampType { is_adjusted_to_u_t_c: false, unit })
        }
        Logical::Integer(bits, is_signed) => {
            LogicalType::INTEGER(IntType { bit_width: i8::try_from(bits).ok()?, is_signed })
        }
        _ => return None,
    })
}
