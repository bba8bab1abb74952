//! Parquet tables of which some columns stand in the names of folders.

use std::path::PathBuf;

use polars::prelude::{Expr, LazyFrame, UnionArgs, concat, lit};

use super::cast;
use super::column_builder::polars_type;
use super::key_columns::KeyColumns;
use super::parquet::{self, Scan};
use crate::database::TableError;

/// The parts of a table with its keys as columns.
pub fn scan(files: &[PathBuf], keys: &KeyColumns) -> Result<Scan, TableError> {
    let whole = parquet::scan(files)?;
    if keys.is_empty() {
        return Ok(whole);
    }
    let frames = files.iter().map(|file| {
        let part = parquet::scan(std::slice::from_ref(file))?;
        let mut columns = Vec::new();
        for (name, data_type) in &whole.columns {
            let own = part.columns.iter().find(|(own, _)| own == name);
            columns.push(match own {
                Some((_, own)) if own == data_type => polars::prelude::col(name.as_str()),
                Some(_) => cast::cast_expr(name, *data_type),
                None => lit(polars::prelude::NULL).cast(polars_type(*data_type)).alias(name.as_str()),
            });
        }
        let values = keys.of(file).iter().map(|value| lit(value.clone()).first());
        Ok(part.frame.select(columns).with_columns(values.collect::<Vec<Expr>>()))
    });
    let frames: Vec<LazyFrame> = frames.collect::<Result<_, TableError>>()?;
    let union = UnionArgs { rechunk: false, maintain_order: true, ..UnionArgs::default() };
    let first = files.first().cloned().unwrap_or_default();
    let frame = concat(frames, union).map_err(|error| TableError::unreadable(&first, &error))?;
    Ok(Scan { frame, columns: keys.beside(&whole.columns), ..whole })
}
