//! Quotes around a value.

use super::Finding;
use super::edges::{core, is_blank};

/// What opens, and what closes it. Typographic quotes come from documents that correct what one types.
const QUOTES: [(char, char); 8] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('”', '”'),
    ('„', '“'),
    ('„', '”'),
    ('‘', '’'),
];

pub(super) fn find(text: &str) -> Option<Finding> {
    inside(text).map(|_| Finding::WrappingQuotes)
}

/// What stands in the quotes around `text`, in all of them if there are several kinds.
pub(super) fn inside(text: &str) -> Option<&str> {
    let mut inside = unwrapped(text)?;
    // Each round takes a kind of quotes off that stands nowhere further in, so there are only a few.
    while let Some(further) = unwrapped(inside) {
        inside = further;
    }
    Some(inside)
}

/// Only if the same quotes stand nowhere within, not even escaped: `"a","b"` is not one text in quotes. And only if
/// something is left.
fn unwrapped(text: &str) -> Option<&str> {
    let text = core(text);
    QUOTES.iter().find_map(|&(open, close)| {
        let inside = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains([open, close]) && !is_blank(inside)).then_some(inside)
    })
}
