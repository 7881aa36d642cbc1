//! `GET /api/v1/secrets/{name}/versions`

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::{Scope, VersionView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{ApiCaller, NameInPath};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(
    Method::GET,
    "/api/v1/secrets/{name}/versions",
    Auth::Token(Scope::SecretsRead),
);

/// The values that a secret has had, without the values.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct VersionList {
    /// The one in force first, then the earlier ones, as far as they are kept.
    versions: Vec<VersionView>,
}

/// Lists when a secret's values were stored, and by whom.
#[utoipa::path(
    get,
    path = "/api/v1/secrets/{name}/versions",
    tag = "secrets",
    security(("api_token" = ["secrets:read"])),
    params(("name" = String, Path, description = "The secret's name")),
    responses(
        (status = 200, body = VersionList),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `secrets:read`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such secret in this account", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ApiCaller(actor): ApiCaller,
    NameInPath(name): NameInPath,
) -> Result<Json<VersionList>, Problem> {
    Ok(Json(VersionList {
        versions: state.vault().secrets().history(&actor, &name).await?,
    }))
}
