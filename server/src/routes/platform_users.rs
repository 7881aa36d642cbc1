//! `DELETE /api/v1/platform/users/{id}`

use axum::extract::State;
use axum::http::{Method, StatusCode};

use crate::extract::{IdInPath, Platform};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(super) const ROUTE: RouteInfo = RouteInfo::new(Method::DELETE, "/api/v1/platform/users/{id}", Auth::Platform);

/// Removes one of the platform's users, with their secrets, sandboxes, requests and records.
#[utoipa::path(
    delete,
    path = "/api/v1/platform/users/{id}",
    tag = "platform",
    security(("platform_key" = [])),
    params(("id" = String, Path, description = "What the platform sends as `Strongroom-User`, percent-encoded")),
    responses(
        (status = 204, description = "Removed"),
        (status = 401, description = "No valid platform key", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "The platform has no such user", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "That is no user's name", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn handler(
    State(state): State<AppState>,
    Platform(caller): Platform,
    IdInPath(user): IdInPath,
) -> Result<StatusCode, Problem> {
    state.vault().platforms().remove_user(&caller, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}
