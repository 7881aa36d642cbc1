//! `POST /api/v1/secrets`

use axum::extract::State;
use axum::http::header::{ETAG, HeaderName, LOCATION};
use axum::http::{Method, StatusCode};
use domain::{Scope, SecretView};

use super::{ONE_SECRET, SecretRequest};
use crate::extract::{ApiCaller, Json};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::taking(
    ONE_SECRET,
    Method::POST,
    "/api/v1/secrets",
    Auth::Token(Scope::SecretsWrite),
);

/// What was stored, without the value.
type Created = (StatusCode, [(HeaderName, String); 2], axum::Json<SecretView>);

/// Stores a new secret.
#[utoipa::path(
    post,
    path = "/api/v1/secrets",
    tag = "secrets",
    security(("api_token" = ["secrets:write"])),
    request_body = SecretRequest,
    responses(
        (status = 201, description = "Stored", body = SecretView, headers(
            ("ETag" = String, description = "For `If-Match` when changing it"),
            ("Location" = String, description = "The secret's path"),
        )),
        (status = 400, description = "Not JSON", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `secrets:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "The name is taken", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "More than 512 KiB", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not `application/json`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A field breaks a rule, or the account is full", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ApiCaller(actor): ApiCaller,
    Json(request): Json<SecretRequest>,
) -> Result<Created, Problem> {
    let secret = request.check("").map_err(Problem::invalid)?;
    let stored = state.vault().secrets().create(&actor, secret).await?;
    let headers = [
        (ETAG, stored.etag.clone()),
        (LOCATION, format!("/api/v1/secrets/{}", stored.name)),
    ];
    Ok((StatusCode::CREATED, headers, axum::Json(stored)))
}
