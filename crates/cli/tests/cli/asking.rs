//! `strongroom run --require`: what is missing is asked for, and the answer is waited for.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, Done};
use crate::scripted::{Answer, Scripted, answer, problem};
use crate::server::Server;

const TOKEN: &str = "sr_pat_ofTheAskingTests";
const SANDBOX_TOKEN: &str = "sr_sbx_ofTheAskingTests";
const VALUE: &str = "a-value-to-be-kept-quiet-41bd";
const COMMAND: [&str; 4] = ["--", "sh", "-c", "echo \"started with $A\""];

fn link(id: &str) -> String {
    format!("https://vault.example/r/{id}")
}

fn missing(names: &[&str], id: &str, status: &str) -> Answer {
    let request = json!({"id": id, "status": status, "url": link(id)});
    problem(424, "missing-secrets", json!({"missing": names, "request": request}))
}

/// An earlier request, as the server tells of it.
fn earlier(status: &str, names: &[(&str, Option<&str>)]) -> Answer {
    let secrets: Vec<Value> = names
        .iter()
        .map(|(name, outcome)| json!({"name": name, "description": "", "obtain_url": null, "outcome": outcome}))
        .collect();
    answer(
        200,
        json!({"id": "1", "status": status, "secrets": secrets, "reason": null, "requested_by": null,
            "asked_by": "Sandbox sh", "created_at": 1, "expires_at": 2, "ended_at": 2}),
    )
}

/// The script between the session's opening and its closing.
fn session(script: Vec<Answer>) -> Scripted {
    let mut all = vec![answer(
        201,
        json!({"id": "0199-s", "token": SANDBOX_TOKEN, "expires_at": 1}),
    )];
    all.extend(script);
    all.push(answer(204, Value::Null));
    Scripted::answering(all)
}

fn run(server: &Scripted, options: &[&str]) -> Done {
    let done = Client::new(&server.url, TOKEN).run(&[&["run"], options, &COMMAND].concat());
    let calls = server.calls();
    assert_eq!(calls.first().unwrap(), "POST /api/v1/sandboxes");
    assert_eq!(
        calls.last().unwrap(),
        "DELETE /api/v1/sandboxes/0199-s",
        "{calls:?} {done:?}"
    );
    assert!(!done.err.contains(VALUE), "{done:?}");
    done
}

#[test]
fn the_link_is_told_once_and_the_command_starts_when_it_is_answered() {
    let server = session(vec![
        missing(&["A"], "1", "pending"),
        missing(&["A"], "1", "pending"),
        answer(200, json!({"A": VALUE})).after(Duration::from_millis(200)),
    ]);
    let done = run(&server, &["--require", "A", "--wait", "300"]).succeeded();
    assert_eq!(done.out, "started with [A]\n");
    assert_eq!(
        done.err,
        format!("strongroom: waiting up to 300 s for A: give it at {}\n", link("1"))
    );
    let env = "GET /api/v1/sandbox/env?format=json&require=A";
    let held = format!("{env}&wait=60");
    assert_eq!(server.calls()[1..4], [env, &held, &held]);
    let heard = server.heard();
    assert_eq!(heard[0].token, TOKEN);
    assert!(heard[1..4].iter().all(|heard| heard.token == SANDBOX_TOKEN));
}

#[test]
fn an_answer_without_a_value_ends_the_wait() {
    for (status, why) in [
        ("skipped", "A was skipped"),
        ("expired", "nobody answered the request for A in time"),
        ("cancelled", "the request for A was taken back"),
    ] {
        let server = session(vec![missing(&["A"], "1", "pending"), missing(&["A"], "1", status)]);
        run(&server, &["--require", "A", "--wait", "300"]).refused(&[&link("1"), why, "not stored"]);
        let before = session(vec![missing(&["A"], "1", status)]);
        run(&before, &["--require", "A", "--wait", "300"]).refused(&[why]);
    }
}

