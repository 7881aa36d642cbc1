//! `GET /api/v1/sandboxes`

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::{SandboxView, Scope};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::ForSomebody;
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo =
    RouteInfo::new(Method::GET, "/api/v1/sandboxes", Auth::Program(Scope::SandboxesWrite));

/// The live sessions.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct SandboxList {
    /// Without those that are closed or have expired.
    sandboxes: Vec<SandboxView>,
}

/// Lists the account's live sandbox sessions.
#[utoipa::path(
    get,
    path = "/api/v1/sandboxes",
    tag = "sandboxes",
    security(("api_token" = ["sandboxes:write"]), ("platform_key" = [])),
    responses(
        (status = 200, body = SandboxList),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `sandboxes:write`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ForSomebody(actor): ForSomebody,
) -> Result<Json<SandboxList>, Problem> {
    Ok(Json(SandboxList {
        sandboxes: state.vault().sandboxes().list(&actor).await?,
    }))
}
