//! Whose row is it?

use super::numbered::{Made, Numbered, Shelving};
use super::numbered_piece::{Ends, NONE, NumberedPiece};
use super::universe::{CHECKED, CustomerIds};
use crate::local::columns::all;
use crate::local::files::{Table, id_texts};
use crate::local::jobs::each_job;
use crate::local::kept::Shelf;
use crate::local::memory::Weigh;
use crate::local::pieces::{Pieces, content};
use crate::local::sets::truth::{Customers, count, union};
use crate::local::values::is_blank;
use crate::local::{EngineError, TableCounts};

/// The customer of each row of a table.
#[derive(Debug)]
pub struct RowIndex {
    pub customers: Numbered,
    pub summary: Summary,
}

/// What is known of all rows of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    pub counts: TableCounts,
    /// Whether no row is of a customer with a greater number than that of a later row.
    pub ascends: bool,
}

impl RowIndex {
    /// What was shelved of it before.
    pub fn shelved(shelf: Shelf) -> Option<Self> {
        let (rows, summary) = shelf.get()?;
        Some(Self { customers: Numbered::Shelved(shelf, rows), summary })
    }

    /// Reads the ids of a table and finds them among those of all customers; shelves it where it can.
    pub fn read(
        table: &Table,
        id_column: &str,
        ids: &CustomerIds,
        shelf: Option<Shelf>,
        pieces: Pieces<'_>,
    ) -> Result<Self, EngineError> {
        let content = content(table)?;
        let shelving = Shelving { shelf, pieces };
        let none = || Part { seen: Customers::with_capacity(ids.len()), orphans: 0, made: Vec::new() };
        let found = each_job(pieces.of(content), pieces.cancel, none, |part, number| {
            let (mut numbers, mut before) = (Vec::new(), None);
            for frame in pieces.frames(table, content, &[id_column], number) {
                let (frame, unreadable) = (frame?, EngineError::unreadable(&table.name));
                let texts = id_texts(frame.column(id_column).map_err(&unreadable)?).map_err(&unreadable)?;
                for (row, id) in texts.iter().enumerate() {
                    if row % CHECKED == 0 {
                        pieces.cancel.check()?;
                    }
                    let id = id.filter(|id| !is_blank(id));
                    let customer = id.and_then(|id| ids.number_after(before, id));
                    part.orphans += u64::from(id.is_some() && customer.is_none());
                    before = customer.or(before);
                    numbers.push(customer.unwrap_or(NONE));
                }
            }
            part.add(number, NumberedPiece::of(&numbers), &shelving);
            Ok(())
        })?;
        let index = Part::together(found, shelving)?;
        if let Numbered::Shelved(shelf, rows) = &index.customers {
            shelf.put((rows.clone(), index.summary));
        }
        Ok(index)
    }

    /// What the table holds.
    pub fn counts(&self) -> TableCounts {
        self.summary.counts
    }
}

/// What one core has found.
struct Part {
    seen: Customers,
    orphans: u64,
    made: Vec<(usize, OfPiece)>,
}

/// What is known of a piece.
struct OfPiece {
    made: Made,
    rows: u64,
    matched: u64,
    ascends: Option<Ends>,
}

impl Part {
    fn add(&mut self, number: usize, piece: NumberedPiece, shelving: &Shelving<'_>) {
        piece.mark(&all(piece.rows()), &mut self.seen);
        let (rows, matched) = (piece.rows() as u64, piece.numbered_rows() as u64);
        let ascends = piece.ascends();
        self.made.push((number, OfPiece { made: shelving.put(number, piece), rows, matched, ascends }));
    }

    fn together(parts: Vec<Self>, shelving: Shelving<'_>) -> Result<RowIndex, EngineError> {
        let both = |one: Self, other: Self| Self {
            seen: union(one.seen, &other.seen),
            orphans: one.orphans + other.orphans,
            made: one.made.into_iter().chain(other.made).collect(),
        };
        let none = || Self { seen: Customers::new(), orphans: 0, made: Vec::new() };
        let Self { seen, orphans, mut made } = parts.into_iter().reduce(both).unwrap_or_else(none);
        made.sort_unstable_by_key(|(number, _)| *number);
        let (mut rows, mut matched, mut ascends, mut last) = (0, 0, true, 0);
        for (_, piece) in &made {
            rows += piece.rows;
            matched += piece.matched;
            match piece.ascends {
                Some(Some((first, end))) => (ascends, last) = (ascends && last <= first, end),
                Some(None) => {}
                None => ascends = false,
            }
        }
        let customers = count(&seen);
        let counts = TableCounts { rows, customers, orphan_rows: orphans, is_multi_row: matched > customers };
        let customers = shelving.finish(made.into_iter().map(|(_, piece)| piece.made).collect())?;
        Ok(RowIndex { customers, summary: Summary { counts, ascends } })
    }
}

impl Weigh for RowIndex {
    fn weight(&self) -> usize {
        self.customers.weight()
    }
}
