//! Strict-Transport-Security (RFC 6797), where the public URL is https: browsers come back over TLS only. For this
//! host alone; what stands on its subdomains is not ours to decide.

use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::http::{HeaderValue, Response};

use crate::state::AppState;

/// A year, in seconds.
const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

pub(super) fn set<B>(state: &AppState, mut response: Response<B>) -> Response<B> {
    if state.public_url().is_https() {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
    response
}
