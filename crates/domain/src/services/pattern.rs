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

/// A row of numbers that looks like chance and is the same in every run (Knuth, The Art of Computer Programming 2, 3.3.4).
#[cfg(test)]
#[derive(Default)]
pub(super) struct Chance(u64);

#[cfg(test)]
impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

/// A body of `parts`, as a service would draw it: letters, digits, and marks only where the alphabet is of base64.
#[cfg(test)]
pub(super) fn made_up(parts: &[Part], chance: &mut Chance) -> String {
    let mut body = String::new();
    for part in parts {
        match *part {
            Part::Text(text) => body.push_str(text),
            Part::Run(alphabet, least, most) => {
                let letters: Vec<char> = (b'0'..=b'z')
                    .filter(|byte| alphabet.has(*byte))
                    .map(char::from)
                    .collect();
                let length = least + chance.below(most.min(least + 24) - least + 1);
                body.extend((0..length).filter_map(|_| letters.get(chance.below(letters.len()))));
            }
        }
    }
    body
}
