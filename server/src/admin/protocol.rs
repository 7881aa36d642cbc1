//! What goes over the admin socket: one line of JSON each way.

use std::path::PathBuf;

use domain::RawValue;
use serde::{Deserialize, Serialize, Serializer};
use vault::Absent;

/// What the operator wants done.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AdminRequest {
    /// Adds an account, whatever the sign-up policy.
    UserAdd {
        /// The login name.
        name: String,
        /// Its password.
        #[serde(serialize_with = "in_the_clear")]
        password: RawValue,
    },
    /// Replaces an account's password and ends its sessions.
    UserSetPassword {
        /// The login name.
        name: String,
        /// The new password.
        #[serde(serialize_with = "in_the_clear")]
        password: RawValue,
    },
    /// Makes an API token for an account.
    TokenCreate {
        /// The login name.
        user: String,
        /// The scopes, separated by commas or blanks.
        scopes: String,
        /// What its owner sees in the list of tokens.
        label: String,
    },
    /// Adds a platform.
    PlatformAdd {
        /// What people read beside their account.
        name: String,
        /// The origins of its pages.
        origins: Vec<String>,
        /// Its own page for a request.
        request_url: Option<String>,
        /// How many users it may have.
        most_users: Option<u32>,
    },
    /// Lists the platforms.
    PlatformList,
    /// Makes another key for a platform.
    PlatformRotate {
        /// Which one.
        name: String,
    },
    /// Removes a platform with all of its users.
    PlatformRemove {
        /// Which one.
        name: String,
    },
    /// Says how the keys stand.
    KeyStatus,
    /// Replaces the root key.
    RotateRoot,
    /// Replaces the term.
    RotateTerm,
    /// Replaces an account's keys.
    RotateUser {
        /// The login name.
        name: String,
    },
    /// Writes a backup.
    Backup {
        /// Where to; absolute, since the server stands elsewhere.
        path: PathBuf,
    },
    /// Looks at everything.
    Doctor,
    /// Takes an account's values for the right ones, as they are.
    Accept {
        /// Its id.
        account: String,
    },
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AdminReply {
    /// It was done.
    Done {
        /// What was done, in a sentence.
        message: String,
    },
    /// A token or a key was made, and is shown this once.
    Token {
        /// The token.
        #[serde(serialize_with = "in_the_clear")]
        token: RawValue,
    },
    /// Everything was looked at.
    Examined {
        /// What was found, a line each.
        message: String,
        /// Whether all is well.
        well: bool,
    },
    /// It was refused, and nothing was changed.
    Refused {
        /// Why, and what to do.
        message: String,
    },
}

impl AdminRequest {
    /// What it does where there is no database: only what can be the first thing that is done makes one, so that a wrong
    /// data directory is no empty server of which a backup is made.
    pub(super) fn where_nothing_is(&self) -> Absent {
        match self {
            Self::UserAdd { .. } | Self::PlatformAdd { .. } => Absent::Make,
            _ => Absent::Refuse,
        }
    }

    /// Whether it takes as long as there is data.
    pub(super) fn is_long(&self) -> bool {
        matches!(
            self,
            Self::RotateRoot | Self::RotateTerm | Self::RotateUser { .. } | Self::Backup { .. } | Self::Doctor
        )
    }
}

/// Passwords and tokens cross the socket, which no other user of the machine can open.
fn in_the_clear<S: Serializer>(value: &RawValue, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.expose())
}
