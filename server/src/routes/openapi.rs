//! `GET /api/openapi.json`: the description of all calls, generated from the handlers themselves.

use std::sync::LazyLock;

use axum::http::Method;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use bytes::Bytes;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

use super::{Auth, RouteInfo};

pub(super) const ROUTE: RouteInfo = RouteInfo::new(Method::GET, "/api/openapi.json", Auth::Anyone);

/// The name of the security scheme in the document: a person's API token.
pub(super) const API_TOKEN: &str = "api_token";
/// The name of the security scheme in the document: a sandbox's token.
pub(super) const SANDBOX_TOKEN: &str = "sandbox_token";

/// The name of the security scheme in the document: a platform's key.
pub(super) const PLATFORM_KEY: &str = "platform_key";
/// The name of the security scheme in the document: the token of one request's field.
pub(super) const FIELD_TOKEN: &str = "field_token";

/// The document does not change while the server runs.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| serde_json::to_vec(&super::document()).unwrap_or_default().into());

/// This document.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "server",
    responses((status = 200, description = "An OpenAPI 3.1 document", content_type = "application/json"))
)]
pub(super) async fn handler() -> ([(HeaderName, &'static str); 1], Bytes) {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.clone())
}

/// What stands before the paths.
pub(super) fn head() -> OpenApi {
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Strongroom")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Secrets for AI agents. Errors are problem documents (RFC 9457). Times are unix milliseconds, UTC. \
                     No call answers with a value but `GET /api/v1/sandbox/env`, and that only to a sandbox's own token.",
                ))
                .build(),
        )
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme(API_TOKEN, bearer("An API token (`sr_pat_…`), made under Settings."))
                .security_scheme(PLATFORM_KEY, bearer("A platform's key (`sr_plt_…`), with `Strongroom-User` saying which of its users is meant."))
                .security_scheme(FIELD_TOKEN, bearer("The token of one request's field (`sr_fld_…`)."))
                .security_scheme(SANDBOX_TOKEN, bearer("A sandbox token (`sr_sbx_…`), from opening a sandbox session."))
                .build(),
        ))
        .build()
}

fn bearer(description: &str) -> SecurityScheme {
    SecurityScheme::Http(
        HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(description))
            .build(),
    )
}
