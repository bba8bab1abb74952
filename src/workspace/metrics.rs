//! Custom metrics, which `workspace.json` keeps for all who use the workspace.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::error::{Damaged, WorkspaceError};
use super::names::{same_name, validate_name};
use super::record::{self, Record};
use super::{Workspace, text};
use crate::backend::{MOST_METRICS, Metric};

/// The key under which they are.
const KEY: &str = "metrics";

/// What becomes of a custom metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricChange {
    /// A further one.
    Add(Metric),
    /// Another one in the place of this one.
    Replace {
        /// As it was when it was looked at.
        before: Metric,
        /// As it is to be.
        after: Metric,
    },
    /// It goes.
    Remove(Metric),
}

impl Workspace {
    /// The custom metrics of all databases, in their order. Without a workspace there are none.
    ///
    /// # Errors
    /// `workspace.json` cannot be read, or one of them cannot be understood.
    pub fn metrics(&self) -> Result<Vec<Metric>, WorkspaceError> {
        let (metrics, damaged) = self.readable_metrics()?;
        match damaged {
            Some(damaged) => Err(damaged.into()),
            None => Ok(metrics),
        }
    }

    /// Those that can be understood, and what is wrong with the first that cannot.
    ///
    /// # Errors
    /// `workspace.json` cannot be read.
    pub(crate) fn readable_metrics(&self) -> Result<(Vec<Metric>, Option<Damaged>), WorkspaceError> {
        let path = self.source().join("workspace.json");
        let Some(record) = Record::read(&path, record::WORKSPACE)? else { return Ok((Vec::new(), None)) };
        let stored = match stored(&record, &path) {
            Ok(stored) => stored,
            Err(damaged) => return Ok((Vec::new(), Some(damaged))),
        };
        let mut damaged = None;
        let mut metrics = Vec::with_capacity(stored.len());
        for (at, value) in stored.iter().enumerate() {
            match serde_json::from_value(value.clone()) {
                Ok(metric) => metrics.push(metric),
                Err(error) => {
                    let message = format!("the custom metric at position {} says: {error}", at + 1);
                    damaged.get_or_insert_with(|| damaged_metrics(&path, &message));
                }
            }
        }
        Ok((metrics, damaged))
    }

    /// Adds, replaces or removes a custom metric. What else is in `workspace.json` stays as it is, metrics of other
    /// databases and keys that this program does not know included; the file is read and written while no other
    /// writer can.
    ///
    /// # Errors
    /// The name is no name, or taken; there are as many as there may be; somebody else has changed or removed the
    /// metric since it was looked at; `workspace.json` is damaged or of a newer format; nothing is written in this
    /// mode; the file system refuses.
    pub fn change_metric(&self, change: &MetricChange) -> Result<(), WorkspaceError> {
        if let MetricChange::Add(metric) | MetricChange::Replace { after: metric, .. } = change {
            validate_name(&metric.name)?;
        }
        let _lock = self.begin_write()?;
        let path: PathBuf = self.root().join("workspace.json");
        let mut record =
            Record::read(&path, record::WORKSPACE)?.unwrap_or_else(|| Record::new(record::WORKSPACE));
        let mut metrics = stored(&record, &path)?;
        apply(change, &mut metrics)?;
        record.set(KEY, metrics).write(&path)
    }
}

/// What stands under the key.
fn stored(record: &Record, path: &Path) -> Result<Vec<Value>, Damaged> {
    match record.value(KEY) {
        None => Ok(Vec::new()),
        Some(Value::Array(metrics)) => Ok(metrics.clone()),
        Some(_) => Err(damaged_metrics(path, "\"metrics\" is no list")),
    }
}

fn damaged_metrics(path: &Path, message: &str) -> Damaged {
    text::damaged(path, 0, 0, message)
}

fn apply(change: &MetricChange, metrics: &mut Vec<Value>) -> Result<(), WorkspaceError> {
    match change {
        MetricChange::Add(metric) => {
            is_free(metric, None, metrics)?;
            let count = metrics.iter().filter(|value| is_beside(value, metric)).count();
            if count >= MOST_METRICS {
                let message = format!("there are {MOST_METRICS} custom metrics, as many as there may be");
                return Err(WorkspaceError::invalid(message, "delete one first"));
            }
            metrics.push(Value::Object(written(metric, Map::new())));
        }
        MetricChange::Replace { before, after } => {
            let at = position(before, metrics)?;
            is_free(after, Some(at), metrics)?;
            if let Some(Value::Object(known)) = metrics.get(at).cloned() {
                let value = Value::Object(written(after, known));
                metrics.splice(at..=at, [value]);
            }
        }
        MetricChange::Remove(metric) => {
            let at = position(metric, metrics)?;
            metrics.splice(at..=at, []);
        }
    }
    Ok(())
}

