//! What a secret may be called, and what becomes of what is typed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use domain::{NameError, Reserved, SecretName, normalise, normalise_as_typed, reserved};
use proptest::prelude::*;

/// The rule once more, as the specification writes it: `^[A-Z_][A-Z0-9_]*$`, at most 128.
fn follows_the_rule(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_uppercase() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && name.len() <= 128
}

#[test]
fn the_names_that_people_give_are_accepted() {
    for name in [
        "X_BEARER_TOKEN",
        "NOTION_API_KEY",
        "GITHUB_TOKEN",
        "KUBECONFIG",
        "AWS_SECRET_ACCESS_KEY",
        "_2FA",
        "A",
        "__",
    ] {
        assert_eq!(SecretName::parse(name).unwrap().as_str(), name);
    }
    assert!(SecretName::parse(&"A".repeat(128)).is_ok());
}

#[test]
fn each_wrong_name_is_told_what_is_wrong_with_it() {
    for (name, error, rule) in [
        ("", NameError::Empty, "name.empty"),
        (&"A".repeat(129), NameError::TooLong { len: 129 }, "name.too_long"),
        ("2FA_CODE", NameError::LeadingDigit, "name.leading_digit"),
        ("MY_kEY", NameError::BadCharacter { at: 4, ch: 'k' }, "name.character"),
        ("MY KEY", NameError::BadCharacter { at: 3, ch: ' ' }, "name.character"),
        ("MY\nKEY", NameError::BadCharacter { at: 3, ch: '\n' }, "name.character"),
        ("PATH", NameError::Reserved(Reserved::Place), "name.reserved"),
        ("LD_PRELOAD", NameError::Reserved(Reserved::Loader), "name.reserved"),
    ] {
        let refused = SecretName::parse(name).unwrap_err();
        assert_eq!(refused, error);
        assert_eq!(refused.rule(), rule);
    }
}

#[test]
fn a_look_alike_is_named_by_its_number() {
    // A Cyrillic А, which no reader could tell from a Latin one.
    let refused = SecretName::parse("\u{410}PI_KEY").unwrap_err();
    assert_eq!(refused, NameError::BadCharacter { at: 1, ch: '\u{410}' });
    assert!(refused.to_string().contains("position 1") && refused.to_string().contains("U+0410"));
    assert!(
        SecretName::parse("API\u{200B}_KEY")
            .unwrap_err()
            .to_string()
            .contains("U+200B")
    );
}

#[test]
fn a_stored_name_outlives_the_list_but_not_the_rule() {
    let name = SecretName::from_stored("NODE_OPTIONS").unwrap();
    assert_eq!(name.reserved(), Some(Reserved::Interpreter));
    assert!(SecretName::from_stored("node_options").is_err());
}

#[test]
fn a_name_is_a_plain_string_in_json_and_is_checked_on_the_way_in() {
    let name: SecretName = serde_json::from_str("\"X_BEARER_TOKEN\"").unwrap();
    assert_eq!(serde_json::to_string(&name).unwrap(), "\"X_BEARER_TOKEN\"");
    let refused = serde_json::from_str::<SecretName>("\"PATH\"").unwrap_err().to_string();
    assert!(refused.contains("This name is reserved"), "{refused}");
}

#[test]
fn a_set_of_names_can_be_asked_with_a_text() {
    let names = std::collections::BTreeSet::from([SecretName::parse("B").unwrap(), SecretName::parse("A").unwrap()]);
    assert!(names.contains("A") && !names.contains("C"));
}

#[test]
fn what_is_typed_becomes_a_name() {
    for (typed, shown) in [
        ("notion api-key", "NOTION_API_KEY"),
        ("  openai.key\n", "OPENAI_KEY"),
        ("my\u{A0}key", "MY_KEY"),
        ("2fa", "2FA"),
        ("schlüssel", "SCHLüSSEL"),
        ("a=b", "A=B"),
    ] {
        assert_eq!(normalise(typed), shown);
    }
}

#[test]
fn a_blank_that_was_just_typed_stands_for_the_word_that_follows() {
    let mut field = String::new();
    for key in "my api key".chars() {
        field.push(key);
        field = normalise_as_typed(&field);
    }
    assert_eq!(field, "MY_API_KEY");
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing_more(typed in any::<String>()) {
        let once = normalise(&typed);
        prop_assert_eq!(normalise(&once), once.clone());
        prop_assert_eq!(normalise_as_typed(&once), once);
    }

    #[test]
    fn what_was_normalised_parses_or_fails_with_the_error_that_is_true_of_it(typed in "[ -~]{0,140}|\\PC{0,20}") {
        let name = normalise(&typed);
        match SecretName::parse(&name) {
            Ok(parsed) => {
                prop_assert!(follows_the_rule(&name) && reserved(&name).is_none());
                prop_assert_eq!(parsed.as_str(), name);
            }
            Err(NameError::Empty) => prop_assert!(name.is_empty()),
            Err(NameError::TooLong { len }) => prop_assert!(len > 128 && len == name.chars().count()),
            Err(NameError::LeadingDigit) => prop_assert!(name.starts_with(|ch: char| ch.is_ascii_digit())),
            Err(NameError::BadCharacter { at, ch }) => {
                prop_assert_eq!(name.chars().nth(at - 1), Some(ch));
                prop_assert!(!follows_the_rule(&ch.to_string()) && !ch.is_ascii_digit());
                prop_assert!(!ch.is_ascii_lowercase() && !ch.is_whitespace(), "normalising left {ch:?}");
            }
            Err(NameError::Reserved(why)) => prop_assert!(follows_the_rule(&name) && reserved(&name) == Some(why)),
        }
    }

    #[test]
    fn whatever_follows_the_rule_and_is_not_reserved_is_a_name(name in "[A-Z_][A-Z0-9_]{0,127}") {
        match SecretName::parse(&name) {
            Ok(parsed) => prop_assert_eq!(parsed.as_str(), name),
            Err(NameError::Reserved(_)) => prop_assert!(reserved(&name).is_some()),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn whatever_breaks_the_rule_is_refused_for_it(name in any::<String>()) {
        prop_assert_eq!(SecretName::from_stored(&name).is_ok(), follows_the_rule(&name));
    }
}
