//! Who calls: a program, by its bearer token (RFC 6750). A cookie does nothing here, so a page of another site cannot
//! borrow a person's session for a call.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use vault::{Actor, AuthFailure, SandboxSession};

use super::origin::origin;
use crate::problem::Problem;
use crate::state::AppState;

/// A program with an API token (`sr_pat_…`), acting for its user.
pub(crate) struct ApiCaller(pub(crate) Actor);

impl FromRequestParts<AppState> for ApiCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer_token(&parts.headers)?;
        let actor = state.vault().tokens().authenticate(token, origin(parts)).await?;
        Ok(Self(actor))
    }
}

/// What runs in a sandbox, with the sandbox's own token (`sr_sbx_…`).
pub(crate) struct SandboxCaller(pub(crate) SandboxSession);

impl FromRequestParts<AppState> for SandboxCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer_token(&parts.headers)?;
        let session = state.vault().sandboxes().authenticate(token, origin(parts)).await?;
        Ok(Self(session))
    }
}

/// The one token of the one `Authorization` header. Two headers are refused: a proxy might have checked the other.
fn bearer_token(headers: &HeaderMap) -> Result<&str, AuthFailure> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next().ok_or(AuthFailure::Missing)?, values.next()) else {
        return Err(AuthFailure::Malformed);
    };
    let value = value.to_str().map_err(|_| AuthFailure::Malformed)?;
    let (scheme, token) = value.split_once(' ').ok_or(AuthFailure::Malformed)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token.trim())
    } else {
        Err(AuthFailure::Missing)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn read(values: &[&'static str]) -> Result<String, AuthFailure> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        bearer_token(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        assert_eq!(read(&["bearer sr_pat_x"]), Ok("sr_pat_x".to_owned()));
        assert_eq!(read(&["Bearer  sr_pat_x "]), Ok("sr_pat_x".to_owned()));
    }

    #[test]
    fn another_scheme_is_no_token_and_two_headers_are_refused() {
        assert_eq!(read(&[]), Err(AuthFailure::Missing));
        assert_eq!(read(&["Basic abc"]), Err(AuthFailure::Missing));
        assert_eq!(read(&["sr_pat_x"]), Err(AuthFailure::Malformed));
        assert_eq!(read(&["Bearer a", "Bearer b"]), Err(AuthFailure::Malformed));
    }
}
