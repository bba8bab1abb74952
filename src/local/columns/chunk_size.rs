//! How tables are cut into chunks.

/// How many rows a chunk has, a power of two; the last chunk of a table has fewer. Work can be cancelled
/// between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChunkSize(u32);

/// Long enough that what is done once for each chunk does not count, short enough to be cancelled at once.
impl Default for ChunkSize {
    fn default() -> Self {
        Self::from_rows(1 << 19)
    }
}

impl ChunkSize {
    /// Of so many rows, or of the next power of two.
    pub(crate) fn from_rows(rows: usize) -> Self {
        Self(rows.next_power_of_two().trailing_zeros())
    }

    /// How many rows that is.
    pub fn rows(self) -> usize {
        1 << self.0
    }

    /// How many chunks so many rows are.
    pub(crate) fn chunks(self, rows: u64) -> usize {
        usize::try_from(rows.div_ceil(self.rows() as u64)).unwrap_or(usize::MAX)
    }

    /// The chunk of a row of the table, and which row of that it is.
    #[inline]
    pub fn split(self, row: usize) -> (usize, usize) {
        (row >> self.0, row & (self.rows() - 1))
    }

    pub(crate) fn first_row(self, chunk: usize) -> usize {
        chunk << self.0
    }
}