#[test]
fn without_a_wait_the_link_is_told_and_nothing_runs() {
    let server = session(vec![missing(&["A", "B"], "1", "pending")]);
    let done = run(&server, &["--require", "A,B"]);
    done.refused(&["not stored yet: A and B", &link("1"), "--wait"]);
    assert_eq!(server.calls().len(), 3);
}

#[test]
fn the_time_of_the_wait_is_kept() {
    let pending = || missing(&["A"], "1", "pending");
    let server = session(vec![pending(), pending(), pending(), pending()]);
    let done = Client::new(&server.url, TOKEN).run(&[&["run", "--require", "A", "--wait", "1"][..], &COMMAND].concat());
    done.refused(&["not stored yet: A", &link("1")]);
}

#[test]
fn one_that_was_skipped_while_the_others_were_given_ends_the_wait() {
    let answered = || earlier("stored", &[("A", Some("stored")), ("B", Some("skipped"))]);
    // The server has asked anew for the rest, or tells of the request that is over.
    for then in [missing(&["B"], "2", "pending"), missing(&["B"], "1", "stored")] {
        let server = session(vec![missing(&["A", "B"], "1", "pending"), then, answered()]);
        run(&server, &["--require", "A,B", "--wait", "300"]).refused(&["B was skipped"]);
        assert_eq!(server.calls()[3], "GET /api/v1/requests/1");
        assert_eq!(server.heard()[3].token, SANDBOX_TOKEN);
    }
}

#[test]
fn one_that_has_lapsed_and_is_asked_anew_has_its_new_link_told() {
    let server = session(vec![
        missing(&["A"], "1", "pending"),
        missing(&["A"], "2", "pending"),
        earlier("expired", &[("A", None)]),
        answer(200, json!({"A": VALUE})),
    ]);
    let done = run(&server, &["--require", "A", "--wait", "3600"]).succeeded();
    assert!(
        done.err.contains(&link("1")) && done.err.contains(&link("2")),
        "{done:?}"
    );
}

#[test]
fn a_sandbox_token_is_enough_and_env_asks_too() {
    let script = || {
        vec![
            missing(&["A"], "1", "pending"),
            answer(200, json!({"A": VALUE})).after(Duration::from_millis(100)),
        ]
    };
    let options = ["--require", "A", "--wait", "300"];
    let (first, second) = (Scripted::answering(script()), Scripted::answering(script()));
    let run = Client::new(&first.url, SANDBOX_TOKEN).run(&[&["run"], &options[..], &COMMAND].concat());
    let env = Client::new(&second.url, SANDBOX_TOKEN).run(&[&["env"], &options[..]].concat());
    assert_eq!(env.out, format!("{{\"A\":\"{VALUE}\"}}"));
    for done in [run, env] {
        assert!(done.succeeded().err.contains(&link("1")));
    }
}

#[test]
fn a_request_that_only_an_app_shows_has_no_link() {
    let refusal = problem(
        424,
        "missing-secrets",
        json!({"missing": ["A"], "request": {"id": "1", "status": "pending"}}),
    );
    run(&session(vec![refusal]), &["--require", "A"]).refused(&["not stored yet: A", "your app"]);
}

#[test]
fn what_is_no_link_is_not_shown() {
    let request = json!({"id": "1", "status": "pending", "url": "https://vault.example/\u{1b}[2J"});
    let refusal = problem(424, "missing-secrets", json!({"missing": ["A"], "request": request}));
    let done = run(&session(vec![refusal]), &["--require", "A", "--wait", "60"]).refused(&["check the address"]);
    assert!(!done.err.contains("[2J"), "{done:?}");
}

#[test]
fn on_a_real_server_opening_sandboxes_is_all_that_it_takes() {
    let (server, account) = Server::with_account();
    let client = account
        .client()
        .set("STRONGROOM_TOKEN", &server.token(&account.name, "sandboxes:write"));
    let words = [&["run", "--require", "A"], &COMMAND[..]].concat();
    client
        .run(&words)
        .refused(&["not stored yet: A", &format!("{}/r/", account.url)]);
    account.store("A", VALUE);
    assert_eq!(client.run(&words).succeeded().out, "started with [A]\n");
}