/// Where it is, as it was looked at.
fn position(metric: &Metric, metrics: &[Value]) -> Result<usize, WorkspaceError> {
    let at = metrics.iter().position(|value| is_beside(value, metric) && has_name(value, &metric.name));
    let changed = |what: &str| {
        let message = format!("somebody else has {what} the custom metric {:?} since", metric.name);
        WorkspaceError::invalid(message, "look at it as it is now, and try again")
    };
    let at = at.ok_or_else(|| changed("removed"))?;
    let now = metrics.get(at).and_then(|value| serde_json::from_value::<Metric>(value.clone()).ok());
    if now.as_ref() == Some(metric) { Ok(at) } else { Err(changed("changed")) }
}

/// Whether no other metric beside it has its name.
fn is_free(metric: &Metric, own: Option<usize>, metrics: &[Value]) -> Result<(), WorkspaceError> {
    let is_taken = |(at, value): (usize, &Value)| {
        Some(at) != own && is_beside(value, metric) && has_name(value, &metric.name)
    };
    if metrics.iter().enumerate().any(is_taken) {
        let message = format!("there is a custom metric {:?} already", metric.name);
        return Err(WorkspaceError::invalid(message, "choose another name"));
    }
    Ok(())
}

/// Whether a stored metric is of the same database and activation ID.
fn is_beside(value: &Value, metric: &Metric) -> bool {
    let is = |key: &str, text: &str| value.get(key).and_then(Value::as_str) == Some(text);
    is("database", &metric.database) && is("activation_id", &metric.activation_id)
}

fn has_name(value: &Value, name: &str) -> bool {
    value.get("name").and_then(Value::as_str).is_some_and(|known| same_name(known, name))
}

