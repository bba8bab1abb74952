//! A segment over time: its insights at each of some days.

use chrono::NaiveDate;

use super::audiences::{CardWriter, SEGMENT};
use super::card::Card;
use crate::segment::{Place, Problem};
use crate::sql::dialect::Dialect;
use crate::sql::layout::comment;
use crate::sql::request::{DateStyle, ExportRequest};

/// The insights of each day, each in a query of its own, under one another.
pub(super) fn write(
    request: &ExportRequest,
    days: &[NaiveDate],
    dialect: Dialect,
    dates: DateStyle,
) -> Result<String, Problem> {
    if dates == DateStyle::Relative {
        let message = "a trend is of several days, which have to be said";
        return Err(
            Problem::unsupported(Place::Document, message).with_help("show dates as the days they mean")
        );
    }
    let mut queries = Vec::with_capacity(days.len());
    for &as_of in days {
        let (checked, _) = request.backend.check(request.segment, as_of);
        let of_day = ExportRequest { checked: &checked, as_of, ..*request };
        let mut writer = CardWriter::new(&of_day, &Card::Insights, dialect, dates)?;
        let figures = writer.figures(&Card::Insights)?;
        let body = writer.body(&figures);
        let day = dialect.implementation().date_literal(as_of).layout();
        let audience = writer.audience.layout();
        queries.push(format!(
            "SELECT {day} AS as_of, figures.*\nFROM (\n{body}\n) AS figures\nWHERE figures.{audience} = {SEGMENT}"
        ));
    }
    let head =
        comment(&format!("{}, over time; attributes are what the tables say today", request.segment.name));
    Ok(format!("{head}{}\nORDER BY 1\n", queries.join("\nUNION ALL\n")))
}
