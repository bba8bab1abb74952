//! In which dialect a file is written, found by reading all of it: the only one in which every record has as many
//! fields as the first.

use std::path::Path;

use rayon::prelude::*;

use super::blocks::BlockReader;
use super::dialect::Dialect;
use super::error::{CsvError, CsvLine};
use super::header::FileHeader;
use super::records::{CsvField, RecordReader};
use super::request::CsvRequest;
use super::settings::{CsvSettings, Header};
use super::shape::{RecordRules, Tally};
use super::text::{settings, utf8};
use crate::diagnostic::Diagnostic;
use crate::local::files::read_task::{ReadError, ReadProgress};

/// How many bytes every dialect is tried on; those that do not fit are tried on no more.
const START: usize = 1 << 20;
/// How many bytes are read of a block.
const BLOCK: usize = 1 << 18;

/// How a file is written, as far as that is to be found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub dialect: Dialect,
    /// Whether fields without a name at the end of the header are columns.
    pub has_nameless: bool,
    /// Whether the whole file was looked at.
    pub is_settled: bool,
}

impl Shape {
    /// What a file is taken for at first.
    pub fn stated(settings: &CsvSettings) -> Self {
        Self { dialect: Dialect::stated(settings), has_nameless: false, is_settled: false }
    }
}

/// What a file is like in one dialect.
struct Survey {
    dialect: Dialect,
    has_nameless: bool,
    width: usize,
    tally: Tally,
    /// Where quotes are wrong in it.
    damage: Option<CsvError>,
    /// Whether its quotes, or its escape, enclose a field.
    is_used: bool,
    /// How many lines stand before a table, those that say something with fewer fields.
    title: Option<u64>,
    /// Whether no fewer lines are of the table than stand before it.
    is_mostly_table: bool,
    first_line: u64,
    begins_with_hash: bool,
}

impl Survey {
    fn fits(&self) -> bool {
        self.tally.misfits.count == 0 && self.damage.is_none()
    }

    /// Whether at most so many of its records are bad.
    fn nearly_fits(&self, one_in: u64) -> bool {
        let bad = self.tally.misfits.count + u64::from(self.damage.is_some());
        self.width > 1 && bad * one_in <= self.tally.records
    }
}

/// Looks for the shape of a file; `start_only` looks at its first bytes only.
///
/// # Errors
/// None fits, several do, or something else stands before the header. The file cannot be read.
pub(crate) fn detect(
    wanted: &CsvRequest<'_>,
    file: &Path,
    start_only: bool,
    progress: &ReadProgress<'_>,
) -> Result<Shape, ReadError> {
    let mut stated = wanted.settings.clone();
    let blocks = BlockReader::open(file, &Dialect::stated(&stated), &stated, progress)?;
    stated.separator = blocks.said_separator.or(stated.separator);
    drop(blocks);
    let search = Search { wanted, file, settings: stated, progress };
    let mut surveys = Vec::new();
    for dialect in Dialect::possible(&search.settings) {
        surveys.extend(search.survey(dialect, Some(START))?);
    }
    if !start_only {
        surveys = search.on_all(surveys)?;
    }
    let surveys = surveys;
    search.choose(&surveys).map_err(|error| error.in_file(file).into())
}

struct Search<'a> {
    wanted: &'a CsvRequest<'a>,
    file: &'a Path,
    settings: CsvSettings,
    progress: &'a ReadProgress<'a>,
}

