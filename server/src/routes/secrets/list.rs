//! `GET /api/v1/secrets`

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::{Scope, SecretView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::ApiCaller;
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo =
    RouteInfo::new(Method::GET, "/api/v1/secrets", Auth::Token(Scope::SecretsRead));

/// All secrets of the account that the token may see.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct SecretList {
    /// By name.
    secrets: Vec<SecretView>,
}

/// Lists the secrets, without their values.
#[utoipa::path(
    get,
    path = "/api/v1/secrets",
    tag = "secrets",
    security(("api_token" = ["secrets:read"])),
    responses(
        (status = 200, body = SecretList),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `secrets:read`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ApiCaller(actor): ApiCaller,
) -> Result<Json<SecretList>, Problem> {
    Ok(Json(SecretList {
        secrets: state.vault().secrets().list(&actor).await?,
    }))
}
