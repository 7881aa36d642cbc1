//! `DELETE /api/v1/sandboxes/{id}`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use domain::Scope;

use crate::extract::{ForSomebody, IdInPath};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(
    Method::DELETE,
    "/api/v1/sandboxes/{id}",
    Auth::Program(Scope::SandboxesWrite),
);

/// Closes a session: its token works no more from now on, also for an answer that it is waiting for.
#[utoipa::path(
    delete,
    path = "/api/v1/sandboxes/{id}",
    tag = "sandboxes",
    security(("api_token" = ["sandboxes:write"]), ("platform_key" = [])),
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 204, description = "Closed"),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `sandboxes:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such live session in this account", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ForSomebody(actor): ForSomebody,
    IdInPath(id): IdInPath,
) -> Result<StatusCode, Problem> {
    state.vault().sandboxes().close(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
