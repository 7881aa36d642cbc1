//! Writing to the two standard streams without ever ending in a panic.

use std::io::{self, ErrorKind, Write};

use crate::failure::Failure;

/// One line to standard error, behind the program's name.
///
/// There is nobody to tell when standard error is closed, so a failure to write is let go.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "strongroom: {}", printable(line));
}

/// Text to standard output. A reader that went away (`strongroom secrets list | head -1`) is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(cannot_write(&error)),
        _ => Ok(()),
    }
}

/// Bytes to standard output, all of them or a failure: for output that another program takes as an environment.
pub(crate) fn print_exactly(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|error| cannot_write(&error))
}

fn cannot_write(error: &io::Error) -> Failure {
    Failure::new(format!("cannot write to standard output: {error}"))
}

/// `text` with every character replaced that could move a terminal's cursor or turn its writing round.
///
/// Descriptions and a server's explanations come over the network; a terminal would obey an escape sequence in them.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\t' => ' ',
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
            other if other.is_control() => '\u{fffd}',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_no_escape_sequence() {
        assert_eq!(printable("a\u{1b}[31mb"), "a\u{fffd}[31mb");
        assert_eq!(printable("a\u{202e}b\u{9b}"), "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn several_lines_become_one() {
        assert_eq!(printable("one\ntwo\tthree"), "one two three");
    }

    #[test]
    fn ordinary_writing_stays() {
        assert_eq!(printable("Schlüssel für Ωmega – 東京"), "Schlüssel für Ωmega – 東京");
    }
}
