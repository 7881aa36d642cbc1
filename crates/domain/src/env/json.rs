//! `{"NAME":"value"}` (RFC 8259). The way that nearly every fetch takes, so it looks at each byte at most twice.

use zeroize::Zeroizing;

use super::Entry;

pub(super) fn write(entries: &[Entry<'_>]) -> Zeroizing<String> {
    // For each entry two pairs of quotes, a colon and a comma; for all of them the braces.
    let size = entries
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + extra(value.expose()) + 6);
    let mut json = Zeroizing::new(String::with_capacity(size.sum::<usize>() + 2));
    let mut before = "{\"";
    for (name, value) in entries {
        json.push_str(before);
        before = "\",\"";
        // A name is capitals, digits and underscores: nothing in it to escape.
        json.push_str(name.as_str());
        json.push_str("\":\"");
        // Exposed into the answer to a sandbox, which is what it is stored for.
        push_escaped(&mut json, value.expose());
    }
    json.push_str(if entries.is_empty() { "{}" } else { "\"}" });
    json
}

/// By how many bytes escaping lengthens `text`. Without branches, so that the compiler counts many bytes at once.
fn extra(text: &str) -> usize {
    let short = |byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\r' | b'\t');
    text.bytes()
        .map(|byte| if short(byte) { 1 } else { usize::from(byte < 0x20) * 5 })
        .sum()
}

fn push_escaped(json: &mut String, text: &str) {
    let mut rest = text;
    // Copies the clean run, then escapes the one byte after it. All that need it are ASCII, so the cuts fall between
    // characters.
    while let Some((clean, byte, after)) = rest
        .bytes()
        .position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\')
        .and_then(|at| cut(rest, at))
    {
        json.push_str(clean);
        match byte {
            b'"' => json.push_str("\\\""),
            b'\\' => json.push_str("\\\\"),
            b'\n' => json.push_str("\\n"),
            b'\r' => json.push_str("\\r"),
            b'\t' => json.push_str("\\t"),
            byte => {
                json.push_str("\\u00");
                json.push(hex(byte >> 4));
                json.push(hex(byte & 0xF));
            }
        }
        rest = after;
    }
    json.push_str(rest);
}

fn cut(text: &str, at: usize) -> Option<(&str, u8, &str)> {
    let (clean, rest) = text.split_at_checked(at)?;
    let (special, after) = rest.split_at_checked(1)?;
    Some((clean, special.bytes().next()?, after))
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).unwrap_or('0')
}
