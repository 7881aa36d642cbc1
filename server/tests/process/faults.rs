//! System calls of SQLite's that fail: an answer that says so, nothing that was acknowledged lost, and all is well by itself
//! once they do not.

use std::process::Command;

use serde_json::Value;

use crate::kill::environment;
use crate::support::Server;

const JSON: (&str, &str) = ("Content-Type", "application/json");
const WRITES: u64 = 80;

/// Which call, how it fails, and when (strace(1), "Tampering"): not at the start, then every so often.
const FAULTS: [&str; 3] = [
    "pwrite64:error=EIO:when=60+47",
    "pwrite64:error=ENOSPC:when=60+31",
    "fsync:error=EIO:when=6+5",
];

#[test]
fn system_calls_that_fail_lose_nothing_that_was_acknowledged() {
    // Where processes may not be traced, this cannot be tried.
    let traced = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    if !traced.is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("STRONGROOM_TEST_SANDBOX").is_none());
        eprintln!("NOT TESTED, nothing can be traced here");
        return;
    }
    for fault in FAULTS {
        let server = Server::start();
        let token = server.ada("a long enough passphrase");
        server.kill();
        let call = fault.split(':').next().unwrap();
        let (trace, inject) = (format!("trace={call}"), format!("inject={fault}"));
        let strace = ["-f", "-qqq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
        let server = Server::over_through(server.remains(), "strace", &strace);
        let (acknowledged, refused) = write(&server, &token);
        let by_itself = refused.first().is_some_and(|first| acknowledged > *first);
        assert!(by_itself, "{fault}: nothing was written after {refused:?} were refused");
        server.kill_child();
        // As it stands on disk, with calls that work again.
        let server = Server::over(server.remains());
        let found = environment(&server, &token);
        let stored: u64 = found
            .get("A")
            .map_or(0, |value| value.as_str().unwrap().parse().unwrap());
        assert!(
            (acknowledged..=WRITES).contains(&stored),
            "{fault}: {stored} is stored, {acknowledged} was acknowledged"
        );
        let doctor = server.admin(&["doctor"], "");
        assert!(doctor.contains("ok     everything opens"), "{fault}: {doctor}");
        println!("{fault}: {} of {WRITES} writes were refused", refused.len());
    }
}

/// Writes one value after the other; the last that was acknowledged, and those that were refused.
fn write(server: &Server, token: &str) -> (u64, Vec<u64>) {
    let bearer = format!("Bearer {token}");
    let (mut acknowledged, mut refused) = (0, Vec::new());
    for value in 1..=WRITES {
        let body = format!(r#"{{"secrets":[{{"name":"A","value":"{value}"}}],"replace":true}}"#);
        let headers = [JSON, ("Authorization", bearer.as_str())];
        let answer = server.call("POST", "/api/v1/secrets/batch", &headers, &body);
        match answer.status {
            200 => acknowledged = value,
            500 | 507 => {
                let problem: Value = serde_json::from_str(&answer.body).unwrap();
                assert!(problem.get("detail").is_some(), "{}", answer.body);
                refused.push(value);
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
    (acknowledged, refused)
}
