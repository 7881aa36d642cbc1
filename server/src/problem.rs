//! What a refused request is told: a problem document (RFC 9457), in words a person can act on.
//!
//! Every handler returns `Result<_, Problem>`. A problem is logged once, here, when it becomes a response; the log
//! gets the cause, the client gets the advice, and neither gets a value.

use std::error::Error as StdError;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{FieldError, RequestStatus};
use serde::Serialize;
use utoipa::ToSchema;

mod vault_error;

/// The media type of problem documents.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A refusal on its way to the client. Boxed: every handler's result has room for one.
#[derive(Debug)]
pub struct Problem(Box<Refusal>);

#[derive(Debug)]
struct Refusal {
    document: ProblemDocument,
    status: StatusCode,
    headers: HeaderMap,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

/// The body of every answer with a status from 400 on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// Which kind of problem, for programs: `/problems/` and a code that stays the same.
    #[serde(rename = "type")]
    #[schema(example = "/problems/invalid")]
    kind: String,
    /// The kind in words.
    title: &'static str,
    /// The HTTP status once more.
    status: u16,
    /// What is wrong with this request, and what to do.
    detail: String,
    /// The fields that break a rule: where, which rule, and in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// Required secrets that are not stored.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    /// The secrets that the problem is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
    /// How much there would be, where a limit is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    /// How much there may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    /// The request for what is missing, to be shown to the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestHint>,
    /// How a request stands that has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_status: Option<RequestStatus>,
}

/// Enough of a request to show it to the person and to ask what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RequestHint {
    /// For asking about it.
    pub(crate) id: String,
    /// How it stands.
    pub(crate) status: RequestStatus,
    /// Where the person answers it; absent where its platform has no page for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
}

/// The kinds of problem: what `type` ends in, the title, and the status that it has everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    code: &'static str,
    title: &'static str,
    status: StatusCode,
}

macro_rules! kinds {
    ($($name:ident = $status:ident $code:literal $title:literal;)*) => {
        impl Kind {
            $(pub(crate) const $name: Self = Self { code: $code, title: $title, status: StatusCode::$status };)*
        }
    };
}

kinds! {
    BAD_REQUEST = BAD_REQUEST "bad-request" "The request cannot be read";
    NOT_JSON = BAD_REQUEST "not-json" "The body is not JSON";
    UNAUTHENTICATED = UNAUTHORIZED "unauthenticated" "No valid token";
    FORBIDDEN = FORBIDDEN "forbidden" "Not allowed";
    MISSING_SCOPE = FORBIDDEN "missing-scope" "The token lacks a scope";
    OUTSIDE_SESSION = FORBIDDEN "outside-session" "Not part of this sandbox session";
    CROSS_SITE = FORBIDDEN "cross-site" "Sent by another site";
    NOT_FOUND = NOT_FOUND "not-found" "Not found";
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED "method-not-allowed" "Not with this method";
    TIMEOUT = REQUEST_TIMEOUT "timeout" "The body did not arrive";
    TAKEN = CONFLICT "taken" "The name is taken";
    REQUEST_ENDED = CONFLICT "request-ended" "The request has ended";
    CHANGED = PRECONDITION_FAILED "changed" "Changed in the meantime";
    TOO_LARGE = PAYLOAD_TOO_LARGE "too-large" "The body is too large";
    MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE "media-type" "Not the media type that is read here";
    WRONG_HOST = MISDIRECTED_REQUEST "wrong-host" "Not a name of this server";
    INVALID = UNPROCESSABLE_ENTITY "invalid" "A field breaks a rule";
    ENVIRONMENT_FULL = UNPROCESSABLE_ENTITY "environment-full" "More than one environment holds";
    TOO_MANY = UNPROCESSABLE_ENTITY "too-many" "No room for another";
    UNREPRESENTABLE = UNPROCESSABLE_ENTITY "unrepresentable" "The format cannot carry a value exactly";
    MISSING_SECRETS = FAILED_DEPENDENCY "missing-secrets" "Not stored yet";
    TOO_MANY_ATTEMPTS = TOO_MANY_REQUESTS "too-many-attempts" "Too many attempts";
    INTERNAL = INTERNAL_SERVER_ERROR "internal" "The server failed";
    DISK_FULL = INSUFFICIENT_STORAGE "disk-full" "The server's disk is full";
    UNAVAILABLE = SERVICE_UNAVAILABLE "unavailable" "Not at the moment";
}

