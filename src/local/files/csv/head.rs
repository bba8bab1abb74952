//! The names of a table's columns, read without its rows.

use super::blocks::BlockReader;
use super::detect::{Shape, detect};
use super::header::FileHeader;
use super::request::CsvRequest;
use super::shape::{RecordRules, for_each_row};
use super::type_inference::TypeInference;
use super::value_rules::ValueRules;
use crate::database::TableError;
use crate::local::files::read_task::ReadProgress;
use crate::segment::DataType;

/// How many bytes behind the header are looked at, to see whether it is one.
const LOOKED_AT: usize = 1 << 16;

/// The names of a table's columns: those of its first file in which something stands, or of all where they are
/// united. Only the start of a file is read, so that what its end has to say is not known yet.
///
/// # Errors
/// A file cannot be read or does not begin with a header.
pub fn header(wanted: &CsvRequest<'_>) -> Result<Vec<String>, TableError> {
    let progress = ReadProgress::silent();
    let mut names: Vec<String> = Vec::new();
    for file in wanted.files {
        let mut shape = Shape::stated(wanted.settings);
        let found = loop {
            let mut blocks = BlockReader::open(file, &shape.dialect, wanted.settings, &progress)?;
            let read =
                FileHeader::read(&mut blocks, wanted.settings, wanted.table, shape.has_nameless, &progress)?;
            let Some((_, header)) = read else {
                break Vec::new();
            };
            let is_settled = shape.is_settled || blocks.said_separator.is_some();
            match header {
                Ok(header) if is_settled || is_plain(&header, &blocks) => break header.names,
                Err(error) if is_settled => return Err(error.in_file(file)),
                _ => shape = detect(wanted, file, true, &progress)?,
            }
        };
        if names.is_empty() || wanted.parts.is_some() {
            names.extend(found.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
        }
        if !names.is_empty() && wanted.parts.is_none() {
            break;
        }
    }
    Ok(names)
}

/// Whether the rows behind a header are like it, as far as they are held.
fn is_plain(header: &FileHeader, blocks: &BlockReader<'_>) -> bool {
    let ahead = blocks.ahead();
    let ahead = ahead.get(..LOOKED_AT).unwrap_or(ahead);
    // What follows the last line end may be cut.
    let end = ahead.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |last| last + 1);
    let text = ahead.get(..end).and_then(|rows| std::str::from_utf8(rows).ok()).unwrap_or_default();
    let rules = RecordRules { width: header.names.len(), may_be_short: false };
    // A quote may go on beyond what is held.
    let tally = for_each_row(text, 1, &blocks.dialect, rules, |_, _| Ok(())).unwrap_or_default();
    !header.may_be_more && tally.misfits.count == 0
}

/// What type a column has, as far as the first rows of the files tell.
pub fn first_type(wanted: &CsvRequest<'_>, column: &str) -> Option<DataType> {
    let (rules, progress) = (ValueRules::default(), ReadProgress::silent());
    let mut files = wanted.files.iter().map(|file| (file, Shape::stated(wanted.settings)));
    files.find_map(|(file, mut shape)| {
        loop {
            let (settings, table) = (wanted.settings, wanted.table);
            let mut blocks = BlockReader::open(file, &shape.dialect, settings, &progress).ok()?;
            let (_, header) =
                FileHeader::read(&mut blocks, settings, table, shape.has_nameless, &progress).ok()??;
            let is_settled = shape.is_settled || blocks.said_separator.is_some();
            let header = match header {
                Ok(header) if is_settled || is_plain(&header, &blocks) => header,
                _ if is_settled => return None,
                _ => {
                    shape = detect(wanted, file, true, &progress).ok()?;
                    continue;
                }
            };
            let position = header.names.iter().position(|name| name == column)?;
            let width =
                RecordRules { width: header.names.len(), may_be_short: settings.short_rows.is_some() };
            let mut inferred = TypeInference::new(&rules);
            if let Some(block) = blocks.next(LOOKED_AT, &progress).ok()? {
                let text = std::str::from_utf8(&block.bytes).ok()?;
                // What is wrong in them is said when they are read.
                let _ = for_each_row(text, block.line, &blocks.dialect, width, |_, fields| {
                    fields.get(position).into_iter().for_each(|field| inferred.observe(field, &rules));
                    Ok(())
                });
            }
            return Some(inferred.column_type(&rules).data_type);
        }
    })
}
