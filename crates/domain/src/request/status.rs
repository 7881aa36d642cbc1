//! How a request stands, and what became of each of its names.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a request stands. It leaves [`Pending`](Self::Pending) once, and for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RequestStatus {
    /// Waiting for the person.
    Pending,
    /// Answered: at least one name was stored or kept.
    Stored,
    /// Answered with no.
    Skipped,
    /// Nobody answered in time.
    Expired,
    /// Taken back by whoever asked.
    Cancelled,
}

impl RequestStatus {
    const ALL: [Self; 5] = [
        Self::Pending,
        Self::Stored,
        Self::Skipped,
        Self::Expired,
        Self::Cancelled,
    ];

    /// As it is stored and answered: `pending`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Stored => "stored",
            Self::Skipped => "skipped",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

impl FromStr for RequestStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(UnknownStatus)
    }
}

/// A stored status that this version does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This status is not known to this version.")]
pub struct UnknownStatus;

/// What became of one name of an answered request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// A value was typed and stored.
    Stored,
    /// There was a value already, and it stays.
    Kept,
    /// The person did not want to give it.
    Skipped,
}

#[cfg(test)]
mod tests {
    use super::RequestStatus;

    #[test]
    fn text_and_json_call_every_status_the_same() {
        for status in RequestStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
            assert_eq!(serde_json::to_value(status).ok(), Some(status.as_str().into()));
        }
        assert!("stolen".parse::<RequestStatus>().is_err());
    }
}
