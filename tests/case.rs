//! Cases: made, opened elsewhere, answered again; what is hidden; files that are none.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use segtui::backend::{Backend, BackendError, Cancel, CaseContent, Explain, Explanation, MakeCase, Task};
use segtui::local::Engine;
use segtui::runtime::open::{LocalOpener, OpenBackend as _};
use segtui::workspace::Workspace;
use serde_json::Value;

use crate::command_line::{Machine, code, in_city, stderr, stdout};
use crate::conformance::{self, Case};

fn engine(case: &Case) -> Engine {
    let folder = conformance::folder(case.db.as_deref(), "parquet");
    Engine::new(conformance::open(&folder)).with_workspace_files(conformance::workspace())
}

fn make(engine: &Engine, case: &Case, ids: &[&str], hide: &[&str]) -> Result<CaseContent, BackendError> {
    let question = MakeCase {
        segment: Arc::new(case.segment.clone()),
        as_of: case.as_of,
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        hide: hide.iter().map(|name| (*name).to_owned()).collect(),
    };
    engine.make_case(&question, Task::new(&Cancel::default()))
}

/// The files in a folder, opened as a case is.
fn reopened(content: &CaseContent, into: &Path) -> Arc<dyn Backend> {
    for file in &content.files {
        let path = into.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.bytes).unwrap();
    }
    let opener = LocalOpener::new(Workspace::new(into.join("workspace"), true));
    let read = segtui::backend::ReadTask { report: &|_| {}, is_cancelled: &|| false };
    opener.open(&into.join("database"), read).unwrap()
}

fn explain(backend: &dyn Backend, case: &Case, ids: &[&str]) -> Explanation {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    let question = Explain { segment: Arc::new(case.segment.clone()), as_of: case.as_of, ids };
    backend.explain(&question, Task::new(&Cancel::default())).unwrap()
}

/// All but messages about what has a problem, which name other places.
fn customers(explanation: &Explanation) -> String {
    format!("{:?}", explanation.customers)
}

#[test]
fn a_case_answers_elsewhere_as_it_was_made() {
    let (mut made, mut hidden) = (0, 0);
    for (number, case) in conformance::cases().iter().enumerate() {
        let engine = engine(case);
        let Ok(members) = engine.members(&case.segment, case.as_of, &Cancel::default()) else { continue };
        let ids = ["C008", "C047", "ORPHAN-1", "nobody", members.first().map_or("007", String::as_str)];
        let ids: Vec<&str> = BTreeSet::from(ids).into_iter().collect();
        let content =
            make(&engine, case, &ids, &[]).unwrap_or_else(|error| panic!("{}: {error:?}", case.name));
        let place = tempfile::tempdir().unwrap();
        let again = explain(&*reopened(&content, place.path()), case, &ids);
        assert_eq!(customers(&again), customers(&content.explanation), "{}", case.name);
        let member = |explanation: &Explanation| {
            let customers = explanation.customers.iter();
            customers
                .filter(|customer| customer.verdict.is_member)
                .map(|customer| customer.id.clone())
                .collect()
        };
        let of_whole: Vec<String> = member(&explain(&engine, case, &ids));
        assert_eq!(of_whole, member(&again), "{}", case.name);
        made += 1;
        // Where the values cannot be hidden that is said; where they can, the answer is the same.
        if number % 5 == 0
            && let Ok(content) = make(&engine, case, &ids, &["email", "city"])
        {
            let place = tempfile::tempdir().unwrap();
            let again = explain(&*reopened(&content, place.path()), case, &ids);
            assert_eq!(customers(&again), customers(&content.explanation), "{}", case.name);
            assert_eq!(of_whole, member(&again), "{}", case.name);
            hidden += 1;
        }
    }
    assert!(made > 250 && hidden > 20, "{made} {hidden}");
}

/// The bytes of all files, and all values in their tables, as text.
fn everything(files: &[(String, Vec<u8>)], backend: &Engine) -> String {
    let mut all: String =
        files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    for table in &backend.database().tables {
        let columns: Vec<&str> = table.columns().map(|column| column.name.as_str()).collect();
        let rows = backend.database().texts(table, &columns).unwrap();
        rows.into_iter().flatten().flatten().for_each(|value| all.extend(["\n", &value]));
    }
    all
}

fn values(engine: &Engine, table: &str, column: &str, id: &str) -> Vec<String> {
    let table = engine.database().table(table).unwrap();
    let rows = engine.database().texts(table, &["amperity_id", column]).unwrap();
    let own = rows.into_iter().filter(|row| row[0].as_deref() == Some(id));
    own.filter_map(|row| row[1].clone()).filter(|value| !value.trim().is_empty()).collect()
}

