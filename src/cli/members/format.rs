//! Rows as CSV, JSON lines or Parquet.

use std::io::{self, Write};

use chrono::DateTime;
use polars::prelude::{AnyValue, Column, DataFrame, ParquetWriter};
use serde_json::{Map, Value};

use super::sink::Shape;

pub(super) fn write(table: &mut DataFrame, sink: &mut impl Write, shape: Shape) -> io::Result<()> {
    match shape {
        Shape::Csv => csv(table, sink)?,
        Shape::JsonLines => json_lines(table, sink)?,
        Shape::Parquet => {
            ParquetWriter::new(&mut *sink).finish(table).map_err(io::Error::other)?;
        }
    }
    sink.flush()
}

fn csv(table: &DataFrame, sink: &mut impl Write) -> io::Result<()> {
    let header: Vec<String> = table.columns().iter().map(|column| quoted(column.name())).collect();
    writeln!(sink, "{}", header.join(","))?;
    for row in 0..table.height() {
        for (index, column) in table.columns().iter().enumerate() {
            if index > 0 {
                sink.write_all(b",")?;
            }
            match cell(column, row)? {
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

fn json_lines(table: &DataFrame, sink: &mut impl Write) -> io::Result<()> {
    for row in 0..table.height() {
        let mut line = Map::new();
        for column in table.columns() {
            line.insert(column.name().to_string(), cell(column, row)?);
        }
        writeln!(sink, "{}", Value::Object(line))?;
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

fn cell(column: &Column, row: usize) -> io::Result<Value> {
    let value = column.get(row).map_err(io::Error::other)?;
    Ok(match value {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(flag) => flag.into(),
        AnyValue::Int64(number) => number.into(),
        AnyValue::Float64(number) => number.into(),
        AnyValue::String(text) => text.into(),
        AnyValue::StringOwned(text) => text.to_string().into(),
        AnyValue::Datetime(micros, _, _) | AnyValue::DatetimeOwned(micros, _, _) => {
            match DateTime::from_timestamp_micros(micros) {
                Some(instant) => instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string().into(),
                None => micros.into(),
            }
        }
        other => other.to_string().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::df;

    fn written(shape: Shape) -> String {
        let mut table = df!(
            "id" => ["a,b", " c", "d\"e"],
            "x" => [Some(""), None, Some("line\nbreak")],
            "n" => [Some(1.0), Some(1e300), None],
        )
        .unwrap();
        let mut out = Vec::new();
        write(&mut table, &mut out, shape).unwrap();
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
    fn parquet_is_parquet() {
        assert!(written(Shape::Parquet).starts_with("PAR1"));
    }
}
