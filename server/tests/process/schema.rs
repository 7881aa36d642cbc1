//! Calls made by chance from the OpenAPI document, in all of schemathesis's phases, by everybody who can call: no answer may be
//! an error of the server's, or another one than the document says, and nobody gets further than it says.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::Server;

const JSON: (&str, &str) = ("Content-Type", "application/json");
/// Tries of each call in each phase; `cargo xtask soak --part schema` asks for more.
const TRIES: &str = "15";

/// A server with one of each that can call it.
struct Callers {
    server: Server,
    token: String,
    platform: String,
    sandbox: String,
    field: String,
    /// The request that the field is for.
    request: String,
}

impl Callers {
    fn new() -> Self {
        let server = Server::start();
        server.ada("a long enough passphrase");
        let scopes = "secrets:read,secrets:write,sandboxes:write,requests:write";
        let create = ["token", "create", "--user", "ada", "--scopes", scopes];
        let bearer = |token: &str| format!("Bearer {token}");
        let token = bearer(&server.admin(&create, ""));
        let add = ["platform", "add", "Acme", "--origin", "https://chat.example"];
        let platform = bearer(&server.admin(&add, ""));
        let post = |path: &str, headers: &[(&str, &str)], body: &Value| -> Value {
            let made = server.call("POST", path, &[&[JSON], headers].concat(), &body.to_string());
            assert_eq!(made.status, 201, "{}", made.body);
            serde_json::from_str(&made.body).unwrap()
        };
        let text = |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        let opened = post("/api/v1/sandboxes", &[("Authorization", &token)], &json!({}));
        let asked = post(
            "/api/v1/requests",
            &[("Authorization", &platform), ("Strongroom-User", "u1")],
            &json!({ "secrets": [{ "name": "X_BEARER_TOKEN" }], "user_label": "ada@example.com" }),
        );
        Self {
            sandbox: bearer(&text(&opened, "/token")),
            field: bearer(&text(&asked, "/embed/token")),
            request: text(&asked, "/id"),
            server,
            token,
            platform,
        }
    }

    /// All phases, with these headers wherever a call has none of its own in the configuration.
    fn hold_to_the_document(&self, whose: &str, headers: &[(&str, &str)], as_whom: impl Fn(&'static str) -> String) {
        let Some(python) = env::var_os("STRONGROOM_TEST_PYTHON") else {
            eprintln!("NOT TESTED: STRONGROOM_TEST_PYTHON names no interpreter with schemathesis beside it");
            return;
        };
        let tries = env::var("STRONGROOM_SCHEMA_TRIES");
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(PathBuf::from(python).with_file_name("schemathesis"));
        process
            .arg("--config-file")
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/schemathesis/schemathesis.toml"
            ))
            .arg("run")
            .arg(format!("{}/api/openapi.json", self.server.base))
            .args(["--max-examples", tries.as_deref().unwrap_or(TRIES)]);
        if tries.is_err() {
            // The same calls in each run, as in any other test.
            process.arg("--generation-deterministic");
        }
        for (name, value) in headers {
            process.args(["-H", &format!("{name}: {value}")]);
        }
        for caller in ["SANDBOX", "FIELD", "PLATFORM"] {
            process.env(format!("STRONGROOM_AS_{caller}"), as_whom(caller));
        }
        let output = process
            .env("STRONGROOM_REQUEST", &self.request)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "as {whose}: {said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(
            said.contains("Stateful") && !said.contains(" 0 generated"),
            "as {whose}: {said}"
        );
    }
}

#[test]
fn every_answer_to_a_person_is_as_the_document_says() {
    let callers = Callers::new();
    callers.hold_to_the_document(
        "a person",
        &[("Authorization", &callers.token)],
        |caller| match caller {
            "SANDBOX" => callers.sandbox.clone(),
            "FIELD" => callers.field.clone(),
            _ => callers.platform.clone(),
        },
    );
}

#[test]
fn every_answer_to_a_platform_is_as_the_document_says() {
    let callers = Callers::new();
    let headers = [("Authorization", callers.platform.as_str()), ("Strongroom-User", "u1")];
    callers.hold_to_the_document("a platform", &headers, |_| callers.platform.clone());
}

#[test]
fn every_answer_to_a_sandbox_is_as_the_document_says() {
    let callers = Callers::new();
    callers.hold_to_the_document("a sandbox", &[("Authorization", &callers.sandbox)], |_| {
        callers.sandbox.clone()
    });
}

#[test]
fn every_answer_to_nobody_is_as_the_document_says() {
    Callers::new().hold_to_the_document("nobody", &[], |_| "Bearer of nothing".to_owned());
}
