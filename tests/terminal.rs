//! The real program in a pseudo-terminal, as a person at a keyboard meets it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use segtui::app::keymap::Key;
use serde_json::Value;
use tempfile::TempDir;

use crate::command_line::document;
use crate::flows::walk::{NAME, NOT_IN_CALIFORNIA, SOCKS, STATUS};

/// How long anything may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

struct Machine {
    home: TempDir,
}

impl Machine {
    fn new() -> Self {
        Self { home: TempDir::new().unwrap() }
    }

    fn variables(&self) -> Vec<(&'static str, PathBuf)> {
        let folder = |name: &str| self.home.path().join(name);
        vec![
            ("HOME", folder("")),
            ("XDG_DATA_HOME", folder("share")),
            ("XDG_STATE_HOME", folder("state")),
            ("XDG_CACHE_HOME", folder("cache")),
            ("XDG_CONFIG_HOME", folder("config")),
            ("SEGTUI_WORKSPACE", folder("workspace")),
            ("SEGTUI_DATA", Path::new(env!("CARGO_MANIFEST_DIR")).join("data")),
        ]
    }

    /// Starts the program in a terminal.
    fn start(&self, arguments: &[&str]) -> Terminal {
        self.start_other(env!("CARGO_BIN_EXE_segtui"), arguments)
    }

    fn start_other(&self, program: &str, arguments: &[&str]) -> Terminal {
        let size = PtySize { rows: 36, cols: 120, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("USER", "ana");
        for (name, value) in self.variables() {
            command.env(name, value);
        }
        command.args(arguments);
        command.cwd(self.home.path());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let shown = Arc::new((Mutex::new(Shown::new()), Condvar::new()));
        let mut output = pair.master.try_clone_reader().unwrap();
        let writes = Arc::clone(&shown);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                // A terminal without a program reads as an error.
                let count = output.read(&mut buffer).unwrap_or(0);
                // A test that failed has poisoned it.
                let Ok(mut shown) = writes.0.lock() else { return };
                shown.parser.process(&buffer[..count]);
                shown.raw.extend_from_slice(&buffer[..count]);
                shown.ended = count == 0;
                writes.1.notify_all();
                if shown.ended || shown.is_closing {
                    return;
                }
            }
        });
        let input = pair.master.take_writer().unwrap();
        Terminal { child, master: Some(pair.master), input: Some(input), shown, reader: Some(reader) }
    }

    fn count(&self, segment: &str) -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segtui"));
        command.env_clear().envs(self.variables()).args(["count", segment, "--json"]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

struct Shown {
    parser: vt100::Parser,
    raw: Vec<u8>,
    ended: bool,
    /// Nobody looks any more.
    is_closing: bool,
}

impl Shown {
    fn new() -> Self {
        Self { parser: vt100::Parser::new(36, 120, 0), raw: Vec::new(), ended: false, is_closing: false }
    }
}

struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    input: Option<Box<dyn Write + Send>>,
    shown: Arc<(Mutex<Shown>, Condvar)>,
    reader: Option<JoinHandle<()>>,
}

impl Terminal {
    /// Waits until the screen is so.
    #[track_caller]
    fn until(&self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        while !is_so(shown.parser.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero() && !shown.ended, "never {what}:\n{}", shown.parser.screen().contents());
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
    }

