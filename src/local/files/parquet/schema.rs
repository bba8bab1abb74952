//! The columns of a Parquet file, as its footer describes them.

use std::ops::Range;
use std::vec::IntoIter;

use super::thrift::{Thrift, Value};
use crate::diagnostic::Diagnostic;

/// How deep fields may lie in one another.
const DEPTH: u32 = 64;

/// What a row has under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub name: String,
    pub kind: FieldKind,
}

/// What is under the name of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    /// One value a row: this column.
    Column(usize),
    /// Values that hold others, stored in these columns.
    Nested(Nesting, Range<usize>),
}

/// How values hold others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nesting {
    List,
    Map,
    Struct,
    Variant,
}

/// A column as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredColumn {
    /// Its own name, without those of the fields in which it lies.
    pub name: String,
    /// Its type.
    pub label: Label,
    /// How many of the fields on its path may be NULL or repeat.
    pub max_definition: u16,
    /// How many of them repeat.
    pub max_repetition: u16,
    /// Whether any chunk of it can be read only with a key.
    pub is_encrypted: bool,
    /// Whether its whole numbers are durations, which only Arrow says.
    pub is_duration: bool,
}

/// What a column says its values are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub physical: Physical,
    /// By its logical type if we know that, else by its converted type. `None`: bare bytes and numbers.
    pub logical: Option<Logical>,
}

/// How values are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Physical {
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    /// So many bytes each.
    Fixed(usize),
    /// A number that stands for no type.
    Unknown(i64),
}

/// What stored values mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Logical {
    String,
    Map,
    List,
    Enum,
    /// Digits in all, and those behind the point.
    Decimal(u32, u32),
    Date,
    Time(Unit),
    /// Since 1970, in UTC or in a time that is nowhere's.
    Timestamp(Unit),
    /// Of so many bits, with a sign or without.
    Integer(u8, bool),
    /// Nothing but NULLs.
    Null,
    Json,
    Bson,
    Uuid,
    Float16,
    Interval,
    Variant,
    Geometry,
    Geography,
}

/// What times are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Millis,
    Micros,
    Nanos,
}

impl Physical {
    fn new(number: i64, length: Option<i64>) -> Result<Self, Diagnostic> {
        Ok(match number {
            0 => Self::Boolean,
            1 => Self::Int32,
            2 => Self::Int64,
            3 => Self::Int96,
            4 => Self::Float,
            5 => Self::Double,
            6 => Self::Bytes,
            7 => {
                let length = length.and_then(|length| u32::try_from(length).ok());
                let length =
                    length.ok_or_else(|| Diagnostic::new("a column does not say how long its values are"))?;
                Self::Fixed(length as usize)
            }
            other => Self::Unknown(other),
        })
    }

    /// As the format numbers it.
    pub fn number(self) -> i64 {
        match self {
            Self::Boolean => 0,
            Self::Int32 => 1,
            Self::Int64 => 2,
            Self::Int96 => 3,
            Self::Float => 4,
            Self::Double => 5,
            Self::Bytes => 6,
            Self::Fixed(_) => 7,
            Self::Unknown(number) => number,
        }
    }
}

/// An element of the schema as it is written: a column, or a field with so many others that follow it.
pub(super) struct Element {
    name: String,
    physical: Option<i64>,
    length: Option<i64>,
    repetition: i64,
    children: Option<i64>,
    scale: i64,
    precision: i64,
    converted: Option<i64>,
    logical: Option<Logical>,
}

