//! How random a text looks.

/// Whether it stands for a value that somebody has to fill in, by its looks.
pub(super) fn is_placeholder(value: &str) -> bool {
    let small = value.to_ascii_lowercase();
    let says = [
        "example",
        "your",
        "xxxxx",
        "placeholder",
        "redacted",
        "dummy",
        "changeme",
        "insert",
        "<",
        "...",
        "\u{2026}",
        "${",
        "{{",
        "****",
        "0123456789",
        "abcdefg",
        "deadbeef",
        "123456",
    ];
    says.iter().any(|part| crate::text::contains(&small, part)) || has_long_run(value)
}

/// One character eight times, but for the long zeros of X's tokens (`A`).
fn has_long_run(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes
        .windows(8)
        .any(|window| window.first() != Some(&b'A') && window.iter().all(|byte| Some(byte) == window.first()))
}

/// Words that stand for a password in what explains passwords.
pub(super) fn is_usual_word(value: &str) -> bool {
    let small = value.to_ascii_lowercase();
    let usual = [
        "password", "passwd", "pass", "secret", "pwd", "token", "hunter2", "foobar", "example", "user",
    ];
    small.bytes().all(|byte| byte.is_ascii_alphabetic()) && small.len() < 8
        || usual.iter().any(|word| crate::text::contains(&small, word))
}

/// Behind a name that says password: a digit or a mark among letters, and nothing of code.
pub(super) fn is_password(value: &str) -> bool {
    let has = |test: fn(&u8) -> bool| value.as_bytes().iter().any(test);
    value.len() >= 8
        && has(u8::is_ascii_alphabetic)
        && has(u8::is_ascii_digit)
        && !value.contains(['(', ')', '{', '}', '[', ']', '<', '>', '/', '\\', ':', ',', ';', '='])
        && !is_usual_word(value)
}

/// Behind a name that says key: long, of letters and digits in no order.
pub(super) fn is_random(value: &str) -> bool {
    value.len() >= 16 && is_of_a_key(value) && digits(value) >= 2 && entropy(value) >= 3.0
}

/// Behind words that may speak of keys in general.
pub(super) fn is_very_random(value: &str) -> bool {
    let both_sizes =
        value.bytes().any(|byte| byte.is_ascii_uppercase()) && value.bytes().any(|byte| byte.is_ascii_lowercase());
    let hex = value.bytes().all(|byte| byte.is_ascii_hexdigit());
    value.len() >= 20 && is_of_a_key(value) && digits(value) >= 3 && (both_sizes || hex) && entropy(value) >= 3.3
}

/// Letters and digits, with few marks between: neither a path nor an address nor a version.
fn is_of_a_key(value: &str) -> bool {
    let marks = value.bytes().filter(|byte| !byte.is_ascii_alphanumeric()).count();
    let allowed = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-+/=.~%".contains(&byte));
    allowed
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && marks * 6 <= value.len()
        && !value.starts_with('/')
}

pub(super) fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

pub(super) fn letters(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_alphanumeric).count()
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Shannon's, in bits a byte.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum()
}
