//! The name of a secret, which becomes the environment variable.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::reserved::{Reserved, reserved};

/// A name that can be an environment variable in every shell: `^[A-Z_][A-Z0-9_]*$`, at most 128 characters, and
/// not [reserved](Reserved) at the time it was given.
///
/// Stricter than POSIX asks of a program (any byte but `=` and NUL), because a name has to survive `export`, a
/// `.env` file and `process.env.NAME` alike (POSIX.1-2017, Base Definitions 8.1 and 3.235).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "openapi",
    schema(value_type = String, min_length = 1, max_length = 128, pattern = "^[A-Z_][A-Z0-9_]*$", example = "X_BEARER_TOKEN")
)]
pub struct SecretName(String);

impl SecretName {
    /// The longest name, in characters (and bytes: they are all ASCII).
    pub const MAX_LEN: usize = 128;

    /// Reads a name that somebody gives now: the rule and the reserved names.
    ///
    /// # Errors
    /// What is wrong, as a sentence for the person who typed it.
    pub fn parse(name: &str) -> Result<Self, NameError> {
        let name = Self::from_stored(name)?;
        match name.reserved() {
            Some(why) => Err(NameError::Reserved(why)),
            None => Ok(name),
        }
    }

    /// Reads a name that was accepted before: the rule alone. A row can be older than the list of reserved names;
    /// whoever hands it to a process asks [`SecretName::reserved`] again.
    ///
    /// # Errors
    /// As [`SecretName::parse`], but never [`NameError::Reserved`].
    pub fn from_stored(name: &str) -> Result<Self, NameError> {
        check_rule(name).map(|()| Self(name.to_owned()))
    }

    /// Why this name may not be handed to a process, if so.
    #[must_use]
    pub fn reserved(&self) -> Option<Reserved> {
        reserved(&self.0)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The rule alone, for a text that may be no name at all: nothing of it is copied.
pub(crate) fn check_rule(name: &str) -> Result<(), NameError> {
    let len = name.chars().count();
    if len == 0 {
        return Err(NameError::Empty);
    }
    if len > SecretName::MAX_LEN {
        return Err(NameError::TooLong { len });
    }
    if name.starts_with(|ch: char| ch.is_ascii_digit()) {
        return Err(NameError::LeadingDigit);
    }
    match name
        .chars()
        .enumerate()
        .find(|&(_, ch)| !matches!(ch, 'A'..='Z' | '0'..='9' | '_'))
    {
        Some((before, ch)) => Err(NameError::BadCharacter { at: before + 1, ch }),
        None => Ok(()),
    }
}

/// What is wrong with a name. `Display` says it to the person who typed it, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was typed.
    Empty,
    /// More than [`SecretName::MAX_LEN`] characters.
    TooLong {
        /// How many there are.
        len: usize,
    },
    /// Begins with a digit, which no shell can export.
    LeadingDigit,
    /// Something other than a capital letter, a digit or an underscore.
    BadCharacter {
        /// Its position, counting characters from 1.
        at: usize,
        /// The character itself.
        ch: char,
    },
    /// The name belongs to the system.
    Reserved(Reserved),
}

impl NameError {
    /// The broken rule as a stable code for programs.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Empty => "name.empty",
            Self::TooLong { .. } => "name.too_long",
            Self::LeadingDigit => "name.leading_digit",
            Self::BadCharacter { .. } => "name.character",
            Self::Reserved(_) => "name.reserved",
        }
    }
}

impl std::error::Error for NameError {}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("Type a name, such as OPENAI_API_KEY."),
            Self::TooLong { len } => {
                write!(f, "The name has {len} characters, and {} is the most. Shorten it.", SecretName::MAX_LEN)
            }
            Self::LeadingDigit => f.write_str(
                "The name begins with a digit, and no shell can use such a variable. Begin with a letter or an underscore.",
            ),
            Self::BadCharacter { at, ch: ch @ 'a'..='z' } => {
                write!(f, "The name has the small letter “{ch}” at position {at}. Use capital letters.")
            }
            Self::BadCharacter { at, ch: ch @ '!'..='~' } => {
                write!(f, "The name has “{ch}” at position {at}. Use only A to Z, 0 to 9 and the underscore.")
            }
            // By number: it may be invisible, or look just like a letter that is allowed.
            Self::BadCharacter { at, ch } => write!(
                f,
                "The character at position {at} of the name (U+{:04X}) cannot be used. Use only A to Z, 0 to 9 and the underscore.",
                u32::from(ch)
            ),
            Self::Reserved(why) => write!(f, "This name is reserved: {}. Choose another one.", why.reason()),
        }
    }
}

/// Turns what was typed or pasted into a name as far as that needs no guess: capitals for `a` to `z`, an underscore
/// for each blank, hyphen and full stop, nothing for blanks around it. All else is left for the rule to refuse.
///
/// Doing it twice changes nothing more.
#[must_use]
pub fn normalise(typed: &str) -> String {
    typed.trim().chars().map(normal).collect()
}

/// [`normalise`] for a field that is still being typed in: a blank at the end is an underscore too, because the next
/// word follows.
#[must_use]
pub fn normalise_as_typed(typed: &str) -> String {
    typed.trim_start().chars().map(normal).collect()
}

fn normal(ch: char) -> char {
    match ch {
        '-' | '.' => '_',
        ch if ch.is_whitespace() => '_',
        ch => ch.to_ascii_uppercase(),
    }
}

/// For `#[serde(deserialize_with)]`: a name as [`SecretName::from_stored`] reads it, so that a page can list a secret
/// that is older than the reservation of its name.
pub(crate) fn stored<'de, D: Deserializer<'de>>(from: D) -> Result<SecretName, D::Error> {
    SecretName::from_stored(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

/// As [`stored`], for a list.
pub(crate) fn stored_names<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SecretName>, D::Error> {
    Ok(stored_list(from)?.unwrap_or_default())
}

/// As [`stored`], for a list that may be absent.
pub(crate) fn stored_list<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<SecretName>>, D::Error> {
    let names = Option::<Vec<String>>::deserialize(from)?;
    let parse = |name: &String| SecretName::from_stored(name).map_err(serde::de::Error::custom);
    names.map(|names| names.iter().map(parse).collect()).transpose()
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for SecretName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// So that a set or map of names can be asked with a `&str`.
impl Borrow<str> for SecretName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for SecretName {
    type Err = NameError;

    fn from_str(name: &str) -> Result<Self, NameError> {
        Self::parse(name)
    }
}

impl TryFrom<String> for SecretName {
    type Error = NameError;

    fn try_from(name: String) -> Result<Self, NameError> {
        Self::parse(&name)
    }
}

impl From<SecretName> for String {
    fn from(name: SecretName) -> Self {
        name.0
    }
}
