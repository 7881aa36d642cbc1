//! What happens to every request on its way in and out, one concern a file, in this order from the outside in:
//! request id, metrics, headers of the answer, panics, the client's address, `Host`, cross-site requests, slow bodies.
//! Body limits are set where routes are mounted.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::ConfigError;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::state::AppState;

pub(crate) mod body_limit;
mod caching;
mod client_address;
mod cross_site;
mod host;
mod hsts;
mod panic;
pub(crate) mod rendering;
mod request_id;
mod security_headers;
mod traffic;

pub(crate) use client_address::PeerAddress;
pub(crate) use security_headers::page_policy;

/// How long a client may pause in the middle of a body.
const BODY_PAUSE: Duration = Duration::from_secs(20);

/// Wraps the whole application.
///
/// # Errors
/// A public URL that cannot be an `Origin`; the settings have been checked, so there is none.
pub(crate) fn wrap(router: Router, state: &AppState) -> Result<Router, ConfigError> {
    let metrics = state.metrics().cloned();
    let metrics = metrics.map(|metrics| from_fn_with_state(metrics, traffic::count));
    let with = |state: &AppState| state.clone();
    let (hsts, client_address) = (with(state), with(state));
    // What needs one side only is a function: each `from_fn` costs every request a boxed copy of all that it wraps.
    let layers = ServiceBuilder::new()
        .layer(from_fn(request_id::identify))
        .layer(option_layer(metrics))
        .map_response(|response: Response<_>| response.map(Body::new))
        .map_response(security_headers::set)
        .map_response(caching::forbid_by_default)
        .map_response(move |response: Response<_>| hsts::set(&hsts, response))
        .layer(CatchPanicLayer::custom(panic::answer))
        .map_request(move |request: Request<_>| client_address::find(&client_address, request))
        .layer(from_fn_with_state(with(state), host::check))
        .layer(cross_site::layer(state.public_url())?)
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        // The body's type has changed on the way; handlers know the plain one.
        .map_request(|request: Request<_>| request.map(Body::new));
    Ok(router.layer(layers))
}
