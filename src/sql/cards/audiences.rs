//! Whose figures are shown: the members of segments, and all customers.

use std::sync::Arc;

use super::card::Card;
use crate::segment::{CheckedDefinition, CheckedSegment, Place, Problem, Segment, Severity};
use crate::sql::dialect::Dialect;
use crate::sql::layout::{Fragment, Select, UniqueNames, combined, sql};
use crate::sql::query::{QueryWriter, head};
use crate::sql::request::{DateStyle, ExportRequest};
use crate::sql::unsupported::Unsupported;

/// What the audience of the open segment is called, and that of all customers.
pub(super) const SEGMENT: &str = "'segment'";
pub(super) const ALL: &str = "'all'";

/// A query for figures in the making.
pub(super) struct CardWriter<'a> {
    pub query: QueryWriter<'a>,
    pub dialect: Dialect,
    /// The customers of each audience.
    pub audiences: Fragment,
    /// The column that names the audience.
    pub audience: Fragment,
    /// The columns of what is joined to them.
    pub names: ColumnNames,
}

/// Names that the activation ID does not have.
pub(super) struct ColumnNames {
    pub order: Fragment,
    pub day: Fragment,
    pub revenue: Fragment,
    pub quantity: Fragment,
    pub orders: Fragment,
    pub value: Fragment,
}

impl<'a> CardWriter<'a> {
    /// With the members of the segment, or of those that are compared, and all customers.
    pub fn new(
        request: &'a ExportRequest<'a>,
        card: &Card,
        dialect: Dialect,
        dates: DateStyle,
    ) -> Result<Self, Problem> {
        let mut query = QueryWriter::new(request, dialect.implementation(), dates);
        let id = query.request.view.activation_id;
        let mut names = UniqueNames::reserving([id]);
        let mut name = |text: &str| Fragment::from(query.dialect.identifier(&names.allocate(text)));
        let audience = name("audience");
        let names = ColumnNames {
            order: name("order_key"),
            day: name("order_day"),
            revenue: name("revenue"),
            quantity: name("quantity"),
            orders: name("orders"),
            value: name("value"),
        };
        let of_the_whole = |unsupported: Unsupported| unsupported.at(Place::ActivationId);
        query.add_universe().map_err(of_the_whole)?;
        let audiences = match card {
            Card::Compare(segments, _) => compared(&mut query, segments, &audience)?,
            _ => {
                add_purchases(&mut query, &[request.checked])?;
                let members = members(&mut query, request.segment, request.checked)?;
                vec![of(&query, SEGMENT.to_owned(), &members, &audience)]
            }
        };
        let everybody = of(&query, ALL.to_owned(), &query.universe, &audience);
        let body = combined("UNION ALL", audiences.into_iter().chain([everybody]));
        let added = query.with.add("audiences", "Whose figures are wanted", &body);
        let audiences = query.dialect.identifier(&added).into();
        Ok(Self { query, dialect, audiences, audience, names })
    }

    /// The whole query: what returns the figures comes last.
    pub fn finish(&self, title: &str, figures: &Fragment) -> String {
        let head = head(&self.query, title, self.dialect);
        format!("{head}{}\n", self.body(figures))
    }

    /// The same without comments above it.
    pub fn body(&self, figures: &Fragment) -> String {
        let with = self.query.with.layout(&|name| self.query.dialect.identifier(name));
        format!("{with}\n\n{}", figures.layout())
    }

    pub fn id(&self) -> Fragment {
        self.query.id_column()
    }

    /// A common table expression, by the name that stands after FROM.
    pub fn add(&mut self, title: &str, comment: &str, body: impl Into<Fragment>) -> Fragment {
        let name = self.query.with.add(title, comment, &body.into());
        self.query.dialect.identifier(&name).into()
    }

    /// A column of what stands after FROM.
    pub fn column(of: &Fragment, column: &Fragment) -> Fragment {
        sql![of, ".", column]
    }

