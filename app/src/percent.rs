//! Text in a URL.

/// Everything but RFC 3986's unreserved characters (2.3) percent-encoded, so that it is right in any part of a URL.
pub(crate) fn encoded(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            written.push(char::from(byte));
        } else {
            let digit = |of: u8| DIGITS.get(usize::from(of)).copied().map_or('0', char::from);
            written.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    written
}