    #[track_caller]
    fn sees(&self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    #[track_caller]
    fn sees_no(&self, text: &str) {
        self.until(&format!("without {text}"), |screen| !screen.contents().contains(text));
    }

    fn send(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    /// Presses keys as the scripts of the flows write them.
    fn keys(&mut self, script: &str) {
        for token in crate::flows::harness::tokens(script) {
            let bytes = match token.strip_prefix("type:").filter(|text| !text.is_empty()) {
                Some(text) => text.as_bytes().to_vec(),
                None => sequence(&token),
            };
            self.send(&bytes);
        }
    }

    fn signal(&self, name: &str) {
        let process = self.child.process_id().unwrap().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &process]).status().unwrap().success());
    }

    fn resize(&self, rows: u16, cols: u16) {
        self.shown.0.lock().unwrap().parser.screen_mut().set_size(rows, cols);
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    /// Closes the window.
    fn close(&mut self) {
        self.shown.0.lock().unwrap().is_closing = true;
        // The reader holds the terminal until it has read once more.
        self.resize(20, 70);
        self.reader.take().unwrap().join().unwrap();
        drop(self.input.take());
        drop(self.master.take());
    }

    /// Waits for the end, and for everything that was printed before it.
    #[track_caller]
    fn ends(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().unwrap();
        while !shown.ended {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "it goes on:\n{}", shown.parser.screen().contents());
            shown = self.shown.1.wait_timeout(shown, left).unwrap().0;
        }
        drop(shown);
        self.child.wait().unwrap()
    }

    /// Whether the terminal is as a shell expects it.
    #[track_caller]
    fn is_restored(&self) {
        let shown = self.shown.0.lock().unwrap();
        let screen = shown.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste(), "bracketed paste is off");
        let raw = String::from_utf8_lossy(&shown.raw);
        assert!(raw.rfind("\u{1b}[?1004h") <= raw.rfind("\u{1b}[?1004l"), "focus reports are off");
        let modes = self.master.as_ref().unwrap().get_termios().unwrap().local_flags.bits();
        assert_eq!(
            modes & (libc::ICANON | libc::ECHO),
            libc::ICANON | libc::ECHO,
            "keys are lines, and shown"
        );
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed leaves nothing running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a terminal sends for a key.
fn sequence(name: &str) -> Vec<u8> {
    match name {
        "enter" => b"\r".to_vec(),
        "tab" => b"\t".to_vec(),
        "space" => b" ".to_vec(),
        "up" => b"\x1b[A".to_vec(),
        "down" => b"\x1b[B".to_vec(),
        "ctrl-u" => vec![0x15],
        "ctrl-s" => vec![0x13],
        "esc" => b"\x1b".to_vec(),
        other => {
            assert!(other.len() == 1 && Key::parse(other).is_some(), "{other}");
            other.as_bytes().to_vec()
        }
    }
}

/// `555` of `│ 555              6.9 % │`, the line below a heading of the overview's cards.
fn card(screen: &str, heading: &str) -> String {
    let lines: Vec<&str> = screen.lines().collect();
    let at = lines.iter().position(|line| line.contains(heading)).unwrap();
    let cell = lines[at].split('│').position(|cell| cell.contains(heading)).unwrap();
    lines[at + 1].split('│').nth(cell).unwrap().split_whitespace().next().unwrap().to_owned()
}

#[test]
fn the_walk_from_shell_to_shell() {
    let machine = Machine::new();
    let mut terminal = machine.start(&[]);
    terminal.sees("No segments yet.");
    terminal.sees("Customer_360 ▾");
    terminal.keys("n");
    terminal.sees("100.0 %");
    // Each part waits for what is picked from, as a person does.
    let (pick, values) = STATUS.split_at(STATUS.find("type:active").unwrap());
    terminal.keys(pick);
    terminal.sees("Predicted Customer Lifecycle Status is in list");
    terminal.sees("Cooling down");
    terminal.sees_no("counting …");
    terminal.keys(values);
    terminal.sees("Active, Cooling down, At risk");
    terminal.sees_no("100.0 %");
    let (form, value) = SOCKS.split_at(SOCKS.find("type:socks").unwrap());
    terminal.keys(form);
    terminal.sees("Product Category is exactly");
    terminal.sees_no("counting …");
    terminal.keys(value);
    terminal.sees("↳");
    let (pick, value) = NOT_IN_CALIFORNIA.split_at(NOT_IN_CALIFORNIA.find("type:CA").unwrap());
    terminal.keys(pick);
    terminal.sees("State is exactly");
    terminal.sees_no("counting …");
    terminal.keys(value);
    terminal.sees("exclude 1.1");
    terminal.keys(&format!("s type:{NAME} enter type:Churn_2025 enter"));
    terminal.sees("saved Churn_ActiveCooling");
    terminal.until("numbers", |screen| screen.contents().trim_end().ends_with('✓'));
    let screen = terminal.shown.0.lock().unwrap().parser.screen().contents();

    let answer = machine.count(&format!("Churn_2025/{NAME}"));
    for (heading, key) in [
        ("UNIQUE CUSTOMERS", "unique_customers"),
        ("ACTIVE, 1 YEAR", "active_customers_1y"),
        ("REVENUE, 1 YEAR", "revenue_1y"),
        ("REACHABLE", "reachable_customers"),
    ] {
        let shown = card(&screen, heading).replace(['$', ','], "");
        assert_eq!(shown.parse::<f64>().unwrap(), answer[key].as_f64().unwrap(), "{heading}:\n{screen}");
    }
    terminal.keys("q");
    assert!(terminal.ends().success());
    terminal.is_restored();
}

