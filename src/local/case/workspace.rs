//! The workspace of a case: the segment with all that it refers to.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series};

use super::files::parquet;
use super::hide::refused;
use crate::backend::{BackendError, CaseFile};
use crate::segment::{ConditionKind, ListSource, Lists, Node, Segment};

/// The segment, those that it refers to, and the lists and queries that all of them name. `lists` has the ids of the
/// case alone.
pub(super) fn files(
    segment: &Arc<Segment>,
    lists: &dyn Lists,
    activation_id: &str,
) -> Result<Vec<CaseFile>, BackendError> {
    let mut segments = BTreeMap::from([(segment.id.clone(), Arc::clone(segment))]);
    let (mut wanted, mut paths) = (vec![Arc::clone(segment)], HashSet::new());
    while let Some(segment) = wanted.pop() {
        for source in sources(&segment) {
            match source {
                ListSource::Segment(id) => {
                    if !segments.contains_key(id)
                        && let Ok(found) = lists.segment(id)
                    {
                        segments.insert(id.clone(), Arc::clone(&found));
                        wanted.push(found);
                    }
                }
                other => drop(paths.insert(other.clone())),
            }
        }
    }
    let mut files: Vec<CaseFile> = segments
        .values()
        .enumerate()
        .map(|(number, segment)| CaseFile {
            path: format!("workspace/segments/segment-{}.segment.json", number + 1),
            bytes: segment.to_json().into_bytes(),
        })
        .collect();
    let about = br#"{"format": "segtui/workspace", "version": 1}"#;
    files.push(CaseFile { path: "workspace/workspace.json".to_owned(), bytes: [about, &b"\n"[..]].concat() });
    for path in paths {
        files.extend(listed(&path, lists, activation_id)?);
    }
    Ok(files)
}

/// What a segment's lists name.
fn sources(segment: &Segment) -> Vec<&ListSource> {
    let nodes = segment.walk().into_iter();
    let sources = nodes.filter_map(|(_, node)| match node {
        Node::Condition(condition) => match &condition.kind {
            ConditionKind::List(list) => Some(&list.source),
            _ => None,
        },
        Node::Group(_) | Node::Unreadable(_) => None,
    });
    sources.collect()
}

/// An uploaded file or a query; `None` if it is not there.
fn listed(
    source: &ListSource,
    lists: &dyn Lists,
    activation_id: &str,
) -> Result<Option<CaseFile>, BackendError> {
    match source {
        ListSource::Segment(_) => Ok(None),
        ListSource::Query(path) => Ok(lists
            .query(path)
            .ok()
            .map(|text| CaseFile { path: format!("workspace/queries/{path}"), bytes: text.into_bytes() })),
        ListSource::File(path) => {
            let Ok(ids) = lists.file(path, activation_id) else { return Ok(None) };
            let bytes = ids_as(path, &ids, activation_id)?;
            Ok(Some(CaseFile { path: format!("workspace/lists/{path}"), bytes }))
        }
    }
}

/// Ids in the form that the ending of a file says.
fn ids_as(path: &str, ids: &[String], activation_id: &str) -> Result<Vec<u8>, BackendError> {
    let failed = |error: &dyn std::fmt::Display| refused(format!("{error}: {path}"), "try again");
    let name = path.to_lowercase();
    if name.ends_with(".parquet") {
        let column = Series::new(activation_id.into(), ids).into_column();
        let frame = DataFrame::new(ids.len(), vec![column]).map_err(|error| failed(&error))?;
        return parquet(path, frame);
    }
    let bare = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    let text = if bare.ends_with(".csv") || bare.ends_with(".tsv") {
        let mut writer =
            csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        let written = writer
            .write_record([activation_id])
            .and_then(|()| ids.iter().try_for_each(|id| writer.write_record([id])));
        written.map_err(|error| failed(&error))?;
        writer.into_inner().map_err(|error| failed(&error))?
    } else {
        ids.iter().flat_map(|id| [id.as_bytes(), b"\n"].concat()).collect()
    };
    if name.ends_with(".gz") {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        return packed.write_all(&text).and_then(|()| packed.finish()).map_err(|error| failed(&error));
    }
    if name.ends_with(".zst") {
        return zstd::encode_all(&*text, 0).map_err(|error| failed(&error));
    }
    Ok(text)
}
