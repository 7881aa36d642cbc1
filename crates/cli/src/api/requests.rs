//! Secret requests: make one, and learn what became of it. Values go another way.

use std::fmt::Write as _;
use std::time::Duration;

use domain::{RequestDraft, RequestStatus, RequestView};
use serde::Deserialize;
use ureq::http::Method;

use super::{ApiError, Call, Client, Link, PATIENCE, is_id};

/// A request, as whoever made it sees it.
#[derive(Debug, Deserialize)]
pub(crate) struct MadeRequest {
    #[serde(flatten)]
    pub(crate) view: RequestView,
    /// Where the person answers it. Absent where its platform has no page for that.
    pub(crate) url: Option<Link>,
}

/// What a refusal says of the request that was made for what is missing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct RequestHint {
    pub(crate) id: String,
    pub(crate) status: RequestStatus,
    pub(crate) url: Option<Link>,
}

impl Client {
    /// Makes a request (`POST /api/v1/requests`). The server applies the rules, and says which one is broken.
    pub(crate) fn make_request(&self, draft: &RequestDraft) -> Result<MadeRequest, ApiError> {
        let body = serde_json::to_vec(draft).map_err(|_| self.not_understood())?;
        let answer = self.send(&Call::new(Method::POST, "/api/v1/requests").json(&body))?;
        serde_json::from_slice(&answer).map_err(|_| self.not_understood())
    }

    /// How a request stands (`GET /api/v1/requests/{id}`). The answer is held up to `wait`, 60 s at most, while it is
    /// pending.
    pub(crate) fn request(&self, id: &str, wait: Duration) -> Result<MadeRequest, ApiError> {
        // The id goes into a path.
        if !is_id(id) {
            return Err(self.not_understood());
        }
        let mut path = format!("/api/v1/requests/{id}");
        if !wait.is_zero() {
            let _ = write!(path, "?wait={}", wait.as_secs());
        }
        let answer = self.send(&Call::new(Method::GET, &path).patience(PATIENCE.saturating_add(wait)))?;
        serde_json::from_slice(&answer).map_err(|_| self.not_understood())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    #[test]
    fn an_answer_is_read_with_and_without_a_link() {
        let answer = |url: &str| {
            let text = format!(
                r#"{{"id":"1","status":"stored","secrets":[{{"name":"A","description":"","obtain_url":null,"outcome":"kept"}}],
                "reason":null,"requested_by":null,"asked_by":"API token ci","created_at":1,"expires_at":2,"ended_at":2{url}}}"#
            );
            serde_json::from_str::<MadeRequest>(&text)
        };
        assert!(answer("").unwrap().url.is_none());
        let linked = answer(r#","url":"https://vault.example/r/1","embed":{"src":"x"}"#).unwrap();
        assert_eq!(linked.url.unwrap().to_string(), "https://vault.example/r/1");
        assert_eq!(linked.view.status, RequestStatus::Stored);
        assert!(answer(r#","url":"javascript:alert(1)""#).is_err());
    }
}
