//! Problem documents (RFC 9457), as the server sends them.

use domain::FieldError;
use serde::Deserialize;

use super::RequestHint;

/// What the server says about a refusal.
#[derive(Debug, Deserialize)]
pub(crate) struct Problem {
    /// `/problems/` and a code.
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    /// The fields that break a rule.
    #[serde(default)]
    errors: Vec<FieldError>,
    /// Required secrets that are not stored.
    #[serde(default)]
    pub(crate) missing: Vec<String>,
    /// The request that was made for them.
    pub(crate) request: Option<RequestHint>,
    /// The secrets that the problem is about.
    #[serde(default)]
    pub(crate) names: Vec<String>,
}

impl Problem {
    /// Reads one; `None` for a body that is something else, such as the error page of a proxy.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(body)
            .ok()
            .filter(|problem| problem.kind.starts_with("/problems/"))
    }

    /// Whether it is the kind with that code.
    pub(crate) fn is(&self, code: &str) -> bool {
        self.kind.strip_prefix("/problems/") == Some(code)
    }

    /// What is wrong, on one line: the server's sentence, and of several fields each one's own.
    pub(crate) fn sentence(&self) -> String {
        match self.errors.as_slice() {
            [] | [_] => self.summary().to_owned(),
            several => several
                .iter()
                .map(|error| format!("{}: {}", error.field, error.message))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    fn summary(&self) -> &str {
        if self.detail.is_empty() {
            &self.title
        } else {
            &self.detail
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    #[test]
    fn the_servers_sentence_is_what_is_shown() {
        let problem = Problem::read(br#"{"type":"/problems/taken","title":"Taken","detail":"X is taken."}"#).unwrap();
        assert_eq!(problem.sentence(), "X is taken.");
        assert!(problem.is("taken") && !problem.is("take"));
    }

    #[test]
    fn every_field_that_is_wrong_is_shown() {
        let body = br#"{"type":"/problems/invalid","detail":"One. (1 more in `errors`.)","errors":[
            {"field":"secrets[0].name","rule":"r","message":"One."},{"field":"secrets[1].value","rule":"r","message":"Two."}]}"#;
        assert_eq!(
            Problem::read(body).unwrap().sentence(),
            "secrets[0].name: One. secrets[1].value: Two."
        );
    }

    #[test]
    fn the_page_of_a_proxy_is_no_problem_document() {
        assert!(Problem::read(b"<html>502 Bad Gateway</html>").is_none());
        assert!(Problem::read(br#"{"error":"x"}"#).is_none());
        assert!(Problem::read(br#"{"type":"about:blank"}"#).is_none());
    }
}
