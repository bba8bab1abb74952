//! Reads the command line, runs a command or the terminal program.

use std::process::ExitCode;

fn main() -> ExitCode {
    segtui::cli::run(std::env::args_os())
}
