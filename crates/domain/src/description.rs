//! What a secret is for, in words that a person and an agent can read.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::{first_hidden, push_with_lf};

/// At most 500 characters (Unicode scalar values) of visible text, blanks around it removed, line breaks as LF.
///
/// Agents read descriptions as instructions about the secret, so a character that a person cannot see is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 500))]
pub struct Description(String);

impl Description {
    /// The longest description, in characters.
    pub const MAX_CHARS: usize = 500;

    /// Reads what was typed. Nothing typed is an empty description.
    ///
    /// # Errors
    /// What is wrong, as a sentence for the person who typed it.
    pub fn parse(typed: &str) -> Result<Self, DescriptionError> {
        let typed = typed.trim();
        // A browser posts every line break as CRLF.
        let mut text = String::with_capacity(typed.len());
        push_with_lf(&mut text, typed);
        let len = text.chars().count();
        if len > Self::MAX_CHARS {
            return Err(DescriptionError::TooLong { len });
        }
        match first_hidden(&text, true) {
            Some((at, ch)) => Err(DescriptionError::BadCharacter { at, ch }),
            None => Ok(Self(text)),
        }
    }

    /// The description as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What is wrong with a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    /// More than [`Description::MAX_CHARS`].
    #[error(
        "The description has {len} characters, and {} is the most. Shorten it.",
        Description::MAX_CHARS
    )]
    TooLong {
        /// How many there are.
        len: usize,
    },
    /// A character that cannot be seen.
    #[error(
        "The character at position {at} of the description (U+{:04X}) is invisible or a control character. Remove it, or type the text anew.",
        u32::from(*ch)
    )]
    BadCharacter {
        /// Its position, counting characters from 1.
        at: usize,
        /// The character itself.
        ch: char,
    },
}

impl DescriptionError {
    /// The broken rule as a stable code for programs.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "description.too_long",
            Self::BadCharacter { .. } => "description.character",
        }
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Description {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Description {
    type Err = DescriptionError;

    fn from_str(typed: &str) -> Result<Self, DescriptionError> {
        Self::parse(typed)
    }
}

impl TryFrom<String> for Description {
    type Error = DescriptionError;

    fn try_from(typed: String) -> Result<Self, DescriptionError> {
        Self::parse(&typed)
    }
}

impl From<Description> for String {
    fn from(description: Description) -> Self {
        description.0
    }
}
