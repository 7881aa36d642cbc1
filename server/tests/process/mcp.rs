//! `/mcp`, spoken to by the official Python client, and by hand where that would not do what is wrong.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::Server;

const JSON: (&str, &str) = ("Content-Type", "application/json");
const PASSWORD: &str = "a long enough passphrase";

struct Ada {
    server: Server,
    agent: String,
    powerful: String,
}

impl Ada {
    fn start() -> Self {
        let server = Server::start();
        server.admin(&["user", "add", "ada", "--password-stdin"], &format!("{PASSWORD}\n"));
        let token = |scopes: &str| {
            let arguments = [
                "token", "create", "--user", "ada", "--scopes", scopes, "--label", "agent",
            ];
            server.admin(&arguments, "")
        };
        let (agent, powerful) = (
            token("secrets:read requests:write"),
            token("secrets:write sandboxes:write secrets:read"),
        );
        let bearer = format!("Bearer {powerful}");
        let body = r#"{"name":"KNOWN_KEY","value":"n0t-for-m0dels","description":"Reads pages"}"#;
        let stored = server.call("POST", "/api/v1/secrets", &[JSON, ("Authorization", &bearer)], body);
        assert_eq!(stored.status, 201, "{}", stored.body);
        Self {
            server,
            agent,
            powerful,
        }
    }

    /// Runs the client; `None` where there is no Python with it, which `cargo xtask test` sees to.
    fn client(&self, variables: &[(&str, &str)], on_link: impl Fn(&str)) -> Option<Value> {
        let Some(python) = env::var_os("STRONGROOM_TEST_PYTHON") else {
            eprintln!("skipped: STRONGROOM_TEST_PYTHON names no interpreter with the mcp package");
            return None;
        };
        let mut process = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mcp/client.py"))
            .env("STRONGROOM_MCP_URL", format!("{}/mcp", self.server.base))
            .env("STRONGROOM_TOKEN", &self.agent)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        for line in BufReader::new(process.stderr.take().unwrap()).lines() {
            let line = line.unwrap();
            match serde_json::from_str::<Value>(&line) {
                Ok(shown) => on_link(shown.get("shown").and_then(Value::as_str).unwrap()),
                Err(_) => said.push_str(&format!("{line}\n")),
            }
        }
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{said}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains("n0t-for-m0dels"), "a value went to a model: {text}");
        Some(serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")))
    }

    /// Answers the request of a link as the person does, on the page.
    fn answer(&self, link: &str, name: &str) {
        let id = link.rsplit('/').next().unwrap();
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        let html = ("Accept", "text/html");
        let signing_in = format!("login=ada&password={}", PASSWORD.replace(' ', "+"));
        let cookie = self
            .server
            .call("POST", "/api/ui/sign-in", &[form, html], &signing_in)
            .cookie()
            .expect("signed in");
        let body = format!("id={id}&answers%5B0%5D%5Bname%5D={name}&answers%5B0%5D%5Bvalue%5D=th3v4lue");
        let headers = [form, html, ("Cookie", cookie.as_str())];
        let answer = self.server.call("POST", "/api/ui/answer-request", &headers, &body);
        assert_eq!(answer.status, 303, "{}", answer.body);
    }

    fn post(&self, token: &str, session: Option<&str>, body: &Value) -> crate::support::Answer {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![
            JSON,
            ("Authorization", bearer.as_str()),
            ("Accept", "application/json, text/event-stream"),
        ];
        headers.extend(session.map(|id| ("Mcp-Session-Id", id)));
        self.server.call("POST", "/mcp", &headers, &body.to_string())
    }
}

#[test]
fn a_model_lists_asks_and_learns_and_never_sees_a_value() {
    let ada = Ada::start();
    for (index, mode) in ["legacy", "2026-07-28"].into_iter().enumerate() {
        let name = format!("X_TOKEN_{index}");
        let wanted = [("STRONGROOM_MCP_MODE", mode), ("STRONGROOM_MCP_NAMES", name.as_str())];
        let Some(seen) = ada.client(&wanted, |_| panic!("no link was to be shown")) else {
            return;
        };
        assert_eq!(
            seen.pointer("/listed/fields/secrets/0/name"),
            Some(&json!("KNOWN_KEY")),
            "{mode}: {seen}"
        );
        assert_eq!(
            seen.pointer("/asked/fields/status"),
            Some(&json!("pending")),
            "{mode}: {seen}"
        );
        let link = seen.pointer("/asked/fields/url").and_then(Value::as_str).unwrap();
        assert!(link.starts_with(&format!("{}/r/", ada.server.base)), "{link}");
        assert_eq!(
            seen.pointer("/status/fields/status"),
            Some(&json!("pending")),
            "{mode}: {seen}"
        );
    }
}

#[test]
fn a_client_that_shows_links_waits_for_the_person_and_learns_the_outcome() {
    let ada = Ada::start();
    for (index, mode) in ["legacy", "2026-07-28"].into_iter().enumerate() {
        let name = format!("X_TOKEN_{index}");
        let wanted = [
            ("STRONGROOM_MCP_MODE", mode),
            ("STRONGROOM_MCP_NAMES", name.as_str()),
            ("STRONGROOM_MCP_CONSENT", "accept"),
            ("STRONGROOM_MCP_WAIT", "30"),
        ];
        let Some(seen) = ada.client(&wanted, |link| ada.answer(link, &name)) else {
            return;
        };
        assert_eq!(
            seen.pointer("/asked/fields/status"),
            Some(&json!("stored")),
            "{mode}: {seen}"
        );
        assert!(!seen.to_string().contains("th3v4lue"), "{mode}");
        let declined = [
            ("STRONGROOM_MCP_MODE", mode),
            ("STRONGROOM_MCP_NAMES", "NEVER_MIND"),
            ("STRONGROOM_MCP_CONSENT", "decline"),
        ];
        let seen = ada.client(&declined, |_| {}).unwrap();
        assert_eq!(
            seen.pointer("/asked/fields/status"),
            Some(&json!("cancelled")),
            "{mode}: {seen}"
        );
    }
}

#[test]
fn who_could_reach_values_or_is_nobody_is_refused_and_sessions_are_not_shared() {
    let ada = Ada::start();
    let begin = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } } });
    assert_eq!(ada.post("sr_pat_nothing", None, &begin).status, 401);
    let refused = ada.post(&ada.powerful, None, &begin);
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("secrets:read requests:write"), "{}", refused.body);

    let begun = ada.post(&ada.agent, None, &begin);
    assert_eq!(begun.status, 200, "{}", begun.body);
    let session = begun
        .head
        .lines()
        .find_map(|line| line.strip_prefix("mcp-session-id: "))
        .expect("a session")
        .to_owned();
    let list = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" });
    assert_eq!(ada.post(&ada.agent, Some(&session), &list).status, 200);
    let arguments = ["token", "create", "--user", "ada", "--scopes", "secrets:read"];
    let other = ada.server.admin(&arguments, "");
    assert_eq!(ada.post(&other, Some(&session), &list).status, 404);
    let bearer = format!("Bearer {}", ada.agent);
    let stream = ada.server.call("GET", "/mcp", &[("Authorization", &bearer)], "");
    assert_eq!(stream.status, 405);
}
