//! `PATCH /api/v1/secrets/{name}`

use axum::extract::State;
use axum::http::header::{ETAG, HeaderName, IF_MATCH};
use axum::http::{HeaderMap, HeaderValue, Method};
use domain::{FieldError, RawValue, Scope, SecretView};
use serde::Deserialize;
use utoipa::ToSchema;
use vault::SecretChange;

use super::{ONE_SECRET, description, value};
use crate::extract::{ApiCaller, Json, NameInPath};
use crate::problem::{Kind, Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::taking(
    ONE_SECRET,
    Method::PATCH,
    "/api/v1/secrets/{name}",
    Auth::Token(Scope::SecretsWrite),
);

/// What to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct ChangeRequest {
    /// The new value.
    #[schema(value_type = Option<String>, format = Password, min_length = 1, max_length = 65_536)]
    value: Option<RawValue>,
    /// The new description; an empty one removes it.
    #[schema(max_length = 500)]
    description: Option<String>,
}

impl ChangeRequest {
    pub(in crate::routes) fn check(self) -> Result<SecretChange, Vec<FieldError>> {
        if self.value.is_none() && self.description.is_none() {
            return Err(vec![FieldError::new(
                "",
                "required",
                "Send a value, a description, or both: nothing would change.",
            )]);
        }
        match (value(self.value), description(self.description)) {
            (Ok(value), Ok(description)) => Ok(SecretChange { value, description }),
            (value, description) => Err([value.err(), description.err()].into_iter().flatten().collect()),
        }
    }
}

/// Changes the value, the description, or both.
#[utoipa::path(
    patch,
    path = "/api/v1/secrets/{name}",
    tag = "secrets",
    security(("api_token" = ["secrets:write"])),
    params(
        ("name" = String, Path, description = "The secret's name"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what is being changed: refused with 412 if it has changed since"),
    ),
    request_body = ChangeRequest,
    responses(
        (status = 200, body = SecretView, headers(("ETag" = String, description = "Of the changed secret"))),
        (status = 400, description = "Not JSON", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `secrets:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such secret in this account", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 412, description = "It has changed since the `ETag` in `If-Match`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "More than 512 KiB", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not `application/json`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A field breaks a rule, or the account is full", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ApiCaller(actor): ApiCaller,
    NameInPath(name): NameInPath,
    headers: HeaderMap,
    Json(request): Json<ChangeRequest>,
) -> Result<([(HeaderName, String); 1], axum::Json<SecretView>), Problem> {
    let if_match = if_match(&headers)?;
    let change = request.check().map_err(Problem::invalid)?;
    let changed = state
        .vault()
        .secrets()
        .update(&actor, &name, change, if_match.as_deref())
        .await?;
    Ok(([(ETAG, changed.etag.clone())], axum::Json(changed)))
}

/// Several lines are one list (RFC 9110, 5.3).
pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let lines: Result<Vec<_>, _> = headers.get_all(IF_MATCH).iter().map(HeaderValue::to_str).collect();
    match lines {
        Ok(lines) if lines.is_empty() => Ok(None),
        Ok(lines) => Ok(Some(lines.join(","))),
        Err(_) => Err(Problem::new(Kind::BAD_REQUEST, "The If-Match header is not an ETag.")),
    }
}
