//! Functions that look at more than one row.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Function, Query, Spanned, Visit, Visitor};

use super::error::position;
use crate::segment::place::TextPosition;

/// The aggregates of the embedded engine.
const AGGREGATES: [&str; 26] = [
    "array_agg",
    "avg",
    "corr",
    "count",
    "covar",
    "covar_pop",
    "covar_samp",
    "first",
    "group_concat",
    "last",
    "listagg",
    "max",
    "median",
    "min",
    "quantile_cont",
    "quantile_disc",
    "stddev",
    "stddev_samp",
    "stdev",
    "stdev_samp",
    "string_agg",
    "sum",
    "total",
    "var",
    "var_samp",
    "variance",
];

/// Something in an expression, and where.
pub(crate) type Found = (String, Option<TextPosition>);

/// What an expression has in it, but for the queries in it.
#[derive(Default)]
pub(crate) struct Contents {
    /// The first aggregate of the rows of a group.
    pub aggregate: Option<Found>,
    /// The first function with OVER.
    pub window: Option<Found>,
    /// The first column that stands outside of aggregates.
    pub column: Option<Found>,
    /// The tables that columns are said to be of.
    pub tables: Vec<String>,
    aggregates: usize,
    queries: usize,
}

/// What an expression has in it.
pub fn contents(expr: &Expr) -> Contents {
    let mut contents = Contents::default();
    // It never breaks.
    let _ = expr.visit(&mut contents);
    contents
}

fn is_aggregate(function: &Function) -> bool {
    let name = function.name.to_string().to_lowercase();
    function.over.is_none() && AGGREGATES.contains(&name.as_str())
}

impl Visitor for Contents {
    type Break = ();

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.queries += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.queries -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.queries > 0 {
            return ControlFlow::Continue(());
        }
        let at = || position(expr.span().start);
        match expr {
            Expr::Function(function) if is_aggregate(function) => {
                self.aggregates += 1;
                self.aggregate.get_or_insert_with(|| (function.name.to_string().to_uppercase(), at()));
            }
            Expr::Function(function) if function.over.is_some() => {
                self.window.get_or_insert_with(|| (function.name.to_string().to_uppercase(), at()));
            }
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => {
                if let Expr::CompoundIdentifier(parts) = expr
                    && let [table, _] = parts.as_slice()
                {
                    self.tables.push(table.value.clone());
                }
                if self.aggregates == 0 {
                    self.column.get_or_insert_with(|| (expr.to_string(), at()));
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr
            && self.queries == 0
            && is_aggregate(function)
        {
            self.aggregates -= 1;
        }
        ControlFlow::Continue(())
    }
}
