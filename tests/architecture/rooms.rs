//! Which rooms may use which: the table in ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};

use super::modules::{Arrow, Modules};

/// The rooms that each room, or single file, may use.
pub type Table = BTreeMap<String, BTreeSet<String>>;

/// Stands for every room in the table.
const EVERY_ROOM: &str = "*";

/// Reads the rows of the table whose heading is `| room | may use |`.
pub fn table(text: &str) -> Table {
    let lines = text.lines().skip_while(|line| !line.starts_with("| room | may use |"));
    let rows = lines.skip(2).take_while(|line| line.starts_with('|'));
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    rows.flat_map(|row| {
        let mut cells = row.trim_matches('|').split('|');
        let from = names(cells.next().unwrap_or_default());
        let to: BTreeSet<String> = names(cells.next().unwrap_or_default()).into_iter().collect();
        from.into_iter().map(move |from| (from, to.clone()))
    })
    .collect()
}

/// What the code and the table disagree in.
pub fn disagreements(table: &Table, modules: &Modules, arrows: &[Arrow]) -> Vec<String> {
    let mut wrong = BTreeMap::new();
    let mut unused: BTreeSet<(&str, &str)> =
        table.iter().flat_map(|(from, to)| to.iter().map(|to| (from.as_str(), to.as_str()))).collect();
    for arrow in arrows {
        let [from, to] = [arrow.from, arrow.to].map(|file| &modules.files[file]);
        if from.room() == to.room() {
            continue;
        }
        // A file that has a row of its own uses that row first.
        let rows = [from.path.as_str(), from.room(), EVERY_ROOM];
        match rows.into_iter().find(|row| table.get(*row).is_some_and(|may| may.contains(to.room()))) {
            Some(row) => drop(unused.remove(&(row, to.room()))),
            None => {
                let rooms = (from.room().to_owned(), to.room().to_owned());
                let places: &mut BTreeMap<_, _> = wrong.entry(rooms).or_default();
                places.entry((&from.path, &arrow.item, &to.path)).or_insert(arrow.line);
            }
        }
    }
    let wrong = wrong.into_iter().map(|((from, to), places)| {
        let place = |((path, item, target), line)| format!("\n    {path}:{line}: {item} of {target}");
        format!("{from} may not use {to}{}", places.into_iter().map(place).collect::<String>())
    });
    let unused =
        unused.into_iter().map(|(from, to)| format!("the table lets {from} use {to}, and no code does"));
    wrong.chain(unused).collect()
}
