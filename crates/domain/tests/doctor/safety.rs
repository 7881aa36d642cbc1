//! Whatever is pasted: nothing of it is told, nothing is lost, and it does not take long.

use std::time::{Duration, Instant};

use domain::{Finding, MAX_VALUE_BYTES, RawValue, examine};
use proptest::prelude::*;

/// A value with nothing wrong about it, as far as its characters go.
const PLAIN: &str = "[a-zA-Z0-9]([a-zA-Z0-9+/.! -]{6,40})[a-zA-Z0-9]";

/// Pieces that the rules look for, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u{A0}",
        "'",
        "\"",
        "`",
        "“",
        "”",
        "‘",
        "’",
        "\u{200B}",
        "\u{200D}",
        "\u{FEFF}",
        "\u{AD}",
        "\u{202E}",
        "\u{E0041}",
        "\u{1F3F4}",
        "é",
        "👨",
        "MY_KEY=",
        "export ",
        "set ",
        "$env:",
        "A_KEY: ",
        "TOKEN",
        "=",
        ": ",
        "#",
        "Bearer ",
        "Authorization: ",
        "-----BEGIN ",
        "\\n",
        "\\r",
        "\\",
        ";",
        "{\"",
        "}",
        "word",
        "0",
        "sk-ant-",
        "x",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn fixable(name: &str, value: &RawValue) -> Option<Finding> {
    examine(name, value).into_iter().find(|finding| finding.fix().is_some())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_can_be_given(name in any::<String>(), text in any::<String>()) {
        let value = RawValue::new(text);
        for finding in examine(&name, &value) {
            let _ = finding.apply(&name, &value);
        }
    }

    #[test]
    fn one_fix_after_another_comes_to_an_end_and_leaves_something(name in "(TOKEN)?", text in pieces()) {
        let mut value = RawValue::new(text);
        for _ in 0..40 {
            let Some(finding) = fixable(&name, &value) else { return Ok(()) };
            let fixed = finding.apply(&name, &value).value;
            prop_assert!(fixed.expose().len() < value.expose().len(), "{} changed nothing", finding.code());
            prop_assert!(!fixed.expose().trim().is_empty(), "{} left nothing", finding.code());
            value = fixed;
        }
        prop_assert!(false, "still {:?}", fixable(&name, &value));
    }

    #[test]
    fn a_finding_that_was_not_made_changes_no_more_than_its_fix_would(text in pieces()) {
        let value = RawValue::new(text.clone());
        for finding in [Finding::WholeFile, Finding::OtherService { key_of: &["X"], name_says: "Y" }] {
            let left = finding.apply("", &value).value;
            prop_assert_eq!(left.expose(), &text);
        }
        for finding in [Finding::Assignment, Finding::BearerPrefix { header: false }, Finding::WrappingQuotes] {
            let fixed = finding.apply("", &value);
            prop_assert!(text.contains(fixed.value.expose()) || finding == Finding::Assignment);
        }
    }

    #[test]
    fn what_was_put_around_a_value_is_what_the_fix_takes_away(plain in PLAIN) {
        prop_assume!(examine("", &RawValue::new(plain.clone())).is_empty());
        for (before, after, code) in [
            ("", "\n", "trailing_newline"),
            ("", " ", "outer_blanks"),
            ("\u{A0}", "\n", "outer_blanks"),
            ("'", "'", "wrapping_quotes"),
            ("“", "”", "wrapping_quotes"),
            ("\u{FEFF}", "", "invisible"),
            ("A_SECRET='", "'", "assignment"),
            ("export A_SECRET=\"", "\"\n", "assignment"),
            ("A_SECRET: ", "", "assignment"),
        ] {
            let value = RawValue::new(format!("{before}{plain}{after}"));
            let finding = examine("", &value).into_iter().next();
            prop_assert_eq!(finding.map(Finding::code), Some(code));
            let left = finding.map(|finding| finding.apply("", &value).value);
            prop_assert_eq!(left.as_ref().map(RawValue::expose), Some(plain.as_str()));
        }
    }

    #[test]
    fn nothing_that_is_said_holds_any_of_the_value(word in "[a-z]{9,12}", around in pieces()) {
        let value = RawValue::new(format!("{around}{word}{around}"));
        for finding in examine("A_NAME", &value) {
            let said = format!("{finding:?} {} {} {:?}", finding.message(), finding.code(), finding.fix());
            prop_assert!(!said.contains(&word), "{said}");
            let left = format!("{:?}", finding.apply("", &value).value);
            prop_assert!(!left.contains(&word));
        }
    }
}

#[test]
fn the_longest_value_is_looked_at_and_mended_at_once() {
    for piece in [
        "a",
        " ",
        "\n",
        "'",
        "“",
        "\u{200B}",
        "\u{200D}",
        "é\u{200D}",
        "\\",
        "\\n",
        "\\r",
        "A_KEY=",
        "A_KEY=x\n",
        "A_KEY='\n",
        "Bearer ",
        "export ",
        ": ",
        "sk-",
        "A",
        "=",
        "-----BEGIN ",
        "\u{E0041}",
    ] {
        for (before, after) in [
            ("", ""),
            ("'", "'"),
            ("-----BEGIN ", "\\n"),
            ("A_KEY=", ""),
            ("sk-ant-", "\n"),
        ] {
            let middle = piece.repeat(MAX_VALUE_BYTES / piece.len() - 20);
            let value = RawValue::new(format!("{before}{middle}{after}"));
            let started = Instant::now();
            for finding in examine("A_KEY", &value) {
                let _ = finding.apply("A_KEY", &value);
            }
            // Milliseconds, but for a machine that does much else.
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "{piece:?} took {:?}",
                started.elapsed()
            );
        }
    }
}
