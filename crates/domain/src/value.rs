//! The value of a secret, before and after its rule.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};
use zeroize::{Zeroize, Zeroizing};

use crate::text::{has_cr, push_with_lf};

/// The longest value, in bytes of UTF-8: 64 KiB.
pub const MAX_VALUE_BYTES: usize = 65_536;

/// A value or a password on its way in, not looked at yet.
///
/// It cannot be cloned, serialised or printed, and is wiped when dropped. Reading one never quotes it in an error,
/// not even where a number stands in place of a text.
#[derive(Default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, format = Password, max_length = 65_536))]
pub struct RawValue(Zeroizing<String>);

impl RawValue {
    /// Takes a text over without copying it.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Passes the rule of a secret's value: not empty, at most [`MAX_VALUE_BYTES`], no NUL. Nothing is changed.
    ///
    /// # Errors
    /// What is wrong, without quoting any of it; the text is wiped.
    pub fn check(mut self) -> Result<SecretValue, ValueError> {
        check_text(&self.0)?;
        Ok(SecretValue(Zeroizing::new(std::mem::take(&mut *self.0))))
    }

    /// The same text with CRLF and lone CR turned to LF. For what a browser posts: it turns every line break of a text
    /// area into CRLF (HTML Standard, "constructing the entry list"), whatever was pasted.
    #[must_use]
    pub fn with_lf(self) -> Self {
        if !has_cr(&self.0) {
            return self;
        }
        // Large enough from the start; the old text is wiped as `self` is dropped.
        let mut text = Zeroizing::new(String::with_capacity(self.0.len()));
        push_with_lf(&mut text, &self.0);
        Self(text)
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text. Each caller says in a comment why it has to see it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RawValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawValue(••••••••)")
    }
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // Not `deserialize_string`: on a number, serde_json would answer that with an error that quotes the number,
        // and a number in this place is a value all the same.
        from.deserialize_any(Text)
    }
}

struct Text;

impl Text {
    fn refuse<E: Error>() -> Result<RawValue, E> {
        Err(E::custom("a text is expected here: put the value in quotes"))
    }
}

impl Visitor<'_> for Text {
    type Value = RawValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<RawValue, E> {
        Ok(RawValue::new(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<RawValue, E> {
        Ok(RawValue::new(text))
    }

    // serde's own answers to all of these quote what they were given.
    fn visit_bool<E: Error>(self, _: bool) -> Result<RawValue, E> {
        Self::refuse()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<RawValue, E> {
        Self::refuse()
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<RawValue, E> {
        Self::refuse()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<RawValue, E> {
        Self::refuse()
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<RawValue, E> {
        Self::refuse()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<RawValue, E> {
        Self::refuse()
    }

    fn visit_bytes<E: Error>(self, _: &[u8]) -> Result<RawValue, E> {
        Self::refuse()
    }
}

/// A value that has passed the rule: 1 to [`MAX_VALUE_BYTES`] bytes of UTF-8 without NUL.
///
/// It cannot be cloned, serialised or printed, and is wiped when dropped.
pub struct SecretValue(Zeroizing<String>);

impl SecretValue {
    /// Takes bytes over without copying them: from a pipe, a file or a decryption.
    ///
    /// # Errors
    /// What is wrong, without quoting any of it; the bytes are wiped.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, ValueError> {
        match String::from_utf8(bytes) {
            Ok(text) => RawValue::new(text).check(),
            Err(not_text) => {
                let at = not_text.utf8_error().valid_up_to() + 1;
                not_text.into_bytes().zeroize();
                Err(ValueError::NotUtf8 { at })
            }
        }
    }

    /// The value. Each caller says in a comment why it has to see it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its length in bytes, never 0.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a value that passed the rule is never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretValue(••••••••)")
    }
}

fn check_text(text: &str) -> Result<(), ValueError> {
    let len = text.len();
    if len == 0 {
        return Err(ValueError::Empty);
    }
    if len > MAX_VALUE_BYTES {
        return Err(ValueError::TooLong { len });
    }
    // The test of all bytes first: it is one fast search, and nearly always the answer.
    if text.as_bytes().contains(&0) {
        let at = text.chars().take_while(|&ch| ch != '\0').count() + 1;
        return Err(ValueError::Nul { at });
    }
    Ok(())
}

/// What is wrong with a value. `Display` says it to the person who gave it, and what to do; it never quotes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Nothing was given.
    #[error("The value is empty. Type or paste it.")]
    Empty,
    /// More than [`MAX_VALUE_BYTES`].
    #[error(
        "The value has {len} bytes, and {MAX_VALUE_BYTES} (64 KiB) is the most. Store a shorter one, or keep the file elsewhere and store its key."
    )]
    TooLong {
        /// How many bytes there are.
        len: usize,
    },
    /// No environment variable can hold a NUL.
    #[error(
        "The value has a NUL character at position {at}, which no environment variable can hold. Remove it, or store the value as base64."
    )]
    Nul {
        /// Its position, counting characters from 1.
        at: usize,
    },
    /// Bytes that are not text.
    #[error("The value is not UTF-8 text from byte {at} on. Store it as base64 or hex.")]
    NotUtf8 {
        /// The first bad byte, counting from 1.
        at: usize,
    },
}

impl ValueError {
    /// The broken rule as a stable code for programs.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Empty => "value.empty",
            Self::TooLong { .. } => "value.too_long",
            Self::Nul { .. } => "value.nul",
            Self::NotUtf8 { .. } => "value.not_utf8",
        }
    }
}
