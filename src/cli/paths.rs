//! `segtui paths`: where things are on this machine.

use serde_json::{Map, Value};

use super::failure::Failure;
use super::out::Out;
use super::session::Session;
use super::sheet::{self, Align};

pub(super) fn run(session: &Session, out: &Out) -> Result<(), Failure> {
    let paths = &session.paths;
    let (database, workspace) = (session.choice(), session.workspace());
    let places = [
        ("database", database.folder().to_owned()),
        ("workspace", workspace.root().to_owned()),
        ("drafts", paths.drafts()),
        ("config", paths.config.clone()),
        ("settings", paths.settings()),
        ("keymap", paths.keymap()),
        ("themes", paths.themes()),
        ("data", paths.data.clone()),
        ("state", paths.state.clone()),
        ("cache", paths.cache.clone()),
        ("demo", paths.demo()),
    ];
    let places = places.map(|(name, path)| (name.to_owned(), path.display().to_string()));
    if out.is_json() {
        let map: Map<String, Value> =
            places.into_iter().map(|(name, path)| (name, Value::String(path))).collect();
        return out.json(&Value::Object(map));
    }
    out.line(&sheet::set(&places.map(|(name, path)| vec![name, path]), &[Align::Left, Align::Left]))
}
