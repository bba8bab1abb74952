//! `segtui trend`: a segment over time.

use std::sync::Arc;

use serde_json::Value;

use super::failure::Failure;
use super::insights;
use super::out::Out;
use super::page;
use super::session::{Opened, Session};
use super::sheet::{self, Align};
use crate::backend::{FollowTrend, Trend, TrendStep, WrongConditions};
use crate::segment::Segment;

/// Which segment, and how far the days are apart.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT")]
    segment: String,
    /// Whose last days are taken, twelve of them and then the day of evaluation
    #[arg(long, value_enum, default_value_t = Every::Month)]
    every: Every,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Every {
    Day,
    Week,
    Month,
    Quarter,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let opened = session.open()?;
    let segment = Arc::new(session.finder().find(&args.segment)?);
    opened.note_circumstances(&segment, out);
    let step = match args.every {
        Every::Day => TrendStep::Day,
        Every::Week => TrendStep::Week,
        Every::Month => TrendStep::Month,
        Every::Quarter => TrendStep::Quarter,
    };
    let (as_of, wrong) = (opened.as_of, WrongConditions::Refuse);
    let question = FollowTrend { segment: Arc::clone(&segment), step, as_of, wrong };
    let trend = opened.backend.follow_trend(&question, opened.task())?;
    if out.is_json() {
        return out.json(&as_json(&segment, &trend, &opened));
    }
    out.line(&table(&segment, &trend, &opened))
}

fn as_json(segment: &Segment, trend: &Trend, opened: &Opened) -> Value {
    let points = trend.points.iter().map(|(day, insights)| {
        let mut point = page::fields([("as_of", day.to_string().into())]);
        point.extend(page::fields(insights::as_json(insights)));
        Value::Object(point)
    });
    let mut answer = page::head(Some(segment), opened.as_of, &trend.activation_id);
    answer.insert("points".to_owned(), points.collect());
    Value::Object(answer)
}

fn table(segment: &Segment, trend: &Trend, opened: &Opened) -> String {
    let headings = ["AS OF", "UNIQUE", "ACTIVE 1Y", "REVENUE 1Y", "REACHABLE"].map(str::to_owned);
    let mut rows = vec![headings.to_vec()];
    for (day, insights) in &trend.points {
        let cells = insights::cells(insights, opened);
        rows.push([day.to_string()].into_iter().chain(cells).collect());
    }
    let right = Align::Right;
    let sheet = sheet::set(&rows, &[Align::Left, right, right, right, right]);
    let remark = "Attributes are what the tables say today, whatever the day.";
    format!("{}\n\n{sheet}\n\n{remark}", page::heading(segment, opened))
}
