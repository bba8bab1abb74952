//! `segtui completions SHELL`: what a shell needs to complete command lines of segtui.

use clap_complete::Shell;

use super::failure::Failure;
use super::out::Out;

/// Print what a shell needs to complete command lines of segtui
///
/// bash: segtui completions bash > ~/.local/share/bash-completion/completions/segtui
/// zsh: segtui completions zsh > _segtui, in a folder of $fpath
/// fish: segtui completions fish > ~/.config/fish/completions/segtui.fish
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: &Args, mut command: clap::Command, out: &Out) -> Result<(), Failure> {
    let mut script = Vec::new();
    // Memory takes whatever is written to it.
    clap_complete::generate(args.shell, &mut command, "segtui", &mut script);
    out.program_text(String::from_utf8_lossy(&script).trim_end())
}
