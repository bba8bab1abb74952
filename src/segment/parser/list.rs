//! Customer lists: `Is a member of segment "Loyal"`, `not member of vip.csv`.

use super::error::ParseError;
use super::expected::{Expected, ListKind};
use super::parser::{ConditionResult, ParseResult, Parser};
use crate::segment::name_matching::{is_same_name, quote};
use crate::segment::node::{Condition, ConditionKind, Extra, ListCondition, ListSource};
use crate::segment::suggest::nearest;
use crate::segment::vocabulary::ListOperator;
use crate::segment::words::canonical;

/// How a condition on a list begins, and whether it is so on screens.
const BEGINNINGS: [(&str, (ListOperator, bool)); 10] = [
    ("Is a member of", (ListOperator::IsMember, true)),
    ("Is not a member of", (ListOperator::IsNotMember, true)),
    ("is member of", (ListOperator::IsMember, false)),
    ("is not member of", (ListOperator::IsNotMember, false)),
    ("member of", (ListOperator::IsMember, false)),
    ("a member of", (ListOperator::IsMember, false)),
    ("not member of", (ListOperator::IsNotMember, false)),
    ("not a member of", (ListOperator::IsNotMember, false)),
    ("in", (ListOperator::IsMember, false)),
    ("not in", (ListOperator::IsNotMember, false)),
];

impl Parser<'_> {
    /// A condition on a list, if the line begins like one, and whether it begins as on screens.
    pub fn list(&mut self) -> Option<(bool, ConditionResult)> {
        let start = self.at;
        let (op, is_full) = self.accept_longest(BEGINNINGS)?;
        self.expect_next(Expected::Lists(None));
        let source = self.attempt(Self::source);
        self.at = start;
        let condition = |source| {
            Condition::new(ConditionKind::List(ListCondition { source, extra: Extra::new(), op: Some(op) }))
        };
        Some((is_full, source.map(condition)))
    }

    fn source(&mut self) -> ParseResult<ListSource> {
        let kinds = [("segment", ListKind::Segment), ("file", ListKind::File), ("query", ListKind::Query)];
        let start = self.at;
        let kind = self.accept_longest(kinds);
        // A list may be called so.
        let kind = if self.is_at_end() {
            self.at = start;
            None
        } else {
            kind
        };
        if kind.is_some() {
            self.expect_next(Expected::Lists(kind));
        }
        self.skip();
        let place = self.at;
        let said = if self.rest().starts_with('"') {
            let said = self.quoted()?;
            self.end()?;
            said
        } else {
            let said = self.rest().trim_end().to_owned();
            self.at += said.len();
            said
        };
        let place = place..self.at;
        if place.is_empty() {
            return Err(self
                .missing("the name of a list is missing")
                .with_help("name a segment, an uploaded file or a query"));
        }
        let found = self.lists_called(&said, kind);
        match found.as_slice() {
            [] => Err(self.unknown_list(&said, kind, place)),
            [source] => Ok(source.clone()),
            several => {
                let form = |source: &ListSource| {
                    let list = ListCondition {
                        source: source.clone(),
                        extra: Extra::new(),
                        op: Some(ListOperator::IsMember),
                    };
                    let said = canonical(&Condition::new(ConditionKind::List(list)), self.schema)?;
                    said.strip_prefix("Is a member of ").map(str::to_owned)
                };
                let instead: Vec<String> = several.iter().filter_map(form).collect();
                Err(ParseError::new(place, format!("several lists are called {said:?}"))
                    .with_help(format!("write one of: {}", instead.join(", ")))
                    .with_alternatives(instead))
            }
        }
    }

    fn lists_called(&self, said: &str, kind: Option<ListKind>) -> Vec<ListSource> {
        let is_wanted = |of: ListKind| kind.is_none_or(|kind| kind == of);
        let mut found = Vec::new();
        if is_wanted(ListKind::Segment) {
            let segments = self.schema.segments();
            let by = |is_it: &dyn Fn(&(&str, &str)) -> bool| {
                segments.iter().filter(|segment| is_it(segment)).map(|(id, _)| (*id).to_owned()).collect()
            };
            let ways: [Vec<String>; 3] = [
                by(&|(id, _)| *id == said),
                by(&|(_, name)| *name == said),
                by(&|(_, name)| is_same_name(name, said)),
            ];
            let ids = ways.into_iter().find(|ids| !ids.is_empty()).unwrap_or_default();
            found.extend(ids.into_iter().map(ListSource::Segment));
        }
        let stored = |paths: Vec<&str>| -> Vec<String> {
            let exact: Vec<&str> = paths.iter().copied().filter(|path| *path == said).collect();
            let alike = paths.iter().copied().filter(|path| is_same_name(path, said));
            let paths = if exact.is_empty() { alike.collect() } else { exact };
            paths.into_iter().map(str::to_owned).collect()
        };
        if is_wanted(ListKind::File) {
            found.extend(stored(self.schema.list_files()).into_iter().map(ListSource::File));
        }
        if is_wanted(ListKind::Query) {
            found.extend(stored(self.schema.list_queries()).into_iter().map(ListSource::Query));
        }
        found
    }

    fn unknown_list(&self, said: &str, kind: Option<ListKind>, place: std::ops::Range<usize>) -> ParseError {
        let is_wanted = |of: ListKind| kind.is_none_or(|kind| kind == of);
        let segments = self.schema.segments();
        let names = segments.iter().map(|(_, name)| *name).filter(|_| is_wanted(ListKind::Segment));
        let files = self.schema.list_files().into_iter().filter(|_| is_wanted(ListKind::File));
        let queries = self.schema.list_queries().into_iter().filter(|_| is_wanted(ListKind::Query));
        let near = nearest(said, names.chain(files).chain(queries));
        let what = match kind {
            None => "list",
            Some(ListKind::Segment) => "segment",
            Some(ListKind::File) => "uploaded file",
            Some(ListKind::Query) => "query",
        };
        let help = match near {
            Some(near) => format!("did you mean {near:?}?"),
            None => "lists are saved segments, uploaded files and queries of this workspace".to_owned(),
        };
        let instead = near.map(quote).into_iter().collect();
        ParseError::new(place, format!("there is no {what} called {said:?}"))
            .with_help(help)
            .with_alternatives(instead)
    }
}
