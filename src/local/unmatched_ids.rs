//! Tables none of whose ids is a customer's: mostly the same ids are written otherwise there.

use std::collections::{BTreeSet, HashMap};

use super::chunk_reader::ReadableTable;
use super::engine::Engine;
use super::error::unreadable;
use super::files::id_texts;
use super::index::universe::CustomerIds;
use super::query_scope::key;
use super::sets::insights::InsightTables as _;
use super::values::is_blank;
use super::view::View;
use crate::backend::{BackendError, Cancel, CountTable, TableCounts};
use crate::database::{Note, Table, quoted_list};
use crate::diagnostic::{Diagnostic, shortened};

/// How many different ids of a table are compared, the first of them.
const COMPARED: usize = 10_000;
/// After how many ids work looks whether it should stop.
const IDS_BETWEEN_CHECKS: usize = 1 << 16;

/// What ids may differ in.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    WithoutPointZero,
    Trimmed,
    AnyCase,
    WithoutLeadingZeros,
    All,
}

impl Spelling {
    /// In the order in which they are told.
    const ALL: [Self; 5] =
        [Self::WithoutPointZero, Self::Trimmed, Self::AnyCase, Self::WithoutLeadingZeros, Self::All];

    /// An id without what it may differ in.
    fn of(self, id: &str) -> String {
        match self {
            Self::WithoutPointZero => id.strip_suffix(".0").unwrap_or(id).to_owned(),
            Self::Trimmed => id.trim().to_owned(),
            Self::AnyCase => id.to_lowercase(),
            Self::WithoutLeadingZeros => id.trim_start_matches('0').to_owned(),
            Self::All => {
                let plain = id.trim().to_lowercase();
                plain.strip_suffix(".0").unwrap_or(&plain).trim_start_matches('0').to_owned()
            }
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::WithoutPointZero => "without \".0\" at the end",
            Self::Trimmed => "without blanks around them",
            Self::AnyCase => "in small letters",
            Self::WithoutLeadingZeros => "without leading zeros",
            Self::All => "in small letters, without blanks, leading zeros and \".0\"",
        }
    }
}

impl Engine {
    /// What to say of a table that has ids, none of which is of a customer; `None` of any other table.
    ///
    /// # Errors
    /// As [`Self::table_counts`].
    pub fn unmatched_ids(
        &self,
        question: &CountTable,
        cancel: &Cancel,
    ) -> Result<Option<Note>, BackendError> {
        let CountTable { table, activation_id, as_of } = question;
        self.answer(|| {
            let database = self.tables_with(table, *as_of).reading(cancel).table(table)?.database();
            let key = key(&database, table);
            let view = self.view(database, activation_id, cancel)?;
            let (table, index) = view.table_and_index(&key)?;
            let counts = index.counts(view.reader())?;
            if counts.customers > 0 { Ok(None) } else { of_table(&view, table, counts) }
        })
    }
}

/// What to say of a table whose ids are mostly orphans, and what would match.
pub(super) fn of_table(
    view: &View<'_>,
    table: &Table,
    counts: TableCounts,
) -> Result<Option<Note>, BackendError> {
    let Some(column) = table.id_column(view.activation_id) else { return Ok(None) };
    // Rows without an id are neither.
    let is_mostly = counts.orphan_rows > counts.rows.saturating_sub(counts.orphan_rows);
    if counts.orphan_rows == 0 || view.size() == 0 || (counts.customers > 0 && !is_mostly) {
        return Ok(None);
    }
    let customers = view.ids()?;
    let own = first_orphans(view, table, column, &customers)?;
    let share = if counts.customers == 0 { Share::None } else { Share::Few };
    Ok(Some(note(&own, &customers, (share, column), view.cancel)?))
}

/// How many ids of a table are of customers.
#[derive(Clone, Copy, Debug)]
enum Share {
    None,
    Few,
}

/// The first different ids of a table that are no customers, in order.
fn first_orphans(
    view: &View<'_>,
    table: &Table,
    column: &str,
    customers: &CustomerIds,
) -> Result<Vec<String>, BackendError> {
    let (source, reader, unreadable) = (ReadableTable::new(table)?, view.reader(), unreadable(&table.name));
    let (mut ids, mut seen) = (Vec::new(), BTreeSet::new());
    let columns = [column];
    for frame in (0..reader.chunk_count(source)).flat_map(|number| reader.frames(source, &columns, number)) {
        let frame = frame?;
        let texts = id_texts(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
        let orphans = texts.iter().flatten().filter(|id| !is_blank(id) && customers.number(id).is_none());
        for id in orphans {
            if ids.len() == COMPARED {
                return Ok(ids);
            }
            if seen.insert(id.to_owned()) {
                ids.push(id.to_owned());
            }
        }
    }
    Ok(ids)
}

fn note(
    own: &[String],
    customers: &CustomerIds,
    (share, column): (Share, &str),
    cancel: &Cancel,
) -> Result<Note, BackendError> {
    let examples = |ids: &mut dyn Iterator<Item = &str>| quoted_list(ids.take(2));
    let share = match share {
        Share::None => "none of its ids is of a customer",
        Share::Few => "most of its rows are of nobody who is a customer",
    };
    let mut message = format!(
        "{share}: in column {:?} are ids such as {}, those of the customers are such as {}",
        shortened(column),
        examples(&mut own.iter().map(String::as_str)),
        examples(&mut customers.iter()),
    );
    if let Some((spelling, count)) = meeting(own, customers, cancel)? {
        let first = if own.len() == COMPARED { "the first " } else { "" };
        message.push_str(&format!("; {} {count} of {first}{} would meet", spelling.words(), own.len()));
    }
    let help = "write the ids of both tables alike, or name the column that holds them with `id`";
    Ok(Diagnostic::new(message).with_help(help).at(Some(column.to_owned())))
}

/// The first spelling in which ids of both sides meet, and how many of a table's ids do.
fn meeting(
    own: &[String],
    customers: &CustomerIds,
    cancel: &Cancel,
) -> Result<Option<(Spelling, usize)>, BackendError> {
    let mut wanted: Vec<HashMap<String, (usize, bool)>> = Vec::new();
    for spelling in Spelling::ALL {
        let mut ids: HashMap<String, (usize, bool)> = HashMap::new();
        own.iter().for_each(|id| ids.entry(spelling.of(id)).or_default().0 += 1);
        wanted.push(ids);
    }
    for (at, id) in customers.iter().enumerate() {
        if at % IDS_BETWEEN_CHECKS == 0 {
            cancel.check()?;
        }
        for (spelling, wanted) in Spelling::ALL.into_iter().zip(&mut wanted) {
            if let Some((_, is_met)) = wanted.get_mut(&spelling.of(id)) {
                *is_met = true;
            }
        }
    }
    let met = |wanted: &HashMap<String, (usize, bool)>| {
        wanted.values().filter(|(_, is_met)| *is_met).map(|(count, _)| count).sum::<usize>()
    };
    let mut found = Spelling::ALL.into_iter().zip(wanted.iter().map(met));
    Ok(found.find(|(_, count)| *count > 0))
}
