//! Requests that another site makes a browser send (cross-site request forgery). The browser itself says where a
//! request comes from, by Fetch Metadata and `Origin`; whatever changes something and comes from elsewhere is refused,
//! server functions included. Programs send neither header and are let pass: they carry no cookie.

use axum::body::Body;
use axum::http::Response;
use axum::response::IntoResponse;
use tower_http::csrf::{ConfigError, CsrfLayer, ProtectionError};

use crate::config::PublicUrl;
use crate::problem::{Kind, Problem};

/// Our own public origin is trusted by name: a proxy may have rewritten `Host`.
pub(super) fn layer(
    public_url: &PublicUrl,
) -> Result<CsrfLayer<impl Fn(ProtectionError) -> Response<Body> + Clone + use<>>, ConfigError> {
    let layer = CsrfLayer::new().add_trusted_origin(public_url.to_string())?;
    Ok(layer.with_rejection_response(refuse))
}

fn refuse(_error: ProtectionError) -> Response<Body> {
    Problem::new(
        Kind::CROSS_SITE,
        "Your browser says that another site sent this request, so it was not carried out. Open Strongroom itself and do it there.",
    )
    .into_response()
}
