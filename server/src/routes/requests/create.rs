//! `POST /api/v1/requests`

use axum::extract::State;
use axum::http::header::{HeaderName, LOCATION};
use axum::http::{Method, StatusCode};
use domain::{FieldError, RequestDraft, RequestedDraft, SecretRequest};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Embed, RequestAnswer};
use crate::extract::{Json, Requester, only_platforms_name_accounts};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

/// Ten secrets with their texts, escaped.
const TEXTS: usize = 64 * 1024;

pub(in crate::routes) const ROUTE: RouteInfo =
    RouteInfo::taking(TEXTS, Method::POST, "/api/v1/requests", Auth::Requester);

/// What is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct CreateRequest {
    /// One to ten secrets.
    #[schema(min_items = 1, max_items = 10)]
    secrets: Vec<RequestedDraft>,
    /// Why now: at most 500 characters, shown to the person.
    #[schema(max_length = 500, example = "To search for mentions of your product.")]
    reason: Option<String>,
    /// Who says that they ask: at most 100 characters, shown as a claim.
    #[schema(max_length = 100, example = "Research agent")]
    requested_by: Option<String>,
    /// How long it can be answered: 30 to 3600 seconds, 900 if left out.
    #[schema(minimum = 30, maximum = 3600, example = 900)]
    ttl_seconds: Option<u64>,
    /// From a platform: what the person calls their account there, such as their mail address. Without it there is no field.
    #[schema(max_length = 80)]
    user_label: Option<String>,
}

/// Asks the person for secrets.
#[utoipa::path(
    post,
    path = "/api/v1/requests",
    tag = "requests",
    security(("api_token" = ["requests:write"]), ("platform_key" = []), ("sandbox_token" = [])),
    params(("Strongroom-User" = Option<String>, Header, description = "From a platform: which of its users; made by the first call that names them")),
    request_body = CreateRequest,
    responses(
        (status = 201, description = "Asked. From a sandbox, the same names again give the same request", body = RequestAnswer, headers(("Location" = String, description = "The request's path"))),
        (status = 400, description = "Not JSON", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `requests:write`, or is not for these names", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "More than 64 KiB", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not `application/json`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A field breaks a rule, or 20 requests wait already", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    requester: Requester,
    Json(request): Json<CreateRequest>,
) -> Result<(StatusCode, [(HeaderName, String); 1], axum::Json<RequestAnswer>), Problem> {
    let label = request.user_label.clone();
    // Before anything is made: a platform's user comes with the first request that is right.
    let asked = request.check().map_err(Problem::invalid)?;
    let requests = state.vault().requests();
    let answer = match requester {
        Requester::Sandbox(_) if label.is_some() => return Err(only_platforms_name_accounts()),
        Requester::Sandbox(session) => {
            let made = requests.create_for_sandbox(&session, asked).await?;
            RequestAnswer::of(&state, made).await?
        }
        Requester::Program(program) => {
            let actor = program.actor(&state, label.as_deref()).await?;
            let made = requests.create(&actor, asked).await?;
            let field = match requests.can_be_embedded(&actor).await? {
                true => Some(requests.field_token(&actor, &made.id).await?),
                false => None,
            };
            let mut answer = RequestAnswer::of(&state, made).await?;
            answer.embed = field.map(|field| Embed::of(&state, &answer.request.id, field));
            answer
        }
    };
    let location = [(LOCATION, format!("/api/v1/requests/{}", answer.request.id))];
    Ok((StatusCode::CREATED, location, axum::Json(answer)))
}

impl CreateRequest {
    pub(in crate::routes) fn check(self) -> Result<SecretRequest, Vec<FieldError>> {
        RequestDraft {
            secrets: self.secrets,
            reason: self.reason,
            requested_by: self.requested_by,
            ttl_seconds: self.ttl_seconds,
        }
        .check()
    }
}
