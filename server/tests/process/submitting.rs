//! SIGKILL while a value is being submitted: it is stored and reported, or the request is pending still.

use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::support::Server;

const ROUNDS: u32 = 12;
const JSON: (&str, &str) = ("Content-Type", "application/json");

#[test]
fn a_submission_that_a_kill_cuts_short_is_whole_or_not_at_all() {
    let mut server = Server::start();
    let add = ["platform", "add", "Acme", "--origin", "https://chat.example"];
    let key = format!("Bearer {}", server.admin(&add, ""));
    let mut stored = 0;
    for round in 0..ROUNDS {
        let name = format!("ROUND_{round}");
        let headers = [JSON, ("Authorization", key.as_str()), ("Strongroom-User", "u1")];
        let ask = format!(r#"{{"secrets":[{{"name":"{name}"}}],"user_label":"u1"}}"#);
        let asked = server.call("POST", "/api/v1/requests", &headers, &ask);
        let asked: Value = serde_json::from_str(&asked.body).unwrap();
        let text = |pointer: &str| asked.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        let (id, field) = (text("/id"), format!("Bearer {}", text("/embed/token")));

        let acknowledged = thread::scope(|scope| {
            let server = &server;
            let submitting = scope.spawn({
                let (path, name) = (format!("/api/v1/requests/{id}/field"), &name);
                move || {
                    let body = format!(r#"{{"answers":[{{"name":"{name}","answer":"save","value":"v{round}"}}]}}"#);
                    let headers = [JSON, ("Authorization", field.as_str())];
                    let answer = server.try_call("POST", &path, &headers, &body);
                    answer.is_ok_and(|answer| answer.status == 200)
                }
            });
            // At another moment each round, from before it arrives until after it is answered.
            thread::sleep(Duration::from_micros(u64::from(round) * 500));
            server.kill();
            submitting.join().unwrap()
        });
        server = Server::over(server.remains());

        let headers = [JSON, ("Authorization", key.as_str()), ("Strongroom-User", "u1")];
        let found = server.call("GET", &format!("/api/v1/requests/{id}"), &headers, "");
        let found: Value = serde_json::from_str(&found.body).unwrap();
        let status = found.pointer("/status").and_then(Value::as_str).unwrap();
        let value = environment(&server, &key).get(&name).cloned();
        match status {
            "stored" => assert_eq!(value, Some(format!("v{round}").into()), "round {round}"),
            "pending" => assert_eq!(value, None, "round {round}"),
            other => panic!("round {round}: {other}"),
        }
        assert!(
            !acknowledged || status == "stored",
            "round {round}: what was acknowledged is lost"
        );
        stored += u32::from(status == "stored");
    }
    assert!(stored > 0, "every round was killed before anything arrived");
}

fn environment(server: &Server, key: &str) -> serde_json::Map<String, Value> {
    let headers = [JSON, ("Authorization", key), ("Strongroom-User", "u1")];
    let opened = server.call("POST", "/api/v1/sandboxes", &headers, "{}");
    let opened: Value = serde_json::from_str(&opened.body).unwrap();
    let bearer = format!("Bearer {}", opened.get("token").and_then(Value::as_str).unwrap());
    let answer = server.call("GET", "/api/v1/sandbox/env", &[("Authorization", &bearer)], "");
    serde_json::from_str(&answer.body).unwrap()
}
