//! The forms in which a value can stand in what a program prints.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::patterns::SHORTEST;

/// What fills the last four characters of a base64 text.
const PADDING: &[u8] = b"==";

/// Bytes of a line of a longer value that is looked for by itself.
const SHORTEST_LINE: usize = 12;

/// Lines of a key file of Google's that are the same in all of them, or public.
const COMMON_KEYS: [&[u8]; 6] = [
    b"\"type\":",
    b"\"auth_uri\":",
    b"\"token_uri\":",
    b"\"auth_provider_x509_cert_url\":",
    b"\"client_x509_cert_url\":",
    b"\"universe_domain\":",
];

/// A form of a value. Zeroed on drop.
pub(crate) type Form = Zeroizing<Vec<u8>>;

/// All forms of a value that are long enough to be looked for, each once.
pub(crate) fn forms(value: &[u8]) -> Vec<Form> {
    let mut all = Vec::new();
    for text in texts(value) {
        all.push(Zeroizing::new(text.to_vec()));
        all.push(on_a_terminal(text));
        all.extend(base64s(text));
        all.push(hex(text, b"0123456789abcdef"));
        all.push(hex(text, b"0123456789ABCDEF"));
        if let Ok(text) = std::str::from_utf8(text) {
            escaped(text, &mut all);
        }
    }
    all.retain(|form| form.len() >= SHORTEST);
    all.sort_by(|one, other| one.as_slice().cmp(other));
    all.dedup_by(|later, earlier| later == earlier);
    all
}

/// The value, what is in it without the blanks around, and its lines.
fn texts(value: &[u8]) -> Vec<&[u8]> {
    let mut texts = vec![value, value.trim_ascii()];
    if value.trim_ascii().contains(&b'\n') {
        let lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        texts.extend(lines.filter(|line| line.len() >= SHORTEST_LINE && !is_common(line)));
    }
    texts.retain(|text| text.len() >= SHORTEST);
    texts.dedup();
    texts
}

/// A line that stands in many files: the armour of a PEM (RFC 7468), or JSON whose every key file has the like.
fn is_common(line: &[u8]) -> bool {
    let armour = line.starts_with(b"-----") && line.ends_with(b"-----");
    let syntax = line.iter().all(|byte| b"{}[]:,\" \t".contains(byte));
    armour || syntax || COMMON_KEYS.iter().any(|key| line.starts_with(key))
}

/// As a terminal device passes it on: each end of a line with a carriage return before it (`ONLCR`, POSIX, XBD 11.2.3).
fn on_a_terminal(text: &[u8]) -> Form {
    let mut out = Zeroizing::new(Vec::with_capacity(text.len() + 8));
    for byte in text {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

fn escaped(text: &str, all: &mut Vec<Form>) {
    let as_is = Json::default();
    for how in [
        as_is,
        Json { slash: true, ..as_is },
        Json { ascii: true, ..as_is },
        Json {
            slash: true,
            ascii: true,
            ..as_is
        },
        Json { html: true, ..as_is },
    ] {
        let once = json(text, how);
        all.push(form(json(&once, how)));
        all.push(form(once));
    }
    // As Python and Node print what is in an object: quotes of one kind stand as they are.
    all.push(form(json(text, Json { quotes: true, ..as_is })));
    for (plus, safe) in [
        (false, "~"),
        (true, "~"),
        (false, "~/"),
        // What browsers make of a form (WHATWG URL, "application/x-www-form-urlencoded").
        (true, "*"),
        (false, "~!'()*"),
    ] {
        all.push(form(url(text, plus, safe, "0123456789ABCDEF")));
        all.push(form(url(text, plus, safe, "0123456789abcdef")));
    }
    for (quote, apostrophe) in [
        ("&quot;", "&apos;"),
        ("&quot;", "&#39;"),
        ("&quot;", "&#x27;"),
        ("&#34;", "&#39;"),
        ("\"", "'"),
    ] {
        all.push(form(xml(text, quote, apostrophe)));
    }
    all.push(form(text.replace('\'', "'\\''")));
    all.push(form(text.replace('\'', "'\"'\"'")));
    all.push(form(shell(text)));
    all.push(form(in_double_quotes(text)));
}

fn form(text: String) -> Form {
    Zeroizing::new(text.into_bytes())
}

/// What a writer of JSON does beyond what it has to.
#[derive(Clone, Copy, Default)]
struct Json {
    /// It escapes `/` too, as some do.
    slash: bool,
    /// It escapes all that is not ASCII, as Python's does.
    ascii: bool,
    /// It escapes what means something to HTML, as Go's does.
    html: bool,
    /// It leaves quotes, and is no JSON any more.
    quotes: bool,
}

/// RFC 8259, section 7.
fn json(text: &str, how: Json) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for ch in text.chars() {
        match ch {
            '"' if !how.quotes => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' if how.slash => out.push_str("\\/"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ch if ch < ' ' || (how.ascii && !ch.is_ascii()) || (how.html && "&<>".contains(ch)) => {
                for unit in ch.encode_utf16(&mut [0; 2]) {
                    // Writing to a string does not fail.
                    let _written = write!(out, "\\u{unit:04x}");
                }
            }
            ch => out.push(ch),
        }
    }
    out
}

