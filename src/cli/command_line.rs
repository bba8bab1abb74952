//! The command line: which command is asked for, and running it.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use super::common::Common;
use super::failure::{Failure, FailureKind};
use super::out::Out;
use super::session::Session;
use super::stop::Stop;
use super::{
    breakdown, cache, case, check, compare, completions, count, defaults, demo, diff, explain, init, list,
    man, members, panics, paths, profile, session, sql, summary, tables, test, trend, typo,
};
use crate::case::{OpenedCase, is_case};
use crate::file_system::reason_first;
use crate::paths::Paths;
use crate::runtime::{AskedLook, Launch, Steps, read_themes, today};
use crate::segment::TypedDay;
use crate::settings::Settings;
use crate::ui::text::sanitize;

/// Build customer segments over local CSV and Parquet.
#[derive(Debug, Parser)]
#[command(name = "segtui", version, about, max_term_width = 100, subcommand_precedence_over_arg = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
    /// Folders of databases to open, or one case, instead of those that were open last
    #[arg(value_name = "DATABASE_DIR")]
    databases: Vec<PathBuf>,
    /// Look for kept edits in this folder too, where they were kept on another disk
    #[arg(long, value_name = "DIR")]
    drafts: Option<PathBuf>,
    /// Theme of the screen [env: SEGTUI_THEME] [default: settings.toml, else the one chosen last, else by the terminal]
    #[arg(long, value_name = "NAME")]
    theme: Option<String>,
    /// Draw frames, bars and marks in ASCII
    #[arg(long)]
    ascii: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Count the customers of segments, with the other insights
    Count(count::Args),
    /// Write the ids of a segment's customers, and columns about them
    Members(members::Args),
    /// Explain why customers are in a segment, or are not
    Explain(explain::Args),
    /// Write all that is needed to repeat the answer for some customers elsewhere
    Case(case::Args),
    /// Show what a segment is worth, whom of it can be reached, and its trends
    Summary(summary::Args),
    /// Show who of a segment has bought, by the values of attributes
    Breakdown(breakdown::Args),
    /// Show up to five segments side by side, and what they share
    Compare(compare::Args),
    /// Show what differs between two segments, revisions, days or folders of data, and who joins and leaves by it
    Diff(diff::Args),
    /// Show a segment over time
    Trend(trend::Args),
    /// Print a segment as SQL
    Sql(sql::Args),
    /// Check segments and print every problem with its place
    Check(check::Args),
    /// Run the tests in the documents of segments
    Test(test::Args),
    /// List the segments and folders of the workspace
    List,
    /// List the tables and columns of the database
    Tables,
    Profile(profile::Args),
    Init(init::Args),
    Demo(demo::Args),
    /// Show what is kept in the cache folder, or remove it
    Cache(cache::Args),
    /// Print where things are on this machine
    Paths,
    /// Print all settings with their defaults, as settings.toml has them
    Settings,
    /// Print all actions with their keys, as keymap.toml has them
    Keymap,
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs what a command line asks for: exit code 0 done, 1 a problem with a segment or data, 2 wrong
/// usage, 128 and its number if a signal stopped it.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let is_json = arguments.iter().any(|argument| argument == "--json");
            // Its options are unknown because the command is.
            return match arguments.get(1).and_then(|first| typo::not_yet(Path::new(first))) {
                Some(failure) if error.use_stderr() => Out::new(is_json).end(&failure),
                _ => misused(&error, &arguments, is_json),
            };
        }
    };
    let Cli { common, drafts, command, databases, theme, ascii } = cli;
    let asked = AskedLook { theme, ascii, ..AskedLook::default() };
    let mut out = Out::new(common.json);
    let Some(command) = command else {
        // It has its own way to end.
        let launched =
            crate::runtime::run(asked.clone(), move |steps| launch(common, databases, drafts, asked, steps));
        return match launched {
            Ok(code) => ExitCode::from(code),
            Err(failure) => out.end(&failure),
        };
    };
    let stop = match command {
        // An unfinished one is made anew by the next.
        Command::Demo(_) => Stop::default(),
        _ => Stop::on_signals(),
    };
    match panics::guarded(|| perform(command, common, &databases, &stop, &mut out)) {
        Ok(()) => out.exit_code(),
        Err(failure) => {
            let code = out.end(&failure);
            stop.exit_code().filter(|_| failure.kind == FailureKind::Stopped).unwrap_or(code)
        }
    }
}

fn perform(
    command: Command,
    common: Common,
    databases: &[PathBuf],
    stop: &Stop,
    out: &mut Out,
) -> Result<(), Failure> {
    if !databases.is_empty() {
        return Err(Failure::usage("a command takes its database from --data").help("write --data DIR"));
    }
    if let Command::Demo(args) = command {
        if common.read_only {
            return Err(Failure::usage("demo writes, and --read-only writes nothing"));
        }
        return demo::run(args).map_err(|error| {
            Failure::data(reason_first(&error)).help("name a new folder with --out, on a disk with room")
        });
    }
    match &command {
        Command::Completions(args) => return completions::run(args, Cli::command(), out),
        Command::Man(args) => return man::run(args, Cli::command(), out),
        _ => {}
    }
    let session = Session::new(common, stop.clone())?;
    session.note_settings(out);
    let done = answer(command, &session, out);
    session.end(out);
    done
}

