//! Files in a zip. What comes from others is unpacked only as far as it is harmless: every file to a place of its own
//! below one folder, and no more than a case may have.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rawzip::time::UtcDateTime;
use rawzip::{
    CompressionMethod, EntryMode, FileReader, RECOMMENDED_BUFFER_SIZE, ZipArchive, ZipArchiveWriter,
};

use super::document::FileStamp;
use super::error::{CaseError, damaged, refused};
use crate::backend::CaseFile;
use crate::file_system::{create_private_folders, open_regular};

/// The most files that a case has.
const MOST_FILES: u64 = 10_000;
/// The most bytes that they have together.
const MOST_BYTES: u64 = 1 << 30;
/// So many times its size in the zip no file has, but for short ones.
const MOST_RATIO: u64 = 1000;
const SHORT: u64 = 1 << 20;
/// The longest path of a file.
const LONGEST_PATH: usize = 500;

/// Writes files as a zip.
///
/// # Errors
/// Those of the writer.
pub(super) fn write(files: &[CaseFile], to: impl Write) -> io::Result<()> {
    let day = UtcDateTime::from_components(1980, 1, 1, 0, 0, 0, 0);
    let day = day.ok_or_else(|| io::Error::other("the first day of zips is none"))?;
    let mut archive = ZipArchiveWriter::new(to);
    for file in files {
        // A day that says nothing: the same case is the same bytes.
        let (mut entry, config) = archive
            .new_file(&file.path)
            .last_modified(day)
            .compression_method(CompressionMethod::DEFLATE)
            .start()
            .map_err(io::Error::other)?;
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
        writer.write_all(&file.bytes)?;
        let (encoder, descriptor) = writer.finish().map_err(io::Error::other)?;
        encoder.finish()?;
        entry.finish(descriptor).map_err(io::Error::other)?;
    }
    archive.finish().map_err(io::Error::other)?.flush()
}

/// Unpacks a zip below a folder, and says which files there were. What is left there after an error is for the caller to remove.
///
/// # Errors
/// It is no zip, a damaged one, or more than a case may be; the system refuses.
pub(super) fn unpack(file: &Path, into: &Path) -> Result<Vec<FileStamp>, CaseError> {
    let no_zip = |_| damaged("it is no zip, or a part of it is missing");
    let file = open_regular(file).map_err(|error| refused(&error))?;
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipArchive::from_file(file, &mut buffer).map_err(no_zip)?;
    if archive.entries_hint() > MOST_FILES {
        return Err(too_many());
    }
    let mut unpacking = Unpacking { into, left: MOST_BYTES, seen: BTreeSet::new() };
    let mut entries = archive.entries(&mut buffer);
    let (mut files, mut stamps) = (0, Vec::new());
    while let Some(entry) = entries.next_entry().map_err(no_zip)? {
        files += 1;
        if files > MOST_FILES {
            return Err(too_many());
        }
        let (name, path) = unpacking.place(entry.file_path().as_bytes(), entry.mode())?;
        if entry.is_dir() {
            continue;
        }
        let (packed, size) = (entry.compressed_size_hint(), entry.uncompressed_size_hint());
        if size > unpacking.left || (size > SHORT && size / MOST_RATIO > packed) {
            return Err(too_large());
        }
        let (method, wayfinder) = (entry.compression_method(), entry.wayfinder());
        let found = archive.get_entry(wayfinder).map_err(no_zip)?;
        let (bytes, hash) = unpacking.file(&found, (&name, &path), (method, size))?;
        stamps.push(FileStamp::new(&name, bytes, hash));
    }
    if files == archive.entries_hint() {
        Ok(stamps)
    } else {
        Err(damaged("it does not have all of its files"))
    }
}

struct Unpacking<'a> {
    into: &'a Path,
    /// How many bytes there may be more.
    left: u64,
    /// The places that are taken, without regard to case.
    seen: BTreeSet<String>,
}

impl Unpacking<'_> {
    /// What a file is called, and where it goes.
    fn place(&mut self, path: &[u8], mode: EntryMode) -> Result<(String, PathBuf), CaseError> {
        let odd = |what: &str| {
            let path = String::from_utf8_lossy(path);
            damaged(format!("it has a file {:?}, {what}", crate::diagnostic::shortened(&path)))
        };
        let text = std::str::from_utf8(path).map_err(|_| odd("whose name is no text"))?;
        if mode.is_symlink() {
            return Err(odd("which is a link"));
        }
        let is_plain = |step: &str| {
            let is_odd = |letter: char| letter.is_control() || matches!(letter, '\\' | ':');
            !step.is_empty() && step != "." && step != ".." && !step.contains(is_odd)
        };
        let bare = text.strip_suffix('/').unwrap_or(text);
        if bare.len() > LONGEST_PATH || !bare.split('/').all(is_plain) {
            return Err(odd("which would not be in the folder of the case"));
        }
        if !self.seen.insert(bare.to_lowercase()) {
            return Err(odd("twice"));
        }
        let place = bare.split('/').fold(self.into.to_owned(), |place, step| place.join(step));
        Ok((bare.to_owned(), place))
    }

    /// Unpacks one, and says how long it is, and its hash.
    fn file(
        &mut self,
        entry: &rawzip::ZipEntry<'_, FileReader>,
        (name, path): (&str, &Path),
        (method, size): (CompressionMethod, u64),
    ) -> Result<(u64, blake3::Hash), CaseError> {
        if let Some(folder) = path.parent() {
            create_private_folders(folder).map_err(|error| refused(&error))?;
        }
        let mut to =
            File::options().write(true).create_new(true).open(path).map_err(|error| refused(&error))?;
        let copied = match method {
            CompressionMethod::STORE => copy(entry.verifying_reader(entry.reader()), &mut to, size),
            CompressionMethod::DEFLATE => {
                let decoder = DeflateDecoder::new(BufReader::new(entry.reader()));
                copy(entry.verifying_reader(decoder), &mut to, size)
            }
            _ => return Err(damaged("it is packed in a way that cases are not")),
        };
        match copied {
            Ok((copied, hash)) if copied <= size => {
                self.left -= copied.min(self.left);
                Ok((copied, hash))
            }
            // It is longer than it says.
            Ok(_) => Err(too_large()),
            Err(Failed::Read) => Err(damaged(format!("{name:?} is damaged"))),
            Err(Failed::Write(error)) => Err(refused(&error)),
        }
    }
}

enum Failed {
    Read,
    Write(io::Error),
}

/// Copies so many bytes, and one more if there is one; how many there were, and their hash.
fn copy(from: impl Read, to: &mut File, size: u64) -> Result<(u64, blake3::Hash), Failed> {
    let mut from = from.take(size.saturating_add(1));
    let (mut buffer, mut copied, mut hasher) = (vec![0; 1 << 16], 0, blake3::Hasher::new());
    loop {
        let count = from.read(&mut buffer).map_err(|_| Failed::Read)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            return Ok((copied, hasher.finalize()));
        };
        to.write_all(bytes).map_err(Failed::Write)?;
        hasher.update(bytes);
        copied += count as u64;
    }
}

fn too_many() -> CaseError {
    damaged(format!("it has more than {MOST_FILES} files, which no case has"))
}

fn too_large() -> CaseError {
    damaged("it would unpack to more than a case is")
}
