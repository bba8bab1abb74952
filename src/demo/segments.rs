//! The demo workspace.
use std::path::Path;
/// Writes the demo workspace.
pub fn write_workspace(_dir: &Path) -> anyhow::Result<()> {
    Ok(())
}
