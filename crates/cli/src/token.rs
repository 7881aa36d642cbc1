//! The kinds of token, and which of them this program can use.

use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

/// What a token may be used for. Its prefix says which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// `sr_pat_`: an API token, made on the Settings page.
    Api,
    /// `sr_sbx_`: the token of one sandbox session.
    Sandbox,
}

/// A token that this program can use. `Debug` shows its kind only; the text is wiped when it is dropped.
#[derive(Clone)]
pub(crate) struct Token {
    kind: TokenKind,
    text: Zeroizing<String>,
}

/// Why a text is no token that this program can use. Never quotes the text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum TokenError {
    /// Another thing altogether, or a token with something before it.
    #[error("it does not look like a Strongroom token: those begin with sr_pat_ (API token) or sr_sbx_ (sandbox)")]
    Unknown,
    /// Blanks, line breaks or other characters that no token has.
    #[error("it holds a blank or another character that no token has: copy it again, without line breaks")]
    Characters,
    /// A token of Strongroom, for another use.
    #[error(
        "it is a {0}, which this program cannot use: make an API token (it begins with sr_pat_) on the Settings page"
    )]
    OtherUse(&'static str),
}

impl Token {
    /// Reads a token; blanks and line breaks around it are dropped, since files end with one.
    pub(crate) fn parse(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        let kind = match text.get(..7) {
            Some("sr_pat_") => TokenKind::Api,
            Some("sr_sbx_") => TokenKind::Sandbox,
            Some("sr_fld_") => return Err(TokenError::OtherUse("field token")),
            Some("sr_plt_") => return Err(TokenError::OtherUse("platform key")),
            Some("sr_ses_") => return Err(TokenError::OtherUse("browser session")),
            _ => return Err(TokenError::Unknown),
        };
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Characters);
        }
        Ok(Self {
            kind,
            text: Zeroizing::new(text.to_owned()),
        })
    }

    /// What it may be used for.
    pub(crate) fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The token itself: for the `Authorization` header, the file that `login` writes, and finding it in an environment.
    pub(crate) fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Token({:?})", self.kind)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    #[test]
    fn the_prefix_says_the_kind() {
        assert_eq!(Token::parse("sr_pat_abc").unwrap().kind(), TokenKind::Api);
        assert_eq!(Token::parse("sr_sbx_abc").unwrap().kind(), TokenKind::Sandbox);
    }

    #[test]
    fn blanks_around_a_token_do_not_matter() {
        assert_eq!(Token::parse(" sr_pat_abc\n").unwrap().expose(), "sr_pat_abc");
    }

    #[test]
    fn tokens_of_another_use_are_named() {
        assert_eq!(
            Token::parse("sr_plt_x").unwrap_err(),
            TokenError::OtherUse("platform key")
        );
        assert_eq!(
            Token::parse("sr_fld_x").unwrap_err(),
            TokenError::OtherUse("field token")
        );
        assert_eq!(
            Token::parse("sr_ses_x").unwrap_err(),
            TokenError::OtherUse("browser session")
        );
    }

    #[test]
    fn what_is_no_token_is_refused_without_being_repeated() {
        for text in ["", "hunter2-very-secret", "Bearer sr_pat_abc", "é_pat_abc"] {
            let error = Token::parse(text).unwrap_err();
            assert_eq!(error, TokenError::Unknown);
            assert!(text.is_empty() || !error.to_string().contains(text));
        }
        assert_eq!(Token::parse("sr_pat_a b").unwrap_err(), TokenError::Characters);
        assert_eq!(Token::parse("sr_pat_a\nb").unwrap_err(), TokenError::Characters);
    }

    #[test]
    fn debugging_shows_no_token() {
        assert_eq!(format!("{:?}", Token::parse("sr_pat_abc").unwrap()), "Token(Api)");
    }
}
