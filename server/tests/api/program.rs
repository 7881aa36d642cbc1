//! The program itself, as an operator starts it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::PASSWORD;

fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom-server"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("STRONGROOM_")) {
        command.env_remove(name);
    }
    command
        .env("STRONGROOM_DATA_DIR", data)
        .env("STRONGROOM_ADDR", "127.0.0.1:0")
        .stdin(Stdio::null());
    command
}

fn run(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = program(data);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A server that is running, and what it printed.
struct Serving {
    child: Child,
    lines: Vec<String>,
}

fn serve(data: &Path, expected_lines: usize) -> Serving {
    let mut child = program(data)
        .env("STRONGROOM_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let lines = output.lines().take(expected_lines).map(Result::unwrap).collect();
    Serving { child, lines }
}

impl Serving {
    /// Ends it as a service manager does; its exit status and its log.
    fn terminate(self) -> Output {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::TERM).unwrap();
        self.child.wait_with_output().unwrap()
    }
}

#[test]
fn it_prints_its_address_and_the_setup_code_and_ends_well() {
    let data = TempDir::new().unwrap();
    let serving = serve(data.path(), 2);
    let [ready, code] = serving.lines.as_slice() else {
        panic!("{:?}", serving.lines)
    };
    assert!(
        ready.starts_with("Strongroom is ready at http://127.0.0.1:") && !ready.ends_with(":0"),
        "{ready}"
    );
    let code = code
        .strip_prefix("Setup code: ")
        .and_then(|rest| rest.strip_suffix("  (needed once, to make the first account)"));
    let code = code.expect("the line of the setup code").to_owned();
    assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
    let output = serving.terminate();
    assert!(output.status.success(), "{:?}", output.status);
    assert!(!text(&output.stderr).contains(&code), "the setup code is in the log");
}

#[test]
fn accounts_and_tokens_are_made_while_it_runs_and_the_log_knows_neither() {
    let data = TempDir::new().unwrap();
    let serving = serve(data.path(), 2);
    let added = run(
        data.path(),
        &["user", "add", "ada", "--password-stdin"],
        &format!("{PASSWORD}\n"),
    );
    assert_eq!(
        (text(&added.stdout), added.status.code()),
        ("The account ada was added.\n", Some(0)),
        "{}",
        text(&added.stderr)
    );
    let made = run(
        data.path(),
        &["token", "create", "--user", "ada", "--scopes", "secrets:read"],
        "",
    );
    let token = text(&made.stdout).trim_end_matches('\n').to_owned();
    assert!(
        token.starts_with("sr_pat_") && !token.contains('\n'),
        "the token stands alone"
    );
    let twice = run(data.path(), &["user", "add", "ada", "--password-stdin"], PASSWORD);
    assert_eq!((twice.status.code(), text(&twice.stdout)), (Some(1), ""));
    assert!(text(&twice.stderr).contains("exists"));
    let log = serving.terminate();
    for private in [PASSWORD, &token] {
        assert!(!text(&log.stderr).contains(private));
    }
}

#[test]
fn once_there_is_an_account_no_code_is_printed() {
    let data = TempDir::new().unwrap();
    let added = run(data.path(), &["user", "add", "ada", "--password-stdin"], PASSWORD);
    assert!(added.status.success(), "{}", text(&added.stderr));
    let mut serving = serve(data.path(), 1);
    let pid = Pid::from_child(&serving.child);
    kill_process(pid, Signal::INT).unwrap();
    assert!(serving.child.wait().unwrap().success());
    assert_eq!(serving.lines.len(), 1);
}

#[test]
fn mistakes_end_with_1_and_wrong_usage_with_2() {
    let data = TempDir::new().unwrap();
    let wrong = run(data.path(), &["frobnicate"], "");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("--help"));
    let setting = program(data.path()).env("STRONGROOM_ADDR", "here").output().unwrap();
    assert_eq!(setting.status.code(), Some(1));
    assert!(
        text(&setting.stderr).contains("STRONGROOM_ADDR is `here`"),
        "{}",
        text(&setting.stderr)
    );
    let help = run(data.path(), &["--help"], "");
    assert!(help.status.success() && text(&help.stdout).contains("user set-password"));
}

#[test]
fn two_servers_over_one_directory_are_one_too_many() {
    let data = TempDir::new().unwrap();
    let serving = serve(data.path(), 2);
    let second = program(data.path()).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(
        text(&second.stderr).contains("another Strongroom"),
        "{}",
        text(&second.stderr)
    );
    assert!(serving.terminate().status.success());
}
