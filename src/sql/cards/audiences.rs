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
    /// The names of the audiences, for those of nobody have a row, too.
    labels: Fragment,
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
        let members = match card {
            Card::Compare(segments, _) => compared(&mut query, segments)?,
            _ => {
                add_purchases(&mut query, &[request.checked])?;
                let members = members(&mut query, request.segment, request.checked)?;
                vec![(SEGMENT.to_owned(), members)]
            }
        };
        let everybody = (ALL.to_owned(), query.universe.clone());
        let members: Vec<(String, String)> = members.into_iter().chain([everybody]).collect();
        let label = |label: &String| sql!["SELECT ", label, " AS ", &audience];
        let labels = combined("UNION ALL", members.iter().map(|(name, _)| label(name)));
        let ids = |label: &String, members: &str| {
            let columns = vec![sql![label, " AS ", &audience], query.id_column()];
            Fragment::from(Select::new(columns, query.dialect.identifier(members)))
        };
        let audiences = combined("UNION ALL", members.iter().map(|(label, members)| ids(label, members)));
        let audiences = query.with.add("audiences", "The customers of each of them", &audiences);
        let labels = query.with.add("labels", "Whose figures are wanted", &labels);
        let [labels, audiences] = [labels, audiences].map(|name| query.dialect.identifier(&name).into());
        Ok(Self { query, dialect, labels, audiences, audience, names })
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

    /// The audiences joined to other tables by id.
    pub fn audiences_with(&self, joined: &[&Fragment]) -> Fragment {
        let joins: Vec<_> = joined.iter().map(|table| ("JOIN", *table)).collect();
        sql![&self.audiences, self.joins(&joins)]
    }

    /// Tables joined to the audiences by id.
    fn joins(&self, joins: &[(&'static str, &Fragment)]) -> Fragment {
        let id = self.id();
        let joins = joins.iter().map(|(kind, table)| {
            let on = sql![Self::column(table, &id), " = ", Self::column(&self.audiences, &id)];
            sql![Fragment::LineBreak, *kind, " ", *table, " ON ", on]
        });
        Fragment::Sequence(joins.collect())
    }

    /// A row for each audience, in the order of their names.
    pub fn by_audience(&self, figures: Vec<Fragment>, joined: &[&Fragment]) -> Fragment {
        let label = Self::column(&self.labels, &self.audience);
        let columns = std::iter::once(sql![&label, " AS ", &self.audience]).chain(figures).collect();
        let on = sql![Self::column(&self.audiences, &self.audience), " = ", &label];
        let joins: Vec<_> = joined.iter().map(|table| ("LEFT JOIN", *table)).collect();
        let audiences = sql!["LEFT JOIN ", &self.audiences, " ON ", on];
        let from = sql![&self.labels, Fragment::LineBreak, audiences, self.joins(&joins)];
        let select = Select { group_by: vec![label.clone()], ..Select::new(columns, from) };
        sql![Fragment::from(select), Fragment::LineBreak, "ORDER BY ", label]
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

/// The audiences of segments that are compared: number and name, and the name of their members.
fn compared(query: &mut QueryWriter, segments: &[Arc<Segment>]) -> Result<Vec<(String, String)>, Problem> {
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
        audiences.push((label, members));
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
