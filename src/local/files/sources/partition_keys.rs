//! Columns whose values stand in the names of folders, `KEY=VALUE`, as Hive, Spark and DuckDB write them.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::table_folder::is_key_and_value;
use crate::database::TableError;
use crate::diagnostic::Diagnostic;

/// The name that stands for NULL.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The keys of a table, and the values that its files have of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PartitionKeys {
    /// In the order of the folders; empty of most tables.
    pub names: Vec<String>,
    /// Of each file of the table its values, in the order of the names. `None` is NULL.
    pub values: Vec<Vec<Option<String>>>,
}

impl PartitionKeys {
    /// Those of files below the folder of a database.
    ///
    /// # Errors
    /// The files do not all have the same keys in the same order.
    pub fn of(folder: &Path, files: &[PathBuf]) -> Result<Self, TableError> {
        let mut keys: Option<(Vec<String>, &PathBuf)> = None;
        let mut all = Vec::with_capacity(files.len());
        for file in files {
            let (names, values): (Vec<_>, Vec<_>) =
                steps(folder, file).iter().map(|step| key_and_value(step)).unzip();
            match &keys {
                Some((known, first)) if *known != names => return Err(unlike(folder, first, file)),
                Some(_) => {}
                None => keys = Some((names, file)),
            }
            all.push(values);
        }
        let names = keys.map(|(names, _)| names).unwrap_or_default();
        let mut others = names.iter().enumerate();
        if let Some((_, twice)) = others.find(|(at, name)| names.iter().take(*at).any(|other| other == *name))
        {
            return Err(Diagnostic::new(format!("two levels of folders are named {twice:?}"))
                .with_help("give each level a name of its own")
                .in_file(files.first().cloned().unwrap_or_default()));
        }
        Ok(if names.is_empty() { Self::default() } else { Self { names, values: all } })
    }
}

fn unlike(folder: &Path, first: &Path, other: &Path) -> TableError {
    let shown = |file: &Path| match steps(folder, file).join("/") {
        steps if steps.is_empty() => "no such folder".to_owned(),
        steps => format!("{steps:?}"),
    };
    let (ours, theirs) = (shown(other), shown(first));
    Diagnostic::new(format!(
        "the folders named KEY=VALUE are not alike: this part stands in {ours}, others in {theirs}"
    ))
    .with_help("give all parts of a table the same keys in the same order, or move this one")
    .in_file(other)
}

/// The folders named KEY=VALUE in which a file stands.
fn steps(folder: &Path, file: &Path) -> Vec<String> {
    let below = file.strip_prefix(folder).unwrap_or(file).parent().unwrap_or(Path::new(""));
    let steps = below.iter().map(|step| step.to_string_lossy().into_owned());
    steps.filter(|step| is_key_and_value(step)).collect()
}

fn key_and_value(step: &str) -> (String, Option<String>) {
    let (key, value) = step.split_once('=').unwrap_or((step, ""));
    (decoded(key), Some(decoded(value)).filter(|_| value != NULL && !value.is_empty()))
}

/// With `%XX` as the byte that it stands for; what is no UTF-8 then stays as it is written.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    /// What Hive and Spark do not write as it is.
    const ESCAPED: &AsciiSet = &CONTROLS
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'\'')
        .add(b'*')
        .add(b'/')
        .add(b':')
        .add(b'=')
        .add(b'?')
        .add(b'\\')
        .add(b'{')
        .add(b'[')
        .add(b']')
        .add(b'^');

    fn encoded(text: &str) -> String {
        utf8_percent_encode(text, ESCAPED).to_string()
    }

    fn keys(files: &[&str]) -> Result<PartitionKeys, TableError> {
        let files: Vec<PathBuf> = files.iter().map(|file| Path::new("/db").join(file)).collect();
        PartitionKeys::of(Path::new("/db"), &files)
    }

    #[test]
    fn folders_above_the_database_are_no_keys() {
        let found = PartitionKeys::of(Path::new("/a=1/db"), &["/a=1/db/t/x.csv".into()]).unwrap();
        assert_eq!(found, PartitionKeys::default());
    }

    #[test]
    fn null_has_a_name() {
        let found =
            keys(&["t/s=__HIVE_DEFAULT_PARTITION__/a.csv", "t/s=New%20Ulm/a.csv", "t/s=/a.csv"]).unwrap();
        assert_eq!(found.names, ["s"]);
        assert_eq!(found.values, [[None], [Some("New Ulm".to_owned())], [None]]);
    }

    #[test]
    fn unlike_folders_are_refused() {
        for (files, first, other) in [
            (["t/y=1/m=1/a.csv", "t/y=1/a.csv"], "y=1/m=1", "\"y=1\""),
            (["t/y=1/a.csv", "t/z=1/a.csv"], "y=1", "z=1"),
            (["t/y=1/m=1/a.csv", "t/m=1/y=1/a.csv"], "y=1/m=1", "m=1/y=1"),
            (["t/a.csv", "t/y=1/a.csv"], "no such folder", "y=1"),
        ] {
            let error = keys(&files).unwrap_err();
            assert_eq!(error.place.file, Path::new("/db").join(files[1]));
            assert!(error.message.contains(first) && error.message.contains(other), "{error}");
        }
        assert!(keys(&["t/y=1/y=2/a.csv"]).is_err());
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(rows in prop::collection::vec(("\\PC{1,9}", "\\PC{1,9}"), 1..4)) {
            prop_assume!(rows.iter().all(|(_, value)| value != NULL));
            let mut names: Vec<_> = rows.iter().map(|(key, _)| key.clone()).collect();
            names.sort();
            names.dedup();
            prop_assume!(names.len() == rows.len());
            let path: Vec<_> = rows.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect();
            let found = keys(&[&format!("t/{}/a.csv", path.join("/"))]).unwrap();
            let (names, values): (Vec<_>, Vec<_>) = rows.into_iter().map(|(key, value)| (key, Some(value))).unzip();
            prop_assert_eq!((found.names, found.values), (names, vec![values]));
        }
    }
}
