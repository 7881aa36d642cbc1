//! The vault's refusals, as errors about fields. The vault's own words are plain ones; here each finds its field.

use domain::FieldError;
use vault::Error;

use crate::error::UiError;
use crate::reply::{WHOLE_FORM, about_form};

/// Why a form's work was not done.
pub(crate) enum Refusal {
    /// The vault refused, or failed.
    Vault(Error),
    /// What was typed breaks a rule.
    Fields(Vec<FieldError>),
    /// The answer could not be put together.
    Ui(UiError),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Vault(error)
    }
}

impl From<Vec<FieldError>> for Refusal {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Fields(errors)
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        Self::Fields(vec![error])
    }
}

impl From<UiError> for Refusal {
    fn from(error: UiError) -> Self {
        Self::Ui(error)
    }
}

impl Refusal {
    /// As errors to show. A failure of the server itself is logged here, once.
    pub(crate) fn into_errors(self) -> Vec<FieldError> {
        match self {
            Self::Fields(errors) | Self::Vault(Error::Invalid(errors)) => errors,
            Self::Ui(error) => vec![about_form("unavailable", error.to_string())],
            Self::Vault(error) => vec![in_place(&error)],
        }
    }
}

fn in_place(error: &Error) -> FieldError {
    let (field, rule) = match error {
        Error::Taken { .. } => ("name", "name.taken"),
        Error::TakenLogin => ("login", "login.taken"),
        Error::TakenPlatform => ("name", "platform.taken"),
        Error::EnvironmentFull { .. } => ("value", "environment.full"),
        Error::PasswordNeeded => ("password", "password.needed"),
        Error::WrongPassword => ("password", "password.wrong"),
        Error::BadSetupCode => ("setup_code", "setup_code.wrong"),
        Error::NotFound => {
            return about_form(
                "not_found",
                "This no longer exists. It may have been deleted in another window.",
            );
        }
        Error::Changed => {
            return about_form(
                "changed",
                "This secret was changed elsewhere while you had this open. Save again to replace that change, or cancel to look at it first.",
            );
        }
        Error::BadSignIn => (WHOLE_FORM, "sign_in.refused"),
        Error::SignupClosed => (WHOLE_FORM, "sign_up.closed"),
        Error::TooManyAttempts { .. } => (WHOLE_FORM, "sign_in.throttled"),
        Error::TooMany { .. } => (WHOLE_FORM, "too_many"),
        Error::Working => (WHOLE_FORM, "working"),
        Error::TooLargeToRedact => (WHOLE_FORM, "redact.too_large"),
        Error::Busy => (WHOLE_FORM, "busy"),
        Error::DiskFull => (WHOLE_FORM, "disk.full"),
        // It ended between the check and the change.
        Error::Unauthenticated(_) => return about_form("signed_out", UiError::SignedOut.to_string()),
        failure => {
            log(failure);
            return about_form("unavailable", UiError::Unavailable.to_string());
        }
    };
    FieldError::new(field, rule, error.to_string())
}

/// The error of a page that could not be loaded, logged here, once.
pub(crate) fn unreadable(error: &Error) -> UiError {
    match error {
        Error::Unauthenticated(_) => UiError::SignedOut,
        failure => {
            log(failure);
            UiError::Unavailable
        }
    }
}

fn log(error: &Error) {
    tracing::error!(error = %error, cause = ?std::error::Error::source(error).map(ToString::to_string), "a page or form could not be answered");
}
