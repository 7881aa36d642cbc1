//! `GET /api/v1/activity`

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::{ActivityView, FieldError, Page, Scope};
use vault::ActivityFilter;

use crate::extract::{ApiCaller, Parameters};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

pub(super) const ROUTE: RouteInfo = RouteInfo::new(Method::GET, "/api/v1/activity", Auth::Token(Scope::SecretsRead));

/// Records a page holds unless asked otherwise, and at most.
const DEFAULT_LIMIT: u32 = 50;
const LARGEST_LIMIT: u32 = 200;

/// What was done with the account and its secrets: who, when, which names; never a value.
#[utoipa::path(
    get,
    path = "/api/v1/activity",
    tag = "activity",
    security(("api_token" = ["secrets:read"])),
    params(
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("limit" = Option<u32>, Query, description = "Records on the page: 1 to 200, 50 if left out", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "The newest first", body = Page<ActivityView>),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `secrets:read`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is wrong", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(super) async fn handler(
    State(state): State<AppState>,
    ApiCaller(actor): ApiCaller,
    Parameters(parameters): Parameters,
) -> Result<Json<Page<ActivityView>>, Problem> {
    let (cursor, limit) = read(parameters).map_err(|error| Problem::invalid(vec![error]))?;
    let everything = ActivityFilter::default();
    let activity = state.vault().activity();
    Ok(Json(
        activity.list(&actor, &everything, cursor.as_deref(), limit).await?,
    ))
}

fn read(parameters: Vec<(String, String)>) -> Result<(Option<String>, u32), FieldError> {
    let mut cursor = None;
    let mut limit = DEFAULT_LIMIT;
    for (parameter, text) in parameters {
        match parameter.as_str() {
            "cursor" => cursor = Some(text),
            "limit" => {
                limit = text
                    .parse()
                    .ok()
                    .filter(|limit| (1..=LARGEST_LIMIT).contains(limit))
                    .ok_or_else(|| {
                        FieldError::new("limit", "limit.range", "`limit` is a whole number from 1 to 200.")
                    })?;
            }
            _ => {
                let message = "The URL has a parameter that this call does not know. It takes cursor and limit.";
                return Err(FieldError::new("", "unknown", message));
            }
        }
    }
    Ok((cursor, limit))
}
