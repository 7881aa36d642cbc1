//! `GET /api/v1/requests/{id}/field`

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::FieldView;

use crate::extract::FieldCaller;
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(Method::GET, "/api/v1/requests/{id}/field", Auth::Field);

/// What the field shows: the request, whose account it writes to, and what is stored already. As often as needed.
#[utoipa::path(
    get,
    path = "/api/v1/requests/{id}/field",
    tag = "field",
    security(("field_token" = [])),
    params(("id" = String, Path, description = "The request's id")),
    responses(
        (status = 200, description = "Without values", body = FieldView),
        (status = 401, description = "No valid field token: never one of this request, or renewed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such request", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "The request has ended (`request_status`)", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    FieldCaller(session): FieldCaller,
) -> Result<Json<FieldView>, Problem> {
    Ok(Json(state.vault().requests().open_field(&session).await?))
}
