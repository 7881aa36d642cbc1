//! Chats of a whole server: written to as a browser without scripts does, and a kill in the middle of a run.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{Answer, Server};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const HTML: (&str, &str) = ("Accept", "text/html");
const PASSWORD: &str = "a long enough passphrase";
/// Seconds that nothing else on the machine sleeps: told apart from everything by it.
const MARK: &str = "31717.25";

/// Begins a chat with a message; its page.
pub(crate) fn begin(server: &Server, cookie: &str, message: &str) -> String {
    let body = form(&[("message", message)]);
    let answer = server.call("POST", "/api/ui/start-chat", &[FORM, HTML, ("Cookie", cookie)], &body);
    assert_eq!(answer.status, 303, "{}", answer.head);
    let place = answer
        .head
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .expect("the chat's page");
    place.split('?').next().unwrap().to_owned()
}

/// The page once all of `texts` stand in it.
pub(crate) fn page_with(server: &Server, cookie: &str, page: &str, texts: &[&str]) -> Answer {
    let began = Instant::now();
    loop {
        let answer = server.call("GET", page, &[HTML, ("Cookie", cookie)], "");
        if texts.iter().all(|text| answer.body.contains(text)) {
            return answer;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{texts:?} is not in {}",
            answer.body
        );
        sleep(Duration::from_millis(100));
    }
}

/// Whether code is run here. Where it is not, that is said, and is a failure if `STRONGROOM_TEST_SANDBOX` is set.
pub(crate) fn code_is_run(server: &Server, cookie: &str) -> bool {
    let answer = server
        .call("POST", "/api/ui/list-chats", &[FORM, ("Cookie", cookie)], "")
        .body;
    let runs = !answer.contains("chat__problem");
    if !runs {
        assert!(std::env::var_os("STRONGROOM_TEST_SANDBOX").is_none(), "{answer}");
        eprintln!("NOT TESTED, the sandbox cannot run here: {answer}");
    }
    runs
}

/// As a form sends its fields (WHATWG URL, section 5.2), with more escaped than has to be.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)))
        .collect();
    pairs.join("&")
}

#[test]
fn a_server_that_is_killed_in_a_run_leaves_nothing_behind_and_says_so() {
    let server = Server::start();
    let token = server.ada(PASSWORD);
    let bearer = format!("Bearer {token}");
    let stored = server.call(
        "POST",
        "/api/v1/secrets",
        &[("Content-Type", "application/json"), ("Authorization", &bearer)],
        r#"{"name":"A_KEY","value":"a value of some length"}"#,
    );
    assert_eq!(stored.status, 201);
    let cookie = sign_in(&server);
    if !code_is_run(&server, &cookie) {
        return;
    }
    let page = begin(
        &server,
        &cookie,
        &format!("```sh\necho \"begun ${{#A_KEY}}\"; sleep {MARK}\n```"),
    );
    page_with(&server, &cookie, &page, &["begun 22", "Running"]);
    assert!(is_asleep());
    assert_eq!(sessions(&server, &bearer), 1);

    server.kill();
    let server = Server::over(server.remains());
    let began = Instant::now();
    while is_asleep() {
        assert!(began.elapsed() < Duration::from_secs(10), "the code is still running");
        sleep(Duration::from_millis(50));
    }
    assert_eq!(sessions(&server, &bearer), 0, "its session is over");
    let cookie = sign_in(&server);
    let shown = page_with(&server, &cookie, &page, &["The server stopped in the middle of it."]);
    assert!(!shown.body.contains("Running…"));
    // And the chat goes on.
    let body = form(&[
        ("id", page.rsplit('/').next().unwrap()),
        ("message", "```sh\necho \"again ${#A_KEY}\"\n```"),
    ]);
    let headers = [FORM, HTML, ("Cookie", cookie.as_str())];
    assert_eq!(server.call("POST", "/api/ui/say-in-chat", &headers, &body).status, 303);
    page_with(&server, &cookie, &page, &["again 22"]);
}

fn sign_in(server: &Server) -> String {
    let body = form(&[("login", "ada"), ("password", PASSWORD)]);
    let answer = server.call("POST", "/api/ui/sign-in", &[FORM, HTML], &body);
    answer.cookie().expect("signed in")
}

/// How many sandbox sessions live.
fn sessions(server: &Server, bearer: &str) -> usize {
    let answer = server.call("GET", "/api/v1/sandboxes", &[("Authorization", bearer)], "");
    let listed: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    listed.get("sandboxes").unwrap().as_array().unwrap().len()
}

/// Whether a process has the mark in its command line.
fn is_asleep() -> bool {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|entry| fs::read(entry.path().join("cmdline")).ok())
        .any(|words| words.split(|byte| *byte == 0).any(|word| word == MARK.as_bytes()))
}
