//! One account on a test's server, seen over HTTP.

use ureq::Agent;

use crate::client::Client;

pub(crate) struct Account {
    pub(crate) url: String,
    pub(crate) name: String,
    /// An API token with every scope of the client.
    pub(crate) token: String,
    agent: Agent,
}

impl Account {
    pub(crate) fn new(url: &str, name: &str, token: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        Self {
            url: url.to_owned(),
            name: name.to_owned(),
            token: token.to_owned(),
            agent,
        }
    }

    /// The program under test, with the account's API token.
    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url, &self.token)
    }

    /// The program under test, with a sandbox token of its own.
    pub(crate) fn sandbox_client(&self) -> Client {
        Client::new(&self.url, &self.open_sandbox(serde_json::json!({})).1)
    }

    pub(crate) fn store(&self, name: &str, value: &str) {
        let (status, body) = self.post("/api/v1/secrets", &serde_json::json!({"name": name, "value": value}));
        assert_eq!(status, 201, "{body}");
    }

    pub(crate) fn store_all<'a>(&self, secrets: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let secrets: Vec<_> = secrets
            .into_iter()
            .map(|(name, value)| serde_json::json!({"name": name, "value": value}))
            .collect();
        let (status, body) = self.post("/api/v1/secrets/batch", &serde_json::json!({"secrets": secrets}));
        assert_eq!(status, 200, "{body}");
    }

    /// What a sandbox would get: the only way to see a value again.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let (id, token) = self.open_sandbox(serde_json::json!({}));
        let response = self
            .agent
            .get(format!("{}/api/v1/sandbox/env", self.url))
            .header("Authorization", format!("Bearer {token}"))
            .call()
            .unwrap();
        let all: serde_json::Value = serde_json::from_str(&response.into_body().read_to_string().unwrap()).unwrap();
        self.delete(&format!("/api/v1/sandboxes/{id}"));
        all.get(name).map(|value| value.as_str().unwrap().to_owned())
    }

    pub(crate) fn open_sandbox(&self, body: serde_json::Value) -> (String, String) {
        let (status, opened) = self.post("/api/v1/sandboxes", &body);
        assert_eq!(status, 201, "{opened}");
        (
            opened["id"].as_str().unwrap().to_owned(),
            opened["token"].as_str().unwrap().to_owned(),
        )
    }

    /// The ids of the live sessions.
    pub(crate) fn live_sandboxes(&self) -> Vec<serde_json::Value> {
        let list = self.get("/api/v1/sandboxes");
        list["sandboxes"]
            .as_array()
            .unwrap_or_else(|| panic!("no list of sandboxes in {list}"))
            .clone()
    }

    pub(crate) fn secrets(&self) -> Vec<serde_json::Value> {
        self.get("/api/v1/secrets")["secrets"].as_array().unwrap().clone()
    }

    pub(crate) fn get(&self, path: &str) -> serde_json::Value {
        let response = self
            .agent
            .get(format!("{}{path}", self.url))
            .header("Authorization", self.bearer())
            .call()
            .unwrap();
        assert_eq!(response.status(), 200, "GET {path}");
        serde_json::from_str(&response.into_body().read_to_string().unwrap()).unwrap()
    }

    pub(crate) fn delete(&self, path: &str) {
        let response = self
            .agent
            .delete(format!("{}{path}", self.url))
            .header("Authorization", self.bearer())
            .call()
            .unwrap();
        assert_eq!(response.status(), 204, "DELETE {path}");
    }

    fn post(&self, path: &str, body: &serde_json::Value) -> (u16, serde_json::Value) {
        let response = self
            .agent
            .post(format!("{}{path}", self.url))
            .header("Authorization", self.bearer())
            .content_type("application/json")
            .send(body.to_string())
            .unwrap();
        let status = response.status().as_u16();
        let body = response
            .into_body()
            .with_config()
            .limit(1 << 24)
            .read_to_string()
            .unwrap();
        (status, serde_json::from_str(&body).unwrap_or(serde_json::Value::Null))
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}
