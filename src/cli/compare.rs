//! `segtui compare`: segments side by side, and what they share.

use std::sync::Arc;

use serde_json::{Value, json};

use super::failure::Failure;
use super::out::Out;
use super::page::{self, Cells, NONE, Range};
use super::session::{Finder, Opened, Session, named};
use super::sheet::{self, Align};
use crate::backend::{Compare, ComparedFigures, Comparison, WrongConditions};
use crate::segment::{Number, Segment};
use crate::ui::text::sanitize;

/// How many segments stand side by side at most.
const MOST_SEGMENTS: usize = 5;

/// Which segments, against whom, and of which days.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Up to five: a path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT", required = true)]
    segments: Vec<String>,
    /// The one of them that the others are compared with [default: all customers]
    #[arg(long, value_name = "SEGMENT")]
    baseline: Option<String>,
    #[command(flatten)]
    range: Range,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    if args.segments.len() > MOST_SEGMENTS {
        let failure = Failure::usage(format!("{} segments are more than five", args.segments.len()));
        return Err(failure.help("compare five at a time"));
    }
    let opened = session.open()?;
    let range = args.range.days(opened.as_of)?;
    let mut finder = session.finder();
    let segments = args.segments.iter().map(|reference| finder.find(reference).map(Arc::new));
    let segments = segments.collect::<Result<Vec<_>, Failure>>()?;
    let baseline = baseline(args, &segments, &mut finder)?;
    segments.iter().for_each(|segment| opened.note_circumstances(segment, out));
    let question = Compare { segments, range, as_of: opened.as_of, wrong: WrongConditions::Refuse };
    let comparison = opened.backend.compare(&question, opened.task())?;
    if out.is_json() {
        out.json(&as_json(&question.segments, &comparison, baseline))?;
    } else {
        let page = Page { segments: &question.segments, comparison: &comparison, opened: &opened };
        out.line(&page.text(baseline))?;
    }
    if comparison.columns.iter().all(|column| column.active_customers.is_none()) {
        let id = &comparison.activation_id;
        out.note(&format!(
            "not available: figures of orders: no table of orders, or of items, has {id:?} and days\n  \
             name one as orders or items under [roles] in database.toml"
        ));
    }
    Ok(())
}

/// The position of the segment that the others are compared with.
fn baseline(args: &Args, segments: &[Arc<Segment>], finder: &mut Finder) -> Result<Option<usize>, Failure> {
    let Some(wanted) = &args.baseline else { return Ok(None) };
    if let Some(position) = args.segments.iter().position(|reference| reference == wanted) {
        return Ok(Some(position));
    }
    let named = finder.find(wanted)?;
    let position = segments.iter().position(|segment| **segment == named);
    let message = format!("the baseline {wanted:?} is none of the segments that are compared");
    position.map(Some).ok_or_else(|| Failure::usage(message).help("name it among the segments, too"))
}

fn as_json(segments: &[Arc<Segment>], comparison: &Comparison, baseline: Option<usize>) -> Value {
    let columns = comparison.columns.iter().enumerate().map(|(position, figures)| {
        let segment = segments.get(position).map(|segment| named(segment));
        json!({
            "segment": segment,
            "unique_customers": figures.unique_customers,
            "active_customers": figures.active_customers,
            "revenue": page::money_json(figures.revenue),
            "revenue_per_customer": page::number_json(figures.revenue_per_customer),
            "orders_per_customer": page::number_json(figures.orders_per_customer),
            "units_per_order": page::number_json(figures.units_per_order),
            "average_order_value": page::number_json(figures.average_order_value),
        })
    });
    let pairs = comparison.pairs.iter().map(|(of, count)| json!({"of": of, "unique_customers": count}));
    let regions = comparison
        .regions
        .iter()
        .map(|region| json!({"in": region.within, "unique_customers": region.unique_customers}));
    let mut answer = page::head(None, comparison.as_of, &comparison.activation_id);
    answer.extend(page::range_fields(comparison.range));
    answer.extend(page::fields([
        ("baseline", baseline.into()),
        ("columns", columns.collect()),
        ("pairs", pairs.collect()),
        ("regions", regions.collect()),
    ]));
    Value::Object(answer)
}

/// The comparison for people.
struct Page<'a> {
    segments: &'a [Arc<Segment>],
    comparison: &'a Comparison,
    opened: &'a Opened,
}

/// A figure as it is written, and as a number to be compared.
type Figure = (String, Option<Number>);

/// The first of the seven figures, of which those of a segment are a part of those of all.
const PARTS: usize = 3;

/// `2.7% of all`
fn share_of_all(number: Number, all: Number) -> String {
    let (number, all) = (number.as_f64(), all.as_f64());
    if all == 0.0 { NONE.to_owned() } else { format!("{:.1}% of all", number * 100.0 / all) }
}