/// RFC 3986, section 2.1: everything but letters, digits, `-._` and what is in `safe`.
fn url(text: &str, plus: bool, safe: &str, digits: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        let ch = char::from(byte);
        if ch.is_ascii_alphanumeric() || "-._".contains(ch) || safe.contains(ch) {
            out.push(ch);
        } else if plus && ch == ' ' {
            out.push('+');
        } else {
            out.push('%');
            let digit = |four: u8| {
                digits
                    .as_bytes()
                    .get(usize::from(four))
                    .map_or('0', |byte| char::from(*byte))
            };
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
    }
    out
}

fn xml(text: &str, quote: &str, apostrophe: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str(quote),
            '\'' => out.push_str(apostrophe),
            ch => out.push(ch),
        }
    }
    out
}

/// As bash's `printf %q` does: a backslash before whatever means something to it where it stands.
fn shell(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    for ch in text.chars() {
        let means_something = match ch {
            '#' => before.is_none(),
            '~' => matches!(before, None | Some('=' | ':')),
            _ => ch.is_ascii() && !ch.is_ascii_alphanumeric() && !"-._/:=@%+".contains(ch),
        };
        if means_something {
            out.push('\\');
        }
        out.push(ch);
        before = Some(ch);
    }
    out
}

/// As bash's `declare -p` and `export -p` do: POSIX, XCU 2.2.3.
fn in_double_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for ch in text.chars() {
        if "$`\"\\".contains(ch) {
            out.push('\\');
        }
        out.push(ch);
    }
    out
}

fn hex(bytes: &[u8], digits: &[u8; 16]) -> Form {
    let digit = |four: u8| digits.get(usize::from(four)).copied().unwrap_or(b'0');
    let pairs = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    Zeroizing::new(pairs.collect())
}

