//! What happened, as its owner reads it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// One record: who did what with which names, and when. Never a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivityView {
    /// Stable; later records have greater ones.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: ActivityKind,
    /// The secrets concerned, as they were called then.
    pub names: Vec<String>,
    /// Who did it: `API token ci`, `a browser`.
    pub actor: String,
    /// The sandbox concerned.
    pub sandbox_id: Option<String>,
    /// What its opener called it.
    pub sandbox_label: Option<String>,
    /// The address it was done from.
    pub address: Option<String>,
    /// One more sentence, where there is more to say.
    pub detail: Option<String>,
}

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ActivityKind {
    /// A sandbox got its environment.
    #[serde(rename = "env.fetched")]
    EnvFetched,
    /// A sandbox asked for its environment and was refused.
    #[serde(rename = "env.refused")]
    EnvRefused,
    /// A secret was added.
    #[serde(rename = "secret.created")]
    SecretCreated,
    /// A value or a description changed.
    #[serde(rename = "secret.changed")]
    SecretChanged,
    /// A secret was deleted.
    #[serde(rename = "secret.deleted")]
    SecretDeleted,
    /// An earlier value was put back.
    #[serde(rename = "secret.put_back")]
    SecretPutBack,
    /// The earlier values of a secret were forgotten.
    #[serde(rename = "secret.history_forgotten")]
    HistoryForgotten,
    /// A typed value was compared with what is stored; the answer is in the detail.
    #[serde(rename = "secret.compared")]
    SecretCompared,
    /// A sandbox session began.
    #[serde(rename = "sandbox.opened")]
    SandboxOpened,
    /// A sandbox session was ended before its time.
    #[serde(rename = "sandbox.closed")]
    SandboxClosed,
    /// Somebody asked for secrets.
    #[serde(rename = "request.made")]
    RequestMade,
    /// A request was answered: something was stored or kept.
    #[serde(rename = "request.stored")]
    RequestStored,
    /// A request was answered with no.
    #[serde(rename = "request.skipped")]
    RequestSkipped,
    /// Nobody answered a request in time.
    #[serde(rename = "request.expired")]
    RequestExpired,
    /// A request was taken back.
    #[serde(rename = "request.cancelled")]
    RequestCancelled,
    /// Somebody opened a request that is not theirs.
    #[serde(rename = "request.refused")]
    RequestRefused,
    /// A platform was added to the server.
    #[serde(rename = "platform.added")]
    PlatformAdded,
    /// A platform got another key.
    #[serde(rename = "platform.rotated")]
    PlatformRotated,
    /// A platform was removed with all of its users.
    #[serde(rename = "platform.removed")]
    PlatformRemoved,
    /// An API token was made.
    #[serde(rename = "token.created")]
    TokenCreated,
    /// An API token was revoked.
    #[serde(rename = "token.revoked")]
    TokenRevoked,
    /// Keys were replaced: the root key, the term, or those of the account.
    #[serde(rename = "keys.rotated")]
    KeysRotated,
    /// The server's data were backed up.
    #[serde(rename = "server.backed_up")]
    BackedUp,
    /// The server's data were restored from a backup.
    #[serde(rename = "server.restored")]
    Restored,
    /// Values that somebody changed in the database file were accepted as they are.
    #[serde(rename = "account.values_accepted")]
    ValuesAccepted,
    /// The account was made.
    #[serde(rename = "account.signed_up")]
    SignedUp,
    /// A browser signed in.
    #[serde(rename = "account.signed_in")]
    SignedIn,
    /// Somebody gave a wrong password.
    #[serde(rename = "account.sign_in_refused")]
    SignInRefused,
    /// A browser signed out.
    #[serde(rename = "account.signed_out")]
    SignedOut,
    /// A browser was signed out by another one.
    #[serde(rename = "account.session_ended")]
    SessionEnded,
    /// The password changed.
    #[serde(rename = "account.password_changed")]
    PasswordChanged,
}

impl ActivityKind {
    /// All of them.
    pub const ALL: [Self; 31] = [
        Self::EnvFetched,
        Self::EnvRefused,
        Self::SecretCreated,
        Self::SecretChanged,
        Self::SecretDeleted,
        Self::SecretPutBack,
        Self::HistoryForgotten,
        Self::SecretCompared,
        Self::SandboxOpened,
        Self::SandboxClosed,
        Self::RequestMade,
        Self::RequestStored,
        Self::RequestSkipped,
        Self::RequestExpired,
        Self::RequestCancelled,
        Self::RequestRefused,
        Self::PlatformAdded,
        Self::PlatformRotated,
        Self::PlatformRemoved,
        Self::TokenCreated,
        Self::TokenRevoked,
        Self::KeysRotated,
        Self::BackedUp,
        Self::Restored,
        Self::ValuesAccepted,
        Self::SignedUp,
        Self::SignedIn,
        Self::SignInRefused,
        Self::SignedOut,
        Self::SessionEnded,
        Self::PasswordChanged,
    ];

    /// As it is stored and answered: `env.fetched`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EnvFetched => "env.fetched",
            Self::EnvRefused => "env.refused",
            Self::SecretCreated => "secret.created",
            Self::SecretChanged => "secret.changed",
            Self::SecretDeleted => "secret.deleted",
            Self::SecretPutBack => "secret.put_back",
            Self::HistoryForgotten => "secret.history_forgotten",
            Self::SecretCompared => "secret.compared",
            Self::SandboxOpened => "sandbox.opened",
            Self::SandboxClosed => "sandbox.closed",
            Self::RequestMade => "request.made",
            Self::RequestStored => "request.stored",
            Self::RequestSkipped => "request.skipped",
            Self::RequestExpired => "request.expired",
            Self::RequestCancelled => "request.cancelled",
            Self::RequestRefused => "request.refused",
            Self::PlatformAdded => "platform.added",
            Self::PlatformRotated => "platform.rotated",
            Self::PlatformRemoved => "platform.removed",
            Self::TokenCreated => "token.created",
            Self::TokenRevoked => "token.revoked",
            Self::KeysRotated => "keys.rotated",
            Self::BackedUp => "server.backed_up",
            Self::Restored => "server.restored",
            Self::ValuesAccepted => "account.values_accepted",
            Self::SignedUp => "account.signed_up",
            Self::SignedIn => "account.signed_in",
            Self::SignInRefused => "account.sign_in_refused",
            Self::SignedOut => "account.signed_out",
            Self::SessionEnded => "account.session_ended",
            Self::PasswordChanged => "account.password_changed",
        }
    }
}

impl fmt::Display for ActivityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ActivityKind {
    type Err = UnknownActivity;

    fn from_str(text: &str) -> Result<Self, UnknownActivity> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownActivity)
    }
}

/// A stored kind of record that this version does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This kind of record is not known to this version.")]
pub struct UnknownActivity;

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::ActivityKind;

    #[test]
    fn text_and_json_call_every_kind_the_same() {
        for kind in ActivityKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).expect("a string"), kind.as_str());
        }
        assert!("env.stolen".parse::<ActivityKind>().is_err());
    }
}
