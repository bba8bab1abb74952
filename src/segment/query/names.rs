//! Which tables a query reads, and what it calls things itself.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{Ident, ObjectName, Query, TableAlias, TableFactor, Visit, Visitor};

use super::error::{QueryError, position};
use crate::segment::place::TextPosition;

/// A table that a query reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableReference {
    /// As the database has to have it.
    pub text: String,
    /// Where it stands first.
    pub at: Option<TextPosition>,
}

pub(crate) struct QueryNames {
    /// Tables of the database, each once.
    pub tables: Vec<TableReference>,
    pub with: Vec<String>,
}

/// The names in a query whose only WITH stands at its front.
///
/// # Errors
/// Something is called like something else: the embedded engine takes the one for the other.
pub fn collect(query: &Query) -> Result<QueryNames, QueryError> {
    let mut visitor = NameVisitor::default();
    let parts = query.with.iter().flat_map(|with| &with.cte_tables);
    for part in parts {
        // The parts before are known to it, itself and those after are not.
        read(&*part.query, &mut visitor)?;
        let name = &part.alias.name;
        if !visitor.with.insert(name.value.clone()) {
            return Err(taken(name, "WITH names two queries so"));
        }
        visitor.named.push(name.clone());
    }
    read(&query.body, &mut visitor)?;
    let is_table = |name: &str| visitor.tables.iter().any(|table| table.text == name);
    if let Some(name) = visitor.named.iter().find(|name| is_table(&name.value)) {
        return Err(taken(name, "the query reads a table that is called so, too"));
    }
    let mut aliases = visitor.aliases.iter();
    if let Some(alias) = aliases.find(|alias| is_table(&alias.value) || visitor.with.contains(&alias.value)) {
        return Err(taken(alias, "the query reads another table that is called so"));
    }
    Ok(QueryNames { tables: visitor.tables, with: visitor.with.into_iter().collect() })
}

fn read(part: &impl Visit, visitor: &mut NameVisitor) -> Result<(), QueryError> {
    match part.visit(visitor) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

fn taken(name: &Ident, why: &str) -> QueryError {
    let message = format!("{:?} cannot be the name here: {why}", name.value);
    QueryError::new(position(name.span.start), message, "choose another name")
}

#[derive(Default)]
struct NameVisitor {
    tables: Vec<TableReference>,
    with: BTreeSet<String>,
    named: Vec<Ident>,
    aliases: Vec<Ident>,
}

impl Visitor for NameVisitor {
    type Break = QueryError;

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<QueryError> {
        let (own, alias) = match factor {
            TableFactor::Table { name, alias, .. } => (last(name), alias),
            TableFactor::Derived { alias, .. } => (None, alias),
            _ => (None, &None),
        };
        let alias = alias.as_ref().map(|alias: &TableAlias| &alias.name);
        self.aliases.extend(alias.filter(|alias| own.is_none_or(|own| own.value != alias.value)).cloned());
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<QueryError> {
        if let Some(name) = last(relation) {
            let is_known = self.tables.iter().any(|table| table.text == name.value);
            if !is_known && !self.with.contains(&name.value) {
                self.tables.push(TableReference { text: name.value.clone(), at: position(name.span.start) });
            }
        }
        ControlFlow::Continue(())
    }
}

fn last(name: &ObjectName) -> Option<&Ident> {
    name.0.last().and_then(|part| part.as_ident())
}
