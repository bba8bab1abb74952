//! A segment of conditions: common table expressions, and the members.

use super::writer::QueryWriter;
use crate::segment::{CheckedGroup, Place, Problem};
use crate::sql::dialect::Dialect;
use crate::sql::layout::{Fragment, Select, comment};
use crate::sql::request::{DateStyle, ExportRequest};
use crate::sql::unsupported::Unsupported;

pub(crate) fn write_visual(
    request: &ExportRequest,
    dialect: Dialect,
    dates: DateStyle,
    include: &CheckedGroup,
    exclude: &CheckedGroup,
) -> Result<String, Problem> {
    let mut writer = QueryWriter::new(request, dialect.implementation(), dates);
    let of_the_whole = |unsupported: Unsupported| unsupported.at(Place::ActivationId);
    writer.add_universe().map_err(of_the_whole)?;
    writer.add_purchases([include, exclude]).map_err(of_the_whole)?;
    let members = writer.members(request.segment, include, exclude)?;
    let members = writer.with.add("members", "Include, without exclude", &members);
    let last = Fragment::from(Select { distinct: true, ..writer.select_ids(&members) });
    let head = head(&writer, &request.segment.name, dialect);
    let with = writer.with.layout(&|name| writer.dialect.identifier(name));
    Ok(format!("{head}{with}\n\n{}\n", last.layout()))
}

/// What a person should know before running it.
pub(crate) fn head(writer: &QueryWriter, title: &str, dialect: Dialect) -> String {
    let (request, implementation) = (writer.request, writer.dialect);
    let name = comment(title);
    if dialect == Dialect::Embedded {
        return format!("{name}{}", comment("Converted from conditions"));
    }
    let day = match writer.dates {
        DateStyle::Resolved => format!("as of {}", request.as_of),
        DateStyle::Relative => format!("as of {}, which is to be in UTC", implementation.today()),
    };
    let database = &request.view.database.name;
    let lines = [
        format!("For {} and the database {database}, {day}", implementation.title()),
        format!("Columns of {}", implementation.column_types()),
    ];
    let lines = lines.iter().map(String::as_str).chain(writer.with.remarks().iter().copied());
    std::iter::once(name).chain(lines.map(comment)).collect()
}
