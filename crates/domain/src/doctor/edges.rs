//! Blanks and line breaks around a value.
//!
//! A value of one line has none. A key in PEM, a JSON file and any other text of several lines rightly ends with one
//! line break, and its first line may rightly be indented; blank lines around it and blanks after it are still a finding.

use super::{Finding, invisible};
use crate::text::contains;

/// `text` without blanks and invisible characters around it: what the other rules look at, so that a line break copied
/// along hides nothing from them.
pub(super) fn core(text: &str) -> &str {
    text.trim_matches(|ch: char| ch.is_whitespace() || invisible::has_no_width(ch))
}

/// Whether there is nothing in `text` that anybody could see.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|ch| ch.is_whitespace() || invisible::is_invisible(ch))
}

pub(super) fn find(text: &str) -> Option<Finding> {
    let edges = Edges::of(text);
    if edges.before.is_empty() && edges.after == edges.end {
        return None;
    }
    let only_line_breaks = edges.before.is_empty() && edges.after.chars().all(is_line_break);
    Some(if only_line_breaks {
        Finding::TrailingNewline {
            keep_one: !edges.end.is_empty(),
        }
    } else {
        Finding::OuterBlanks
    })
}

/// `text` without what [`find`] finds.
pub(super) fn trimmed(text: &str) -> String {
    let edges = Edges::of(text);
    let mut trimmed = String::with_capacity(edges.body.len() + edges.end.len());
    trimmed.push_str(edges.body);
    trimmed.push_str(edges.end);
    trimmed
}

/// A text taken apart.
struct Edges<'a> {
    /// What is to go from the beginning.
    before: &'a str,
    /// What is to stay.
    body: &'a str,
    /// All blanks at the end.
    after: &'a str,
    /// What is to stay of them.
    end: &'static str,
}

impl<'a> Edges<'a> {
    fn of(text: &'a str) -> Self {
        let (body, after) = split_end(text);
        let content = body.trim_start();
        let several_lines = content.contains(is_line_break);
        let start = if several_lines && !is_pem(content) {
            // The indentation of the first line belongs to it.
            let blanks = body.len() - content.len();
            let lines = body.get(..blanks).and_then(|blanks| blanks.rfind(is_line_break));
            lines.map_or(0, |last| last + 1)
        } else {
            body.len() - content.len()
        };
        let (before, body) = body.split_at_checked(start).unwrap_or(("", body));
        let end = if several_lines || is_pem(content) || is_json(content) {
            line_end(after)
        } else {
            ""
        };
        Self {
            before,
            body,
            after,
            end,
        }
    }
}

fn split_end(text: &str) -> (&str, &str) {
    text.split_at_checked(text.trim_end().len()).unwrap_or((text, ""))
}

/// The one line break that stays of the blanks at the end, if there is any.
fn line_end(after: &str) -> &'static str {
    if contains(after, "\r\n") {
        "\r\n"
    } else if after.contains(is_line_break) {
        "\n"
    } else {
        ""
    }
}

fn is_line_break(ch: char) -> bool {
    matches!(ch, '\n' | '\r')
}

/// Whether it begins as a key or certificate in PEM does (RFC 7468, section 2).
pub(super) fn is_pem(core: &str) -> bool {
    core.starts_with("-----BEGIN ")
}

/// A JSON object in one line. A password may well stand in braces, but hardly with a quote right behind the first.
fn is_json(core: &str) -> bool {
    core.starts_with("{\"") && core.ends_with('}')
}
