//! The headers by which a browser confines what it was sent (OWASP ASVS 5.0, 3.4).

use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, Response};

/// For everything that is not a page: nothing may run, load, be framed or be posted from it.
const STRICT_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");

const FIXED: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // With `no-referrer` a form posted without scripts would have `Origin: null`, and be taken for another site's.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), \
             geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
             picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()",
        ),
    ),
];

/// With those of the other files here, and of HTTP: a map that grows on the way is built anew each time.
const MOST_HEADERS: usize = 16;

pub(super) fn set<B>(mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    headers.reserve(MOST_HEADERS.saturating_sub(headers.len()));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(STRICT_POLICY);
    for (name, value) in FIXED {
        // The loader of the field is made for other sites, and says so itself.
        headers.entry(name).or_insert(value);
    }
    response
}

/// For a page rendered with that nonce: its own scripts and what they load, the WASM client, the one style sheet, and
/// calls to this server; nothing else, no inline style, no frame around it.
pub(crate) fn page_policy(nonce: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ))
    .ok()
}
