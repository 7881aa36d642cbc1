//! People with accounts, and what they hold.

use domain::{LoginName, RawValue, Scopes};
use serde_json::{Value, json};
use vault::{Actor, Origin};

use super::{Answer, TestServer};

/// Everybody's password here.
pub(crate) const PASSWORD: &str = "velvet tram quarry nine";

/// Every scope that there is.
const EVERYTHING: &str = "secrets:read secrets:write sandboxes:write requests:write";

/// A person with an account and an API token that may do everything.
pub(crate) struct User {
    pub(crate) login: LoginName,
    pub(crate) token: String,
}

/// A person who is signed in with a browser.
pub(crate) struct Browser {
    pub(crate) session: String,
    pub(crate) actor: Actor,
}

pub(crate) fn password() -> RawValue {
    RawValue::new(PASSWORD.to_owned())
}

impl TestServer {
    pub(crate) async fn user(&self, name: &str) -> User {
        let login = LoginName::parse(name).unwrap();
        self.vault
            .operator()
            .add_user(login.clone(), &password())
            .await
            .unwrap();
        let token = self.token(&login, EVERYTHING).await;
        User { login, token }
    }

    /// One more token of a person, with those scopes.
    pub(crate) async fn token(&self, login: &LoginName, scopes: &str) -> String {
        let scopes = Scopes::parse(scopes).unwrap();
        let created = self
            .vault
            .operator()
            .create_token(login, "test".to_owned(), scopes)
            .await
            .unwrap();
        created.token.expose().to_owned()
    }

    pub(crate) async fn sign_in(&self, user: &User) -> Browser {
        let session = self
            .vault
            .accounts()
            .sign_in(user.login.as_typed(), &password(), Origin::default())
            .await
            .unwrap();
        Browser {
            session: session.token.expose().to_owned(),
            actor: session.actor,
        }
    }

    /// Stores a secret over HTTP.
    pub(crate) async fn store(&self, user: &User, name: &str, value: &str) -> Answer {
        let body = json!({ "name": name, "value": value });
        let answer = self
            .post("/api/v1/secrets")
            .bearer(&user.token)
            .json(&body)
            .send()
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer
    }

    /// Opens a sandbox over HTTP: its id and its token.
    pub(crate) async fn open(&self, user: &User, body: Value) -> (String, String) {
        let answer = self
            .post("/api/v1/sandboxes")
            .bearer(&user.token)
            .json(&body)
            .send()
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let opened = answer.json();
        (
            opened["id"].as_str().unwrap().to_owned(),
            opened["token"].as_str().unwrap().to_owned(),
        )
    }

    /// Everything that a person has stored: names, descriptions and times, and the values by way of a sandbox.
    pub(crate) async fn everything(&self, user: &User) -> (Value, Value) {
        let list = self.get("/api/v1/secrets").bearer(&user.token).send().await.json();
        let secrets: Vec<Value> = list["secrets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|secret| {
                json!([
                    secret["name"],
                    secret["description"],
                    secret["etag"],
                    secret["updated_at"]
                ])
            })
            .collect();
        let (_, sandbox) = self.open(user, json!({})).await;
        let values = self.get("/api/v1/sandbox/env").bearer(&sandbox).send().await.json();
        (secrets.into(), values)
    }
}
