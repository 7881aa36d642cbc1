//! `GET /readyz`: the key is loaded, the database can be read and written.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Kind, Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(Method::GET, "/readyz", Auth::Anyone);

/// The server can work.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct Ready {
    #[schema(example = "ready")]
    status: &'static str,
}

/// Whether the server can do its work. Send it no requests while this fails.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "server",
    responses(
        (status = 200, body = Ready),
        (status = 503, description = "Not at the moment", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(State(state): State<AppState>) -> Result<Json<Ready>, Problem> {
    match state.vault().check_ready().await {
        Ok(()) => Ok(Json(Ready { status: "ready" })),
        Err(error) => Err(Problem::new(
            Kind::UNAVAILABLE,
            "The database cannot be read and written at the moment. The server's log has the cause.",
        )
        .cause(error)),
    }
}
