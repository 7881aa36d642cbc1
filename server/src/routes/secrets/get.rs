//! `GET /api/v1/secrets/{name}`

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::http::header::{ETAG, HeaderName};
use domain::{Scope, SecretView};

use crate::extract::{ApiCaller, NameInPath};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo =
    RouteInfo::new(Method::GET, "/api/v1/secrets/{name}", Auth::Token(Scope::SecretsRead));

/// One secret, without its value.
#[utoipa::path(
    get,
    path = "/api/v1/secrets/{name}",
    tag = "secrets",
    security(("api_token" = ["secrets:read"])),
    params(("name" = String, Path, description = "The secret's name")),
    responses(
        (status = 200, body = SecretView, headers(("ETag" = String, description = "For `If-Match` when changing it"))),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `secrets:read`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such secret in this account", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ApiCaller(actor): ApiCaller,
    NameInPath(name): NameInPath,
) -> Result<([(HeaderName, String); 1], Json<SecretView>), Problem> {
    let secret = state.vault().secrets().get(&actor, &name).await?;
    Ok(([(ETAG, secret.etag.clone())], Json(secret)))
}
