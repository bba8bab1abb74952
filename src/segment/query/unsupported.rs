//! What the embedded engine does not know, or would answer otherwise than SQL means it.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, GroupByExpr, Ident, LimitClause, OrderByKind, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, SetOperator, Spanned, TableFactor, UnaryOperator, Value,
    Visitor,
};

use super::error::{QueryError, position};
use super::functions::contents;
use super::joins::{self, factors, name, start_of};
use super::parse::first_select;
use crate::segment::place::TextPosition;
use crate::segment::suggest::nearest;

/// Reads a query and stops at the first thing to refuse.
#[derive(Default)]
pub(crate) struct UnsupportedVisitor {
    /// The queries around the place that is being read.
    around: Vec<Around>,
    /// The next query is what an EXISTS asks of.
    is_asked: bool,
    /// What is let through although SQL leaves open what it means.
    pub ambiguities: Vec<QueryError>,
}

/// A query, as seen from within.
struct Around {
    /// What its tables are called, in order.
    tables: Vec<String>,
    /// It is what an EXISTS asks of.
    is_asked: bool,
}

type Read = ControlFlow<QueryError>;

fn read(result: Result<(), QueryError>) -> Read {
    match result {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => ControlFlow::Break(error),
    }
}

impl Visitor for UnsupportedVisitor {
    type Break = QueryError;

