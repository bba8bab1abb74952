//! Every operation on files of an export fails, before and after its effect: the old file is there or the new one.

use std::fs;
use std::io;

use super::{ExportFile, Format, Packer, Packing, Shape, check_space, write_rows};
use crate::backend::{Cancel, ColumnValues, MemberTable, ValueColumn};
use crate::file_system::faults::each_fault;
use crate::file_system::is_temporary;

fn table() -> MemberTable {
    let ids = (0..10_000).map(|row| Some(format!("{row}"))).collect();
    let columns = vec![ValueColumn { name: "id".to_owned(), values: ColumnValues::String(ids) }];
    MemberTable { columns, rows: 10_000 }
}

/// What `segtui members` and the program do with a file.
fn export(
    table: &MemberTable,
    folder: &tempfile::TempDir,
    format: Format,
    overwrite: bool,
) -> io::Result<()> {
    let path = folder.path().join("out");
    check_space(table, &path, format)?;
    let file = ExportFile::create(&path, overwrite, &Cancel::default())?;
    let mut packer = Packer::new(file, format.packing)?;
    write_rows(table, &mut packer, format.shape, &|_| Ok(()))?;
    packer.finish()?.finish()
}

#[test]
fn an_export_that_fails_anywhere_leaves_the_old_file_or_the_new_one() {
    let table = table();
    for format in Format::ENDINGS.map(|ending| Format::of(format!("x.{ending}").as_ref()).unwrap()) {
        for (has_old, overwrite) in [(false, false), (false, true), (true, true)] {
            let prepare = || {
                let folder = tempfile::tempdir().unwrap();
                if has_old {
                    fs::write(folder.path().join("out"), "old").unwrap();
                }
                folder
            };
            let whole = prepare();
            export(&table, &whole, format, overwrite).unwrap();
            let written = fs::read(whole.path().join("out")).unwrap();
            each_fault(
                prepare,
                |folder| export(&table, folder, format, overwrite),
                |folder, fault, result| {
                    let found = fs::read(folder.path().join("out")).ok();
                    let is_new = found.as_ref() == Some(&written);
                    let is_old = found.as_deref() == has_old.then_some(&b"old"[..]);
                    assert!(is_new || (result.is_err() && is_old), "{format:?}, {fault:?}");
                    let mut names =
                        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
                    assert!(!names.any(|name| is_temporary(&name)), "{format:?}, {fault:?}");
                    // The writer of Parquet has errors of its own.
                    if let (Err(error), false) = (result, format.shape == Shape::Parquet) {
                        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{format:?}, {fault:?}");
                    }
                },
            );
        }
    }
}

#[test]
fn what_is_there_is_not_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("out"), "old").unwrap();
    let error = export(&table(), &folder, Format::CSV, false).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
    // Nor what appears while the file is written.
    fs::remove_file(folder.path().join("out")).unwrap();
    let file = ExportFile::create(&folder.path().join("out"), false, &Cancel::default()).unwrap();
    fs::write(folder.path().join("out"), "newer").unwrap();
    assert_eq!(file.finish().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(folder.path().join("out")).unwrap(), b"newer");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_cancelled_export_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let (cancel, format) = (Cancel::default(), Format { shape: Shape::Csv, packing: Packing::Gzip });
    let file = ExportFile::create(&path, true, &cancel).unwrap();
    let mut packer = Packer::new(file, format.packing).unwrap();
    write_rows(&table(), &mut packer, format.shape, &|_| Ok(())).unwrap();
    cancel.cancel();
    assert!(packer.finish().and_then(ExportFile::finish).is_err());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
