//! Ada and Bob, what Bob has, and answers made comparable.

use serde_json::{Value, json};

use crate::support::{Answer, Browser, Call, TestServer, User};

/// Bob's, and nobody's: of the same length, so that not even that tells them apart.
pub(super) const BOBS: &str = "BOBS_SECRET";
pub(super) const NOBODYS: &str = "NO_SUCH_KEY";
pub(super) const NO_ID: &str = "0190c0de-0000-7000-8000-000000000000";

pub(super) struct Two {
    pub(super) server: TestServer,
    pub(super) ada: User,
    pub(super) ada_browser: Browser,
    pub(super) bob: User,
    pub(super) bobs_sandbox: String,
    pub(super) bobs_session: String,
    pub(super) bobs_token: String,
    pub(super) bobs_request: String,
    pub(super) bobs_chat: String,
}

impl Two {
    pub(super) async fn start() -> Self {
        let server = TestServer::start().await;
        let (ada, bob) = (server.user("ada").await, server.user("bob").await);
        let (ada_browser, bob_browser) = (server.sign_in(&ada).await, server.sign_in(&bob).await);
        server.store(&ada, "ADAS_SECRET", "ada's value").await;
        server.store(&bob, BOBS, "bob's value").await;
        let (bobs_sandbox, _) = server.open(&bob, json!({ "label": "bob's sandbox" })).await;
        let asked = server
            .post("/api/v1/requests")
            .bearer(&bob.token)
            .json(&json!({ "secrets": [{ "name": "ASKED_OF_BOB" }] }))
            .send()
            .await
            .json();
        let sessions = server.vault.accounts().sessions(&bob_browser.actor).await.unwrap();
        let chats = server.vault.conversations();
        let chat = chats.create(&bob_browser.actor, "bob's chat").await.unwrap();
        let tokens = server.vault.tokens().list(&bob_browser.actor).await.unwrap();
        Self {
            server,
            ada,
            ada_browser,
            bob,
            bobs_sandbox,
            bobs_session: sessions[0].id.clone(),
            bobs_token: tokens[0].id.clone(),
            bobs_request: asked["id"].as_str().unwrap().to_owned(),
            bobs_chat: chat.id,
        }
    }

    /// The answer to Ada's call about Bob's thing and about nobody's, made comparable.
    pub(super) async fn compare(&self, what: &str, call: impl Fn(&str) -> Call, theirs: &str, nobodys: &str) {
        let (one, other) = (call(theirs).send().await, call(nobodys).send().await);
        assert_eq!(without_names(&one, theirs), without_names(&other, nobodys), "{what}");
    }

    pub(super) fn holds_nothing_of_bobs(&self, what: &str, answer: &Answer) {
        for thing in [
            BOBS,
            "bob",
            "ASKED_OF_BOB",
            &self.bobs_sandbox,
            &self.bobs_session,
            &self.bobs_token,
            &self.bobs_request,
            &self.bobs_chat,
        ] {
            assert!(
                !answer.text().contains(thing),
                "{what} shows {thing}: {}",
                answer.text()
            );
        }
    }
}

/// Status, headers and body, less what differs from call to call anyway.
fn without_names(answer: &Answer, name: &str) -> (u16, Vec<(String, String)>, String) {
    let (status, headers, body) = answer.comparable();
    let headers = headers
        .into_iter()
        .filter(|(name, _)| name != "etag" && name != "location");
    let body = match serde_json::from_str::<Value>(&body) {
        Ok(mut json) => {
            blank(&mut json);
            json.to_string()
        }
        Err(_) => without_nonce(answer, body),
    };
    (status, headers.collect(), body.replace(name, "NAME"))
}

fn blank(json: &mut Value) {
    const MADE: [&str; 9] = [
        "id",
        "token",
        "etag",
        "expires_at",
        "created_at",
        "changed_at",
        "updated_at",
        "at",
        "url",
    ];
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                if MADE.contains(&name.as_str()) {
                    *value = Value::Null
                } else {
                    blank(value)
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(blank),
        _ => {}
    }
}

fn without_nonce(page: &Answer, body: String) -> String {
    let policy = page.header("content-security-policy");
    match policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()) {
        Some(nonce) => body.replace(nonce, "NONCE"),
        None => body,
    }
}
