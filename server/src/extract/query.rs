//! The query of a URL.

use std::collections::BTreeSet;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use domain::{FieldError, SecretName};

use crate::problem::{Kind, Problem};

/// The parameters in their order. A misspelt one must not go unnoticed, so each call goes through all of them itself.
pub(crate) struct Parameters(pub(crate) Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(pairs)) => Ok(Self(pairs)),
            Err(_) => Err(Problem::new(
                Kind::BAD_REQUEST,
                "The query of the URL cannot be read: it is not valid UTF-8.",
            )),
        }
    }
}

/// Names separated by commas. At least one: an empty list is more likely a mistake in a script than a wish for nothing.
/// Whether a name is a reserved one does not matter here; a row may be older than the list.
pub(crate) fn names(parameter: &str, text: &str) -> Result<BTreeSet<SecretName>, FieldError> {
    text.split(',')
        .map(|name| SecretName::from_stored(name.trim()))
        .collect::<Result<_, _>>()
        .map_err(|error| FieldError {
            field: parameter.to_owned(),
            rule: error.rule().to_owned(),
            message: error.to_string(),
        })
}
