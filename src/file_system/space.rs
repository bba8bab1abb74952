//! How much room a disk has.

use std::io;
use std::path::Path;

/// The bytes that can still be written in a folder; `None` where the system does not say.
pub(crate) fn free_space(folder: &Path) -> io::Result<Option<u64>> {
    #[cfg(unix)]
    return super::faults::perform(|| {
        let disk = nix::sys::statvfs::statvfs(folder).map_err(io::Error::from)?;
        // Some file systems count nothing.
        #[allow(clippy::useless_conversion, clippy::unnecessary_cast)] // they are of other types elsewhere
        let bytes = (disk.blocks_available() as u64).saturating_mul(disk.fragment_size() as u64);
        Ok((disk.blocks() > 0).then_some(bytes))
    });
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(None)
    }
}
