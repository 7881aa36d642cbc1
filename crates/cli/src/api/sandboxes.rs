//! Sandbox sessions: open, fetch the environment, close.

use std::fmt::Write as _;
use std::time::Duration;

use domain::{EnvFormat, SecretName};
use serde::{Deserialize, Serialize};
use ureq::http::Method;
use zeroize::Zeroizing;

use super::{ApiError, Call, Client, PATIENCE, is_id};
use crate::token::Token;

/// Closing happens after the command has ended; nobody should wait long for it.
const CLOSING_TIME: Duration = Duration::from_secs(5);

/// What to open a session with. What is absent is the server's default.
#[derive(Serialize)]
pub(crate) struct NewSandbox<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ttl_seconds: Option<u64>,
    /// The secrets it is confined to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) names: Option<Vec<&'a SecretName>>,
}

#[derive(Deserialize)]
struct Opened {
    id: String,
    token: String,
}

/// Which part of an environment to fetch, and how long the server may hold the answer for what is missing.
pub(crate) struct EnvironmentQuery<'a> {
    pub(crate) format: EnvFormat,
    /// Only these; absent, all of the session's.
    pub(crate) only: Option<Vec<&'a SecretName>>,
    /// Without these, 424.
    pub(crate) require: Vec<&'a SecretName>,
    /// Up to 60 s.
    pub(crate) wait: Duration,
}

impl Client {
    /// Opens a session (`POST /api/v1/sandboxes`): its id, and its token, which is told this once.
    pub(crate) fn open_sandbox(&self, sandbox: &NewSandbox<'_>) -> Result<(String, Token), ApiError> {
        let body = serde_json::to_vec(sandbox).map_err(|_| self.not_understood())?;
        let answer = self.send(&Call::new(Method::POST, "/api/v1/sandboxes").json(&body))?;
        let opened: Opened = serde_json::from_slice(&answer).map_err(|_| self.not_understood())?;
        let text = Zeroizing::new(opened.token);
        let token = Token::parse(&text).map_err(|_| self.not_understood())?;
        // The id goes into a path.
        if !is_id(&opened.id) {
            return Err(self.not_understood());
        }
        Ok((opened.id, token))
    }

    /// Closes a session (`DELETE /api/v1/sandboxes/{id}`). One that has ended by itself is closed already.
    pub(crate) fn close_sandbox(&self, id: &str) -> Result<(), ApiError> {
        let path = format!("/api/v1/sandboxes/{id}");
        match self.send(&Call::new(Method::DELETE, &path).at_most(CLOSING_TIME)) {
            Err(error) if error.refused_with(404).is_none() => Err(error),
            _ => Ok(()),
        }
    }

    /// Fetches an environment (`GET /api/v1/sandbox/env`) with a sandbox token: the bytes of the format asked for.
    pub(crate) fn environment(&self, query: &EnvironmentQuery<'_>) -> Result<Zeroizing<Vec<u8>>, ApiError> {
        let path = query.path();
        self.send(&Call::new(Method::GET, &path).patience(PATIENCE.saturating_add(query.wait)))
    }
}

impl EnvironmentQuery<'_> {
    /// Names are `[A-Z0-9_]` only, so nothing in the query needs escaping.
    fn path(&self) -> String {
        let mut path = format!("/api/v1/sandbox/env?format={}", self.format.as_str());
        if let Some(only) = &self.only {
            push_names(&mut path, "only", only);
        }
        if !self.require.is_empty() {
            push_names(&mut path, "require", &self.require);
        }
        if !self.wait.is_zero() {
            let _ = write!(path, "&wait={}", self.wait.as_secs());
        }
        path
    }
}

fn push_names(path: &mut String, key: &str, names: &[&SecretName]) {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    let _ = write!(path, "&{key}={}", names.join(","));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    #[test]
    fn a_query_says_what_was_asked_and_no_more() {
        let (a, b) = (SecretName::parse("A").unwrap(), SecretName::parse("B_2").unwrap());
        let mut query = EnvironmentQuery {
            format: EnvFormat::Json,
            only: None,
            require: vec![],
            wait: Duration::ZERO,
        };
        assert_eq!(query.path(), "/api/v1/sandbox/env?format=json");
        query.only = Some(vec![&a, &b]);
        query.require = vec![&b];
        query.wait = Duration::from_secs(60);
        assert_eq!(
            query.path(),
            "/api/v1/sandbox/env?format=json&only=A,B_2&require=B_2&wait=60"
        );
    }

    #[test]
    fn what_is_not_said_is_left_to_the_server() {
        let nothing = NewSandbox {
            label: None,
            ttl_seconds: None,
            names: None,
        };
        assert_eq!(serde_json::to_string(&nothing).unwrap(), "{}");
        let name = SecretName::parse("A").unwrap();
        let all = NewSandbox {
            label: Some("x"),
            ttl_seconds: Some(60),
            names: Some(vec![&name]),
        };
        assert_eq!(
            serde_json::to_string(&all).unwrap(),
            r#"{"label":"x","ttl_seconds":60,"names":["A"]}"#
        );
    }
}