/// A metric as it is stored, in place of one that may have keys which this program does not know.
fn written(metric: &Metric, mut known: Map<String, Value>) -> Map<String, Value> {
    if let Ok(Value::Object(keys)) = serde_json::to_value(metric) {
        known.extend(keys);
    }
    known
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::backend::{MetricFormat, MetricFunction, MetricKind};

    fn metric(name: &str) -> Metric {
        Metric {
            database: "nasty".to_owned(),
            activation_id: "amperity_id".to_owned(),
            name: name.to_owned(),
            kind: MetricKind::Number,
            table: "Customer_360".to_owned(),
            column: Some("points".to_owned()),
            function: MetricFunction::Avg,
            format: MetricFormat::Integer,
            unit: String::new(),
        }
    }

    fn file(workspace: &Workspace) -> Value {
        let text = fs::read_to_string(workspace.root().join("workspace.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn workspace() -> (tempfile::TempDir, Workspace) {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(root.path().join("workspace"), false);
        (root, workspace)
    }

    #[test]
    fn metrics_are_added_changed_and_removed() {
        let (_root, workspace) = workspace();
        assert_eq!(workspace.metrics().unwrap(), []);
        let [a, b] = ["A", "B"].map(metric);
        workspace.change_metric(&MetricChange::Add(a.clone())).unwrap();
        workspace.change_metric(&MetricChange::Add(b.clone())).unwrap();
        let taken = workspace.change_metric(&MetricChange::Add(metric("b"))).unwrap_err();
        assert_eq!(taken.to_string(), "there is a custom metric \"b\" already");
        let after =
            Metric { name: "C".to_owned(), column: None, function: MetricFunction::Rows, ..a.clone() };
        let change = MetricChange::Replace { before: a.clone(), after: after.clone() };
        workspace.change_metric(&change).unwrap();
        assert_eq!(workspace.metrics().unwrap(), [after.clone(), b.clone()]);
        assert_eq!(workspace.list().unwrap().metrics, [after.clone(), b.clone()]);
        // Somebody else was faster.
        let gone = workspace.change_metric(&change).unwrap_err();
        assert_eq!(gone.to_string(), "somebody else has removed the custom metric \"A\" since");
        let other = Metric { unit: "x".to_owned(), ..b.clone() };
        let changed = workspace.change_metric(&MetricChange::Remove(other)).unwrap_err();
        assert_eq!(changed.to_string(), "somebody else has changed the custom metric \"B\" since");
        workspace.change_metric(&MetricChange::Remove(b)).unwrap();
        assert_eq!(workspace.metrics().unwrap(), [after]);
    }

    #[test]
    fn what_else_stands_there_stays() {
        let (_root, workspace) = workspace();
        fs::create_dir(workspace.root()).unwrap();
        let foreign =
            json!({"database": "other", "activation_id": "amperity_id", "name": "A", "kind": "pie"});
        let mut known = serde_json::to_value(metric("A")).unwrap();
        known["colour"] = json!("green");
        let stored = json!({
            "format": "segtui/workspace", "version": 1, "tracked": ["seg_1"], "metrics": [foreign, known],
        });
        fs::write(workspace.root().join("workspace.json"), stored.to_string()).unwrap();
        let said = workspace.metrics().unwrap_err().to_string();
        assert!(said.starts_with("the custom metric at position 1 says: unknown variant `pie`"), "{said}");
        let listing = workspace.list().unwrap();
        assert_eq!((listing.metrics.len(), listing.damaged.len()), (1, 1));
        let after = Metric { unit: "points".to_owned(), ..metric("A") };
        workspace.change_metric(&MetricChange::Replace { before: metric("A"), after }).unwrap();
        let now = file(&workspace);
        assert_eq!(now["tracked"], stored["tracked"]);
        assert_eq!(now["metrics"][0], foreign);
        assert_eq!(
            (&now["metrics"][1]["colour"], &now["metrics"][1]["unit"]),
            (&json!("green"), &json!("points"))
        );
    }

    #[test]
    fn there_are_at_most_ten_for_a_database_and_activation_id() {
        let (_root, workspace) = workspace();
        for number in 0..MOST_METRICS {
            workspace.change_metric(&MetricChange::Add(metric(&format!("M{number}")))).unwrap();
        }
        let refused = workspace.change_metric(&MetricChange::Add(metric("One more"))).unwrap_err();
        assert_eq!(refused.to_string(), "there are 10 custom metrics, as many as there may be");
        let other = Metric { activation_id: "household_id".to_owned(), ..metric("One more") };
        workspace.change_metric(&MetricChange::Add(other)).unwrap();
        assert_eq!(workspace.metrics().unwrap().len(), 11);
    }

    #[test]
    fn a_file_that_is_damaged_or_newer_is_left_as_it_is() {
        for text in
            ["{ \"format\": ", "{\"version\": 2}", "{\"version\": 1, \"metrics\": {}}", "[1]", "\u{0}"]
        {
            let (_root, workspace) = workspace();
            fs::create_dir(workspace.root()).unwrap();
            let path = workspace.root().join("workspace.json");
            fs::write(&path, text).unwrap();
            workspace.change_metric(&MetricChange::Add(metric("A"))).unwrap_err();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        let (_root, workspace) = workspace();
        let read_only = Workspace::new(workspace.root(), true);
        let refused = read_only.change_metric(&MetricChange::Add(metric("A"))).unwrap_err();
        assert_eq!(refused.to_string(), "nothing is saved in read-only mode");
        assert!(!workspace.root().exists());
    }

    #[test]
    fn two_writers_lose_nothing_of_each_other() {
        let (_root, workspace) = workspace();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let workspace = workspace.clone();
                scope.spawn(move || {
                    for number in 0..2 {
                        let name = format!("{writer}-{number}");
                        workspace.change_metric(&MetricChange::Add(metric(&name))).unwrap();
                    }
                });
            }
        });
        assert_eq!(workspace.metrics().unwrap().len(), 8);
    }

    fn any_metric() -> impl Strategy<Value = Metric> {
        let kind = prop_oneof![Just(MetricKind::Number), Just(MetricKind::Bars)];
        let function = prop::sample::select(vec![
            MetricFunction::Rows,
            MetricFunction::Count,
            MetricFunction::Distinct,
            MetricFunction::Sum,
            MetricFunction::Avg,
            MetricFunction::Min,
            MetricFunction::Max,
        ]);
        let format =
            prop::sample::select(vec![MetricFormat::Integer, MetricFormat::Money, MetricFormat::Percent]);
        let text = "\\PC{0,12}";
        (
            ("[a-b]", "[x-y]", "[^\\p{C}\\s]\\PC{0,8}", kind),
            (text, prop::option::of(text), function, format, text),
        )
            .prop_map(
                |((database, activation_id, name, kind), (table, column, function, format, unit))| Metric {
                    database,
                    activation_id,
                    name,
                    kind,
                    table,
                    column,
                    function,
                    format,
                    unit,
                },
            )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn whatever_is_written_is_read_again(metrics in prop::collection::vec(any_metric(), 1..8)) {
            let (_root, workspace) = workspace();
            let mut known: Vec<Metric> = Vec::new();
            for metric in metrics {
                let is_beside = |other: &&Metric| {
                    other.database == metric.database && other.activation_id == metric.activation_id
                };
                let is_taken = known.iter().filter(is_beside).any(|other| same_name(&other.name, &metric.name));
                let added = workspace.change_metric(&MetricChange::Add(metric.clone()));
                prop_assert_eq!(added.is_err(), is_taken);
                if !is_taken {
                    known.push(metric);
                }
                prop_assert_eq!(&workspace.metrics().unwrap(), &known);
            }
            while let Some(last) = known.pop() {
                workspace.change_metric(&MetricChange::Remove(last)).unwrap();
                prop_assert_eq!(&workspace.metrics().unwrap(), &known);
            }
        }
    }
}
