//! `segtui settings` and `segtui keymap`: the files of the config folder as they would be if they said all the defaults.

use std::path::Path;

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::session::Session;
use crate::runtime::keymap_file;
use crate::settings;

pub(super) fn settings(session: &Session, out: &Out) -> Result<(), Failure> {
    let file = session.paths.settings();
    print(&file, &settings::defaults(), out)
}

pub(super) fn keymap(session: &Session, out: &Out) -> Result<(), Failure> {
    print(&session.paths.keymap(), &keymap_file::defaults(), out)
}

fn print(file: &Path, text: &str, out: &Out) -> Result<(), Failure> {
    if out.is_json() {
        return out.json(&json!({"file": file.display().to_string(), "text": text}));
    }
    out.program_text(text.trim_end())
}
