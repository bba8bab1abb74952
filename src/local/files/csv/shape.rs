//! How many fields the records of a file have, and what comes of those that have more or fewer.

use super::dialect::Dialect;
use super::error::CsvError;
use super::records::{CsvField, RecordReader};

/// What the records of a file have to be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordRules {
    /// How many fields they have.
    pub width: usize,
    /// Whether what is missing at their end is NULL.
    pub may_be_short: bool,
}

/// Records of one kind: how many there are, and the first of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordCount {
    pub count: u64,
    /// Its line.
    pub line: u64,
    /// How many fields it has.
    pub fields: usize,
}

/// What the records of a file, or of a part of it, are like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// All of them, without empty lines.
    pub records: u64,
    /// Those that have more fields than they should, or fewer. They are left out.
    pub misfits: RecordCount,
    /// How many of those have fewer.
    pub short: u64,
    /// Whether the first of those begins with `#`.
    pub is_remark: bool,
    /// Those with empty fields at the end that no column has.
    pub longer: RecordCount,
    /// Those that were too short, and are filled with NULL.
    pub filled: RecordCount,
}

impl RecordCount {
    fn add(&mut self, line: u64, fields: usize) {
        self.merge(&Self { count: 1, line, fields });
    }

    fn merge(&mut self, later: &Self) {
        if self.count == 0 {
            *self = *later;
        } else {
            self.count += later.count;
        }
    }
}

impl Tally {
    /// Adds what comes later in the file.
    pub fn merge(&mut self, later: &Self) {
        if self.misfits.count == 0 {
            self.is_remark = later.is_remark;
        }
        self.records += later.records;
        self.short += later.short;
        self.misfits.merge(&later.misfits);
        self.longer.merge(&later.longer);
        self.filled.merge(&later.filled);
    }

    /// Takes a record of another length into account; whether it is a row, which it is made to be.
    #[cold]
    pub fn fit(&mut self, line: u64, fields: &mut Vec<CsvField<'_>>, rules: RecordRules) -> bool {
        let found = fields.len();
        if let [only] = fields.as_slice()
            && *only == CsvField::NULL
        {
            return false;
        }
        self.records += 1;
        if found > rules.width {
            let is_empty = fields.iter().skip(rules.width).all(CsvField::is_empty);
            if is_empty {
                self.longer.add(line, found);
                fields.truncate(rules.width);
                return true;
            }
        } else if rules.may_be_short {
            self.filled.add(line, found);
            fields.resize(rules.width, CsvField::NULL);
            return true;
        }
        if self.misfits.count == 0 {
            self.is_remark =
                fields.first().and_then(CsvField::value).is_some_and(|value| value.starts_with('#'));
        }
        self.short += u64::from(found < rules.width);
        self.misfits.add(line, found);
        false
    }
}

/// Calls `each` with line and fields of every record that is a row. Empty lines are passed over, except in a table
/// of one column, where they are NULL.
pub(crate) fn for_each_row<'a>(
    text: &'a str,
    line: u64,
    dialect: &'a Dialect,
    rules: RecordRules,
    mut each: impl FnMut(u64, &[CsvField<'a>]) -> Result<(), CsvError>,
) -> Result<Tally, CsvError> {
    let mut records = RecordReader::new(text, line, dialect);
    let mut fields = Vec::with_capacity(rules.width);
    let (mut tally, mut regular) = (Tally::default(), 0);
    while let Some(line) = records.next(&mut fields)? {
        if fields.len() == rules.width {
            regular += 1;
            each(line, &fields)?;
        } else if tally.fit(line, &mut fields, rules) {
            each(line, &fields)?;
        }
    }
    tally.records += regular;
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, width: usize, may_be_short: bool) -> (Vec<(u64, usize)>, Tally) {
        let (mut rows, rules) = (Vec::new(), RecordRules { width, may_be_short });
        let tally = for_each_row(text, 5, &Dialect::default(), rules, |line, fields| {
            rows.push((line, fields.len()));
            Ok(())
        });
        (rows, tally.unwrap())
    }

    #[test]
    fn empty_lines_count_in_a_table_of_one_column() {
        assert_eq!(rows("a\n\nb\n", 1, false).0.len(), 3);
        let (rows, tally) = rows("a,b\n\nc,d\n", 2, true);
        assert_eq!((rows, tally), (vec![(5, 2), (7, 2)], Tally { records: 2, ..Tally::default() }));
    }

    #[test]
    fn misfits_are_counted_and_left_out() {
        let text = "1,2\n#3\n1,2,\n1,2,3\n1,2,\"\",\n";
        let (found, tally) = rows(text, 2, false);
        assert_eq!(found, [(5, 2), (7, 2), (9, 2)]);
        let count = |count, line, fields| RecordCount { count, line, fields };
        let expected = Tally {
            records: 5,
            misfits: count(2, 6, 1),
            short: 1,
            is_remark: true,
            longer: count(2, 7, 3),
            filled: RecordCount::default(),
        };
        assert_eq!(tally, expected);
        let (found, tally) = rows(text, 2, true);
        assert_eq!((found.len(), tally.filled, tally.misfits), (4, count(1, 6, 1), count(1, 8, 3)));
    }

    #[test]
    fn tallies_are_added_in_order() {
        let whole = rows("1\n1,2,\n1,2,3\n#\n", 2, false).1;
        let mut added = Tally::default();
        for (line, text) in [(5, "1\n1,2,\n"), (7, "1,2,3\n#\n")] {
            let rules = RecordRules { width: 2, may_be_short: false };
            added.merge(&for_each_row(text, line, &Dialect::default(), rules, |_, _| Ok(())).unwrap());
        }
        assert_eq!(added, whole);
    }
}
