//! Replaces secret values in a stream of bytes by their names.
//!
//! ```
//! use redact::{Patterns, Stream};
//! use std::sync::Arc;
//!
//! let secrets = [("X_BEARER_TOKEN", b"AAAA-not-a-real-token".as_slice())];
//! let patterns = Arc::new(Patterns::new(secrets)?);
//!
//! let mut out = Vec::new();
//! let mut stream = Stream::new(patterns);
//! stream.push(b"Authorization: Bearer AAAA-not-", &mut out);
//! stream.push(b"a-real-token\n", &mut out);
//! stream.finish(&mut out);
//! assert_eq!(out, b"Authorization: Bearer [X_BEARER_TOKEN]\n");
//! # Ok::<(), redact::TooLarge>(())
//! ```
//!
//! **What is looked for**: each value as it is and without the blanks around it; each line of a value of several lines, from 12
//! bytes on and unless it is the armour of a PEM or the syntax of JSON; and of each of these the forms that programs print: escaped for JSON (once and
//! twice), URLs, XML and shells, with the line ends of a terminal, in hexadecimal digits, in base64 and base64url wherever in a longer text it stands.
//!
//! **What is promised**: whatever pieces a stream comes in, no byte of a complete match is passed on, but for the four at most that a
//! silence sets free ([`Stream::release`]), and all that is no part of a match is, unchanged. Matches that overlap are replaced together: the label of each secret among them stands once, in the order in
//! which they begin. Bytes are held back only while they could still become a match, and exactly those.
//! Values of less than [`SHORTEST`] bytes are not looked for ([`Patterns::unpromised`]): they stand in too much that is no
//! secret. Other encodings, encryption, compression, or a value taken apart are not recognised, and cannot be.
//!
//! **Time**: the search looks at a block of three bytes and skips as far as no pattern allows a beginning (S. Wu and U. Manber, *A fast algorithm for
//! multi-pattern searching*, 1994); candidates are compared whole. Nothing here reads, writes, waits or logs.

mod encodings;
mod patterns;
mod stream;

pub use patterns::{Patterns, SHORTEST, TooLarge};
pub use stream::{PATIENCE, Stream};

use std::sync::Arc;

/// Replaces in a text that is there as a whole.
///
/// ```
/// # use std::sync::Arc;
/// let patterns = Arc::new(redact::Patterns::new([("PIN", b"123456".as_slice())])?);
/// assert_eq!(redact::redact_all(&patterns, b"123456 MTIzNDU2"), b"[PIN] [PIN]");
/// # Ok::<(), redact::TooLarge>(())
/// ```
#[must_use]
pub fn redact_all(patterns: &Arc<Patterns>, text: &[u8]) -> Vec<u8> {
    redact_and_tell(patterns, text).0
}

/// The same, and the names of the secrets that stood there.
///
/// ```
/// # use std::sync::Arc;
/// let patterns = Arc::new(redact::Patterns::new([("PIN", b"PIN=123456".as_slice())])?);
/// let (clean, found) = redact::redact_and_tell(&patterns, b"PIN=123456");
/// assert_eq!((clean.as_slice(), found), (b"[PIN]".as_slice(), vec!["PIN".to_owned()]));
/// # Ok::<(), redact::TooLarge>(())
/// ```
#[must_use]
pub fn redact_and_tell(patterns: &Arc<Patterns>, text: &[u8]) -> (Vec<u8>, Vec<String>) {
    let mut out = Vec::with_capacity(text.len());
    let mut stream = Stream::new(Arc::clone(patterns));
    stream.push(text, &mut out);
    stream.finish(&mut out);
    (out, stream.seen().map(str::to_owned).collect())
}
