//! What the HTTP interface answers and the pages show. No shape here has room for a value.

mod activity;

use serde::{Deserialize, Serialize};

pub use activity::{ActivityKind, ActivityView};

use crate::name::{stored, stored_list};
use crate::{Scopes, SecretName, Timestamp};

/// A secret, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecretView {
    /// Stable through every change.
    pub id: String,
    /// The environment variable.
    #[serde(deserialize_with = "stored")]
    pub name: SecretName,
    /// What it is for; empty if nobody said.
    pub description: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When the value last changed.
    pub changed_at: Timestamp,
    /// When anything about it last changed.
    pub updated_at: Timestamp,
    /// When a sandbox last fetched it.
    pub last_used_at: Option<Timestamp>,
    /// The sandbox that did: its label, or its id.
    pub last_used_by: Option<String>,
    /// Changes with every change; for `If-Match`.
    pub etag: String,
}

/// One value that a secret has had, without the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionView {
    /// Its number: the first value is 1.
    pub version: i64,
    /// When it was stored.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// Whether it is the one that sandboxes get.
    pub in_force: bool,
}

/// How a typed value stands to what is stored under its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Nothing is stored under that name.
    New,
    /// The same value is stored.
    Same,
    /// Another value is stored.
    Different,
}

/// One browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// For ending it; not the session's token.
    pub id: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it last asked for something.
    pub last_seen_at: Timestamp,
    /// When it ends if it stays idle from now on.
    pub expires_at: Timestamp,
    /// The address it signed in from.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// An API token, without the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenView {
    /// For revoking it.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// What it may do.
    pub scopes: Scopes,
    /// The secrets it is confined to; absent if it is not.
    #[serde(default, deserialize_with = "stored_list")]
    pub names: Option<Vec<SecretName>>,
    /// Enough of it to tell it from others: `sr_pat_…abcd`.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; absent if never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// A live sandbox session, without its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SandboxView {
    /// For closing it.
    pub id: String,
    /// What the opener calls it.
    pub label: Option<String>,
    /// The names it is confined to, whether they exist or not; absent if it is not.
    #[serde(default, deserialize_with = "stored_list")]
    pub names: Option<Vec<SecretName>>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When its token stops working.
    pub expires_at: Timestamp,
    /// When it last fetched its environment.
    pub last_fetch_at: Option<Timestamp>,
    /// Who opened it: `API token ci`, `this browser`.
    pub opened_by: String,
}

/// An agent product that keeps its users' secrets here, without its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlatformView {
    /// What people read beside their account.
    pub name: String,
    /// Enough of its key to tell it from others: `sr_plt_…abcd`.
    pub hint: String,
    /// The pages that may show its fields.
    pub origins: Vec<String>,
    /// Its own page for a request, with `{id}` in it.
    pub request_url: Option<String>,
    /// How many users it has.
    pub users: u64,
    /// How many it may have.
    pub most_users: u32,
    /// When it was added.
    pub created_at: Timestamp,
    /// When its key was last replaced.
    pub rotated_at: Option<Timestamp>,
}

/// One page of a longer list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Asks for the next page; absent on the last one.
    pub next_cursor: Option<String>,
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{SandboxView, SecretView};

    #[test]
    fn a_secret_older_than_the_reservation_of_its_name_can_still_be_shown() {
        let json = r#"{"id":"1","name":"PATH","description":"","created_at":0,"changed_at":0,"updated_at":0,
            "last_used_at":null,"last_used_by":null,"etag":"\"1\""}"#;
        let view: SecretView = serde_json::from_str(json).expect("a view");
        assert_eq!(view.name.as_str(), "PATH");
        assert!(view.name.reserved().is_some());
    }

    #[test]
    fn a_sandbox_without_names_is_not_confined() {
        let json = r#"{"id":"1","label":null,"created_at":1,"expires_at":2,"last_fetch_at":null,"opened_by":"x"}"#;
        let view: SandboxView = serde_json::from_str(json).expect("a view");
        assert_eq!(view.names, None);
        let again: SandboxView = serde_json::from_value(serde_json::to_value(&view).expect("json")).expect("a view");
        assert_eq!(again, view);
    }
}
