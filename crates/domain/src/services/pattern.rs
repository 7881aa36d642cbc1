//! What follows the prefix of a key, in place of a regular expression.

/// A piece of a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// This text.
    Text(&'static str),
    /// As many of these characters as there are, at least and at most so many.
    Run(Alphabet, usize, usize),
}

/// Characters of a key. All of them are ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    Digit,
    /// Digits and letters `a` to `f`, small or capital.
    Hex,
    /// Hex and the hyphen.
    Uuid,
    /// Digits and capitals.
    Upper,
    Alnum,
    /// Letters, digits, underscore and hyphen, as in base64url.
    Word,
    /// Words with full stops between them.
    Dotted,
    /// Both kinds of base64, with padding.
    Base64,
    /// Base64 of several pieces, with commas between them.
    List,
    /// As in an address: letters, digits and `%`.
    Percent,
}

use Alphabet::{Alnum, Base64, Digit, Dotted, Hex, List, Percent, Upper, Uuid, Word};

impl Alphabet {
    fn has(self, byte: u8) -> bool {
        match self {
            Digit => byte.is_ascii_digit(),
            Hex => byte.is_ascii_hexdigit(),
            Uuid => byte.is_ascii_hexdigit() || byte == b'-',
            Upper => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            Alnum => byte.is_ascii_alphanumeric(),
            Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Dotted => Word.has(byte) || byte == b'.',
            Base64 => Word.has(byte) || matches!(byte, b'+' | b'/' | b'='),
            List => Base64.has(byte) || byte == b',',
            Percent => byte.is_ascii_alphanumeric() || byte == b'%',
        }
    }
}

/// Exactly so many.
pub(super) const fn just(count: usize, alphabet: Alphabet) -> Part {
    Part::Run(alphabet, count, count)
}

/// At least so many. No key is longer than 4 KiB.
pub(super) const fn from(count: usize, alphabet: Alphabet) -> Part {
    Part::Run(alphabet, count, 4_096)
}

/// Whether `body` is made of `parts`, and nothing is left. A run is never given back, so this takes one pass.
pub(super) fn matches(parts: &[Part], body: &str) -> bool {
    let mut rest = body.as_bytes();
    for part in parts {
        let taken = match *part {
            Part::Text(text) if rest.starts_with(text.as_bytes()) => text.len(),
            Part::Text(_) => return false,
            Part::Run(alphabet, least, most) => {
                let run = rest.iter().take(most).take_while(|&&byte| alphabet.has(byte)).count();
                if run < least {
                    return false;
                }
                run
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    rest.is_empty()
}
