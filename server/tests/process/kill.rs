//! SIGKILL in the middle of it all: writes, fetches, answers to requests, keys being replaced. What was acknowledged is
//! there, and everything that is there opens.

use std::env;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::support::Server;

/// Rounds, unless `STRONGROOM_KILL_ROUNDS` says so.
const ROUNDS: u64 = 300;
const WRITERS: usize = 2;
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// What was acknowledged.
#[derive(Clone, Default, PartialEq)]
struct Acknowledged {
    /// By writer, the last value.
    values: [u64; WRITERS],
    /// Fetches in this round.
    fetches: usize,
    /// The last request that was answered with a value.
    answered: u64,
    /// Keys that were replaced.
    rotations: u64,
}

/// Who does it all.
struct Cast {
    ada: String,
    platform: String,
    /// Ada's too, for reading what was done.
    reader: String,
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let rounds = env::var("STRONGROOM_KILL_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let mut server = Server::start();
    let add = ["platform", "add", "Acme", "--origin", "https://chat.example"];
    let cast = Cast {
        ada: format!("Bearer {}", server.ada("a long enough passphrase")),
        platform: format!("Bearer {}", server.admin(&add, "")),
        reader: format!(
            "Bearer {}",
            server.admin(&["token", "create", "--user", "ada", "--scopes", "secrets:read"], "")
        ),
    };
    let mut acknowledged = Acknowledged::default();
    let mut idle = 0;
    for round in 0..rounds {
        let before = acknowledged.clone();
        server = work_until_killed(server, &cast, &mut acknowledged, round);
        idle += u64::from(acknowledged == before);
        check(&server, &cast, &mut acknowledged, round);
    }
    assert!(
        idle * 4 < rounds,
        "{idle} of {rounds} rounds were killed before anything was done"
    );
    assert!(
        acknowledged.rotations * 10 > rounds,
        "keys were replaced {} times only",
        acknowledged.rotations
    );
    let found = server.admin(&["doctor"], "");
    println!(
        "{rounds} rounds; keys replaced {} times\n{found}",
        acknowledged.rotations
    );
}

/// Works from several connections, kills the server in their midst, and starts it again over what is left.
fn work_until_killed(server: Server, cast: &Cast, acknowledged: &mut Acknowledged, round: u64) -> Server {
    let killed = AtomicBool::new(false);
    let Acknowledged {
        values,
        fetches,
        answered,
        rotations,
    } = acknowledged;
    *fetches = 0;
    let sandbox = open_sandbox(&server, &cast.ada, &format!("round {round}"));
    thread::scope(|scope| {
        let (server_ref, killed_ref) = (&server, &killed);
        let going = move || !killed_ref.load(Ordering::Acquire);
        for (writer, last) in values.iter_mut().enumerate() {
            scope.spawn(move || {
                while going() && put(server_ref, &cast.ada, writer, *last + 1) {
                    *last += 1;
                }
            });
        }
        scope.spawn(move || {
            while going() && fetch(server_ref, &sandbox).is_some() {
                *fetches += 1;
            }
        });
        scope.spawn(move || {
            while going() && answer(server_ref, &cast.platform, *answered + 1) {
                *answered += 1;
            }
        });
        scope.spawn(move || {
            for command in [
                &["keys", "rotate-user", "ada"][..],
                &["keys", "rotate-term"],
                &["keys", "rotate-root"],
            ]
            .into_iter()
            .cycle()
            .skip(usize::try_from(round % 3).unwrap())
            {
                if !going() || !server_ref.try_admin(command, "").status.success() {
                    return;
                }
                *rotations += 1;
            }
        });
        // At another moment each round.
        thread::sleep(Duration::from_millis(20 + round * 37 % 160));
        server.kill();
        killed.store(true, Ordering::Release);
    });
    Server::over(server.remains())
}

/// Looks whether all that was acknowledged is there; what was under way may be there too.
fn check(server: &Server, cast: &Cast, acknowledged: &mut Acknowledged, round: u64) {
    let found = environment_of(server, &cast.ada, &[]);
    for (writer, last) in acknowledged.values.iter_mut().enumerate() {
        let stored = found.get(format!("W{writer}")).map_or(0, number);
        assert!(
            stored == *last || stored == *last + 1,
            "round {round}: {stored} is stored, {last} was acknowledged"
        );
        *last = stored;
    }
    let answers = environment_of(server, &cast.platform, &[("Strongroom-User", "u1")]);
    let stored = answers.as_object().unwrap().values().map(number).max().unwrap_or(0);
    assert!(
        stored == acknowledged.answered || stored == acknowledged.answered + 1,
        "round {round}: the answer {stored} is stored, {} was acknowledged",
        acknowledged.answered
    );
    acknowledged.answered = stored;
    take_back_requests(server, &cast.platform);
    let recorded = fetches_recorded(server, &cast.reader, &format!("round {round}"));
    // A page of records holds no more, with those of the writes and the keys.
    assert!(
        recorded >= acknowledged.fetches.min(40),
        "round {round}: {} fetches were answered, {recorded} are recorded",
        acknowledged.fetches
    );
    if round.is_multiple_of(10) {
        // Every row opens, or this fails.
        server.admin(&["doctor"], "");
    }
}

/// Takes back what was asked for and not answered before the kill.
fn take_back_requests(server: &Server, platform: &str) {
    let headers = [("Authorization", platform), ("Strongroom-User", "u1")];
    let asked = server.call("GET", "/api/v1/requests", &headers, "");
    let asked: Value = serde_json::from_str(&asked.body).unwrap();
    for request in asked
        .as_array()
        .or(asked.get("items").and_then(Value::as_array))
        .into_iter()
        .flatten()
    {
        if request.get("status").unwrap() == "pending" {
            let path = format!(
                "/api/v1/requests/{}",
                request.get("id").and_then(Value::as_str).unwrap()
            );
            assert_eq!(server.call("DELETE", &path, &headers, "").status, 204);
        }
    }
}

/// How many of the newest records are of fetches by that sandbox.
fn fetches_recorded(server: &Server, bearer: &str, sandbox: &str) -> usize {
    let records = server.call("GET", "/api/v1/activity?limit=200", &[("Authorization", bearer)], "");
    let records: Value = serde_json::from_str(&records.body).unwrap();
    let of_it = |record: &&Value| {
        record.get("kind").unwrap() == "env.fetched" && record.to_string().contains(&format!("{sandbox}\""))
    };
    records
        .get("items")
        .and_then(Value::as_array)
        .unwrap()
        .iter()
        .filter(of_it)
        .count()
}

fn number(value: &Value) -> u64 {
    value.as_str().unwrap().parse().unwrap()
}

/// Whether it was acknowledged; anything but that is the kill.
fn put(server: &Server, bearer: &str, writer: usize, value: u64) -> bool {
    let body = format!(r#"{{"secrets":[{{"name":"W{writer}","value":"{value}"}}],"replace":true}}"#);
    let headers = [JSON, ("Authorization", bearer)];
    match server.try_call("POST", "/api/v1/secrets/batch", &headers, &body) {
        Ok(answer) => {
            assert_eq!(answer.status, 200, "{}", answer.body);
            true
        }
        Err(_) => false,
    }
}

/// Has a person of the platform asked for a value, and gives it.
fn answer(server: &Server, platform: &str, value: u64) -> bool {
    let headers = [JSON, ("Authorization", platform), ("Strongroom-User", "u1")];
    let ask = r#"{"secrets":[{"name":"ANSWER"}],"user_label":"u1"}"#;
    let Ok(asked) = server.try_call("POST", "/api/v1/requests", &headers, ask) else {
        return false;
    };
    let asked: Value = serde_json::from_str(&asked.body).unwrap();
    let text = |pointer: &str| {
        asked
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{asked}"))
    };
    let field = format!("Bearer {}", text("/embed/token"));
    let path = format!("/api/v1/requests/{}/field", text("/id"));
    let Ok(opened) = server.try_call("GET", &path, &[("Authorization", &field)], "") else {
        return false;
    };
    let opened: Value = serde_json::from_str(&opened.body).unwrap();
    // Of the answer before, which this one replaces.
    let etag = opened.pointer("/stored/0/etag").cloned().unwrap_or(Value::Null);
    let body = format!(r#"{{"answers":[{{"name":"ANSWER","answer":"save","value":"{value}","etag":{etag}}}]}}"#);
    match server.try_call("POST", &path, &[JSON, ("Authorization", &field)], &body) {
        Ok(answer) => {
            assert_eq!(answer.status, 200, "{}", answer.body);
            true
        }
        Err(_) => false,
    }
}

/// The environment of Ada's, whose token that is.
pub(crate) fn environment(server: &Server, token: &str) -> Value {
    environment_of(server, &format!("Bearer {token}"), &[])
}

fn environment_of(server: &Server, bearer: &str, headers: &[(&str, &str)]) -> Value {
    let headers = [&[JSON, ("Authorization", bearer)], headers].concat();
    let opened = server.call("POST", "/api/v1/sandboxes", &headers, "{}");
    // A platform's user who has never been named has nothing.
    if opened.status == 404 {
        return Value::Object(serde_json::Map::new());
    }
    fetch(server, &sandbox_of(&opened.body)).unwrap()
}

pub(crate) fn open_sandbox(server: &Server, bearer: &str, label: &str) -> String {
    let body = format!(r#"{{"label":"{label}"}}"#);
    let opened = server.call("POST", "/api/v1/sandboxes", &[JSON, ("Authorization", bearer)], &body);
    sandbox_of(&opened.body)
}

pub(crate) fn sandbox_of(opened: &str) -> String {
    let opened: Value = serde_json::from_str(opened).unwrap();
    format!("Bearer {}", opened.get("token").and_then(Value::as_str).unwrap())
}

/// Nothing, if the server was killed meanwhile.
pub(crate) fn fetch(server: &Server, sandbox: &str) -> Option<Value> {
    let answer = server
        .try_call("GET", "/api/v1/sandbox/env", &[("Authorization", sandbox)], "")
        .ok()?;
    assert_eq!(answer.status, 200, "{}", answer.body);
    Some(serde_json::from_str(&answer.body).unwrap())
}
