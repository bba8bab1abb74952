//! Explanations against plain loops over the rows: verdicts, trees, rows that decided, nearest misses, flips, and days on
//! which the answer is another one.

mod changes;
mod flips;
mod nearest;
mod on_databases;
mod rows;

use std::collections::BTreeSet;

use segtui::backend::{
    Evidence, ExplainedCustomer, ExplainedNode, Explanation, IdStanding, MOST_SIMILAR, MOST_WITH_ROWS,
    SegmentVerdict,
};
use segtui::segment::{
    Condition, ConditionKind, Definition, Group, ListOperator, ListSource, Node, NodePath, Segment, Side,
};

use super::Slow;

/// What is wrong with an explanation, if anything is.
type Checked = Result<(), String>;

fn ensure(holds: bool, message: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(message()) }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Checked {
    ensure(found == expected, || format!("{what} is {found:?}, not {expected:?}"))
}

/// Whether an explanation says of every customer what plain loops do.
pub fn check(slow: &Slow, segment: &Segment, ids: &[String], explanation: &Explanation) -> Checked {
    same("number of answers", explanation.customers.len(), ids.len())?;
    for (customer, id) in explanation.customers.iter().zip(ids) {
        same("id", &customer.id, id)?;
        let with_rows = ids.len() <= MOST_WITH_ROWS;
        let mut explained = Explained { slow, id, with_rows, told: BTreeSet::new() };
        explained.customer(segment, customer).map_err(|error| format!("{id:?}: {error}"))?;
    }
    Ok(())
}

/// An explanation of one customer.
struct Explained<'a> {
    slow: &'a Slow,
    id: &'a str,
    with_rows: bool,
    /// The segments whose reasons were told.
    told: BTreeSet<String>,
}

impl Explained<'_> {
    fn customer(&mut self, segment: &Segment, customer: &ExplainedCustomer) -> Checked {
        same("standing", &customer.standing, &self.slow.standing(self.id))?;
        if customer.standing != IdStanding::Customer {
            let nothing = SegmentVerdict { is_member: false, sides: Vec::new() };
            same("verdict of nobody", &customer.verdict, &nothing)?;
            return same("flips of nobody", customer.flips.len(), 0);
        }
        self.verdict(segment, &customer.verdict)?;
        flips::check(&customer.verdict, &customer.flips)
    }

    fn verdict(&mut self, segment: &Segment, verdict: &SegmentVerdict) -> Checked {
        same("membership", verdict.is_member, self.slow.is_member(segment, self.id))?;
        let sides: Vec<Side> = verdict.sides.iter().map(|side| side.path.side).collect();
        same("sides", sides, Side::BOTH.to_vec())?;
        for (side, node) in Side::BOTH.into_iter().zip(&verdict.sides) {
            let (path, group) = (NodePath::root(side), segment.side(side).unwrap());
            let expected = self.slow.group(group, self.id).unwrap_or(Some(side == Side::Include));
            self.group(group, &path, expected, node)?;
        }
        Ok(())
    }

    fn group(
        &mut self,
        group: &Group,
        path: &NodePath,
        expected: Option<bool>,
        node: &ExplainedNode,
    ) -> Checked {
        same("place", &node.path, path)?;
        same(&format!("result of {path}"), node.result, expected)?;
        let Evidence::Group { matching, of } = &node.evidence else {
            return Err(format!("{path} is a group"));
        };
        // One without nodes combines nothing.
        ensure(of.is_empty() || *matching == group.matching, || format!("{path} is {matching:?}"))?;
        let mut found = of.iter();
        let nodes = if group.off == Some(true) { &[][..] } else { &group.nodes };
        for (index, inner) in nodes.iter().enumerate() {
            let Some(expected) = self.slow.node(inner, self.id) else { continue };
            let path = path.child(index);
            let node = found.next().ok_or_else(|| format!("{path} is missing"))?;
            match inner {
                Node::Group(group) => self.group(group, &path, expected, node)?,
                Node::Condition(condition) => {
                    same("place", &node.path, &path)?;
                    same(&format!("result of {path}"), node.result, expected)?;
                    self.condition(condition, node).map_err(|error| format!("{path}: {error}"))?;
                }
                Node::Unreadable(_) => panic!("a node that cannot be read"),
            }
        }
        ensure(found.next().is_none(), || format!("{path} has more nodes"))
    }

    fn condition(&mut self, condition: &Condition, node: &ExplainedNode) -> Checked {
        match (&condition.kind, &node.evidence) {
            (ConditionKind::List(list), Evidence::Segment { id, verdict }) => {
                same("source", &list.source, &ListSource::Segment(id.clone()))?;
                let negated = list.op == Some(ListOperator::IsNotMember);
                same("membership in it", node.result, Some(verdict.is_member != negated))?;
                let nested = self.slow.lists.segment(id).unwrap();
                if self.told.insert(id.clone()) {
                    return self.verdict(&nested, verdict);
                }
                same("membership", verdict.is_member, self.slow.is_member(&nested, self.id))?;
                same("sides told again", verdict.sides.len(), 0)
            }
            (ConditionKind::List(list), Evidence::List { path, is_in }) => {
                let ListSource::File(file) = &list.source else { return Err("no file".to_owned()) };
                same("path", path, &format!("lists/{file}"))?;
                let negated = list.op == Some(ListOperator::IsNotMember);
                same("whether the id is in it", node.result, Some(*is_in != negated))
            }
            (_, Evidence::Rows(evidence)) if self.with_rows => {
                rows::check(self.slow, self.id, condition, node.result, evidence)
            }
            (_, Evidence::Rows(evidence)) => {
                let nothing = (evidence.rows.len(), evidence.rows_left_out, &evidence.nearest);
                same("what is said of many", nothing, (0, 0, &None))
            }
            (_, other) => Err(format!("the evidence is {other:?}")),
        }
    }
}

