//! `POST /api/v1/secrets/{name}/put-back`

use axum::extract::State;
use axum::http::header::{ETAG, HeaderName};
use axum::http::{HeaderMap, Method};
use domain::{Scope, SecretView};
use serde::Deserialize;
use utoipa::ToSchema;

use super::update::if_match;
use crate::extract::{ApiCaller, Json, NameInPath};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::new(
    Method::POST,
    "/api/v1/secrets/{name}/put-back",
    Auth::Token(Scope::SecretsWrite),
);

/// Which value to put back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct PutBackRequest {
    /// A version from `GET …/versions`, other than the one in force.
    #[schema(minimum = 1, example = 1)]
    version: i64,
}

/// Puts an earlier value in force, without showing it. It becomes a new version; the one that was in force is kept.
#[utoipa::path(
    post,
    path = "/api/v1/secrets/{name}/put-back",
    tag = "secrets",
    security(("api_token" = ["secrets:write"])),
    params(
        ("name" = String, Path, description = "The secret's name"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what is being changed: refused with 412 if it has changed since"),
    ),
    request_body = PutBackRequest,
    responses(
        (status = 200, body = SecretView, headers(("ETag" = String, description = "Of the changed secret"))),
        (status = 400, description = "Not JSON", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `secrets:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such secret in this account, or no such earlier version", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since the `ETag` in `If-Match`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "More than 16 KiB", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not `application/json`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A field breaks a rule, or the account is full", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ApiCaller(actor): ApiCaller,
    NameInPath(name): NameInPath,
    headers: HeaderMap,
    Json(request): Json<PutBackRequest>,
) -> Result<([(HeaderName, String); 1], axum::Json<SecretView>), Problem> {
    let if_match = if_match(&headers)?;
    let secrets = state.vault().secrets();
    let changed = secrets
        .put_back(&actor, &name, request.version, if_match.as_deref())
        .await?;
    Ok(([(ETAG, changed.etag.clone())], axum::Json(changed)))
}
