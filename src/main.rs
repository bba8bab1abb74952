//! Reads the command line, runs a command or the terminal program.

use clap::Parser;

#[derive(Parser)]
enum Cli {
    Demo(segtui::cli::demo::Args),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse() {
        Cli::Demo(args) => segtui::cli::demo::run(args),
    }
}
