//! `GET /api/v1/requests/{id}`

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::FieldError;

use super::RequestAnswer;
use crate::extract::{IdInPath, Parameters, Watcher};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(Method::GET, "/api/v1/requests/{id}", Auth::Requester);

/// The longest an answer is held back. Proxies commonly give up at 60 s, so the client repeats instead.
const LONGEST_WAIT: u64 = 60;

/// One request: how it stands, and what became of each name.
#[utoipa::path(
    get,
    path = "/api/v1/requests/{id}",
    tag = "requests",
    security(("api_token" = ["requests:write"]), ("platform_key" = []), ("sandbox_token" = [])),
    params(
        ("id" = String, Path, description = "The request's id"),
        ("wait" = Option<u64>, Query, description = "How many seconds, up to 60, to wait while it is pending", maximum = 60),
        ("Strongroom-User" = Option<String>, Header, description = "From a platform: which of its users"),
    ),
    responses(
        (status = 200, description = "The request, without values", body = RequestAnswer),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `requests:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such request of this credential", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is wrong", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    watcher: Watcher,
    IdInPath(id): IdInPath,
    Parameters(parameters): Parameters,
) -> Result<Json<RequestAnswer>, Problem> {
    let wait = read(parameters).map_err(|error| Problem::invalid(vec![error]))?;
    let requests = state.vault().requests();
    let request = match watcher {
        Watcher::Program(actor) => requests.get(&actor, &id, wait).await?,
        Watcher::Sandbox(session) => requests.get_for_sandbox(&session, &id, wait).await?,
    };
    Ok(Json(RequestAnswer::of(&state, request).await?))
}

fn read(parameters: Vec<(String, String)>) -> Result<Duration, FieldError> {
    let mut wait = Duration::ZERO;
    for (parameter, text) in parameters {
        if parameter != "wait" {
            let message = "The URL has a parameter that this call does not know. It takes wait.";
            return Err(FieldError::new("", "unknown", message));
        }
        let seconds = text.parse().ok().filter(|seconds| *seconds <= LONGEST_WAIT);
        wait = seconds.map(Duration::from_secs).ok_or_else(|| {
            FieldError::new(
                "wait",
                "wait.range",
                "`wait` is a whole number of seconds from 0 to 60.",
            )
        })?;
    }
    Ok(wait)
}
