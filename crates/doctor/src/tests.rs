//! Through the exports alone, as the frame uses it.

use super::*;

fn hand_over(name: &str, value: &str) {
    begin((name.len() + 1 + value.len()).try_into().unwrap_or(u32::MAX));
    for character in name.chars().chain([SEPARATOR]).chain(value.chars()) {
        put(character.into());
    }
}

fn taken() -> String {
    let characters = std::iter::from_fn(|| u32::try_from(get()).ok());
    characters.filter_map(char::from_u32).collect()
}

fn found(name: &str, value: &str) -> String {
    hand_over(name, value);
    find();
    taken().replace(SEPARATOR, " | ")
}

fn mended(name: &str, value: &str, which: u32) -> String {
    hand_over(name, value);
    fix(which);
    taken()
}

#[test]
fn a_finding_is_its_code_its_message_and_the_label_of_its_fix() {
    assert_eq!(found("A_KEY", "fake"), "");
    assert_eq!(
        found("A_KEY", "'fake'\n"),
        "wrapping_quotes | The value stands in quotes, which would be stored as a part of it. | \
         Remove the quotes around it | \
         trailing_newline | The value ends with a line break. | Remove the line break at the end"
    );
}

#[test]
fn the_fix_that_is_asked_for_is_done_and_no_other() {
    assert_eq!(mended("A_KEY", "'fake'\n", 0), "fake");
    assert_eq!(mended("A_KEY", "'fake'\n", 1), "'fake'");
    assert_eq!(mended("A_KEY", "'fake'\n", 2), "'fake'\n");
    assert_eq!(mended("A_KEY", "A_KEY=fake", 0), "fake");
}

#[test]
fn of_a_whole_file_the_value_that_is_asked_for_is_offered() {
    let file = "OTHER_KEY=1\nA_KEY='fake'\n";
    let message = "whole_file | This looks like a whole .env file, not like one value. | ";
    assert_eq!(found("A_KEY", file), format!("{message}Keep only the value of A_KEY"));
    assert_eq!(mended("A_KEY", file, 0), "fake");
    assert_eq!(found("B_KEY", file), message, "it is not in there");
    assert_eq!(mended("B_KEY", file, 0), file);
}

#[test]
fn a_key_of_another_service_has_no_fix() {
    let key = ["sk", "ant", "api03", &"fake".repeat(20)].join("-");
    let found = found("STRIPE_API_KEY", &key);
    assert!(
        found.starts_with("other_service | This looks like a key of Anthropic") && found.ends_with(" | "),
        "{found}"
    );
}

#[test]
fn characters_of_every_size_come_back_as_they_were_and_nul_too() {
    let value = "aé€🏴\0b";
    assert_eq!(mended("A_KEY", &format!("\"{value}\""), 0), value);
}

#[test]
fn half_a_character_is_replaced_and_an_answer_is_given_once() {
    hand_over("A_KEY", "fake");
    put(0xD800);
    fix(0);
    assert_eq!((taken(), get()), ("fake\u{FFFD}".to_owned(), END));
}

#[test]
fn asked_for_nothing_it_says_nothing() {
    find();
    assert_eq!(taken(), "");
}
