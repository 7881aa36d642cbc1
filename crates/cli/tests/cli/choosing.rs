//! Which secrets a command gets: `--only`, `--except`, `--require`, `--wait`.

use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::client::done;
use crate::server::Server;

/// What of A, B and C the command sees.
const SHOW: [&str; 4] = ["--", "sh", "-c", "echo ${A-} ${B-} ${C-}"];

fn words<'a>(options: &[&'a str]) -> Vec<&'a str> {
    ["run"].iter().chain(options).chain(&SHOW).copied().collect()
}

#[test]
fn only_and_except_choose() {
    let (_server, account) = Server::with_account();
    account.store_all([("A", "a"), ("B", "b"), ("C", "c")]);
    for client in [account.client(), account.sandbox_client()] {
        let shown = |options: &[&str]| client.run(&words(options)).succeeded().out;
        assert_eq!(shown(&[]), "a b c\n");
        assert_eq!(shown(&["--only", "A,B"]), "a b\n");
        assert_eq!(shown(&["--only", "A", "--only", "C"]), "a c\n");
        assert_eq!(shown(&["--except", "B"]), "a c\n");
        assert_eq!(shown(&["--only", "A,B", "--except", "B"]), "a\n");
        assert_eq!(shown(&["--require", "A"]), "a b c\n");
    }
}

#[test]
fn with_only_nothing_else_leaves_the_server() {
    let (_server, account) = Server::with_account();
    account.store_all([("A", "a"), ("B", "b")]);
    let mut child = account
        .client()
        .command(&["run", "--only", "A", "--", "sleep", "30"])
        .spawn()
        .unwrap();
    let until = Instant::now() + Duration::from_secs(10);
    let names = loop {
        if let [sandbox] = account.live_sandboxes().as_slice() {
            break sandbox["names"].clone();
        }
        assert!(Instant::now() < until, "no session was opened");
        sleep(Duration::from_millis(20));
    };
    assert_eq!(names, serde_json::json!(["A"]));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn what_is_not_stored_is_left_out_and_told() {
    let (_server, account) = Server::with_account();
    account.store("A", "a");
    let done = account.client().run(&words(&["--only", "A,B"])).succeeded();
    assert_eq!(done.out, "a\n");
    assert!(done.err.contains("not stored") && done.err.contains('B'), "{done:?}");
}

#[test]
fn without_what_is_required_nothing_runs() {
    let (_server, account) = Server::with_account();
    account.store("A", "a");
    for client in [account.client(), account.sandbox_client()] {
        let refused = client
            .run(&words(&["--require", "A,B,C"]))
            .refused(&["B and C", "/r/", "--wait"]);
        assert!(!refused.err.contains("A,"), "A is there: {refused:?}");
    }
}

#[test]
fn a_secret_saved_a_moment_later_arrives() {
    let (_server, account) = Server::with_account();
    for client in [account.client(), account.sandbox_client()] {
        let started = Instant::now();
        let child = client
            .command(&words(&["--require", "A", "--wait", "60"]))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(700));
        account.store("A", "just now");
        let done = done(child.wait_with_output().unwrap()).succeeded();
        assert_eq!(done.out, "[A]\n");
        assert!(
            done.err.contains("waiting up to 60 s for A") && done.err.contains("/r/"),
            "{done:?}"
        );
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        account.delete("/api/v1/secrets/A");
    }
}

#[test]
fn a_wait_in_vain_ends_in_time() {
    let (_server, account) = Server::with_account();
    let started = Instant::now();
    account
        .client()
        .run(&words(&["--require", "A", "--wait", "2"]))
        .refused(&["not stored yet: A"]);
    let took = started.elapsed();
    assert!(
        took >= Duration::from_secs(2) && took < Duration::from_secs(15),
        "{took:?}"
    );
    assert!(account.live_sandboxes().is_empty());
}

#[test]
fn what_lies_outside_the_session_cannot_be_required() {
    let (_server, account) = Server::with_account();
    account.store_all([("A", "a"), ("B", "b")]);
    let token = account.open_sandbox(serde_json::json!({"names": ["A"]})).1;
    let client = account.client().set("STRONGROOM_TOKEN", &token);
    client.run(&words(&["--require", "B"])).refused(&["B"]);
    assert_eq!(client.run(&words(&[])).succeeded().out, "a\n");
}
