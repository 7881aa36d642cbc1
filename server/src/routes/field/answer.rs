//! `POST /api/v1/requests/{id}/field`

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use domain::{Description, FieldError, RawValue, RequestView, SecretName};
use serde::Deserialize;
use utoipa::ToSchema;
use vault::{Answer, Answered};

use crate::extract::{FieldCaller, Json as JsonBody};
use crate::problem::{Problem, ProblemDocument};
use crate::routes::{Auth, RouteInfo};
use crate::state::AppState;

/// Ten values of 64 KiB, each byte of which JSON may write as six, and room for the rest.
const TEN_VALUES: usize = 5 * 1024 * 1024;

pub(in crate::routes) const ROUTE: RouteInfo =
    RouteInfo::taking(TEN_VALUES, Method::POST, "/api/v1/requests/{id}/field", Auth::Field);

/// The person's answer: each name that was asked for, once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct AnswerRequest {
    /// One for each name.
    answers: Vec<NameAnswer>,
}

/// The answer to one name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct NameAnswer {
    /// The name that was asked for.
    #[schema(
        min_length = 1,
        max_length = 128,
        pattern = "^[A-Z_][A-Z0-9_]*$",
        example = "X_BEARER_TOKEN"
    )]
    name: String,
    /// What is to become of it.
    answer: AnswerKind,
    /// With `save`: 1 byte to 64 KiB of UTF-8 without NUL; kept byte for byte.
    #[schema(value_type = Option<String>, format = Password, min_length = 1, max_length = 65_536)]
    value: Option<RawValue>,
    /// With `save`: what it is for.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// With `save`: which state of a stored secret it replaces; without it there must be none of that name.
    etag: Option<String>,
}

/// What is to become of a name.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::routes) enum AnswerKind {
    /// Store the value.
    Save,
    /// Leave what is stored.
    Keep,
    /// Give nothing.
    Skip,
}

/// Stores what the person typed, all or nothing, and spends the token.
#[utoipa::path(
    post,
    path = "/api/v1/requests/{id}/field",
    tag = "field",
    security(("field_token" = [])),
    params(("id" = String, Path, description = "The request's id")),
    request_body = AnswerRequest,
    responses(
        (status = 200, description = "What became of it, without values", body = RequestView),
        (status = 400, description = "Not JSON", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid field token: never one of this request, or renewed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such request", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "The request has ended, or a name has come to exist meanwhile", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 412, description = "What is stored has changed meanwhile", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "More than 5 MiB", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not `application/json`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "A field breaks a rule, or the account is full", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(in crate::routes) async fn handler(
    State(state): State<AppState>,
    FieldCaller(session): FieldCaller,
    JsonBody(request): JsonBody<AnswerRequest>,
) -> Result<Json<RequestView>, Problem> {
    let answers = request.check().map_err(Problem::invalid)?;
    Ok(Json(state.vault().requests().answer_field(&session, answers).await?))
}

impl AnswerRequest {
    /// Every answer is checked, so that one refusal names all that is wrong.
    pub(in crate::routes) fn check(self) -> Result<Vec<Answered>, Vec<FieldError>> {
        let (mut answers, mut errors) = (Vec::new(), Vec::new());
        for (index, answer) in self.answers.into_iter().enumerate() {
            match answer.check() {
                Ok(answer) => answers.push(answer),
                Err(wrong) => errors.extend(wrong.into_iter().map(|error| {
                    let field = format!("answers.{index}.{}", error.field);
                    error.at(field)
                })),
            }
        }
        if errors.is_empty() { Ok(answers) } else { Err(errors) }
    }
}

impl NameAnswer {
    fn check(self) -> Result<Answered, Vec<FieldError>> {
        let name = SecretName::from_stored(&self.name).map_err(|error| vec![FieldError::from(error)])?;
        let answer = match self.answer {
            AnswerKind::Keep => Answer::Keep,
            AnswerKind::Skip => Answer::Skip,
            AnswerKind::Save => {
                let value = self.value.unwrap_or_default().check().map_err(FieldError::from);
                let description = Description::parse(&self.description.unwrap_or_default()).map_err(FieldError::from);
                match (value, description) {
                    (Ok(value), Ok(description)) => Answer::Save {
                        value,
                        description,
                        replacing: self.etag,
                    },
                    (value, description) => {
                        return Err([value.err(), description.err()].into_iter().flatten().collect());
                    }
                }
            }
        };
        Ok(Answered { name, answer })
    }
}
