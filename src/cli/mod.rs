//! The command line: commands that answer without a screen, one file each
//! (`docs/reference/workspace-and-cli.md`).

mod breakdown;
mod cache;
mod case;
mod check;
mod command_line;
mod common;
mod compare;
mod completions;
mod count;
mod defaults;
mod demo;
mod diff;
mod explain;
mod failure;
mod init;
mod insights;
mod list;
mod man;
mod members;
mod numbers;
mod out;
mod overlaps;
mod page;
mod panics;
mod paths;
mod profile;
mod progress;
mod session;
mod sheet;
mod sql;
mod stop;
mod summary;
mod tables;
mod test;
mod trend;
mod typo;

pub use command_line::run;
