//! The ids of all customers, wherever they are.

use std::sync::Arc;

use super::customer_chunks::CustomerChunks;
use super::read_ids::{ReadIds, read_ids};
use super::row_map_chunk::RowMapChunk;
use super::universe::{CustomerIds, Universe};
use crate::backend::BackendError;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::ChunkReader;

/// The ids of all customers by an activation ID: what was kept of them, or else read from the tables.
///
/// # Errors
/// Cancelled; a table cannot be read.
pub(crate) fn customer_ids(
    activation_id: &str,
    reader: ChunkReader<'_>,
) -> Result<Arc<CustomerIds>, BackendError> {
    let key = CacheKey::Ids { id: activation_id.to_owned() };
    reader.memory.get_or_make(key, reader.cancel, || {
        let slot = reader.disk_cache.customers(reader.database, activation_id);
        let universe: Option<Universe> = slot.as_ref().and_then(|slot| slot.load());
        let stored = slot.as_ref().zip(universe);
        if let Some(ids) = stored.and_then(|(slot, universe)| CustomerIds::load(slot, &universe)) {
            return Ok(ids);
        }
        let ReadIds { ids, index, rows } = read_ids(activation_id, reader)?;
        if let Some((table, customers)) = rows {
            // Their rows are known by the way.
            let slot = reader.disk_cache.index(reader.database, table, activation_id, reader.chunk_size);
            let chunks = CustomerChunks::new(activation_id, &table.key(), slot);
            for (number, rows) in customers.chunks(reader.chunk_size.rows()).enumerate() {
                chunks.put(number, RowMapChunk::from_ids(rows), reader);
            }
        }
        let ids = CustomerIds::new(ids, index);
        slot.iter().for_each(|slot| ids.store(slot));
        Ok(ids)
    })
}
