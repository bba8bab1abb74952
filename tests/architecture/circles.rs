//! Circles between files: strongly connected parts of more than one file.

use std::collections::BTreeSet;

use super::modules::{Arrow, Modules};

/// The circles, each as the positions of its files. What a file only passes on makes none.
pub fn circles(modules: &Modules, arrows: &[Arrow]) -> Vec<Vec<usize>> {
    let count = modules.files.len();
    let mut after = vec![BTreeSet::new(); count];
    for arrow in arrows.iter().filter(|arrow| !arrow.is_passed_on) {
        after[arrow.from].insert(arrow.to);
    }
    // The crate is small: what each file reaches is found by walking.
    let reached: Vec<BTreeSet<usize>> = (0..count).map(|from| reach(&after, from)).collect();
    let mut done = BTreeSet::new();
    let mut circles = Vec::new();
    for from in 0..count {
        let is_around = |to: &usize| reached[from].contains(to) && reached[*to].contains(&from);
        let circle: Vec<usize> = (0..count).filter(is_around).collect();
        if circle.len() > 1 && done.insert(circle[0]) {
            circles.push(circle);
        }
    }
    circles
}

fn reach(after: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let (mut reached, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(file) = waiting.pop() {
        for next in &after[file] {
            if reached.insert(*next) {
                waiting.push(*next);
            }
        }
    }
    reached
}

/// A circle in words: each of its arrows and the items that make it.
pub fn describe(circle: &[usize], modules: &Modules, arrows: &[Arrow]) -> String {
    let mut text = format!("circle of {} files", circle.len());
    for from in circle {
        for to in circle {
            let between =
                arrows.iter().filter(|arrow| arrow.from == *from && arrow.to == *to && !arrow.is_passed_on);
            let mut items: Vec<(&str, usize)> =
                between.map(|arrow| (arrow.item.as_str(), arrow.line)).collect();
            items.dedup_by_key(|(item, _)| *item);
            if !items.is_empty() {
                let items: Vec<String> =
                    items.iter().map(|(item, line)| format!("{item} (line {line})")).collect();
                let items = items.join(", ");
                let (from, to) = (&modules.files[*from].path, &modules.files[*to].path);
                text.push_str(&format!("\n    {from} → {to}: {items}"));
            }
        }
    }
    text
}
