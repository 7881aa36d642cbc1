//! `GET /livez`: the process answers.

use axum::Json;
use axum::http::Method;
use serde::Serialize;
use utoipa::ToSchema;

use crate::routes::{Auth, RouteInfo};

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(Method::GET, "/livez", Auth::Anyone);

/// The process answers.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct Live {
    #[schema(example = "up")]
    status: &'static str,
}

/// Whether the process answers. Restart it when this fails.
#[utoipa::path(get, path = "/livez", tag = "server", responses((status = 200, body = Live)))]
pub(in crate::routes) async fn handler() -> Json<Live> {
    Json(Live { status: "up" })
}
