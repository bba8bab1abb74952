//! How much memory is kept for answers: what a person says, as bytes on this machine.

use std::str::FromStr;

use sysinfo::{MemoryRefreshKind, System};

/// How much memory is kept for answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// So many bytes.
    Bytes(u64),
    /// So much of this machine's memory.
    Percent(u8),
}

/// A quarter: the person has other programs, and polars takes memory of its own while it reads.
impl Default for Budget {
    fn default() -> Self {
        Self::Percent(25)
    }
}

/// A text that says no amount of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write an amount of memory as 512MB, 2GB or 25%")]
pub struct NoBudget;

/// The units, by letter: thousands, or with an `i` steps of 1024.
const UNITS: [(&str, u64); 9] = [
    ("KIB", 1 << 10),
    ("MIB", 1 << 20),
    ("GIB", 1 << 30),
    ("TIB", 1 << 40),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("B", 1),
];

impl FromStr for Budget {
    type Err = NoBudget;

    fn from_str(text: &str) -> Result<Self, NoBudget> {
        let text = text.trim().to_ascii_uppercase();
        let whole = |digits: &str| {
            let digits = digits.trim_end();
            let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if is_plain { digits.parse::<u64>().map_err(|_| NoBudget) } else { Err(NoBudget) }
        };
        if let Some(percent) = text.strip_suffix('%') {
            let percent = u8::try_from(whole(percent)?).ok().filter(|percent| *percent <= 100);
            return percent.map(Self::Percent).ok_or(NoBudget);
        }
        // A bare number would be taken for any unit.
        let (digits, unit) = UNITS
            .iter()
            .find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)))
            .ok_or(NoBudget)?;
        whole(digits)?.checked_mul(unit).map(Self::Bytes).ok_or(NoBudget)
    }
}

impl Budget {
    /// In bytes, on this machine.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.of(memory())
    }

    fn of(self, memory: u64) -> usize {
        let bytes = match self {
            Self::Bytes(bytes) => bytes,
            Self::Percent(percent) => memory / 100 * u64::from(percent),
        };
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }
}

/// The memory that this process may use at most, in bytes: the machine's, or what its container is given.
fn memory() -> u64 {
    let mut system = System::new();
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    let limit = system.cgroup_limits().map(|limits| limits.total_memory).filter(|limit| *limit > 0);
    limit.map_or(system.total_memory(), |limit| limit.min(system.total_memory()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read() {
        let read = |text: &str| text.parse::<Budget>();
        assert_eq!(read("512MB"), Ok(Budget::Bytes(512_000_000)));
        assert_eq!(read(" 2 gb "), Ok(Budget::Bytes(2_000_000_000)));
        assert_eq!(read("1MiB"), Ok(Budget::Bytes(1 << 20)));
        assert_eq!(read("0B"), Ok(Budget::Bytes(0)));
        assert_eq!(read("25%"), Ok(Budget::Percent(25)));
        for text in ["", "MB", "%", "512", "1.5GB", "-1GB", "+1GB", "101%", "2 XB", "20000000TB", "é%", "1G"]
        {
            assert_eq!(read(text), Err(NoBudget), "{text:?}");
        }
    }

    #[test]
    fn a_percentage_is_of_this_machine() {
        assert_eq!(Budget::default().of(8_000_000_000), 2_000_000_000);
        assert_eq!(Budget::Percent(100).of(u64::MAX), usize::MAX / 100 * 100);
        assert_eq!(Budget::Bytes(7).of(0), 7);
        assert!(Budget::default().bytes() > 1 << 20);
    }
}
