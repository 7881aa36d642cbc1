//! A key in PEM whose line breaks were written out as `\n`, as it stands in a JSON file or in a `.env`.

use super::edges::{core, is_pem};
use super::{Finding, quotes};
use crate::text::contains;

/// Only in a key of one line: one that has real line breaks may have a comment with a path such as `C:\new` in it.
pub(super) fn find(text: &str) -> Option<Finding> {
    let text = core(quotes::inside(text).unwrap_or(text));
    let found = is_pem(text) && !text.contains(['\n', '\r']) && contains(text, "\\n");
    found.then_some(Finding::LiteralNewlines)
}

/// `text` with line breaks for `\n`, `\r` and `\r\n`, also if their backslashes were escaped once more. The text of a
/// key has no other backslashes.
pub(super) fn with_line_breaks(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at_checked(at).unwrap_or((rest, ""));
        key.push_str(before);
        if let Some(after) = after_line_break(escape) {
            key.push('\n');
            rest = after;
        } else {
            rest = escape.trim_start_matches('\\');
            key.extend(escape.get(..escape.len() - rest.len()));
        }
    }
    key.push_str(rest);
    key
}

/// What follows the escaped line break that `text` begins with.
fn after_line_break(text: &str) -> Option<&str> {
    let after_return = strip_escape(text, 'r');
    after_return
        .and_then(|after| strip_escape(after, 'n'))
        .or(after_return)
        .or_else(|| strip_escape(text, 'n'))
}

fn strip_escape(text: &str, letter: char) -> Option<&str> {
    text.strip_prefix('\\')?.trim_start_matches('\\').strip_prefix(letter)
}
