//! Words on the command line that are no folder of a database: a command with a slip in it, or one of
//! a later version.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::segment::nearest;

/// Commands that are specified and not there yet.
const LATER: [&str; 2] = ["completions", "man"];

/// Refuses to open what was hardly meant as a folder.
pub(super) fn check(folders: &[PathBuf], command_line: &clap::Command) -> Result<(), Failure> {
    for folder in folders {
        if let Some(failure) = not_yet(folder) {
            return Err(failure);
        }
        if let Some(word) = bare_word(folder) {
            let near = nearest(word, command_line.get_subcommands().map(clap::Command::get_name));
            let near = near.map_or_else(
                || "`segtui --help` lists the commands".to_owned(),
                |near| format!("did you mean `segtui {near}`?"),
            );
            let failure = Failure::usage(format!("there is no command and no folder {word:?}"));
            return Err(failure.help(format!("{near}\na folder is named as ./{word}")));
        }
    }
    Ok(())
}

/// Whether this is a command of a later version.
pub(super) fn not_yet(folder: &Path) -> Option<Failure> {
    let word = bare_word(folder).filter(|word| LATER.contains(word))?;
    let failure = Failure::usage(format!("the command {word:?} is not in this version yet"));
    Some(failure.help(format!("`segtui --help` lists the commands\na folder is named as ./{word}")))
}

/// A word that is no existing folder and does not look like a path.
fn bare_word(folder: &Path) -> Option<&str> {
    let word = folder.to_str()?;
    let is_path = word.contains('.') || word.contains(std::path::is_separator);
    (!is_path && !folder.is_dir()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_path_or_is_a_folder_is_opened() {
        let existing = tempfile::tempdir().unwrap();
        let paths = ["./explain", "shop.d", "no/such/folder"].map(PathBuf::from);
        let look = |folders: &[PathBuf]| check(folders, &clap::Command::new("segtui"));
        assert!(look(&paths).is_ok() && look(&[existing.path().to_owned()]).is_ok() && look(&[]).is_ok());
        assert!(look(&["segtui-nothing".into()]).is_err());
    }
}
