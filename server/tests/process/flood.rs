//! A flood of sign-ins: everybody is answered, memory stays bounded, and programs get their secrets meanwhile.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use crate::kill::{fetch, open_sandbox};
use crate::support::Server;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const GUESSERS: usize = 48;
const GUESSES: usize = 12;
/// What two passwords being hashed at once take (19 MiB each), and room for connections.
const ROOM_KIB: u64 = (2 * 19 + 24) * 1024;

/// Memory of the process that is nobody else's, in KiB.
fn rss_anon(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_flood_of_sign_ins_costs_bounded_memory_and_keeps_nobody_from_their_secrets() {
    let server = Server::with(&[("STRONGROOM_LOG", "warn"), ("STRONGROOM_TRUSTED_PROXIES", "127.0.0.1")]);
    let token = server.ada("a long enough passphrase");
    let bearer = format!("Bearer {token}");
    let stored = server.call(
        "POST",
        "/api/v1/secrets",
        &[("Content-Type", "application/json"), ("Authorization", &bearer)],
        r#"{"name":"A_KEY","value":"a value"}"#,
    );
    assert_eq!(stored.status, 201);
    let before = rss_anon(&server);
    let (over, answered) = (AtomicBool::new(false), AtomicU32::new(0));
    let (peak, fetched) = thread::scope(|scope| {
        let (server, over, answered) = (&server, &over, &answered);
        let guessers: Vec<_> = (0..GUESSERS)
            .map(|guesser| {
                scope.spawn(move || {
                    for guess in 0..GUESSES {
                        // Of an account that exists, and of some that do not.
                        let login = if guess % 2 == 0 {
                            "ada".to_owned()
                        } else {
                            format!("nobody{guesser}")
                        };
                        let body = format!("login={login}&password=guess+{guess}+of+{guesser}&next=");
                        // From ever other addresses: what comes from one is refused before a password is looked at.
                        let from = format!("10.0.{guesser}.{guess}");
                        let headers = [FORM, ("X-Forwarded-For", from.as_str())];
                        let answer = server.call("POST", "/api/ui/sign-in", &headers, &body);
                        assert!(answer.status < 500 || answer.status == 503, "{}", answer.status);
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let reader = scope.spawn(move || {
            let mut fetched = 0;
            let sandbox = open_sandbox(server, &format!("Bearer {token}"), "reader");
            while !over.load(Ordering::Acquire) {
                assert_eq!(fetch(server, &sandbox).unwrap().get("A_KEY").unwrap(), "a value");
                fetched += 1;
            }
            fetched
        });
        let watcher = scope.spawn(move || {
            let mut peak = 0;
            while !over.load(Ordering::Acquire) {
                peak = peak.max(rss_anon(server));
                thread::sleep(Duration::from_millis(5));
            }
            peak
        });
        for guesser in guessers {
            guesser.join().unwrap();
        }
        over.store(true, Ordering::Release);
        (watcher.join().unwrap(), reader.join().unwrap())
    });
    let all = u32::try_from(GUESSERS * GUESSES).unwrap();
    assert_eq!(answered.load(Ordering::Relaxed), all, "somebody was not answered");
    assert!(fetched > 3, "programs were kept waiting: {fetched} fetches");
    assert!(peak < before + ROOM_KIB, "{before} KiB before, {peak} KiB at most");
    println!("{all} sign-ins; {fetched} fetches meanwhile; {before} KiB before, {peak} KiB at most");
}
