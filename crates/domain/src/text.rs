//! Characters that no text shown to a person may hold.

/// The first character of `text` that a person could not see for what it is, with its position counted from 1.
///
/// Refused are control characters (but for line break and tab where `several_lines` allows them), those that turn the
/// direction of writing, and those without width. With them a name or a reason can be made to look like another one
/// (Unicode Technical Report 36, section 2.6; CVE-2021-42574).
#[must_use]
pub fn first_hidden(text: &str, several_lines: bool) -> Option<(usize, char)> {
    text.chars()
        .enumerate()
        .find(|&(_, ch)| is_hidden(ch) && !(several_lines && matches!(ch, '\n' | '\t')))
        .map(|(before, ch)| (before + 1, ch))
}

/// Whether a person cannot see `ch` for what it is.
pub(crate) fn is_hidden(ch: char) -> bool {
    ch.is_control()
        || matches!(ch,
            '\u{AD}'                    // soft hyphen
            | '\u{61C}'                 // Arabic letter mark
            | '\u{180E}'                // Mongolian vowel separator
            | '\u{200B}'..='\u{200F}'   // zero-width space and joiners, direction marks
            | '\u{2028}'..='\u{202E}'   // line and paragraph separators, direction embeddings and overrides
            | '\u{2060}'..='\u{206F}'   // word joiner, invisible operators, direction isolates
            | '\u{FEFF}'                // byte-order mark
            | '\u{FFF9}'..='\u{FFFB}'   // interlinear annotation
            | '\u{E0000}'..='\u{E007F}' // tags
        )
}

/// Whether `text` contains `part`, which is short and not empty. The standard library's own search for anything longer than
/// a character would add 4 KB to the 27 that the doctor weighs in somebody else's page (measured, brotli).
pub(crate) fn contains(text: &str, part: &str) -> bool {
    text.as_bytes()
        .windows(part.len())
        .any(|window| window == part.as_bytes())
}

/// Whether `text` has a carriage return, and so is changed by [`push_with_lf`].
pub(crate) fn has_cr(text: &str) -> bool {
    text.as_bytes().contains(&b'\r')
}

/// Appends `text` to `into` with CRLF and lone CR turned to LF. Never adds more bytes than `text` has, so that a
/// buffer of that capacity is not moved, which would leave a copy of a value behind in freed memory.
pub(crate) fn push_with_lf(into: &mut String, text: &str) {
    let mut pieces = text.split('\r');
    into.extend(pieces.next());
    for piece in pieces {
        into.push('\n');
        into.push_str(piece.strip_prefix('\n').unwrap_or(piece));
    }
}

#[cfg(test)]
mod tests {
    use super::{contains, first_hidden, push_with_lf};

    #[test]
    fn a_part_is_found_wherever_it_stands_and_only_as_a_whole() {
        for text in ["-END", "END-", "-END-", "EEND", "ENEND", "END"] {
            assert!(contains(text, "END"), "{text}");
        }
        for text in ["", "EN", "E-ND", "end", "ENÐ"] {
            assert!(!contains(text, "END"), "{text}");
        }
    }

    #[test]
    fn a_direction_override_is_found_where_it_stands() {
        assert_eq!(first_hidden("pay\u{202E}lap", true), Some((4, '\u{202E}')));
        assert_eq!(first_hidden("a\u{200B}", false), Some((2, '\u{200B}')));
    }

    #[test]
    fn line_breaks_are_hidden_only_where_one_line_is_meant() {
        assert_eq!(first_hidden("a\n\tb", true), None);
        assert_eq!(first_hidden("a\nb", false), Some((2, '\n')));
        assert_eq!(first_hidden("a\rb", true), Some((2, '\r')));
    }

    #[test]
    fn letters_of_every_script_are_visible() {
        assert_eq!(first_hidden("Schlüssel für Αθήνα, 東京 und ❤\u{FE0F}", false), None);
    }

    #[test]
    fn every_kind_of_line_break_becomes_lf() {
        let mut text = String::new();
        push_with_lf(&mut text, "a\r\nb\rc\n\r\r\nd\r");
        assert_eq!(text, "a\nb\nc\n\n\nd\n");
    }
}
