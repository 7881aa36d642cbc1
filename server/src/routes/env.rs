//! `GET /api/v1/sandbox/env`: the one call that answers with values, to the sandbox that they are for.

use std::time::Duration;

use axum::extract::State;
use axum::http::Method;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::{EnvFormat, FieldError};
use vault::{EnvBody, EnvRequest};

use crate::extract::{Parameters, SandboxCaller, names};
use crate::metrics::EnvOutcome;
use crate::problem::{Problem, ProblemDocument};
use crate::routes::requests::url_of;
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(super) const ROUTE: RouteInfo = RouteInfo::new(Method::GET, "/api/v1/sandbox/env", Auth::Sandbox);

/// When the session ends: RFC 3339, UTC.
const SESSION_EXPIRES: HeaderName = HeaderName::from_static("strongroom-session-expires");

/// The longest an answer is held back. Proxies commonly give up at 60 s, so the client repeats instead.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The secrets of the session, as environment variables.
#[utoipa::path(
    get,
    path = "/api/v1/sandbox/env",
    tag = "sandboxes",
    security(("sandbox_token" = [])),
    params(
        ("format" = Option<String>, Query, description = "`json` (if left out), `dotenv`, `shell` or `docker`"),
        ("only" = Option<String>, Query, description = "Names separated by commas: only these, as far as they exist"),
        ("require" = Option<String>, Query, description = "Names separated by commas, without which there is no answer but 424"),
        ("wait" = Option<u64>, Query, description = "With `require`: how many seconds, up to 60, to wait for the required names", maximum = 60),
    ),
    responses(
        (status = 200, description = "Names in order, each value byte for byte", content(
            (std::collections::BTreeMap<String, String> = "application/json"),
            (String = "text/plain"),
        ), headers(("Strongroom-Session-Expires" = String, description = "When the session ends: RFC 3339"))),
        (status = 401, description = "No valid sandbox token: never one, expired, closed, or the account is gone", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "`require` names what the session was not opened with (`names`)", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is wrong, or the format cannot carry some values (`names`)", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 424, description = "Required names are not stored (`missing`); the person was asked for them (`request`), once for the same names", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn handler(
    State(state): State<AppState>,
    session: Result<SandboxCaller, Problem>,
    parameters: Result<Parameters, Problem>,
) -> Result<Response, Problem> {
    let answer = fetch(&state, session, parameters).await;
    if let Some(metrics) = state.metrics() {
        metrics.env_fetched(outcome(&answer));
    }
    answer
}

async fn fetch(
    state: &AppState,
    session: Result<SandboxCaller, Problem>,
    parameters: Result<Parameters, Problem>,
) -> Result<Response, Problem> {
    let SandboxCaller(session) = session?;
    let Parameters(parameters) = parameters?;
    let (format, request) = read(parameters).map_err(Problem::invalid)?;
    match state.vault().sandboxes().environment(&session, request).await {
        Ok(environment) => answer(format, environment),
        Err(refusal) => Err(with_link(state, refusal).await?),
    }
}

/// Says where the person answers the request for what is missing.
async fn with_link(state: &AppState, refusal: vault::Error) -> Result<Problem, Problem> {
    let link = match &refusal {
        vault::Error::MissingSecrets {
            request: Some(request), ..
        } => url_of(state, &request.id).await?,
        _ => None,
    };
    Ok(Problem::from(refusal).linking(link))
}

/// The values leave here, for the sandbox that the token stands for. The buffer is not copied, and zeroed once sent.
fn answer(format: EnvFormat, environment: EnvBody) -> Result<Response, Problem> {
    let expires = HeaderValue::try_from(environment.expires_at.to_rfc3339()).map_err(Problem::internal)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (SESSION_EXPIRES, expires),
    ];
    Ok((headers, Bytes::from_owner(environment.body)).into_response())
}

fn read(parameters: Vec<(String, String)>) -> Result<(EnvFormat, EnvRequest), Vec<FieldError>> {
    let mut request = EnvRequest {
        format: EnvFormat::Json,
        only: None,
        require: Default::default(),
        wait: Duration::ZERO,
    };
    let mut errors = Vec::new();
    for (parameter, text) in parameters {
        let read = match parameter.as_str() {
            "format" => format(&text).map(|format| request.format = format),
            "only" => names("only", &text).map(|names| request.only.get_or_insert_default().extend(names)),
            "require" => names("require", &text).map(|names| request.require.extend(names)),
            "wait" => wait(&text).map(|wait| request.wait = wait),
            _ => Err(unknown()),
        };
        errors.extend(read.err());
    }
    if !request.wait.is_zero() && request.require.is_empty() && errors.is_empty() {
        errors.push(FieldError::new(
            "wait",
            "wait.require",
            "`wait` goes with `require`: say which names to wait for.",
        ));
    }
    if errors.is_empty() {
        Ok((request.format, request))
    } else {
        Err(errors)
    }
}

fn format(text: &str) -> Result<EnvFormat, FieldError> {
    text.parse().map_err(|_| {
        FieldError::new(
            "format",
            "format.unknown",
            "There is no such format. It is json, dotenv, shell or docker.",
        )
    })
}

fn wait(text: &str) -> Result<Duration, FieldError> {
    match text.parse().map(Duration::from_secs) {
        Ok(wait) if wait <= LONGEST_WAIT => Ok(wait),
        _ => Err(FieldError::new(
            "wait",
            "wait.range",
            "`wait` is a whole number of seconds from 0 to 60.",
        )),
    }
}

/// The parameter's name is not repeated: it may be anything, a token put in the wrong place included.
fn unknown() -> FieldError {
    FieldError::new(
        "",
        "unknown",
        "The URL has a parameter that this call does not know. It takes format, only, require and wait.",
    )
}

fn outcome(answer: &Result<Response, Problem>) -> EnvOutcome {
    match answer.as_ref().map_err(|problem| problem.status().as_u16()) {
        Ok(_) => EnvOutcome::Served,
        Err(401) => EnvOutcome::Unauthenticated,
        Err(403) => EnvOutcome::OutsideSession,
        Err(422) => EnvOutcome::Invalid,
        Err(424) => EnvOutcome::Missing,
        Err(_) => EnvOutcome::Failed,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn parse(query: &[(&str, &str)]) -> Result<(EnvFormat, EnvRequest), Vec<FieldError>> {
        read(
            query
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn lists_of_names_add_up() {
        let (_, request) = parse(&[("only", "A,B"), ("only", "C"), ("require", "A , B")]).unwrap();
        assert_eq!(request.only.unwrap().len(), 3);
        assert_eq!(request.require.len(), 2);
    }

    #[test]
    fn every_wrong_parameter_is_told() {
        let errors = parse(&[
            ("format", "yaml"),
            ("only", ""),
            ("require", "lower"),
            ("wait", "61"),
            ("onyl", "A"),
        ])
        .unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["format", "only", "require", "wait", ""]);
    }

    #[test]
    fn waiting_needs_something_to_wait_for() {
        assert_eq!(
            parse(&[("wait", "5")]).unwrap_err().first().unwrap().rule,
            "wait.require"
        );
        assert_eq!(
            parse(&[("wait", "5"), ("require", "A")]).unwrap().1.wait,
            Duration::from_secs(5)
        );
    }
}
