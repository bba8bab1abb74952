//! `segtui settings`: the file of the config folder as it would be if it said all the defaults.

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::session::Session;
use crate::settings;

pub(super) fn settings(session: &Session, out: &Out) -> Result<(), Failure> {
    let file = session.paths.settings();
    print(&file, &settings::defaults(), out)
}

fn print(file: &std::path::Path, text: &str, out: &Out) -> Result<(), Failure> {
    if out.is_json() {
        return out.json(&json!({"file": file.display().to_string(), "text": text}));
    }
    out.program_text(text.trim_end())
}
