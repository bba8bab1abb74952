//! For each row of a table a number: whose row it is, or of which order.

use std::sync::Arc;

use super::numbered_piece::NumberedPiece;
use crate::local::EngineError;
use crate::local::kept::Shelf;
use crate::local::memory::{Key, Weigh};
use crate::local::pieces::Pieces;

/// The numbers of all rows of a table, piece by piece.
#[derive(Debug)]
pub enum Numbered {
    /// In memory.
    Here(Vec<Arc<NumberedPiece>>),
    /// On a shelf, and fetched as they are needed; with the number of rows of each.
    Shelved(Shelf, Vec<u64>),
}

impl Numbered {
    /// How many pieces there are.
    pub fn pieces(&self) -> usize {
        match self {
            Self::Here(pieces) => pieces.len(),
            Self::Shelved(_, rows) => rows.len(),
        }
    }

    /// A piece; an empty one where there is none.
    ///
    /// # Errors
    /// It is not on its shelf any more.
    pub fn piece(&self, number: usize, pieces: Pieces<'_>) -> Result<Arc<NumberedPiece>, EngineError> {
        match self {
            Self::Here(here) => {
                Ok(here.get(number).cloned().unwrap_or_else(|| Arc::new(NumberedPiece::of(&[]))))
            }
            Self::Shelved(shelf, rows) => {
                let key = key(shelf, number);
                if let Some(known) = pieces.memory.get(&key) {
                    return Ok(known);
                }
                let found: Option<NumberedPiece> = shelf.part(number);
                let is_right = |piece: &NumberedPiece| rows.get(number) == Some(&(piece.rows() as u64));
                let Some(found) = found.filter(is_right) else {
                    return Err(pieces.shelves.lose(shelf));
                };
                let found = Arc::new(found);
                pieces.memory.put(key, Arc::clone(&found));
                Ok(found)
            }
        }
    }

    /// All pieces at once.
    ///
    /// # Errors
    /// As [`Self::piece`]; cancelled.
    pub fn all(&self, pieces: Pieces<'_>) -> Result<Vec<Arc<NumberedPiece>>, EngineError> {
        let piece = |number| pieces.cancel.check().and_then(|()| self.piece(number, pieces));
        (0..self.pieces()).map(piece).collect()
    }

    /// How many bytes they take by themselves.
    pub fn weight(&self) -> usize {
        match self {
            Self::Here(pieces) => pieces.iter().map(|piece| piece.weight()).sum(),
            Self::Shelved(_, rows) => size_of_val(rows.as_slice()),
        }
    }
}

impl Weigh for NumberedPiece {
    fn weight(&self) -> usize {
        NumberedPiece::weight(self)
    }
}

fn key(shelf: &Shelf, number: usize) -> Key {
    Key::Numbered { shelf: Arc::clone(shelf.kind()), number }
}

/// Takes the pieces as they are made, so that not all of them have to be in memory.
pub struct Shelving<'a> {
    pub shelf: Option<Shelf>,
    pub pieces: Pieces<'a>,
}

/// A piece that was made.
pub enum Made {
    Here(Arc<NumberedPiece>),
    /// Of so many rows.
    Shelved(u64),
}

impl Shelving<'_> {
    /// Puts a piece on the shelf, where that is possible.
    pub fn put(&self, number: usize, piece: NumberedPiece) -> Made {
        let piece = Arc::new(piece);
        match &self.shelf {
            Some(shelf) if shelf.put_part_now(number, &*piece) => {
                let rows = piece.rows() as u64;
                self.pieces.memory.put(key(shelf, number), piece);
                Made::Shelved(rows)
            }
            _ => Made::Here(piece),
        }
    }

    /// All pieces, in their order.
    ///
    /// # Errors
    /// Some could not be put on the shelf, and others are not there any more.
    pub fn finish(self, made: Vec<Made>) -> Result<Numbered, EngineError> {
        let rows: Option<Vec<u64>> = made.iter().map(Made::shelved).collect();
        if let Some((shelf, rows)) = self.shelf.clone().zip(rows) {
            return Ok(Numbered::Shelved(shelf, rows));
        }
        let piece = |(number, made)| match (made, &self.shelf) {
            (Made::Here(piece), _) => Ok(piece),
            (Made::Shelved(_), Some(shelf)) => {
                shelf.part(number).map(Arc::new).ok_or_else(|| self.pieces.shelves.lose(shelf))
            }
            // Nothing is shelved where there is no shelf.
            (Made::Shelved(_), None) => Ok(Arc::new(NumberedPiece::of(&[]))),
        };
        made.into_iter().enumerate().map(piece).collect::<Result<_, _>>().map(Numbered::Here)
    }
}

impl Made {
    fn shelved(&self) -> Option<u64> {
        match self {
            Self::Here(_) => None,
            Self::Shelved(rows) => Some(*rows),
        }
    }
}
