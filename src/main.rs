//! Reads the command line, runs a command or the terminal program.
fn main() {}