impl Search<'_> {
    /// The same on whole files, for the dialects that may fit.
    fn on_all(&self, starts: Vec<Survey>) -> Result<Vec<Survey>, ReadError> {
        let base = starts.first().map(|survey| survey.dialect.clone());
        let promising = |survey: &Survey| {
            Some(&survey.dialect) == base.as_ref() || survey.nearly_fits(5) || survey.title.is_some()
        };
        let (plain, others): (Vec<_>, Vec<_>) = starts
            .into_iter()
            .filter(promising)
            .partition(|survey| survey.dialect.has_plain_quotes(&self.settings));
        let whole = |dialects: Vec<Survey>| -> Result<Vec<Survey>, ReadError> {
            let found: Vec<_> = dialects
                .into_par_iter()
                .map(|start| self.survey(start.dialect, None))
                .collect::<Result<_, _>>()?;
            Ok(found.into_iter().flatten().collect())
        };
        let mut all = whole(plain)?;
        let fits = |separator| {
            all.iter()
                .any(|survey| survey.dialect.separator == separator && survey.fits() && survey.width > 1)
        };
        let others = others.into_iter().filter(|other| !fits(other.dialect.separator)).collect();
        all.extend(whole(others)?);
        Ok(all)
    }

    fn survey(&self, dialect: Dialect, most: Option<usize>) -> Result<Option<Survey>, ReadError> {
        let (wanted, progress) = (self.wanted, self.progress);
        let mut blocks = BlockReader::open(self.file, &dialect, &self.settings, progress)?;
        let first_line = blocks.line();
        let read = FileHeader::read(&mut blocks, &self.settings, wanted.table, false, progress)?;
        let Some((first, header)) = read else {
            return Ok(None);
        };
        let plain = Dialect::stated(&self.settings);
        let (quote, escape) = (dialect.quote != plain.quote, Some(dialect.escape) != dialect.quote);
        let mut look = Look { is_used: !quote && !escape, quote, escape, ..Look::default() };
        // Not of the rows: what is no text in one dialect is none in the others.
        let text = utf8(&first.bytes, first.line, wanted.table).map_err(|error| error.in_file(self.file))?;
        let begins_with_hash = text.starts_with('#');
        let is_header = !matches!(self.settings.header, Some(Header::InFile(false) | Header::Names(_)));
        let mut damage = header.as_ref().err().cloned();
        let (named, nameless) =
            header.as_ref().map_or((1, 0), |header| (header.names.len(), header.nameless));
        let rules = |width| RecordRules { width, may_be_short: self.settings.short_rows.is_some() };
        let (mut tally, mut with_nameless) = (Tally::default(), Tally::default());
        if is_header && damage.is_none() {
            damage = look.at(text, first.line, &dialect, |_, _| ()).err();
        }
        let mut read = 0;
        while damage.is_none()
            && most.is_none_or(|most| read < most)
            && let Some(block) = blocks.next(BLOCK, progress)?
        {
            read += block.bytes.len();
            let text =
                utf8(&block.bytes, block.line, wanted.table).map_err(|error| error.in_file(self.file))?;
            let seen = look.at(text, block.line, &dialect, |line, fields| {
                for (tally, width) in [(&mut tally, named), (&mut with_nameless, named + nameless)] {
                    if fields.len() == width {
                        tally.records += 1;
                    } else {
                        tally.fit(line, &mut fields.clone(), rules(width));
                    }
                }
            });
            damage = seen.and_then(|()| block.check_end()).err();
        }
        let has_nameless = nameless > 0 && with_nameless.misfits.count < tally.misfits.count;
        let (tally, width) = if has_nameless { (with_nameless, named + nameless) } else { (tally, named) };
        let title = look.title(first_line).filter(|_| is_header);
        let is_used = look.is_used;
        Ok(Some(Survey {
            dialect,
            has_nameless,
            width,
            tally,
            damage,
            is_used,
            title,
            is_mostly_table: look.is_mostly_table(first_line),
            first_line,
            begins_with_hash,
        }))
    }

    fn choose(&self, surveys: &[Survey]) -> Result<Shape, CsvError> {
        let shape = |survey: &Survey| Shape {
            dialect: survey.dialect.clone(),
            has_nameless: survey.has_nameless,
            is_settled: true,
        };
        let Some(base) = surveys.first() else {
            return Ok(Shape { is_settled: true, ..Shape::stated(&self.settings) });
        };
        if base.fits() && base.width > 1 {
            return Ok(shape(base));
        }
        let mut exact: Vec<&Survey> =
            surveys.iter().filter(|survey| survey.fits() && survey.width > 1 && survey.is_used).collect();
        let plain: Vec<u8> = exact
            .iter()
            .filter(|survey| survey.dialect.has_plain_quotes(&self.settings))
            .map(|survey| survey.dialect.separator)
            .collect();
        exact.retain(|survey| {
            survey.dialect.has_plain_quotes(&self.settings) || !plain.contains(&survey.dialect.separator)
        });
        match exact.as_slice() {
            [only] => return Ok(shape(only)),
            [] if base.fits() && !surveys.iter().any(|survey| self.may_be_meant(survey)) => {
                return Ok(shape(base));
            }
            [] => {}
            several => return Err(self.ambiguous(base, several)),
        }
        let near: Vec<&Survey> =
            surveys.iter().filter(|survey| survey.nearly_fits(10) && survey.is_used).collect();
        match near.as_slice() {
            [only] => return Ok(shape(only)),
            [first, ..] if first.dialect == base.dialect => return Ok(shape(base)),
            _ => {}
        }
        if base.begins_with_hash && self.settings.comment.is_none() {
            let message = "the first line begins with \"#\", and others have another number of fields";
            return Err(self.fault(message, &["{ comment = \"#\" }"], base.first_line));
        }
        if let Some(title) = surveys.iter().filter(|survey| survey.is_used).find_map(|survey| survey.title) {
            let lines = if title == 1 { "one line".to_owned() } else { format!("{title} lines") };
            let message =
                format!("{lines} with fewer fields than all below, as titles have, stand before the table");
            return Err(self.fault(&message, &[format!("{{ skip = {title} }}")], base.first_line));
        }
        let promising: Vec<&Survey> = surveys
            .iter()
            .filter(|survey| survey.width > 1 && survey.is_used && survey.damage.is_none())
            .collect();
        if base.width > 1 || base.damage.is_some() || promising.is_empty() {
            return Ok(shape(base));
        }
        let settings: Vec<String> =
            promising.iter().map(|survey| survey.dialect.settings(&self.settings)).collect();
        let message = "no separator gives every line as many fields as the first";
        Err(self.fault(message, &settings, base.first_line))
    }

    /// Whether a file that is one column by commas is rather a table by another separator, with a title or a few bad
    /// lines.
    fn may_be_meant(&self, survey: &Survey) -> bool {
        let is_titled = survey.title.is_some() && survey.is_mostly_table;
        survey.dialect.has_plain_quotes(&self.settings) && (is_titled || survey.nearly_fits(10))
    }

    fn ambiguous(&self, base: &Survey, several: &[&Survey]) -> CsvError {
        let settings: Vec<String> =
            several.iter().map(|survey| survey.dialect.settings(&self.settings)).collect();
        let names: Vec<String> = several.iter().map(|survey| survey.dialect.separators()).collect();
        let message = format!("every line has the same number of fields by {}", names.join(", and by "));
        self.fault(&message, &settings, base.first_line)
    }

    fn fault(&self, message: &str, keys: &[impl AsRef<str>], line: u64) -> CsvError {
        let help = settings(self.wanted.table, keys, "save it with commas between fields, the header first");
        Diagnostic::new(message).with_help(help).at(CsvLine(line))
    }
}

