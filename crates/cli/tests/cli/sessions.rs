//! The session that `run` opens is closed, whatever happens.

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::account::Account;
use crate::server::Server;

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(15);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: not within 15 s");
        sleep(Duration::from_millis(20));
    }
}

fn started(account: &Account, words: &[&str]) -> Child {
    let child = account
        .client()
        .command(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("the session is open", || account.live_sandboxes().len() == 1);
    child
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

#[test]
fn after_the_command() {
    let (_server, account) = Server::with_account();
    account.client().run(&["run", "--", "true"]).succeeded();
    account.client().run(&["run", "--", "false"]);
    assert!(account.live_sandboxes().is_empty());
}

#[test]
fn it_carries_the_commands_name_or_the_label() {
    let (_server, account) = Server::with_account();
    for (words, label) in [
        (&["run", "--", "sleep", "30"][..], "sleep"),
        (
            &["run", "--label", "nightly job", "--ttl", "60", "--", "sleep", "30"],
            "nightly job",
        ),
    ] {
        let mut child = started(&account, words);
        let sandbox = account.live_sandboxes().remove(0);
        assert_eq!(sandbox["label"], label);
        if words.contains(&"--ttl") {
            let lives = sandbox["expires_at"].as_i64().unwrap() - sandbox["created_at"].as_i64().unwrap();
            assert_eq!(lives, 60_000);
        }
        send(&child, Signal::TERM);
        assert_eq!(child.wait().unwrap().code(), Some(143));
        assert!(account.live_sandboxes().is_empty());
    }
}

#[test]
fn after_a_kill_of_the_command() {
    let (_server, account) = Server::with_account();
    let mut child = account
        .client()
        .command(&["run", "--", "sh", "-c", "echo $$; exec sleep 30"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut line).unwrap();
    let command = Pid::from_raw(line.trim().parse().unwrap()).unwrap();
    assert_eq!(account.live_sandboxes().len(), 1, "open while the command runs");
    kill_process(command, Signal::KILL).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(137));
    assert!(account.live_sandboxes().is_empty());
}

#[test]
fn after_a_signal_while_it_waits() {
    let (_server, account) = Server::with_account();
    // By SIGINT itself, which ends a loop or a script around it, too.
    for (signal, end) in [
        (Signal::INT, (None, Some(2))),
        (Signal::TERM, (Some(143), None)),
        (Signal::HUP, (Some(129), None)),
    ] {
        let mut child = started(&account, &["run", "--require", "A", "--wait", "60", "--", "true"]);
        sleep(Duration::from_millis(300));
        send(&child, signal);
        let status = child.wait().unwrap();
        assert_eq!((status.code(), status.signal()), end);
        assert!(account.live_sandboxes().is_empty());
    }
}

#[test]
fn a_session_that_was_revoked_meanwhile_is_no_failure() {
    let (_server, account) = Server::with_account();
    let child = account
        .client()
        .command(&["run", "--", "sleep", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until("the session is open", || account.live_sandboxes().len() == 1);
    let id = account.live_sandboxes().remove(0)["id"].as_str().unwrap().to_owned();
    sleep(Duration::from_millis(300));
    account.delete(&format!("/api/v1/sandboxes/{id}"));
    let done = crate::client::done(child.wait_with_output().unwrap()).succeeded();
    assert_eq!(done.err, "");
}

#[test]
fn a_server_that_is_gone_by_then_is_told_and_does_not_hide_the_commands_end() {
    let (server, account) = Server::with_account();
    let child = account
        .client()
        .command(&["run", "--", "sh", "-c", "sleep 1; exit 4"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until("the session is open", || account.live_sandboxes().len() == 1);
    sleep(Duration::from_millis(300));
    drop(server);
    let done = crate::client::done(child.wait_with_output().unwrap());
    assert_eq!(done.code, Some(4), "{done:?}");
    assert!(done.err.contains("the sandbox session was not closed"), "{done:?}");
}

#[test]
fn a_sandbox_tokens_session_is_left_open() {
    let (_server, account) = Server::with_account();
    account.sandbox_client().run(&["run", "--", "true"]).succeeded();
    assert_eq!(account.live_sandboxes().len(), 1);
}
