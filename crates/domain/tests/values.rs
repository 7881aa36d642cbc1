//! What a secret may hold, and that nothing shows it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::{Description, DescriptionError, MAX_VALUE_BYTES, RawValue, SecretValue, ValueError};
use proptest::prelude::*;

fn check(text: &str) -> Result<SecretValue, ValueError> {
    RawValue::new(text.to_owned()).check()
}

#[test]
fn a_value_is_kept_exactly() {
    for text in [
        "x",
        " leading and trailing \n",
        "a\r\nb\rc",
        "“ünïcödé” 漢 😀",
        "$HOME `id` \\n \"'",
        "\u{1}\u{7F}",
    ] {
        assert_eq!(check(text).unwrap().expose(), text);
    }
}

#[test]
fn each_wrong_value_is_told_what_is_wrong_with_it() {
    let too_long = "é".repeat(MAX_VALUE_BYTES / 2) + "x";
    for (text, error, rule) in [
        ("", ValueError::Empty, "value.empty"),
        (
            too_long.as_str(),
            ValueError::TooLong {
                len: MAX_VALUE_BYTES + 1,
            },
            "value.too_long",
        ),
        ("aé\0b", ValueError::Nul { at: 3 }, "value.nul"),
    ] {
        let refused = check(text).unwrap_err();
        assert_eq!(refused, error);
        assert_eq!(refused.rule(), rule);
    }
    assert_eq!(check(&"x".repeat(MAX_VALUE_BYTES)).unwrap().len(), MAX_VALUE_BYTES);
}

#[test]
fn bytes_that_are_not_text_are_refused_where_they_stop_being_text() {
    let refused = SecretValue::from_bytes(b"ab\xFFcd".to_vec()).unwrap_err();
    assert_eq!(refused, ValueError::NotUtf8 { at: 3 });
    assert_eq!(refused.rule(), "value.not_utf8");
    assert_eq!(SecretValue::from_bytes(Vec::new()).unwrap_err(), ValueError::Empty);
    assert_eq!(
        SecretValue::from_bytes(b"a\0".to_vec()).unwrap_err(),
        ValueError::Nul { at: 2 }
    );
}

#[test]
fn a_browser_s_line_breaks_become_lf_when_asked_to() {
    let text = RawValue::new("a\r\nb\rc\nd".to_owned()).with_lf();
    assert_eq!(text.expose(), "a\nb\nc\nd");
}

#[test]
fn printing_a_value_shows_eight_dots_whatever_its_length() {
    assert_eq!(
        format!("{:?}", RawValue::new("hunter2".to_owned())),
        "RawValue(••••••••)"
    );
    assert_eq!(
        format!("{:#?}", Some(check("hunter2").unwrap())),
        "Some(\n    SecretValue(••••••••),\n)"
    );
}

#[test]
fn an_error_about_a_value_of_another_type_does_not_quote_it() {
    for json in [
        "8675309123",
        "-8675309123",
        "86753.09123",
        "8675309123e40",
        "true",
        "[8675309123]",
        "{\"a\":8675309123}",
        "null",
    ] {
        let refused = serde_json::from_str::<RawValue>(json).unwrap_err().to_string();
        assert!(
            !refused.contains("8675309") && !refused.contains("86753.0"),
            "{refused}"
        );
    }
    let value: RawValue = serde_json::from_str(r#""a\nb""#).unwrap();
    assert_eq!(value.expose(), "a\nb");
}

#[test]
fn a_description_is_visible_text_of_500_characters() {
    assert_eq!(
        Description::parse("  For searching X.\r\nRead only.\n")
            .unwrap()
            .as_str(),
        "For searching X.\nRead only."
    );
    assert!(Description::parse(" \n").unwrap().is_empty());
    assert!(Description::parse(&"ü".repeat(500)).is_ok());
    assert_eq!(
        Description::parse(&"ü".repeat(501)),
        Err(DescriptionError::TooLong { len: 501 })
    );
    let hidden = Description::parse("safe\u{202E}efas").unwrap_err();
    assert_eq!(
        (hidden.rule(), hidden),
        (
            "description.character",
            DescriptionError::BadCharacter { at: 5, ch: '\u{202E}' }
        )
    );
    assert!(
        Description::parse("a\u{7}b")
            .unwrap_err()
            .to_string()
            .contains("U+0007")
    );
}

proptest! {
    #[test]
    fn any_bytes_are_a_value_exactly_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        match SecretValue::from_bytes(bytes.clone()) {
            Ok(value) => prop_assert_eq!(value.expose().as_bytes(), bytes),
            Err(ValueError::Empty) => prop_assert!(bytes.is_empty()),
            Err(ValueError::Nul { at }) => {
                prop_assert_eq!(String::from_utf8(bytes).unwrap().chars().nth(at - 1), Some('\0'));
            }
            Err(ValueError::NotUtf8 { at }) => {
                let (text, rest) = bytes.split_at(at - 1);
                prop_assert!(std::str::from_utf8(text).is_ok());
                prop_assert!(std::str::from_utf8(rest).is_err());
            }
            Err(ValueError::TooLong { .. }) => prop_assert!(false, "64 bytes are not too long"),
        }
    }

    #[test]
    fn no_carriage_return_is_left_and_nothing_else_is_touched(text in "[a\r\n]{0,12}|\\PC{0,12}") {
        let with_lf = RawValue::new(text.clone()).with_lf();
        prop_assert_eq!(with_lf.expose(), text.replace("\r\n", "\n").replace('\r', "\n"));
    }

    #[test]
    fn a_description_that_was_accepted_is_accepted_again_unchanged(typed in any::<String>()) {
        if let Ok(description) = Description::parse(&typed) {
            prop_assert_eq!(Description::parse(description.as_str()), Ok(description));
        }
    }
}
