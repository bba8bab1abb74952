//! `segtui breakdown`: who of a segment has bought, by the values of attributes.

use std::sync::Arc;

use serde_json::{Value, json};

use super::failure::Failure;
use super::members::columns;
use super::out::Out;
use super::page::{self, Cells, Gaps, Range};
use super::session::{Opened, Session};
use super::sheet::{self, Align};
use crate::backend::{
    AttributeBreakdown, BreakDown, Breakdown, ColumnName, MOST_ATTRIBUTES, Purchases, SegmentAndAll,
    WrongConditions,
};
use crate::segment::{Schema, Segment};

/// Which segment, by what, and of which days.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT")]
    segment: String,
    /// Attributes, at most six [default: lifecycle status, value tier, state, city, channel, loyalty tier]
    #[arg(long, value_name = "TABLE.COLUMN", value_delimiter = ',', num_args = 1..)]
    by: Vec<String>,
    #[command(flatten)]
    range: Range,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    if args.by.len() > MOST_ATTRIBUTES {
        let failure = Failure::usage(format!("--by has {} attributes, more than six", args.by.len()));
        return Err(failure.help("ask for six at a time"));
    }
    let opened = session.open()?;
    let range = args.range.days(opened.as_of)?;
    let segment = Arc::new(session.finder().find(&args.segment)?);
    opened.note_circumstances(&segment, out);
    let question = BreakDown {
        segment: Arc::clone(&segment),
        attributes: attributes(&args.by, &segment, &opened)?,
        range,
        as_of: opened.as_of,
        wrong: WrongConditions::Refuse,
    };
    let breakdown = opened.backend.break_down(&question, opened.task())?;
    let mut gaps = Gaps::default();
    if out.is_json() {
        out.json(&as_json(&segment, &breakdown, &mut gaps))?;
    } else {
        out.line(&tables(&segment, &breakdown, &opened, &mut gaps))?;
    }
    gaps.note(out);
    Ok(())
}

/// Those that are asked for, else those by which most people look first.
fn attributes(by: &[String], segment: &Segment, opened: &Opened) -> Result<Vec<ColumnName>, Failure> {
    let id = opened.database.activation_id(segment);
    if by.is_empty() {
        let usual = opened.database.usual_attributes(id).into_iter();
        return Ok(usual.map(|(table, column)| ColumnName { table, column }).collect());
    }
    let mut attributes = Vec::new();
    for text in by {
        let (table, column) = columns::column(text, opened.with_workspace())?;
        let attribute = ColumnName { table: table.name.clone(), column: column.to_owned() };
        if attributes.contains(&attribute) {
            return Err(Failure::usage(format!("{text} is asked for twice")).help("name it once"));
        }
        attributes.push(attribute);
    }
    Ok(attributes)
}

fn as_json(segment: &Segment, breakdown: &Breakdown, gaps: &mut Gaps) -> Value {
    let mut attributes = Vec::new();
    for (name, available) in &breakdown.attributes {
        let found = gaps.open(&format!("{}.{}", name.table, name.column), available);
        let mut attribute = page::fields([
            ("table", name.table.as_str().into()),
            ("column", name.column.as_str().into()),
            ("values", found.map(values_json).into()),
        ]);
        page::add_left_out(&mut attribute, found.map_or(0, |found| found.values.left_out));
        let total = found.map(|found| found.total);
        let total = |which: fn(SegmentAndAll<Purchases>) -> Purchases| purchases_json(total.map(which));
        attribute.insert("total".to_owned(), page::both(total(|of| of.segment), total(|of| of.all)));
        attributes.push(Value::Object(attribute));
    }
    let mut answer = page::head(Some(segment), breakdown.as_of, &breakdown.activation_id);
    answer.extend(page::range_fields(breakdown.range));
    answer.insert("attributes".to_owned(), attributes.into());
    Value::Object(answer)
}

fn values_json(found: &AttributeBreakdown) -> Value {
    let lines = found.values.values.iter().map(|(value, purchases)| {
        let mut line = page::value_fields(value, true);
        let [own, all] = [purchases.segment, purchases.all].map(|of| purchases_json(Some(of)));
        line.extend(page::fields([("segment", own), ("all", all)]));
        Value::Object(line)
    });
    lines.collect()
}

fn purchases_json(of: Option<Purchases>) -> Value {
    let revenue = page::money_json(of.and_then(|of| of.revenue));
    json!({"purchasers": of.map(|of| of.purchasers), "revenue": revenue})
}

fn tables(segment: &Segment, breakdown: &Breakdown, opened: &Opened, gaps: &mut Gaps) -> String {
    let cells = Cells { currency: &opened.database.currency };
    let mut text = format!("{}\n{}", page::heading(segment, opened), page::range_words(breakdown.range));
    for (name, available) in &breakdown.attributes {
        let title = format!("{}.{}", name.table, name.column);
        let Some(found) = gaps.open(&title, available) else { continue };
        let label = opened.view(segment).column_label(&name.table, &name.column).to_uppercase();
        text.push_str(&format!("\n\n{}", table(&label, found, &cells)));
        if let Some(more) = page::left_out_words(found.values.left_out) {
            text.push_str(&format!("\n{more}"));
        }
    }
    text
}

fn table(label: &str, found: &AttributeBreakdown, cells: &Cells<'_>) -> String {
    let headings = [label, "PURCHASERS", "%", "ALL", "%", "REVENUE", "%", "ALL", "%"];
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    let values = found.values.values.iter().map(|(value, of)| (page::value_words(value), of));
    for (value, purchases) in values.chain([("(total)".to_owned(), &found.total)]) {
        let sides = [(purchases.segment, found.total.segment), (purchases.all, found.total.all)];
        let mut row = vec![value];
        for (of, total) in &sides {
            row.push(cells.count(Some(of.purchasers)));
            row.push(cells.share(Some(of.purchasers), Some(total.purchasers)));
        }
        for (of, total) in &sides {
            row.push(cells.money(of.revenue));
            row.push(cells.money_share(of.revenue, total.revenue));
        }
        rows.push(row);
    }
    let align: Vec<Align> =
        (0..headings.len()).map(|column| if column == 0 { Align::Left } else { Align::Right }).collect();
    sheet::set(&rows, &align)
}
