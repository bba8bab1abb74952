//! `segtui man`: the manual page, of the program or of one of its commands.

use super::failure::Failure;
use super::out::Out;

/// Print the manual page of segtui, or of one of its commands
///
/// segtui man > ~/.local/share/man/man1/segtui.1; segtui man count | man -l -
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// The command; without it the program
    command: Option<String>,
}

pub(super) fn run(args: &Args, mut command: clap::Command, out: &Out) -> Result<(), Failure> {
    // Commands then have the options that all of them take, and their whole names.
    command.build();
    let page = match &args.command {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| {
            Failure::usage(format!("there is no command {name}")).help("segtui --help lists them")
        })?,
    };
    let name = page.get_display_name().unwrap_or(page.get_name()).to_owned();
    let mut text = Vec::new();
    // Memory takes whatever is written to it.
    let _ = clap_mangen::Man::new(page.display_name(name)).render(&mut text);
    out.program_text(String::from_utf8_lossy(&text).trim_end())
}
