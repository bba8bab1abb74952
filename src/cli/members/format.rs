//! Rows as CSV, JSON lines or Parquet.

use std::io::{self, Write};

use chrono::{DateTime, Days, NaiveDate};
use serde_json::{Map, Value};

use super::sink::Shape;
use crate::backend::{ColumnValues, MemberTable};
use crate::cli::out::json_text;
use crate::local::write_parquet;
use crate::segment::Number;

pub(super) fn write(table: &MemberTable, sink: &mut impl Write, shape: Shape) -> io::Result<()> {
    match shape {
        Shape::Csv => csv(table, sink)?,
        Shape::JsonLines => json_lines(table, sink)?,
        Shape::Parquet => write_parquet(table, sink)?,
    }
    sink.flush()
}

fn csv(table: &MemberTable, sink: &mut impl Write) -> io::Result<()> {
    let header: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    writeln!(sink, "{}", header.join(","))?;
    for row in 0..table.rows {
        for (index, column) in table.columns.iter().enumerate() {
            if index > 0 {
                sink.write_all(b",")?;
            }
            match cell(&column.values, row)? {
                // NULL is nothing at all, an empty string is quoted: databases tell them apart.
                Value::Null => {}
                Value::String(text) => sink.write_all(quoted(&text).as_bytes())?,
                other => write!(sink, "{other}")?,
            }
        }
        sink.write_all(b"\n")?;
    }
    Ok(())
}

fn json_lines(table: &MemberTable, sink: &mut impl Write) -> io::Result<()> {
    for row in 0..table.rows {
        let mut line = Map::new();
        for column in &table.columns {
            line.insert(column.name.clone(), cell(&column.values, row)?);
        }
        writeln!(sink, "{}", json_text(&Value::Object(line)))?;
    }
    Ok(())
}

/// A text as a CSV field; quoted where it would be read as something else.
fn quoted(text: &str) -> String {
    let is_special = text.is_empty()
        || text.contains([',', '"', '\r', '\n'])
        || text.starts_with(char::is_whitespace)
        || text.ends_with(char::is_whitespace);
    if is_special { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn cell(values: &ColumnValues, row: usize) -> io::Result<Value> {
    Ok(match values {
        ColumnValues::String(values) => value(values, row)?.clone().into(),
        ColumnValues::Integer(values) => (*value(values, row)?).into(),
        ColumnValues::Decimal(values) => (*value(values, row)?).into(),
        ColumnValues::Exact { parts, decimals } => {
            value(parts, row)?.map_or(Value::Null, |parts| decimal(Number::from_parts(parts, *decimals)))
        }
        ColumnValues::Boolean(values) => (*value(values, row)?).into(),
        ColumnValues::Date(values) => value(values, row)?.map(date).into(),
        ColumnValues::Datetime(values) => value(values, row)?.map_or(Value::Null, instant),
    })
}

/// Like a double where one says it, otherwise by its digits.
fn decimal(number: Number) -> Value {
    let nearest = number.as_f64();
    if Number::Decimal(nearest) == number {
        return nearest.into();
    }
    number.to_string().parse().map_or(nearest.into(), Value::Number)
}

fn value<T>(values: &[T], row: usize) -> io::Result<&T> {
    values.get(row).ok_or_else(|| io::Error::other("a column is shorter than the others"))
}

fn date(days: i32) -> String {
    let (epoch, distance) = (NaiveDate::default(), Days::new(u64::from(days.unsigned_abs())));
    let day = if days < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) };
    day.map_or_else(|| days.to_string(), |day| day.to_string())
}

fn instant(micros: i64) -> Value {
    match DateTime::from_timestamp_micros(micros) {
        Some(instant) => instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string().into(),
        None => micros.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::ValueColumn;

    fn written(shape: Shape) -> String {
        let texts = |values: [Option<&str>; 3]| {
            ColumnValues::String(values.map(|value| value.map(str::to_owned)).to_vec())
        };
        let columns = [
            ("id", texts([Some("a,b"), Some(" c"), Some("d\"e")])),
            ("x", texts([Some(""), None, Some("line\nbreak")])),
            ("n", ColumnValues::Decimal(vec![Some(1.0), Some(1e300), None])),
        ];
        let columns = columns.map(|(name, values)| ValueColumn { name: name.to_owned(), values });
        let mut out = Vec::new();
        write(&MemberTable { columns: columns.to_vec(), rows: 3 }, &mut out, shape).unwrap();
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn csv_tells_null_from_empty() {
        let expected = "id,x,n\n\"a,b\",\"\",1.0\n\" c\",,1e300\n\"d\"\"e\",\"line\nbreak\",\n";
        assert_eq!(written(Shape::Csv).replace("1e+300", "1e300"), expected);
    }

    #[test]
    fn json_lines_keep_the_order_of_columns() {
        let lines = written(Shape::JsonLines);
        assert_eq!(lines.lines().next().unwrap(), r#"{"id":"a,b","x":"","n":1.0}"#);
        assert_eq!(lines.lines().count(), 3);
    }

    #[test]
    fn days_and_instants_are_written_as_people_write_them() {
        assert_eq!([date(0), date(-1), date(19_782)], ["1970-01-01", "1969-12-31", "2024-02-29"]);
        assert_eq!(instant(250_000), Value::from("1970-01-01T00:00:00.250Z"));
    }

    #[test]
    fn parquet_is_parquet() {
        assert!(written(Shape::Parquet).starts_with("PAR1"));
    }
}
