//! Every operation on files of an export fails, before and after its effect: the old file is there or the new one.

use std::fs;
use std::io::{self, Write};

use super::sink::{Packing, Sink};
use super::target::{Destination, Target};
use crate::cli::stop::Stop;
use crate::file_system::faults::each_fault;
use crate::file_system::is_temporary;

#[test]
fn an_export_that_fails_anywhere_leaves_the_old_file_or_the_new_one() {
    let new = "id\n".repeat(10_000);
    for packing in [Packing::None, Packing::Gzip, Packing::Zstd] {
        for has_old in [false, true] {
            let prepare = || {
                let folder = tempfile::tempdir().unwrap();
                if has_old {
                    fs::write(folder.path().join("out.csv"), "old").unwrap();
                }
                folder
            };
            let whole = prepare();
            let export = |folder: &tempfile::TempDir| -> io::Result<()> {
                let destination = Destination::of(&folder.path().join("out.csv"))?;
                let mut sink = Sink::new(Target::open(&destination, false, &Stop::default())?, packing)?;
                sink.write_all(new.as_bytes())?;
                sink.finish()
            };
            export(&whole).unwrap();
            let written = fs::read(whole.path().join("out.csv")).unwrap();
            each_fault(prepare, export, |folder, fault, result| {
                let found = fs::read(folder.path().join("out.csv")).ok();
                let is_new = found.as_ref() == Some(&written);
                let is_old = found.as_deref() == has_old.then_some(&b"old"[..]);
                assert!(is_new || (result.is_err() && is_old), "{packing:?}, {fault:?}");
                let mut names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
                assert!(!names.any(|name| is_temporary(&name)), "{packing:?}, {fault:?}");
                if let Err(error) = result {
                    assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{packing:?}, {fault:?}");
                }
            });
        }
    }
}