fn answer(command: Command, session: &Session, out: &mut Out) -> Result<(), Failure> {
    match command {
        Command::Count(args) => count::run(&args, session, out),
        Command::Members(args) => members::run(&args, session, out),
        Command::Explain(args) => explain::run(&args, session, out),
        Command::Case(args) => case::run(&args, session, out),
        Command::Summary(args) => summary::run(&args, session, out),
        Command::Breakdown(args) => breakdown::run(&args, session, out),
        Command::Compare(args) => compare::run(&args, session, out),
        Command::Diff(args) => diff::run(&args, session, out),
        Command::Trend(args) => trend::run(&args, session, out),
        Command::Sql(args) => sql::run(&args, session, out),
        Command::Check(args) => check::run(&args, session, out),
        Command::Test(args) => test::run(&args, session, out),
        Command::List => list::run(session, out),
        Command::Tables => tables::run(session, out),
        Command::Profile(args) => profile::run(&args, session, out),
        Command::Init(args) => init::run(&args, session, out),
        Command::Cache(args) => cache::run(&args, session, out),
        Command::Paths => paths::run(session, out),
        Command::Settings => defaults::settings(session, out),
        Command::Keymap => defaults::keymap(session, out),
        // They need no session.
        Command::Demo(_) | Command::Completions(_) | Command::Man(_) => Ok(()),
    }
}

fn launch(
    common: Common,
    databases: Vec<PathBuf>,
    drafts: Option<PathBuf>,
    asked: AskedLook,
    steps: &Steps,
) -> Result<Launch, Failure> {
    let Common { data, workspace, as_of, memory, read_only, .. } = common;
    // Of which day the data is, is known once it is open.
    if let Some(Err(problem)) = as_of.map(|day| day.on(today())) {
        return Err(Failure::usage(format!("--as-of: {problem}")));
    }
    steps.begin("the database");
    let folders: Vec<PathBuf> = databases.iter().filter(|path| !is_case(path)).cloned().collect();
    typo::check(&folders, &Cli::command())?;
    if let Some(folder) = drafts.as_ref().filter(|folder| !folder.is_dir()) {
        let message = format!("there is no folder {}, which --drafts names", folder.display());
        return Err(Failure::usage(message).help("name the folder in which unsaved edits were kept"));
    }
    let paths = session::paths_of_this_user()?;
    let databases = if databases.is_empty() { data.into_iter().collect() } else { databases };
    let case = only_case(&databases)?;
    let (databases, workspace) = match &case {
        Some(case) => (vec![case.database()], Some(case.workspace())),
        None => (databases, workspace),
    };
    let as_of = as_of.or(case.as_ref().map(|case| TypedDay::Day(case.document.as_of)));
    let read_only = read_only || case.is_some();
    steps.begin(format!("the settings, {}", paths.settings().display()));
    let (settings, notices) = Settings::read(&paths.settings());
    let budget = session::budget(memory, &paths, &settings)?;
    let look = look(asked, &settings, &paths, steps)?;
    Ok(Launch {
        databases,
        workspace,
        drafts,
        as_of,
        budget,
        settings,
        read_only,
        look,
        paths,
        notices,
        case,
    })
}

/// What is asked of the look, with a person's own themes.
fn look(asked: AskedLook, settings: &Settings, paths: &Paths, steps: &Steps) -> Result<AskedLook, Failure> {
    steps.begin(format!("the themes, in {}", paths.themes().display()));
    let (themes, problems) = read_themes(&paths.themes());
    if let Some(Err(unknown)) = asked.theme.as_ref().map(|name| themes.get(name)) {
        let help = unknown.help.unwrap_or_default();
        return Err(Failure::usage(format!("--theme: {}", unknown.message)).help(help));
    }
    let of_settings = Some(settings.theme.clone()).filter(|name| name != "auto");
    Ok(AskedLook { themes, problems, of_settings, ascii: asked.ascii || settings.ascii, ..asked })
}

/// The case that is to be opened, if it is one.
fn only_case(databases: &[PathBuf]) -> Result<Option<Arc<OpenedCase>>, Failure> {
    match databases.iter().find(|path| is_case(path)) {
        None => Ok(None),
        Some(_) if databases.len() > 1 => {
            Err(Failure::usage("a case is opened by itself").help("name only the case, or only folders"))
        }
        Some(file) => session::open_case(file).map(|case| Some(Arc::new(case))),
    }
}

/// Says what is wrong with the command line, or prints the help that was asked for.
fn misused(error: &clap::Error, arguments: &[OsString], is_json: bool) -> ExitCode {
    if !error.use_stderr() {
        // What stays in the buffer is not written at the end.
        return match error.print().and_then(|()| io::stdout().flush()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => Out::new(is_json).end(&error.into()),
        };
    }
    // Arguments can be names of files from elsewhere, and clap sends them to the terminal as they are.
    let shown = arguments.iter().map(|argument| sanitize(&argument.to_string_lossy()));
    let error = match Cli::try_parse_from(shown) {
        Err(error) if error.use_stderr() => error,
        // They are understood only once they are harmless.
        _ => Cli::command().error(ErrorKind::InvalidValue, "an argument has control characters"),
    };
    if !is_json {
        let _ = error.print();
        return ExitCode::from(2);
    }
    let rendered = error.render().to_string();
    let (message, help) = rendered.split_once("\n\n").unwrap_or((&rendered, ""));
    let failure = Failure::usage(message.trim_start_matches("error: ").trim()).help(help.trim());
    Out::new(true).end(&failure)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
