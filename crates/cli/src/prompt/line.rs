//! One line typed blind: what each byte does to it.

use std::string::FromUtf8Error;

use zeroize::Zeroizing;

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const CTRL_U: u8 = 0x15;
const BACKSPACE: [u8; 2] = [0x08, 0x7f];
const ESCAPE: u8 = 0x1b;
const TAB: u8 = b'\t';

/// What the bytes so far amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// The line goes on.
    More,
    /// Ctrl-C.
    Interrupt,
    /// The line is complete; `rest` if text came behind it in the same breath, as from a paste.
    Enter { rest: bool },
}

/// The line so far. Wiped when dropped.
#[derive(Default)]
pub(super) struct Line {
    bytes: Zeroizing<Vec<u8>>,
    escape: Escape,
}

/// Arrow and function keys send an escape sequence, which is not meant to be part of the line.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Escape {
    #[default]
    Outside,
    /// After ESC.
    Begun,
    /// After `ESC [` or `ESC O`, until a letter or `~`.
    Inside,
}

impl Line {
    /// Takes what was read.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Key {
        let mut rest = bytes;
        while let Some((&byte, behind)) = rest.split_first() {
            rest = behind;
            if self.in_escape(byte) {
                continue;
            }
            match byte {
                b'\n' | b'\r' | CTRL_D => return Key::Enter { rest: has_text(rest) },
                CTRL_C => return Key::Interrupt,
                CTRL_U => self.bytes.clear(),
                byte if BACKSPACE.contains(&byte) => self.remove_last(),
                byte if byte < b' ' && byte != TAB => {}
                byte => self.bytes.push(byte),
            }
        }
        Key::More
    }

    /// The text.
    pub(super) fn finish(mut self) -> Result<Zeroizing<String>, FromUtf8Error> {
        String::from_utf8(std::mem::take(&mut *self.bytes)).map(Zeroizing::new)
    }

    fn in_escape(&mut self, byte: u8) -> bool {
        let (next, taken) = match (self.escape, byte) {
            (Escape::Outside, ESCAPE) => (Escape::Begun, true),
            (Escape::Begun, b'[' | b'O') => (Escape::Inside, true),
            (Escape::Inside, 0x40..=0x7e) => (Escape::Outside, true),
            (Escape::Inside, b' '..) => (Escape::Inside, true),
            _ => (Escape::Outside, false),
        };
        self.escape = next;
        taken
    }

    /// The last character, of however many bytes.
    fn remove_last(&mut self) {
        while let Some(byte) = self.bytes.pop() {
            if byte & 0b1100_0000 != 0b1000_0000 {
                return;
            }
        }
    }
}

/// Whether there is more than line breaks.
pub(super) fn has_text(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| !matches!(byte, b'\n' | b'\r'))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    fn typed(bytes: &[u8]) -> (Key, String) {
        let mut line = Line::default();
        let key = line.feed(bytes);
        (key, line.finish().unwrap().to_string())
    }

    const DONE: Key = Key::Enter { rest: false };

    #[test]
    fn a_line_ends_at_enter() {
        assert_eq!(typed("pä$\t'\"\n".as_bytes()), (DONE, "pä$\t'\"".to_owned()));
        assert_eq!(typed(b"abc"), (Key::More, "abc".to_owned()));
        assert_eq!(typed(b"abc\x04"), (DONE, "abc".to_owned()));
        assert_eq!(typed(b"abc\r\n\n"), (DONE, "abc".to_owned()));
    }

    #[test]
    fn several_lines_at_once_are_noticed() {
        assert_eq!(typed(b"one\ntwo\n").0, Key::Enter { rest: true });
    }

    #[test]
    fn mistakes_can_be_taken_back() {
        assert_eq!(typed("aé\x7f\u{8}b\n".as_bytes()).1, "b");
        assert_eq!(typed(b"wrong\x15right\n").1, "right");
        assert_eq!(typed(b"\x7f\x7fa\n").1, "a");
        assert_eq!(typed(b"abc\x03").0, Key::Interrupt);
    }

    #[test]
    fn arrow_keys_leave_nothing_behind() {
        assert_eq!(typed(b"a\x1b[Ab\x1b[3~c\x1bOPd\n").1, "abcd");
    }

    #[test]
    fn a_long_line_is_kept_whole() {
        let mut line = Line::default();
        for _ in 0..64 {
            assert_eq!(line.feed(&[b'x'; 1024]), Key::More);
        }
        assert_eq!(line.finish().unwrap().len(), 65_536);
    }
}
