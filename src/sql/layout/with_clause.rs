//! Common table expressions: each once, under a name of its own.

use super::comment::comment;
use super::fragment::Fragment;
use super::names::UniqueNames;

#[derive(Clone, Debug)]
struct CommonTable {
    name: String,
    comment: String,
    lines: Vec<String>,
}

/// The common table expressions of a query, in an order in which each comes after those it needs.
#[derive(Debug)]
pub(crate) struct WithClause {
    names: UniqueNames,
    tables: Vec<CommonTable>,
    remarks: Vec<&'static str>,
}

impl WithClause {
    /// None yet; `taken` are names that would hide a table.
    pub fn new<'a>(taken: impl IntoIterator<Item = &'a str>) -> Self {
        Self { names: UniqueNames::reserving(taken), tables: Vec::new(), remarks: Vec::new() }
    }

    /// Adds a query and returns its name, which is made of `title`. The same query is added once.
    pub fn add(&mut self, title: &str, comment: &str, body: &Fragment) -> String {
        let lines = body.lines();
        if let Some(known) = self.tables.iter().find(|table| table.lines == lines) {
            return known.name.clone();
        }
        for remark in body.remarks() {
            if !self.remarks.contains(&remark) {
                self.remarks.push(remark);
            }
        }
        let name = self.names.allocate(title);
        self.tables.push(CommonTable { name: name.clone(), comment: comment.to_owned(), lines });
        name
    }

    /// What the head of the query says of them, each remark once.
    pub(crate) fn remarks(&self) -> &[&'static str] {
        &self.remarks
    }

    /// All of them as text, ready for the query that uses them.
    pub(crate) fn layout(&self, quoted: &dyn Fn(&str) -> String) -> String {
        let tables = self.tables.iter().map(|table| {
            let (comment, body) = (comment(&table.comment), table.lines.join("\n    "));
            format!("{comment}{} AS (\n    {body}\n)", quoted(&table.name))
        });
        format!("WITH\n\n{}", tables.collect::<Vec<_>>().join(",\n\n"))
    }
}
