//! What the vault refuses, in the words of HTTP.

use std::time::Duration;

use axum::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use domain::{FieldError, Scope, SecretName, Unrepresentable};
use vault::{AuthFailure, Error};

use super::{Kind, Problem, RequestHint};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::NotFound => Self::new(Kind::NOT_FOUND, detail),
            Error::Taken { name } => Self::new(Kind::TAKEN, detail.clone())
                .names(vec![name.to_string()])
                .errors(vec![FieldError {
                    field: "name".to_owned(),
                    rule: "name.taken".to_owned(),
                    message: detail,
                }]),
            Error::TakenLogin | Error::TakenPlatform => Self::new(Kind::TAKEN, detail),
            Error::RequestEnded(status) => Self::new(Kind::REQUEST_ENDED, detail).ended(status),
            Error::Invalid(errors) => Self::invalid(errors),
            Error::EnvironmentFull { total, limit } => Self::new(Kind::ENVIRONMENT_FULL, detail)
                .total(as_u64(total))
                .limit(as_u64(limit)),
            Error::TooMany { limit, .. } => Self::new(Kind::TOO_MANY, detail).limit(limit.into()),
            Error::Changed | Error::Working => Self::new(Kind::CHANGED, detail),
            Error::TooLargeToRedact => Self::new(Kind::ENVIRONMENT_FULL, detail),
            Error::MissingScope(scope) => missing_scope(scope, detail),
            // A 403, not a 401: the caller is known, and no other token would help.
            Error::BrowserOnly
            | Error::PasswordNeeded
            | Error::WrongPassword
            | Error::BadSignIn
            | Error::SignupClosed
            | Error::BadSetupCode => Self::new(Kind::FORBIDDEN, detail),
            Error::TooManyAttempts { retry_after: wait } => {
                Self::new(Kind::TOO_MANY_ATTEMPTS, detail).header(RETRY_AFTER, retry_after(wait))
            }
            Error::Unauthenticated(failure) => failure.into(),
            Error::OutsideSession { names } => Self::new(Kind::OUTSIDE_SESSION, detail).names(texts(&names)),
            Error::MissingSecrets { names, request } => {
                let problem = Self::new(Kind::MISSING_SECRETS, detail).missing(texts(&names));
                match request {
                    Some(request) => problem.request(RequestHint {
                        id: request.id,
                        status: request.status,
                        // The handler knows where people reach the server.
                        url: None,
                    }),
                    None => problem,
                }
            }
            Error::Unrepresentable(cannot) => unrepresentable(&cannot, detail),
            Error::Busy => {
                Self::new(Kind::UNAVAILABLE, detail).header(RETRY_AFTER, retry_after(Duration::from_secs(1)))
            }
            Error::DiskFull => {
                tracing::error!(
                    "The disk is full: nothing can be stored, and no value handed out, until there is room"
                );
                Self::new(Kind::DISK_FULL, detail)
            }
            // The table and the row are for the operator's eyes, and stand in the log.
            error @ (Error::Corrupt { .. } | Error::NoRandom | Error::Storage(_)) => Self::internal(error),
        }
    }
}

/// RFC 6750, 3: a request without a token is told the scheme only, one with a token also what is wrong with it.
impl From<AuthFailure> for Problem {
    fn from(failure: AuthFailure) -> Self {
        let challenge = match failure {
            AuthFailure::Missing => r#"Bearer realm="strongroom""#,
            AuthFailure::Malformed => {
                r#"Bearer realm="strongroom", error="invalid_token", error_description="not a whole Strongroom token""#
            }
            AuthFailure::WrongKind => {
                r#"Bearer realm="strongroom", error="invalid_token", error_description="a token of another kind""#
            }
            AuthFailure::Unknown => {
                r#"Bearer realm="strongroom", error="invalid_token", error_description="not known here""#
            }
            AuthFailure::Expired => r#"Bearer realm="strongroom", error="invalid_token", error_description="expired""#,
            AuthFailure::Revoked => r#"Bearer realm="strongroom", error="invalid_token", error_description="revoked""#,
        };
        Self::new(Kind::UNAUTHENTICATED, failure.to_string())
            .header(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
    }
}

fn missing_scope(scope: Scope, detail: String) -> Problem {
    let challenge = format!(
        r#"Bearer realm="strongroom", error="insufficient_scope", scope="{}""#,
        scope.as_str()
    );
    let problem = Problem::new(Kind::MISSING_SCOPE, detail);
    match HeaderValue::try_from(challenge) {
        Ok(challenge) => problem.header(WWW_AUTHENTICATE, challenge),
        Err(_) => problem,
    }
}

fn unrepresentable(cannot: &Unrepresentable, detail: String) -> Problem {
    let rule = format!("format.{}", cannot.format.as_str());
    let errors = cannot.names.iter().map(|(name, why)| FieldError {
        field: name.to_string(),
        rule: rule.clone(),
        message: why.clone(),
    });
    let names = cannot.names.iter().map(|(name, _)| name.to_string());
    Problem::new(Kind::UNREPRESENTABLE, detail)
        .errors(errors.collect())
        .names(names.collect())
}

/// Whole seconds, rounded up: who waits as long as told is not refused again.
fn retry_after(wait: Duration) -> HeaderValue {
    HeaderValue::from(wait.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX))
}

fn as_u64(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

fn texts(names: &[SecretName]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
