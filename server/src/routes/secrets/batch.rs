//! `POST /api/v1/secrets/batch`

use axum::extract::State;
use axum::http::Method;
use domain::{FieldError, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vault::{NewSecret, Replacing};

use super::{MANY_SECRETS, SecretRequest};
use crate::extract::{ApiCaller, Json};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::taking(
    MANY_SECRETS,
    Method::POST,
    "/api/v1/secrets/batch",
    Auth::Token(Scope::SecretsWrite),
);

/// Several secrets, stored together or not at all.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct BatchRequest {
    /// Each name once.
    #[schema(min_items = 1)]
    secrets: Vec<SecretRequest>,
    /// Whether a name that exists is replaced; otherwise it is an error.
    #[serde(default)]
    replace: bool,
}

/// What was stored.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct BatchStored {
    /// How many names are new.
    created: u32,
    /// How many existed and have a new value.
    replaced: u32,
}

/// Stores several secrets: all of them, or none.
#[utoipa::path(
    post,
    path = "/api/v1/secrets/batch",
    tag = "secrets",
    security(("api_token" = ["secrets:write"])),
    request_body = BatchRequest,
    responses(
        (status = 200, body = BatchStored),
        (status = 400, description = "Not JSON", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `secrets:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "A name is taken and `replace` is false; nothing was stored", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "More than 8 MiB", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not `application/json`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A field breaks a rule, or the account is full; nothing was stored", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    ApiCaller(actor): ApiCaller,
    Json(request): Json<BatchRequest>,
) -> Result<axum::Json<BatchStored>, Problem> {
    let replacing = if request.replace {
        Replacing::Anything
    } else {
        Replacing::Nothing
    };
    let secrets = request.check().map_err(Problem::invalid)?;
    let outcome = state.vault().secrets().put_batch(&actor, secrets, &replacing).await?;
    Ok(axum::Json(BatchStored {
        created: outcome.created,
        replaced: outcome.replaced,
    }))
}

impl BatchRequest {
    /// Every secret is checked, so that one answer names all that is wrong.
    pub(in crate::routes) fn check(self) -> Result<Vec<NewSecret>, Vec<FieldError>> {
        let mut secrets = Vec::with_capacity(self.secrets.len());
        let mut errors = Vec::new();
        for (index, request) in self.secrets.into_iter().enumerate() {
            match request.check(&format!("secrets.{index}.")) {
                Ok(secret) => secrets.push(secret),
                Err(wrong) => errors.extend(wrong),
            }
        }
        if errors.is_empty() { Ok(secrets) } else { Err(errors) }
    }
}
