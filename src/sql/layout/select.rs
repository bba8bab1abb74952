//! `SELECT`, laid out.

use super::fragment::{Fragment, sql};

/// `SELECT ... FROM ... WHERE ... GROUP BY ... HAVING ...`
#[derive(Clone, Debug)]
pub(crate) struct Select {
    pub columns: Vec<Fragment>,
    pub distinct: bool,
    pub from: Fragment,
    /// What must hold of a row.
    pub filters: Vec<Fragment>,
    pub group_by: Vec<Fragment>,
    /// What must hold of a group.
    pub having: Vec<Fragment>,
}

/// How wide columns may become before each has a line.
const WIDTH: usize = 60;

impl Select {
    pub fn new(columns: Vec<Fragment>, from: impl Into<Fragment>) -> Self {
        Self {
            columns,
            distinct: false,
            from: from.into(),
            filters: Vec::new(),
            group_by: Vec::new(),
            having: Vec::new(),
        }
    }

    pub(crate) fn into_table(self, alias: &'static str) -> Fragment {
        sql![Fragment::from(self).in_parentheses(), " AS ", alias]
    }
}

impl From<Select> for Fragment {
    fn from(select: Select) -> Self {
        let verb = if select.distinct { "SELECT DISTINCT" } else { "SELECT" };
        let inline = Self::join(select.columns.clone(), &", ".into());
        let text = inline.layout();
        let columns = if text.len() > WIDTH || text.contains('\n') {
            sql![Self::LineBreak, Self::join(select.columns, &sql![",", Self::LineBreak])].indented(4)
        } else {
            sql![" ", inline]
        };
        let is_plain = select.filters.is_empty() && select.group_by.is_empty() && select.having.is_empty();
        let is_short = is_plain && select.from.lines().len() == 1;
        let before_from = if is_short { " ".into() } else { Self::LineBreak };
        let mut parts = vec![sql![verb, columns, before_from, "FROM ", select.from]];
        parts.extend(clause("WHERE ", select.filters));
        if !select.group_by.is_empty() {
            parts.push(sql![Self::LineBreak, "GROUP BY ", Self::join(select.group_by, &", ".into())]);
        }
        parts.extend(clause("HAVING ", select.having));
        Self::Sequence(parts)
    }
}

fn clause(keyword: &'static str, conditions: Vec<Fragment>) -> Option<Fragment> {
    // What is ANDed in a condition stands in line with the others.
    let conditions: Vec<Fragment> = conditions.into_iter().flat_map(Fragment::into_conjuncts).collect();
    match conditions.len() {
        0 => None,
        1 => Some(sql![Fragment::LineBreak, keyword, Fragment::Sequence(conditions)]),
        _ => {
            let conditions = Fragment::join(conditions, &sql![Fragment::LineBreak, "AND "]);
            Some(sql![Fragment::LineBreak, keyword, conditions.indented(4)])
        }
    }
}

/// Queries joined by a set operation: `UNION`, `INTERSECT`, `EXCEPT`.
pub(crate) fn combined(operation: &'static str, queries: impl IntoIterator<Item = Fragment>) -> Fragment {
    Fragment::join(queries, &sql![Fragment::LineBreak, operation, Fragment::LineBreak])
}
