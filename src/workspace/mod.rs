//! Folders and segments on disk.
