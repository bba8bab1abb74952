//! Dates that are taken for numbers: the embedded engine would compare the days or microseconds that stand
//! for them inside, where other engines refuse or count days.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Query, Select,
    SelectItem, SetExpr, Spanned, TableAlias, TableFactor, UnaryOperator, Value, ValueWithSpan, Visit,
    Visitor,
};

use super::error::{QueryError, position};

/// Functions that give one of what they are given.
const ONE_OF: [&str; 15] = [
    "coalesce",
    "date",
    "datetime",
    "first",
    "first_value",
    "greatest",
    "ifnull",
    "lag",
    "last",
    "last_value",
    "lead",
    "least",
    "max",
    "min",
    "timestamp",
];

/// Refuses dates that are compared with numbers, and dates that are taken from dates. `dates` and `numbers`
/// are the columns of the tables that hold such.
pub fn check(query: &Query, dates: BTreeSet<String>, numbers: &BTreeSet<&str>) -> Result<(), QueryError> {
    let mut named = DateColumns(dates);
    loop {
        let known = named.0.len();
        // It never breaks.
        let _ = query.visit(&mut named);
        if named.0.len() == known {
            break;
        }
    }
    match query.visit(&mut DateArithmetic { dates: &named, numbers }) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

/// The names of columns that are dates. Reading a query adds those that it gives to dates itself.
struct DateColumns(BTreeSet<String>);

impl DateColumns {
    /// Whether an expression is a date, as far as can be told.
    fn is_date(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(inner) => self.is_date(inner),
            Expr::Identifier(name) => self.0.contains(&name.value),
            Expr::CompoundIdentifier(parts) => parts.last().is_some_and(|name| self.0.contains(&name.value)),
            Expr::TypedString(text) => is_type_of_dates(&text.data_type),
            Expr::Cast { data_type, .. } => is_type_of_dates(data_type),
            // The day.
            Expr::Value(ValueWithSpan { value: Value::Placeholder(_), .. }) => true,
            Expr::BinaryOp { left, op: BinaryOperator::Plus | BinaryOperator::Minus, right } => {
                // What lies between two dates is none.
                self.is_date(left) && !self.is_date(right)
            }
            Expr::Case { conditions, else_result, .. } => {
                let mut results = conditions.iter().map(|when| &when.result).chain(else_result.as_deref());
                results.any(|result| self.is_date(result))
            }
            Expr::Function(function) => {
                let name = function.name.to_string().to_lowercase();
                let FunctionArguments::List(list) = &function.args else { return false };
                let is_date = |argument: &FunctionArg| match argument {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.is_date(expr),
                    _ => false,
                };
                ONE_OF.contains(&name.as_str()) && list.args.iter().any(is_date)
            }
            _ => false,
        }
    }

    /// What the columns of a query are called by its alias.
    fn rename(&mut self, alias: &TableAlias, body: &SetExpr) {
        let SetExpr::Select(select) = body else { return };
        for (column, item) in alias.columns.iter().zip(&select.projection) {
            if let SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } = item
                && self.is_date(expr)
            {
                self.0.insert(column.name.value.clone());
            }
        }
    }
}

fn is_type_of_dates(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Date | DataType::Datetime(_) | DataType::Timestamp(..))
}

impl Visitor for DateColumns {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        for part in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.rename(&part.alias, &part.query.body);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Derived { subquery, alias: Some(alias), .. } = factor {
            self.rename(alias, &subquery.body);
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        for item in &select.projection {
            if let SelectItem::ExprWithAlias { expr, alias } = item
                && self.is_date(expr)
            {
                self.0.insert(alias.value.clone());
            }
        }
        ControlFlow::Continue(())
    }
}

/// Stops where dates are taken for numbers.
struct DateArithmetic<'a> {
    dates: &'a DateColumns,
    numbers: &'a BTreeSet<&'a str>,
}

impl DateArithmetic<'_> {
    fn is_number(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(inner) | Expr::UnaryOp { op: UnaryOperator::Minus, expr: inner } => {
                self.is_number(inner)
            }
            Expr::Value(ValueWithSpan { value: Value::Number(..), .. }) => true,
            Expr::Identifier(name) => self.numbers.contains(name.value.as_str()),
            Expr::CompoundIdentifier(parts) => {
                parts.last().is_some_and(|name| self.numbers.contains(name.value.as_str()))
            }
            Expr::BinaryOp { left, right, .. } => self.is_number(left) && self.is_number(right),
            _ => false,
        }
    }

    fn is_mixed(&self, one: &Expr, other: &Expr) -> bool {
        let is_mixed = |date: &Expr, number: &Expr| self.dates.is_date(date) && self.is_number(number);
        is_mixed(one, other) || is_mixed(other, one)
    }
}

impl Visitor for DateArithmetic<'_> {
    type Break = QueryError;

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<QueryError> {
        use BinaryOperator as B;
        let is_mixed = match expr {
            Expr::BinaryOp { op: B::Minus, right, .. } if self.dates.is_date(right) => {
                let message = "a date cannot be taken from a date here";
                let help = "write an INTERVAL: day > :as_of - INTERVAL '40 days'";
                return ControlFlow::Break(QueryError::new(position(expr.span().start), message, help));
            }
            Expr::BinaryOp { left, op: B::Eq | B::NotEq | B::Lt | B::LtEq | B::Gt | B::GtEq, right } => {
                self.is_mixed(left, right)
            }
            Expr::Between { expr, low, high, .. } => self.is_mixed(expr, low) || self.is_mixed(expr, high),
            _ => false,
        };
        if is_mixed {
            let message = "a date is compared with a number";
            let help = "write DATE '2025-12-31', :as_of, or EXTRACT(YEAR FROM …)";
            return ControlFlow::Break(QueryError::new(position(expr.span().start), message, help));
        }
        ControlFlow::Continue(())
    }
}