/// Reads an element of the schema.
pub(super) fn element(input: &mut Thrift<'_>) -> Result<Element, Diagnostic> {
    let mut name = None;
    let mut element = Element {
        name: String::new(),
        physical: None,
        length: None,
        repetition: 0,
        children: None,
        scale: 0,
        precision: 0,
        converted: None,
        logical: None,
    };
    input.fields(|input, number, value| {
        match (number, value) {
            (1, Value::Number(number)) => element.physical = Some(number),
            (2, Value::Number(number)) => element.length = Some(number),
            (3, Value::Number(number)) => element.repetition = number,
            (4, Value::Bytes(bytes)) => name = Some(String::from_utf8_lossy(bytes).into_owned()),
            (5, Value::Number(number)) => element.children = Some(number),
            (6, Value::Number(number)) => element.converted = Some(number),
            (7, Value::Number(number)) => element.scale = number,
            (8, Value::Number(number)) => element.precision = number,
            (10, Value::Struct) => element.logical = logical(input)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    element.name = name.ok_or_else(|| Diagnostic::new("a column has no name"))?;
    Ok(element)
}

/// A union of logical types; `None` for one that is not known.
fn logical(input: &mut Thrift<'_>) -> Result<Option<Logical>, Diagnostic> {
    let mut logical = None;
    input.fields(|input, number, value| {
        if !matches!(value, Value::Struct) {
            return Ok(false);
        }
        logical = match number {
            1 => Some(Logical::String),
            2 => Some(Logical::Map),
            3 => Some(Logical::List),
            4 => Some(Logical::Enum),
            5 => {
                let Parameters { first, second, .. } = parameters(input)?;
                logical = decimal(second, first);
                return Ok(true);
            }
            6 => Some(Logical::Date),
            7 | 8 => {
                let unit = parameters(input)?.unit;
                logical = unit.map(if number == 7 { Logical::Time } else { Logical::Timestamp });
                return Ok(true);
            }
            10 => {
                let Parameters { first, flag, .. } = parameters(input)?;
                let bits = u8::try_from(first).ok().filter(|bits| [8, 16, 32, 64].contains(bits));
                logical = bits.map(|bits| Logical::Integer(bits, flag));
                return Ok(true);
            }
            11 => Some(Logical::Null),
            12 => Some(Logical::Json),
            13 => Some(Logical::Bson),
            14 => Some(Logical::Uuid),
            15 => Some(Logical::Float16),
            16 => Some(Logical::Variant),
            17 => Some(Logical::Geometry),
            18 => Some(Logical::Geography),
            _ => None,
        };
        Ok(false)
    })?;
    Ok(logical)
}

/// What a logical type has beside its name.
#[derive(Default)]
struct Parameters {
    first: i64,
    second: i64,
    flag: bool,
    unit: Option<Unit>,
}

fn parameters(input: &mut Thrift<'_>) -> Result<Parameters, Diagnostic> {
    let mut parameters = Parameters::default();
    input.fields(|input, number, value| {
        match (number, value) {
            (1, Value::Number(number)) => parameters.first = number,
            (2, Value::Number(number)) => parameters.second = number,
            (2, Value::Bool(flag)) => parameters.flag = flag,
            (2, Value::Struct) => {
                input.fields(|_, number, _| {
                    parameters.unit = unit(number);
                    Ok(false)
                })?;
                return Ok(true);
            }
            _ => {}
        }
        Ok(false)
    })?;
    Ok(parameters)
}

fn unit(number: i64) -> Option<Unit> {
    Some(match number {
        1 => Unit::Millis,
        2 => Unit::Micros,
        3 => Unit::Nanos,
        _ => return None,
    })
}

fn decimal(precision: i64, scale: i64) -> Option<Logical> {
    let (precision, scale) = (u32::try_from(precision).ok()?, u32::try_from(scale).ok()?);
    (precision > 0 && scale <= precision).then_some(Logical::Decimal(precision, scale))
}

impl Element {
    /// What its values mean: an unknown logical type falls back on the converted one.
    fn meaning(&self) -> Option<Logical> {
        let converted = || {
            Some(match self.converted? {
                0 => Logical::String,
                1 | 2 => Logical::Map,
                3 => Logical::List,
                4 => Logical::Enum,
                5 => return decimal(self.precision, self.scale),
                6 => Logical::Date,
                7 => Logical::Time(Unit::Millis),
                8 => Logical::Time(Unit::Micros),
                9 => Logical::Timestamp(Unit::Millis),
                10 => Logical::Timestamp(Unit::Micros),
                11 => Logical::Integer(8, false),
                12 => Logical::Integer(16, false),
                13 => Logical::Integer(32, false),
                14 => Logical::Integer(64, false),
                15 => Logical::Integer(8, true),
                16 => Logical::Integer(16, true),
                17 => Logical::Integer(32, true),
                18 => Logical::Integer(64, true),
                19 => Logical::Json,
                20 => Logical::Bson,
                21 => Logical::Interval,
                _ => return None,
            })
        };
        self.logical.or_else(converted)
    }
}

/// The fields of rows, and all columns in which they are stored.
pub(super) fn fields(elements: Vec<Element>) -> Result<(Vec<Field>, Vec<StoredColumn>), Diagnostic> {
    let mut elements = elements.into_iter();
    let root = elements.next().ok_or_else(|| Diagnostic::new("it has no columns"))?;
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for _ in 0..root.children.unwrap_or_default() {
        let first = columns.len();
        let (name, nesting) = add(&mut elements, (0, 0), &mut columns, DEPTH)?;
        let kind = match nesting {
            None => FieldKind::Column(first),
            Some(nesting) => FieldKind::Nested(nesting, first..columns.len()),
        };
        fields.push(Field { name, kind });
    }
    match elements.next() {
        None => Ok((fields, columns)),
        Some(_) => Err(Diagnostic::new("it has columns that belong to nothing")),
    }
}

/// Adds the columns of the next field, which lies in fields of so many levels. Returns its name, and how it holds
/// others if it does.
fn add(
    elements: &mut IntoIter<Element>,
    (definition, repetition): (u16, u16),
    columns: &mut Vec<StoredColumn>,
    depth: u32,
) -> Result<(String, Option<Nesting>), Diagnostic> {
    let missing = || Diagnostic::new("it lacks columns that it counts");
    let element = elements.next().ok_or_else(missing)?;
    let depth =
        depth.checked_sub(1).ok_or_else(|| Diagnostic::new("its columns lie too deep in one another"))?;
    let is_repeated = element.repetition == 2;
    let logical = element.meaning();
    let levels = (definition + u16::from(element.repetition != 0), repetition + u16::from(is_repeated));
    let Some(physical) = element.physical else {
        for _ in 0..element.children.unwrap_or_default() {
            add(elements, levels, columns, depth)?;
        }
        let nesting = match logical {
            _ if is_repeated => Nesting::List,
            Some(Logical::List) => Nesting::List,
            Some(Logical::Map) => Nesting::Map,
            Some(Logical::Variant) => Nesting::Variant,
            _ => Nesting::Struct,
        };
        return Ok((element.name, Some(nesting)));
    };
    let label = Label { physical: Physical::new(physical, element.length)?, logical };
    let (max_definition, max_repetition) = levels;
    columns.push(StoredColumn {
        name: element.name.clone(),
        label,
        max_definition,
        max_repetition,
        is_encrypted: false,
        is_duration: false,
    });
    Ok((element.name, is_repeated.then_some(Nesting::List)))
}
