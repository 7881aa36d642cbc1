//! The last part of a path: a secret's name, or an id.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use domain::SecretName;

use crate::problem::Problem;

/// A secret's name. One that could not be stored is one that does not exist: 404. A name that was stored before it
/// became a reserved one can still be reached, so that it can be removed.
pub(crate) struct NameInPath(pub(crate) SecretName);

impl<S: Send + Sync> FromRequestParts<S> for NameInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = text(parts, state).await?;
        SecretName::from_stored(&text)
            .map(Self)
            .map_err(|_| vault::Error::NotFound.into())
    }
}

/// An id, as text: what is no id is one that does not exist.
pub(crate) struct IdInPath(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for IdInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        text(parts, state).await.map(Self)
    }
}

async fn text<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String, Problem> {
    match Path::<String>::from_request_parts(parts, state).await {
        Ok(Path(text)) => Ok(text),
        Err(_) => Err(vault::Error::NotFound.into()),
    }
}
