//! `strongroom request`: the link, and what became of the request.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::client::{Client, Done, done};
use crate::scripted::{Answer, Scripted, answer, problem};
use crate::server::Server;

const TOKEN: &str = "sr_pat_ofTheRequestTests";
const LINK: &str = "https://vault.example/r/0199-a";

/// A request as the server answers it: its names, each with what became of it.
fn request(status: &str, names: &[(&str, Option<&str>)]) -> Value {
    let secrets: Vec<Value> = names
        .iter()
        .map(|(name, outcome)| json!({"name": name, "description": "", "obtain_url": null, "outcome": outcome}))
        .collect();
    json!({
        "id": "0199-a", "status": status, "secrets": secrets, "reason": null, "requested_by": null,
        "asked_by": "API token ci", "created_at": 1_767_322_145_678_i64, "expires_at": 1_767_323_045_678_i64,
        "ended_at": null, "url": LINK,
    })
}

fn pending(status: u16) -> Answer {
    answer(status, request("pending", &[("A", None)]))
}

fn run(server: &Scripted, words: &[&str]) -> Done {
    Client::new(&server.url, TOKEN).run(&[&["request"], words].concat())
}

/// Ended so, with the link alone on standard output, and having said all of `parts`.
#[track_caller]
fn ended(done: &Done, code: i32, parts: &[&str]) {
    assert_eq!(done.code, Some(code), "{done:?}");
    assert_eq!(done.out, format!("{LINK}\n"), "{done:?}");
    for part in parts {
        assert!(done.err.contains(part), "{part:?} is not said: {done:?}");
    }
}

#[test]
fn the_link_alone_is_on_standard_output() {
    let server = Scripted::answering(vec![answer(201, request("pending", &[("A", None), ("B", None)]))]);
    let done = run(
        &server,
        &["A", "B", "--why", "to search", "--by", "agent", "--ttl", "60"],
    );
    ended(&done, 0, &["asked for A and B", "until 2026-01-02 03:04 UTC"]);
    let heard = server.heard();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0].call, "POST /api/v1/requests");
    assert_eq!(heard[0].token, TOKEN);
    assert_eq!(
        heard[0].body,
        json!({"secrets": [{"name": "A"}, {"name": "B"}], "reason": "to search", "requested_by": "agent",
            "ttl_seconds": 60})
    );
}

#[test]
fn what_one_secret_is_for_and_where_it_is_had_goes_with_it() {
    let server = Scripted::answering(vec![pending(201)]);
    let words = ["A", "--description", "searches X", "--from", "https://developer.x.com/"];
    ended(&run(&server, &words), 0, &[]);
    assert_eq!(
        server.heard()[0].body["secrets"],
        json!([{"name": "A", "description": "searches X", "obtain_url": "https://developer.x.com/"}])
    );
}

#[test]
fn it_waits_until_all_of_them_are_there() {
    let answered = request("stored", &[("A", Some("stored")), ("B", Some("kept"))]);
    let server = Scripted::answering(vec![
        answer(201, request("pending", &[("A", None), ("B", None)])),
        answer(200, request("pending", &[("A", None), ("B", None)])),
        answer(200, answered).after(Duration::from_millis(200)),
    ]);
    let done = run(&server, &["A", "B", "--wait", "90"]);
    ended(&done, 0, &["waiting up to 90 s", "A is stored", "B was stored already"]);
    let held = "GET /api/v1/requests/0199-a?wait=60";
    assert_eq!(server.calls(), ["POST /api/v1/requests", held, held]);
}

#[test]
fn every_other_end_is_1_with_its_reason() {
    for (status, outcome, why) in [
        ("skipped", Some("skipped"), "A was skipped"),
        ("expired", None, "nobody answered the request for A in time"),
        ("cancelled", None, "the request for A was taken back"),
    ] {
        let last = request(status, &[("A", outcome)]);
        let server = Scripted::answering(vec![pending(201), answer(200, last)]);
        ended(&run(&server, &["A", "--wait", "60"]), 1, &[why, "not stored"]);
    }
}

#[test]
fn what_was_given_in_part_is_told_name_by_name() {
    let last = request("stored", &[("A", Some("stored")), ("B", Some("skipped"))]);
    let server = Scripted::answering(vec![pending(201), answer(200, last)]);
    let done = run(&server, &["A", "B", "--wait", "60"]);
    ended(&done, 1, &["A is stored", "B was skipped"]);
    assert!(!done.err.contains("B is"), "{done:?}");
}

#[test]
fn a_wait_in_vain_ends_in_time_and_is_124() {
    let server = Scripted::answering(vec![pending(201), pending(200), pending(200)]);
    let started = Instant::now();
    let done = run(&server, &["A", "--wait", "1"]);
    ended(&done, 124, &["nobody has answered yet", "until 2026-01-02 03:04 UTC"]);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert!(!server.calls().iter().any(|call| call.starts_with("DELETE")));
}

#[test]
fn a_server_that_starts_anew_meanwhile_does_not_end_the_wait() {
    let server = Scripted::answering(vec![
        pending(201),
        problem(503, "unavailable", json!({"detail": "Not at the moment."})),
        answer(200, request("stored", &[("A", Some("stored"))])),
    ]);
    ended(&run(&server, &["A", "--wait", "60"]), 0, &["A is stored"]);
}