/// What is seen of the records of a file, one after the other.
#[derive(Default)]
struct Look {
    is_used: bool,
    quote: bool,
    escape: bool,
    /// The most fields that a record has before the table.
    before: usize,
    /// How many records there are so far, and how many of them are in the table.
    records: u64,
    /// Width of the last record, and its line.
    last: (usize, u64),
    /// The first two records that have the same number of fields, more than all before: how many, and the line.
    table: Option<(usize, u64)>,
    /// How many records of the table have as many fields, and how many have not.
    of_table: (u64, u64),
}

impl Look {
    fn at<'a>(
        &mut self,
        text: &'a str,
        line: u64,
        dialect: &'a Dialect,
        mut each: impl FnMut(u64, &Vec<CsvField<'a>>),
    ) -> Result<(), CsvError> {
        let (mut records, mut fields) = (RecordReader::new(text, line, dialect), Vec::new());
        while let Some(line) = records.next(&mut fields)? {
            if !self.is_used {
                self.is_used = fields.iter().any(|field| {
                    if self.escape { field.is_escaped() } else { self.quote && field.is_quoted() }
                });
            }
            let is_blank =
                fields.len() == 1 && fields.iter().all(|field| field.is_empty() && !field.is_quoted());
            if !is_blank {
                self.count(fields.len(), line);
            }
            each(line, &fields);
        }
        Ok(())
    }

    fn count(&mut self, width: usize, line: u64) {
        self.records += 1;
        match self.table {
            Some((table, _)) if table == width => self.of_table.0 += 1,
            Some(_) => self.of_table.1 += 1,
            None if self.last.0 == width && width > 1 && width > self.before => {
                self.table = Some((width, self.last.1));
                self.of_table = (2, 0);
            }
            None => {
                if width != self.last.0 {
                    self.before = self.before.max(self.last.0);
                }
                self.last = (width, line);
            }
        }
    }

    fn is_mostly_table(&self, first_line: u64) -> bool {
        self.table.is_some_and(|(_, line)| line - first_line <= self.of_table.0)
    }

    /// How many lines stand before the table, if it is one.
    fn title(&self, first_line: u64) -> Option<u64> {
        let (_, line) = self.table?;
        let (rows, others) = self.of_table;
        (line > first_line && others * 10 <= rows).then(|| line - 1)
    }
}

/// The error of a file whose records have other numbers of fields than its header.
pub(crate) fn misfits(tally: &Tally, width: usize, dialect: &Dialect, wanted: &CsvRequest<'_>) -> CsvError {
    let first = tally.misfits;
    let plural = |count: usize| if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
    let by = match dialect.separator {
        b',' => String::new(),
        _ => format!(" by {}", dialect.separators()),
    };
    let more = match first.count - 1 {
        0 => String::new(),
        1 => "; 1 more line has another number, too".to_owned(),
        more => format!("; {more} more lines have another number, too"),
    };
    let message = format!("{}{by}, where the header has {width}{more}", plural(first.fields));
    let mut keys = Vec::new();
    if tally.is_remark {
        keys.push("{ comment = \"#\" }");
    }
    if tally.short == first.count {
        keys.push("{ short_rows = \"null\" }");
    }
    keys.push("{ bad_lines = \"skip\" }");
    let help = settings(
        wanted.table,
        &keys,
        "give every line as many fields as the header; quote fields that hold commas",
    );
    Diagnostic::new(message).with_help(help).at(CsvLine(first.line))
}