    /// The audiences joined to another table by id; `kind` is `JOIN` or `LEFT JOIN`.
    pub fn audiences_with(&self, joins: &[(&'static str, &Fragment)]) -> Fragment {
        let id = self.id();
        let joins = joins.iter().map(|(kind, table)| {
            sql![
                Fragment::LineBreak,
                *kind,
                " ",
                *table,
                " ON ",
                *table,
                ".",
                &id,
                " = ",
                &self.audiences,
                ".",
                &id
            ]
        });
        Fragment::Sequence(std::iter::once(self.audiences.clone()).chain(joins).collect())
    }

    /// A row for each audience, in the order of their names.
    pub fn by_audience(&self, figures: Vec<Fragment>, from: Fragment) -> Fragment {
        let columns = std::iter::once(self.audience.clone()).chain(figures).collect();
        let select = Select { group_by: vec![self.audience.clone()], ..Select::new(columns, from) };
        sql![Fragment::from(select), Fragment::LineBreak, "ORDER BY ", &self.audience]
    }

    /// A value where a row is of an audience.
    pub fn where_audience(&self, audience: &'static str, value: &Fragment) -> Fragment {
        sql!["CASE WHEN ", &self.audience, " = ", audience, " THEN ", value, " END"]
    }

    /// One sum or number divided by another, which is NULL where that is 0.
    pub fn ratio(&self, dividend: &Fragment, divisor: &Fragment) -> Fragment {
        let double = self.query.dialect.type_name(crate::segment::DataType::Decimal).unwrap_or("DOUBLE");
        let cast = |value: &Fragment| sql!["CAST(", value, " AS ", double, ")"];
        sql![cast(dividend), " / nullif(", cast(divisor), ", 0)"]
    }
}

/// The ids of one audience.
fn of(query: &QueryWriter, label: String, members: &str, audience: &Fragment) -> Fragment {
    let columns = vec![sql![label, " AS ", audience], query.id_column()];
    Select::new(columns, query.dialect.identifier(members)).into()
}

/// The audiences of segments that are compared: their number and name.
fn compared(
    query: &mut QueryWriter,
    segments: &[Arc<Segment>],
    audience: &Fragment,
) -> Result<Vec<Fragment>, Problem> {
    let request = query.request;
    let mut checked = Vec::with_capacity(segments.len());
    for segment in segments {
        let (of_segment, _) = request
            .backend
            .check_readable(segment, request.as_of, request.task)
            .map_err(|error| Problem::unsupported(Place::Document, error.to_string()))?;
        let errors = |problem: &&Problem| problem.severity == Severity::Error;
        if let Some(problem) = of_segment.problems.iter().find(errors) {
            let message = format!("in {:?}: {}", segment.name, problem.diagnostic.message);
            return Err(problem.clone().with_message(message));
        }
        checked.push(of_segment);
    }
    add_purchases(query, &checked.iter().collect::<Vec<_>>())?;
    let mut audiences = Vec::with_capacity(segments.len());
    for (number, (segment, checked)) in (1..).zip(segments.iter().zip(&checked)) {
        let members = members(query, segment, checked)?;
        let label = query.dialect.string_literal(&format!("{number} {}", segment.name));
        let label = label.map_err(|unsupported| unsupported.at(Place::Document))?;
        audiences.push(of(query, label, &members, audience));
    }
    Ok(audiences)
}

fn add_purchases(query: &mut QueryWriter, segments: &[&CheckedSegment]) -> Result<(), Problem> {
    let mut sides = Vec::new();
    for checked in segments {
        if let CheckedDefinition::Visual { include, exclude } = &checked.meaning {
            sides.extend([include, exclude]);
        }
    }
    query.add_purchases(sides).map_err(|unsupported| unsupported.at(Place::ActivationId))
}

/// The name of the ids of a segment's members.
fn members(query: &mut QueryWriter, segment: &Segment, checked: &CheckedSegment) -> Result<String, Problem> {
    let body = match &checked.meaning {
        CheckedDefinition::Visual { include, exclude } => query.members(segment, include, exclude)?,
        CheckedDefinition::Query(own) => {
            // It is shown as it is: it is the embedded engine's.
            let text = own.text().trim_end().trim_end_matches(';').to_owned();
            let queried = sql![Fragment::from(text).in_parentheses(), " AS queried"];
            let ids = Select::new(vec![query.id_column()], queried);
            combined("INTERSECT", [query.select_ids(&query.universe).into(), ids.into()])
        }
        CheckedDefinition::Unknown => {
            return Err(checked.problems.first().cloned().unwrap_or_else(|| {
                Problem::unsupported(Place::Sql, "it cannot be told whom this segment means")
            }));
        }
    };
    let comment = format!("The members of {:?}", segment.name);
    Ok(query.with.add("members", &comment, &body))
}
