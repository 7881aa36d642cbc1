//! Tokens: 256 random bits with a typed prefix and a checksum, so that a scanner recognises one and a cut-off one is
//! told apart from an unknown one. The database holds the SHA-256 only, which is enough for random values of that size
//! (OWASP ASVS 5.0, 11.4 asks for slow hashes of passwords, not of keys).

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::{AuthFailure, Error};
use crate::keys::random_bytes;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A browser session's cookie.
    Session,
    /// An API token of a person.
    Api,
    /// A sandbox session.
    Sandbox,
    /// The secure field of one request.
    Field,
    /// A platform's key.
    Platform,
}

/// A token in the clear: shown or set once, when it is made. Zeroed on drop.
pub struct PlainToken(Zeroizing<String>);

/// What is stored of a token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct HashedToken([u8; 32]);

const RANDOM_DIGITS: usize = 64;
const CHECKSUM_DIGITS: usize = 8;
/// Every prefix that a Strongroom token can have, to tell "another kind" from "no token".
const PREFIXES: [&str; 5] = ["sr_ses_", "sr_pat_", "sr_sbx_", "sr_fld_", "sr_plt_"];

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Session => "sr_ses_",
            Self::Api => "sr_pat_",
            Self::Sandbox => "sr_sbx_",
            Self::Field => "sr_fld_",
            Self::Platform => "sr_plt_",
        }
    }
}

impl PlainToken {
    pub(crate) fn make(kind: TokenKind) -> Result<Self, Error> {
        let random = Zeroizing::new(random_bytes::<32>().map_err(|_| Error::NoRandom)?);
        let mut text = Zeroizing::new(String::with_capacity(7 + RANDOM_DIGITS + CHECKSUM_DIGITS));
        text.push_str(kind.prefix());
        text.push_str(&Zeroizing::new(hex::encode(random.as_slice())));
        let checksum = checksum(&text);
        text.push_str(&checksum);
        Ok(Self(text))
    }

    /// The token itself, for the one answer or cookie that hands it to its holder.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn hashed(&self) -> HashedToken {
        HashedToken::of(&self.0)
    }

    /// What lists show, so that its owner recognises it: prefix and last four digits.
    pub(crate) fn hint(&self) -> String {
        let end = self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default();
        format!("{}…{end}", self.0.get(..7).unwrap_or_default())
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainToken(••••••••)")
    }
}

impl fmt::Debug for HashedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashedToken")
    }
}

impl HashedToken {
    /// Checks form, kind and checksum of what somebody sent, and hashes it for the look-up.
    pub(crate) fn parse(text: &str, kind: TokenKind) -> Result<Self, AuthFailure> {
        if text.is_empty() {
            return Err(AuthFailure::Missing);
        }
        let known = PREFIXES
            .iter()
            .find(|prefix| text.starts_with(**prefix))
            .ok_or(AuthFailure::Malformed)?;
        if *known != kind.prefix() {
            return Err(AuthFailure::WrongKind);
        }
        let body = text
            .len()
            .checked_sub(CHECKSUM_DIGITS)
            .and_then(|at| text.split_at_checked(at));
        match body {
            Some((body, sum)) if body.len() == known.len() + RANDOM_DIGITS && checksum(body) == sum => {
                Ok(Self::of(text))
            }
            _ => Err(AuthFailure::Malformed),
        }
    }

    fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    pub(crate) fn from_stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

fn checksum(text: &str) -> String {
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_token_is_recognised_and_hashes_to_what_was_stored() {
        let token = PlainToken::make(TokenKind::Api).unwrap();
        assert_eq!(token.expose().len(), 7 + RANDOM_DIGITS + CHECKSUM_DIGITS);
        assert!(HashedToken::parse(token.expose(), TokenKind::Api) == Ok(token.hashed()));
    }

    #[test]
    fn a_token_that_is_cut_mistyped_or_of_another_kind_is_told_apart() {
        let token = PlainToken::make(TokenKind::Api).unwrap();
        let text = token.expose();
        let failure = |text: &str, kind| HashedToken::parse(text, kind).err();
        for cut in 7..text.len() {
            assert_eq!(failure(&text[..cut], TokenKind::Api), Some(AuthFailure::Malformed));
        }
        assert_eq!(
            failure(&text.replace('_', "-"), TokenKind::Api),
            Some(AuthFailure::Malformed)
        );
        assert_eq!(failure(text, TokenKind::Sandbox), Some(AuthFailure::WrongKind));
        assert_eq!(failure("", TokenKind::Api), Some(AuthFailure::Missing));
        assert_eq!(failure("ghp_0123", TokenKind::Api), Some(AuthFailure::Malformed));
    }

    #[test]
    fn debug_and_hint_do_not_show_it() {
        let token = PlainToken::make(TokenKind::Session).unwrap();
        assert_eq!(format!("{token:?}"), "PlainToken(••••••••)");
        assert!(token.hint().len() < 20);
    }
}
