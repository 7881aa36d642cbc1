//! What says by its own form that it is a credential.

use std::ops::Range;

use super::words::Before;
use super::{Found, naming, shape};
use crate::SecretName;
use crate::services::{Known, recognise};

/// The shortest key that is told by its form.
const SHORTEST: usize = 16;
/// Where a key can begin within a word: `key=…`, `("…`, `Bearer:…`.
const BEGINS: &[char] = &[
    '=', ':', '?', '&', '"', '\'', '`', '<', '>', '(', ')', '[', ']', '{', '}', ',', ';', '|', '/', '@', '*',
];
/// Where it can end.
const ENDS: &[char] = &[
    '"', '\'', '`', '<', '>', '(', ')', '[', ']', '{', '}', ',', ';', '|', '&', '@', '\\', '*',
];
/// Marks of a sentence behind it.
const SENTENCE: &[char] = &['.', ',', ':', ';', '!', '?', '\u{2026}'];
/// Places that are tried within one word.
const TRIED: usize = 48;

/// Private keys in the armour of RFC 7468 and its like.
pub(super) fn private_keys(text: &str, all: &mut Vec<Found>) {
    let mut from = 0;
    while let Some(start) = text
        .get(from..)
        .and_then(|rest| rest.find("-----BEGIN "))
        .map(|at| from + at)
    {
        let rest = text.get(start..).unwrap_or_default();
        from = start + "-----BEGIN ".len();
        let label = rest
            .get("-----BEGIN ".len()..)
            .and_then(|rest| rest.split("-----").next())
            .unwrap_or_default();
        let end = rest
            .find("-----END ")
            .and_then(|at| Some(at + 9 + rest.get(at + 9..)?.find("-----")? + 5));
        let body = end.and_then(|end| rest.get(..end)).unwrap_or_default();
        let Some(name) = naming::name("PRIVATE_KEY").filter(|_| label.ends_with("PRIVATE KEY")) else {
            continue;
        };
        if shape::letters(body) > 100 {
            let range = start..start + body.len();
            from = range.end;
            all.push(Found {
                replaces: range.clone(),
                range,
                suggested_name: name,
                service: None,
            });
        }
    }
}

/// A key of a known form, a token of JWT's, or an address with a password.
pub(super) fn in_word(text: &str, word: &Range<usize>, before: &Before) -> Option<Found> {
    let content = text.get(word.clone())?;
    if content.len() < SHORTEST {
        return None;
    }
    for start in starts(content) {
        for end in ends(content, start) {
            let Some(part) = content.get(start..end).filter(|part| part.len() >= SHORTEST) else {
                continue;
            };
            if let Some((name, service)) = told(part) {
                let range = word.start + start..word.start + end;
                let own = naming::own(text, &range, before).filter(|own| !own.is_general);
                let replaces = own.as_ref().map_or_else(|| range.clone(), |own| own.replaces.clone());
                return Some(Found {
                    range,
                    replaces,
                    suggested_name: own.map_or(name, |own| own.name),
                    service,
                });
            }
        }
    }
    None
}

fn told(part: &str) -> Option<(SecretName, Option<&'static str>)> {
    if shape::is_placeholder(part) {
        return None;
    }
    if let Some(known) = recognise(part) {
        return Some((naming::of_known(known)?, known.services.first().copied()));
    }
    let kind = address(part).or_else(|| is_jwt(part).then_some("ACCESS_TOKEN"))?;
    Some((naming::name(kind)?, None))
}

/// RFC 7519: two pieces that are JSON, and a signature.
fn is_jwt(part: &str) -> bool {
    let mut pieces = part.split('.');
    let mut next = |least: usize, begins: &str| {
        pieces.next().is_some_and(|piece| {
            piece.len() >= least && piece.starts_with(begins) && piece.bytes().all(shape::is_base64url)
        })
    };
    next(16, "eyJ") && next(16, "eyJ") && next(20, "") && pieces.next().is_none()
}

/// The name for an address with a user and a password in it (RFC 3986, section 3.2.1).
fn address(part: &str) -> Option<&'static str> {
    let (scheme, rest) = part.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, host) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    let real = password.len() >= 6 && !shape::is_usual_word(password) && !password.contains(['<', '$', '{', '*', '[']);
    if !real || host.is_empty() || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+') {
        return None;
    }
    Some(match scheme.split('+').next().unwrap_or_default() {
        "postgres" | "postgresql" | "mysql" | "mariadb" | "mongodb" | "mssql" | "cockroachdb" => "DATABASE_URL",
        "redis" | "rediss" | "valkey" => "REDIS_URL",
        "amqp" | "amqps" => "AMQP_URL",
        "smtp" | "smtps" => "SMTP_URL",
        _ => "SERVICE_URL",
    })
}

/// The beginning, and behind each mark.
fn starts(content: &str) -> impl Iterator<Item = usize> {
    let behind = content.match_indices(BEGINS).map(|(at, mark)| at + mark.len());
    std::iter::once(0).chain(behind).take(TRIED)
}

/// The end of the word, then each mark before it; always less the marks of a sentence.
fn ends(content: &str, start: usize) -> impl Iterator<Item = usize> {
    let marks = content.match_indices(ENDS).map(|(at, _)| at);
    std::iter::once(content.len())
        .chain(marks.filter(move |at| *at > start).take(TRIED))
        .filter_map(move |end| Some(start + content.get(start..end)?.trim_end_matches(SENTENCE).len()))
}

/// For whoever names a credential by its kind.
pub(super) fn kind_word(known: &Known) -> &'static str {
    let kind = known.kind;
    let says = |word: &str| kind.contains(word);
    if says("bearer token") {
        "BEARER_TOKEN"
    } else if says("API key") {
        "API_KEY"
    } else if says("token") {
        "TOKEN"
    } else if says("secret") {
        "SECRET"
    } else if says("webhook") {
        "WEBHOOK_URL"
    } else {
        "KEY"
    }
}