#[test]
fn what_the_server_refuses_is_said_in_its_words() {
    let scope = json!({"detail": "This token does not have the scope requests:write."});
    let full = json!({"detail": "An account has at most 20 requests waiting here. Remove some first."});
    for (refusal, parts) in [
        (
            problem(403, "missing-scope", scope),
            ["requests:write", "Settings page"],
        ),
        (problem(422, "too-many", full), ["at most 20 requests", "Remove some"]),
    ] {
        run(&Scripted::answering(vec![refusal]), &["A", "--wait", "60"]).refused(&parts);
    }
    let gone = problem(404, "not-found", json!({"detail": "There is nothing by that id."}));
    let server = Scripted::answering(vec![pending(201), gone]);
    ended(&run(&server, &["A", "--wait", "60"]), 125, &["nothing by that id"]);
}

#[test]
fn a_reason_that_would_move_the_cursor_is_refused_by_the_server() {
    let message = "The character at position 3 (U+001B) does not show. Leave it out.";
    let error = json!({"field": "reason", "rule": "reason.character", "message": message});
    let server = Scripted::answering(vec![problem(
        422,
        "invalid",
        json!({"detail": message, "errors": [error]}),
    )]);
    let done = run(&server, &["A", "--why", "to\u{1b}[31m search"]).refused(&[message]);
    assert!(!done.err.contains('\u{1b}'), "{done:?}");
    assert_eq!(server.heard()[0].body["reason"], "to\u{1b}[31m search");
}

#[test]
fn what_is_no_link_is_not_printed() {
    for link in [
        "javascript:alert(1)",
        "https://a.example/\u{1b}[2J",
        "https://a.example/\nx",
    ] {
        let mut request = request("pending", &[("A", None)]);
        request["url"] = link.into();
        let done = run(&Scripted::answering(vec![answer(201, request)]), &["A"]).refused(&["does not understand"]);
        assert!(!done.err.contains(link), "{done:?}");
    }
}

#[test]
fn without_a_link_it_is_said_where_to_look() {
    let mut request = request("pending", &[("A", None)]);
    request.as_object_mut().unwrap().remove("url");
    let done = run(&Scripted::answering(vec![answer(201, request)]), &["A"]).succeeded();
    assert_eq!(done.out, "");
    assert!(
        done.err.contains("asked for A") && done.err.contains("your app"),
        "{done:?}"
    );
}

#[test]
fn a_sandbox_whose_person_said_no_is_told_at_once() {
    let server = Scripted::answering(vec![answer(201, request("skipped", &[("A", Some("skipped"))]))]);
    let client = Client::new(&server.url, "sr_sbx_ofTheRequestTests");
    client.run(&["request", "A"]).ended_with(1, &["A was skipped"]);
    assert_eq!(server.heard()[0].token, "sr_sbx_ofTheRequestTests");
}

#[test]
fn ctrl_c_ends_the_wait_and_not_the_request() {
    let server = Scripted::answering(vec![pending(201), pending(200).after(Duration::from_secs(60))]);
    let mut child = Client::new(&server.url, TOKEN)
        .command(&["request", "A", "--wait", "60"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("waiting up to")));
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(2), "{output:?}");
    assert_eq!(done(output).out, format!("{LINK}\n"), "the link came before the wait");
    assert!(!server.calls().iter().any(|call| call.starts_with("DELETE")));
}

#[test]
fn what_cannot_be_understood_is_2_and_nothing_is_asked() {
    let server = Scripted::answering(vec![]);
    run(&server, &[]).ended_with(2, &["--help"]);
    let said = run(&server, &["A=hunter2"]).ended_with(2, &["name alone"]);
    assert!(!said.err.contains("hunter2"), "{said:?}");
    assert!(server.heard().is_empty());
}

#[test]
fn a_real_request_is_made_and_taken_back() {
    let (_server, account) = Server::with_account();
    let mut child = account
        .client()
        .command(&["request", "A", "--why", "to search", "--wait", "60"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut link = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut link)
        .unwrap();
    let id = link.trim().strip_prefix(&format!("{}/r/", account.url)).unwrap();
    assert_eq!(account.get(&format!("/api/v1/requests/{id}"))["reason"], "to search");
    account.delete(&format!("/api/v1/requests/{id}"));
    let done = done(child.wait_with_output().unwrap());
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.err.contains("the request for A was taken back"), "{done:?}");
}

#[test]
fn a_real_server_refuses_what_a_person_could_not_read() {
    let (server, account) = Server::with_account();
    let client = account.client();
    client
        .run(&["request", "A", "--why", "to\u{1b}[31m search"])
        .refused(&["position 3", "U+001B"]);
    client.run(&["request", "A", "--ttl", "29"]).refused(&["30"]);
    account
        .client()
        .set("STRONGROOM_TOKEN", &server.token(&account.name, "secrets:read"))
        .run(&["request", "A"])
        .refused(&["requests:write", "Settings"]);
    assert_eq!(account.get("/api/v1/requests")["items"], json!([]));
}
