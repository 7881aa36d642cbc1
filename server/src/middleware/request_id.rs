//! A name for each request, which its answer and every line of the log about it carry.

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::http::header::HeaderName;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Made here, never taken from the client: an id that somebody else chose could be made to look like another's.
/// The span holds the route's template, never the path, the query, a header or an address.
pub(super) async fn identify(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str);
    let span = tracing::info_span!("request", request.id = %id, request.route = route);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
