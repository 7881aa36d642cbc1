//! A handler that panics fails its own request and no other.

use std::any::Any;

use axum::body::Body;
use axum::http::Response;
use axum::response::IntoResponse;

use crate::problem::Problem;

/// What the panic said is not repeated, to the client or to the log: it can hold anything. Where it happened is logged
/// by the program's panic hook.
pub(super) fn answer(_said: Box<dyn Any + Send + 'static>) -> Response<Body> {
    Problem::internal("a handler panicked; the line before says where").into_response()
}
