//! SIGKILL in the middle of writes: what was acknowledged is there, and everything that is there opens.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::Server;

const ROUNDS: usize = 8;
const WRITERS: usize = 4;

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let mut server = Server::start();
    let token = server.ada("a long enough passphrase");
    // By name, the last value that was acknowledged.
    let mut acknowledged = vec![0_usize; WRITERS];
    for round in 0..ROUNDS {
        let before = acknowledged.clone();
        server = write_until_killed(server, &token, &mut acknowledged, round);
        assert!(acknowledged != before, "round {round} wrote nothing before the kill");
        let found = environment(&server, &token);
        for (writer, last) in acknowledged.iter_mut().enumerate() {
            let value: usize = found
                .get(format!("W{writer}"))
                .unwrap()
                .as_str()
                .unwrap()
                .parse()
                .unwrap();
            // The one write that was under way may have been committed just before the kill.
            assert!(
                value == *last || value == *last + 1,
                "round {round}: {value} is stored, {last} was acknowledged"
            );
            *last = value;
        }
    }
}

/// Writes from several connections, kills the server in their midst, and starts it again over what is left.
fn write_until_killed(server: Server, token: &str, acknowledged: &mut [usize], round: usize) -> Server {
    let killed = AtomicBool::new(false);
    let bearer = format!("Bearer {token}");
    thread::scope(|scope| {
        let (server_ref, killed, bearer) = (&server, &killed, &bearer);
        let writers: Vec<_> = acknowledged
            .iter_mut()
            .enumerate()
            .map(|(writer, last)| {
                scope.spawn(move || {
                    while !killed.load(Ordering::Acquire) {
                        let body = format!(
                            r#"{{"secrets":[{{"name":"W{writer}","value":"{}"}}],"replace":true}}"#,
                            *last + 1
                        );
                        let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
                        match server_ref.try_call("POST", "/api/v1/secrets/batch", &headers, &body) {
                            Ok(answer) if answer.status == 200 => *last += 1,
                            Ok(answer) => panic!("{}: {}", answer.status, answer.body),
                            Err(_) => return,
                        }
                    }
                })
            })
            .collect();
        // At another moment each round.
        thread::sleep(Duration::from_millis(150 + 37 * round as u64));
        server_ref.kill();
        killed.store(true, Ordering::Release);
        for writer in writers {
            writer.join().unwrap();
        }
    });
    Server::over(server.remains())
}

/// What a sandbox gets: every row opens, or this fails.
fn environment(server: &Server, token: &str) -> serde_json::Value {
    let headers = [
        ("Content-Type", "application/json"),
        ("Authorization", &*format!("Bearer {token}")),
    ];
    let opened = server.call("POST", "/api/v1/sandboxes", &headers, "{}");
    let opened: serde_json::Value = serde_json::from_str(&opened.body).unwrap();
    let bearer = format!("Bearer {}", opened.get("token").unwrap().as_str().unwrap());
    let answer = server.call("GET", "/api/v1/sandbox/env", &[("Authorization", &bearer)], "");
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}
