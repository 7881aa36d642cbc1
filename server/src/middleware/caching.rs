//! Nothing is kept by browsers and proxies unless the answer itself says otherwise, as hashed assets do.

use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, Response};

pub(super) fn forbid_by_default<B>(mut response: Response<B>) -> Response<B> {
    response
        .headers_mut()
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
