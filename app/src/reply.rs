//! What a form gets back. Errors about fields are data, so that they can be shown beside the field they are about.

use domain::FieldError;
use serde::{Deserialize, Serialize};

/// The field name of an error that is about the form as a whole.
pub(crate) const WHOLE_FORM: &str = "form";

/// A form's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Reply<T> {
    /// It was done.
    Done {
        /// What happened, in a sentence for the reader.
        notice: String,
        /// What the page needs to go on.
        value: T,
    },
    /// Nothing was changed, for these reasons.
    Refused(Vec<FieldError>),
    /// The browser follows redirects instead of scripts: the answer is on the page that it was sent to.
    Elsewhere,
}

/// An API token, the one time that it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NewToken {
    /// What its owner calls it.
    pub(crate) label: String,
    /// The token itself.
    pub(crate) token: String,
}

/// An error about the form as a whole.
pub(crate) fn about_form(rule: &str, message: impl Into<String>) -> FieldError {
    FieldError::new(WHOLE_FORM, rule, message)
}
