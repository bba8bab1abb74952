//! `segtui explain`: why customers are in a segment, or are not.

mod as_json;
mod descriptions;
mod sought;
mod text;
mod together;

use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

use super::common::Common;
use super::failure::Failure;
use super::out::Out;
use super::session::{Opened, Session};
use crate::backend::{
    BackendError, Explain, ExplainedCustomer, Explanation, FindChange, IdStanding, MOST_WITH_ROWS,
};
use crate::case::is_case;
use crate::segment::Segment;
use crate::ui::text::sanitize;
use descriptions::Descriptions;
use sought::{SoughtChange, errors};
use together::Together;

/// Of how many ids at most the days are sought on which the answer is another one, unless that is asked for.
const MOST_CHANGES: usize = 20;
/// Of how many ids at most JSON has the rows that decided: reading those of thousands takes minutes.
const MOST_OF_ROWS: usize = 100;
/// How many ids are explained at a time where rows are not said: the first answers need not wait for the last.
const AT_ONCE: usize = 500;

/// Whom to explain, in which segment.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV); or a case, without ids
    #[arg(value_name = "SEGMENT")]
    segment: String,
    /// Ids of customers as they stand in the data; - reads them from standard input, one a line
    #[arg(value_name = "ID", allow_negative_numbers = true)]
    ids: Vec<String>,
    /// Of more than 20 ids too, seek the days on which the answer is another one
    #[arg(long)]
    changes: bool,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let named = Path::new(&args.segment);
    if args.ids.is_empty() {
        return match is_case(named) {
            true => explain_case(args, session, out),
            false => Err(nobody_named(named)),
        };
    }
    let ids = ids(&args.ids)?;
    let opened = session.open()?;
    let segment = Arc::new(session.finder().find(&args.segment)?);
    opened.note_circumstances(&segment, out);
    explain((&segment, &ids), args.changes, &opened, out, &|_| None)
}

/// Without ids it can only be a case.
fn nobody_named(named: &Path) -> Failure {
    let is_file = named
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("zip") || ending.eq_ignore_ascii_case("json"));
    if is_file && !named.exists() {
        let failure = Failure::data(format!("there is no file {}", named.display()));
        return failure.help("check the path; segtui case makes FILE.zip");
    }
    let failure = Failure::usage("whom to explain is not said");
    failure.help("name ids of customers behind the segment, or a case alone")
}

/// Prints the answers for these ids. Of an answer of a case `differs` says in what it is another one than when the case
/// was made.
fn explain(
    (segment, ids): (&Arc<Segment>, &[String]),
    changes: bool,
    opened: &Opened,
    out: &mut Out,
    differs: &dyn Fn(&str) -> Option<Vec<String>>,
) -> Result<(), Failure> {
    let descriptions = Descriptions::new(segment, opened);
    let is_one = ids.len() == 1;
    // In a table of many they would have no place.
    let seeks = changes || (ids.len() <= MOST_CHANGES && (is_one || out.is_json()));
    let mut together = Together::new(ids, out);
    let at_once = if out.is_json() && ids.len() <= MOST_OF_ROWS { MOST_WITH_ROWS } else { AT_ONCE };
    for (at, some) in ids.chunks(at_once).enumerate() {
        let question = Explain { segment: Arc::clone(segment), as_of: opened.as_of, ids: some.to_vec() };
        let explanation = opened.backend.explain(&question, opened.task())?;
        if at == 0 {
            report_problems(&explanation, out);
        }
        let change = |customer: &ExplainedCustomer| match seeks {
            true => find_change(customer, segment, opened),
            false => Ok(None),
        };
        let changes = explanation.customers.iter().map(change).collect::<Result<Vec<_>, Failure>>()?;
        let customers = explanation.customers.iter().zip(&changes);
        if out.is_json() {
            for (customer, change) in customers {
                let mut answer = as_json::answer(customer, change, &explanation, &descriptions);
                if let (Some(differences), Some(answer)) = (differs(&customer.id), answer.as_object_mut()) {
                    answer.insert("same".to_owned(), differences.is_empty().into());
                    answer.insert("differences".to_owned(), differences.into());
                }
                out.json(&answer)?;
            }
        } else if is_one {
            for (customer, change) in customers {
                out.line(&text::answer(customer, change, &descriptions))?;
            }
        } else {
            together.add(customers, &descriptions, out)?;
        }
    }
    Ok(())
}

