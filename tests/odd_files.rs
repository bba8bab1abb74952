//! Databases in which something else stands where a file should: it is named, and the rest works.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::command_line::{Machine, code, conformance, document, lines, stderr, stdout};

const KINDS: [&str; 4] = ["a named pipe", "a device", "a socket", "No such file"];

/// Puts something that is no file there.
fn put(kind: &str, path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    match kind {
        "a named pipe" => nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRWXU).unwrap(),
        "a device" => symlink("/dev/zero", path).unwrap(),
        "a socket" => drop(UnixListener::bind(path).unwrap()),
        _ => symlink("nowhere", path).unwrap(),
    }
}

fn database(machine: &Machine) -> PathBuf {
    let folder = machine.home().join("data");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("Customers.csv"), "customer_id,city\n1,Oslo\n2,Paris\n").unwrap();
    folder
}

/// All customers of that database.
fn segment(machine: &Machine) -> String {
    let mut segment = document(json!([]));
    segment["database"] = "data".into();
    segment["activation_id"] = "customer_id".into();
    machine.file("all.json", &segment.to_string())
}

#[test]
fn a_table_that_is_no_file_says_what_it_is() {
    for kind in KINDS {
        for name in ["odd.csv", "odd.csv.gz", "odd.csv.zst", "odd.parquet", "odd/part-2.csv"] {
            let machine = Machine::new();
            let folder = database(&machine);
            put(kind, &folder.join(name));
            if name.contains('/') {
                fs::write(folder.join("odd/part-1.csv"), "customer_id,x\n1,2\n").unwrap();
            }
            let data = folder.to_str().unwrap();
            let output = machine.run(&["tables", "--json", "--data", data]);
            let [answer] = lines(&output).try_into().unwrap();
            let error =
                |table: usize| answer["tables"][table]["error"].as_str().unwrap_or_default().to_owned();
            assert!(error(1).contains(kind) && error(0).is_empty(), "{kind} as {name}: {answer}");
            let output = machine.run(&["count", "--json", &segment(&machine), "--data", data]);
            assert_eq!(lines(&output)[0]["unique_customers"], 2, "{kind} as {name}");
        }
    }
}

#[test]
fn a_manifest_that_is_no_file_says_what_it_is() {
    for kind in ["a named pipe", "a device", "a socket", "a folder", "larger than"] {
        let machine = Machine::new();
        let manifest = database(&machine).join("database.toml");
        match kind {
            "a folder" => fs::create_dir(&manifest).unwrap(),
            // A file of that size takes no room on the disk, and would take all memory.
            "larger than" => fs::File::create(&manifest).unwrap().set_len(1 << 40).unwrap(),
            kind => put(kind, &manifest),
        }
        let data = manifest.parent().unwrap().to_str().unwrap().to_owned();
        let output = machine.run(&["tables", "--json", "--data", &data]);
        assert_eq!(code(&output), 1);
        let error: &Value = &lines(&output)[0]["error"]["message"];
        let error = error.as_str().unwrap();
        assert!(error.contains("database.toml") && error.contains(kind), "{}", stdout(&output));
    }
}

#[test]
fn a_path_that_leads_to_no_file_says_to_what() {
    let machine = Machine::new();
    let pipe = machine.home().join("pipe");
    put("a named pipe", &pipe);
    for (path, is) in [(pipe.as_path(), "a named pipe"), (machine.home(), "a folder")] {
        let output = machine.run(&["count", "--json", path.to_str().unwrap()]);
        let error = lines(&output)[0]["error"]["message"].to_string();
        assert!(code(&output) == 1 && error.contains(is), "{error}");
    }
}

#[test]
fn what_a_damaged_file_makes_a_library_say_is_said_by_the_program() {
    let machine = Machine::new();
    let folder = database(&machine);
    let whole = fs::read(conformance("parquet/Customer_360.parquet")).unwrap();
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..30 {
        let mut bytes = whole.clone();
        let at = bytes.len() - 8 - random.usize(0..3000);
        bytes[at] = random.u8(..);
        fs::write(folder.join("t.parquet"), &bytes).unwrap();
        let output = machine.run(&["tables", "--data", folder.to_str().unwrap()]);
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    }
}
