//! Taking in whom a negative test leaves out because of NULL.

use super::tree::{insert, nest};
use crate::segment::document::Segment;
use crate::segment::node::{AttributeCondition, Condition, ConditionKind, Extra, Node, Test};
use crate::segment::place::NodePath;
use crate::segment::vocabulary::{Match, Operator, RowQuantifier};

/// Why those with a NULL cannot be added to a condition by another one beside it.
pub fn disabled_reason(condition: &Condition) -> Option<&'static str> {
    let ConditionKind::Attribute(attribute) = &condition.kind else {
        return Some("only a test of a column leaves customers out because of NULL");
    };
    if !attribute.test.op.is_some_and(Operator::is_negative) {
        return Some("only a negative operator is meant to take in NULL");
    }
    match attribute.rows {
        None | Some(RowQuantifier::Any) => None,
        Some(RowQuantifier::None) => Some("on no row: customers with NULL are in already"),
        Some(RowQuantifier::Every) => Some("on every row: “is null” beside it would take in more than those"),
    }
}

/// Puts "is null" beside the condition at `path`, so that either is enough: those with a NULL on a row
/// where the same filters hold. Answers with the path of the condition.
pub fn add(segment: &mut Segment, path: &NodePath) -> Option<NodePath> {
    let Node::Condition(condition) = segment.node(path)? else { return None };
    let ConditionKind::Attribute(attribute) = &condition.kind else { return None };
    if disabled_reason(condition).is_some() {
        return None;
    }
    let null = Condition::new(ConditionKind::Attribute(AttributeCondition {
        test: Test::new(Operator::IsNull, None),
        extra: Extra::new(),
        ..attribute.clone()
    }));
    let (around, _) = path.parent()?;
    let path = match segment.group(&around)?.matching {
        Match::Any => path.clone(),
        Match::All => nest(segment, path)?,
    };
    let (group, at) = path.parent()?;
    insert(segment, &group, at + 1, Node::Condition(null))?;
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{Group, Side};
    use serde_json::json;

    #[test]
    fn nulls_stand_beside_the_condition() {
        let test = Test::new(Operator::IsNotExactly, Some(json!("Chicago")));
        let negative = Node::Condition(Condition::attribute("T", "city", test));
        let mut segment = Segment::new("s", "D", "id");
        let root = NodePath::root(Side::Include);
        segment.side_mut(Side::Include).unwrap().nodes =
            vec![Node::Group(Group::new(Match::All, vec![negative]))];
        let path = root.child(0).child(0);
        let inner = path.child(0);
        assert_eq!(add(&mut segment, &path), Some(inner.clone()));
        assert_eq!(
            segment.group(&path).map(|group| (group.matching, group.nodes.len())),
            Some((Match::Any, 2))
        );
        // A second time it goes beside the first; a test that is not negative is refused.
        assert_eq!(add(&mut segment, &inner), Some(inner));
        assert_eq!(segment.group(&path).map(|group| group.nodes.len()), Some(3));
        let before = segment.clone();
        assert_eq!(add(&mut segment, &path.child(1)), None);
        assert_eq!(segment, before);
    }
}