/// Answers a case again, and says whether the answer is the one that it was sent with.
fn explain_case(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    if session.common.as_of.is_some() {
        let failure = Failure::usage("a case is answered again as of its own day");
        return Err(failure.help("leave --as-of out, or explain a segment of it with --data"));
    }
    let file = Path::new(&args.segment);
    let common = Common { data: Some(file.to_owned()), ..session.common.clone() };
    let session = Session::new(common, session.stop.clone())?;
    let opened = session.open()?;
    let Some(case) = &session.case else {
        return Err(Failure::usage(format!("{} is no case", file.display())));
    };
    let document = &case.document;
    let segment = Arc::new(session.finder().find(&document.segment.id)?);
    let differences = case.differences(&*opened.backend, Arc::clone(&segment), opened.task())?;
    let differs = |id: &str| {
        let of_ids = document.ids.iter().zip(&differences);
        of_ids.into_iter().find(|(of, _)| *of == id).map(|(_, differences)| differences.clone())
    };
    explain((&segment, &document.ids), args.changes, &opened, out, &differs)?;
    let all: Vec<&String> = differences.iter().flatten().collect();
    if !all.is_empty() {
        out.fail();
    }
    if out.is_json() {
        return Ok(());
    }
    let (answer, is) = if document.ids.len() == 1 { ("answer", "is") } else { ("answers", "are") };
    let made = format!("when the case was made, by segtui {}", sanitize(&document.segtui));
    if all.is_empty() {
        return out.line(&format!("\nThe {answer} {is} the same as {made}."));
    }
    out.line(&format!("\nThe {answer} {is} not the same as {made}:"))?;
    all.into_iter().try_for_each(|difference| out.line(&format!("  {}", sanitize(difference))))
}

/// The ids that the command line names, in order; `-` stands for those on standard input.
fn ids(named: &[String]) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::new();
    for name in named {
        if name == "-" {
            ids.extend(ids_of(&mut io::stdin().lock())?);
        } else {
            ids.push(name.clone());
        }
    }
    let none = || Failure::usage("standard input names no id").help("write one a line");
    if ids.is_empty() { Err(none()) } else { Ok(ids) }
}

/// One a line, with the blanks that are part of it.
fn ids_of(from: &mut dyn BufRead) -> Result<Vec<String>, Failure> {
    let unreadable = |error: io::Error| {
        Failure::usage(format!("{}: the ids on standard input", crate::file_system::reason(&error)))
            .help("write them in UTF-8, one a line")
    };
    let lines = from.lines().collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    Ok(lines.into_iter().filter(|line| !line.is_empty()).collect())
}

/// Lines with an error are no part of the explanation; that they are wrong is said.
fn report_problems(explanation: &Explanation, out: &mut Out) {
    for problem in errors(explanation) {
        out.fail();
        let diagnostic = &problem.diagnostic;
        let help = diagnostic.help.as_ref().map(|help| format!("\n  {help}")).unwrap_or_default();
        out.note(&format!("{}: left out: {}{help}", diagnostic.place, diagnostic.message));
    }
}

fn find_change(
    customer: &ExplainedCustomer,
    segment: &Arc<Segment>,
    opened: &Opened,
) -> Result<SoughtChange, Failure> {
    if customer.standing != IdStanding::Customer {
        return Ok(None);
    }
    let question = FindChange { segment: Arc::clone(segment), as_of: opened.as_of, id: customer.id.clone() };
    match opened.backend.find_change(&question, opened.task()) {
        Ok(change) => Ok(Some(Ok(change))),
        // The explanation stands without it.
        Err(error @ (BackendError::Refused(_) | BackendError::Missing(_))) => {
            Ok(Some(Err(error.to_string())))
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_stand() {
        let read = |mut text: &[u8]| ids_of(&mut text);
        assert_eq!(read(b"a\r\n b \n\n\"q\"\x0bx").unwrap(), ["a", " b ", "\"q\"\u{b}x"]);
        assert!(read(b"a\n\xff\n").unwrap_err().diagnostic.message.contains("standard input"));
        assert_eq!(read(b"").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn named_ids_stand_for_themselves() {
        let named = ["-5", " x", "it's"].map(str::to_owned);
        assert_eq!(ids(&named).unwrap(), named);
    }
}
