//! What a credential could be called.

use std::ops::Range;

use super::by_form::kind_word;
use super::words::Before;
use crate::services::{Known, word_of};
use crate::{SecretName, normalise};

/// The name that a text gives a value itself.
pub(super) struct Own {
    pub(super) name: SecretName,
    /// The name, what is between, and the value.
    pub(super) replaces: Range<usize>,
    /// Says nothing but that it is a key; one told by its form has a better name.
    pub(super) is_general: bool,
    pub(super) says_secret: bool,
    pub(super) is_password: bool,
}

/// Last words of the names of secrets.
const SECRET: [&str; 9] = [
    "KEY",
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PWD",
    "PASSPHRASE",
    "CREDENTIAL",
    "APIKEY",
];
const PASSWORDS: [&str; 4] = ["PASSWORD", "PASSWD", "PWD", "PASSPHRASE"];

/// `name`, if it is one that can be used.
pub(super) fn name(name: &str) -> Option<SecretName> {
    SecretName::parse(name).ok()
}

/// After the service: `GITHUB_TOKEN`, `X_BEARER_TOKEN`.
pub(super) fn of_known(known: &Known) -> Option<SecretName> {
    let kind = kind_word(known);
    let Some(service) = known.services.first().and_then(|service| word_of(service, kind)) else {
        return name(if kind == "TOKEN" { "API_TOKEN" } else { "API_KEY" });
    };
    // Some of the first kind are reserved, such as those that a program of the service reads.
    name(&format!("{service}_{kind}")).or_else(|| name(&format!("{service}_API_{kind}")))
}

/// The name before a value: `NAME=value` in one word or three, `NAME: value`, `NAME is value`, `NAME value`.
pub(super) fn own(text: &str, value: &Range<usize>, before: &Before) -> Option<Own> {
    let line = text.get(..value.start)?;
    let word_start = line.rfind(char::is_whitespace).map_or(0, |at| {
        at + line
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8)
    });
    let left = text.get(word_start..value.start)?;
    if let Some((at, found)) = assigned(left) {
        let end = value.end + closing(text, value);
        return own_named(found, value, word_start + at..end);
    }
    let mut words = before.of(text, word_start);
    let last = words.next()?;
    let (word, at_last) = match last {
        "=" | ":" | "is" | "=>" | ":=" => (words.next()?, false),
        last => (last, true),
    };
    // A word of its own before the value has to look like a variable, or to be followed by a mark.
    let trimmed = word.trim_matches(|ch: char| !ch.is_ascii_alphanumeric());
    let marked = !at_last || word.ends_with([':', '=']) || word.ends_with(":\"");
    let is_variable = trimmed.contains('_') && !trimmed.bytes().any(|byte| byte.is_ascii_lowercase());
    if !(is_variable || marked) {
        return None;
    }
    let start = text.get(..value.start)?.rfind(trimmed)?;
    own_named(trimmed, value, start..value.end + closing(text, value))
}

/// How many quotes close behind a value that others open before it.
fn closing(text: &str, value: &Range<usize>) -> usize {
    let mark = |ch: Option<char>| ch.filter(|ch| ['"', '\'', '`'].contains(ch));
    let opening = mark(text.get(..value.start).and_then(|before| before.chars().next_back()));
    let closing = mark(text.get(value.end..).and_then(|after| after.chars().next()));
    usize::from(opening.is_some() && opening == closing)
}

fn own_named(found: &str, value: &Range<usize>, replaces: Range<usize>) -> Option<Own> {
    let normal = normalise(found);
    let last = normal.rsplit('_').next().unwrap_or_default();
    let ends = |words: &[&str]| {
        words
            .iter()
            .any(|word| last == *word || last.strip_suffix('S') == Some(word))
    };
    // "Key" says what it is, and not whose.
    let is_general = !normal.contains('_');
    Some(Own {
        name: name(if is_general {
            said_by(found).unwrap_or(&normal)
        } else {
            &normal
        })?,
        replaces: if is_general { value.clone() } else { replaces },
        is_general,
        says_secret: ends(&SECRET) || normal.ends_with("APIKEY"),
        is_password: ends(&PASSWORDS),
    })
}

/// The name at the end of what stands before a value, if `=` or `:` says that it is set, and where it begins.
pub(super) fn assigned(left: &str) -> Option<(usize, &str)> {
    let marks: &[char] = &['=', ':', '"', '\'', '`', '>'];
    let bare = left.trim_end_matches(marks);
    if !left.get(bare.len()..)?.contains(['=', ':']) {
        return None;
    }
    let of_name = |ch: char| ch.is_ascii_alphanumeric() || ch == '_' || ch == '-';
    let name = bare.rsplit(|ch| !of_name(ch)).next()?;
    let begins = name.starts_with(|ch: char| ch.is_ascii_alphabetic() || ch == '_');
    (begins && name.len() >= 3).then(|| (bare.len() - name.len(), name))
}

/// What a word before a value says of it.
pub(super) fn said_by(word: &str) -> Option<&'static str> {
    let bare = word
        .trim_matches(|ch: char| !ch.is_ascii_alphanumeric())
        .to_ascii_lowercase();
    match bare.as_str() {
        "token" | "bearer" => Some("API_TOKEN"),
        "key" | "apikey" | "api-key" | "api_key" => Some("API_KEY"),
        "password" | "passphrase" => Some("PASSWORD"),
        "secret" => Some("CLIENT_SECRET"),
        _ => None,
    }
}
