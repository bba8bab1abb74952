//! The impure rim: terminal, event loop, background jobs, signals.
