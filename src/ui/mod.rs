//! App state to screen.
