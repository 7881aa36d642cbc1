//! A request, as its creator and the person see it.

use serde::{Deserialize, Serialize};

use super::{ObtainUrl, Outcome, RequestStatus};
use crate::name::stored;
use crate::{SecretName, Timestamp};

/// A request and what became of it. Never a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestView {
    /// For asking about it.
    pub id: String,
    /// How it stands.
    pub status: RequestStatus,
    /// What is asked for, and what became of each.
    pub secrets: Vec<AskedView>,
    /// Why.
    pub reason: Option<String>,
    /// Who says that they ask: a claim, not checked.
    pub requested_by: Option<String>,
    /// Whose credential asked: `API token ci`, `Sandbox nightly`.
    pub asked_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it lapses, unless it is answered.
    pub expires_at: Timestamp,
    /// When it was answered, lapsed or was taken back.
    pub ended_at: Option<Timestamp>,
}

/// One secret of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskedView {
    /// The environment variable.
    #[serde(deserialize_with = "stored")]
    pub name: SecretName,
    /// What it is for, in the words of whoever asks.
    pub description: String,
    /// Where it can be had.
    pub obtain_url: Option<ObtainUrl>,
    /// What became of it, once the request is answered.
    pub outcome: Option<Outcome>,
}

/// What a secure field shows to the person who is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldView {
    /// The request.
    pub request: RequestView,
    /// Whose account the values are stored in.
    pub account: String,
    /// What is stored already of what is asked for.
    pub stored: Vec<FieldSecret>,
}

/// A secret that is asked for and exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldSecret {
    /// The environment variable.
    #[serde(deserialize_with = "stored")]
    pub name: SecretName,
    /// What it is for, in its owner's words.
    pub description: String,
    /// When its value last changed.
    pub changed_at: Timestamp,
    /// Which state of it was shown; sent back when it is to be replaced.
    pub etag: String,
}

impl FieldView {
    /// What is stored under a name that is asked for.
    #[must_use]
    pub fn stored(&self, name: &SecretName) -> Option<&FieldSecret> {
        self.stored.iter().find(|secret| secret.name == *name)
    }
}
