//! Where `segtui members` writes: what is there stays what it is, and nothing half done is left.
#![cfg(unix)]

use std::fs;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::{Value, json};

use crate::command_line::{Machine, code, in_city, stderr, stdout};

/// More ids than a pipe takes.
const MANY: usize = 30_000;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn write(machine: &Machine, segment: &str, to: &Path) {
    let output = machine.run(&["members", segment, "-o", to.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

/// A database of that many customers, and a segment of all of them.
fn all_of_many(machine: &Machine) -> (String, String) {
    let data = machine.home().join("many");
    fs::create_dir(&data).unwrap();
    let rows: String = (0..MANY).map(|row| format!("{row},Oslo\n")).collect();
    fs::write(data.join("Customer_360.csv"), format!("amperity_id,city\n{rows}")).unwrap();
    (data.to_str().unwrap().to_owned(), machine.segment("all.json", json!([in_city("oslo")])))
}

fn end(child: u32) {
    let child = nix::unistd::Pid::from_raw(i32::try_from(child).unwrap());
    nix::sys::signal::kill(child, nix::sys::signal::Signal::SIGTERM).unwrap();
}

#[test]
fn files_are_private_and_keep_the_rights_that_they_have() {
    let machine = Machine::new();
    let segment = machine.segment("x.json", json!([in_city("chicago")]));
    let [new, old, link, target] =
        ["new.csv", "old.csv", "link.csv", "target.csv"].map(|name| machine.home().join(name));
    write(&machine, &segment, &new);
    assert_eq!(mode(&new), 0o600);
    fs::write(&old, "old").unwrap();
    fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).unwrap();
    write(&machine, &segment, &old);
    assert_eq!((mode(&old), fs::read(&old).unwrap()), (0o640, fs::read(&new).unwrap()));
    symlink("target.csv", &link).unwrap();
    write(&machine, &segment, &link);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&target).unwrap(), fs::read(&new).unwrap());
}

#[test]
fn nothing_is_written_into_a_database_through_a_link() {
    let machine = Machine::new();
    let (data, segment) = all_of_many(&machine);
    let [link, table] = [machine.home().join("out.csv"), Path::new(&data).join("new.csv")];
    symlink(&table, &link).unwrap();
    let arguments = ["members", &segment, "--data", &data, "-o", link.to_str().unwrap()];
    assert_eq!(code(&machine.run(&arguments)), 2);
    assert!(!table.exists());
}

#[test]
fn nothing_is_written_among_the_files_of_a_workspace() {
    let machine = Machine::new();
    let (data, segment) = all_of_many(&machine);
    let workspace = machine.home().join("ws");
    fs::create_dir_all(workspace.join("segments")).unwrap();
    let [link, inside] = [machine.home().join("out.csv"), workspace.join("segments/new.csv")];
    symlink(&inside, &link).unwrap();
    let workspace = workspace.to_str().unwrap();
    for path in [&link, &inside] {
        let path = path.to_str().unwrap();
        let output =
            machine.run(&["members", &segment, "--data", &data, "--workspace", workspace, "-o", path]);
        assert_eq!(code(&output), 2, "{path}: {}", stderr(&output));
        assert!(!inside.exists());
    }
}

#[test]
fn a_pipe_whose_reader_goes_away_is_an_error() {
    let machine = Machine::new();
    let (data, segment) = all_of_many(&machine);
    let pipe = machine.home().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let reader = thread::spawn({
        let pipe = pipe.clone();
        move || fs::File::open(pipe).unwrap().read_exact(&mut [0]).unwrap()
    });
    let output = machine.run(&["members", &segment, "--data", &data, "-o", pipe.to_str().unwrap()]);
    reader.join().unwrap();
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("error: the reader has gone: "), "{}", stderr(&output));
}

#[test]
fn a_pipe_gets_the_rows_and_stays_a_pipe() {
    let machine = Machine::new();
    let segment = machine.segment("x.json", json!([in_city("chicago")]));
    let pipe = machine.home().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let reader = thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    write(&machine, &segment, &pipe);
    assert_eq!(reader.join().unwrap(), stdout(&machine.run(&["members", &segment])));
    assert!(!fs::metadata(&pipe).unwrap().is_file());
    write(&machine, &segment, Path::new("/dev/null"));
    let output = machine.run(&["members", &segment, "-o", "/dev/stdout"]);
    assert_eq!(stdout(&output), stdout(&machine.run(&["members", &segment])));
}

