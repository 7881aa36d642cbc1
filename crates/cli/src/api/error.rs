//! What can go wrong between this program and a server, in words to act on.

use thiserror::Error;
use ureq::http::Uri;

use super::Problem;
use crate::config::TokenSource;
use crate::failure::Failure;
use crate::server_url::ServerUrl;

/// Why a call did not succeed. No variant holds a token or a value.
#[derive(Debug, Error)]
pub(crate) enum ApiError {
    /// No answer: no such host, nothing listening, no encryption, a connection that broke.
    #[error("{reason}")]
    Unreachable {
        /// What happened, and what to look at.
        reason: String,
        /// Whether the same call may succeed a moment later.
        transient: bool,
    },
    /// A redirect. It is not followed: the token belongs to one server.
    #[error("{origin} sends elsewhere{target}: set STRONGROOM_URL to the server's real address")]
    Redirected {
        /// The server asked.
        origin: String,
        /// ` (to https://…)`, or nothing.
        target: String,
    },
    /// Something answers there, but not a Strongroom server.
    #[error("{origin} answers, but not as a Strongroom server does (HTTP {status}): check the address")]
    NotStrongroom {
        /// The server asked.
        origin: String,
        /// What it answered.
        status: u16,
    },
    /// A success whose body is not what was expected.
    #[error("{origin} sent an answer that this version of strongroom does not understand: update the older of the two")]
    NotUnderstood {
        /// The server asked.
        origin: String,
    },
    /// The server refused, and said why.
    #[error("{}{}", problem.sentence(), next_step(*status, problem, *token_source))]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        problem: Box<Problem>,
        /// Where the refused token came from.
        token_source: TokenSource,
    },
}

impl ApiError {
    pub(super) fn redirected(server: &ServerUrl, location: Option<&str>) -> Self {
        // Only the origin is repeated: the rest of the address may hold anything.
        let target = location
            .and_then(|text| text.parse::<Uri>().ok())
            .and_then(|uri| Some(format!(" (to {}://{})", uri.scheme_str()?, uri.host()?)))
            .unwrap_or_default();
        Self::Redirected {
            origin: server.origin().to_owned(),
            target,
        }
    }

    /// The server's refusal, with that HTTP status.
    pub(crate) fn refused_with(&self, wanted: u16) -> Option<&Problem> {
        match self {
            Self::Refused { status, problem, .. } if *status == wanted => Some(problem),
            _ => None,
        }
    }

    /// Whether the same call may succeed a moment later: the server is starting, stopping or busy.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { transient, .. } => *transient,
            Self::Refused { status, .. } | Self::NotStrongroom { status, .. } => {
                matches!(status, 429 | 502 | 503 | 504)
            }
            Self::Redirected { .. } | Self::NotUnderstood { .. } => false,
        }
    }
}

/// What this program adds to the server's own words: the server does not know how the token got here.
fn next_step(status: u16, problem: &Problem, source: TokenSource) -> &'static str {
    match (status, source) {
        (401, TokenSource::Environment) => " Set STRONGROOM_TOKEN to a token that is valid.",
        (401, TokenSource::Login) => " Run `strongroom login` again with a new API token.",
        (401, TokenSource::Typed) => " Nothing was saved.",
        (401, TokenSource::Session) => {
            " The session ended before its secrets were fetched: --ttl SECONDS makes it longer."
        }
        (403, _) if problem.is("missing-scope") => " Make an API token with that scope on the Settings page.",
        (421, _) => " Use the address that the server was given as its public one.",
        _ => "",
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::new(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    fn refused(status: u16, body: &str, token_source: TokenSource) -> ApiError {
        ApiError::Refused {
            status,
            problem: Box::new(Problem::read(body.as_bytes()).unwrap()),
            token_source,
        }
    }

    #[test]
    fn a_refused_token_says_where_to_put_a_new_one() {
        let body = r#"{"type":"/problems/unauthenticated","title":"No valid token","detail":"The token has expired."}"#;
        let said = |source| refused(401, body, source).to_string();
        assert_eq!(
            said(TokenSource::Environment),
            "The token has expired. Set STRONGROOM_TOKEN to a token that is valid."
        );
        assert!(said(TokenSource::Login).contains("`strongroom login`"));
    }

    #[test]
    fn missing_secrets_are_named_with_their_request() {
        let error = refused(
            424,
            r#"{"type":"/problems/missing-secrets","missing":["A","B"],"request":{"id":"1","status":"pending"}}"#,
            TokenSource::Login,
        );
        let problem = error.refused_with(424).unwrap();
        assert_eq!(problem.missing, ["A", "B"]);
        assert_eq!(problem.request.as_ref().unwrap().id, "1");
        assert!(error.refused_with(404).is_none());
    }

    #[test]
    fn a_redirect_is_told_without_its_path() {
        let server = ServerUrl::parse("https://old.example", false).unwrap();
        let said = ApiError::redirected(&server, Some("https://new.example/x?token=abc")).to_string();
        assert!(said.contains("https://new.example") && !said.contains("abc"), "{said}");
        assert!(
            ApiError::redirected(&server, Some("/elsewhere"))
                .to_string()
                .contains("sends elsewhere:")
        );
    }
}
