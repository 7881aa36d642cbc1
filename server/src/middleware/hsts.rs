//! Strict-Transport-Security (RFC 6797), where the public URL is https: browsers come back over TLS only. For this
//! host alone; what stands on its subdomains is not ours to decide.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::middleware::Next;
use axum::response::Response;

use crate::state::AppState;

/// A year, in seconds.
const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

pub(super) async fn set(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if state.public_url().is_https() {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
    response
}
