//! A drawing of a small graph answer in letters and lines: each node once with what leaves it and what comes to it,
//! as a tree; a node that is met again is named by a number.
//!
//! ```text
//! (:Person {name: "Ann"}) #1
//! ├─[:KNOWS]─▶ (:Person {name: "Bob"})
//! │  └─[:KNOWS]─▶ (:Person {name: "Cid"})
//! │     └─[:KNOWS]─▶ #1
//! └─[:LIKES]─▶ (:Movie {title: "Up"})
//! ```

use super::picture::Picture;
use super::{Look, cypher, shown};
use crate::value::graph::{Entity, Value};
use std::collections::{HashMap, HashSet, VecDeque};

/// Answers with more nodes are tables.
pub const MOST_NODES: usize = 20;

/// The lines between nodes.
struct Strokes {
    /// Before a relationship with more below it, and before the last one.
    branch: &'static str,
    last: &'static str,
    /// Beside what stands below them.
    beside: &'static str,
    below: &'static str,
    /// Around a relationship that leaves, and around one that comes.
    leaves: (&'static str, &'static str),
    comes: (&'static str, &'static str),
}

const LINES: Strokes =
    Strokes {
        branch: "├", last: "└", beside: "│  ", below: "   ", leaves: ("─", "─▶ "), comes: ("◀─", "─ ")
    };

const ASCII: Strokes =
    Strokes { branch: "+", last: "`", beside: "|  ", below: "   ", leaves: ("-", "-> "), comes: ("<-", "- ") };

/// Draws what an answer holds; a line end behind each line.
pub fn draw(picture: &Picture, look: &Look) -> String {
    let strokes = if look.terminal && !look.plain { &LINES } else { &ASCII };
    let tree = Tree::of(picture);
    let mut out = String::new();
    for &root in &tree.roots {
        out.push_str(&tree.node(picture, root, look));
        out.push('\n');
        tree.below(picture, root, "", strokes, look, &mut out);
    }
    out
}

/// Which relationships are drawn below which node.
struct Tree {
    roots: Vec<usize>,
    /// By node: relationships below it, and whether the node behind one is drawn there.
    below: Vec<Vec<(usize, bool)>>,
    /// Numbers of nodes that are met again.
    numbers: HashMap<usize, usize>,
}

impl Tree {
    /// Breadth first, from nodes that nothing comes to, then from what is left.
    fn of(picture: &Picture) -> Tree {
        let count = picture.nodes.len();
        let ends: Vec<(usize, usize)> = picture
            .relationships
            .iter()
            .map(|one| (picture.place(one.start).unwrap_or(0), picture.place(one.end).unwrap_or(0)))
            .collect();
        let reached: HashSet<usize> = ends.iter().filter(|(from, to)| from != to).map(|&(_, to)| to).collect();
        let mut tree = Tree { roots: Vec::new(), below: vec![Vec::new(); count], numbers: HashMap::new() };
        let mut placed = vec![false; count];
        let mut drawn = vec![false; ends.len()];
        let mut again = HashSet::new();
        let first = (0..count).filter(|node| !reached.contains(node));
        for root in first.chain(0..count) {
            if placed.get(root).copied().unwrap_or(true) {
                continue;
            }
            placed[root] = true;
            tree.roots.push(root);
            // What leaves first; what comes once nothing leaves any more.
            let mut leaving = VecDeque::from([root]);
            let mut coming = VecDeque::new();
            while let Some((node, leaves)) =
                leaving.pop_front().map(|node| (node, true)).or_else(|| Some((coming.pop_front()?, false)))
            {
                if leaves {
                    coming.push_back(node);
                }
                for (at, &(from, to)) in ends.iter().enumerate() {
                    let (own, other) = if leaves { (from, to) } else { (to, from) };
                    if own != node || std::mem::replace(&mut drawn[at], true) {
                        continue;
                    }
                    let is_new = !std::mem::replace(&mut placed[other], true);
                    tree.below[node].push((at, is_new));
                    if is_new {
                        leaving.push_back(other);
                    } else {
                        again.insert(other);
                    }
                }
            }
        }
        let mut again: Vec<usize> = again.into_iter().collect();
        again.sort_unstable();
        tree.numbers = again.into_iter().enumerate().map(|(at, node)| (node, at + 1)).collect();
        tree
    }

    fn node(&self, picture: &Picture, at: usize, look: &Look) -> String {
        let Some(node) = picture.nodes.get(at) else { return String::new() };
        let text = cypher::value(&Value::Entity(Box::new(Entity::Node(node.clone()))));
        let number = self.numbers.get(&at).map(|number| format!(" #{number}")).unwrap_or_default();
        format!("{}{number}", shown(&text, look))
    }

    fn below(&self, picture: &Picture, node: usize, prefix: &str, strokes: &Strokes, look: &Look, out: &mut String) {
        let Some(list) = self.below.get(node) else { return };
        for (index, &(at, is_new)) in list.iter().enumerate() {
            let Some(relationship) = picture.relationships.get(at) else { continue };
            let is_last = index + 1 == list.len();
            let leaves = picture.place(relationship.start) == Some(node);
            let other = picture.place(if leaves { relationship.end } else { relationship.start }).unwrap_or(0);
            let text = cypher::value(&Value::Entity(Box::new(Entity::Relationship(relationship.clone()))));
            let (before, behind) = if leaves { strokes.leaves } else { strokes.comes };
            out.push_str(prefix);
            out.push_str(if is_last { strokes.last } else { strokes.branch });
            out.push_str(&format!("{before}{}{behind}", shown(&text, look)));
            if is_new {
                out.push_str(&self.node(picture, other, look));
                out.push('\n');
                let deeper = format!("{prefix}{}", if is_last { strokes.below } else { strokes.beside });
                self.below(picture, other, &deeper, strokes, look, out);
            } else {
                let number = self.numbers.get(&other).copied().unwrap_or_default();
                out.push_str(&format!("#{number}\n"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::graph::{Node, Relationship};

    fn picture(nodes: u64, relationships: &[(u64, u64)]) -> Picture {
        let mut picture = Picture::default();
        for id in 1..=nodes {
            let node = Node { id, labels: vec![format!("N{id}")], properties: Default::default() };
            picture.add(&Value::Entity(Box::new(Entity::Node(node))));
        }
        for (at, &(start, end)) in relationships.iter().enumerate() {
            let id = at as u64;
            let one = Relationship { id, kind: "R".into(), start, end, properties: Default::default() };
            picture.add(&Value::Entity(Box::new(Entity::Relationship(one))));
        }
        picture
    }

    #[test]
    fn every_relationship_is_drawn_once() {
        let picture = picture(5, &[(1, 2), (2, 3), (3, 1), (4, 2), (3, 3)]);
        assert_eq!(
            draw(&picture, &Look::default()),
            "\
(:N4)
`-[:R]-> (:N2) #1
   `-[:R]-> (:N3) #2
      +-[:R]-> (:N1)
      |  `-[:R]-> #1
      `-[:R]-> #2
(:N5)
"
        );
    }

    #[test]
    fn lines_on_a_terminal() {
        let look = Look { terminal: true, ..Look::default() };
        assert_eq!(draw(&picture(3, &[(1, 2), (1, 3)]), &look), "(:N1)\n├─[:R]─▶ (:N2)\n└─[:R]─▶ (:N3)\n");
    }
}
