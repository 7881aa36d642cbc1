//! What looks random, where the words around say that it is a secret.

use std::ops::Range;

use super::words::Before;
use super::{Found, naming, shape};

/// Around a value: quotes, brackets and the marks of a sentence.
const AROUND: &[char] = &[
    '"', '\'', '`', '(', ')', '[', ']', '<', '>', '{', '}', ',', ';', '.', '!', '?', ':', '*',
];

pub(super) fn in_word(text: &str, word: &Range<usize>, before: &Before) -> Option<Found> {
    let content = text.get(word.clone())?;
    let range = value_in(content).map(|range| word.start + range.start..word.start + range.end)?;
    let value = text.get(range.clone())?;
    if shape::is_placeholder(value) {
        return None;
    }
    if let Some(own) = naming::own(text, &range, before).filter(|own| own.says_secret) {
        let fits = if own.is_password {
            shape::is_password(value)
        } else {
            shape::is_random(value)
        };
        return fits.then_some(Found {
            range,
            replaces: own.replaces,
            suggested_name: own.name,
            service: None,
        });
    }
    let said = naming::name(before.of(text, word.start).find_map(naming::said_by)?)?;
    shape::is_very_random(value).then(|| Found {
        replaces: range.clone(),
        range,
        suggested_name: said,
        service: None,
    })
}

/// The word without what is around it, and behind the `=` or `:` of an assignment.
fn value_in(content: &str) -> Option<Range<usize>> {
    let behind = content
        .match_indices(['=', ':'])
        .map(|(at, mark)| at + mark.len())
        .find(|at| content.get(..*at).is_some_and(|left| naming::assigned(left).is_some()))
        .unwrap_or(0);
    let right = content.get(behind..)?;
    let value = right.trim_matches(AROUND);
    let start = behind + right.len() - right.trim_start_matches(AROUND).len();
    (!value.is_empty()).then(|| start..start + value.len())
}
