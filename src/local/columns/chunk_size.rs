//! How tables are cut into pieces.

/// How many rows a piece has, a power of two; the last piece of a table has fewer. Work can be cancelled
/// between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkSize(u32);

/// Long enough that what is done once for each piece does not count, short enough to be cancelled at once.
impl Default for ChunkSize {
    fn default() -> Self {
        Self::of(1 << 19)
    }
}

impl ChunkSize {
    /// Of so many rows, or of the next power of two.
    pub fn of(rows: usize) -> Self {
        Self(rows.next_power_of_two().trailing_zeros())
    }

    /// How many rows that is.
    pub fn rows(self) -> usize {
        1 << self.0
    }

    /// How many pieces so many rows are.
    pub fn pieces(self, rows: u64) -> usize {
        usize::try_from(rows.div_ceil(self.rows() as u64)).unwrap_or(usize::MAX)
    }

    /// The piece of a row of the table, and which row of that it is.
    #[inline]
    pub fn split(self, row: usize) -> (usize, usize) {
        (row >> self.0, row & (self.rows() - 1))
    }

    /// The first row of a piece.
    pub fn first(self, piece: usize) -> usize {
        piece << self.0
    }
}
