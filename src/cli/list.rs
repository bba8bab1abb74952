//! `segtui list`: the segments and folders of the workspace.

use serde_json::{Value, json};

use super::failure::Failure;
use super::out::Out;
use super::session::Session;
use super::sheet::{self, Align};
use crate::segment::Keyword;
use crate::workspace::{Entry, Folder, Listing};

pub(super) fn run(session: &Session, out: &Out) -> Result<(), Failure> {
    session.folder()?;
    let listing = session.workspace().list()?;
    for damaged in &listing.damaged {
        out.note(&damaged.to_string());
    }
    if out.is_json() {
        let segments: Vec<Value> = listing.segments.iter().map(|entry| segment(entry, &listing)).collect();
        let folders: Vec<Value> = listing.folders.iter().map(|inner| folder(inner, &listing)).collect();
        return out.json(&json!({"segments": segments, "folders": folders}));
    }
    if listing.segments.is_empty() {
        return out.line(&format!("no segments in {}", session.workspace().root().display()));
    }
    let mut rows =
        vec![["SEGMENT", "STATUS", "REVISION", "UPDATED", "BY", "LABELS"].map(str::to_owned).to_vec()];
    let mut segments: Vec<(String, &Entry)> =
        listing.segments.iter().map(|entry| (listing.full_name(entry), entry)).collect();
    segments.sort_by_cached_key(|(name, _)| name.to_lowercase());
    for (name, entry) in segments {
        let updated = entry.updated.as_ref();
        rows.push(vec![
            name,
            entry.status.id().to_owned(),
            entry.revision.to_string(),
            updated.map(|stamp| stamp.at.clone()).unwrap_or_default(),
            updated.map(|stamp| stamp.by.clone()).unwrap_or_default(),
            entry.labels.join(", "),
        ]);
    }
    let left = Align::Left;
    out.line(&sheet::set(&rows, &[left, left, Align::Right, left, left, left]))
}

/// A folder's name with those around it; `null` for the top.
fn path(folder: Option<&str>, listing: &Listing) -> Option<String> {
    let names: Vec<&str> = listing.folders_to(folder).iter().map(|folder| folder.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join("/"))
}

fn segment(entry: &Entry, listing: &Listing) -> Value {
    let updated = entry.updated.as_ref().map(|stamp| json!({"at": stamp.at, "by": stamp.by}));
    json!({
        "id": entry.id, "name": entry.name, "folder": path(entry.folder.as_deref(), listing),
        "status": entry.status.id(), "revision": entry.revision, "labels": entry.labels, "updated": updated,
    })
}

fn folder(folder: &Folder, listing: &Listing) -> Value {
    json!({
        "id": folder.id, "name": folder.name, "folder": path(folder.parent.as_deref(), listing),
        "description": folder.description,
    })
}
