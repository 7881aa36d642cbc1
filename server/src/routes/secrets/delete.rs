//! `DELETE /api/v1/secrets/{name}`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use domain::Scope;

use crate::extract::{ApiCaller, NameInPath};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(
    Method::DELETE,
    "/api/v1/secrets/{name}",
    Auth::Token(Scope::SecretsWrite),
);

/// Deletes a secret. Sandboxes get it no more from their next fetch on; what runs keeps what it holds.
#[utoipa::path(
    delete,
    path = "/api/v1/secrets/{name}",
    tag = "secrets",
    security(("api_token" = ["secrets:write"])),
    params(("name" = String, Path, description = "The secret's name")),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `secrets:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such secret in this account", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ApiCaller(actor): ApiCaller,
    NameInPath(name): NameInPath,
) -> Result<StatusCode, Problem> {
    state.vault().secrets().delete(&actor, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