#[test]
fn a_terminal_of_any_size_and_its_end() {
    let machine = Machine::new();
    let mut terminal = machine.start(&[]);
    terminal.sees("Customer_360 ▾");
    terminal.keys("n A");
    terminal.sees("● edited");
    for (rows, cols) in [(12, 40), (2, 5), (50, 160)] {
        terminal.resize(rows, cols);
    }
    terminal.until("wide", |screen| {
        screen.contents().lines().next().is_some_and(|line| line.trim_end().chars().count() > 150)
    });
    // The window is closed: an ordinary end, which keeps the edits.
    terminal.close();
    assert!(terminal.child.wait().unwrap().success());
    let mut terminal = machine.start(&[]);
    terminal.sees("You have unsaved edits of Untitled");
    terminal.keys("d");
    terminal.sees("Discard the edits for good?");
    terminal.keys("y");
    terminal.sees_no("Discard the edits");
    terminal.keys("q");
    assert!(terminal.ends().success());
}

#[test]
fn a_signal_keeps_edits_and_restores_the_terminal() {
    let machine = Machine::new();
    let mut terminal = machine.start(&[]);
    terminal.sees("Customer_360 ▾");
    terminal.keys("n A");
    terminal.sees("● edited");
    terminal.signal("TERM");
    assert_eq!(terminal.ends().exit_code(), 143);
    terminal.is_restored();
    let mut terminal = machine.start(&[]);
    terminal.sees("You have unsaved edits of Untitled");
    terminal.keys("o");
    terminal.sees("● edited");
    terminal.keys("q d y");
    assert!(terminal.ends().success());
    terminal.is_restored();
}

#[test]
fn every_signal_that_ends_it_restores_the_terminal() {
    let machine = Machine::new();
    let signals = [
        ("HUP", libc::SIGHUP),
        ("INT", libc::SIGINT),
        ("QUIT", libc::SIGQUIT),
        ("ABRT", libc::SIGABRT),
        ("USR1", libc::SIGUSR1),
        ("USR2", libc::SIGUSR2),
        ("ALRM", libc::SIGALRM),
        ("XCPU", libc::SIGXCPU),
    ];
    for (signal, number) in signals {
        let mut terminal = machine.start(&[]);
        terminal.sees("Customer_360 ▾");
        terminal.signal(signal);
        assert_eq!(terminal.ends().exit_code(), 128 + u32::try_from(number).unwrap(), "{signal}");
        terminal.is_restored();
    }
}

#[test]
fn it_stops_for_the_shell_and_goes_on() {
    let machine = Machine::new();
    let script = "set -m; \"$0\"; echo stopped; read line; fg; echo \"ended $?\"";
    let mut terminal = machine.start_other("/bin/sh", &["-c", script, env!("CARGO_BIN_EXE_segtui")]);
    terminal.sees("Customer_360 ▾");
    terminal.keys("n A");
    terminal.sees("● edited");
    // Where text is typed as well, and where the terminal answers no question.
    terminal.keys("i type:city");
    terminal.sees("city");
    terminal.send(b"\x1a");
    terminal.sees("stopped");
    terminal.is_restored();
    terminal.send(b"\r");
    terminal.until("drawn anew", |screen| {
        let shown = screen.contents();
        screen.alternate_screen() && shown.contains("● edited") && shown.contains("city")
    });
    terminal.keys("esc");
    terminal.sees_no("city");
    terminal.keys("q d y");
    terminal.sees("ended 0");
    assert!(terminal.ends().success());
    terminal.is_restored();
}