#[test]
fn a_signal_ends_a_command_with_its_number() {
    let machine = Machine::new();
    let (data, segment) = all_of_many(&machine);
    // It cannot end by itself: nobody reads on.
    let mut command = machine.command(&["members", &segment, "--data", &data]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    end(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

#[test]
fn what_a_signal_stops_leaves_no_file_behind() {
    let machine = Machine::new();
    let (data, segment) = all_of_many(&machine);
    let folder = machine.home().join("out");
    fs::create_dir(&folder).unwrap();
    let old = folder.join("old.jsonl");
    for delay in [0, 5, 10, 20, 40, 80] {
        fs::write(&old, "old\n").unwrap();
        let arguments = ["members", &segment, "--data", &data, "-o", old.to_str().unwrap()];
        let mut child = machine.command(&arguments).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(delay));
        end(child.id());
        child.wait().unwrap();
        let text = fs::read_to_string(&old).unwrap();
        assert!(text == "old\n" || text.lines().count() == MANY, "{} lines", text.lines().count());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }
}

#[test]
fn a_terminal_is_shown_what_a_pipe_gets_as_it_is() {
    let machine = Machine::new();
    let hostile = "a\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}b";
    let data = machine.home().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("Customer_360.csv"), format!("amperity_id,city\n1,Oslo{hostile}\n")).unwrap();
    let segment = machine.segment("all.json", json!([]));
    let arguments = ["members", &segment, "--data", data.to_str().unwrap(), "--columns", "Customer_360.city"];
    assert!(stdout(&machine.run(&arguments)).contains(hostile));
    let lines = stdout(&machine.run(&[&arguments[..], &["--json"]].concat()));
    assert!(!lines.contains('\u{9b}') && !lines.contains('\u{202e}'));
    let line: Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(line["city"], format!("Oslo{hostile}"));

    let shown = on_terminal(&machine, &arguments);
    assert!(shown.contains("Osloa␛]0;owned␇\u{fffd}2J\u{fffd}b"), "{shown:?}");
    assert!(on_terminal(&machine, &[&arguments[..], &["--raw"]].concat()).contains(hostile));
}

#[test]
fn of_several_rows_one_is_chosen_or_all_are_counted() {
    let machine = Machine::new();
    let data = machine.home().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("Customers.csv"), "customer_id,city\n2,Rome\n1,Oslo\n3,Bergen\n").unwrap();
    let visits = "customer_id,day,note,a:b\n1,2024-02-01,b,1\n1,2024-03-01,c,2\n2,2024-01-01,d,3\n1,,e,4\n1,2024-01-05,f,5\n";
    fs::write(data.join("Visits.csv"), visits).unwrap();
    let segment = machine.home().join("all.json");
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_all", "name": "all", "activation_id": "customer_id",
    });
    fs::write(&segment, document.to_string()).unwrap();
    fs::write(data.join("database.toml"), "id = \"customer_id\"\n[roles]\ncustomers = \"Customers\"\n")
        .unwrap();
    let run = |columns: &str| {
        let arguments =
            ["members", segment.to_str().unwrap(), "--data", data.to_str().unwrap(), "--columns", columns];
        machine.run(&arguments)
    };
    let written = |columns: &str| {
        let output = run(columns);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stdout(&output)
    };
    assert_eq!(
        written("Customers.city,Visits.note:first,Visits:rows,Visits.a:b:latest"),
        "customer_id,city,note,Visits:rows,a:b\n1,Oslo,b,4,5\n2,Rome,d,1,3\n3,Bergen,,0,\n"
    );
    assert_eq!(
        written("Visits.note:first(day),Visits.note:latest(day),Visits.note:latest,Visits.day:latest(day)"),
        "customer_id,Visits.note:first(day),Visits.note:latest(day),Visits.note:latest,day\n\
         1,f,c,f,2024-03-01\n2,d,d,d,2024-01-01\n3,,,,\n"
    );
    for (columns, word) in [
        ("Visits.note", "several rows"),
        ("Visits.note:last", "has no column \"note:last\""),
        ("Visits.note:latest(note)", "has no dates"),
        ("Visits.note:first(never)", "has no column \"never\""),
        ("Nothing:rows", "names no column"),
        ("Visits.note:first,Visits.note:first", "asked for twice"),
    ] {
        let output = run(columns);
        assert!(code(&output) != 0 && stderr(&output).contains(word), "{columns}: {}", stderr(&output));
    }
}

/// All that a command sends to a terminal.
fn on_terminal(machine: &Machine, arguments: &[&str]) -> String {
    let pair = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_segtui"));
    let like: Command = machine.command(arguments);
    command.env_clear();
    like.get_envs().for_each(|(name, value)| command.env(name, value.unwrap_or_default()));
    command.args(arguments);
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let reader = thread::spawn(move || {
        let mut sent = Vec::new();
        // Its end can be an error.
        let _ = reader.read_to_end(&mut sent);
        sent
    });
    child.wait().unwrap();
    String::from_utf8(reader.join().unwrap()).unwrap()
}
