//! Characters that nobody can see, copied along from a web page or a document.

use super::Finding;
use crate::text::is_hidden;

pub(super) fn find(text: &str) -> Option<Finding> {
    sift(text, |_| ()).then_some(Finding::Invisible)
}

/// `text` without what [`find`] finds.
pub(super) fn without(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    sift(text, |ch| kept.push(ch));
    kept
}

/// Whether `ch` is never seen, wherever it stands at an end of a text.
pub(super) fn has_no_width(ch: char) -> bool {
    is_invisible(ch) && !is_tag(ch)
}

/// Gives every character that stays to `keep`. Answers whether there are others.
fn sift(text: &str, mut keep: impl FnMut(char)) -> bool {
    let mut found = false;
    // What is seen before and behind the invisible characters here, and the last character that stays.
    let (mut before, mut behind, mut last) = (None, None, None);
    let mut in_run = false;
    for (at, ch) in text.char_indices() {
        if is_invisible(ch) {
            // Once for each run of them: looking ahead from each one would take its time with a text of nothing else.
            if !in_run {
                behind = text
                    .get(at..)
                    .and_then(|rest| rest.chars().find(|&ch| !is_invisible(ch)));
            }
            in_run = true;
            let belongs = match ch {
                '\u{200C}'..='\u{200F}' => is_script(before) && is_script(behind),
                ch if is_tag(ch) => last.is_some_and(|last| last == BLACK_FLAG || is_tag(last)),
                _ => false,
            };
            if !belongs {
                found = true;
                continue;
            }
        } else {
            before = Some(ch);
            in_run = false;
        }
        last = Some(ch);
        keep(ch);
    }
    found
}

/// Control characters are left alone: a terminal shows them, and some values have them.
pub(super) fn is_invisible(ch: char) -> bool {
    is_hidden(ch) && !ch.is_control() && !ch.is_whitespace()
}

/// Joiners are a part of how Persian and the scripts of India are written, and hold an emoji of several together; marks of
/// direction stand in Hebrew and Arabic. Next to ASCII they come from elsewhere.
fn is_script(ch: Option<char>) -> bool {
    ch.is_some_and(|ch| !ch.is_ascii())
}

/// The flags of parts of countries are a black flag with tags behind it (Unicode Technical Standard 51, annex C).
const BLACK_FLAG: char = '\u{1F3F4}';

fn is_tag(ch: char) -> bool {
    matches!(ch, '\u{E0000}'..='\u{E007F}')
}
