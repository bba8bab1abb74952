//! Explanations of several customers in one table of lines and ids, for people.

use std::io::{self, IsTerminal};

use super::descriptions::Descriptions;
use super::sought::SoughtChange;
use crate::backend::{Evidence, ExplainedCustomer, ExplainedNode, IdStanding, standing_in_words};
use crate::cli::failure::Failure;
use crate::cli::out::Out;
use crate::cli::page;
use crate::cli::sheet::{self, Align};
use crate::segment::NodePath;
use crate::ui::explanation::mark;
use crate::ui::text::{fit, left, sanitize, width};

/// How wide a table may be where nobody says.
const WIDTH: usize = 100;
/// How much of a line is said beside the ids.
const LINE_WIDTH: usize = 48;

/// A table that grows with the answers: of few ids they stand across, of more each has a line.
pub(super) struct Together {
    ids_across: bool,
    id_width: usize,
    has_begun: bool,
}

impl Together {
    pub(super) fn new(ids: &[String], out: &Out) -> Self {
        let wide = ids.iter().map(|id| width(&sanitize(id)) + 2).sum::<usize>();
        let is_terminal = !out.is_json() && io::stdout().is_terminal();
        let size = if is_terminal { crossterm::terminal::size().ok() } else { None };
        let columns = size.map_or(WIDTH, |(columns, _)| usize::from(columns));
        let id_width = ids.iter().map(|id| width(&sanitize(id))).max().unwrap_or_default();
        let ids_across = LINE_WIDTH + wide <= columns;
        Self { ids_across, id_width: id_width.min(LINE_WIDTH).max("ID".len()), has_begun: false }
    }

    /// Writes the answers for some customers.
    pub(super) fn add<'a>(
        &mut self,
        customers: impl Iterator<Item = (&'a ExplainedCustomer, &'a SoughtChange)>,
        descriptions: &Descriptions<'_>,
        out: &Out,
    ) -> Result<(), Failure> {
        let customers: Vec<_> = customers.collect();
        let lines = lines(&customers);
        let own = &descriptions.own;
        let text = |path: &NodePath| own.line(path).map(|line| line.dated()).unwrap_or_default();
        if !self.has_begun {
            self.has_begun = true;
            out.line(&format!("{}\n", page::heading(&own.segment, descriptions.opened)))?;
            if !self.ids_across {
                for (number, path) in lines.iter().enumerate() {
                    let indent = "  ".repeat(path.steps.len());
                    out.line(&format!("{:>4}  {indent}{}", number + 1, sanitize(&text(path))))?;
                }
                out.line(&self.headings(lines.len()))?;
            }
        }
        if self.ids_across {
            let rows = across(&customers, &lines, &text);
            out.line(&sheet::set(&rows, &vec![Align::Left; customers.len() + 1]))?;
            return said_otherwise(&customers, descriptions, out);
        }
        for (customer, change) in customers {
            out.line(&self.line(customer, change, descriptions))?;
        }
        Ok(())
    }

    fn headings(&self, lines: usize) -> String {
        let numbers = (1..=lines).map(|number| format!("{number:>4}")).collect::<String>();
        format!("\n{}  MEMBER{numbers}", left("ID", self.id_width))
    }

    /// One customer on one line.
    fn line(
        &self,
        customer: &ExplainedCustomer,
        change: &SoughtChange,
        descriptions: &Descriptions<'_>,
    ) -> String {
        let id = left(&sanitize(&customer.id), self.id_width);
        if let Some(words) = standing(customer, descriptions) {
            return format!("{id}  {words}");
        }
        let marks = results(customer).into_iter().map(|(_, result)| format!("   {}", mark(result)));
        let member = mark(Some(customer.verdict.is_member));
        format!("{id}  {member}     {}{}", marks.collect::<String>(), days(change))
    }
}

/// On which days the answer is another one, if that was sought.
fn days(change: &SoughtChange) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map_or(page::NONE.to_owned(), |day| day.to_string());
    match change {
        Some(Ok(change)) => format!("   other on {}, {}", day(change.before), day(change.after)),
        Some(Err(reason)) => format!("   {}", sanitize(reason)),
        None => String::new(),
    }
}

fn standing(customer: &ExplainedCustomer, descriptions: &Descriptions<'_>) -> Option<String> {
    let database = &descriptions.opened.database;
    let person = database.words(database.activation_id(&descriptions.own.segment)).singular;
    standing_in_words(&customer.standing, &customer.id, &person).map(|words| sanitize(&words))
}

/// The lines of the segment, from anybody for whom there are some.
fn lines(customers: &[(&ExplainedCustomer, &SoughtChange)]) -> Vec<NodePath> {
    let first = customers.iter().find(|(customer, _)| customer.standing == IdStanding::Customer);
    first
        .map(|(customer, _)| results(customer).into_iter().map(|(path, _)| path).collect())
        .unwrap_or_default()
}

/// What each line comes to, in document order.
fn results(customer: &ExplainedCustomer) -> Vec<(NodePath, Option<bool>)> {
    fn visit(node: &ExplainedNode, found: &mut Vec<(NodePath, Option<bool>)>) {
        if super::text::is_nothing(node) {
            return;
        }
        found.push((node.path.clone(), node.result));
        if let Evidence::Group { of, .. } = &node.evidence {
            of.iter().for_each(|inner| visit(inner, found));
        }
    }
    let mut found = Vec::new();
    customer.verdict.sides.iter().for_each(|side| visit(side, &mut found));
    found
}

/// Ids as columns.
fn across(
    customers: &[(&ExplainedCustomer, &SoughtChange)],
    lines: &[NodePath],
    text: &dyn Fn(&NodePath) -> String,
) -> Vec<Vec<String>> {
    let mut headings = vec![String::new()];
    let mut members = vec!["member".to_owned()];
    for (customer, _) in customers {
        headings.push(customer.id.clone());
        members.push(match customer.standing {
            IdStanding::Customer => mark(Some(customer.verdict.is_member)).to_owned(),
            IdStanding::Orphan { .. } | IdStanding::Unknown { .. } => page::NONE.to_owned(),
        });
    }
    let mut rows = vec![headings, members];
    for path in lines {
        let indent = "  ".repeat(path.steps.len());
        let mut row = vec![fit(&format!("{indent}{}", text(path)), LINE_WIDTH - 2)];
        for (customer, _) in customers {
            let results = results(customer);
            let result = results.iter().find(|(line, _)| line == path);
            row.push(result.map_or(page::NONE, |(_, result)| mark(*result)).to_owned());
        }
        rows.push(row);
    }
    rows
}

/// Below the table: who is no customer, and the days on which answers are others.
fn said_otherwise(
    customers: &[(&ExplainedCustomer, &SoughtChange)],
    descriptions: &Descriptions<'_>,
    out: &Out,
) -> Result<(), Failure> {
    let mut said = Vec::new();
    for (customer, change) in customers {
        said.extend(standing(customer, descriptions));
        let days = days(change);
        if !days.is_empty() {
            said.push(format!("{}: {}", sanitize(&customer.id), days.trim_start()));
        }
    }
    if said.is_empty() { Ok(()) } else { out.line(&format!("\n{}", said.join("\n"))) }
}
