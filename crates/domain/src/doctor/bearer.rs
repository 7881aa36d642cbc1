//! `Bearer` before a token, copied from the header of a request (RFC 6750, section 2.1).

use super::edges::core;
use super::{Finding, has_word};

pub(super) fn find(name: &str, text: &str) -> Option<Finding> {
    let (header, _) = split(text)?;
    // Somebody may want the whole header.
    let wanted = has_word(name, &["HEADER", "HEADERS", "AUTHORIZATION"]);
    (!wanted).then_some(Finding::BearerPrefix { header })
}

/// The token behind it.
pub(super) fn token(text: &str) -> Option<&str> {
    split(text).map(|(_, token)| token)
}

/// Whether the name of the header stands before it, and the token.
fn split(text: &str) -> Option<(bool, &str)> {
    let text = core(text);
    let after_header = strip_word(text, "authorization:").map(str::trim_start);
    let after = strip_word(after_header.unwrap_or(text), "bearer")?;
    let token = after.trim_start();
    // “Bearer of bad news” and “bearer bonds” are passwords.
    let is_token = token.len() < after.len()
        && token.bytes().all(|byte| byte.is_ascii_graphic())
        && (token.len() >= 16 || token.contains(|ch: char| ch.is_ascii_digit()));
    is_token.then_some((after_header.is_some(), token))
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}