impl Problem {
    /// A problem of that kind, and what to do about it.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Refusal {
            document: ProblemDocument {
                kind: format!("/problems/{}", kind.code),
                title: kind.title,
                status: kind.status.as_u16(),
                detail: detail.into(),
                errors: Vec::new(),
                missing: Vec::new(),
                names: Vec::new(),
                total: None,
                limit: None,
                request: None,
                request_status: None,
            },
            status: kind.status,
            headers: HeaderMap::new(),
            cause: None,
        }))
    }

    /// Fields that break a rule; the first one's message is the detail.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [] => "A field breaks a rule.".to_owned(),
            [only] => only.message.clone(),
            [first, rest @ ..] => format!("{} ({} more in `errors`.)", first.message, rest.len()),
        };
        let mut problem = Self::new(Kind::INVALID, detail);
        problem.0.document.errors = errors;
        problem
    }

    /// One field that breaks a rule.
    pub(crate) fn field(field: impl Into<String>, rule: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError {
            field: field.into(),
            rule: rule.to_owned(),
            message: message.into(),
        }])
    }

    /// A failure of the server's own. The client learns that it happened and where to look, the log learns the cause.
    pub(crate) fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut problem = Self::new(
            Kind::INTERNAL,
            "The server could not do this. Its log has the cause, under the id in the X-Request-Id header of this answer.",
        );
        problem.0.cause = Some(cause.into());
        problem
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    pub(crate) fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.document.errors = errors;
        self
    }

    pub(crate) fn missing(mut self, names: Vec<String>) -> Self {
        self.0.document.missing = names;
        self
    }

    pub(crate) fn names(mut self, names: Vec<String>) -> Self {
        self.0.document.names = names;
        self
    }

    pub(crate) fn total(mut self, total: u64) -> Self {
        self.0.document.total = Some(total);
        self
    }

    pub(crate) fn limit(mut self, limit: u64) -> Self {
        self.0.document.limit = Some(limit);
        self
    }

    pub(crate) fn request(mut self, request: RequestHint) -> Self {
        self.0.document.request = Some(request);
        self
    }

    /// The same, with where the person answers the request.
    pub(crate) fn linking(mut self, url: Option<String>) -> Self {
        if let Some(request) = &mut self.0.document.request {
            request.url = url;
        }
        self
    }

    pub(crate) fn ended(mut self, status: RequestStatus) -> Self {
        self.0.document.request_status = Some(status);
        self
    }

    pub(crate) fn cause(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Once, where the problem leaves the server: what the server is to blame for as an error, the rest for the curious.
    fn log(&self) {
        let kind = self.0.document.kind.as_str();
        if self.0.status.is_server_error() {
            let cause = self.0.cause.as_deref().map(chain).unwrap_or_default();
            tracing::error!(problem = kind, cause, "A request failed");
        } else {
            tracing::debug!(problem = kind, "A request was refused");
        }
    }
}

/// An error and everything below it, in one line.
fn chain(error: &(dyn StdError + Send + Sync + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

#[cfg(feature = "fuzzing")]
impl Problem {
    /// What is answered.
    pub(crate) fn document(&self) -> String {
        serde_json::to_string(&self.0.document).unwrap_or_default()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.log();
        let refusal = *self.0;
        let mut response = (refusal.status, Json(refusal.document)).into_response();
        response.headers_mut().extend(refusal.headers);
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response
    }
}
