//! `DELETE /api/v1/requests/{id}`

use axum::extract::State;
use axum::http::{Method, StatusCode};

use crate::extract::{ForSomebody, IdInPath};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(Method::DELETE, "/api/v1/requests/{id}", Auth::Creator);

/// Takes a request back: nobody can answer it any more.
#[utoipa::path(
    delete,
    path = "/api/v1/requests/{id}",
    tag = "requests",
    security(("api_token" = ["requests:write"]), ("platform_key" = [])),
    params(
        ("id" = String, Path, description = "The request's id"),
        ("Strongroom-User" = Option<String>, Header, description = "From a platform: which of its users"),
    ),
    responses(
        (status = 204, description = "Taken back"),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `requests:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such request of this credential", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "It has ended (`request_status`)", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`Strongroom-User` is missing or no name", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ForSomebody(actor): ForSomebody,
    IdInPath(id): IdInPath,
) -> Result<StatusCode, Problem> {
    state.vault().requests().cancel(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
