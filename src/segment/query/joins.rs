//! Joins that the embedded engine makes as SQL means them.

use sqlparser::ast::{
    BinaryOperator, Expr, Join, JoinConstraint, JoinOperator, Select, Spanned, TableFactor, TableWithJoins,
};

use super::error::{QueryError, position};
use super::functions::contents;
use crate::segment::place::TextPosition;

/// Refuses joins that would come out otherwise than they are meant.
pub fn check(select: &Select) -> Result<(), QueryError> {
    if let [_, second, ..] = select.from.as_slice() {
        let message = "tables are not joined by commas here";
        return Err(QueryError::new(start_of(&second.relation), message, "write JOIN … ON …, or CROSS JOIN"));
    }
    let names: Vec<&str> = select.from.iter().flat_map(factors).filter_map(name).collect();
    for (index, twice) in names.iter().enumerate() {
        if names.iter().take(index).any(|earlier| earlier == twice) {
            let factor =
                select.from.iter().flat_map(factors).filter(|factor| name(factor) == Some(twice)).nth(1);
            let message = format!("two tables are called {twice:?} here");
            return Err(QueryError::new(
                factor.and_then(start_of),
                message,
                "give each a name of its own: … AS a",
            ));
        }
    }
    select.from.iter().try_for_each(|from| {
        let first = name(&from.relation);
        from.joins.iter().enumerate().try_for_each(|(index, join)| of(join, first.filter(|_| index > 0)))
    })
}

/// The tables and queries of a FROM.
pub(crate) fn factors(from: &TableWithJoins) -> impl Iterator<Item = &TableFactor> {
    std::iter::once(&from.relation).chain(from.joins.iter().map(|join| &join.relation))
}

/// What a table or query is called in its SELECT.
pub fn name(factor: &TableFactor) -> Option<&str> {
    let (name, alias) = match factor {
        TableFactor::Table { name, alias, .. } => (name.0.last().and_then(|part| part.as_ident()), alias),
        TableFactor::Derived { alias, .. } => (None, alias),
        _ => (None, &None),
    };
    alias.as_ref().map(|alias| &alias.name).or(name).map(|name| name.value.as_str())
}

/// Where a table or query of a FROM stands.
pub(crate) fn start_of(factor: &TableFactor) -> Option<TextPosition> {
    position(factor.span().start)
}

/// `first` is the first table of a chain of joins, of which this is not the first one.
fn of(join: &Join, first: Option<&str>) -> Result<(), QueryError> {
    use JoinOperator as J;
    let (constraint, is_outer_right) = match &join.join_operator {
        J::Join(constraint)
        | J::Inner(constraint)
        | J::Left(constraint)
        | J::LeftOuter(constraint)
        | J::CrossJoin(constraint)
        | J::Semi(constraint)
        | J::LeftSemi(constraint)
        | J::Anti(constraint)
        | J::LeftAnti(constraint) => (constraint, false),
        J::Right(constraint) | J::RightOuter(constraint) | J::FullOuter(constraint) => (constraint, true),
        _ => {
            let message = "this kind of join is not known here";
            return Err(QueryError::new(start_of(&join.relation), message, "write JOIN or LEFT JOIN"));
        }
    };
    match constraint {
        JoinConstraint::On(condition) => on(condition, name(&join.relation), first),
        JoinConstraint::Using(columns) if is_outer_right => {
            let at = columns.first().and_then(|column| position(column.span().start));
            let message =
                "RIGHT and FULL JOIN with USING would leave the column empty where the left table has no row";
            Err(QueryError::new(at, message, "write ON, and COALESCE of both columns"))
        }
        JoinConstraint::Natural => {
            let message = "NATURAL JOIN is not known here";
            Err(QueryError::new(start_of(&join.relation), message, "write JOIN … ON …"))
        }
        JoinConstraint::None if !matches!(join.join_operator, J::CrossJoin(_)) => {
            let message = "the join has no ON";
            Err(QueryError::new(start_of(&join.relation), message, "write ON and what must be equal"))
        }
        JoinConstraint::Using(_) | JoinConstraint::None => Ok(()),
    }
}

/// Only equations of columns, joined by AND.
fn on(condition: &Expr, joined: Option<&str>, first: Option<&str>) -> Result<(), QueryError> {
    let (left, right) = match condition {
        Expr::Nested(inner) => return on(inner, joined, first),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            return on(left, joined, first).and_then(|()| on(right, joined, first));
        }
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => (left, right),
        other => return Err(no_equation(other)),
    };
    let (of_left, of_right) = (contents(left), contents(right));
    if of_left.column.is_none() || of_right.column.is_none() {
        return Err(no_equation(condition));
    }
    let is_of_joined = |tables: &[String]| tables.iter().any(|table| Some(table.as_str()) == joined);
    let is_of_others = |tables: &[String]| tables.iter().any(|table| Some(table.as_str()) != joined);
    let is_said = !of_left.tables.is_empty() && !of_right.tables.is_empty();
    let both = [&of_left.tables, &of_right.tables];
    if is_said && (!both.iter().any(|side| is_of_joined(side)) || !both.iter().any(|side| is_of_others(side)))
    {
        return Err(no_equation(condition));
    }
    // The engine takes the sides by what they are called where neither is of the first table.
    let is_turned = is_of_joined(&of_left.tables) && is_of_others(&of_right.tables);
    let names_first = of_right.tables.iter().any(|table| Some(table.as_str()) == first);
    if first.is_some() && is_turned && !names_first && column(left) != column(right) {
        let message = "the column of the table that joins in must stand on the right of = here";
        return Err(QueryError::new(position(condition.span().start), message, "turn the equation round"));
    }
    Ok(())
}

fn no_equation(condition: &Expr) -> QueryError {
    let message = "ON can only say that a column of one table equals a column of another";
    let help = "write the rest in WHERE, or join (SELECT … WHERE …) AS a";
    QueryError::new(position(condition.span().start), message, help)
}

/// The name of a column without its table, if an expression is one.
fn column(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::CompoundIdentifier(parts) => parts.last().map(|part| part.value.as_str()),
        _ => None,
    }
}
