//! The generator of demo databases.
