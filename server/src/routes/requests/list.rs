//! `GET /api/v1/requests`

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::Page;

use super::RequestAnswer;
use crate::extract::ForSomebody;
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(Method::GET, "/api/v1/requests", Auth::Creator);

/// What this credential asked this person for, the newest first, a hundred at most.
#[utoipa::path(
    get,
    path = "/api/v1/requests",
    tag = "requests",
    security(("api_token" = ["requests:write"]), ("platform_key" = [])),
    params(("Strongroom-User" = Option<String>, Header, description = "From a platform: which of its users")),
    responses(
        (status = 200, description = "Requests, without values", body = Page<RequestAnswer>),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `requests:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "The platform has no such user", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "`Strongroom-User` is missing or no name", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ForSomebody(actor): ForSomebody,
) -> Result<Json<Page<RequestAnswer>>, Problem> {
    let page = state.vault().requests().list(&actor).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for request in page.items {
        items.push(RequestAnswer::of(&state, request).await?);
    }
    Ok(Json(Page {
        items,
        next_cursor: page.next_cursor,
    }))
}
