//! `DELETE /api/v1/secrets/{name}/versions`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use domain::Scope;

use crate::extract::{ApiCaller, NameInPath};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(
    Method::DELETE,
    "/api/v1/secrets/{name}/versions",
    Auth::Token(Scope::SecretsWrite),
);

/// Forgets the earlier values of a secret; the one in force stays.
#[utoipa::path(
    delete,
    path = "/api/v1/secrets/{name}/versions",
    tag = "secrets",
    security(("api_token" = ["secrets:write"])),
    params(("name" = String, Path, description = "The secret's name")),
    responses(
        (status = 204, description = "Forgotten"),
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
    state.vault().secrets().forget_history(&actor, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