    fn pre_visit_query(&mut self, query: &Query) -> Read {
        read(
            with(query, self.around.is_empty())
                .and_then(|()| operations(&query.body, operation(&query.body)))
                .and_then(|()| order(query)),
        )?;
        self.ambiguities.extend(unordered(query));
        let mut tables = Vec::new();
        tables_of(&query.body, &mut tables);
        self.around.push(Around { tables, is_asked: std::mem::take(&mut self.is_asked) });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> Read {
        self.around.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> Read {
        read(self.wildcards(select).and_then(|()| rows(select)).and_then(|()| joins::check(select)))
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> Read {
        let refused = |message: String, help: &str| {
            ControlFlow::Break(QueryError::new(start_of(factor), message, help))
        };
        match factor {
            TableFactor::Table { name, args: Some(_), .. } => {
                let help = "only the tables of the database can be read; copy the file into its folder";
                refused(format!("{name}(…) is no table"), help)
            }
            TableFactor::Table { name, .. } if name.0.len() != 1 => {
                let help = "write the table alone; a name with a dot in it stands in double quotes";
                refused(format!("{name} is more than the name of a table"), help)
            }
            TableFactor::Table { alias: Some(alias), .. } if !alias.columns.is_empty() => {
                let help = "write (SELECT … AS …) AS a, or name the columns in WITH";
                refused(format!("{} cannot name the columns of a table", alias.name), help)
            }
            TableFactor::Table { .. } | TableFactor::Derived { lateral: false, .. } => {
                ControlFlow::Continue(())
            }
            _ => refused("this cannot be read from".to_owned(), "read from tables, or from (SELECT …) AS a"),
        }
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> Read {
        match expr {
            Expr::Exists { .. } => self.is_asked = true,
            Expr::CompoundIdentifier(parts) => return read(self.column(parts)),
            Expr::IsNotTrue(_) | Expr::IsNotFalse(_) => {
                let message = "IS NOT TRUE and IS NOT FALSE are not known here";
                let help = "write COALESCE(…, FALSE) = FALSE, or COALESCE(…, TRUE) = TRUE";
                return ControlFlow::Break(QueryError::new(position(expr.span().start), message, help));
            }
            Expr::UnaryOp { op: UnaryOperator::Not, expr: inner } if is_truth(inner) => {
                let message = "NOT before IS TRUE and IS FALSE is not known here";
                let help = "write COALESCE(…, FALSE) = FALSE, or COALESCE(…, TRUE) = TRUE";
                return ControlFlow::Break(QueryError::new(position(inner.span().start), message, help));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl UnsupportedVisitor {
    /// A column of a table that is named, which the engine would look for in other tables too.
    fn column(&self, parts: &[Ident]) -> Result<(), QueryError> {
        let [table, _] = parts else {
            let at = parts.first().and_then(|first| position(first.span.start));
            return Err(QueryError::new(at, "a column has one name before it at most", "write table.column"));
        };
        let at = position(table.span.start);
        let called = &table.value;
        let mut around = self.around.iter().rev();
        let Some(own) = around.next() else { return Ok(()) };
        if own.tables.contains(called) {
            return Ok(());
        }
        match around.next() {
            // Of several tables the engine would take the first that has such a column.
            Some(outer) if own.is_asked && outer.tables.first() == Some(called) => Ok(()),
            Some(outer) if own.is_asked && outer.tables.contains(called) => {
                let message = format!("EXISTS cannot refer to {called:?} here, which joins in");
                let help = "only to the first table of FROM; join in WITH or in brackets before";
                Err(QueryError::new(at, message, help))
            }
            Some(outer)
                if outer.tables.contains(called) || around.any(|outer| outer.tables.contains(called)) =>
            {
                let message =
                    format!("{called:?} is of the query around this one, to which only EXISTS can refer");
                Err(QueryError::new(at, message, "write WHERE EXISTS (SELECT …), or a JOIN"))
            }
            _ => Err(not_in_from(called, at, &own.tables)),
        }
    }

    /// `table.*`
    fn wildcards(&self, select: &Select) -> Result<(), QueryError> {
        let own: Vec<String> =
            select.from.iter().flat_map(factors).filter_map(name).map(str::to_owned).collect();
        select.projection.iter().try_for_each(|item| match item {
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(of), _) => {
                let table = of.0.last().and_then(|part| part.as_ident());
                match table.filter(|table| !own.contains(&table.value)) {
                    Some(table) => Err(not_in_from(&table.value, position(table.span.start), &own)),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        })
    }
}

fn not_in_from(called: &str, at: Option<TextPosition>, tables: &[String]) -> QueryError {
    let near = nearest(called, tables.iter().map(String::as_str));
    let help = match near {
        Some(near) => format!("did you mean {near:?}?"),
        None => "name a table of this FROM, as it is called there".to_owned(),
    };
    QueryError::new(at, format!("no table in FROM is called {called:?}"), help)
}

fn is_truth(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) => is_truth(inner),
        Expr::IsTrue(_) | Expr::IsFalse(_) => true,
        _ => false,
    }
}

/// WITH is only looked at before everything else.
fn with(query: &Query, is_whole: bool) -> Result<(), QueryError> {
    let Some(with) = &query.with else { return Ok(()) };
    let at = position(with.with_token.0.span.start);
    if !is_whole {
        let help = "move it to the front; what it names can be used from there on";
        return Err(QueryError::new(at, "WITH can only stand at the front of the whole query", help));
    }
    if with.recursive {
        return Err(QueryError::new(at, "WITH RECURSIVE is not known here", "write a query without it"));
    }
    Ok(())
}

/// Which rows LIMIT takes is for ORDER BY to say.
fn unordered(query: &Query) -> Option<QueryError> {
    if query.order_by.is_some() {
        return None;
    }
    let limit = match (&query.limit_clause, &query.fetch) {
        (Some(LimitClause::LimitOffset { limit, offset, .. }), _) => {
            limit.as_ref().or(offset.as_ref().map(|offset| &offset.value))
        }
        (Some(LimitClause::OffsetCommaLimit { limit, .. }), _) => Some(limit),
        (None, Some(fetch)) => fetch.quantity.as_ref(),
        (None, None) => return None,
    };
    let at = limit.and_then(|limit| position(limit.span().start));
    let message = "LIMIT without ORDER BY takes any rows: another run may take others";
    Some(QueryError::new(at, message, "add ORDER BY, down to a column in which no value stands twice"))
}

/// ORDER BY looks at what is returned, where there are no rows of a group any more.
fn order(query: &Query) -> Result<(), QueryError> {
    let Some(OrderByKind::Expressions(keys)) = query.order_by.as_ref().map(|order| &order.kind) else {
        return Ok(());
    };
    match keys.iter().find_map(|key| contents(&key.expr).aggregate) {
        Some((function, at)) => {
            let message = format!("{function} cannot stand in ORDER BY");
            let help = format!("write {function}(…) AS n in SELECT, and ORDER BY n");
            Err(QueryError::new(at, message, help))
        }
        None => Ok(()),
    }
}

fn operation(body: &SetExpr) -> Option<SetOperator> {
    match body {
        SetExpr::SetOperation { op, .. } => Some(*op),
        _ => None,
    }
}

/// The set operations in one pair of brackets. The engine takes INTERSECT and EXCEPT for each other where
/// they stand beside other operations.
fn operations(body: &SetExpr, outermost: Option<SetOperator>) -> Result<(), QueryError> {
    let refused = |message: String, help: &str| Err(QueryError::new(first_select(body), message, help));
    match body {
        SetExpr::SetOperation { left, op, right, .. } => {
            let is_except = |op: SetOperator| op != SetOperator::Union && op != SetOperator::Intersect;
            if *op != SetOperator::Union && outermost.is_some_and(|other| is_except(other) != is_except(*op))
            {
                let message = format!("{op} stands beside another set operation: say which comes first");
                return refused(message, "put the two queries that belong together in brackets");
            }
            operations(left, outermost)?;
            operations(right, outermost)
        }
        SetExpr::Select(_) | SetExpr::Query(_) | SetExpr::Values(_) => Ok(()),
        SetExpr::Table(_) => refused("TABLE is not known here".to_owned(), "write SELECT * FROM"),
        SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
            refused("this is no query: a query only reads".to_owned(), "leave SELECT alone")
        }
    }
}

fn tables_of(body: &SetExpr, tables: &mut Vec<String>) {
    match body {
        SetExpr::Select(select) => {
            tables.extend(select.from.iter().flat_map(factors).filter_map(name).map(str::to_owned));
        }
        SetExpr::SetOperation { left, right, .. } => {
            tables_of(left, tables);
            tables_of(right, tables);
        }
        _ => {}
    }
}

/// What looks at many rows must not stand where there is one.
fn rows(select: &Select) -> Result<(), QueryError> {
    if let Some(into) = &select.into {
        let message = format!("{into} would write a table: a query only reads");
        return Err(QueryError::new(position(into.name.span().start), message, "leave INTO out"));
    }
    if let Some(condition) = &select.selection {
        let found = contents(condition);
        if let Some((function, at)) = found.aggregate {
            let message = format!("{function} cannot stand in WHERE, which looks at one row");
            return Err(QueryError::new(at, message, "write GROUP BY, and the condition in HAVING"));
        }
        if let Some((function, at)) = found.window {
            let message = format!("{function} with OVER cannot stand in WHERE");
            return Err(QueryError::new(at, message, "write it in WITH, and look at its result in WHERE"));
        }
        literals(condition)?;
    }
    let is_grouped = !matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty());
    if is_grouped {
        return Ok(());
    }
    let items = select.projection.iter().filter_map(|item| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(contents(expr)),
        _ => None,
    });
    let items: Vec<_> = items.collect();
    let aggregate = items.iter().find_map(|item| item.aggregate.clone());
    let column = items.iter().find_map(|item| item.column.clone());
    match (aggregate, column) {
        (Some((function, _)), Some((column, at))) => {
            let message = format!("{column} stands beside {function} without GROUP BY");
            Err(QueryError::new(at, message, format!("write GROUP BY {column}")))
        }
        _ => Ok(()),
    }
}

/// The engine compares two values that stand alone in WHERE by how they are written.
fn literals(condition: &Expr) -> Result<(), QueryError> {
    use sqlparser::ast::BinaryOperator::{Eq, NotEq};
    match condition {
        Expr::BinaryOp { left, op: Eq | NotEq, right } => match (&**left, &**right) {
            (Expr::Value(a), Expr::Value(b)) if a.value == Value::Null || is_other(&a.value, &b.value) => {
                let message = "two values are compared that no row changes";
                Err(QueryError::new(position(a.span.start), message, "write TRUE or FALSE"))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Whether two values could be equal although they are written differently.
fn is_other(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a, _), Value::Number(b, _)) => a != b && (a.contains('.') || b.contains('.')),
        (a, b) => std::mem::discriminant(a) != std::mem::discriminant(b),
    }
}
