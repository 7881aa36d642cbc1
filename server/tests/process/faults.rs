//! System calls of SQLite's that fail: an answer that says so, nothing that was acknowledged lost, and all is well by itself
//! once they do not.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::kill::{environment, open_sandbox, sandbox_of};
use crate::support::Server;

const JSON: (&str, &str) = ("Content-Type", "application/json");
const WRITES: u64 = 80;

/// Which call, how it fails, and when (strace(1), "Tampering"): not at the start, then every so often.
const FAULTS: [&str; 3] = [
    "pwrite64:error=EIO:when=60+47",
    "pwrite64:error=ENOSPC:when=60+31",
    "fsync:error=EIO:when=6+5",
];

/// Where processes may not be traced, this cannot be tried.
fn calls_can_be_made_to_fail() -> bool {
    let traced = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    let traced = traced.is_ok_and(|output| output.status.success());
    if !traced {
        assert!(std::env::var_os("STRONGROOM_TEST_SANDBOX").is_none());
        eprintln!("NOT TESTED, nothing can be traced here");
    }
    traced
}

/// Over what a server left, with calls of that kind failing.
fn failing(dir: TempDir, fault: &str) -> Server {
    let call = fault.split(':').next().unwrap();
    let (trace, inject) = (format!("trace={call}"), format!("inject={fault}"));
    let strace = ["-f", "-qqq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
    Server::over_through(dir, "strace", &strace)
}

/// A server that has an account and was killed, and a token.
fn left_behind() -> (TempDir, String) {
    let server = Server::start();
    let token = server.ada("a long enough passphrase");
    server.kill();
    (server.remains(), token)
}

/// The same, started anew with calls that work: nothing that was acknowledged is lost, and all of it opens.
fn assert_whole(dir: TempDir, token: &str, acknowledged: u64, what: &str) {
    let server = Server::over(dir);
    let found = environment(&server, token);
    let stored: u64 = found.get("A").map_or(0, number);
    assert!(
        (acknowledged..=WRITES).contains(&stored),
        "{what}: {stored} is stored, {acknowledged} was acknowledged"
    );
    let doctor = server.admin(&["doctor"], "");
    assert!(doctor.contains("ok     everything opens"), "{what}: {doctor}");
}

/// Which write a value is of.
fn number(value: &Value) -> u64 {
    value.as_str().unwrap().split('-').next().unwrap().parse().unwrap()
}

#[test]
fn system_calls_that_fail_lose_nothing_that_was_acknowledged() {
    if !calls_can_be_made_to_fail() {
        return;
    }
    for fault in FAULTS {
        let (dir, token) = left_behind();
        let server = failing(dir, fault);
        let (acknowledged, refused) = write(&server, &token, 1);
        let by_itself = refused.first().is_some_and(|first| acknowledged > *first);
        assert!(by_itself, "{fault}: nothing was written after {refused:?} were refused");
        server.kill_child();
        assert_whole(server.remains(), &token, acknowledged, fault);
        println!("{fault}: {} of {WRITES} writes were refused", refused.len());
    }
}

/// As a file system does that finds itself damaged: the files are open, and no write to them works any more.
#[test]
fn a_database_that_turns_read_only_is_read_and_nothing_leaves_unrecorded() {
    if !calls_can_be_made_to_fail() {
        return;
    }
    let (dir, token) = left_behind();
    let server = failing(dir, "pwrite64:error=EROFS:when=60+");
    let bearer = format!("Bearer {token}");
    let sandbox = open_sandbox(&server, &bearer, "reader");
    let (acknowledged, refused) = write(&server, &token, 1);
    assert!(acknowledged > 0, "it was read-only from the beginning");
    assert_eq!(refused, (acknowledged + 1..=WRITES).collect::<Vec<_>>());
    let fetched = server.call("GET", "/api/v1/sandbox/env", &[("Authorization", &sandbox)], "");
    assert_eq!(fetched.status, 500, "{}", fetched.body);
    let seen = server.call("GET", "/readyz", &[], "");
    assert_eq!(seen.status, 503, "{}", seen.body);
    server.kill_child();
    assert_whole(server.remains(), &token, acknowledged, "read-only");
}

/// Each value is large, so that what is read does not all lie in SQLite's memory.
#[test]
fn reads_that_fail_are_said_and_never_give_another_value() {
    if !calls_can_be_made_to_fail() {
        return;
    }
    let (dir, token) = left_behind();
    let server = failing(dir, "pread64:error=EIO:when=400+97");
    let bearer = format!("Bearer {token}");
    let (mut last, mut right, mut failed) = (0, 0, 0);
    for value in 1..=WRITES {
        if put(&server, &bearer, value, 60_000) {
            last = value;
        }
        let opened = server.call("POST", "/api/v1/sandboxes", &[JSON, ("Authorization", &bearer)], "{}");
        if opened.status != 201 {
            failed += 1;
            continue;
        }
        let sandbox = sandbox_of(&opened.body);
        let fetched = server.call("GET", "/api/v1/sandbox/env", &[("Authorization", &sandbox)], "");
        match fetched.status {
            200 => {
                let found: Value = serde_json::from_str(&fetched.body).unwrap();
                assert_eq!(found.get("A").map_or(0, number), last);
                right += 1;
            }
            500 => failed += 1,
            other => panic!("{other}: {}", fetched.body),
        }
    }
    assert!(right > 0 && failed > 0, "{right} were right, {failed} failed");
    server.kill_child();
    assert_whole(server.remains(), &token, last, "reads");
    println!("{right} fetches were right, {failed} calls failed");
}

/// Files may not grow beyond a size that lies within a page: the write across it is cut short, and the next one fails.
#[test]
fn writes_that_are_cut_short_lose_nothing_that_was_acknowledged() {
    let (dir, token) = left_behind();
    let script = r#"trap "" XFSZ; exec prlimit --fsize=1000001 "$0""#;
    let server = Server::over_through(dir, "sh", &["-c", script]);
    let (_, refused) = write(&server, &token, 20_000);
    assert!(!refused.is_empty(), "no write was cut short");
    // What has been written is moved into the database in the background, and makes room.
    let bearer = format!("Bearer {token}");
    let again = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        put(&server, &bearer, WRITES, 20_000)
    });
    assert!(again, "nothing was written after {refused:?} were refused");
    server.kill();
    assert_whole(server.remains(), &token, WRITES, "cut short");
    println!("{} of {WRITES} writes were refused", refused.len());
}

/// Writes one value of that length after the other; the last that was acknowledged, and those that were refused.
fn write(server: &Server, token: &str, length: usize) -> (u64, Vec<u64>) {
    let bearer = format!("Bearer {token}");
    let (mut acknowledged, mut refused) = (0, Vec::new());
    for value in 1..=WRITES {
        match put(server, &bearer, value, length) {
            true => acknowledged = value,
            false => refused.push(value),
        }
    }
    (acknowledged, refused)
}

/// Whether it was stored. A refusal has to be one.
fn put(server: &Server, bearer: &str, value: u64, length: usize) -> bool {
    let value = format!("{value}-{}", "v".repeat(length));
    let body = format!(r#"{{"secrets":[{{"name":"A","value":"{value}"}}],"replace":true}}"#);
    let answer = server.call(
        "POST",
        "/api/v1/secrets/batch",
        &[JSON, ("Authorization", bearer)],
        &body,
    );
    match answer.status {
        200 => true,
        500 | 507 => {
            let problem: Value = serde_json::from_str(&answer.body).unwrap();
            assert!(problem.get("detail").is_some(), "{}", answer.body);
            false
        }
        other => panic!("{other}: {}", answer.body),
    }
}
