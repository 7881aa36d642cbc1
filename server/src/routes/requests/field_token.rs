//! `POST /api/v1/requests/{id}/field-token`

use axum::Json;
use axum::extract::State;
use axum::http::Method;

use super::Embed;
use crate::extract::{ForSomebody, IdInPath};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo =
    RouteInfo::new(Method::POST, "/api/v1/requests/{id}/field-token", Auth::Creator);

/// Makes another token for the field of a request; the earlier one is void.
#[utoipa::path(
    post,
    path = "/api/v1/requests/{id}/field-token",
    tag = "requests",
    security(("api_token" = ["requests:write"]), ("platform_key" = [])),
    params(
        ("id" = String, Path, description = "The request's id"),
        ("Strongroom-User" = Option<String>, Header, description = "From a platform: which of its users"),
    ),
    responses(
        (status = 200, description = "The token, in this answer only", body = Embed),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `requests:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such request of this credential", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "It has ended (`request_status`)", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "Not a platform's request, or its user has no label", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ForSomebody(actor): ForSomebody,
    IdInPath(id): IdInPath,
) -> Result<Json<Embed>, Problem> {
    let field = state.vault().requests().field_token(&actor, &id).await?;
    Ok(Json(Embed::of(&state, &id, field)))
}
