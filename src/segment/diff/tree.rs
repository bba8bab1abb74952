//! A definition as nodes in a row, each knowing those around it.

use std::fmt::{self, Write as _};
use std::hash::{DefaultHasher, Hasher};

use crate::segment::document::{Definition, Segment};
use crate::segment::node::{Group, Node};
use crate::segment::place::{NodePath, Side};

/// The nodes of a definition in document order: each before those inside it. The sides are nodes, too.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) items: Vec<Item>,
}

/// One node.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The node; of a group, without what is inside it.
    pub(super) node: Node,
    /// Where it stood in its document.
    pub(super) path: NodePath,
    /// The group around it; none of a side.
    pub(super) parent: Option<usize>,
    /// What is inside it.
    pub(super) children: Vec<usize>,
    /// The same of nodes that say the same, switched on or not, but for what is inside them.
    pub(super) own_hash: u64,
    /// The same of nodes that are the same with all that is inside them.
    pub(super) deep_hash: u64,
}

impl Tree {
    /// Of a segment with two sides.
    pub(super) fn of(segment: &Segment) -> Option<Self> {
        let Definition::Visual { include, exclude } = &segment.definition else { return None };
        let mut tree = Self { items: Vec::new() };
        for (side, group) in [(Side::Include, include), (Side::Exclude, exclude)] {
            tree.add_group(group, NodePath::root(side), None);
        }
        Some(tree)
    }

    fn add_group(&mut self, group: &Group, path: NodePath, parent: Option<usize>) -> usize {
        let Group { matching, title, off, nodes, extra } = group;
        let shell = Group {
            matching: *matching,
            title: title.clone(),
            off: *off,
            nodes: Vec::new(),
            extra: extra.clone(),
        };
        let at = self.add(Node::Group(shell), path.clone(), parent);
        let inside = nodes.iter().enumerate().map(|(index, node)| {
            let path = path.child(index);
            match node {
                Node::Group(inner) => self.add_group(inner, path, Some(at)),
                Node::Condition(_) | Node::Unreadable(_) => self.add(node.clone(), path, Some(at)),
            }
        });
        let children: Vec<usize> = inside.collect();
        let mut hasher = DefaultHasher::new();
        for child in &children {
            hasher.write_u64(self.items.get(*child).map_or(0, |item| item.deep_hash));
        }
        if let Some(item) = self.items.get_mut(at) {
            hasher.write_u64(item.deep_hash);
            (item.children, item.deep_hash) = (children, hasher.finish());
        }
        at
    }

    fn add(&mut self, node: Node, path: NodePath, parent: Option<usize>) -> usize {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(u8::from(node.is_off()));
        let own_hash = hash(&without_switch(&node));
        hasher.write_u64(own_hash);
        let deep_hash = hasher.finish();
        self.items.push(Item { node, path, parent, children: Vec::new(), own_hash, deep_hash });
        self.items.len() - 1
    }

    pub(super) fn get(&self, at: usize) -> Option<&Item> {
        self.items.get(at)
    }

    pub(super) fn children(&self, at: usize) -> &[usize] {
        self.get(at).map_or(&[], |item| &item.children)
    }

    pub(super) fn parent(&self, at: usize) -> Option<usize> {
        self.get(at)?.parent
    }

    pub(super) fn is_group(&self, at: usize) -> bool {
        self.get(at).is_some_and(|item| matches!(item.node, Node::Group(_)))
    }

    /// The node and all inside it, in document order.
    pub(super) fn inside(&self, at: usize) -> Vec<usize> {
        let mut found = vec![at];
        for child in self.children(at) {
            found.extend(self.inside(*child));
        }
        found
    }

    /// A node with all inside it.
    pub(super) fn whole(&self, at: usize) -> Option<Node> {
        let mut node = self.get(at)?.node.clone();
        if let Node::Group(group) = &mut node {
            group.nodes = self.children(at).iter().filter_map(|child| self.whole(*child)).collect();
        }
        Some(node)
    }

    /// Whether two nodes of two trees are the same with all inside them.
    pub(super) fn is_same(&self, at: usize, other: &Self, at_other: usize) -> bool {
        let (Some(one), Some(two)) = (self.get(at), other.get(at_other)) else { return false };
        let inside = || one.children.iter().zip(&two.children);
        one.deep_hash == two.deep_hash
            && one.children.len() == two.children.len()
            && one.node.is_off() == two.node.is_off()
            && says_same(&one.node, &two.node)
            && inside().all(|(child, child_of_other)| self.is_same(*child, other, *child_of_other))
    }
}

/// Whether two nodes say the same, whether or not they are switched on, and whatever is inside them.
pub(super) fn says_same(one: &Node, other: &Node) -> bool {
    without_switch(one) == without_switch(other)
}

fn without_switch(node: &Node) -> Node {
    let mut node = node.clone();
    node.set_off(false);
    node
}

/// What a node says, as a number; equal nodes have equal ones.
fn hash(node: &Node) -> u64 {
    struct Digest(DefaultHasher);
    impl fmt::Write for Digest {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.write(text.as_bytes());
            Ok(())
        }
    }
    let mut digest = Digest(DefaultHasher::new());
    // Writing into a number does not fail.
    let _ = write!(digest, "{node:?}");
    digest.0.finish()
}
