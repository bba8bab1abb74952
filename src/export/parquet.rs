//! Rows as Parquet, by the writer that the embedded backend has.

use std::io::{self, Write};

use crate::backend::MemberTable;
use crate::local::write_parquet;

/// Each column in the type that it has in its table.
pub(super) fn write(table: &MemberTable, to: &mut impl Write) -> io::Result<()> {
    write_parquet(table, to)
}
