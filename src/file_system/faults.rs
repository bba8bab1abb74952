//! The one place through which every operation on files goes, so that tests can let each of them fail.

use std::io;

/// Performs one operation. A test can let it fail before or after its effect.
pub(crate) fn perform<T>(operation: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    #[cfg(test)]
    let operation = || plan::perform(operation);
    operation()
}

#[cfg(test)]
pub(crate) use plan::{Fault, each_fault};

#[cfg(test)]
mod plan {
    use std::cell::Cell;
    use std::io;

    /// When an operation fails.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum Moment {
        /// Nothing has happened.
        Before,
        /// It has happened all the same, as can be on a network disk.
        After,
    }

    /// Which operation fails.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) struct Fault {
        /// Counted from 0.
        pub at: usize,
        pub moment: Moment,
        /// Whether all operations after it fail, too, as if the program had ended there.
        pub is_final: bool,
    }

    thread_local! {
        /// How many operations there were in this thread.
        static DONE: Cell<usize> = const { Cell::new(0) };
        static FAULT: Cell<Option<Fault>> = const { Cell::new(None) };
    }

    /// How many operations something takes.
    fn count<T>(what: impl FnOnce() -> T) -> (T, usize) {
        DONE.set(0);
        let result = what();
        (result, DONE.get())
    }

    /// Does something in which an operation fails.
    fn with_fault<T>(fault: Fault, what: impl FnOnce() -> T) -> T {
        DONE.set(0);
        FAULT.set(Some(fault));
        let result = what();
        FAULT.set(None);
        result
    }

    /// Does something again and again, each time on what `prepare` makes, and lets each of its operations fail in
    /// every way.
    pub(crate) fn each_fault<T, R>(
        prepare: impl Fn() -> T,
        write: impl Fn(&T) -> R,
        check: impl Fn(&T, Fault, R),
    ) {
        let place = prepare();
        let (_, operations) = count(|| write(&place));
        assert!(operations > 0, "it does nothing with files");
        for at in 0..operations {
            for moment in [Moment::Before, Moment::After] {
                for is_final in [false, true] {
                    let (fault, place) = (Fault { at, moment, is_final }, prepare());
                    let result = with_fault(fault, || write(&place));
                    check(&place, fault, result);
                }
            }
        }
    }

    pub(super) fn perform<T>(operation: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let number = DONE.replace(DONE.get() + 1);
        let failed = || io::Error::from(io::ErrorKind::StorageFull);
        match FAULT.get() {
            Some(fault) if fault.is_final && number > fault.at => Err(failed()),
            Some(fault) if fault.at == number => {
                if fault.moment == Moment::After {
                    drop(operation());
                }
                Err(failed())
            }
            _ => operation(),
        }
    }
}
