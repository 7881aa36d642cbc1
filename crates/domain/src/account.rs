//! Who signs in, and with what.

mod common;
#[cfg(feature = "openapi")]
mod openapi;
mod password;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use password::{PASSWORD_MAX, PASSWORD_MIN, PasswordError, check_password};

use crate::text::first_hidden;

/// What a person signs in as: 1 to 254 visible characters on one line, without blanks around them. It may look like
/// a mail address (254 is the longest that SMTP can carry, RFC 5321) and is never mailed.
///
/// Two that differ only in capitals are the same account: [`LoginName::key`] is what must be unique.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LoginName {
    typed: String,
    key: String,
}

impl LoginName {
    /// The longest login name, in characters.
    pub const MAX_CHARS: usize = 254;

    /// Reads what was typed.
    ///
    /// # Errors
    /// What is wrong, as a sentence for the person who typed it.
    pub fn parse(typed: &str) -> Result<Self, LoginError> {
        let typed = typed.trim();
        let len = typed.chars().count();
        if len == 0 {
            return Err(LoginError::Empty);
        }
        if len > Self::MAX_CHARS {
            return Err(LoginError::TooLong { len });
        }
        if let Some((at, ch)) = first_hidden(typed, false) {
            return Err(LoginError::BadCharacter { at, ch });
        }
        Ok(Self {
            typed: typed.to_owned(),
            key: fold(typed),
        })
    }

    /// As its owner writes it, for showing.
    #[must_use]
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// With capitals folded away, for comparing.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// Folds case without Unicode's folding table: down, up and down again, letter by letter, brings together what the
/// table does (`ß` and `SS`, both small sigmas, the Kelvin sign and `k`). A whole text's `to_lowercase` would not: there
/// a sigma depends on its neighbours.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect()
}

/// What is wrong with a login name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// Nothing was typed.
    #[error("Type a login name, such as your mail address.")]
    Empty,
    /// More than [`LoginName::MAX_CHARS`].
    #[error(
        "The login name has {len} characters, and {} is the most. Shorten it.",
        LoginName::MAX_CHARS
    )]
    TooLong {
        /// How many there are.
        len: usize,
    },
    /// A character that cannot be seen.
    #[error(
        "The character at position {at} of the login name (U+{:04X}) is invisible or a control character. Type the name anew.",
        u32::from(*ch)
    )]
    BadCharacter {
        /// Its position, counting characters from 1.
        at: usize,
        /// The character itself.
        ch: char,
    },
}

impl LoginError {
    /// The broken rule as a stable code for programs.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Empty => "login.empty",
            Self::TooLong { .. } => "login.too_long",
            Self::BadCharacter { .. } => "login.character",
        }
    }
}

impl fmt::Display for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.typed)
    }
}

impl AsRef<str> for LoginName {
    fn as_ref(&self) -> &str {
        &self.typed
    }
}

impl FromStr for LoginName {
    type Err = LoginError;

    fn from_str(typed: &str) -> Result<Self, LoginError> {
        Self::parse(typed)
    }
}

impl TryFrom<String> for LoginName {
    type Error = LoginError;

    fn try_from(typed: String) -> Result<Self, LoginError> {
        Self::parse(&typed)
    }
}

impl From<LoginName> for String {
    fn from(login: LoginName) -> Self {
        login.typed
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{LoginError, LoginName, fold};

    #[test]
    fn capitals_make_no_other_account() {
        for (one, other) in [
            ("Anna@Example.com", "anna@example.COM"),
            ("STRASSE", "straße"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ] {
            let (one, other) = (
                LoginName::parse(one).expect("a login"),
                LoginName::parse(other).expect("a login"),
            );
            assert_eq!(one.key(), other.key());
            assert_ne!(one.as_typed(), other.as_typed());
        }
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        for ch in '\0'..=char::MAX {
            let once = fold(ch.encode_utf8(&mut [0; 4]));
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(ch));
        }
    }

    #[test]
    fn blanks_around_are_dropped_and_within_are_kept() {
        assert_eq!(
            LoginName::parse("  Anna Lena \n").expect("a login").as_typed(),
            "Anna Lena"
        );
    }

    #[test]
    fn what_cannot_be_seen_or_is_too_long_is_refused() {
        assert_eq!(LoginName::parse(" "), Err(LoginError::Empty));
        assert_eq!(
            LoginName::parse(&"é".repeat(255)),
            Err(LoginError::TooLong { len: 255 })
        );
        assert!(LoginName::parse(&"é".repeat(254)).is_ok());
        assert_eq!(
            LoginName::parse("an\u{200D}na"),
            Err(LoginError::BadCharacter { at: 3, ch: '\u{200D}' })
        );
        assert_eq!(
            LoginName::parse("an\tna"),
            Err(LoginError::BadCharacter { at: 3, ch: '\t' })
        );
    }
}