impl Page<'_> {
    fn text(&self, baseline: Option<usize>) -> String {
        let database = sanitize(&self.opened.database.name);
        let range = page::range_words(self.comparison.range);
        let mut parts = vec![format!("{database}, {}\n{range}", self.opened.days())];
        parts.push(self.figures(baseline));
        parts.extend(self.pairs());
        parts.push(self.regions());
        parts.join("\n\n")
    }

    fn name(&self, position: usize) -> String {
        let people = || self.opened.database.words(&self.comparison.activation_id).plural;
        self.segments
            .get(position)
            .map_or_else(|| format!("all {}", people()), |segment| segment.name.clone())
    }

    /// Each column with how far it is from the baseline, which itself has no such.
    fn figures(&self, baseline: Option<usize>) -> String {
        let columns = &self.comparison.columns;
        let baseline = baseline.unwrap_or(self.segments.len());
        // Beside all, how many and how much are a part of theirs; averages differ from theirs.
        let parts = if baseline == self.segments.len() { PARTS } else { 0 };
        let figures: Vec<[Figure; 7]> = columns.iter().map(|column| self.seven(column)).collect();
        let people = self.opened.database.words(&self.comparison.activation_id);
        let titles = [
            format!("Unique {}", people.plural),
            format!("Active {}", people.plural),
            "Revenue".to_owned(),
            format!("Revenue per {}", people.singular),
            format!("Orders per {}", people.singular),
            "Units per order".to_owned(),
            "Average order value".to_owned(),
        ];
        let mut headings = vec![String::new()];
        let mut align = vec![Align::Left];
        for position in 0..columns.len() {
            headings.push(self.name(position));
            align.push(Align::Right);
            if position != baseline {
                headings.push(String::new());
                align.push(Align::Right);
            }
        }
        let mut rows = vec![headings];
        let cells = Cells { currency: &self.opened.database.currency };
        for (at, title) in titles.into_iter().enumerate() {
            let of = |position: usize| figures.get(position).and_then(|column| column.get(at));
            let base = of(baseline).and_then(|(_, number)| *number);
            let mut row = vec![title];
            for position in 0..columns.len() {
                let Some((text, number)) = of(position) else { continue };
                row.push(text.clone());
                if position != baseline {
                    row.push(match (at < parts, *number, base) {
                        (true, Some(number), Some(base)) => share_of_all(number, base),
                        _ => cells.delta(*number, base),
                    });
                }
            }
            rows.push(row);
        }
        format!("{}\nCompared with {}.", sheet::set(&rows, &align), sanitize(&self.name(baseline)))
    }

    fn seven(&self, of: &ComparedFigures) -> [Figure; 7] {
        let cells = Cells { currency: &self.opened.database.currency };
        let whole = |count: u64| i64::try_from(count).ok().map(Number::Integer);
        let average = |number| (cells.average(number), number);
        let money = |number| (cells.average_money(number), number);
        // A delta is rounded for people anyway.
        let revenue = of.revenue.map(|revenue| Number::Decimal(revenue.as_f64()));
        [
            (cells.count(Some(of.unique_customers)), whole(of.unique_customers)),
            (cells.count(of.active_customers), of.active_customers.and_then(whole)),
            (cells.money(of.revenue), revenue),
            money(of.revenue_per_customer),
            average(of.orders_per_customer),
            average(of.units_per_order),
            money(of.average_order_value),
        ]
    }

    fn names(&self, positions: &[usize]) -> String {
        let names: Vec<String> = positions.iter().map(|position| self.name(*position)).collect();
        names.join(" & ")
    }

    fn pairs(&self) -> Option<String> {
        let cells = Cells { currency: &self.opened.database.currency };
        let mut rows = vec![["UNIQUE", "IN BOTH"].map(str::to_owned).to_vec()];
        let pairs = &self.comparison.pairs;
        rows.extend(pairs.iter().map(|(of, count)| vec![cells.count(Some(*count)), self.names(of)]));
        (!pairs.is_empty()).then(|| sheet::set(&rows, &[Align::Right, Align::Left]))
    }

    fn regions(&self) -> String {
        let cells = Cells { currency: &self.opened.database.currency };
        let headings = ["UNIQUE", "ACTIVE", "REVENUE", "IN EXACTLY"];
        let mut rows = vec![headings.map(str::to_owned).to_vec()];
        for region in &self.comparison.regions {
            let names = if region.within.is_empty() { NONE.to_owned() } else { self.names(&region.within) };
            rows.push(vec![
                cells.count(Some(region.unique_customers)),
                cells.count(region.active_customers),
                cells.money(region.revenue),
                names,
            ]);
        }
        sheet::set(&rows, &[Align::Right, Align::Right, Align::Right, Align::Left])
    }
}
