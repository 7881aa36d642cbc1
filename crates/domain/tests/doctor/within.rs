//! Characters within a value.

use super::{all_fixed, codes, fix, none_found, pem};

#[test]
fn characters_that_nobody_sees_go() {
    all_fixed(
        "invisible",
        &[
            ("\u{FEFF}secret", "secret"),
            ("sec\u{200B}ret", "secret"),
            ("sec\u{200D}ret", "secret"),
            ("secret\u{2060}", "secret"),
            ("se\u{AD}cret", "secret"),
            ("\u{202E}secret\u{202C}", "secret"),
            ("\u{2066}secret\u{2069}", "secret"),
            ("é\u{200C}a", "éa"),
            ("é\u{200D}\u{200B}é", "é\u{200D}é"),
            ("secret\u{E0041}", "secret"),
            ("a\u{200B}\nb\n", "a\nb\n"),
        ],
    );
}

#[test]
fn characters_that_scripts_and_emoji_are_made_of_stay() {
    none_found(&[
        "می\u{200C}خواهم",
        "क्\u{200D}ष",
        "👨\u{200D}👩\u{200D}👧 family",
        "❤\u{FE0F}\u{200D}🔥",
        "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
        "1\u{FE0F}\u{20E3}",
        "a\u{A0}b",
        "e\u{301}",
    ]);
}

#[test]
fn a_key_gets_its_line_breaks_back() {
    let key = pem("\n");
    let all_fixed_to = |text: String, left: &str| all_fixed("literal_newlines", &[(&text, left)]);
    all_fixed_to(pem("\\n"), &key);
    all_fixed_to(pem("\\r\\n"), &key);
    all_fixed_to(pem("\\\\n"), &key);
    all_fixed_to(pem("\\n").trim_end_matches("\\n").to_owned(), key.trim_end());
    all_fixed_to(pem("\\n") + "\n", &format!("{key}\n"));
    let quoted = format!("\"{}\"", pem("\\n"));
    assert_eq!(codes("", &quoted), ["wrapping_quotes", "literal_newlines"]);
    assert_eq!(fix("", &quoted, "wrapping_quotes").0, pem("\\n"));
    assert_eq!(fix("", &quoted, "literal_newlines").0, format!("\"{key}\""));
    none_found(&[
        &key,
        "{\"private_key\": \"-----BEGIN PRIVATE KEY-----\\nZmFrZQ==\\n\"}",
        "-----BEGIN PGP MESSAGE-----\nComment: C:\\new\n\nZmFrZQ==\n-----END PGP MESSAGE-----\n",
        "a\\nb",
        "\\n",
        "BEGIN \\n END",
        "-----BEGIN PRIVATE KEY----- ZmFrZQ==",
        "before -----BEGIN PRIVATE KEY-----\\n",
    ]);
}