#[test]
fn started_in_the_background_it_waits_for_the_foreground() {
    let machine = Machine::new();
    let script = "set -m; \"$0\" & until grep -q Stopped jobs; do jobs > jobs; done; echo stopped; read line; fg; echo \"ended $?\"";
    let mut terminal = machine.start_other("/bin/sh", &["-c", script, env!("CARGO_BIN_EXE_segtui")]);
    terminal.sees("stopped");
    terminal.is_restored();
    terminal.send(b"\r");
    terminal.sees("Customer_360 ▾");
    terminal.keys("q");
    terminal.sees("ended 0");
    assert!(terminal.ends().success());
    terminal.is_restored();
}

#[test]
fn a_paste_without_end_does_not_keep_the_keyboard() {
    let machine = Machine::new();
    let mut terminal = machine.start(&[]);
    terminal.sees("Customer_360 ▾");
    terminal.send(b"\x1b[200~pasted");
    terminal.sees("pasted text is taken where text is typed");
    terminal.keys("q");
    assert!(terminal.ends().success());
}

#[test]
fn what_comes_in_pieces_is_read_as_a_whole() {
    let machine = Machine::new();
    let mut terminal = machine.start(&[]);
    terminal.sees("Customer_360 ▾");
    terminal.keys("n i type:cty");
    terminal.sees("cty");
    for piece in [
        "\x1b[",
        "D",
        "\x1b]11;rgb:1212/",
        "1414/1818\x1b\\",
        "\x1b[1;",
        "1D",
        "\x1bP>|xterm(370)\x1b\\",
        "i",
    ] {
        terminal.send(piece.as_bytes());
    }
    terminal.sees("city");
    terminal.keys("esc");
    terminal.sees_no("city");
    terminal.keys("q");
    assert!(terminal.ends().success());
}

#[test]
fn pasted_text_is_no_command() {
    let machine = Machine::new();
    let mut terminal = machine.start(&[]);
    terminal.sees("Customer_360 ▾");
    terminal.send(b"\x1b[200~q\x1b[201~");
    terminal.sees("pasted text is taken where text is typed");
    terminal.keys("q");
    assert!(terminal.ends().success());
}

#[test]
fn settings_that_are_wrong_are_told() {
    let machine = Machine::new();
    let folder = machine.home.path().join("config/segtui");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("settings.toml"), "memroy = \"1GB\"\n").unwrap();
    let mut terminal = machine.start(&[]);
    terminal.sees("Customer_360 ▾");
    terminal.sees("no setting \"memroy\"");
    terminal.keys("n");
    terminal.sees("100.0 %");
    terminal.keys("q");
    assert!(terminal.ends().success());
}

#[test]
fn errors_at_the_start_leave_the_terminal_alone() {
    let machine = Machine::new();
    let mut terminal = machine.start(&["--no-such-option"]);
    assert_eq!(terminal.ends().exit_code(), 2);
    terminal.is_restored();
    assert!(!String::from_utf8_lossy(&terminal.shown.0.lock().unwrap().raw).contains("\u{1b}[?1049h"));

    // Where the output goes to a file, the terminal that is still there is not taken over.
    let mut terminal = machine.start_other("/bin/sh", &["-c", "\"$0\" > out", env!("CARGO_BIN_EXE_segtui")]);
    assert!(!terminal.ends().success());
    terminal.is_restored();
    let said = terminal.shown.0.lock().unwrap().parser.screen().contents();
    assert!(said.contains("error: segtui needs a terminal"), "{said}");
    assert_eq!(std::fs::read(machine.home.path().join("out")).unwrap(), b"");
}

#[test]
fn a_segment_that_comes_beside_the_program_is_listed_without_a_key() {
    let machine = Machine::new();
    let mut terminal = machine.start(&[]);
    terminal.sees("Customer_360 ▾");
    let mut segment = document(serde_json::json!([]));
    segment["database"] = "Customer_360".into();
    segment["name"] = "Written_By_Hand".into();
    let folder = machine.home.path().join("workspace/segments");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("x.segment.json"), segment.to_string()).unwrap();
    terminal.sees("Written_By_Hand");
    std::fs::remove_file(folder.join("x.segment.json")).unwrap();
    terminal.sees_no("Written_By_Hand");
    terminal.keys("q");
    assert!(terminal.ends().success());
}