/// RFC 4648, both alphabets, wherever in an encoded text it begins: what its neighbours have a share in is left out. Where it ends
/// the text, its last character is its own, and the padding goes with it.
fn base64s(bytes: &[u8]) -> Vec<Form> {
    let mut all = Vec::with_capacity(18);
    for before in 0..3 {
        let mut shifted = Zeroizing::new(vec![0; before]);
        shifted.extend_from_slice(bytes);
        // Six bits a character; those that the bytes before reach into, and a last one that the next byte would fill.
        let (from, to) = ((before * 8).div_ceil(6), shifted.len() * 8 / 6);
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let encoded = Zeroizing::new(engine.encode(&*shifted));
            let mut add = |own: Option<&[u8]>, padding: &[u8]| {
                all.extend(own.map(|own| Zeroizing::new([own, padding].concat())));
            };
            add(encoded.as_bytes().get(from..to), b"");
            add(encoded.as_bytes().get(from..), b"");
            add(
                encoded.as_bytes().get(from..),
                PADDING.get(..encoded.len().wrapping_neg() % 4).unwrap_or_default(),
            );
        }
    }
    all
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn has(value: &str, form: &str) -> bool {
        forms(value.as_bytes()).iter().any(|one| **one == form.as_bytes())
    }

    #[test]
    fn the_forms_of_a_value_with_everything_in_it() {
        let value = "a\"b\\c/d e'f&g<h>\né";
        for form in [
            value,
            "a\"b\\c/d e'f&g<h>\r\né",
            r#"a\"b\\c/d e'f&g<h>\né"#,
            r#"a\\\"b\\\\c/d e'f&g<h>\\né"#,
            r#"a\"b\\c\/d e'f&g<h>\n\u00e9"#,
            r#"a\"b\\c/d e'f&g<h>\n\u00e9"#,
            r#"a\"b\\c\/d e'f&g<h>\né"#,
            "a%22b%5Cc%2Fd%20e%27f%26g%3Ch%3E%0A%C3%A9",
            "a%22b%5cc%2fd%20e%27f%26g%3ch%3e%0a%c3%a9",
            "a%22b%5Cc%2Fd+e%27f%26g%3Ch%3E%0A%C3%A9",
            "a&quot;b\\c/d e&#39;f&amp;g&lt;h&gt;\né",
            "a\"b\\c/d e'\\''f&g<h>\né",
        ] {
            assert!(has(value, form), "{form}");
        }
    }

    #[test]
    fn the_forms_that_shells_and_other_writers_of_json_and_forms_have() {
        // As bash, Node and Go print them.
        for (value, form) in [
            ("pa#ss!word,x", r"pa#ss\!word\,x"),
            ("#pass~word=~x", r"\#pass~word=\~x"),
            ("~a~b$c:~d", r"\~a~b\$c:\~d"),
            ("pa$$w0rd`x\"y\\z", r#"pa\$\$w0rd\`x\"y\\z"#),
            ("abc8Q~def GHI*", "abc8Q%7Edef+GHI*"),
            ("a&b<c>d+e", r"a\u0026b\u003cc\u003ed+e"),
            ("{\"key\": \"a\\nb\"}", r#"{"key": "a\\nb"}"#),
        ] {
            assert!(has(value, form), "{form}");
        }
    }

    #[test]
    fn what_bash_itself_prints_is_found() {
        let value = "p#a~s!s,w$o`r\"d\\ x=~y:~z[1]{2}^3;4&5|6<7>8(9)*?%@+";
        for script in ["printf %q \"$VALUE\"", "declare -p VALUE"] {
            let printed = std::process::Command::new("bash")
                .args(["-c", script])
                .env("VALUE", value)
                .output()
                .unwrap();
            let printed = String::from_utf8(printed.stdout).unwrap();
            let found = forms(value.as_bytes()).iter().any(|form| {
                let form = std::str::from_utf8(form).unwrap();
                form.len() > value.len() && printed.contains(form)
            });
            assert!(found, "{script}: {printed}");
        }
    }

    #[test]
    fn base64_is_found_wherever_it_begins() {
        for before in 0..7 {
            for after in 0..4 {
                let text = format!("{}s3cr3t-value{}", "x".repeat(before), "y".repeat(after));
                let encoded = STANDARD_NO_PAD.encode(text);
                let found = forms(b"s3cr3t-value").iter().any(|form| {
                    let form = std::str::from_utf8(form).unwrap();
                    encoded.contains(form)
                });
                assert!(found, "{before} before, {after} after");
            }
        }
    }

    #[test]
    fn of_base64_that_ends_with_it_nothing_is_left() {
        for value in ["s3cr3t-value", "s3cr3t-value1", "s3cr3t-value12"] {
            assert!(
                has(value, &base64::engine::general_purpose::STANDARD.encode(value)),
                "{value}"
            );
            assert!(has(value, &STANDARD_NO_PAD.encode(value)), "{value}");
        }
    }

    #[test]
    fn lines_of_a_key_are_looked_for_and_its_armour_is_not() {
        let pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\nshort\n-----END PRIVATE KEY-----\n";
        assert!(has(pem, "MIIEvQIBADANBgkqhkiG"));
        assert!(!has(pem, "-----BEGIN PRIVATE KEY-----") && !has(pem, "short"));
        let json = "{\n  \"type\": \"service_account\",\n  \"private_key_id\": \"0123456789abcdef\"\n}";
        assert!(has(json, "\"private_key_id\": \"0123456789abcdef\""));
        assert!(!has(json, "\"type\": \"service_account\","));
        assert!(has("first-line-1\nabc_certain_secret\n", "abc_certain_secret"));
    }

    #[test]
    fn what_is_short_has_no_forms_that_are_shorter() {
        assert!(forms(b"12345").is_empty());
        assert!(forms(b" 12345 ").iter().all(|form| form.len() >= SHORTEST));
    }
}
