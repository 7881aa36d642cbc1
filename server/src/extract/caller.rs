//! Who calls: a program, by its bearer token (RFC 6750). A cookie does nothing here, so a page of another site cannot
//! borrow a person's session for a call.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, HeaderName};
use axum::http::request::Parts;
use vault::{Actor, AuthFailure, FieldSession, Origin, PlatformCaller, SandboxSession};

use super::origin::origin;
use super::path::IdInPath;
use crate::problem::Problem;
use crate::state::AppState;

/// Which kind a token says that it is; whether that is so is checked with it.
const PLATFORM_PREFIX: &str = "sr_plt_";
const SANDBOX_PREFIX: &str = "sr_sbx_";

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

/// Which of its users a platform acts for.
const STRONGROOM_USER: HeaderName = HeaderName::from_static("strongroom-user");

/// A program that acts for somebody who is known already: an API token's person, or a platform's user.
pub(crate) struct ForSomebody(pub(crate) Actor);

impl FromRequestParts<AppState> for ForSomebody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match ForAnybody::from_request_parts(parts, state).await?.0 {
            Asking::Token(actor) => Ok(Self(actor)),
            Asking::Platform { caller, user, from } => {
                let actor = state.vault().platforms().acting_for(&caller, &user, from).await?;
                Ok(Self(actor))
            }
        }
    }
}

/// A program that acts for somebody, whom a platform may name for the first time.
pub(crate) struct ForAnybody(Asking);

enum Asking {
    Token(Actor),
    Platform {
        caller: PlatformCaller,
        user: String,
        from: Origin,
    },
}

impl FromRequestParts<AppState> for ForAnybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer_token(&parts.headers)?;
        let from = origin(parts);
        if !token.starts_with(PLATFORM_PREFIX) {
            let actor = state.vault().tokens().authenticate(token, from).await?;
            return Ok(Self(Asking::Token(actor)));
        }
        Ok(Self(Asking::Platform {
            caller: state.vault().platforms().authenticate(token).await?,
            user: platform_user(&parts.headers),
            from,
        }))
    }
}

impl ForAnybody {
    /// Who it is. `label` is what a platform's user calls the account.
    pub(crate) async fn actor(self, state: &AppState, label: Option<&str>) -> Result<Actor, Problem> {
        match self.0 {
            Asking::Token(_) if label.is_some() => Err(only_platforms_name_accounts()),
            Asking::Token(actor) => Ok(actor),
            Asking::Platform { caller, user, from } => {
                let platforms = state.vault().platforms();
                Ok(platforms.acting_for_anybody(&caller, &user, label, from).await?)
            }
        }
    }
}

/// The refusal of a `user_label` from anybody else.
pub(crate) fn only_platforms_name_accounts() -> Problem {
    Problem::field(
        "user_label",
        "platform.only",
        "Only a platform names accounts. Leave `user_label` out.",
    )
}

/// Whoever may ask for secrets: a program for somebody, or a sandbox for its own.
pub(crate) enum Requester {
    /// A program.
    Program(ForAnybody),
    /// A sandbox.
    Sandbox(SandboxSession),
}

impl FromRequestParts<AppState> for Requester {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if bearer_token(&parts.headers)?.starts_with(SANDBOX_PREFIX) {
            let SandboxCaller(session) = SandboxCaller::from_request_parts(parts, state).await?;
            return Ok(Self::Sandbox(session));
        }
        ForAnybody::from_request_parts(parts, state).await.map(Self::Program)
    }
}

/// Whoever asked for secrets, and wants to know what became of it.
pub(crate) enum Watcher {
    /// A program.
    Program(Actor),
    /// A sandbox.
    Sandbox(SandboxSession),
}

impl FromRequestParts<AppState> for Watcher {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if bearer_token(&parts.headers)?.starts_with(SANDBOX_PREFIX) {
            let SandboxCaller(session) = SandboxCaller::from_request_parts(parts, state).await?;
            return Ok(Self::Sandbox(session));
        }
        let ForSomebody(actor) = ForSomebody::from_request_parts(parts, state).await?;
        Ok(Self::Program(actor))
    }
}

/// A platform itself, whoever of its users it is about.
pub(crate) struct Platform(pub(crate) PlatformCaller);

impl FromRequestParts<AppState> for Platform {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let key = bearer_token(&parts.headers)?;
        Ok(Self(state.vault().platforms().authenticate(key).await?))
    }
}

/// The secure field of the request in the path, with its own token (`sr_fld_…`).
pub(crate) struct FieldCaller(pub(crate) FieldSession);

impl FromRequestParts<AppState> for FieldCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let IdInPath(id) = IdInPath::from_request_parts(parts, state).await?;
        let token = bearer_token(&parts.headers)?;
        let session = state
            .vault()
            .requests()
            .authenticate_field(token, &id, origin(parts))
            .await?;
        Ok(Self(session))
    }
}

/// Empty where it is missing or no text, which is no user's name and refused as such.
fn platform_user(headers: &HeaderMap) -> String {
    let mut values = headers.get_all(STRONGROOM_USER).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().unwrap_or_default().to_owned(),
        _ => String::new(),
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