#[test]
fn a_save_that_waits_for_another_writer_is_told_of_and_given_up() {
    let machine = Machine::new();
    let workspace = machine.home.path().join("workspace");
    std::fs::create_dir_all(&workspace).unwrap();
    let lock = std::fs::File::create(workspace.join(".lock")).unwrap();
    lock.lock().unwrap();
    let mut terminal = machine.start(&[]);
    terminal.sees("Customer_360 ▾");
    terminal.keys("n A s");
    terminal.sees("Save the segment");
    terminal.keys("W a y enter enter");
    terminal.sees("waiting for the workspace's lock");
    terminal.keys("esc");
    terminal.sees_no("Save the segment");
    terminal.keys("esc");
    terminal.sees("Still saving");
    terminal.keys("esc");
    terminal.sees("not saved; your edits are here");
    terminal.sees("● edited");
    // What is given up can be tried again, and ends by itself once the other has ended.
    terminal.keys("s");
    terminal.sees("Save the segment");
    terminal.keys("W a y enter enter");
    terminal.sees("waiting for the workspace's lock");
    drop(lock);
    terminal.sees("saved Way as revision 1");
    terminal.keys("q");
    assert!(terminal.ends().success());
}

#[test]
fn edits_that_cannot_be_kept_are_kept_in_another_folder_and_found_there() {
    let machine = Machine::new();
    let state = machine.home.path().join("state/segtui");
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join("drafts"), "").unwrap();
    let mut terminal = machine.start(&[]);
    terminal.sees("Customer_360 ▾");
    terminal.keys("n A");
    terminal.sees("● edited, not kept");
    terminal.keys("q");
    terminal.sees("has unsaved edits");
    terminal.keys("k");
    terminal.sees("The edits are not kept");
    terminal.keys("f");
    terminal.sees("Keep the edits in another folder");
    terminal.send(b"~/stick\r");
    assert!(terminal.ends().success());
    terminal.is_restored();
    let said = terminal.shown.0.lock().unwrap().parser.screen().contents().replace('\n', "");
    assert!(said.contains("stick; the next start offers them"), "{said}");
    let mut terminal = machine.start(&[]);
    terminal.sees("You have unsaved edits of Untitled");
    terminal.keys("o");
    terminal.sees("● edited");
    terminal.keys("q");
    terminal.sees("has unsaved edits");
    terminal.keys("d y");
    assert!(terminal.ends().success());
}

#[test]
fn the_answer_about_the_background_chooses_the_theme_and_is_not_typed() {
    let machine = Machine::new();
    let mut terminal = machine.start(&[]);
    let has_background = |screen: &vt100::Screen, number| {
        screen.cell(0, 0).is_some_and(|cell| cell.bgcolor() == vt100::Color::Idx(number))
    };
    terminal.until("dark", |screen| has_background(screen, 234));
    terminal.send(b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
    terminal.until("light", |screen| has_background(screen, 231));
    terminal.sees("Segments");
    assert!(!terminal.shown.0.lock().unwrap().parser.screen().contents().contains("ffff"));
    terminal.send(b"\x14");
    terminal.keys("type:ansi-l enter");
    terminal.until("white", |screen| has_background(screen, 15));
    terminal.keys("q");
    terminal.ends();
    // The next run has the theme that was chosen, and asks nothing.
    let mut terminal = machine.start(&[]);
    terminal.until("white", |screen| has_background(screen, 15));
    terminal.sees("Segments");
    assert!(!String::from_utf8_lossy(&terminal.shown.0.lock().unwrap().raw).contains("]11;?"));
    terminal.keys("q");
    terminal.ends();
    // Another choice can be said on the command line, in the environment or in the settings.
    std::fs::create_dir_all(machine.home.path().join("config/segtui/themes")).unwrap();
    std::fs::write(
        machine.home.path().join("config/segtui/themes/own.toml"),
        "inherits = \"dark\"\nbackground = \"red\"\nwran = \"red\"\n",
    )
    .unwrap();
    let mut terminal = machine.start(&["--theme", "own"]);
    terminal.until("red", |screen| has_background(screen, 1));
    terminal.sees("own.toml, line 3, column 1");
    terminal.keys("q");
    terminal.ends();
}
