//! The impure rim: terminal, event loop, background jobs, signals.

/// Runs the terminal program.
///
/// # Errors
/// It is not there yet.
pub fn run(launch: crate::cli::Launch) -> anyhow::Result<()> {
    drop(launch);
    anyhow::bail!("the terminal program is not there yet")
}
