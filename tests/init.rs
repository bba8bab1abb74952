//! `segtui init`, the only command that writes into the folder of a database.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::command_line::Machine;

fn shop(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn run(machine: &Machine, arguments: &[&str]) -> (i32, Value) {
    let output = machine.command(&[arguments, &["--json"]].concat()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

const TABLES: [(&str, &str); 2] =
    [("customers.csv", "customer_id,city\n1,Graz\n"), ("orders.csv", "customer_id,n\n1,2\n")];

#[test]
fn it_writes_one_file_and_never_over_one() {
    let (machine, shop) = (Machine::new(), shop(&TABLES));
    let folder = shop.path().to_str().unwrap();
    let (code, refused) = run(&machine, &["init", folder, "--read-only"]);
    assert_eq!((code, names(shop.path()).len()), (2, 2), "{refused}");
    let before = run(&machine, &["tables", "--data", folder]).1;

    let (code, written) = run(&machine, &["init", folder]);
    assert_eq!((code, &written["tables"], &written["activation_id"]), (0, &2.into(), &"customer_id".into()));
    assert_eq!(names(shop.path()), ["customers.csv", "database.toml", "orders.csv"]);
    assert_eq!(run(&machine, &["tables", "--data", folder]).1, before, "it changes nothing");

    let manifest = shop.path().join("database.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let (code, refused) = run(&machine, &["init", folder]);
    assert_eq!(code, 1);
    assert!(refused["error"]["message"].as_str().unwrap().contains("left as it is"), "{refused}");
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
    fs::write(&manifest, " \n").unwrap();
    assert_eq!(run(&machine, &["init", folder]).0, 0, "one that says nothing can go");
    assert_eq!(fs::read_to_string(&manifest).unwrap(), text);
}

#[test]
fn it_says_what_to_do_next() {
    let (machine, shop) = (Machine::new(), shop(&[("a.csv", "id,x\n1,2\n"), ("b.csv", "id,user_id\n1,2\n")]));
    let folder = shop.path().to_str().unwrap();
    let output = machine.command(&["init", folder]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("2 tables") && text.contains("activation ID"), "{text}");
    let written = fs::read_to_string(shop.path().join("database.toml")).unwrap();
    assert!(written.contains("# id = \"user_id\""), "{written}");
    assert!(written.contains("candidates are"), "{written}");
    let help = String::from_utf8(machine.command(&["--help"]).output().unwrap().stdout).unwrap();
    assert!(help.contains("init"), "{help}");
}
