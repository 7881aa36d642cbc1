//! A JSON body.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::{body, expected};
use crate::problem::{Kind, Problem};

/// A body of `application/json` as a `T`.
///
/// serde's own messages quote what was sent (`invalid type: string "…"`); here only the field's path and the type that
/// it should have are told.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        if !request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|value| is_json(value.as_bytes()))
        {
            return Err(Problem::new(
                Kind::MEDIA_TYPE,
                "Send the body as JSON, with the header `Content-Type: application/json`.",
            ));
        }
        parse_json(&body::read(request.into_body()).await?).map(Self)
    }
}

/// `application/json`, or a type built on it, whatever parameters follow.
fn is_json(content_type: &[u8]) -> bool {
    let essence = content_type
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii()
        .to_ascii_lowercase();
    essence == b"application/json" || (essence.starts_with(b"application/") && essence.ends_with(b"+json"))
}

/// What a body of JSON says, or what is wrong with it and where.
pub(crate) fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::new(
            Kind::NOT_JSON,
            format!(
                "The body is not valid UTF-8: byte {} does not fit. JSON is always UTF-8.",
                error.valid_up_to() + 1
            ),
        )
    })?;
    let mut json = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().clone();
        let error = error.into_inner();
        match error.classify() {
            Category::Data => expected::problem(&path, &error),
            Category::Syntax | Category::Eof | Category::Io => not_json(&error),
        }
    })?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Problem {
    let detail = match error.classify() {
        Category::Eof => "The body ends before its JSON does.".to_owned(),
        _ => format!(
            "The body is not JSON: line {}, column {} does not fit.",
            error.line(),
            error.column()
        ),
    };
    Problem::new(Kind::NOT_JSON, detail)
}

#[cfg(test)]
mod tests;
