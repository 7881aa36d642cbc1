//! What an API token may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One permission of an API token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Names, descriptions and the activity; never a value.
    #[serde(rename = "secrets:read")]
    SecretsRead,
    /// Creating, replacing and deleting secrets.
    #[serde(rename = "secrets:write")]
    SecretsWrite,
    /// Opening sandboxes, and so reading every value through one.
    #[serde(rename = "sandboxes:write")]
    SandboxesWrite,
    /// Asking the user for secrets.
    #[serde(rename = "requests:write")]
    RequestsWrite,
}

impl Scope {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [
        Self::SecretsRead,
        Self::RequestsWrite,
        Self::SecretsWrite,
        Self::SandboxesWrite,
    ];

    /// As it is written in requests and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecretsRead => "secrets:read",
            Self::SecretsWrite => "secrets:write",
            Self::SandboxesWrite => "sandboxes:write",
            Self::RequestsWrite => "requests:write",
        }
    }

    /// What a token with this scope can do, said so that nobody gives away more than they mean to.
    #[must_use]
    pub fn plain_words(self) -> &'static str {
        match self {
            Self::SecretsRead => "can see names and descriptions, never a value",
            Self::SecretsWrite => "can replace values and delete secrets",
            Self::SandboxesWrite => "can read every value through a sandbox",
            Self::RequestsWrite => "can ask you for a secret, never see it",
        }
    }

    /// Whether the password is asked again before a token with this scope is made: it reaches or replaces values.
    #[must_use]
    pub fn is_powerful(self) -> bool {
        matches!(self, Self::SecretsWrite | Self::SandboxesWrite)
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or(ScopeError::Unknown)
    }
}

/// A set of [`Scope`]s, kept in one byte. Serialised as an array, displayed separated by blanks, in one fixed order.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Scope>", into = "Vec<Scope>")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = Vec<Scope>))]
pub struct Scopes(u8);

impl Scopes {
    /// What an agent needs and no more: it learns names and can ask for what is missing, and reaches no value.
    pub const FOR_AGENTS: Self = Self(1 << Scope::SecretsRead as u8 | 1 << Scope::RequestsWrite as u8);

    /// Reads scopes separated by blanks (as OAuth does, RFC 6749 section 3.3) or commas.
    ///
    /// # Errors
    /// [`ScopeError::Unknown`] for a word that is none, [`ScopeError::Empty`] for no word at all.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let words = text
            .split(|ch: char| ch == ',' || ch.is_whitespace())
            .filter(|word| !word.is_empty());
        let scopes = words.map(str::parse).collect::<Result<Self, _>>()?;
        if scopes.is_empty() {
            Err(ScopeError::Empty)
        } else {
            Ok(scopes)
        }
    }

    /// Whether `scope` is one of them.
    #[must_use]
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether one of them [is powerful](Scope::is_powerful).
    #[must_use]
    pub fn any_powerful(self) -> bool {
        self.iter().any(Scope::is_powerful)
    }

    /// Each of them, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |&scope| self.contains(scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

impl From<Vec<Scope>> for Scopes {
    fn from(scopes: Vec<Scope>) -> Self {
        scopes.into_iter().collect()
    }
}

impl From<Scopes> for Vec<Scope> {
    fn from(scopes: Scopes) -> Self {
        scopes.iter().collect()
    }
}

impl FromStr for Scopes {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::parse(text)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (before, scope) in self.iter().enumerate() {
            if before > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// What is wrong with a list of scopes. It quotes nothing: a token could have been put in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// No scope at all.
    #[error("Choose at least one scope: secrets:read, requests:write, secrets:write or sandboxes:write.")]
    Empty,
    /// A word that is no scope.
    #[error(
        "One of the scopes does not exist. There are secrets:read, requests:write, secrets:write and sandboxes:write."
    )]
    Unknown,
}

impl ScopeError {
    /// The broken rule as a stable code for programs.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Empty => "scopes.empty",
            Self::Unknown => "scopes.unknown",
        }
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Scope, ScopeError, Scopes};

    #[test]
    fn scopes_are_read_with_blanks_or_commas_and_written_in_one_order() {
        let scopes = Scopes::parse("sandboxes:write, secrets:read").expect("two scopes");
        assert_eq!(scopes.to_string(), "secrets:read sandboxes:write");
        assert_eq!(Scopes::parse("secrets:read sandboxes:write"), Ok(scopes));
        assert!(scopes.contains(Scope::SecretsRead) && !scopes.contains(Scope::SecretsWrite));
        assert_eq!(format!("{scopes:?}"), "{SecretsRead, SandboxesWrite}");
    }

    #[test]
    fn a_word_that_is_no_scope_is_refused_and_so_is_none() {
        assert_eq!(Scopes::parse("secrets:read secrets:*"), Err(ScopeError::Unknown));
        assert_eq!(Scopes::parse(" , "), Err(ScopeError::Empty));
    }

    #[test]
    fn only_what_reaches_or_replaces_values_is_powerful() {
        assert!(!Scopes::FOR_AGENTS.any_powerful());
        assert_eq!(Scopes::FOR_AGENTS.to_string(), "secrets:read requests:write");
        assert!(Scopes::parse("secrets:write").expect("a scope").any_powerful());
        assert!(Scopes::parse("sandboxes:write").expect("a scope").any_powerful());
    }

    #[test]
    fn json_and_text_call_a_scope_the_same() {
        for scope in Scope::ALL {
            let json = serde_json::to_string(&Scopes::from_iter([scope])).expect("an array");
            assert_eq!(json, format!("[\"{scope}\"]"));
            assert_eq!(
                serde_json::from_str::<Scopes>(&json)
                    .expect("scopes")
                    .to_string()
                    .parse(),
                Ok(scope)
            );
        }
    }
}
