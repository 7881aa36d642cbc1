//! A key of another service than the name says.

use super::edges::core;
use super::{Finding, assignment, bearer, quotes};
use crate::services::recognise;

pub(super) fn find(name: &str, text: &str) -> Option<Finding> {
    let key = recognise(innermost(name, text))?;
    Some(Finding::OtherService {
        key_of: key.services,
        name_says: key.contradicted_by(name)?.name,
    })
}

/// What is left when everything is taken off that was copied along: a key is known in quotes, too.
fn innermost<'a>(name: &str, text: &'a str) -> &'a str {
    let mut inner = core(text);
    // A line that is set, a header in it, and quotes around each: there is no more to expect.
    for _ in 0..4 {
        let further = assignment::right_side(name, inner)
            .or_else(|| quotes::inside(inner))
            .or_else(|| bearer::token(inner));
        match further {
            Some(further) => inner = core(further),
            None => break,
        }
    }
    inner
}

/// Put together without `format!`, which the page would otherwise have to load for this alone.
pub(super) fn message(key_of: &[&str], name_says: &str) -> String {
    let (first, or, second) = match *key_of {
        [] => ("another service", "", ""),
        [one] => (one, "", ""),
        [one, other] => (one, " or ", other),
        [first, ..] => (first, " or ", "a service whose keys look the same"),
    };
    [
        "This looks like a key of ",
        first,
        or,
        second,
        ", but the name says ",
        name_says,
        ". Check that it is the right one.",
    ]
    .concat()
}