fn attribute(column: &str, op: &str, value: &Value) -> Value {
    let mut test = serde_json::json!({"attribute": {"table": "Customer_360", "column": column}, "op": op});
    if !value.is_null() {
        test["value"] = value.clone();
    }
    test
}

/// The files of a case that the program wrote, and the engine on them.
fn written(machine: &Machine, segment: &str, hide: &[&str]) -> (Vec<(String, Vec<u8>)>, Engine) {
    let zip = machine.home().join(format!("{}.zip", hide.len()));
    let zip = zip.to_str().unwrap();
    let hide = hide.join(",");
    let mut arguments = vec!["case", segment, "C006", "-o", zip];
    arguments.extend((!hide.is_empty()).then_some(["--hide", &hide]).iter().flatten());
    let output = machine.run(&arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let output = bare(machine, &["explain", zip, "--json"]);
    assert_eq!(code(&output), 0, "{} {}", stdout(&output), stderr(&output));
    let files = unpacked(Path::new(zip));
    let place = machine.home().join(format!("{hide} unpacked"));
    for (path, bytes) in &files {
        let path = place.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    (files, Engine::new(conformance::open(&place.join("database"))))
}

/// What each line came to.
fn results(files: &[(String, Vec<u8>)]) -> Vec<(String, Value)> {
    fn walk(value: &Value, found: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(object) => {
                let of_line = object.get("place").and_then(Value::as_str);
                found.extend(of_line.map(|place| (place.to_owned(), object["result"].clone())));
                object.values().for_each(|inner| walk(inner, found));
            }
            Value::Array(of) => of.iter().for_each(|inner| walk(inner, found)),
            _ => {}
        }
    }
    let (_, bytes) = files.iter().find(|(path, _)| path == "case.json").unwrap();
    let document: Value = serde_json::from_slice(bytes).unwrap();
    let mut found = vec![("member".to_owned(), document["answers"][0]["member"].clone())];
    walk(&document["answers"], &mut found);
    found
}

#[test]
fn what_is_hidden_is_nowhere_and_nobody_else_is_in_it() {
    let machine = Machine::new();
    let of = [
        attribute("email", "is_not_null", &Value::Null),
        attribute("phone", "is_in_list", &serde_json::json!(["1", "2"])),
        attribute("city", "is_in_list", &serde_json::json!(["Madison", "Seattle"])),
        attribute("city", "contains", &serde_json::json!("adiso")),
        attribute("city", "is_not_in_list", &serde_json::json!(["Madison"])),
        serde_json::json!({"list": {"file": "vip.csv"}, "op": "is_member"}),
    ];
    let segment = machine.segment("x.json", serde_json::json!([{"match": "any", "of": of}]));
    let hide = ["email", "phone", "city", "surname"];
    let (plain, all_shown) = written(&machine, &segment, &[]);
    let (hidden, opened) = written(&machine, &segment, &hide);
    assert_eq!(results(&plain), results(&hidden));
    assert!(results(&plain).len() > of.len());

    // With those that are looked at others stand in; what nothing looks at is left out.
    let customers = opened.database().table("Customer_360").unwrap();
    assert!(customers.column("city").is_some() && customers.column("surname").is_none());

    let (shown, all) = (everything(&plain, &all_shown), everything(&hidden, &opened));
    let whole = Engine::new(conformance::open(&conformance::folder(None, "csv")));
    for column in hide {
        let values = values(&whole, "Customer_360", column, "C006");
        assert!(!values.is_empty(), "{column}: otherwise this proves nothing");
        for value in values {
            assert!(shown.contains(&value), "{value}: otherwise this proves nothing");
            assert!(!all.to_lowercase().contains(&value.to_lowercase()), "{value}");
        }
    }
    let everybody = whole.database().table("Customer_360").unwrap();
    let ids = whole.database().texts(everybody, &["amperity_id"]).unwrap();
    let ids: BTreeSet<String> =
        ids.into_iter().flatten().flatten().filter(|id| id.starts_with("C0")).collect();
    assert!(ids.len() > 50 && ids.contains("C006"));
    for (text, engine) in [(&shown, &all_shown), (&all, &opened)] {
        let named: Vec<&String> = ids.iter().filter(|id| text.contains(id.as_str())).collect();
        assert_eq!(named, ["C006"]);
        for table in &engine.database().tables {
            if let Some(id) = table.id_column("amperity_id") {
                let ids = engine.database().texts(table, &[id]).unwrap();
                assert!(ids.iter().all(|row| row[0].as_deref() == Some("C006")), "{}", table.name);
            }
        }
    }
}

#[test]
fn what_cannot_be_hidden_is_refused() {
    let case = &conformance::cases()[0];
    let engine = engine(case);
    let refused = |case: &Case, hide: &str| {
        make(&engine, case, &["C008"], &[hide]).map(|content| content.hidden).unwrap_err().to_string()
    };
    assert!(refused(case, "amperity_id").contains("is the activation ID"));
    assert!(refused(case, "Customer_360.amperity_id").contains("is the activation ID"));
    assert!(refused(case, "nothing").contains("no table of the case has a column"));
    let cities = values(&engine, "Customer_360", "city", "C008");
    let city = cities.first().cloned().unwrap_or_else(|| "chicago".to_owned());
    let asks = serde_json::json!({
        "format": "segtui/segment", "version": 1, "id": "x", "name": "x", "activation_id": "amperity_id",
        "include": {"match": "all", "of": [in_city(&city)]}, "exclude": {"match": "all", "of": []},
    });
    let segment = segtui::segment::Segment::from_json(&asks.to_string()).unwrap();
    let mut case = conformance::cases().swap_remove(0);
    case.segment = segment;
    let message = refused(&case, "city");
    assert!(message.contains("would be another one") || message.contains("is to be hidden"), "{message}");
}

/// Runs without a database and a workspace, with a folder for temporary files that must be empty afterwards.
fn bare(machine: &Machine, arguments: &[&str]) -> std::process::Output {
    let temporary = machine.home().join("temporary");
    fs::create_dir_all(&temporary).unwrap();
    let output = machine.command(arguments).env("TMPDIR", &temporary).output().unwrap();
    let left: Vec<_> = fs::read_dir(&temporary).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
    output
}

/// A machine with a case of a customer, and where it is.
fn sent(machine: &Machine) -> PathBuf {
    let file = machine.segment("x.json", serde_json::json!([in_city("chicago")]));
    let zip = PathBuf::from(&file).with_file_name("x.zip");
    let output = machine.run(&["case", &file, "C008", "-o", zip.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    zip
}

#[test]
fn a_case_is_sent_opened_and_answered_again() {
    let machine = Machine::new();
    let zip = sent(&machine);
    let zip = zip.to_str().unwrap();
    let output = bare(&machine, &["explain", zip, "--json"]);
    assert_eq!(code(&output), 0, "{} {}", stdout(&output), stderr(&output));
    let answer: Value = serde_json::from_str(stdout(&output).trim()).unwrap();
    assert_eq!((&answer["same"], &answer["differences"]), (&Value::Bool(true), &serde_json::json!([])));
    assert_eq!((&answer["id"], &answer["in_universe"]), (&"C008".into(), &true.into()));
    let tree = &answer["tree"]["of"][0]["of"][0];
    assert_eq!(
        (&tree["text"], &tree["rows"][0]["result"]),
        (&"City is exactly chicago".into(), &true.into())
    );
    let text = stdout(&bare(&machine, &["explain", zip]));
    assert!(text.starts_with("\"C008\" is a member of X\n") && text.contains("City Chicago"), "{text}");
    assert!(!text.contains("Exclude"), "an exclude without lines says nothing: {text}");
    assert!(text.contains("\nThe answer is the same as when the case was made, by segtui "), "{text}");
    let output = bare(&machine, &["count", "seg_x", "--data", zip, "--json"]);
    assert_eq!(code(&output), 0, "{} {}", stdout(&output), stderr(&output));
    let counts: Value = serde_json::from_str(stdout(&output).trim()).unwrap();
    assert_eq!(counts["all"]["unique_customers"], 1);
}

#[test]
fn an_answer_that_differs_is_told() {
    let machine = Machine::new();
    let zip = sent(&machine);
    let bytes = repacked(&zip, |path, bytes| match path {
        "case.json" => {
            let mut case: Value = serde_json::from_slice(&bytes).unwrap();
            let was = case["answers"][0]["member"].as_bool().unwrap();
            case["answers"][0]["member"] = Value::Bool(!was);
            serde_json::to_vec(&case).unwrap()
        }
        _ => bytes,
    });
    fs::write(&zip, bytes).unwrap();
    let output = bare(&machine, &["explain", zip.to_str().unwrap()]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("was a member"), "{}", stdout(&output));
}

#[test]
fn who_is_no_customer_is_said() {
    let machine = Machine::new();
    let file = machine.segment("x.json", serde_json::json!([in_city("chicago")]));
    let zip = machine.home().join("n.zip");
    let zip = zip.to_str().unwrap();
    let output = machine.run(&["case", &file, "nobody", "-o", zip]);
    assert_eq!(code(&output), 1, "{}", stdout(&output));
    let said = stderr(&output);
    assert!(
        said.contains("\"nobody\" is unknown: no table has this id") && said.contains("name ids"),
        "{said}"
    );
    assert!(!Path::new(zip).exists());
    let output = bare(&machine, &["explain", zip]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("there is no file "), "{}", stderr(&output));

    let output = machine.run(&["case", &file, "C008", "nobody", "ORPHAN-1", "-o", zip]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    for part in ["note: \"nobody\" is unknown", "note: \"ORPHAN-1\" is no "] {
        assert!(stderr(&output).contains(part), "{}", stderr(&output));
    }
    let output = bare(&machine, &["explain", zip]);
    let text = stdout(&output);
    assert!(text.contains("\"nobody\" is unknown") && !text.contains("nobody is not in"), "{text}");
    assert!(text.ends_with(&format!("by segtui {}.\n", env!("CARGO_PKG_VERSION"))), "{text}");
    let answers = stdout(&bare(&machine, &["explain", zip, "--json"]));
    let answers: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_customer: Vec<&Value> = answers.iter().map(|answer| &answer["in_universe"]).collect();
    assert_eq!(
        (is_customer, answers.iter().all(|answer| answer["same"] == true)),
        (vec![&true.into(), &false.into(), &false.into()], true)
    );
}

#[test]
fn a_zip_has_a_possible_day() {
    let machine = Machine::new();
    let bytes = fs::read(sent(&machine)).unwrap();
    // Days are in the headers as years since 1980, months and days from one on.
    assert_eq!(&bytes[..4], b"PK\x03\x04");
    assert_eq!(u16::from_le_bytes([bytes[12], bytes[13]]), 1 << 5 | 1);
}

#[test]
fn files_that_are_not_those_of_the_case_are_told() {
    let machine = Machine::new();
    let zip = sent(&machine);
    let files = unpacked(&zip);
    let table = "database/Customer_360.parquet";
    assert!(files.iter().any(|(path, _)| path == table), "{:?}", files.iter().map(|file| &file.0));
    let told = |name: &str, files: &[(String, Vec<u8>)]| {
        fs::write(&zip, packed(files)).unwrap();
        let output = bare(&machine, &["explain", zip.to_str().unwrap()]);
        assert_eq!(code(&output), 1, "{name}: {}", stdout(&output));
        assert!(!stdout(&output).contains("same"), "{name}: {}", stdout(&output));
        stderr(&output)
    };
    for (path, _) in files.iter().filter(|(path, _)| path != "case.json") {
        let missing: Vec<_> = files.iter().filter(|file| file.0 != *path).cloned().collect();
        let message = told("missing", &missing);
        assert!(message.contains(&format!("{path:?} is missing")), "{message}");

        let mut damaged = files.clone();
        let bytes = &mut damaged.iter_mut().find(|file| file.0 == *path).unwrap().1;
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        let message = told("damaged", &damaged);
        assert!(message.contains(&format!("{path:?} is not as it was when the case was made")), "{message}");
    }
    let extra = [files.clone(), vec![("database/more.csv".to_owned(), b"a\n1\n".to_vec())]].concat();
    let message = told("extra", &extra);
    assert!(message.contains("\"database/more.csv\" is not of the case"), "{message}");
    let without = changed(&files, |path, bytes| match path {
        "case.json" => {
            let mut case: Value = serde_json::from_slice(&bytes).unwrap();
            case.as_object_mut().unwrap().remove("files").unwrap();
            serde_json::to_vec(&case).unwrap()
        }
        _ => bytes,
    });
    let message = told("no files", &without);
    assert!(message.contains("its case.json is incomplete"), "{message}");
    // Otherwise all of this proves nothing.
    fs::write(&zip, packed(&files)).unwrap();
    assert_eq!(code(&bare(&machine, &["explain", zip.to_str().unwrap()])), 0);
}

#[test]
fn documents_of_a_case_name_nobody_else() {
    let machine = Machine::new();
    let one_of = |ids: &[&str], op: &str| attribute("amperity_id", op, &serde_json::json!(ids));
    let of = [
        one_of(&["C006", "C007", "C008"], "is_in_list"),
        one_of(&["C009", "C010"], "is_in_list"),
        one_of(&["C011", "C012"], "is_not_in_list"),
        serde_json::json!({
            "attribute": {"table": "Customer_360", "column": "city"}, "op": "is_not_null",
            "where": [{"column": "amperity_id", "op": "is_in_list", "value": ["c006", "C013"]}],
        }),
    ];
    let file = machine.segment("x.json", serde_json::json!([{"match": "any", "of": of}]));
    let mut document: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    document["tests"] = serde_json::json!([{"ids": ["C014"], "member": true}]);
    fs::write(&file, serde_json::to_vec(&document).unwrap()).unwrap();
    let (files, _) = written(&machine, &file, &[]);
    let text = |path: &str| {
        let (_, bytes) = files.iter().find(|file| file.0 == path).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    for path in ["workspace/segments/segment-1.segment.json", "README.txt", "case.json"] {
        for other in 7..15 {
            assert!(!text(path).contains(&format!("C0{other:02}")), "{path}: {}", text(path));
        }
    }
    let segment: Value = serde_json::from_str(&text("workspace/segments/segment-1.segment.json")).unwrap();
    assert!(segment.get("tests").is_none());
    let conditions = &segment["include"]["of"][0]["of"];
    let values: Vec<&Value> = (0..3).map(|at| &conditions[at]["value"]).collect();
    let expected = [["C006"], ["(left out)"], ["(left out)"]].map(|ids| serde_json::json!(ids));
    assert_eq!(values, expected.iter().collect::<Vec<_>>());
    assert_eq!(conditions[3]["where"][0]["value"], serde_json::json!(["c006"]));
    let member = results(&files).into_iter().map(|(_, result)| result).collect::<Vec<_>>();
    assert_eq!(member[0], Value::Bool(true));
    assert!(text("README.txt").contains("stand as they were written"));
}

fn unpacked(zip: &Path) -> Vec<(String, Vec<u8>)> {
    use std::io::Read as _;
    let bytes = fs::read(zip).unwrap();
    let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
    let (mut entries, mut files) = (archive.entries(), Vec::new());
    while let Some(entry) = entries.next_entry().unwrap() {
        let path = String::from_utf8(entry.file_path().as_bytes().to_vec()).unwrap();
        let found = archive.get_entry(entry.wayfinder()).unwrap();
        let mut content = Vec::new();
        flate2::bufread::DeflateDecoder::new(found.data()).read_to_end(&mut content).unwrap();
        files.push((path, content));
    }
    files
}

/// Files as a zip, as they are named.
fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    for (path, content) in files {
        let path = rawzip::path::EntryPath::verbatim(path.clone().into_bytes());
        let (mut entry, config) =
            archive.new_file(path).compression_method(rawzip::CompressionMethod::DEFLATE).start().unwrap();
        let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default());
        let mut writer = config.wrap(encoder);
        writer.write_all(content).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap()
}

fn repacked(zip: &Path, change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    packed(&changed(&unpacked(zip), change))
}

/// Files with other content.
fn changed(files: &[(String, Vec<u8>)], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<(String, Vec<u8>)> {
    files.iter().map(|(path, bytes)| (path.clone(), change(path, bytes.clone()))).collect()
}

#[test]
fn hostile_zips_are_refused_and_leave_nothing() {
    let machine = Machine::new();
    let zip = sent(&machine);
    let files = unpacked(&zip);
    let with = |path: &str, content: &[u8]| {
        packed(&[files.clone(), vec![(path.to_owned(), content.to_vec())]].concat())
    };
    let mut cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("no zip", b"hello".to_vec(), "is no zip"),
        ("half", fs::read(&zip).unwrap()[..2000].to_vec(), "is no zip"),
        ("twice", with("CASE.json", b"{}"), "twice"),
        ("bomb", with("big", &vec![0; 300 << 20]), "unpack to more"),
        ("nothing", packed(&[]), "has no case.json"),
    ];
    for path in ["../out", "/out", "C:/out", "a/../../out", "a\\..\\out", "a//b", "./out", "a\nb"] {
        cases.push((path, with(path, b"x"), "would not be in the folder"));
    }
    let newer = repacked(&zip, |path, bytes| match path {
        "case.json" => br#"{"format": "segtui/case", "version": 99}"#.to_vec(),
        _ => bytes,
    });
    cases.push(("newer", newer, "newer version"));
    let temporary = tempfile::tempdir().unwrap();
    for (name, bytes, expected) in cases {
        let file = temporary.path().join("hostile.zip");
        fs::write(&file, bytes).unwrap();
        let output = bare(&machine, &["explain", file.to_str().unwrap()]);
        assert_eq!(code(&output), 1, "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains(expected), "{name}: {}", stderr(&output));
        let left = fs::read_dir(temporary.path()).unwrap().count();
        assert_eq!(left, 1, "{name}");
    }
    assert!(!temporary.path().parent().unwrap().join("out").exists());
}
