//! `POST /api/v1/sandboxes`

use axum::extract::State;
use axum::http::header::{HeaderName, LOCATION};
use axum::http::{Method, StatusCode};
use domain::{FieldError, Scope, SecretName, Timestamp};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use vault::{OpenSandbox, PlainToken};

use crate::extract::{ForAnybody, Json};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

/// Room for the names of a full account.
const NAMES: usize = 256 * 1024;

pub(in crate::routes) const ROUTE: RouteInfo = RouteInfo::taking(
    NAMES,
    Method::POST,
    "/api/v1/sandboxes",
    Auth::Program(Scope::SandboxesWrite),
);

/// What the session is for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct OpenRequest {
    /// What its owner reads in the list of sandboxes and in the records.
    #[schema(max_length = 100, example = "nightly report")]
    label: Option<String>,
    /// How long it lives: 30 to 86400 seconds, 900 if left out.
    #[schema(minimum = 30, maximum = 86_400, example = 900)]
    ttl_seconds: Option<u64>,
    /// The names it is confined to, whether they exist yet or not; never widened. All secrets if left out.
    names: Option<Vec<String>>,
    /// From a platform: what the person calls their account there.
    #[schema(max_length = 80)]
    user_label: Option<String>,
}

/// The session and its token.
#[derive(Serialize, ToSchema)]
pub(in crate::routes) struct Opened {
    /// For closing it.
    id: String,
    /// The sandbox's token. Shown this once.
    #[serde(serialize_with = "in_the_clear")]
    #[schema(value_type = String, example = "sr_sbx_…")]
    token: PlainToken,
    /// When the token stops working: unix milliseconds.
    expires_at: Timestamp,
}

/// The one answer that holds a sandbox's token.
fn in_the_clear<S: Serializer>(token: &PlainToken, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(token.expose())
}

/// Opens a sandbox session.
#[utoipa::path(
    post,
    path = "/api/v1/sandboxes",
    tag = "sandboxes",
    security(("api_token" = ["sandboxes:write"]), ("platform_key" = [])),
    params(("Strongroom-User" = Option<String>, Header, description = "From a platform: which of its users; made by the first call that names them")),
    request_body = OpenRequest,
    responses(
        (status = 201, description = "Opened; the token is in this answer only", body = Opened, headers(("Location" = String, description = "The session's path"))),
        (status = 400, description = "Not JSON", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks `sandboxes:write`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "More than 256 KiB", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not `application/json`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A field breaks a rule", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    program: ForAnybody,
    Json(request): Json<OpenRequest>,
) -> Result<(StatusCode, [(HeaderName, String); 1], axum::Json<Opened>), Problem> {
    let user_label = request.user_label.clone();
    let sandbox = request.check().map_err(Problem::invalid)?;
    let actor = program.actor(&state, user_label.as_deref()).await?;
    let opened = state.vault().sandboxes().open(&actor, sandbox).await?;
    let location = [(LOCATION, format!("/api/v1/sandboxes/{}", opened.view.id))];
    let body = Opened {
        id: opened.view.id,
        token: opened.token,
        expires_at: opened.view.expires_at,
    };
    Ok((StatusCode::CREATED, location, axum::Json(body)))
}

impl OpenRequest {
    pub(in crate::routes) fn check(self) -> Result<OpenSandbox, Vec<FieldError>> {
        Ok(OpenSandbox {
            label: self.label,
            ttl_seconds: self.ttl_seconds,
            names: self.names.map(check_names).transpose()?,
        })
    }
}

fn check_names(names: Vec<String>) -> Result<Vec<SecretName>, Vec<FieldError>> {
    let mut good = Vec::with_capacity(names.len());
    let mut errors = Vec::new();
    for (index, name) in names.iter().enumerate() {
        match SecretName::parse(name) {
            Ok(name) => good.push(name),
            Err(error) => errors.push(FieldError::from(error).at(format!("names.{index}"))),
        }
    }
    if errors.is_empty() { Ok(good) } else { Err(errors) }
}