impl Slow {
    /// What an id is.
    fn standing(&self, id: &str) -> IdStanding {
        if self.universe.iter().any(|customer| customer == id) {
            return IdStanding::Customer;
        }
        let has = |rows: &super::Rows| rows.ids.iter().flatten().any(|other| other == id);
        let is_own = |table: &str| !table.starts_with("lists/") && !table.starts_with("queries/");
        let tables = self.tables.iter().filter(|(name, rows)| is_own(name) && has(rows));
        let tables: Vec<String> = tables.map(|(name, _)| name.clone()).collect();
        if !tables.is_empty() && !id.trim().is_empty() {
            return IdStanding::Orphan { tables };
        }
        let plain = |id: &str| id.trim().to_lowercase();
        let is_similar = |customer: &&String| !id.trim().is_empty() && plain(customer) == plain(id);
        let similar = self.universe.iter().filter(is_similar).take(MOST_SIMILAR).cloned().collect();
        IdStanding::Unknown { similar }
    }

    /// Whether plain loops can say anything of a segment: not of a query.
    fn knows(&self, segment: &Segment) -> bool {
        let Definition::Visual { .. } = segment.definition else { return false };
        segment.walk().into_iter().all(|(_, node)| match node {
            Node::Condition(Condition { kind: ConditionKind::List(list), .. }) => match &list.source {
                ListSource::Segment(id) => self.lists.segment(id).is_ok_and(|nested| self.knows(&nested)),
                ListSource::File(_) => true,
                ListSource::Query(_) => false,
            },
            Node::Condition(Condition { kind: ConditionKind::Attribute(of), .. }) => {
                self.tables.contains_key(&of.table)
            }
            Node::Condition(Condition { kind: ConditionKind::Aggregate(of), .. }) => {
                self.tables.contains_key(&of.table)
            }
            Node::Condition(_) | Node::Group(_) => true,
            Node::Unreadable(_) => false,
        })
    }
}
