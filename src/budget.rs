//! How much memory is kept for answers: what a person says, as bytes on this machine.

use std::str::FromStr;

use bytesize::Unit;
use sysinfo::{MemoryRefreshKind, System};

/// How much memory is kept for answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// So many bytes.
    Bytes(u64),
    /// So much of this machine's memory.
    Percent(u8),
}

/// A quarter: the person has other programs, and reading data takes memory of its own while it reads.
impl Default for Budget {
    fn default() -> Self {
        Self::Percent(25)
    }
}

/// A text is no amount of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write an amount of memory as 512MB, 2GB or 25%")]
pub struct InvalidBudget;

impl FromStr for Budget {
    type Err = InvalidBudget;

    fn from_str(text: &str) -> Result<Self, InvalidBudget> {
        let text = text.trim();
        let digits_end = text.find(|letter: char| !letter.is_ascii_digit()).ok_or(InvalidBudget)?;
        let (digits, unit) = text.split_at_checked(digits_end).ok_or(InvalidBudget)?;
        let (amount, unit) = (digits.parse::<u64>().map_err(|_| InvalidBudget)?, unit.trim_start());
        if unit == "%" {
            let percent = u8::try_from(amount).ok().filter(|percent| *percent <= 100);
            return percent.map(Self::Percent).ok_or(InvalidBudget);
        }
        // A bare number would be taken for any unit, and a bare G for a thousand or 1024 millions.
        if !unit.ends_with(['b', 'B']) {
            return Err(InvalidBudget);
        }
        let unit = unit.parse::<Unit>().map_err(|_| InvalidBudget)?;
        amount.checked_mul(unit * 1_u64).map(Self::Bytes).ok_or(InvalidBudget)
    }
}

impl Budget {
    /// In bytes, on this machine.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.bytes_of(usable_memory())
    }

    fn bytes_of(self, memory: u64) -> usize {
        let bytes = match self {
            Self::Bytes(bytes) => bytes,
            Self::Percent(percent) => memory / 100 * u64::from(percent),
        };
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }
}

/// The memory that this process may use at most, in bytes: the machine's, or what its container is given.
fn usable_memory() -> u64 {
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
            assert_eq!(read(text), Err(InvalidBudget), "{text:?}");
        }
    }

    #[test]
    fn a_percentage_is_of_this_machine() {
        assert_eq!(Budget::default().bytes_of(8_000_000_000), 2_000_000_000);
        assert_eq!(Budget::Percent(100).bytes_of(u64::MAX), usize::MAX / 100 * 100);
        assert_eq!(Budget::Bytes(7).bytes_of(0), 7);
        assert!(Budget::default().bytes() > 1 << 20);
    }
}
