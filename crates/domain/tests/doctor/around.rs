//! Blanks, line breaks and quotes around a value.

use super::{all_fixed, codes, fix, found, none_found, pem};

#[test]
fn a_line_break_at_the_end_of_one_line_goes() {
    all_fixed(
        "trailing_newline",
        &[
            ("secret\n", "secret"),
            ("secret\r\n", "secret"),
            ("secret\r", "secret"),
            ("secret\n\n\r\n", "secret"),
            ("two words\n", "two words"),
            ("pässwörd\n", "pässwörd"),
            ("=\n", "="),
            ("{fake}\n", "{fake}"),
        ],
    );
}

#[test]
fn of_several_line_breaks_after_several_lines_one_stays() {
    let key = pem("\n");
    all_fixed(
        "trailing_newline",
        &[
            ("a\nb\n\n", "a\nb\n"),
            ("a\r\nb\r\n\r\n", "a\r\nb\r\n"),
            (&format!("{key}\n\n"), &key),
        ],
    );
    let two = found("", "a\nb\n\n");
    assert_eq!(two.first().unwrap().fix(), Some("Keep only one line break at the end"));
}

#[test]
fn blanks_around_a_value_go_and_those_within_stay() {
    let key = pem("\n");
    all_fixed(
        "outer_blanks",
        &[
            (" secret", "secret"),
            ("secret ", "secret"),
            ("\tsecret\t", "secret"),
            ("\u{A0}secret\u{A0}", "secret"),
            ("\nsecret", "secret"),
            ("secret \n", "secret"),
            (" two  words \n", "two  words"),
            ("\u{3000}secret", "secret"),
            ("a\nb  \n", "a\nb\n"),
            ("\n\n  a\nb\n", "  a\nb\n"),
            (&format!("  {key}"), &key),
            (&format!("{key}  "), &key),
        ],
    );
}

#[test]
fn quotes_around_a_value_go() {
    all_fixed(
        "wrapping_quotes",
        &[
            ("'secret'", "secret"),
            ("\"secret\"", "secret"),
            ("`secret`", "secret"),
            ("“secret”", "secret"),
            ("”secret”", "secret"),
            ("„secret“", "secret"),
            ("‘secret’", "secret"),
            ("\"it's\"", "it's"),
            ("'{\"a\": 1}'", "{\"a\": 1}"),
            ("\"'secret'\"", "secret"),
            ("'two words'", "two words"),
            ("\"a\nb\n\"", "a\nb\n"),
        ],
    );
    assert_eq!(codes("", "'secret'\n"), ["wrapping_quotes", "trailing_newline"]);
    assert_eq!(fix("", "'secret'\n", "wrapping_quotes").0, "secret");
}

#[test]
fn quotes_that_are_part_of_a_value_stay() {
    none_found(&[
        "'secret",
        "secret\"",
        "\"",
        "'",
        "'a' and 'b'",
        "\"a\",\"b\"",
        "\"say \\\"hi\\\"\"",
        "'secret\"",
        "it's",
        "“secret\"",
        "[\"a\"]",
        "```a```",
    ]);
}
